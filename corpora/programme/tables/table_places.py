"""Tables of a stretch of a document, and the place of each of their cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from corpora.document import Block, Cell, Document, Locator, Table
from corpora.programme.model import Figure
from corpora.programme.schedule.cells import flat, number


class TablePlaces:
    """The tables of a stretch of a document.

    Parameters
    ----------
    document : the document.
    start, end : the stretch, offsets into ``Document.text``.
    """

    def __init__(self, document: Document, start: int, end: int) -> None:
        self._rows = _table_rows(document, start, end)
        self._tables = {table.number: table for table in document.tables}

    def __iter__(self) -> Iterator[Table]:
        for number_ in dict.fromkeys(table for table, _ in self._rows):
            yield self._tables[number_]

    def locator(self, table: Table, cell: Cell) -> Locator:
        """The place of a cell."""
        row = self._rows.get((table.number, cell.row + 1))
        paragraph, page = (row.locator.paragraph, row.locator.page) if row else (1, None)
        return Locator(cell.start, cell.end, paragraph, page, table.number, cell.row + 1, cell.column + 1)

    def figure(self, table: Table, cell: Cell | None, scale: float = 1.0) -> Figure | None:
        """The number of a cell; None where it holds none."""
        value = None if cell is None else plain_number(cell.text)
        if cell is None or value is None:
            return None
        return Figure(value * scale, cell.text, self.locator(table, cell))


def _table_rows(document: Document, start: int, end: int) -> Mapping[tuple[int, int], Block]:
    return {
        (block.locator.table, block.locator.row): block
        for block in document.blocks
        if block.locator.table and block.locator.row and start <= block.locator.start < end
    }


def plain_number(text: str) -> float | None:
    """The number of a cell of figures: ``608``, ``28.09%``, ``16周``; None for words, ranges and marks."""
    plain = flat(text).rstrip("%％周门")
    return number(plain) if plain else None
