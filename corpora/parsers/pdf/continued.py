"""Tables that go on overleaf: told by their columns, joined with what the page cut in two."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from corpora.document_builder import CellSpec
from corpora.parsers.cleaning import join_lines
from corpora.parsers.headers import guess_header_rows
from corpora.parsers.outline import leading_number, strip_bullet
from corpora.parsers.pdf.cut_labels import spans_joined
from corpora.parsers.pdf.tables import SENTENCE_END, PageTable

_COLUMN_SHIFT = 6.0
_LONG = 20
_FIGURE = re.compile(r"[\d.+*×/-]+周?")


def goes_on(first: PageTable, second: PageTable, marked: bool) -> bool:
    """Whether the second table is the rest of the first: the columns agree, or the header is repeated.

    It stands on the next page, or, ``marked`` by 续表 or by its title once more between the two, on the same one.
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
    rows = len(first.row_pages)
    shared = int(bool(rest) and _is_rest_of_row(first, rest))
    cells, rest = spans_joined(first.cells, rest, rows, shared)
    if shared:
        cells = _with_rest(cells, rest, rows)
        rest = [c for c in rest if c.row > 0 or c.row_span > 1]
    down = rows - shared
    cells += [replace(c, row=c.row + down) for c in rest]
    full = {(row + down - skip, column) for row, column in second.full if row >= skip + shared}
    return replace(
        first,
        cells=tuple(cells),
        row_pages=(*first.row_pages, *second.row_pages[skip + shared :]),
        header_rows=header,
        full=first.full | full,
    )


def _on_columns(table: PageTable, xs: tuple[float, ...]) -> PageTable:
    """The table on a finer grid of columns that holds all its own borders."""
    if len(table.xs) == len(xs):
        return table
    at = [min(range(len(xs)), key=lambda i: abs(xs[i] - x)) for x in table.xs]
    cells = tuple(
        replace(c, column=at[c.column], column_span=at[c.column + c.column_span] - at[c.column]) for c in table.cells
    )
    return replace(table, xs=xs, cells=cells, full=frozenset((row, at[column]) for row, column in table.full))


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
    """Whether the first row overleaf only finishes cells of the row above: no cell is new.

    Merged cells that go on beside them say nothing. Where the leading cell is empty no figure may stand under a figure,
    and a cell above must be full to the edge, long, or the last of its row; else all cells above must be full and most
    cells of the row be empty.
    """
    last = len(first.row_pages) - 1
    top = [c for c in rest if c.row == 0 and c.row_span == 1]
    above = {(c.column, c.column_span): c for c in first.cells if c.row == last and c.row_span == 1 and c.text}
    pairs = [(above.get((c.column, c.column_span)), c) for c in top if c.text]
    cut = [(over, c) for over, c in pairs if over is not None]
    if not cut or len(cut) < len(pairs):
        return False
    full = [(over.row, over.column) in first.full for over, _ in cut]
    lead = min(top, key=lambda c: c.column)
    figures = any(_FIGURE.fullmatch(over.text) and _FIGURE.fullmatch(c.text) for over, c in cut)
    if not lead.text and (lead.column, lead.column_span) in above and not figures:
        last_filled = max(column for column, _ in above)
        long = any(over.column == last_filled or len(over.text) > _LONG for over, _ in cut)
        return long or any(full) or any(SENTENCE_END.search(over.text) for over, _ in cut)
    return all(full) and 2 * len(cut) <= len(above)


def _with_rest(cells: Sequence[CellSpec], rest: Sequence[CellSpec], rows: int) -> list[CellSpec]:
    more = {c.column: c.text for c in rest if c.row == 0 and c.row_span == 1 and c.text}
    return [
        replace(c, text=_finished(c.text, more[c.column])) if c.row + c.row_span == rows and c.column in more else c
        for c in cells
    ]


def _finished(text: str, more: str) -> str:
    starts_new = leading_number(more) or strip_bullet(more)[1]
    return f"{text}\n{more}" if starts_new or SENTENCE_END.search(text) else join_lines(text, more)
