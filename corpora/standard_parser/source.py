"""A document as the parser reads it: lines and tables in reading order, layout undone.

Tables come as tables of the document, as tab-separated lines or as pipe tables; ``<p>`` tags in cells become line
breaks, and line breaks inside a sentence (narrow cells) are joined.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpora.document import Block, Document, Table

_BREAK_TAG = re.compile(r"\s*(?:</p>\s*<p>|<br\s*/?>|</p>|<p>)\s*", re.IGNORECASE)
_TAG = re.compile(r"</?(?:p|b|i|u|span|div|strong|em|font)\b[^>]*>", re.IGNORECASE)
_PIPE_RULE = re.compile(r"^\|?[\s:|-]+\|[\s:|-]*$")
_CONTENTS_LINE = re.compile(r"(?:\.{3,}|…{2,}|·{3,}|\t)\s*\d{1,3}\s*$")
_CELL_PARAGRAPH = re.compile(
    r"\s*(?:[①-⑳❶-❿]|[（(]\d{1,2}[）)]|\d{1,2}[.、．](?!\d)|典型工作任务|任务[一二三四五\d]|(?:运用|使用|借助|利用)\S*[、等])"
)
_SENTENCE_ENDS = ("。", "；", ";", "！", "？", "：")


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph: its block number, text, heading level (0 for none) and the numbers of blocks joined to it."""

    number: int
    text: str
    level: int = 0
    joined: tuple[int, ...] = ()

    @property
    def lines(self) -> tuple[int, ...]:
        """Numbers of all its blocks."""
        return (self.number, *self.joined)


@dataclass(frozen=True, slots=True)
class Row:
    """A table row: block number and cell texts by grid column; a cell that spans from above is empty."""

    number: int
    cells: tuple[str, ...]

    @property
    def filled(self) -> int:
        """How many cells have text."""
        return sum(bool(cell) for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: its rows and the caption that stands in the file for it."""

    rows: tuple[Row, ...]
    caption: str = ""

    @property
    def number(self) -> int:
        """Block number of the first row."""
        return self.rows[0].number


SourceItem = Line | Grid


def source_items(document: Document) -> list[SourceItem]:
    """Lines and tables of a document in reading order; entries of a table of contents stay lines."""
    items: list[SourceItem] = []
    pending: list[Row] = []
    seen: set[int] = set()
    for block in document.blocks:
        table = _table_of(document, block)
        if table is None and (cells := _cells_of(block.text)) is not None:
            if cells:
                pending.append(Row(block.locator.paragraph, cells))
            continue
        _flush(items, pending)
        if table is None:
            items.append(Line(block.locator.paragraph, _clean(block.text), _level(block)))
        elif table.number not in seen:
            seen.add(table.number)
            items += _grid(document, table)
    _flush(items, pending)
    return items


def is_contents_line(text: str) -> bool:
    """Whether a line belongs to a table of contents (培养规格……3)."""
    return bool(_CONTENTS_LINE.search(text)) and len(text) < 60


def clean_cell(text: str) -> str:
    """A cell's text: tags gone, paragraphs kept, line breaks inside a sentence joined."""
    text = _TAG.sub("", _BREAK_TAG.sub("\n", text)).replace("\u00a0", " ")
    kept: list[str] = []
    for part in (p.strip() for p in text.split("\n")):
        if not part:
            continue
        fresh = not kept or kept[-1].endswith(_SENTENCE_ENDS) or _CELL_PARAGRAPH.match(part)
        if fresh:
            kept.append(part)
        else:
            kept[-1] = join_broken(kept[-1], part)
    return "\n".join(kept)


def join_broken(left: str, right: str) -> str:
    """Two halves of a broken sentence; a space only between Latin words."""
    space = " " if left[-1:].isascii() and right[:1].isascii() and left[-1:].isalnum() and right[:1].isalnum() else ""
    return f"{left}{space}{right}"


def _clean(text: str) -> str:
    text = _TAG.sub("", _BREAK_TAG.sub("\n", text)).replace("\u00a0", " ")
    return "".join(part.strip() for part in text.split("\n")) if "\n" in text else text.strip()


def _level(block: Block) -> int:
    return max(block.level, 1) if block.kind == "heading" else 0


def _table_of(document: Document, block: Block) -> Table | None:
    number = block.locator.table
    if block.kind != "table_row" or number is None or number > len(document.tables):
        return None
    return document.tables[number - 1]


def _cells_of(text: str) -> tuple[str, ...] | None:
    """Cells of a tab-separated or pipe line; an empty tuple for the rule under a pipe header; None for a plain line."""
    if text.startswith("|") and text.count("|") >= 2:
        if _PIPE_RULE.match(text):
            return ()
        return tuple(clean_cell(cell) for cell in text.strip().strip("|").split("|"))
    if "\t" in text and not is_contents_line(text):
        cells = tuple(clean_cell(cell) for cell in text.split("\t"))
        return cells if len(cells) > 1 and any(cells[1:]) else None
    return None


def _flush(items: list[SourceItem], pending: list[Row]) -> None:
    if pending:
        items.append(Grid(tuple(pending)))
        pending.clear()


def _grid(document: Document, table: Table) -> Iterator[SourceItem]:
    numbers = {b.locator.row: b.locator.paragraph for b in document.blocks if b.locator.table == table.number}
    first = min(numbers.values(), default=1)
    rows = tuple(Row(numbers.get(row + 1, first), _row_cells(table, row)) for row in range(table.rows))
    filled = tuple(row for row in rows if row.filled)
    if filled:
        yield Grid(filled, table.caption)


def _row_cells(table: Table, row: int) -> tuple[str, ...]:
    cells = []
    for column in range(table.columns):
        cell = table.cell_at(row, column)
        own = cell is not None and cell.row == row and cell.column == column
        cells.append(clean_cell(cell.text) if cell is not None and own else "")
    return tuple(cells)
