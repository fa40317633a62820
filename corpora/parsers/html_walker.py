"""From an HTML tree to pieces: headings, list items, paragraphs and tables; shared by HTML, Markdown and EPUB."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from corpora.parsers.cleaning import flowed, visible
from corpora.parsers.html_tables import Rows, table_of
from corpora.parsers.outline import Piece, TablePiece, leading_number

_DROPPED = {
    "script", "style", "nav", "noscript", "template", "svg", "canvas", "iframe", "object", "audio", "video", "head",
    "select", "button", "rt", "rp", "del", "s", "strike", "map", "dialog",
}  # fmt: skip
_BLOCKS = {
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "footer", "form", "header", "hr", "html", "legend", "main", "p", "pre", "section",
    "summary", "textarea", "caption", "td", "th", "tr", "tbody", "thead", "tfoot", "hgroup", "option", "label",
}  # fmt: skip
_BOLD = {"b", "strong"}
_HEADING = re.compile(r"^h[1-6]$")
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|line-through", re.IGNORECASE)
_CLASS_RULE = re.compile(r"\.([\w-]+)\s*\{([^}]*)\}")
_BOLD_STYLE = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_MAX_DEPTH = 120


def pieces_of(root: Any, page: int | None = None) -> list[Piece | TablePiece]:
    """The pieces of an lxml tree (HTML, or XHTML with its namespace) in reading order.

    Left out: scripts, styles, navigation, hidden and struck-out text. ``page`` is given to every piece.
    """
    walker = _Walker(page, _hiding_classes(root))
    walker.walk(root)
    walker.flush()
    return walker.pieces


def tag_of(element: Any) -> str:
    """The element's name in lower case without a namespace, "" for comments and processing instructions."""
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def _hiding_classes(root: Any) -> frozenset[str]:
    """Class names that the page's own style sheet hides or strikes out."""
    sheets = (element.text or "" for element in root.iter() if tag_of(element) == "style")
    return frozenset(
        name for sheet in sheets for name, rule in _CLASS_RULE.findall(sheet) if _HIDDEN_STYLE.search(rule)
    )


class _Walker:
    def __init__(self, page: int | None, hiding: frozenset[str], depth: int = 0) -> None:
        self.pieces: list[Piece | TablePiece] = []
        self._page, self._hiding = page, hiding
        self._text: list[tuple[str, bool]] = []
        self._bold = self._heading = 0
        self._depth = depth
        self._lists: list[_List] = []
        self._preformatted = False

    def walk(self, element: Any) -> None:
        tag = tag_of(element)
        if not tag or self._is_dropped(element, tag):
            return
        if self._depth > _MAX_DEPTH:
            self._text.append(("".join(element.itertext()), False))
            return
        self._depth += 1
        if tag == "br":
            self.flush()
        elif tag == "table":
            self._table(element)
        elif tag in {"ul", "ol"}:
            self._list(element, tag)
        elif tag == "li":
            self._item(element)
        elif _HEADING.match(tag):
            self._headed(element, int(tag[1]))
        elif tag in _BLOCKS:
            self._block(element, tag)
        else:
            self._inline(element, tag)
        self._depth -= 1

    def flush(self) -> None:
        """Close the paragraph that is being collected."""
        parts, self._text = self._text, []
        raw = "".join(text for text, _ in parts)
        lines = visible(raw).splitlines() if self._preformatted else [raw]
        bold = all(is_bold for text, is_bold in parts if text.strip())
        for line in lines:
            text = flowed(line)
            if text:
                self._add(text, bold)

    def _add(self, text: str, bold: bool) -> None:
        if self._heading:
            self.pieces.append(Piece(text, "heading", self._heading, page=self._page))
        elif self._lists and self._lists[-1].marker is not None:
            mark, self._lists[-1].marker = self._lists[-1].marker, None
            number = mark if mark and not leading_number(text) else ""
            text = f"{number} {text}" if number else text
            self.pieces.append(Piece(text, "list_item", len(self._lists), number, page=self._page))
        else:
            self.pieces.append(Piece(text, page=self._page, bold=bold))

    def _children(self, element: Any) -> None:
        if element.text:
            self._text.append((element.text, bool(self._bold)))
        for child in element:
            self.walk(child)
            if child.tail:
                self._text.append((child.tail, bool(self._bold)))

    def _is_dropped(self, element: Any, tag: str) -> bool:
        if tag in _DROPPED or element.get("hidden") is not None or element.get("role") == "navigation":
            return True
        if tag == "footer" and not any(tag_of(a) in {"article", "main", "section"} for a in element.iterancestors()):
            return True
        if self._hiding and self._hiding.intersection((element.get("class") or "").split()):
            return True
        return bool(_HIDDEN_STYLE.search(element.get("style") or ""))

    def _inline(self, element: Any, tag: str) -> None:
        bold = tag in _BOLD or bool(_BOLD_STYLE.search(element.get("style") or ""))
        self._bold += bold
        self._children(element)
        self._bold -= bold

    def _block(self, element: Any, tag: str) -> None:
        self.flush()
        before, self._preformatted = self._preformatted, self._preformatted or tag in {"pre", "textarea"}
        self._inline(element, tag)
        self.flush()
        self._preformatted = before

    def _headed(self, element: Any, level: int) -> None:
        self.flush()
        before, self._heading = self._heading, level
        self._children(element)
        self.flush()
        self._heading = before

    def _list(self, element: Any, tag: str) -> None:
        self.flush()
        self._lists.append(_List(element, tag))
        self._children(element)
        self.flush()
        self._lists.pop()

    def _item(self, element: Any) -> None:
        self.flush()
        if not self._lists:
            self._lists.append(_List(element, "ul"))
            self._item(element)
            self._lists.pop()
            return
        self._lists[-1].start_item(element)
        self._children(element)
        self.flush()
        self._lists[-1].marker = None

    def _table(self, element: Any) -> None:
        self.flush()
        rows = Rows.of(element, self._hiding)
        if rows.is_layout:
            for cell in rows.cells():
                self._block(cell, "div")
            return
        caption = " ".join(_texts(rows.caption, self._hiding)) if rows.caption is not None else ""
        table = table_of(rows, lambda cell: pieces_of_cell(cell, self._hiding, self._depth))
        if table is not None:
            if caption:
                self.pieces.append(Piece(caption, "paragraph", page=self._page))
            self.pieces.append(_paged(table, caption, self._page))


def _paged(table: TablePiece, caption: str, page: int | None) -> TablePiece:
    return TablePiece(table.cells, table.header_rows, caption, page, nested=table.nested)


def pieces_of_cell(cell: Any, hiding: frozenset[str], depth: int = 0) -> tuple[str, list[TablePiece]]:
    """Text of a table cell, its paragraphs parted by line breaks, and the tables nested in it."""
    walker = _Walker(None, hiding, depth + 3)
    walker._block(cell, "div")
    texts = [piece.text for piece in walker.pieces if isinstance(piece, Piece)]
    return "\n".join(texts), [piece for piece in walker.pieces if isinstance(piece, TablePiece)]


def _texts(element: Any, hiding: frozenset[str]) -> Iterator[str]:
    yield pieces_of_cell(element, hiding)[0].replace("\n", " ")


class _List:
    """Marks of one list: numbers for an ordered one, nothing for a bulleted one."""

    def __init__(self, element: Any, tag: str) -> None:
        plain = "none" in (element.get("style") or "").replace("list-style-type", "list-style").split("list-style")[-1]
        self._ordered = tag == "ol" and not ("list-style" in (element.get("style") or "") and plain)
        self._style = element.get("type") or "1"
        self._next = _whole(element.get("start"), 1)
        self.marker: str | None = None

    def start_item(self, element: Any) -> None:
        if not self._ordered:
            self.marker = ""
            return
        self._next = _whole(element.get("value"), self._next)
        self.marker = f"{_numeral(self._next, self._style)}."
        self._next += 1


def _whole(text: str | None, default: int) -> int:
    return int(text) if text and text.strip().lstrip("-").isdigit() else default


def _numeral(number: int, style: str) -> str:
    if style in {"a", "A"} and 1 <= number <= 26:
        return chr(ord(style) + number - 1)
    if style in {"i", "I"} and 1 <= number <= 39:
        roman = "X" * (number // 10) + ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"][number % 10]
        return roman.lower() if style == "i" else roman
    return str(number)
