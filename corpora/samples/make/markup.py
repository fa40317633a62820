"""The little markup that the sample documents are written in, and its reader.

One block a line::

    = title        =- subtitle      # ## ###  headings (numbered by the layout)
    - list item    @ caption        [box] text box      [^1]: footnote      [page] [columns 2] [landscape] [portrait]
    {table widths=1,2 header=2}     options of the table that follows
    | cell | cell |                 a row; ``^`` continues the cell above, ``<`` the left one, ``//`` breaks a line

Inline: ``**bold**``, ``~~struck out~~``, ``{+inserted+}``, ``{-deleted-}``, ``[[content control]]``, ``[^1]``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

BlockKind = Literal["title", "subtitle", "heading", "item", "caption", "box", "paragraph", "table", "command"]
RunKind = Literal["plain", "bold", "strike", "insert", "delete", "control", "note"]

_MARKS: tuple[tuple[str, BlockKind, int], ...] = (
    ("=- ", "subtitle", 0),
    ("= ", "title", 0),
    ("### ", "heading", 3),
    ("## ", "heading", 2),
    ("# ", "heading", 1),
    ("- ", "item", 0),
    ("@ ", "caption", 0),
    ("[box] ", "box", 0),
)
_INLINE = re.compile(
    r"\*\*(?P<bold>.+?)\*\*|~~(?P<strike>.+?)~~|\{\+(?P<insert>.+?)\+\}|\{-(?P<delete>.+?)-\}"
    r"|\[\[(?P<control>.+?)\]\]|\[\^(?P<note>\d+)\]"
)
_COMMAND = re.compile(r"\[(page|columns \d|landscape|portrait)\]")
_NOTE = re.compile(r"\[\^(\d+)\]: (.+)")
_OPTION = re.compile(r"(\w+)=(\S+)")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text of one look; for ``note`` the text is the footnote's number."""

    kind: RunKind
    text: str


@dataclass(frozen=True, slots=True)
class TableCell:
    """A cell at its origin: its lines, spans in grid units."""

    row: int
    column: int
    lines: tuple[str, ...]
    row_span: int
    column_span: int


@dataclass(frozen=True)
class Grid:
    """A table as written: rows of raw cells with the options of its ``{table …}`` line."""

    rows: tuple[tuple[str, ...], ...]
    options: dict[str, str]

    @property
    def header_rows(self) -> int:
        """Number of leading header rows."""
        return int(self.options.get("header", "1"))

    @property
    def widths(self) -> list[float]:
        """Relative column widths, equal when none are given."""
        given = self.options.get("widths")
        return [float(w) for w in given.split(",")] if given else [1.0] * len(self.rows[0])

    @cached_property
    def long_columns(self) -> frozenset[int]:
        """Columns that hold sentences: some unmerged cell under the header has a line of ten characters or more."""
        body = [cell for cell in self.cells() if cell.row >= self.header_rows and cell.column_span == 1]
        return frozenset(cell.column for cell in body if max(map(len, cell.lines)) >= 10)

    def cells(self) -> Iterator[TableCell]:
        """Cells at their origins, in reading order, with their spans resolved."""
        for r, row in enumerate(self.rows):
            for c, raw in enumerate(row):
                if raw in ("^", "<"):
                    continue
                width = 1
                while c + width < len(row) and row[c + width] == "<":
                    width += 1
                height = 1
                while r + height < len(self.rows) and self.rows[r + height][c] == "^":
                    height += 1
                yield TableCell(r, c, tuple(part.strip() for part in raw.split("//")), height, width)


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a sample: its text as written, or its table."""

    kind: BlockKind
    text: str = ""
    level: int = 0
    grid: Grid | None = None


@dataclass
class Source:
    """A sample as written: settings from its head, blocks, footnotes by number."""

    settings: dict[str, str]
    blocks: list[Block] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)


def parse(text: str) -> Source:
    """Read a sample's markup.

    Raises
    ------
    ValueError : the rows of a table differ in their number of cells.
    """
    head, _, body = text.partition("\n---\n")
    settings = dict(line.split(": ", 1) for line in head.splitlines() if ": " in line)
    source, rows, options = Source(settings), [], {}  # type: tuple[Source, list[tuple[str, ...]], dict[str, str]]
    for line in [*body.splitlines(), ""]:
        if line.startswith("|"):
            rows.append(tuple(cell.strip() for cell in line.strip().strip("|").split("|")))
            continue
        if rows:
            source.blocks.append(_table(rows, options))
            rows, options = [], {}
        if line.startswith("{table"):
            options = dict(_OPTION.findall(line.rstrip("}")))
        elif note := _NOTE.fullmatch(line):
            source.notes[note[1]] = note[2]
        elif line.strip():
            source.blocks.append(_block(line.strip()))
    return source


def _table(rows: list[tuple[str, ...]], options: dict[str, str]) -> Block:
    for row in rows:
        if len(row) != len(rows[0]):
            raise ValueError(f"a row of {len(row)} cells in a table of {len(rows[0])}: {row}")
    return Block("table", grid=Grid(tuple(rows), options))


def _block(line: str) -> Block:
    if command := _COMMAND.fullmatch(line):
        return Block("command", command[1])
    for mark, kind, level in _MARKS:
        if line.startswith(mark):
            return Block(kind, line[len(mark) :], level)
    return Block("paragraph", line)


def runs(text: str) -> Iterator[Run]:
    """Cut a block's text into runs of one look."""
    at = 0
    for found in _INLINE.finditer(text):
        if found.start() > at:
            yield Run("plain", text[at : found.start()])
        kind = found.lastgroup
        yield Run(kind, found[kind])  # type: ignore[arg-type, index]
        at = found.end()
    if at < len(text):
        yield Run("plain", text[at:])
