"""A read document: blocks and tables with locators, and the segments cut from it.

``Document.text`` is the one coordinate system: block texts in reading order joined by a line break. Every offset
(``Locator.start``/``end``, ``Cell.start``/``end``) counts characters of that text, so that a program resolves any
locator by slicing, while ``page``, ``paragraph``, ``table``, ``row`` and ``cell`` (all counted from 1) tell a person
where to look.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

BlockKind = Literal["heading", "paragraph", "list_item", "table_row", "footnote", "text_box"]
Role = Literal["objective", "content", "practice", "assessment", "resource", "other"]
DocumentKind = Literal["syllabus", "plan", "textbook"]

ROLES: tuple[Role, ...] = ("objective", "content", "practice", "assessment", "resource", "other")


@dataclass(frozen=True, slots=True)
class Locator:
    """Where a stretch of text stands.

    Parameters
    ----------
    start, end : character offsets into ``Document.text``; ``end`` is exclusive.
    paragraph : number of the block in reading order, from 1; a table row is one block.
    page : page number from 1, or None where the format has no pages (docx, md, xlsx …).
    table, row, cell : number of the table in the document, of the row in it and of the cell's grid column, from 1;
        None outside tables. For a workbook, a table is a sheet.
    """

    start: int
    end: int
    paragraph: int
    page: int | None = None
    table: int | None = None
    row: int | None = None
    cell: int | None = None

    def slice(self, start: int, end: int) -> Locator:
        """The same place narrowed to the absolute offsets ``start``..``end``."""
        return replace(self, start=start, end=end)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table at its top-left grid position.

    ``row`` and ``column`` count from 0; ``start``/``end`` are offsets of its text in ``Document.text``.
    """

    text: str
    row: int
    column: int
    start: int
    end: int
    row_span: int = 1
    column_span: int = 1

    def covers(self, row: int, column: int) -> bool:
        """Whether the cell, with its spans, lies over a grid position."""
        return self.row <= row < self.row + self.row_span and self.column <= column < self.column + self.column_span


@dataclass(frozen=True)
class Table:
    """A table as a grid of cells, each listed once at its origin.

    Parameters
    ----------
    number : number of the table in the document, from 1.
    rows, columns : size of the grid.
    cells : origin cells in reading order; merged cells carry spans.
    header_rows : number of leading rows that name the columns (0 when there are none).
    caption : title above the table, or the sheet's name.
    parent : (table, row, cell), each from 1, of the cell that a nested table stands in.
    origin : row and column, from 0, of the sheet's cell that the grid begins with (its empty border is left out).
    """

    number: int
    rows: int
    columns: int
    cells: tuple[Cell, ...]
    header_rows: int = 0
    caption: str = ""
    parent: tuple[int, int, int] | None = None
    origin: tuple[int, int] = (0, 0)

    @cached_property
    def _grid(self) -> dict[tuple[int, int], Cell]:
        grid: dict[tuple[int, int], Cell] = {}
        for cell in self.cells:
            for row in range(cell.row, cell.row + cell.row_span):
                for column in range(cell.column, cell.column + cell.column_span):
                    grid.setdefault((row, column), cell)
        return grid

    def cell_at(self, row: int, column: int) -> Cell | None:
        """The cell over grid position (row, column), both from 0, spans included; None where there is none."""
        return self._grid.get((row, column))

    def row_cells(self, row: int) -> tuple[Cell, ...]:
        """The distinct cells over one grid row, left to right, those that span down from above included."""
        found: dict[int, Cell] = {}
        for column in range(self.columns):
            cell = self.cell_at(row, column)
            if cell is not None:
                found.setdefault(id(cell), cell)
        return tuple(found.values())

    def header(self, column: int) -> tuple[str, ...]:
        """The header texts over one column, top down, without repeats and empty ones."""
        texts = (self.cell_at(row, column) for row in range(self.header_rows))
        return tuple(dict.fromkeys(cell.text.strip() for cell in texts if cell and cell.text.strip()))


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading, list item, table row, footnote or text box.

    Parameters
    ----------
    kind : what it is.
    text : verbatim text as a reader sees it, a restored auto-number included.
    locator : where it stands; ``locator.start``/``end`` enclose exactly ``text``.
    level : outline level from 1 for headings and list items, 0 otherwise.
    number : the leading number (``一、``, ``1.1``, ``①``) when the text begins with one, else "".
    """

    kind: BlockKind
    text: str
    locator: Locator
    level: int = 0
    number: str = ""


@dataclass(frozen=True, slots=True)
class ErrorItem:
    """One part of a document that could not be read; the rest was.

    ``where`` names the page, sheet or part, ``what`` says what is wrong, both in Chinese.
    """

    where: str
    what: str


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a document that was joined from several.

    ``start``/``end`` are the offsets of its text in ``Document.text``; ``tables`` and ``paragraphs`` say how many of
    both stand before it, so that ``locator.table - part.tables`` is the number of the table in its own file.
    """

    name: str
    sha256: str
    format: str
    start: int
    end: int
    tables: int = 0
    paragraphs: int = 0


@dataclass(frozen=True)
class Document:
    """A read document.

    Parameters
    ----------
    name : file name without folders.
    sha256 : hex digest of the file's bytes.
    format : the parser's format name (``docx``, ``pdf`` …).
    blocks : blocks in reading order.
    tables : tables in reading order; ``tables[i].number == i + 1``.
    title : the document's title as found in it or in its metadata, else "".
    pages : number of pages, None where the format has none.
    errors : parts that could not be read.
    parts : the files it was joined from, in order; empty for a single file.
    recognised : (start, end) offsets of the stretches of text that OCR read from pictures of pages.
    """

    name: str
    sha256: str
    format: str
    blocks: tuple[Block, ...]
    tables: tuple[Table, ...] = ()
    title: str = ""
    pages: int | None = None
    errors: tuple[ErrorItem, ...] = ()
    parts: tuple[Part, ...] = ()
    recognised: tuple[tuple[int, int], ...] = ()

    @cached_property
    def text(self) -> str:
        """All block texts joined by a line break: the coordinate system of every locator."""
        return "\n".join(block.text for block in self.blocks)

    def resolve(self, locator: Locator) -> str:
        """The characters a locator points at."""
        return self.text[locator.start : locator.end]

    def block_at(self, offset: int) -> Block:
        """The block that holds a character offset.

        Raises
        ------
        IndexError : the offset lies outside the document.
        """
        for block in self.blocks:
            if block.locator.start <= offset <= block.locator.end:
                return block
        raise IndexError(f"offset {offset} outside the document's {len(self.text)} characters")


@dataclass(frozen=True)
class Segment:
    """A passage that is embedded and can be quoted.

    Parameters
    ----------
    number : position in the document's list of segments, from 0.
    text : the passage; the resolved locators joined without a separator.
    locators : the stretches it is made of (more than one when a page or cell border cuts it).
    role : where in a syllabus it stands.
    heading_path : headings above it, outermost first, then the row's and column's labels when in a table.
    hours : class hours of its table row, None where none is stated.
    """

    number: int
    text: str
    locators: tuple[Locator, ...]
    role: Role = "other"
    heading_path: tuple[str, ...] = ()
    hours: float | None = None

    @property
    def context(self) -> str:
        """Heading path and text in one string, as it is embedded with its surroundings."""
        return " ".join((*self.heading_path, self.text))


@dataclass(frozen=True, slots=True)
class Hours:
    """Class hours of a document.

    ``stated`` is the total it names, ``table_sum`` the sum over its schedule table; None where it has none.
    """

    stated: float | None = None
    table_sum: float | None = None

    @property
    def contradict(self) -> bool:
        """Whether both are known and differ."""
        return self.stated is not None and self.table_sum is not None and self.stated != self.table_sum


@dataclass(frozen=True)
class SegmentedDocument:
    """A document with its segments, hours and kind: what alignment works on."""

    document: Document
    segments: tuple[Segment, ...]
    kind: DocumentKind = "syllabus"
    hours: Hours = field(default_factory=Hours)
