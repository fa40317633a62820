"""Builds the courses of one schedule table from its rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from corpora.document import Cell, Document, Locator, Table
from corpora.programme.categories import category_of, is_direction, required_by
from corpora.programme.cells import (
    credits_beside_weeks,
    exam_of,
    flat,
    is_blank,
    label,
    number,
    pair,
    required_of,
    semester_numbers,
    semester_value,
    weeks,
)
from corpora.programme.columns import Column, Columns
from corpora.programme.exam_marks import exam_marks
from corpora.programme.hour_parts import HourParts, hour_parts
from corpora.programme.model import Category, Exam, Figure, PlanCourse, SemesterCell, Unit
from corpora.programme.rows import Row

_PLACEHOLDER = re.compile(
    r"…|\.{3}|待定|[×XＸ]{2,}|^其[他它].{0,8}(?:课|模块|选修|任选)|"
    r"^(?:公共|通识|专业|全院|全校|院级?|校级?|素质)?.{0,3}(?:任意?选修?|选修|限选|公选)课?(?:程|模块)?(?:[（(]?[\dA-Z一二三四五六七八]+[)）]?)?$"
)
_THEORY_KIND = re.compile(r"^[(（]?(?:纯?理论(?:性)?(?:课|课程|类|型|教学)*|A(?:类|型)?)[)）]?$")
_PRACTICE_KIND = re.compile(r"^[(（]?(?:纯?(?:实践|实训|实习)(?:性)?(?:课|课程|类|型|教学)*|C(?:类|型)?)[)）]?$")
_UNITS: Mapping[str, int] = {"hours": 0, "hours_per_week": 1, "weeks": 2, "credits": 3, "text": 4}
# a column of 学期/周学时: 4/3 is semester 4
_SEMESTER_FIRST = re.compile(r"学期[/／].*周")


@dataclass(frozen=True)
class TableRows:
    """A schedule table with its rows, the unit of its plain semester figures and the headings around it.

    ``semester`` is the one that the heading names, for a table of one semester.
    """

    document: Document
    layout: Columns
    rows: tuple[Row, ...]
    unit: Unit
    context: tuple[str, ...]
    semester: SemesterCell | None = None

    @property
    def header(self) -> tuple[tuple[str, ...], ...]:
        """The texts of the table's header."""
        return self.layout.signature

    @property
    def table(self) -> Table:
        """The table itself."""
        return self.layout.table


def locate(document: Document, table: Table, cell: Cell, last: Cell | None = None) -> Locator:
    """The place of a cell, or of the cells from one to another of the same row."""
    block = _block(document, cell.start)
    end = max(cell.end, last.end) if last is not None else cell.end
    start = min(cell.start, last.start) if last is not None else cell.start
    return Locator(start, end, block[0], block[1], table.number, cell.row + 1, cell.column + 1)


def _block(document: Document, offset: int) -> tuple[int, int | None]:
    """Number and page of the block at an offset, by bisection: blocks stand in the order of their offsets."""
    low, high = 0, len(document.blocks)
    while high - low > 1:
        middle = (low + high) // 2
        if document.blocks[middle].locator.start <= offset:
            low = middle
        else:
            high = middle
    if not document.blocks:
        return 1, None
    locator = document.blocks[low].locator
    return locator.paragraph, locator.page


def semester_unit(layout: Columns, rows: Sequence[Row]) -> Unit:
    """What the plain numbers of the semester columns count, by the rows' own hours and credits.

    A row votes for hours where its figure is its total hours, for weekly hours where hours / figure is a possible
    number of weeks. Without votes the header decides.
    """
    votes: Counter[Unit] = Counter()
    for row in rows:
        parts = parts_of(row)
        total = _value(row, "hours") or (parts.total if parts else None)
        values = [v.value for c in row.all("semester") if (v := semester_value(c.text)) and v.value and v.unit is None]
        if row.kind != "course" or not total or not values:
            continue
        if max(values) == total or sum(values) == total:
            votes["hours"] += 1
        elif 6 <= total / sum(values) <= 22:
            votes["hours_per_week"] += 1
    named = Counter(column.unit for column in layout.semesters if column.unit)
    header = named.most_common(1)[0][0] if named else None
    if header == "credits" and not layout.has_credits:
        return "credits"
    if votes:
        return (
            "hours" if votes["hours"] > votes["hours_per_week"] else header if header == "credits" else "hours_per_week"
        )
    return header or "hours_per_week"


def parts_of(row: Row) -> HourParts | None:
    """Hours that a row gives with their parts in one cell."""
    pairs = ((column, cell) for column, cell in row.cells if column.role == "hours_parts")
    return next((found for column, cell in pairs if (found := hour_parts(cell.text, "".join(column.names)))), None)


def _value(row: Row, *roles: str) -> float | None:
    for column, cell in row.cells:
        if column.role in roles and (found := number(cell.text)) is not None:
            return found
    return None


class CourseBuilder:
    """Makes courses and figures of one table's rows."""

    def __init__(self, source: TableRows) -> None:
        self.source = source
        self.layout = source.layout
        roles = source.layout.roles
        self.derives = ("practice" in roles) != ("theory" in roles) and "hours" in roles | {"hours_credits"}
        self._unnamed: Counter[str] = Counter()
        cells = source.table.cells
        self._marks = exam_marks(source.document.text, cells[0].start, cells[-1].end) if cells else {}

    def course(self, row: Row) -> PlanCourse:
        """The course of a row."""
        placed = category_of(row.path, self.source.context, row.label)
        cells = tuple(cell for cell in self.semesters(row) if cell.value != 0)
        hours, theory, practice, derived = self._hours(row, placed.category)
        credits = self.credits(row) or _sum_figure(cells, "credits")
        name = row.label or self._no_name(row)
        return PlanCourse(
            name=name,
            category=placed.category,
            category_text="/".join(row.path) or next(iter(self.source.context), ""),
            table=self.source.table.number,
            row=row.index + 1,
            locator=self._place(row),
            code=self._code(row),
            category_note=placed.note,
            category_alt=placed.alt,
            required=self._required(row),
            credits=credits,
            hours=hours,
            theory=theory,
            practice=practice,
            theory_derived=derived,
            weeks=self._weeks(row, self._firm(row, cells)),
            semesters=cells,
            alternative_semesters=_alternative(cells, hours) or self._optional(row),
            exam=self._exam(row),
            placeholder=not row.label or _PLACEHOLDER.search(flat(row.label)) is not None,
            note=self._note(row),
        )

    def figure(self, cell: Cell | None, value: float | None) -> Figure | None:
        """A figure of one cell."""
        if cell is None or value is None:
            return None
        return Figure(value, cell.text.strip(), locate(self.source.document, self.source.table, cell))

    def credits(self, row: Row) -> Figure | None:
        """Credits of a row, of a total too."""
        if cell := row.first("credits"):
            return self.figure(cell, number(cell.text))
        if (cell := row.first("credits_hours", "hours_credits")) and (both := pair(cell.text)):
            swapped = any(c is cell and column.role == "hours_credits" for column, c in row.cells)
            return self.figure(cell, both[1] if swapped else both[0])
        if cell is not None and (found := credits_beside_weeks(cell.text)):
            return self.figure(cell, found[0])
        return None

    def hours(self, row: Row) -> Figure | None:
        """Total hours of a row as printed."""
        if cell := row.first("hours"):
            return self.figure(cell, number(cell.text))
        if (cell := row.first("credits_hours", "hours_credits")) and (both := pair(cell.text)):
            swapped = any(c is cell and column.role == "hours_credits" for column, c in row.cells)
            return self.figure(cell, both[0] if swapped else both[1])
        parts = parts_of(row)
        return self.figure(row.first("hours_parts"), parts.total) if parts else None

    def part(self, row: Row, role: str) -> Figure | None:
        """Theory or practice hours: one cell, or the sum of several columns (实验, 上机, 实训)."""
        cells = [cell for column, cell in row.cells if column.role == role and number(cell.text) is not None]
        if not cells and (parts := parts_of(row)):
            return self.figure(row.first("hours_parts"), parts.theory if role == "theory" else parts.practice)
        if len(cells) < 2:
            return self.figure(cells[0], number(cells[0].text)) if cells else None
        value = sum(number(cell.text) or 0.0 for cell in cells)
        place = locate(self.source.document, self.source.table, cells[0], cells[-1])
        return Figure(value, self.source.document.resolve(place), place)

    def semesters(self, row: Row, unit: Unit | None = None) -> tuple[SemesterCell, ...]:
        """The filled semester cells of a row; ``unit`` overrides what a plain number counts."""
        found = list(self._semester_cells(row, unit or self.source.unit))
        if not self.layout.semesters:
            found = list(self._named_semesters(row))
        if not found and self.source.semester is not None:
            found = [self.source.semester]
        return tuple(_one_of_each(self.source.document, found))

    def _semester_cells(self, row: Row, unit: Unit) -> Iterator[SemesterCell]:
        for column, cell in row.cells:
            value = semester_value(cell.text) if column.role == "semester" else None
            if value is None:
                continue
            last = cell.column + cell.column_span - 1
            under = [c.semester for c in self.layout.semesters if c.first >= cell.column and c.last <= last]
            name = f"{under[0]}-{under[-1]}" if len(set(under)) > 1 else column.semester
            counted = value.unit or self._named_unit(column) or unit
            place = locate(self.source.document, self.source.table, cell)
            yield SemesterCell(name, cell.text.strip(), place, counted, value.value)

    def _named_unit(self, column: Column) -> Unit | None:
        """The unit that a column's header names, where it is more than the table's common one."""
        same = sum(other.semester == column.semester for other in self.layout.semesters)
        return column.unit if same > 1 or column.unit in ("weeks", "credits") else None

    def _named_semesters(self, row: Row) -> Iterator[SemesterCell]:
        for column, cell in row.cells:
            if column.role != "semester_text":
                continue
            first = any(_SEMESTER_FIRST.search(flat(name)) for name in column.names)
            names = semester_numbers(cell.text.split("/")[0] if first else cell.text)
            place = locate(self.source.document, self.source.table, cell)
            yield from (SemesterCell(name, cell.text.strip(), place, "text", None) for name in names)
            if names:
                return

    def _hours(self, row: Row, category: Category) -> tuple[Figure | None, Figure | None, Figure | None, bool]:
        """Total, theory, practice, and whether a part is derived: all of a practice row's hours are practice."""
        hours, theory, practice = self.hours(row), self.part(row, "theory"), self.part(row, "practice")
        if hours is None and not {"hours", "credits_hours", "hours_credits"} & self.layout.roles:
            hours = self._added(row)
        if (parts := parts_of(row)) and parts.practice is not None:
            return hours, theory, practice, parts.derived
        if hours is not None and not {"theory", "practice"} & self.layout.roles and category == "practice":
            return hours, Figure(0.0, hours.text, hours.locator), hours, True
        if not self.derives or hours is None:
            return hours, theory, practice, False
        if theory is None and practice is None:
            return (hours, *self._by_kind(row, hours))
        if theory is None and practice is not None:
            return hours, Figure(hours.value - practice.value, hours.text, hours.locator), practice, True
        if theory is not None:
            return hours, theory, Figure(hours.value - theory.value, hours.text, hours.locator), True
        return hours, theory, practice, False

    def _by_kind(self, row: Row, hours: Figure) -> tuple[Figure | None, Figure | None, bool]:
        """Theory and practice of a row that gives only a total, by its type of lesson (理论课, 实践课)."""
        cell = row.first("kind")
        kind = flat(cell.text) if cell else ""
        none = self.figure(cell, 0.0)
        if _THEORY_KIND.fullmatch(kind):
            return hours, none, True
        return (none, hours, True) if _PRACTICE_KIND.fullmatch(kind) else (None, None, False)

    def _added(self, row: Row) -> Figure | None:
        """Total hours of a table that prints only the parts."""
        cells = [c for column, c in row.cells if column.role in ("theory", "practice") and number(c.text) is not None]
        if not cells:
            return None
        place = locate(self.source.document, self.source.table, cells[0], cells[-1])
        value = sum(number(cell.text) or 0.0 for cell in cells)
        return Figure(value, self.source.document.resolve(place), place)

    def _firm(self, row: Row, cells: Sequence[SemesterCell]) -> Sequence[SemesterCell]:
        """The semester cells without those in brackets that stand for another one."""
        if not self._optional(row):
            return cells
        return [cell for cell in cells if (value := semester_value(cell.text)) is None or not value.optional]

    def _weeks(self, row: Row, cells: Sequence[SemesterCell]) -> Figure | None:
        stated = [cell for cell in cells if cell.unit == "weeks" and cell.value is not None]
        if stated:
            return Figure(sum(cell.value or 0.0 for cell in stated), stated[0].text, stated[0].locator)
        for cell in row.all("weeks", "hours", "practice", "credits_hours"):
            column = next(c for c, other in row.cells if other is cell)
            value = (
                weeks(cell.text)
                or (credits_beside_weeks(cell.text) or (0, None))[1]
                or (number(cell.text) if column.role == "weeks" else None)
            )
            if value is not None:
                return self.figure(cell, value)
        return None

    def _place(self, row: Row) -> Locator:
        """The name's cell, or the row's own cells where it has no name."""
        own = [cell for _, cell in row.cells if cell.row == row.index and not is_blank(cell.text)]
        if row.name is not None and row.label:
            return locate(self.source.document, self.source.table, row.name)
        return locate(self.source.document, self.source.table, own[0], own[-1])

    def _code(self, row: Row) -> str:
        cell = row.first("code")
        return label(cell.text) if cell is not None else ""

    def _required(self, row: Row) -> bool | None:
        for cell in (*row.all("nature"), *row.all("exam", "exam_test", "exam_check")):
            if (found := required_of(cell.text)) is not None:
                return found
        found = required_by(row.path)
        if found is None and any(is_direction(text) for text in row.path):
            return None
        if found is None and not row.path:
            found = required_by(self.source.context[:1])
        return True if found is None else found

    def _exam(self, row: Row) -> Exam:
        if row.first("exam_test"):
            return "考试"
        if row.first("exam_check"):
            return "考查"
        texts = [cell.text for cell in (*row.all("exam"), *row.all("nature"))]
        if found := next((found for text in texts if (found := exam_of(text))), ""):
            return found
        return next((self._marks[text] for text in map(flat, texts) if text in self._marks), "")

    def _optional(self, row: Row) -> bool:
        """Whether a semester cell stands in brackets as an alternative to another one."""
        values = [semester_value(cell.text) for cell in row.all("semester")]
        return any(v.optional for v in values if v) and any(not v.optional for v in values if v)

    def _note(self, row: Row) -> str:
        notes = [label(cell.text) for cell in row.all("note") if cell.row_span <= 3]
        odd = [
            c for c in row.all("practice", "theory", "hours") if number(c.text) is None and weeks(c.text) is not None
        ]
        return "；".join([*notes, *(f"学时栏写作“{label(cell.text)}”" for cell in odd)])

    def _no_name(self, row: Row) -> str:
        block = row.path[-1] if row.path else ""
        self._unnamed[block] += 1
        return f"{block}{self._unnamed[block]}（未命名）"


def _sum_figure(cells: Sequence[SemesterCell], unit: Unit) -> Figure | None:
    """Credits of a table that prints them under the semesters only."""
    counted = [cell for cell in cells if cell.unit == unit and cell.value is not None]
    if not counted:
        return None
    return Figure(sum(cell.value or 0.0 for cell in counted), counted[0].text, counted[0].locator)


def _one_of_each(document: Document, cells: Iterable[SemesterCell]) -> Iterator[SemesterCell]:
    """One cell a semester where several columns stand under it.

    Hours are taken before weekly hours before the rest; columns of one unit (理论, 实践) are added.
    """
    by_semester: dict[str, list[SemesterCell]] = {}
    for cell in cells:
        by_semester.setdefault(cell.semester, []).append(cell)
    for found in by_semester.values():
        first = min(found, key=lambda cell: _UNITS.get(cell.unit, 9))
        same = [cell for cell in found if cell.unit == first.unit and cell.value is not None]
        yield _joined(document, same) if len(same) > 1 else first


def _joined(document: Document, cells: Sequence[SemesterCell]) -> SemesterCell:
    start, end = cells[0].locator.start, cells[-1].locator.end
    place = cells[0].locator.slice(start, end)
    value = sum(cell.value or 0.0 for cell in cells)
    return SemesterCell(cells[0].semester, document.text[start:end], place, cells[0].unit, value)


def _alternative(cells: Sequence[SemesterCell], hours: Figure | None) -> bool:
    """Whether the row's full hours stand under several semesters, of which one applies."""
    values = [cell.value for cell in cells if cell.unit == "hours"]
    return hours is not None and len(values) > 1 and len(values) == len(cells) and set(values) == {hours.value}
