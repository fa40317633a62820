"""The semester cells of a row: what their plain numbers count, semesters named in words, several cells a semester."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from corpora.document import Cell, Document
from corpora.programme.model import Figure, SemesterCell, Unit
from corpora.programme.schedule.cells import flat, number, ordinal, semester_numbers, semester_value
from corpora.programme.schedule.columns import Column, Columns
from corpora.programme.schedule.hour_parts import HourParts, hour_parts
from corpora.programme.schedule.rows import Row
from corpora.programme.schedule.table_rows import TableRows, locate

_UNITS: Mapping[str, int] = {"hours": 0, "hours_per_week": 1, "weeks": 2, "credits": 3, "text": 4}
# a column of 学期/周学时: 4/3 is semester 4
_SEMESTER_FIRST = re.compile(r"学期[/／].*周")
_HOURS_WORD = re.compile(r"[学课]\s*时")
_YEARS = re.compile(r"^(?!.*学期).*(?:学年|年级)")
# an academic year, perhaps with its term: 2024-2025, 2024-2025-1, 2024~2025学年第2学期
_ACADEMIC = re.compile(r"(20\d\d)[-–—~～至/](?:20)?\d\d(?:学年)?(?:[-–—/]?第?([12一二])(?:学期)?)?")


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


def stated_hours(row: Row, cell: Cell, hours: Figure | None) -> Unit | None:
    """``hours`` for a semester cell that says so (8学时) where such cells make the row's total, else None."""
    if hours is None or not _HOURS_WORD.search(cell.text):
        return None
    values = (semester_value(c.text) for c in row.all("semester") if _HOURS_WORD.search(c.text))
    return "hours" if sum(v.value or 0.0 for v in values if v) == hours.value else None


def named_semesters(source: TableRows, row: Row) -> Iterator[SemesterCell]:
    """The semesters that a row names in words: ``1-2``, ``2春``, ``2024-2025-1``, a year beside a term."""
    years = [column for column in source.layout.of("semester_text") if _YEARS.search(flat(column.names[-1]))]
    year = next((_year(source, column, cell) for column, cell in row.cells if column in years), None)
    for column, cell in row.cells:
        if column.role != "semester_text" or (column in years and len(source.layout.of("semester_text")) > 1):
            continue
        names = _semester_names(source, column, cell, year)
        place = locate(source.document, source.table, cell)
        yield from (SemesterCell(name, cell.text.strip(), place, "text", None) for name in names)
        if names:
            return


def _semester_names(source: TableRows, column: Column, cell: Cell, year: int | None) -> tuple[str, ...]:
    if match := _ACADEMIC.fullmatch(flat(cell.text)):
        own = _year(source, column, cell)
        return (str((own - 1) * 2 + (ordinal(match[2]) or 1)),) if own and match[2] else ()
    first = any(_SEMESTER_FIRST.search(flat(name)) for name in column.names)
    names = semester_numbers(cell.text.split("/")[0] if first else cell.text)
    if year and names and all(name in ("1", "2") for name in names):
        return tuple(str((year - 1) * 2 + int(name)) for name in names)
    return names


def _year(source: TableRows, column: Column, cell: Cell) -> int | None:
    """The year of study that a cell names: 2 for 第二学年, and for 2025-2026 below a 2024-2025."""
    plain = flat(cell.text)
    if match := _ACADEMIC.fullmatch(plain):
        begins = [
            int(found[1])
            for row in source.rows
            for other, own in row.cells
            if other is column and (found := _ACADEMIC.fullmatch(flat(own.text)))
        ]
        return int(match[1]) - min(begins) + 1
    return ordinal(re.sub(r"学?年级?$", "", plain))


def sum_figure(cells: Sequence[SemesterCell], unit: Unit) -> Figure | None:
    """Credits of a table that prints them under the semesters only."""
    counted = [cell for cell in cells if cell.unit == unit and cell.value is not None]
    if not counted:
        return None
    return Figure(sum(cell.value or 0.0 for cell in counted), counted[0].text, counted[0].locator)


def one_of_each(document: Document, cells: Iterable[SemesterCell]) -> Iterator[SemesterCell]:
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


def alternative(cells: Sequence[SemesterCell], hours: Figure | None) -> bool:
    """Whether the row's full hours stand under several semesters, of which one applies."""
    values = [cell.value for cell in cells if cell.unit == "hours"]
    return hours is not None and len(values) > 1 and len(values) == len(cells) and set(values) == {hours.value}
