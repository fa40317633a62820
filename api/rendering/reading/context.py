"""A quote where it stands: the sentence before and after, or the rows of its table."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from alignment.model import Evidence
from corpora import bundle
from corpora.document import Block, Cell, Document, Table

#: Most characters of the text before and behind a quote.
ASIDE = 90
#: Most characters of a cell beside the quote's one.
CELL = 60
_SENTENCE = re.compile(r"[^。！？；\n]*[。！？；\n]?")


@dataclass(frozen=True, slots=True)
class ContextCell:
    """A cell near a quote; ``quote`` is what of it is quoted, ``before`` and ``after`` stand around that."""

    before: str
    quote: str = ""
    after: str = ""
    header: bool = False


@dataclass(frozen=True, slots=True)
class ContextRow:
    """A row near a quote; ``number`` from 1 in its table."""

    number: int
    cells: tuple[ContextCell, ...]
    header: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """A quote with what stands around it: text before and after, or rows of a table."""

    quote: str
    before: str = ""
    after: str = ""
    rows: tuple[ContextRow, ...] = ()
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
                rows = tuple(_rows(table, cell, place.start, place.end))
                return Context(evidence.quote, rows=rows, caption=table.caption)
        return self._text(evidence)

    def _text(self, evidence: Evidence) -> Context:
        text, place = self.document.text, evidence.locator
        number = max(bisect_right(self._starts, place.start) - 1, 0)
        block = self.document.blocks[number]
        before = text[block.locator.start : place.start]
        after = text[place.end : max(block.locator.end, place.end)]
        if not before.strip():
            before = self._neighbour(number - 1)
        if not after.strip():
            after = self._neighbour(number + 1)
        return Context(text[place.start : place.end], _last(before), _first(after))

    def _neighbour(self, number: int) -> str:
        """The text of a block beside the quote's, where it is running text too."""
        if not 0 <= number < len(self.document.blocks):
            return ""
        block: Block = self.document.blocks[number]
        return "" if block.kind in ("table_row", "heading") else block.text


def offsets(document: Document, quote: str) -> tuple[int, int] | None:
    """Where a passage stands in a document, spaces aside; None where it does not."""
    start = document.text.find(quote)
    if start >= 0:
        return start, start + len(quote)
    words = [re.escape(word) for word in quote.split()]
    found = re.search(r"\s*".join(words), document.text) if words else None
    return found.span() if found else None


def place_of(document: Document, evidence: Evidence) -> str:
    """The position of a quote in words."""
    return bundle.place(document, evidence.locator)


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


def _rows(table: Table, quoted: Cell, start: int, end: int) -> list[ContextRow]:
    """The header, the row before, the quote's row and the row after."""
    last_header = table.header_rows - 1
    near = (row for row in (quoted.row - 1, quoted.row, quoted.row + quoted.row_span) if 0 <= row < table.rows)
    numbers = sorted({*([last_header] if last_header >= 0 else []), *near})
    return [
        ContextRow(
            row + 1,
            tuple(_cell(cell, quoted, start, end, row < table.header_rows) for cell in table.row_cells(row)),
            row < table.header_rows,
        )
        for row in numbers
    ]


def _cell(cell: Cell, quoted: Cell, start: int, end: int, header: bool) -> ContextCell:
    if cell is not quoted:
        text = " ".join(cell.text.split())
        return ContextCell(text if len(text) <= CELL else text[: CELL - 1] + "…", header=header)
    a, b = start - cell.start, min(end - cell.start, len(cell.text))
    before, after = cell.text[:a], cell.text[b:]
    before = before if len(before) <= ASIDE else "…" + before[-ASIDE:]
    after = after if len(after) <= ASIDE else after[:ASIDE] + "…"
    return ContextCell(before, cell.text[a:b], after, header)
