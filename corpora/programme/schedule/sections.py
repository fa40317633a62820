"""Cuts a table that holds several course tables, one below the other, at their headers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from corpora.document import Cell, Table
from corpora.programme.schedule.cells import exam_of, flat, is_blank, number, required_of
from corpora.programme.schedule.columns import Columns, header_at, read_columns
from corpora.programme.schedule.semesters import semester_heading


def sections(table: Table) -> Iterator[Table]:
    """The table, or its parts where another header begins below the first one; rows keep their numbers.

    A header that repeats the one before (a page break) begins nothing, unless the title above it names a semester.
    """
    first, layout = 0, read_columns(table)
    while layout is not None and (found := _next(table, layout)) is not None:
        cut, layout = found
        yield _part(table, first, cut)
        first = cut
    yield _part(table, first, table.rows) if first else table


def _next(table: Table, layout: Columns) -> tuple[int, Columns] | None:
    """Row and layout of the next part below a header."""
    for row in range(layout.end + 1, table.rows - 1):
        if not _may_be_header(table, layout, row) or (other := header_at(table, row)) is None:
            continue
        titles = _titles_above(table, row)
        if other.signature != layout.signature or any(semester_heading(cell.text) for cell in titles):
            return row - len(titles), other
    return None


def _may_be_header(table: Table, layout: Columns, row: int) -> bool:
    """Whether a row has no figures where the layout has credits or hours, and no values in words."""
    own = [cell for cell in table.row_cells(row) if cell.row == row and not is_blank(cell.text)]
    figures = layout.of("credits", "hours", "theory", "practice")
    under = (c for c in own for f in figures if c.column <= f.last and f.first <= c.column + c.column_span - 1)
    if len(own) < 3 or any(number(cell.text) is not None for cell in under):
        return False
    return not any(len(flat(c.text)) == 2 and (exam_of(c.text) or required_of(c.text) is not None) for c in own[:-2])


def _titles_above(table: Table, row: int) -> list[Cell]:
    """The single wide texts directly above a header, bottom up."""
    found: list[Cell] = []
    while row - len(found) > 0:
        filled = [c for c in table.row_cells(row - len(found) - 1) if not is_blank(c.text)]
        if len(filled) != 1 or filled[0].column_span < min(3, table.columns) or filled[0].row_span > 1:
            break
        found.append(filled[0])
    return found


def _part(table: Table, first: int, end: int) -> Table:
    return replace(table, rows=end, cells=tuple(cell for cell in table.cells if first <= cell.row < end))
