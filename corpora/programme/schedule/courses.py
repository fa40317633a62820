"""Builds the courses of one schedule table from its rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from corpora.document import Cell, Locator
from corpora.programme.model import Category, Exam, Figure, PlanCourse, SemesterCell, Unit
from corpora.programme.schedule.categories import category_of, is_direction, required_by
from corpora.programme.schedule.cells import (
    credits_beside_weeks,
    exam_of,
    flat,
    is_blank,
    label,
    number,
    pair,
    required_of,
    semester_value,
    weeks,
)
from corpora.programme.schedule.columns import Column
from corpora.programme.schedule.legend import Legend, read_legend
from corpora.programme.schedule.quotas import number_taken
from corpora.programme.schedule.row_semesters import (
    alternative,
    named_semesters,
    one_of_each,
    parts_of,
    stated_hours,
    sum_figure,
)
from corpora.programme.schedule.rows import Row
from corpora.programme.schedule.table_rows import TableRows, locate

_PLACEHOLDER = re.compile(
    r"…|\.{3}|待定|[×XＸ]{2,}|^其[他它].{0,8}(?:课|模块|选修|任选)|"
    r"^(?:公共|通识|专业|全院|全校|院级?|校级?|素质)?.{0,3}(?:任意?选修?|选修|限选|公选)课?(?:程|模块)?(?:[（(]?[\dA-Z一二三四五六七八]+[)）]?)?$"
)
_THEORY_KIND = re.compile(r"^[(（]?(?:纯?理论(?:性)?(?:课|课程|类|型|教学)*|A(?:类|型)?)[)）]?$")
_PRACTICE_KIND = re.compile(r"^[(（]?(?:纯?(?:实践|实训|实习)(?:性)?(?:课|课程|类|型|教学)*|C(?:类|型)?)[)）]?$")
# 音乐鉴赏（限选）
_CODE = re.compile(r"[A-Za-z]{0,4}\d{4,}[\dA-Za-z-]*")
_NATURE_IN_NAME = re.compile(r"[（(](?:必修|选修|限选|任选|限定选修|任意选修|公选)[)）]$")


class CourseBuilder:
    """Makes courses and figures of one table's rows."""

    def __init__(self, source: TableRows) -> None:
        self.source = source
        self.layout = source.layout
        roles = source.layout.roles
        self.derives = ("practice" in roles) != ("theory" in roles) and bool(
            roles & {"hours", "credits_hours", "hours_credits"}
        )
        self._unnamed: Counter[str] = Counter()
        cells = source.table.cells
        self._legend = read_legend(source.document.text, cells[0].start, cells[-1].end) if cells else Legend()
        self._marks_core = "core" in roles or any(self._is_core(row) for row in source.rows)

    def course(self, row: Row) -> PlanCourse:
        """The course of a row."""
        placed = category_of(row.path, self.source.context, row.label)
        if self._marks_core:
            placed = placed.marked_core(self._is_core(row))
        cells = tuple(cell for cell in self.semesters(row) if cell.value != 0)
        hours, theory, practice, derived = self._hours(row, placed.category)
        credits = self.credits(row) or sum_figure(cells, "credits")
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
            other=self.third_part(row, hours, theory, practice),
            weeks=self._weeks(row, self._firm(row, cells)),
            semesters=cells,
            alternative_semesters=alternative(cells, hours) or self._optional(row),
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
        if not cells and role != "other_hours" and (parts := parts_of(row)):
            return self.figure(row.first("hours_parts"), parts.theory if role == "theory" else parts.practice)
        if len(cells) < 2:
            return self.figure(cells[0], number(cells[0].text)) if cells else None
        value = sum(number(cell.text) or 0.0 for cell in cells)
        place = locate(self.source.document, self.source.table, cells[0], cells[-1])
        return Figure(value, self.source.document.resolve(place), place)

    def third_part(
        self, row: Row, hours: Figure | None, theory: Figure | None, practice: Figure | None
    ) -> Figure | None:
        """Hours that are neither theory nor practice, where the three make the row's total."""
        other = self.part(row, "other_hours")
        if other is None or hours is None:
            return None
        parts = sum(part.value for part in (theory, practice, other) if part is not None)
        return other if parts == hours.value else None

    def semesters(self, row: Row, unit: Unit | None = None) -> tuple[SemesterCell, ...]:
        """The filled semester cells of a row; ``unit`` overrides what a plain number counts."""
        found = list(self._semester_cells(row, unit or self.source.unit))
        if not self.layout.semesters:
            found = list(named_semesters(self.source, row))
        if not found and self.source.semester is not None:
            found = [self.source.semester]
        return tuple(one_of_each(self.source.document, found))

    def _semester_cells(self, row: Row, unit: Unit) -> Iterator[SemesterCell]:
        for column, cell in row.cells:
            value = semester_value(cell.text) if column.role == "semester" else None
            if value is None:
                continue
            last = cell.column + cell.column_span - 1
            under = [c.semester for c in self.layout.semesters if c.first >= cell.column and c.last <= last]
            name = f"{under[0]}-{under[-1]}" if len(set(under)) > 1 else column.semester
            counted = value.unit or stated_hours(row, cell, self.hours(row)) or self._named_unit(column) or unit
            place = locate(self.source.document, self.source.table, cell)
            yield SemesterCell(name, cell.text.strip(), place, counted, value.value)

    def _named_unit(self, column: Column) -> Unit | None:
        """The unit that a column's header names, where it is more than the table's common one."""
        same = sum(other.semester == column.semester for other in self.layout.semesters)
        return column.unit if same > 1 or column.unit in ("weeks", "credits") else None

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
        codes = cell.text.split() if cell is not None else []
        if cell is not None and len(codes) == cell.row_span > 1 and all(map(_CODE.fullmatch, codes)):
            return codes[row.index - cell.row]  # one cell over several rows with the code of each
        return label(cell.text) if cell is not None else ""

    def _required(self, row: Row) -> bool | None:
        marked = [column.names[-1] for column, cell in row.cells if column.by_mark and not is_blank(cell.text)]
        if len(marked) == 1:
            return required_of(marked[0])
        for cell in (*row.all("nature"), *row.all("exam", "exam_test", "exam_check")):
            found = required_of(cell.text)
            if (found := self._legend.required.get(flat(cell.text)) if found is None else found) is not None:
                return found
        found = required_by(row.path)
        if found is None and any(is_direction(text) for text in row.path):
            return None
        if found is None and (match := _NATURE_IN_NAME.search(row.label)):
            found = required_of(match[0])
        if found is None:
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
        signs = self._legend.exams
        own = [signs[text] for text in map(flat, texts) if text in signs]
        own += [exam for sign, exam in signs.items() if sign in row.label]
        return own[0] if own else ""

    def _is_core(self, row: Row) -> bool:
        """Whether a sign at the name, or a column for it, makes the row a core course."""
        return bool(row.first("core")) or any(sign in row.label for sign in self._legend.core)

    def _optional(self, row: Row) -> bool:
        """Whether a semester cell stands in brackets as an alternative to another one."""
        values = [semester_value(cell.text) for cell in row.all("semester")]
        return any(v.optional for v in values if v) and any(not v.optional for v in values if v)

    def _note(self, row: Row) -> str:
        notes = [label(c.text) for c in row.all("note") if c.row_span <= 3 or number_taken(c.text)]
        odd = [
            c for c in row.all("practice", "theory", "hours") if number(c.text) is None and weeks(c.text) is not None
        ]
        return "；".join([*notes, *(f"学时栏写作“{label(cell.text)}”" for cell in odd)])

    def _no_name(self, row: Row) -> str:
        block = row.path[-1] if row.path else ""
        self._unnamed[block] += 1
        return f"{block}{self._unnamed[block]}（未命名）"
