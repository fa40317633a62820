"""Builds documents with course tables drawn as text: ``<`` joins a cell to its left one, ``^`` to the one above."""

from __future__ import annotations

from collections.abc import Sequence

from corpora.document import Document
from corpora.document_builder import CellSpec, DocumentBuilder

LEFT, UP = "<", "^"


def grid(text: str) -> list[list[str]]:
    """Rows of cells of a table drawn with bars, one row a line."""
    return [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]


def specs(rows: Sequence[Sequence[str]]) -> list[CellSpec]:
    """The cells with their spans; a cell of ``<`` or ``^`` belongs to its neighbour."""
    found = []
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            if text not in (LEFT, UP):
                found.append(CellSpec(text.replace("/n", "\n"), r, c, _down(rows, r, c), _right(row, c)))
    return found


def _right(row: Sequence[str], column: int) -> int:
    span = 1
    while column + span < len(row) and row[column + span] == LEFT:
        span += 1
    return span


def _down(rows: Sequence[Sequence[str]], row: int, column: int) -> int:
    span = 1
    while row + span < len(rows) and column < len(rows[row + span]) and rows[row + span][column] == UP:
        span += 1
    return span


def plan(*parts: str | list[list[str]], name: str = "方案.docx") -> Document:
    """A document of paragraphs (a text without bars) and tables (a text with bars) in order."""
    builder = DocumentBuilder(name, b"plan", "docx")
    for part in parts:
        if isinstance(part, str) and "|" not in part:
            builder.add("paragraph", part)
        else:
            builder.add_table(specs(grid(part) if isinstance(part, str) else part))
    return builder.build()
