"""Tables of a PDF page: the text of grid cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpora.document_builder import CellSpec
from corpora.parsers.cleaning import join_lines, one_line, tight
from corpora.parsers.headers import guess_header_rows
from corpora.parsers.outline import TablePiece, leading_number, strip_bullet
from corpora.parsers.pdf.content import Char
from corpora.parsers.pdf.lattice import Grid, GridCell
from corpora.parsers.pdf.lines import Run, join_runs, rows_of, runs_of
from corpora.parsers.pdf.vertical import DOWN, UP, is_stacked, laid_flat

SENTENCE_END = re.compile(r"[。；;！？!?：:]$")
_ITEM = re.compile(r"[①-⑳⑴-⒇]|[（(]\d{1,2}[）)]|[（(]?[一二三四五六七八九十]{1,3}[）)、]")
_RAISE = 0.35
_SHORT_LINE = 0.4
_WIDE_CELL = 10.0
_PADDING = 12.0
_OVERSIZE = 1.3


@dataclass(frozen=True, slots=True)
class PageTable:
    """A table, or one page of it.

    Parameters
    ----------
    page : page from 1.
    box : x0, y0, x1, y1 on the page.
    xs : column borders relative to the left one.
    cells : origin cells with text.
    row_pages : page of each row.
    header_rows : None where it is to be guessed.
    full : (row, column) of cells whose last line leaves no room for another letter.
    """

    page: int
    box: tuple[float, float, float, float]
    xs: tuple[float, ...]
    cells: tuple[CellSpec, ...]
    row_pages: tuple[int, ...]
    header_rows: int | None = None
    caption: str = ""
    full: frozenset[tuple[int, int]] = frozenset()

    @property
    def piece(self) -> TablePiece:
        """The table for the builder."""
        header = guess_header_rows(self.cells) if self.header_rows is None else self.header_rows
        return TablePiece(self.cells, header, self.caption, self.page, self.row_pages)


def grid_table(grid: Grid, chars: Iterable[Char], page: int) -> PageTable:
    """A ruled table with the text of its cells, turned characters too."""
    owner = {
        (r, c): cell
        for cell in grid.cells
        for r in range(cell.row, cell.row + cell.row_span)
        for c in range(cell.column, cell.column + cell.column_span)
    }
    held: dict[tuple[int, int], list[Char]] = {}
    for char in chars:
        place = grid.place(*middle_of(char))
        if place is not None and not _overgrown(char, grid, owner[place]):
            held.setdefault((owner[place].row, owner[place].column), []).append(char)
    cells: list[CellSpec] = []
    full: set[tuple[int, int]] = set()
    for cell in grid.cells:
        runs, start, end = _runs_in(grid, cell, held.get((cell.row, cell.column), ()))
        cells.append(CellSpec(cell_text(runs, start, end), cell.row, cell.column, cell.row_span, cell.column_span))
        if runs and _is_full(runs, start, end):
            full.add((cell.row, cell.column))
    xs = tuple(x - grid.xs[0] for x in grid.xs)
    return PageTable(page, grid.box, xs, tuple(cells), (page,) * (len(grid.ys) - 1), full=frozenset(full))


def middle_of(char: Char) -> tuple[float, float]:
    """The point that tells in which cell a character stands."""
    across = (char.x0 + char.x1) / 2
    return (across, (char.y0 + char.y1) / 2) if char.turn else (across, char.baseline - _RAISE * char.size)


def _overgrown(char: Char, grid: Grid, cell: GridCell) -> bool:
    """Whether a character is higher than its cell: a watermark laid over the table."""
    return char.size > _OVERSIZE * (grid.ys[cell.row + cell.row_span] - grid.ys[cell.row])


def _runs_in(grid: Grid, cell: GridCell, chars: Sequence[Char]) -> tuple[list[Run], float, float]:
    """A cell's runs with the begin and end of its lines; vertical writing is laid flat."""
    upright = [char for char in chars if not char.turn]
    turned = [char for char in chars if char.turn in (UP, DOWN)]
    if not turned and not is_stacked(upright):
        return runs_of(upright), grid.xs[cell.column], grid.xs[cell.column + cell.column_span]
    runs = runs_of(laid_flat(turned, upright))
    top, bottom = grid.ys[cell.row], grid.ys[cell.row + cell.row_span]
    return (runs, -bottom, -top) if runs and runs[0].x0 < 0 else (runs, top, bottom)


def _is_full(runs: Sequence[Run], left: float, right: float) -> bool:
    last = rows_of(runs)[-1]
    return right - left - (last[-1].x1 - last[0].x0) < last[-1].size + _PADDING


def cell_text(runs: Sequence[Run], left: float, right: float) -> str:
    """The text of a cell: lines broken by its width joined, its paragraphs parted by line breaks."""
    paragraphs: list[str] = []
    ended, full = True, False
    for row in rows_of(runs):
        text = one_line(join_runs(row))
        if (
            ended
            or (not full and not paragraphs[-1].endswith("-") and leading_number(text))
            or _ITEM.match(text)
            or strip_bullet(text)[1]
        ):
            paragraphs.append(text)
        else:
            paragraphs[-1] = join_lines(paragraphs[-1], text)
        ended, full = _ends_paragraph(row, text, left, right), right - row[-1].x1 < 1.5 * row[0].size
    return "\n".join(tight(paragraph) for paragraph in paragraphs)


def _ends_paragraph(row: Sequence[Run], text: str, left: float, right: float) -> bool:
    size = max(row[0].size, 0.1)
    slack, width = (right - row[-1].x1) / size, (right - left) / size
    if SENTENCE_END.search(text):
        return slack > 1.5
    return width > _WIDE_CELL and slack > _SHORT_LINE * width and row[0].x0 - left < 2.5 * size
