"""Puts strings that run over their cell's border back into their cell.

A spreadsheet lets a long text run over the empty cells beside it. It belongs to one cell: the one that it begins in
when it begins at that cell's border, the one that it ends in when it ends at the border, else the one under its middle.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from corpora.parsers.pdf.content import Char, PageContent
from corpora.parsers.pdf.lattice import Grid, find_grids

_RAISE = 0.35
_NEAR = 0.8
_GAP = 0.15


def fitted(content: PageContent) -> PageContent:
    """The page with each string within one cell of its table."""
    grids = [_Cells(grid) for grid in find_grids(content.edges)]
    chars = [char for string in _strings(content.chars) for char in _fit(string, grids)]
    return replace(content, chars=tuple(chars))


class _Cells:
    """Looks up the borders of the cell at a point."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._owner = {
            (r, c): cell
            for cell in grid.cells
            for r in range(cell.row, cell.row + cell.row_span)
            for c in range(cell.column, cell.column + cell.column_span)
        }

    def sides(self, x: float, y: float) -> tuple[float, float] | None:
        """Left and right border of the cell at a point, None outside the table."""
        place = self._grid.place(x, y)
        cell = self._owner.get(place) if place else None
        if cell is None:
            return None
        return self._grid.xs[cell.column], self._grid.xs[cell.column + cell.column_span]


def _strings(chars: Iterable[Char]) -> list[list[Char]]:
    """Neighbouring letters of one line, as one call drew them or several."""
    strings: list[list[Char]] = []
    for char in chars:
        last = strings[-1][-1] if strings else None
        if last and abs(last.baseline - char.baseline) < 0.2 * char.size and _joins(last, char):
            strings[-1].append(char)
        else:
            strings.append([char])
    return strings


def _joins(last: Char, char: Char) -> bool:
    gap = char.x0 - last.x1
    return abs(gap) < _GAP * char.size or (char.spaced and 0 <= gap < 1.2 * char.size)


def _fit(string: Sequence[Char], grids: Sequence[_Cells]) -> Sequence[Char]:
    first, last = string[0], string[-1]
    y = first.baseline - _RAISE * first.size
    begin, end, middle = first.x0, last.x1, (first.x0 + last.x1) / 2
    for cells in grids:
        at_begin, at_end = cells.sides(begin + 0.1, y), cells.sides(end - 0.1, y)
        if at_begin is None and at_end is None:
            continue
        if at_begin == at_end:
            return string
        home = _home(begin, end, at_begin, at_end, cells.sides(middle, y), first.size)
        return string if home is None else _squeezed(string, *home)
    return string


def _home(
    begin: float,
    end: float,
    at_begin: tuple[float, float] | None,
    at_end: tuple[float, float] | None,
    at_middle: tuple[float, float] | None,
    size: float,
) -> tuple[float, float] | None:
    if at_begin and begin - at_begin[0] < _NEAR * size:
        return at_begin
    if at_end and at_end[1] - end < _NEAR * size:
        return at_end
    return at_middle


def _squeezed(string: Sequence[Char], left: float, right: float) -> list[Char]:
    """The letters, evenly narrowed and moved so that they stand between two borders."""
    begin, end = string[0].x0, string[-1].x1
    ratio = min(1.0, (right - left - 0.2) / max(end - begin, 0.1))
    start = min(max(begin, left + 0.1), right - 0.1 - (end - begin) * ratio)
    return [replace(c, x0=start + (c.x0 - begin) * ratio, x1=start + (c.x1 - begin) * ratio) for c in string]
