"""Course names: lists (tables or sentences) that name a block's courses in other words than the schedule does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from alignment.model import Evidence
from alignment.programme.contradictions.plan import Finding, Plan, listed, plain
from corpora.document import Cell, Table
from corpora.programme.model import ListedCourse, PlanCourse

#: Heads of columns that name courses of other kinds (what comes before or after).
_OTHER_COLUMN = re.compile(r"先修|前导|前置|后续|后继|平行|支撑|对应|岗位|任务|证书|实训室|教材|基地|设备|内容")
#: A list of names in a sentence.
_LIST = re.compile(
    r"(?:包含|包括|分别为|分别是|主要有|开设(?:了|有)?|设有|设置(?:了|有)?|有)[：:]?\s*((?:[^、。；;，,：:]{2,30}、){2,}[^、。；;，,]{2,30})"
)
#: What ends the last name of a list in a sentence.
_TAIL = re.compile(
    r"共[一二三四五六七八九十\d]*门?(?:课程)?$|等(?:[一二三四五六七八九十\d]*门)?(?:课程)?.*$|(?:\d*|[一二三四五六七八九十]+)门?课程?$"
)
_FEWEST, _KNOWN = 3, 0.5
#: Likeness of two names from which they are one course in other words.
_LIKE = 0.5
#: Shortest name of a module that tells it from others, in characters.
_GROUP = 5
#: The same for the names that a sentence lists.
_CLOSE = 0.6
#: Most courses that may share a beginning for it to tell one of them.
_SHARERS = 2
#: What may follow a name when it is only made more precise.
_ADDED = re.compile(r"[-—–:：(（\d]|i{1,3}$|iv$|v$|[一二三四五六]$")
_COMMON = re.compile(r"^(?:大学生?|专业|综合|现代|高级|计算机|基础)")


@dataclass(frozen=True)
class _Name:
    """A name in a list, with its place."""

    text: str
    evidence: Evidence


@dataclass(frozen=True)
class Names:
    """A list of course names: how it is called, and its names; ``context`` is the sentence it stands in."""

    label: str
    names: tuple[_Name, ...]
    context: str = ""


def find(plan: Plan) -> Iterator[Finding]:
    """Names of lists that differ from the schedule's, in one finding; other names of the major itself."""
    pairs: dict[tuple[str, str], tuple[_Name, PlanCourse, str]] = {}
    for names in name_lists(plan):
        for name, course in _renamed(plan, names):
            pairs.setdefault((plain(name.text), plain(course.name)), (name, course, names.label))
    for entry, course in _pooled(plan):
        label = plan.table_name(entry.table)
        pairs.setdefault((plain(entry.name), plain(course.name)), (_Name(entry.name, plan.quote(entry)), course, label))
    if pairs:
        shown = [f"{name.text}（{label}）与{course.name}" for name, course, label in pairs.values()]
        what = f"同一课程名称前后不一致：{listed(shown)}"
        evidence = tuple(e for name, course, _ in pairs.values() for e in (name.evidence, plan.quote(course)))
        yield Finding("name", what, "", evidence)
    yield from _major(plan)


def _pooled(plan: Plan) -> Iterator[tuple[ListedCourse, PlanCourse]]:
    """Courses of an option list whose module the schedule has, with one course there under another name."""
    groups: dict[tuple[int, str], list[ListedCourse]] = {}
    for entry in plan.schedule.listed:
        if entry.pool and len(plain(entry.group)) >= _GROUP:
            groups.setdefault((entry.table, plain(entry.group)), []).append(entry)
    for (_, group), entries in groups.items():
        listed_here = {plain(entry.name) for entry in entries}
        rows = [c for c in plan.schedule.courses if any(plain(p) == group for p in c.category_text.split("/"))]
        missing = [c for c in rows if plain(c.name) not in listed_here and not c.placeholder]
        unknown = [entry for entry in entries if plain(entry.name) not in plan.courses_by_name]
        if len(missing) == len(unknown) == 1 and likeness(unknown[0].name, missing[0].name) >= _LIKE:
            yield unknown[0], missing[0]


def name_lists(plan: Plan) -> Iterator[Names]:
    """Columns and sentences that list the schedule's courses by name."""
    for table in plan.body_tables:
        for column in range(table.columns):
            names = _column(plan, table, column)
            if _lists_courses(plan, names):
                yield Names(plan.table_name(table.number), tuple(names))
    for block in plan.body_blocks:
        if block.kind == "table_row" or "、" not in block.text:
            continue
        for match in _LIST.finditer(block.text):
            names = _sentence(plan, block.locator.start + match.start(1), match[1])
            if _lists_courses(plan, names):
                yield Names("正文", tuple(names), block.text)


def _column(plan: Plan, table: Table, column: int) -> list[_Name]:
    head = "".join(table.header(column)) or _top(table, column)
    if _OTHER_COLUMN.search(head) and "课程名称" not in head:
        return []
    cells: dict[tuple[int, int], Cell] = {}
    for row in range(table.rows):
        cell = table.cell_at(row, column)
        if cell is not None and 2 <= len(cell.text.strip()) <= 40 and "\n" not in cell.text.strip():
            cells.setdefault((cell.row, cell.column), cell)
    return [_Name(cell.text.strip(), plan.quote_span(cell.start, cell.end)) for cell in cells.values() if cell.row]


def _top(table: Table, column: int) -> str:
    cell = table.cell_at(0, column)
    return cell.text if cell else ""


def _sentence(plan: Plan, start: int, text: str) -> list[_Name]:
    found: list[_Name] = []
    for match in re.finditer(r"[^、]+", text):
        at = start + match.start()
        for part in _joined(plan, match[0]):
            name = _TAIL.sub("", part).strip("《》 ")
            if 2 <= len(name) <= 30:
                begin = at + match[0].find(name)
                found.append(_Name(name, plan.quote_span(begin, begin + len(name))))
    return found


def _joined(plan: Plan, text: str) -> list[str]:
    """The names of an item: two where 和 joins them and one of the halves is a course (``甲和乙``)."""
    halves = re.split(r"以及|和|及|与", text, maxsplit=1)
    if len(halves) == 2 and any(plain(_TAIL.sub("", half)) in plan.courses_by_name for half in halves):
        return halves
    return [text]


def _lists_courses(plan: Plan, names: Sequence[_Name]) -> bool:
    known = sum(plain(name.text) in plan.courses_by_name for name in names)
    return known >= _FEWEST and known >= _KNOWN * len({plain(name.text) for name in names})


def _renamed(plan: Plan, names: Names) -> Iterator[tuple[_Name, PlanCourse]]:
    """Names that the schedule lacks, each with the course that is like it and that the list lacks."""
    here = {plain(name.text) for name in names.names}
    rows = [index for name in here for index in plan.courses_by_name.get(name, ())]
    blocks = {plan.schedule.courses[index].category_text.split("/")[0] for index in rows}
    missing = [
        course
        for course in plan.schedule.courses
        if course.category_text.split("/")[0] in blocks and plain(course.name) not in here and not course.placeholder
    ]
    unknown = [name for name in names.names if plain(name.text) not in plan.courses_by_name]
    for name in unknown:
        if _covers(plan, name.text):
            continue
        best = max(missing, key=lambda course: likeness(name.text, course.name), default=None)
        if best is None or likeness(name.text, best.name, _telling(plan, name.text)) < _LIKE:
            continue
        if names.context and not _close(name.text, best.name):
            continue
        rival = max((likeness(other.text, best.name) for other in unknown if other.text != name.text), default=0.0)
        if rival <= likeness(name.text, best.name):
            yield name, best


def _close(left: str, right: str) -> bool:
    """Whether two names differ in some characters only; what a sentence lists is written with less care."""
    one, two = plain(left), plain(right)
    inside = one in two or two in one
    return not inside and SequenceMatcher(None, one, two, autojunk=False).ratio() >= _CLOSE


def _covers(plan: Plan, name: str) -> bool:
    """Whether a name stands for several rows, or for one with an addition (英语 for 英语（一）, 语文/写作 for 语文)."""
    text = plain(name)
    if re.search(r"[/／]|or|…|\.\.\.|或", text):
        return True
    longer = [other for other in plan.courses_by_name if other.startswith(text)]
    return len(longer) > 1 or any(_ADDED.match(other[len(text) :]) for other in longer)


def _telling(plan: Plan, name: str) -> bool:
    """Whether the first two characters of a name begin few of the schedule's courses."""
    head = _COMMON.sub("", plain(name))[:2]
    return sum(_COMMON.sub("", other).startswith(head) for other in plan.courses_by_name) <= _SHARERS


def likeness(left: str, right: str, telling: bool = True) -> float:
    """How likely two names are one course in other words, in 0..1: shared characters, and a shared beginning.

    ``telling`` is whether that beginning tells a course among the others.
    """
    one, two = plain(left), plain(right)
    ratio = SequenceMatcher(None, one, two, autojunk=False).ratio()
    head = _shared_head(_COMMON.sub("", one), _COMMON.sub("", two))
    if _numbers(one) != _numbers(two):
        return 0.0
    return max(ratio, 0.5 + 0.4 * ratio if head >= 2 and telling else 0.0)


def _shared_head(one: str, two: str) -> int:
    pairs = zip(one, two, strict=False)
    count = 0
    for left, right in pairs:
        if left != right:
            break
        count += 1
    return count


_PART = re.compile(r"(?:[(（]?)(i{1,3}|iv|v|\d+|[一二三四五六])(?:[)）]?)$")


def _numbers(name: str) -> str:
    """The number of a part: 英语一 and 英语二 are two courses, not one under two names."""
    match = _PART.search(name)
    return match[1] if match else ""


def _major(plan: Plan) -> Iterator[Finding]:
    """The major under a longer name (大数据技术与应用 beside 大数据技术)."""
    name = plan.programme.name.removesuffix("专业")
    if len(name) < 3:
        return
    other = re.compile(
        rf"{re.escape(name)}((?:与|及)?(?:应用|管理|服务|工程|运营|策划|设计|工艺|维护|开发))+专业(?!群)"
    )
    spans = []
    for block in plan.body_blocks:
        for match in other.finditer(block.text):
            start = block.locator.start + match.start()
            spans.append((match[0], plan.quote_span(start, start + len(match[0]))))
    if spans:
        words = "、".join(dict.fromkeys(word for word, _ in spans))
        what = f"专业名称前后不一致：{name}专业，文中又写作{words}（{len(spans)}处）"
        yield Finding("name", what, "", tuple(quote for _, quote in spans[:6]))
