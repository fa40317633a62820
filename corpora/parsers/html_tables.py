"""Tables of HTML: rows, spans and header rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from corpora.document_builder import CellSpec
from corpora.parsers.headers import guess_header_rows
from corpora.parsers.outline import TablePiece

_MAX_SPAN = 1000
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)

CellReader = Callable[[Any], tuple[str, list[TablePiece]]]


@dataclass(frozen=True)
class Rows:
    """The rows of a table, each with its cells.

    ``head`` is the number of rows in ``thead``; ``caption`` the caption element or None.
    """

    rows: tuple[tuple[Any, ...], ...]
    head: int
    caption: Any

    @classmethod
    def of(cls, table: Any, hiding: frozenset[str]) -> Rows:
        """Rows of an lxml table element, hidden ones left out, ``thead`` first."""
        head, body, caption = list[Any](), list[Any](), None
        for child in table:
            tag = _tag(child)
            if tag == "caption":
                caption = child
            elif tag == "tr":
                body.append(child)
            elif tag in {"thead", "tbody", "tfoot"}:
                (head if tag == "thead" else body).extend(row for row in child if _tag(row) == "tr")
        shown = [[r for r in part if not _is_hidden(r, hiding)] for part in (head, body)]
        rows = tuple(tuple(c for c in row if _tag(c) in {"td", "th"}) for part in shown for row in part)
        return cls(rows, len(shown[0]), caption)

    @property
    def is_layout(self) -> bool:
        """Whether it is a frame around something rather than a table: a single cell."""
        return sum(len(row) for row in self.rows) <= 1

    def cells(self) -> Iterator[Any]:
        """All cell elements in order."""
        for row in self.rows:
            yield from row


def table_of(rows: Rows, read: CellReader) -> TablePiece | None:
    """The table as a grid with spans; None when no cell has any text.

    Parameters
    ----------
    rows : the table's rows.
    read : gives a cell's text and nested tables.
    """
    taken: set[tuple[int, int]] = set()
    cells: list[CellSpec] = []
    nested: list[tuple[int, int, TablePiece]] = []
    for row, elements in enumerate(rows.rows):
        column = 0
        for element in elements:
            while (row, column) in taken:
                column += 1
            height, width = _span(element, "rowspan", len(rows.rows) - row), _span(element, "colspan", _MAX_SPAN)
            height = min(height, len(rows.rows) - row)
            taken |= {(r, c) for r in range(row, row + height) for c in range(column, column + width)}
            text, inner = read(element)
            cells.append(CellSpec(text, row, column, height, width))
            nested += [(row, column, table) for table in inner]
            column += width
    if not any(cell.text for cell in cells) and not nested:
        return None
    header = _header_rows(rows, cells)
    closed = [replace(c, text=c.text.replace("\n", "")) if c.row < header else c for c in cells]
    return TablePiece(tuple(closed), header, nested=tuple(nested))


def _header_rows(rows: Rows, cells: list[CellSpec]) -> int:
    if rows.head:
        return rows.head if rows.head < len(rows.rows) else 0
    count = 0
    while count < len(rows.rows) - 1 and rows.rows[count] and all(_tag(cell) == "th" for cell in rows.rows[count]):
        count += 1
    return count or guess_header_rows(cells)


def _span(element: Any, name: str, rest: int) -> int:
    text = (element.get(name) or "").strip()
    if not text.isdigit():
        return 1
    return min(int(text), _MAX_SPAN) or (rest if name == "rowspan" else 1)


def _is_hidden(row: Any, hiding: frozenset[str]) -> bool:
    if row.get("hidden") is not None or _HIDDEN.search(row.get("style") or ""):
        return True
    return bool(hiding.intersection((row.get("class") or "").split()))


def _tag(element: Any) -> str:
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""
