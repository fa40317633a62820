"""A whole document as a page shows it: headings, paragraphs, lists, tables, with the passages that serve elements.

A long document is cut into chunks, so that a page can begin with some of them and fetch the others when they are
needed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from alignment.model import GapReport
from api.rendering.reading.marks import Marks, Piece, stretches
from api.rendering.reading.outline import Outline, Section
from corpora.document import Block, Cell, Document, Table

#: A chunk is closed at the next heading once it is this long, and anywhere at twice this, in blocks.
CHUNK = 120
#: A document with more blocks than this comes in parts.
WHOLE = 2000
#: Rows of one piece of a long table.
ROWS = 100


@dataclass(frozen=True, slots=True)
class Item:
    """A block, or some rows of a table; ``weight`` in blocks."""

    kind: Literal["heading", "text", "table"]
    start: int
    end: int
    block: Block
    depth: int = 0
    table: Table | None = None
    rows: tuple[int, int] = (0, 0)

    @property
    def weight(self) -> int:
        """How many blocks it stands for."""
        return max(self.rows[1] - self.rows[0], 1)


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some items in a row; ``number`` from 0."""

    number: int
    items: tuple[Item, ...]

    @property
    def start(self) -> int:
        """Offset of its first character."""
        return self.items[0].start

    @property
    def end(self) -> int:
        """Offset behind its last character."""
        return self.items[-1].end

    @property
    def weight(self) -> int:
        """How many blocks it holds."""
        return sum(item.weight for item in self.items)


@dataclass(frozen=True, slots=True)
class CellView:
    """A cell of a table with its spans; ``pieces`` are its text."""

    cell: Cell
    pieces: tuple[Piece, ...]
    header: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A section of the outline with how many elements it serves, those under it counted."""

    section: Section
    elements: int


class DocumentView:
    """A document with its report.

    Parameters
    ----------
    document, report : what was read, and what was found in it.
    everything : also mark what serves elements outside the scope.
    here : offsets of a place that somebody asked for; (0, 0) for none.
    """

    def __init__(
        self, document: Document, report: GapReport, here: tuple[int, int] = (0, 0), everything: bool = False
    ) -> None:
        self.document, self.report, self.here, self.everything = document, report, here, everything

    @cached_property
    def outline(self) -> Outline:
        """Headings of the document."""
        return Outline.of(self.document)

    @cached_property
    def marks(self) -> Marks:
        """Passages that serve elements."""
        return Marks(stretches(self.document, self.report.matches if self.everything else self.report.scoped_matches))

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """The outline with counts; what stands before the first heading has no entry."""
        outline = self.outline
        return tuple(
            Entry(section, len(self.marks.elements(*outline.below(section))))
            for section in outline.sections
            if section.title
        )

    @cached_property
    def chunks(self) -> tuple[Chunk, ...]:
        """The whole document in chunks."""
        return tuple(Chunk(number, items) for number, items in enumerate(_chunks(self._items())))

    @property
    def in_parts(self) -> bool:
        """Whether the document is so long that a page begins with a part of it."""
        return len(self.document.blocks) > WHOLE

    def shown(self, chunk: Chunk) -> bool:
        """Whether a page begins with a chunk: all of a short document, else the first and the one asked for."""
        asked = self.here[1] > 0 and chunk.start <= self.here[0] <= chunk.end
        return not self.in_parts or chunk.number == 0 or asked

    def pieces(self, item: Item) -> tuple[Piece, ...]:
        """The text of a heading or paragraph in pieces."""
        return self.marks.pieces(item.block.text, item.start, self.here)

    def rows(self, item: Item) -> Iterator[tuple[CellView, ...]]:
        """The rows of a table in cells, each cell once, where it begins; a later part repeats the header."""
        table = item.table
        assert table is not None
        first, last = item.rows
        repeated = range(min(table.header_rows, first)) if first else range(0)
        for row in (*repeated, *range(first, last)):
            yield tuple(self._cell(table, cell) for cell in self._origins(table).get(row, ()))

    def served(self, item: Item) -> bool:
        """Whether a part of it serves an element."""
        return bool(self.marks.between(item.start, item.end))

    @cached_property
    def idle_chars(self) -> float:
        """Share of the text outside headings that serves nothing, in 0..1."""
        length = sum(
            block.locator.end - block.locator.start for block in self.document.blocks if block.kind != "heading"
        )
        marked = sum(mark.end - mark.start for mark in self.marks.marks)
        return max(1 - marked / length, 0.0) if length else 1.0

    def _origins(self, table: Table) -> dict[int, list[Cell]]:
        if table.number not in self._cells:
            rows: dict[int, list[Cell]] = {}
            for cell in table.cells:
                rows.setdefault(cell.row, []).append(cell)
            self._cells[table.number] = rows
        return self._cells[table.number]

    @cached_property
    def _cells(self) -> dict[int, dict[int, list[Cell]]]:
        return {}

    def _cell(self, table: Table, cell: Cell) -> CellView:
        return CellView(cell, self.marks.pieces(cell.text, cell.start, self.here), cell.row < table.header_rows)

    def _items(self) -> Iterator[Item]:
        depths = {section.start: section.depth for section in self.outline.sections if section.title}
        seen: set[int] = set()
        for block in self.document.blocks:
            place = block.locator
            if block.kind == "table_row" and place.table and place.table <= len(self.document.tables):
                if place.table not in seen:
                    seen.add(place.table)
                    yield from _table_items(self.document.tables[place.table - 1], block)
            elif block.text.strip():
                depth = depths.get(place.start, 0)
                kind: Literal["heading", "text"] = "heading" if depth or block.kind == "heading" else "text"
                yield Item(kind, place.start, place.end, block, depth or block.level)


def _table_items(table: Table, block: Block) -> Iterator[Item]:
    """A table in pieces of about ``ROWS`` rows, cut where no cell reaches over the cut."""
    first = 0
    for last in _cuts(table):
        cells = [cell for cell in table.cells if first <= cell.row < last]
        start = min((cell.start for cell in cells), default=block.locator.start)
        end = max((cell.end for cell in cells), default=block.locator.end)
        yield Item("table", start, end, block, table=table, rows=(first, last))
        first = last


def _cuts(table: Table) -> Iterator[int]:
    held = {row for cell in table.cells for row in range(cell.row + 1, cell.row + cell.row_span)}
    since = 0
    for row in range(1, table.rows):
        if row - since >= ROWS and row not in held:
            since = row
            yield row
    yield table.rows


def _chunks(items: Iterator[Item]) -> Iterator[tuple[Item, ...]]:
    """Items in chunks: a new one at a heading once the last is long enough."""
    open_: list[Item] = []
    weight = 0
    for item in items:
        if open_ and (weight >= 2 * CHUNK or (weight >= CHUNK and item.kind == "heading")):
            yield tuple(open_)
            open_, weight = [], 0
        open_.append(item)
        weight += item.weight
    if open_:
        yield tuple(open_)


def serving(report: GapReport, elements: Sequence[str]) -> tuple[str, ...]:
    """Those of the elements that the report knows: first the scope's, the covered ones before the touched."""
    scope = {match.element.id for match in report.scoped_matches}
    known = [report.match_of[name] for name in elements if name in report.match_of]
    found = sorted(known, key=lambda match: (match.element.id not in scope, -match.grade))
    return tuple(match.element.id for match in found)
