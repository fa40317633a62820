"""How many courses the plan sets: foundation, core, extension."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from alignment.model import Evidence
from alignment.programme.counting.ledger import Ledger
from alignment.programme.counting.structure import taken_rows
from alignment.programme.counting.tally import place_evidence, unique
from alignment.programme.rules.facts import fact_count, said
from alignment.programme.rules.outcome import Answer, Count, unknown
from alignment.programme.rules.totals import no_schedule
from corpora.programme.model import CATEGORY_NAMES, Category, PlanCourse
from corpora.standard import Rule

#: Marks that tell parts of one course apart: 高等数学（一）, 大学英语Ⅱ, 程序设计1, 英语（上）.
_PART = re.compile(r"[（(]?\s*(?:[一二三四五六上中下]|[ⅠⅡⅢⅣⅤIVX]{1,3}|\d)\s*[）)]?$")
#: Activities that a block may hold and that are no courses.
_ACTIVITY = re.compile(r"^(?:新生)?(?:入学教育|军训|军事技能|毕业教育|社会实践)")
_BARE = re.compile(r"^(必修|选修|限选|任选|必选)课?程?$")
_WORDS: dict[Category, re.Pattern[str]] = {
    "foundation": re.compile(r"专业基础|学科基础|技术基础|平台|基础课"),
    "core": re.compile(r"核心|模块"),
    "extension": re.compile(r"拓展|扩展|方向|选修"),
}


def foundation_courses(ledger: Ledger, _rule: Rule) -> Answer:
    """Foundation courses."""
    return _courses(ledger, "foundation")


def core_courses(ledger: Ledger, _rule: Rule) -> Answer:
    """Core courses."""
    return _courses(ledger, "core")


def extension_courses(ledger: Ledger, _rule: Rule) -> Answer:
    """Extension courses, of choices only what is taken."""
    return _courses(ledger, "extension")


def _courses(ledger: Ledger, category: Category) -> Answer:
    rows = _of(ledger, category)
    listed = _listed(ledger, category)
    if not rows:
        return _not_in_schedule(ledger, category, listed)
    block, note = _block(ledger, rows), _note(ledger, rows)
    count = _count(ledger, rows, "", f"{block} ")
    others = [*_translated(ledger, rows, category)]
    others += _more(ledger, rows, category)
    others += [listed] if listed and listed.value != count.value else []
    others += _as_stated(ledger, category, block, count)
    return Answer(count, tuple(others), note)


def _of(ledger: Ledger, category: Category) -> list[int]:
    """Real courses of the category that are taken, each name once."""
    courses, seen = ledger.courses, set[str]()
    found = []
    for number in taken_rows(ledger):
        course = courses[number]
        real = not course.placeholder and not _ACTIVITY.search(course.name)
        if course.category == category and real and course.name not in seen:
            seen.add(course.name)
            found.append(number)
    return [] if all(_in_weeks(courses[number]) for number in found) else found


def _in_weeks(course: PlanCourse) -> bool:
    """Whether a row stands in weeks only: a block of nothing else is no block of courses."""
    return bool(course.semesters) and all(cell.unit == "weeks" for cell in course.semesters)


def _count(ledger: Ledger, rows: Sequence[int], label: str, before: str = "") -> Count:
    names = "、".join(ledger.courses[n].name for n in rows)
    return Count(len(rows), f"{before}{len(rows)} 门：{names}", _evidence(ledger, rows), label)


def _evidence(ledger: Ledger, rows: Iterable[int]) -> tuple[Evidence, ...]:
    document, courses = ledger.programme.document, ledger.courses
    return unique(place_evidence(document, courses[n].locator, courses[n].name, courses[n].category_text) for n in rows)


def _block(ledger: Ledger, rows: Sequence[int]) -> str:
    labels = dict.fromkeys(_own_label(ledger.courses[n].category_text) for n in rows)
    return "、".join(label for label in labels if label)


def _own_label(text: str) -> str:
    """The innermost block label that says more than compulsory or elective."""
    parts = [part for part in text.split("/") if not _BARE.match(part)]
    return parts[-1] if parts else text


def _note(ledger: Ledger, rows: Sequence[int]) -> str:
    return next((ledger.courses[n].category_note for n in rows if ledger.courses[n].category_note), "")


def _translated(ledger: Ledger, rows: Sequence[int], category: Category) -> Iterator[Count]:
    """Where the plan uses other words than the standard's, its block may be taken for it or not."""
    if any(ledger.courses[n].category_note for n in rows):
        label = f"不把“{_block(ledger, rows)}”视为{CATEGORY_NAMES[category]}"
        yield Count(None, f"方案没有以{CATEGORY_NAMES[category]}为名的栏目", label=label, verdict="cannot_determine")


def _more(ledger: Ledger, rows: Sequence[int], category: Category) -> Iterator[Count]:
    courses = ledger.courses
    directions = [n for n in taken_rows(ledger) if courses[n].required is None and n not in rows]
    directions = [n for n in directions if category == "core" or courses[n].category_alt == category]
    if directions and category in ("core", "extension"):
        yield _count(ledger, [*rows, *directions], f"加上一个方向的 {len(directions)} 门课程")
    apart = {n for n in rows if courses[n].required is None}
    if apart and len(apart) < len(rows):
        yield _count(ledger, [n for n in rows if n not in apart], "不计方向课程")
    elective = {n for n in rows if courses[n].required is False}
    if elective and len(elective) < len(rows):
        yield _count(ledger, [n for n in rows if n not in elective], "不计选修课程")
    defended = [n for n in taken_rows(ledger) if courses[n].category_alt == category and _loose(courses[n])]
    if defended:
        yield _count(ledger, [*rows, *(n for n in defended if n not in rows)], "另一归类也说得通的课程也计入")
    whole = {_PART.sub("", courses[n].name): n for n in reversed(rows)}
    if len(whole) < len(rows):
        yield _count(ledger, sorted(whole.values()), "分学期开设的同一课程合并计一门")


def _loose(course: PlanCourse) -> bool:
    """A compulsory course outside the blocks of major courses that the rules count."""
    return course.required is True and course.category not in ("foundation", "core", "public")


def _listed(ledger: Ledger, category: Category) -> Count | None:
    """The count in another table of the plan (专业核心课程一览)."""
    items = [i for i in ledger.schedule.listed if i.category == category and not i.pool]
    if not items:
        return None
    first = items[0].table
    items = list({i.name: i for i in items if i.table == first}.values())
    document = ledger.programme.document
    evidence = unique(place_evidence(document, i.locator, i.name, i.group) for i in items)
    text = f"表 {first} 列出 {len(items)} 门：{'、'.join(i.name for i in items)}"
    return Count(len(items), text, evidence, f"按方案另一张表列出的{CATEGORY_NAMES[category]}")


def _as_stated(ledger: Ledger, category: Category, block: str, count: Count) -> Iterator[Count]:
    """Numbers of courses in the running text about this block."""
    words = _WORDS.get(category)
    facts = said(ledger, "category_courses", subject=lambda s: bool(words and words.search(s)) and "公共" not in s)
    for fact in (*facts.state, *facts.norms):
        if fact.figure.value != count.value:
            yield fact_count(ledger, fact, f"按正文所写“{fact.subject or block}”的门数")


def _not_in_schedule(ledger: Ledger, category: Category, listed: Count | None) -> Answer:
    name = CATEGORY_NAMES[category]
    stated = tuple(_as_stated(ledger, category, name, Count(None, "")))
    if listed:
        return Answer(listed, stated, f"课程表里没有读到{name}，按方案另一张表计")
    if stated and not ledger.courses:
        return Answer(stated[0], stated[1:], f"{no_schedule(ledger)}；按正文所写门数计")
    defended = [n for n in taken_rows(ledger) if ledger.courses[n].category_alt == category]
    others = (_count(ledger, defended, f"把“{_block(ledger, defended)}”视为{name}"),) if defended else ()
    if not ledger.courses:
        return unknown(no_schedule(ledger), *others)
    return unknown(f"课程表没有以“{name}”为名或可视为{name}的栏目", *stated, *others)
