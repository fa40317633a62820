"""Weeks that a semester column stands for: by its head, by the week table, and by what its rows are counted with."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from alignment.programme.contradictions.plan import Plan, differs
from corpora.document import Cell, Table
from corpora.programme.model import Figure, PlanCourse, SemesterCell

#: ``（18w）``, ``18 周``, ``16W``: weeks in a column's head.
_HEAD_WEEKS = re.compile(r"(?<!\d)(\d{1,2})\s*(?:[wWＷｗ]|周)")
#: A head cell that is nothing but a number of weeks (a row of 16, 18, 18 …).
_BARE = re.compile(r"^\s*(\d{2})\s*$")
_LEAST, _MOST = 8, 22
#: Fewest weeks that rows may be counted with (a semester with internship), and fewest for rounded weekly hours.
_SHORTEST = 3
#: Fewest rows that tell what a column is counted with, and the share of its rows that must agree.
_ROWS, _AGREE = 3, 0.6
#: ``4+1w``: weekly hours and a week of practice besides.
_BESIDES = re.compile(r"[+＋]\s*\d+\s*(?:[wWＷｗ]|周)")
#: Columns of a week table that hold the weeks of ordinary teaching.
_TEACHING = re.compile(r"教学周|理论教学|课堂教学|授课|上课|理实")


@dataclass(frozen=True)
class ColumnWeeks:
    """Weeks of one semester column.

    Parameters
    ----------
    semester : the column, as in ``SemesterCell.semester``.
    head : what the column's head says, with its cell; None where it says nothing.
    counted : weeks with which most of its rows make their hours, None where too few rows tell.
    roughly : whether some number of weeks makes every row's hours once weekly hours are rounded to whole ones.
    examples : rows that show ``counted``: course, its weekly hours.
    table_weeks : figures of the week table for this semester's teaching.
    """

    semester: str
    head: int | None = None
    head_cell: Cell | None = None
    counted: int | None = None
    roughly: bool = False
    examples: tuple[tuple[PlanCourse, float], ...] = ()
    table_weeks: tuple[Figure, ...] = ()

    @property
    def candidates(self) -> tuple[float, ...]:
        """Every number of weeks that a row may have been counted with."""
        known = [self.head, self.counted, *(figure.value for figure in self.table_weeks)]
        return tuple(dict.fromkeys(float(weeks) for weeks in known if weeks))


def read_columns(plan: Plan) -> dict[tuple[int, str], ColumnWeeks]:
    """Weeks of every semester column, by table number and semester."""
    found: dict[tuple[int, str], ColumnWeeks] = {}
    heads = _heads(plan)
    for key, rows in _weekly_rows(plan).items():
        counted, examples = _counted(rows)
        head, cell = heads.get(key, (None, None))
        rough = counted is None and _roughly(rows)
        found[key] = ColumnWeeks(key[1], head, cell, counted, rough, examples, tuple(_table_weeks(plan, key[1])))
    return found


def weekly_cells(course: PlanCourse) -> tuple[SemesterCell, ...]:
    """A row's cells, when all of them are weekly hours with a number and nothing else; else nothing."""
    cells = course.semesters
    weekly = all(cell.unit == "hours_per_week" and cell.value and not _BESIDES.search(cell.text) for cell in cells)
    return cells if cells and weekly else ()


def _weekly_rows(plan: Plan) -> dict[tuple[int, str], list[tuple[PlanCourse, float]]]:
    found: dict[tuple[int, str], list[tuple[PlanCourse, float]]] = {}
    for course in plan.schedule.courses:
        for cell in weekly_cells(course):
            found.setdefault((course.table, cell.semester), []).append((course, cell.value or 0.0))
    return found


def _counted(rows: list[tuple[PlanCourse, float]]) -> tuple[int | None, tuple[tuple[PlanCourse, float], ...]]:
    """The number of weeks that most rows with this column alone are counted with, and those rows."""
    weeks: Counter[int] = Counter()
    single = [(course, weekly) for course, weekly in rows if len(course.semesters) == 1 and course.hours]
    for course, weekly in single:
        quotient = (course.hours.value if course.hours else 0.0) / weekly
        if not differs(quotient, round(quotient), 0.01) and _SHORTEST <= round(quotient) <= _MOST:
            weeks[round(quotient)] += 1
    if not weeks:
        return None, ()
    best, count = weeks.most_common(1)[0]
    if count < min(_ROWS, max(len(single), 2)) or count < _AGREE * len(single):
        return None, ()
    right = ((c, w) for c, w in single if c.hours and not differs(c.hours.value, w * best))
    return best, tuple(right)


def _roughly(rows: list[tuple[PlanCourse, float]]) -> bool:
    """Whether one number of weeks gives every row's hours when weekly hours may be rounded up or down."""
    single = [(course.hours.value, weekly) for course, weekly in rows if len(course.semesters) == 1 and course.hours]
    weeks = range(_SHORTEST, _LEAST + 4)
    return len(single) >= 2 and any(all(abs(hours / w - weekly) < 1 for hours, weekly in single) for w in weeks)


def _heads(plan: Plan) -> dict[tuple[int, str], tuple[int, Cell]]:
    found: dict[tuple[int, str], tuple[int, Cell]] = {}
    tables = {table.number: table for table in plan.document.tables}
    tops: dict[int, int] = {}
    for course in plan.schedule.courses:
        tops[course.table] = min(tops.get(course.table, course.row), course.row)
    for course in plan.schedule.courses:
        for cell in course.semesters:
            key = (course.table, cell.semester)
            table = tables.get(course.table)
            if table is not None and key not in found and cell.locator.cell:
                head = _head(table, cell.locator.cell - 1, tops[course.table] - 1)
                if head is not None:
                    found[key] = head
    return found


def _head(table: Table, column: int, rows: int) -> tuple[int, Cell] | None:
    for row in range(rows):
        cell = table.cell_at(row, column)
        if cell is not None and (weeks := _weeks_in(table, cell)) is not None:
            return weeks, cell
    return None


def _weeks_in(table: Table, cell: Cell) -> int | None:
    if cell.column_span > 1:
        return None
    match = _HEAD_WEEKS.search(cell.text) or (_BARE.match(cell.text) if _in_row_of_weeks(table, cell) else None)
    weeks = int(match[1]) if match else 0
    return weeks if _LEAST <= weeks <= _MOST else None


def _in_row_of_weeks(table: Table, cell: Cell) -> bool:
    """Whether three cells or more of this row are bare numbers of two digits."""
    return sum(_BARE.match(other.text) is not None for other in table.row_cells(cell.row)) >= 3


def _table_weeks(plan: Plan, semester: str) -> Iterator[Figure]:
    for row in plan.programme.weeks:
        if not row.total and row.semester == semester:
            yield from (figure for name, figure in row.weeks.items() if _TEACHING.search(name))
