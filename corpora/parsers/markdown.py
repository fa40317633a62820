"""Markdown: CommonMark with tables and strike-through, through markdown-it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from corpora.document import Document
from corpora.document_builder import CellSpec, DocumentBuilder
from corpora.errors import EmptyDocumentError
from corpora.parsers.base import Source
from corpora.parsers.cleaning import join_lines, one_line
from corpora.parsers.decoding import decode
from corpora.parsers.headers import guess_header_rows
from corpora.parsers.outline import Piece, TablePiece, add_pieces, leading_number, strip_bullet, title_of, titled

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_TITLE = re.compile(r"^title\s*:\s*(.+?)\s*$", re.MULTILINE | re.IGNORECASE)
_TAG = re.compile(r"^<\s*(/?)\s*(\w+)[^>]*>$")
_STRUCK_TAGS = {"del", "s", "strike"}
_ENDS = re.compile(r"[。；：！？;:!?]$")


class MarkdownParser:
    """Reads Markdown, with front matter and with HTML inside."""

    def parse(self, source: Source) -> Document:
        """Read a Markdown file.

        Raises
        ------
        UnsupportedFormatError : the bytes are no text.
        EmptyDocumentError : there is no text in it.
        """
        text = decode(source.data, where=source.name)
        builder = DocumentBuilder(source.name, source.data, "markdown")
        matter = _FRONT_MATTER.match(text)
        if matter:
            text = text[matter.end() :]
            title = _TITLE.search(matter[1])
            builder.title = title[1].strip("\"'") if title else ""
        pieces = titled(_Reader(text).pieces)
        add_pieces(builder, pieces)
        builder.title = builder.title or title_of(pieces)
        document = builder.build()
        if not document.blocks:
            raise EmptyDocumentError("文件中没有文字", where=source.name)
        return document


class _Reader:
    """Walks markdown-it's tokens."""

    def __init__(self, text: str) -> None:
        from markdown_it import MarkdownIt

        tokens = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(text)
        self.pieces: list[Piece | TablePiece] = []
        self._heading = 0
        self._items: list[str | None] = []
        self._markup: list[str] = []
        self._rows: list[list[str]] | None = None
        for token in tokens:
            self._take(token)
        self._close_markup()

    def _take(self, token: Any) -> None:
        if token.type == "html_block":
            self._markup.append(token.content)
            return
        if self._markup and token.type in {"heading_open", "bullet_list_open", "ordered_list_open", "table_open"}:
            self._close_markup()
        handler = getattr(self, f"_{token.type}", None)
        if handler:
            handler(token)

    def _close_markup(self) -> None:
        """HTML blocks in a row, parsed as one so that a table broken by empty lines stays whole."""
        if not self._markup:
            return
        from lxml import html

        from corpora.parsers.html_walker import pieces_of

        content, self._markup = "\n".join(self._markup), []
        if re.search(r"<\w", content):
            self.pieces += pieces_of(html.document_fromstring(f"<div>{content}</div>"))

    def _heading_open(self, token: Any) -> None:
        self._heading = int(token.tag[1])

    def _heading_close(self, _token: Any) -> None:
        self._heading = 0

    def _list_item_open(self, token: Any) -> None:
        self._items.append(f"{token.info}{token.markup}" if token.info else "")

    def _list_item_close(self, _token: Any) -> None:
        self._items.pop()

    def _table_open(self, _token: Any) -> None:
        self._rows = []

    def _tr_open(self, _token: Any) -> None:
        if self._rows is not None:
            self._rows.append([])

    def _table_close(self, _token: Any) -> None:
        rows, self._rows = self._rows or [], None
        cells = tuple(CellSpec(text, r, c) for r, row in enumerate(rows) for c, text in enumerate(row))
        if cells and not any(rows[0]):
            cells = tuple(CellSpec(c.text, c.row - 1, c.column) for c in cells if c.row)
            self.pieces.append(TablePiece(cells, guess_header_rows(cells)))
        elif cells:
            self.pieces.append(TablePiece(cells, 1 if len(rows) > 1 else 0))

    def _fence(self, token: Any) -> None:
        self._close_markup()
        self.pieces += [Piece(text, "paragraph") for line in token.content.splitlines() if (text := one_line(line))]

    _code_block = _fence

    def _inline(self, token: Any) -> None:
        lines, bold = _lines_of(token.children or [])
        if self._rows is not None:
            self._rows[-1].append("\n".join(lines))
        elif self._heading:
            self.pieces.append(Piece(" ".join(lines), "heading", self._heading))
        elif self._markup and _TAG.match(token.content.strip().splitlines()[0] if token.content.strip() else ""):
            self._markup.append(token.content)
        else:
            self._close_markup()
            for line in lines:
                self._add(line, bold)

    def _add(self, text: str, bold: bool) -> None:
        mark = self._items[-1] if self._items else None
        if mark is None:
            self.pieces.append(Piece(text, bold=bold))
            return
        level = len(self._items)
        self._items[-1] = None
        number = mark if not leading_number(text) else ""
        self.pieces.append(Piece(f"{number} {text}" if number else text, "list_item", level, number))


def _lines_of(tokens: Sequence[Any]) -> tuple[list[str], bool]:
    """The visible lines of an inline token, struck-out text dropped, and whether all of it is bold."""
    lines, struck, strong, all_bold, ended = [""], 0, 0, True, False
    for token in tokens:
        struck += _struck(token)
        strong += {"strong_open": 1, "strong_close": -1}.get(token.type, 0)
        if token.type == "hardbreak" or (token.type == "html_inline" and _tag(token) == "br"):
            lines.append("")
        elif token.type == "softbreak":
            ended = True
        elif token.type in {"text", "code_inline"} and not struck:
            if ended and lines[-1]:
                _break(lines, token.content)
            else:
                lines[-1] += token.content
            ended = False
            all_bold = all_bold and (strong > 0 or not token.content.strip())
    return [text for line in lines if (text := one_line(line))], all_bold


def _break(lines: list[str], content: str) -> None:
    """A line break of the source: kept after a finished sentence and before a number, else closed."""
    if _ENDS.search(lines[-1].rstrip()) or leading_number(content.strip()) or strip_bullet(content.strip())[1]:
        lines.append(content)
    else:
        lines[-1] = join_lines(lines[-1], content)


def _tag(token: Any) -> str:
    match = _TAG.match(token.content.strip())
    return match[2].lower() if match else ""


def _struck(token: Any) -> int:
    if token.type == "html_inline" and _tag(token) in _STRUCK_TAGS:
        return -1 if token.content.strip().startswith("</") else 1
    return {"s_open": 1, "s_close": -1}.get(token.type, 0)
