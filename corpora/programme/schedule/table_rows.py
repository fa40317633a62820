"""A course table with its rows, and the places of its cells in the document."""

from __future__ import annotations

from dataclasses import dataclass

from corpora.document import Cell, Document, Locator, Table
from corpora.programme.model import SemesterCell, Unit
from corpora.programme.schedule.columns import Columns
from corpora.programme.schedule.rows import Row


@dataclass(frozen=True)
class TableRows:
    """A schedule table with its rows, the unit of its plain semester figures and the headings around it.

    ``semester`` is the one that the heading names, for a table of one semester.
    """

    document: Document
    layout: Columns
    rows: tuple[Row, ...]
    unit: Unit
    context: tuple[str, ...]
    semester: SemesterCell | None = None

    @property
    def header(self) -> tuple[tuple[str, ...], ...]:
        """The texts of the table's header."""
        return self.layout.signature

    @property
    def table(self) -> Table:
        """The table itself."""
        return self.layout.table


def locate(document: Document, table: Table, cell: Cell, last: Cell | None = None) -> Locator:
    """The place of a cell, or of the cells from one to another of the same row."""
    block = _block(document, cell.start)
    end = max(cell.end, last.end) if last is not None else cell.end
    start = min(cell.start, last.start) if last is not None else cell.start
    return Locator(start, end, block[0], block[1], table.number, cell.row + 1, cell.column + 1)


def _block(document: Document, offset: int) -> tuple[int, int | None]:
    """Number and page of the block at an offset, by bisection: blocks stand in the order of their offsets."""
    low, high = 0, len(document.blocks)
    while high - low > 1:
        middle = (low + high) // 2
        if document.blocks[middle].locator.start <= offset:
            low = middle
        else:
            high = middle
    if not document.blocks:
        return 1, None
    locator = document.blocks[low].locator
    return locator.paragraph, locator.page
