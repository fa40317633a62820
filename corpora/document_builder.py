"""Builds a Document: the one place where paragraphs and tables are numbered and offsets are counted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from corpora.document import Block, BlockKind, Cell, Document, ErrorItem, Locator, Part, Table

CELL_SEPARATOR = "\t"


@dataclass(frozen=True, slots=True)
class CellSpec:
    """A cell to be placed: its text at its origin (row, column from 0) with its spans."""

    text: str
    row: int
    column: int
    row_span: int = 1
    column_span: int = 1


class DocumentBuilder:
    """Collects blocks in reading order and numbers them.

    Parameters
    ----------
    name : file name without folders.
    data : the file's bytes, for the hash.
    format : the parser's format name.
    """

    def __init__(self, name: str, data: bytes, format: str) -> None:
        self.name, self.format = name, format
        self.title = ""
        self.pages: int | None = None
        self.recognised_pages: set[int] = set()
        self._sha256 = sha256(data).hexdigest()
        self._blocks: list[Block] = []
        self._tables: list[Table] = []
        self._errors: list[ErrorItem] = []
        self._recognised: list[tuple[int, int]] = []
        self._offset = 0

    def add(
        self, kind: BlockKind, text: str, *, level: int = 0, number: str = "", page: int | None = None
    ) -> Block | None:
        """Append a block; text is kept verbatim but for surrounding white space. Blank text adds nothing."""
        text = text.strip()
        if not text:
            return None
        locator = Locator(self._offset, self._offset + len(text), len(self._blocks) + 1, page)
        return self._append(Block(kind, text, locator, level, number))

    def add_table(
        self,
        cells: Sequence[CellSpec],
        *,
        header_rows: int = 0,
        caption: str = "",
        parent: tuple[int, int, int] | None = None,
        page: int | None = None,
        row_pages: Sequence[int] | None = None,
        origin: tuple[int, int] = (0, 0),
    ) -> Table:
        """Append a table: one block a row that has text, cells joined by tabs, each cell with its offsets.

        Parameters
        ----------
        cells : origin cells; order does not matter.
        header_rows : number of leading header rows.
        caption : the table's title or the sheet's name.
        parent : (table, row, cell), each from 1, for a nested table.
        page : page of the whole table.
        row_pages : page of each grid row, for a table that runs over pages; overrides ``page``.
        origin : row and column, from 0, of the sheet's cell that the grid begins with.
        """
        rows = max((c.row + c.row_span for c in cells), default=0)
        columns = max((c.column + c.column_span for c in cells), default=0)
        number = len(self._tables) + 1
        self._tables.append(Table(number, rows, columns, ()))
        by_row: dict[int, list[CellSpec]] = {}
        for cell in cells:
            by_row.setdefault(cell.row, []).append(cell)
        placed: list[Cell] = []
        for row in sorted(by_row):
            row_page = row_pages[row] if row_pages and row < len(row_pages) else page
            placed += self._add_row(number, row, sorted(by_row[row], key=lambda c: c.column), row_page)
        table = Table(number, rows, columns, tuple(placed), header_rows, caption, parent, origin)
        self._tables[number - 1] = table
        return table

    def _add_row(self, table: int, row: int, cells: Sequence[CellSpec], page: int | None) -> list[Cell]:
        texts = [cell.text.strip() for cell in cells]
        placed, offset = [], self._offset
        for cell, text in zip(cells, texts, strict=True):
            placed.append(
                Cell(text, cell.row, cell.column, offset, offset + len(text), cell.row_span, cell.column_span)
            )
            offset += len(text) + len(CELL_SEPARATOR)
        if any(texts):
            joined = CELL_SEPARATOR.join(texts)
            locator = Locator(self._offset, self._offset + len(joined), len(self._blocks) + 1, page, table, row + 1)
            self._append(Block("table_row", joined, locator))
        return placed

    def add_document(self, document: Document, first: int = 0, last: int | None = None) -> Part:
        """Append another document's blocks and tables, counted on from here; its errors are not taken over.

        Parameters
        ----------
        document : the document; one that has parts itself counts as one file.
        first, last : append only its blocks from index ``first`` up to ``last`` (exclusive), with their tables.

        Returns
        -------
        The part that they are now.
        """
        blocks = document.blocks[first:last]
        head, tail = document.blocks[:first], document.blocks[first + len(blocks) :]
        before, behind = (
            (_tables_in(head) if head else 0),
            (_tables_in((*head, *blocks)) if tail else len(document.tables)),
        )
        begin = blocks[0].locator.start if blocks else 0
        part = Part(
            document.name,
            document.sha256,
            document.format,
            self._offset,
            self._offset + (blocks[-1].locator.end - begin if blocks else 0),
            len(self._tables) - before,
            len(self._blocks) - first,
        )
        shift = part.start - begin
        self._tables += [_moved_table(table, part, shift) for table in document.tables[before:behind]]
        for block in blocks:
            self._append(replace(block, locator=_moved(block.locator, part, shift)))
        inside = ((max(start + shift, part.start), min(end + shift, part.end)) for start, end in document.recognised)
        self._recognised += [(start, end) for start, end in inside if start < end]
        return part

    def add_error(self, where: str, what: str) -> None:
        """Record a part that could not be read."""
        self._errors.append(ErrorItem(where, what))

    def build(self, parts: Sequence[Part] = ()) -> Document:
        """The finished document; ``parts`` are the files that it was joined from."""
        return Document(
            self.name,
            self._sha256,
            self.format,
            tuple(self._blocks),
            tuple(self._tables),
            self.title,
            self.pages,
            tuple(self._errors),
            tuple(parts),
            (*self._recognised, *self._recognised_here()),
        )

    def _recognised_here(self) -> list[tuple[int, int]]:
        """Stretches of the blocks that stand on pages read by OCR."""
        found: list[tuple[int, int]] = []
        for block in self._blocks if self.recognised_pages else ():
            if block.locator.page in self.recognised_pages:
                start = found.pop()[0] if found and found[-1][1] + 1 == block.locator.start else block.locator.start
                found.append((start, block.locator.end))
        return found

    def _append(self, block: Block) -> Block:
        self._blocks.append(block)
        self._offset = block.locator.end + 1
        return block


def _tables_in(blocks: Iterable[Block]) -> int:
    """Number of the last table that has a row among the blocks."""
    return max((block.locator.table or 0 for block in blocks), default=0)


def _moved(locator: Locator, part: Part, shift: int) -> Locator:
    return replace(
        locator,
        start=locator.start + shift,
        end=locator.end + shift,
        paragraph=locator.paragraph + part.paragraphs,
        table=None if locator.table is None else locator.table + part.tables,
    )


def _moved_table(table: Table, part: Part, shift: int) -> Table:
    cells = tuple(replace(c, start=c.start + shift, end=c.end + shift) for c in table.cells)
    parent = (table.parent[0] + part.tables, *table.parent[1:]) if table.parent else None
    return replace(table, number=table.number + part.tables, cells=cells, parent=parent)
