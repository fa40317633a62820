"""The block labels of each row of a course table (公共基础课, 必修, 方向一), blanks of page breaks filled in."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpora.document import Cell, Table
from corpora.programme.schedule.categories import is_direction
from corpora.programme.schedule.cells import flat, is_blank, label
from corpora.programme.schedule.columns import Columns

#: The label of a merged cell without text beside directions with names, all of them in one outer cell.
_UNNAMED = "未写名称的方向"
_TOTAL = re.compile(r"(?:小计|合计|总计|共计)")


def block_labels(layout: Columns) -> tuple[tuple[str, ...], ...]:
    """The labels over each grid row of the table, outermost first, without repeats.

    A label cell that a page break cut in two stands on one of its pages only. A blank label cell takes the label below
    it where a cell of a finer column runs over both, else the label above it; a blank merged cell below a row of
    subtotals takes none, for a block of its own begins there.
    """
    table = layout.table
    grid = [c for column in layout.of("block") for c in range(column.first, column.last + 1)]
    columns: list[list[str]] = []
    for position, column in enumerate(grid):
        own = [_label(layout, row, column, grid) for row in range(table.rows)]
        columns.append(_filled(layout, column, own, columns, grid[position + 1 :]))
    return tuple(_path([labels[row] for labels in columns]) for row in range(table.rows))


def _label(layout: Columns, row: int, column: int, grid: Sequence[int]) -> str | None:
    """The label over a grid position; None where there is none, "" for a cell that is not only a label."""
    cell = layout.table.cell_at(row, column)
    if cell is None or is_blank(cell.text):
        return None
    last = cell.column + cell.column_span - 1
    within = all(c in grid for c in range(cell.column, last + 1))
    over_rows = cell.row_span > 1 and last < layout.name.last
    return label(cell.text) if within or over_rows else ""


def _path(labels: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in labels if text))


def _filled(
    layout: Columns, column: int, own: Sequence[str | None], outer: Sequence[Sequence[str]], finer: Sequence[int]
) -> list[str]:
    """One column's labels with its blank cells filled."""
    labels: list[str] = []
    for row, text in enumerate(own):
        cell = layout.table.cell_at(row, column)
        if text is not None or row < layout.end:
            labels.append(text or "")
        elif cell is not None and layout.end <= cell.row < row:
            labels.append(labels[-1] if _same(outer, row - 1, row) else "")
        else:
            labels.append(_filled_label(layout, row, column, own, labels, outer, finer))
    return labels


def _filled_label(
    layout: Columns,
    row: int,
    column: int,
    own: Sequence[str | None],
    labels: Sequence[str],
    outer: Sequence[Sequence[str]],
    finer: Sequence[int],
) -> str:
    below = next((n for n in range(row + 1, len(own)) if own[n] is not None), None)
    none_above = not any(labels[layout.end :])
    if below is not None and (none_above or _joined(layout.table, below, finer)):
        return (own[below] or "") if _same(outer, row, below) else ""
    if _begins_block(layout.table, row, column):
        return _UNNAMED if below is not None and _beside_direction(layout.table, row, below, column) else ""
    return labels[-1] if labels and row > layout.end and _same(outer, row - 1, row) else ""


def _begins_block(table: Table, row: int, column: int) -> bool:
    """Whether a merged cell begins below a row of subtotals that the cell above it takes in."""
    cell, above = table.cell_at(row, column), table.cell_at(row - 1, column)
    if cell is None or above is None or cell.row_span < 2 or above.row_span < 2:
        return False
    return any(_TOTAL.search(flat(c.text)) and c.row == row - 1 for c in table.row_cells(row - 1))


def _beside_direction(table: Table, row: int, below: int, column: int) -> bool:
    """Whether the next label of the column names a direction and one merged cell left of it takes in both."""
    outer, named = (table.cell_at(row, column - 1) if column else None), table.cell_at(below, column)
    within = outer is not None and outer.row <= row and below < outer.row + outer.row_span
    return within and named is not None and named.column == column and is_direction(named.text)


def _joined(table: Table, row: int, columns: Sequence[int]) -> bool:
    """Whether a cell of a finer column runs over the border above a row."""
    cells: list[Cell | None] = [table.cell_at(row, column) for column in columns]
    return any(cell is not None and cell.row < row for cell in cells)


def _same(outer: Sequence[Sequence[str]], first: int, second: int) -> bool:
    return all(labels[first] == labels[second] for labels in outer)
