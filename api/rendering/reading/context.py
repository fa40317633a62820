"""A quote where it stands: the sentence before and after, or the rows of its table."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from alignment.model import Evidence
from corpora.document import Block, Cell, Document, Table
from corpora.table_layout import is_number

#: Most characters of the text before and behind a quote.
ASIDE = 90
#: Most characters of a cell beside the quote's one, and of a neighbouring row.
CELL, ROW = 80, 110
_SENTENCE = re.compile(r"[^。！？；\n]*[。！？；\n]?")


@dataclass(frozen=True, slots=True)
class ContextCell:
    """A cell of a quote's row under its column's name; ``before`` and ``after`` stand around what is quoted of it."""

    label: str
    before: str
    quote: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """A quote with what stands around it.

    Parameters
    ----------
    quote : the text quoted.
    before, after : the sentence before and after, or the row above and below on one line.
    cells : the cells of the quote's row; empty outside tables.
    caption : title of the table.
    """

    quote: str
    before: str = ""
    after: str = ""
    cells: tuple[ContextCell, ...] = ()
    caption: str = ""


class Surroundings:
    """Finds what stands around a quote.

    Parameters
    ----------
    document : the document that the quotes are of.
    """

    def __init__(self, document: Document) -> None:
        self.document = document

    @cached_property
    def _starts(self) -> list[int]:
        return [block.locator.start for block in self.document.blocks]

    def of(self, evidence: Evidence) -> Context:
        """The quote in context; alone where its place is not in the document."""
        place = evidence.locator
        if not 0 <= place.start < place.end <= len(self.document.text):
            return Context(evidence.quote)
        if place.table and place.table <= len(self.document.tables):
            table = self.document.tables[place.table - 1]
            cell = next((c for c in table.cells if c.start <= place.start < c.end), None)
            if cell is not None:
                return _in_table(table, cell, evidence)
        return self._text(evidence)

    def _text(self, evidence: Evidence) -> Context:
        text, place = self.document.text, evidence.locator
        number = max(bisect_right(self._starts, place.start) - 1, 0)
        block = self.document.blocks[number]
        before = text[block.locator.start : place.start]
        after = text[place.end : max(block.locator.end, place.end)]
        if not before.strip():
            above = _last(self._neighbour(number - 1))
            before = f"{above}\n" if above else ""
        else:
            before = _last(before)
        if not after.strip():
            below = _first(self._neighbour(number + 1))
            after = f"\n{below}" if below else ""
        else:
            after = _first(after)
        return Context(text[place.start : place.end], before, after)

    def _neighbour(self, number: int) -> str:
        """The text of a block beside the quote's, where it is running text too."""
        if not 0 <= number < len(self.document.blocks):
            return ""
        block: Block = self.document.blocks[number]
        return "" if block.kind in ("table_row", "heading") else block.text


def _last(text: str) -> str:
    """The last sentence of a text, its end where that is long."""
    sentences = [found for found in _SENTENCE.findall(text) if found.strip()]
    last = sentences[-1] if sentences else ""
    return last if len(last) <= ASIDE else "…" + last[-ASIDE:]


def _first(text: str) -> str:
    """The first sentence of a text, with the mark that the quote's own sentence ends with before it."""
    sentences = [found for found in _SENTENCE.findall(text) if found.strip()]
    if len(sentences) > 1 and len(sentences[0].strip()) == 1:
        sentences = [sentences[0] + sentences[1]]
    first = sentences[0] if sentences else ""
    return first if len(first) <= ASIDE else first[:ASIDE] + "…"


def _in_table(table: Table, quoted: Cell, evidence: Evidence) -> Context:
    """A quote in its row, with the row above (unless that is the header) and below."""
    start, end = evidence.locator.start, evidence.locator.end
    row = (cell for cell in table.row_cells(quoted.row) if cell is quoted or _speaks(cell))
    cells = (_cell(table, cell, quoted, start, end) for cell in row)
    above = _row(table, quoted.row - 1) if quoted.row > table.header_rows else ""
    below = _row(table, quoted.row + quoted.row_span)
    return Context(evidence.quote, above, below, tuple(cells), table.caption)


def _row(table: Table, row: int) -> str:
    """A row on one line; empty beyond the table."""
    if not 0 <= row < table.rows:
        return ""
    line = " ｜ ".join(" ".join(cell.text.split()) for cell in table.row_cells(row) if _speaks(cell))
    return line if len(line) <= ROW else line[: ROW - 1] + "…"


def _speaks(cell: Cell) -> bool:
    """Whether a cell holds more than a number."""
    return bool(cell.text.strip()) and not is_number(cell.text.strip())


def _cell(table: Table, cell: Cell, quoted: Cell, start: int, end: int) -> ContextCell:
    names = table.header(cell.column) if cell.row >= table.header_rows else ()
    label = " › ".join(" ".join(name.split()) for name in names)
    if cell is not quoted:
        text = " ".join(cell.text.split())
        return ContextCell(label, text if len(text) <= CELL else text[: CELL - 1] + "…")
    a, b = max(start - cell.start, 0), min(end - cell.start, len(cell.text))
    before, after = cell.text[:a], cell.text[b:]
    before = before if len(before) <= ASIDE else "…" + before[-ASIDE:]
    after = after if len(after) <= ASIDE else after[:ASIDE] + "…"
    return ContextCell(label, before, cell.text[a:b], after)
