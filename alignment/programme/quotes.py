"""Verbatim quotes of a document with the place where they stand."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import replace

from alignment.model import Evidence
from corpora.document import Block, Cell, Document, Locator

#: White space at the ends of a quote.
_EDGE = re.compile(r"\s*")


class Quoter:
    """Makes quotes from character offsets.

    Parameters
    ----------
    document : the document that the offsets count in.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self._blocks = sorted(document.blocks, key=lambda block: block.locator.start)
        self._starts = [block.locator.start for block in self._blocks]

    def block_at(self, offset: int) -> Block:
        """The block that holds an offset.

        Raises
        ------
        IndexError : the document has no block there.
        """
        position = bisect_right(self._starts, offset) - 1
        if position < 0:
            raise IndexError(f"offset {offset} lies before the first block")
        return self._blocks[position]

    def quote(self, start: int, end: int, similarity: float = 1.0, path: tuple[str, ...] = ()) -> Evidence:
        """The text ``start``..``end``, white space at its ends left out, narrowed to the block that it begins in."""
        text = self.document.text
        begin = _EDGE.match(text, start, end)
        start = begin.end() if begin else start
        block = self.block_at(start)
        end = min(end, block.locator.end)
        end = start + len(text[start:end].rstrip())
        locator = self._in_cell(block, start, end)
        return Evidence(text[start:end], locator, path, similarity)

    def cell(self, cell: Cell, similarity: float = 1.0, path: tuple[str, ...] = ()) -> Evidence:
        """A table cell's text."""
        return self.quote(cell.start, cell.end, similarity, path)

    def _in_cell(self, block: Block, start: int, end: int) -> Locator:
        locator = block.locator.slice(start, end)
        if block.kind != "table_row" or not locator.table or not locator.row:
            return locator
        table = self.document.tables[locator.table - 1]
        for cell in table.row_cells(locator.row - 1):
            if cell.start <= start < cell.end or start == cell.start:
                return replace(locator, cell=cell.column + 1)
        return locator
