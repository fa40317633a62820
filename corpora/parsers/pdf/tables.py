"""Tables of a PDF page: the text of grid cells, tables ruled only between rows, and tables that go on overleaf."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from corpora.document_builder import CellSpec
from corpora.parsers.cleaning import join_lines, one_line, tight
from corpora.parsers.headers import guess_header_rows
from corpora.parsers.outline import TablePiece, leading_number, strip_bullet
from corpora.parsers.pdf.content import Char
from corpora.parsers.pdf.lattice import Grid
from corpora.parsers.pdf.lines import Run, join_runs, rows_of, runs_of

_SENTENCE_END = re.compile(r"[。；;！？!?：:]$")
_ITEM = re.compile(r"[①-⑳⑴-⒇]|[（(]\d{1,2}[）)]|[（(]?[一二三四五六七八九十]{1,3}[）)、]")
_COLUMN_SHIFT = 6.0
_RAISE = 0.35
_SHORT_LINE = 0.4
_WIDE_CELL = 10.0


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
    """

    page: int
    box: tuple[float, float, float, float]
    xs: tuple[float, ...]
    cells: tuple[CellSpec, ...]
    row_pages: tuple[int, ...]
    header_rows: int | None = None
    caption: str = ""

    @property
    def piece(self) -> TablePiece:
        """The table for the builder."""
        header = guess_header_rows(self.cells) if self.header_rows is None else self.header_rows
        return TablePiece(self.cells, header, self.caption, self.page, self.row_pages)


def grid_table(grid: Grid, chars: Iterable[Char], page: int) -> PageTable:
    """A ruled table with the text of its cells."""
    owner = {
        (r, c): cell
        for cell in grid.cells
        for r in range(cell.row, cell.row + cell.row_span)
        for c in range(cell.column, cell.column + cell.column_span)
    }
    held: dict[tuple[int, int], list[Char]] = {}
    for char in chars:
        place = grid.place((char.x0 + char.x1) / 2, char.baseline - _RAISE * char.size)
        if place is not None:
            cell = owner[place]
            held.setdefault((cell.row, cell.column), []).append(char)
    cells = tuple(
        CellSpec(
            cell_text(
                runs_of(held.get((cell.row, cell.column), ())),
                grid.xs[cell.column],
                grid.xs[cell.column + cell.column_span],
            ),
            cell.row,
            cell.column,
            cell.row_span,
            cell.column_span,
        )
        for cell in grid.cells
    )
    xs = tuple(x - grid.xs[0] for x in grid.xs)
    return PageTable(page, grid.box, xs, cells, (page,) * (len(grid.ys) - 1))


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
    if _SENTENCE_END.search(text):
        return slack > 1.5
    return width > _WIDE_CELL and slack > _SHORT_LINE * width and row[0].x0 - left < 2.5 * size


def goes_on(first: PageTable, second: PageTable, marked: bool) -> bool:
    """Whether the second table is the rest of the first: the columns agree, or the header is repeated.

    It stands on the next page, or, ``marked`` by 续表 between the two, on the same one.
    """
    if second.page - first.row_pages[-1] not in ((0, 1) if marked else (1,)):
        return False
    if len(first.xs) == len(second.xs) and first.header_rows and _row_texts(first, 0) == _row_texts(second, 0):
        return True
    few, many = sorted((first.xs, second.xs), key=len)
    near = all(min(abs(x - other) for other in many) <= _COLUMN_SHIFT for x in few)
    return near and len(few) > 2 and abs(few[-1] - many[-1]) <= _COLUMN_SHIFT


def continued(first: PageTable, second: PageTable) -> PageTable:
    """Both pages as one table: the repeated header dropped, a row and a merged cell broken by the page joined."""
    xs = max(first.xs, second.xs, key=len)
    first, second = _on_columns(first, xs), _on_columns(second, xs)
    header = guess_header_rows(first.cells) if first.header_rows is None else first.header_rows
    skip = _repeated_rows(first, second, header)
    rest = [replace(c, row=c.row - skip) for c in second.cells if c.row >= skip]
    pages = list(second.row_pages[skip:])
    cells, rows = list(first.cells), len(first.row_pages)
    if rest and _is_rest_of_row(first, rest):
        cells = _with_rest(cells, rest, rows)
        rest = [replace(c, row=c.row - 1) for c in rest if c.row > 0]
        pages = pages[1:]
    else:
        cells, rest = _spans_joined(cells, rest, rows)
    cells += [replace(c, row=c.row + rows) for c in rest]
    return replace(first, cells=tuple(cells), row_pages=(*first.row_pages, *pages), header_rows=header)


def _on_columns(table: PageTable, xs: tuple[float, ...]) -> PageTable:
    """The table on a finer grid of columns that holds all its own borders."""
    if len(table.xs) == len(xs):
        return table
    at = [min(range(len(xs)), key=lambda i: abs(xs[i] - x)) for x in table.xs]
    cells = tuple(
        replace(c, column=at[c.column], column_span=at[c.column + c.column_span] - at[c.column]) for c in table.cells
    )
    return replace(table, xs=xs, cells=cells)


def _row_texts(table: PageTable, row: int) -> list[tuple[int, str]]:
    return sorted((c.column, re.sub(r"\s", "", c.text)) for c in table.cells if c.row == row)


def _repeated_rows(first: PageTable, second: PageTable, header: int) -> int:
    """How many leading rows of the second page repeat the first page's."""
    count = 0
    while count < min(len(first.row_pages), len(second.row_pages)) - 1:
        texts = _row_texts(second, count)
        if texts != _row_texts(first, count) or not any(text for _, text in texts):
            break
        count += 1
    return count if count >= min(header, 1) else 0


def _is_rest_of_row(first: PageTable, rest: Sequence[CellSpec]) -> bool:
    """Whether the first row overleaf only finishes cells: its leading cell is empty, and no cell is new."""
    last = len(first.row_pages) - 1
    top = [c for c in rest if c.row == 0]
    if any(c.row_span > 1 for c in top) or not any(c.text for c in top):
        return False
    above = {c.column: c for c in first.cells if c.row + c.row_span - 1 == last}
    lead = min(top, key=lambda c: c.column)
    over = above.get(lead.column)
    if lead.text or over is None or not over.text or over.row_span > 1:
        return False
    return all(not c.text or (c.column in above and above[c.column].text) for c in top)


def _with_rest(cells: Sequence[CellSpec], rest: Sequence[CellSpec], rows: int) -> list[CellSpec]:
    more = {c.column: c.text for c in rest if c.row == 0 and c.text}
    return [
        replace(c, text=_finished(c.text, more[c.column])) if c.row + c.row_span == rows and c.column in more else c
        for c in cells
    ]


def _finished(text: str, more: str) -> str:
    starts_new = leading_number(more) or strip_bullet(more)[1]
    return f"{text}\n{more}" if starts_new or _SENTENCE_END.search(text) else join_lines(text, more)


def _spans_joined(
    cells: Sequence[CellSpec], rest: Sequence[CellSpec], rows: int
) -> tuple[list[CellSpec], list[CellSpec]]:
    """Merged cells that the page cut in two made one again, where the lower part has no text of its own."""
    upper = {(c.column, c.column_span): c for c in cells if c.row + c.row_span == rows}
    grown: dict[int, CellSpec] = {}
    kept: list[CellSpec] = []
    for cell in rest:
        above = upper.get((cell.column, cell.column_span))
        cut = above is not None and cell.row == 0 and max(cell.row_span, above.row_span) > 1
        if above is not None and cut and cell.text in ("", above.text):
            grown[id(above)] = replace(above, row_span=above.row_span + cell.row_span)
        else:
            kept.append(cell)
    return [grown.get(id(c), c) for c in cells], kept
