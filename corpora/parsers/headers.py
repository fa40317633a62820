"""Guesses how many leading rows of a table name its columns; one heuristic for all formats."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpora.document_builder import CellSpec

_LABEL_LENGTH = 16
_MAX_HEADER_ROWS = 4
_NUMBERISH = re.compile(r"^[\d\s.,%％/（）()+\-—–*×√:：]+$")
_SENTENCE = re.compile(r"[。；;！？]")
_MARKED = re.compile(r"^\s*(?:\d+[.．、)）]|[（(]?[一二三四五六七八九十]+[)）、]|[①-⑳])")


def guess_header_rows(cells: Sequence[CellSpec]) -> int:
    """Number of leading rows that are headers.

    A header row has at least two labelled columns, and all its texts are short labels: no sentence, no bare number, no
    enumerator. A second (third …) row is a header only when a cell of the rows above spans several columns over it, or
    spans down into it, so that it refines the labels above.

    Parameters
    ----------
    cells : the table's origin cells with spans.

    Returns
    -------
    0 when the first row is no header or when no row would be left under the headers.
    """
    if not cells:
        return 0
    total = max(c.row + c.row_span for c in cells)
    rows: dict[int, list[CellSpec]] = {}
    for cell in cells:
        rows.setdefault(cell.row, []).append(cell)
    count = 0
    while count < min(_MAX_HEADER_ROWS, total - 1) and _is_label_row(rows.get(count, [])):
        if count and not _refines(cells, rows[count], count):
            break
        count += 1
    return count


def _is_label_row(row: Sequence[CellSpec]) -> bool:
    texts = [c.text.strip() for c in row if c.text.strip()]
    if len(texts) < 2 and not any(c.row_span > 1 for c in row):
        return False
    return bool(texts) and all(_is_label(text) for text in texts)


def _is_label(text: str) -> bool:
    flat = re.sub(r"\s+", "", text)
    return len(flat) <= _LABEL_LENGTH and not (_NUMBERISH.match(flat) or _SENTENCE.search(flat) or _MARKED.match(text))


def _refines(cells: Sequence[CellSpec], row: Sequence[CellSpec], number: int) -> bool:
    above = [c for c in cells if c.row < number]
    spanning_down = any(c.row + c.row_span > number for c in above)
    wide = [c for c in above if c.column_span > 1 and c.row + c.row_span == number]
    under = any(w.column <= c.column < w.column + w.column_span for w in wide for c in row if c.text.strip())
    return spanning_down or under
