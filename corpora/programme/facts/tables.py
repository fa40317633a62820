"""Facts in tables: labels with their values, rosters of teachers, tables of the teaching staff's structure."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import nan

from corpora.document import Cell, Document, Table
from corpora.programme.facts.text import number_of
from corpora.programme.facts.titles import rank_of
from corpora.programme.model import Fact, FactKind, Figure, ShareRow, Unit
from corpora.programme.schedule.cells import flat
from corpora.programme.tables.shares import practice_shares, read_shares
from corpora.programme.tables.table_places import TablePlaces, plain_number


@dataclass(frozen=True)
class _Label:
    """A label beside its value: what it states, in which unit, between which bounds."""

    kind: FactKind
    unit: Unit
    regex: re.Pattern[str]
    low: float
    high: float


_HOURS = r"(?:学时|课时)(?:数|总数)?(?:[（(].*)?"
_LABELS = tuple(
    _Label(kind, unit, re.compile(regex), low, high)  # type: ignore[arg-type]
    for kind, unit, regex, low, high in (
        ("total_hours", "hours", rf"(?:教学|课程)?总{_HOURS}|学时总数", 1000, 6000),
        ("total_credits", "credits", r"(?:毕业|教学|课程)?(?:最低)?总?学分(?:总数|数|要求)?(?:[（(].*)?", 70, 320),
        ("theory_hours", "hours", rf"理论(?:教学|课)*(?:总)?{_HOURS}", 300, 3500),
        ("practice_hours", "hours", rf"实践(?:性)?(?:教学|课)*(?:总)?{_HOURS}", 300, 4500),
        (
            "practice_share",
            "percent",
            r"实践(?:性)?(?:教学|课)*(?:学时|课时)?(?:所占|占总学时)?(?:的)?(?:比例|占比|比重)(?:[（(].*)?",
            0.05,
            100,
        ),
        ("public_hours", "hours", rf"公共(?:基础)?课(?:程)?(?:总)?{_HOURS}", 200, 2500),
        (
            "public_share",
            "percent",
            r"公共(?:基础)?课(?:程)?(?:学时|课时)?(?:所占|占总学时)?(?:的)?(?:比例|占比|比重)(?:[（(].*)?",
            0.05,
            100,
        ),
        ("elective_hours", "hours", rf"(?:各类)?选修课(?:程)?(?:总)?{_HOURS}", 20, 2000),
        (
            "elective_share",
            "percent",
            r"(?:各类)?选修课(?:程)?(?:学时|课时)?(?:所占|占总学时)?(?:的)?(?:比例|占比|比重)(?:[（(].*)?",
            0.02,
            100,
        ),
        ("years", "years", r"(?:基本)?(?:修业年限|学制|学习年限)(?:[（(]年[）)])?", 1, 8),
        ("students", "count", r"(?:本专业)?(?:在校)?学?生(?:总)?(?:数|人数)", 5, 3000),
        ("catalogue_code", "text", r"(?:国标|目录)?专业(?:国标)?代码", 100000, 999999),
        ("teachers", "count", r"(?:校内|校外|企业|行业)*(?:专任|专业|兼职|专职)教师(?:总)?(?:数|人数)?", 1, 2000),
        ("double_qualified_count", "count", r"[“\"]?双师(?:型|素质)?[”\"]?(?:教师)?(?:数|人数)", 0, 2000),
        (
            "double_qualified_share",
            "percent",
            r"[“\"]?双师(?:型|素质)?[”\"]?(?:教师)?(?:所占)?(?:比例|占比)(?:[（(].*)?",
            0.01,
            100,
        ),
        (
            "senior_count",
            "count",
            r"(?:副?高级?(?:及以上)?)(?:专业)?(?:技术)?(?:职称|职务)(?:教师)?(?:数|人数)",
            0,
            2000,
        ),
        (
            "senior_share",
            "percent",
            r"(?:副?高级?(?:及以上)?)(?:专业)?(?:技术)?(?:职称|职务)(?:教师)?(?:所占)?(?:比例|占比)(?:[（(].*)?",
            0.01,
            100,
        ),
    )
)
_LABEL_WORD = re.compile(r"学时|课时|学分|年限|学制|教师|双师|学生|生数|代码|名称|职称|职务|比")
_YEARS = re.compile(r"([\d一二三四五六七八])年?(?:制)?")
_NAME = re.compile(r"专业名称(?:[（(].*)?")
_NO_NAME = re.compile(r"[\d/、，,]|代码|名称|专业$|课程?$|模块$|平台$|方向$|类[别型]$")

_STAFF_CHAPTER = re.compile(r"师资|教师|教学团队|队伍|双师")
_REVIEW = re.compile(r"审[核定批]|论证|编制|制[定订]|委员会|小组|签字")
_PERSON = re.compile(r"姓\s*名|教师姓名|教师")
_TITLE_HEAD = re.compile(r".*(?:职称|专业技术职务|技术职务).*")
_DOUBLE_HEAD = re.compile(r".*双师.*")
_KIND_HEAD = re.compile(r".*(?:专兼|专/兼|专职/?兼职|教师类[型别]|教师性质|来源|类[型别]|性质).*")
_YES = re.compile(r"是|√|✓|✔|有|双师.*|具[备有].*")
_PART_TIME = re.compile(r"兼|企业|行业|外聘|校外")


def table_facts(document: Document, start: int, end: int, annex_start: int) -> Iterator[Fact]:
    """The facts of a stretch's tables that are no sentences.

    Parameters
    ----------
    document : the document.
    start, end : the stretch, offsets into ``Document.text``.
    annex_start : where its annexes begin; their tables (forms of course standards) are not read.
    """
    places = TablePlaces(document, start, min(end, annex_start))
    yield from practice_shares(places)
    for row in read_shares(document, start, min(end, annex_start)):
        if row.required is False and row.category is None:
            yield from _all_electives(row)
    for table in places:
        if table.columns > 1:
            yield from _label_facts(places, table)
            yield from _staff_facts(document, places, table)


def _all_electives(row: ShareRow) -> Iterator[Fact]:
    """What a row for all electives (选修课, not one of their blocks) of a table of shares states."""
    of = "学分" if row.share_of == "credits" else ""
    figures: tuple[tuple[FactKind, Unit, Figure | None, str], ...] = (
        ("elective_hours", "hours", row.hours, ""),
        ("elective_credits", "credits", row.credits, ""),
        ("elective_share", "percent", row.share, of),
    )
    for kind, unit, figure, subject in figures:
        if figure is not None:
            yield Fact(kind, figure, unit, subject=subject, words=figure.text.strip())


# --- labels and values ------------------------------------------------------------------------------------------------
def _label_facts(places: TablePlaces, table: Table) -> Iterator[Fact]:
    for row in range(table.rows):
        cells = [cell for cell in table.row_cells(row) if cell.row == row and flat(cell.text)]
        for position, (label, value) in enumerate(itertools.pairwise(cells)):
            after = cells[position + 2] if position + 2 < len(cells) else None
            if _LABEL_WORD.search(label.text) and (after is None or plain_number(after.text) is None):
                yield from _labelled(places, table, label, value)


def _labelled(places: TablePlaces, table: Table, label: Cell, value: Cell) -> Iterator[Fact]:
    text, words = flat(label.text), flat(value.text)
    for known in _LABELS:
        if not known.regex.fullmatch(text):
            continue
        match = _YEARS.fullmatch(words) if known.kind == "years" else None
        number = number_of(match[1]) if match else plain_number(value.text)
        if number is None or not known.low <= number <= known.high:
            continue
        if known.unit == "percent" and number <= 1 and "%" not in words:
            number *= 100
        yield _fact(places, table, value, known.kind, number, known.unit, _whose(text, known.kind))
    if _NAME.fullmatch(text) and 2 <= len(words) <= 20 and not _NO_NAME.search(words):
        yield _fact(places, table, value, "catalogue_name", nan, "text")


def _whose(label: str, kind: FactKind) -> str:
    return re.sub("(?:总)?(?:数|人数)$", "", label) if kind == "teachers" else ""


# --- teachers ---------------------------------------------------------------------------------------------------------
def _staff_facts(document: Document, places: TablePlaces, table: Table) -> Iterator[Fact]:
    """Counts of a roster of teachers, or of a table of their titles, where it stands in a chapter about them."""
    above = _above(document, table)
    if not _STAFF_CHAPTER.search(above) or _REVIEW.search(above):
        return
    heads = {c: "".join(table.header(c)) or _first(table, c) for c in range(table.columns)}
    heads = {column: flat(text) for column, text in heads.items()}
    names = [column for column, text in heads.items() if _PERSON.fullmatch(text)]
    titles = [column for column, text in heads.items() if _TITLE_HEAD.fullmatch(text)]
    if names and titles:
        yield from _roster(places, table, heads, names[0], titles[0], above)
    else:
        yield from _structure(places, table)


def _above(document: Document, table: Table) -> str:
    """Caption and the last three headings or label lines above a table."""
    start = table.cells[0].start if table.cells else 0
    starts = [block.locator.start for block in document.blocks]
    found: list[str] = [table.caption]
    for block in reversed(document.blocks[: bisect_right(starts, start)]):
        if block.kind == "heading" or (block.kind == "paragraph" and len(block.text) < 40 and len(found) < 3):
            found.append(block.text)
        if len(found) > 4 or start - block.locator.start > 4000:
            break
    return "/".join(found)


def _first(table: Table, column: int) -> str:
    cell = table.cell_at(0, column)
    return cell.text if cell is not None and cell.column_span < table.columns else ""


def _roster(
    places: TablePlaces, table: Table, heads: dict[int, str], name: int, title: int, above: str
) -> Iterator[Fact]:
    """How many of a list of names are teachers, senior, 双师型; part-time ones for themselves."""
    double = next((column for column, text in heads.items() if _DOUBLE_HEAD.fullmatch(text)), None)
    kind = next((column for column, text in heads.items() if _KIND_HEAD.fullmatch(text)), None)
    staffs: dict[str, list[_Person]] = {}
    for row in range(max(1, table.header_rows), table.rows):
        cell = table.cell_at(row, name)
        if cell is None or cell.row != row or not 2 <= len(flat(cell.text)) <= 4:
            continue
        part = _PART_TIME.search(_text(table, row, kind) if kind is not None else above)
        rank = rank_of(_text(table, row, title))
        person = _Person(cell, rank, double is not None and bool(_YES.fullmatch(_text(table, row, double))))
        staffs.setdefault("兼职教师" if part else "专任教师", []).append(person)
    for staff, people in staffs.items():
        if len(people) > 1:
            yield from _counts(places, table, staff, people, double is not None)


@dataclass(frozen=True)
class _Person:
    cell: Cell
    rank: str
    double: bool


def _counts(places: TablePlaces, table: Table, staff: str, people: Sequence[_Person], double: bool) -> Iterator[Fact]:
    """The counts of a roster, each with the first name that it counts."""
    senior = [person for person in people if person.rank == "senior"]
    groups: list[tuple[FactKind, Sequence[_Person]]] = [("teachers", people)]
    if any(person.rank for person in people):
        groups.append(("senior_count", senior))
    if any(person.rank for person in people) and staff == "兼职教师":
        groups.append(("intermediate_or_above_count", [p for p in people if p.rank in ("senior", "middle")]))
        groups.append(("below_intermediate_count", [p for p in people if p.rank == "junior"]))
    if double:
        groups.append(("double_qualified_count", [person for person in people if person.double]))
    for kind, counted in groups:
        cell = (counted or people)[0].cell
        subject = staff if kind == "teachers" or staff != "专任教师" else ""
        yield _fact(places, table, cell, kind, float(len(counted)), "count", subject)


def _text(table: Table, row: int, column: int | None) -> str:
    cell = table.cell_at(row, column) if column is not None else None
    return flat(cell.text) if cell is not None else ""


def _structure(places: TablePlaces, table: Table) -> Iterator[Fact]:
    """Numbers that stand under or beside 高级职称, 双师型, 专任教师 in a table without names of people."""
    found: dict[tuple[FactKind, str], list[tuple[Cell, Cell]]] = {}
    for cell in table.cells:
        kind = _structure_kind(flat(cell.text))
        value = _beside(table, cell) if kind else None
        if kind and value is not None:
            subject = re.sub("(?:总)?(?:数|人数)$", "", flat(cell.text)) if kind == "teachers" else ""
            found.setdefault((kind, subject), []).append((cell, value))
    for (kind, subject), cells in found.items():
        whole = [pair for pair in cells if flat(pair[0].text).startswith(("高级", "副高级及以上", "副高及以上"))]
        cells = whole[:1] or cells
        if kind == "senior_count" or len(cells) == 1:
            total = sum(plain_number(value.text.rstrip("人名")) or 0.0 for _, value in cells)
            yield _fact(places, table, cells[0][1], kind, total, "count", subject)


def _structure_kind(text: str) -> FactKind | None:
    if re.fullmatch(r"[“\"]?双师(?:型|素质)?[”\"]?(?:教师)?(?:人?数)?", text):
        return "double_qualified_count"
    if re.fullmatch(r"(?:校内|校外|企业)*(?:专任|兼职)教师(?:总)?(?:人?数)?", text):
        return "teachers"
    plain = re.sub(r"(?:职称|职务|[（(]人[）)]|人数)+$", "", text)
    return "senior_count" if len(plain) <= 8 and rank_of(plain + "职称") == "senior" else None


def _beside(table: Table, label: Cell) -> Cell | None:
    """The cell with a whole number to the right of a label, else below it; None when both or neither hold one."""
    right = table.cell_at(label.row, label.column + label.column_span)
    below = table.cell_at(label.row + label.row_span, label.column)
    found = [cell for cell in (right, below) if cell is not None and _whole(cell)]
    return found[0] if len(found) == 1 else None


def _whole(cell: Cell) -> bool:
    value = plain_number(cell.text.rstrip("人名"))
    return value is not None and value == int(value) and value < 500 and "%" not in cell.text


def _fact(
    places: TablePlaces, table: Table, cell: Cell, kind: FactKind, value: float, unit: Unit, subject: str = ""
) -> Fact:
    figure = Figure(value, cell.text, places.locator(table, cell))
    return Fact(kind, figure, unit, subject=subject, words=cell.text.strip())
