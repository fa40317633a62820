"""Tells headings, list items and paragraphs apart by number, looks and neighbours, and gives headings their level.

Formats that say what a text is (Markdown, HTML, slides) give the kind; the rest (PDF, plain text, OCR) leave it open.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from corpora.document import BlockKind
from corpora.document_builder import CellSpec, DocumentBuilder
from corpora.parsers.cleaning import is_cjk
from corpora.parsers.enumerators import leading_enumerator

_MAX_HEADING = 40
_MAX_PLAIN_HEADING = 30
_MAX_LABEL = 12
_MAX_LEVEL = 9
_MIN_UNDER_TITLE = 3
_STANDS_OUT = 1.12
_TITLE = re.compile(r"[^。；：，、！？:;,!?/#*]{2,40}$")
_CONTINUED = re.compile(r"^[（(]?续表?[)）]?\s*[\d.\-]*$")
_SENTENCE_END = re.compile(r"[。；，！？;,!?、…]$")
_SENTENCE = re.compile(r"[。；;！]")
_CONTENTS_LINE = re.compile(r"(?:[.．·…]\s?){4,}\s*\d*$")
_PLAIN_HEADINGS = re.compile(r"^(?:前\s*言|目\s*录|附\s*录\s*\S?|参\s*考\s*(?:文\s*献|书\s*目|资\s*料)|附\s*件\s*\d?)$")
_QUANTITY = re.compile(
    r"\s*(?:学分|学时|课时|周|倍|个|分|小时|人|名|门|次|米|英寸|[kKMGT]B?\b|mm|cm)(?![\u4e00-\u9fff])"
)
_BULLET = re.compile(r"(?:[•●○◦▪▫■□◆◇★☆➢➤➔►▶✓✔√※⚫\uf000-\uf0ff]\s*|[-–*·]\s+)+(?=\S)")
_ALWAYS_HEADING = {"part", "chapter", "section", "cn"}
_NEVER_HEADING = {"article", "circled"}


@dataclass(frozen=True, slots=True)
class Number:
    """A leading number as it stands, its style (depth included), and the offset of the text behind it."""

    text: str
    scheme: str
    end: int


def leading_number(text: str) -> Number | None:
    """The number that a stripped text begins with, None where it has none or begins with a quantity (``2.5学分``)."""
    found = leading_enumerator(text)
    if found is None or (found.kind == "decimal" and _QUANTITY.match(text[len(found.text) :])):
        return None
    rest = text[len(found.text) :]
    scheme = f"decimal{found.depth}" if found.kind == "decimal" else found.kind
    return Number(
        found.text, "article" if found.text.endswith("条") else scheme, len(text) - len(rest.lstrip(" 　：:"))
    )


def strip_bullet(text: str) -> tuple[str, bool]:
    """The text without leading bullet signs, and whether it had any."""
    match = _BULLET.match(text)
    return (text[match.end() :], True) if match else (text, False)


@dataclass(frozen=True, slots=True)
class Piece:
    """A text on its way to becoming a block.

    Parameters
    ----------
    text : one line, cleaned.
    kind : what it is where the format says so, None where it is to be told from the text.
    level : heading or list level where the format gives one.
    number : leading number where the format gives one; otherwise it is read from the text.
    page : page number from 1.
    size : font size relative to the document's body text; 1.0 where unknown.
    bold, centred : looks of the whole text.
    """

    text: str
    kind: BlockKind | None = None
    level: int = 0
    number: str = ""
    page: int | None = None
    size: float = 1.0
    bold: bool = False
    centred: bool = False


@dataclass(frozen=True, slots=True)
class TablePiece:
    """A table on its way to the builder; arguments as of ``DocumentBuilder.add_table``.

    ``nested`` are tables that stand in its cells, each with its cell's row and column from 0.
    """

    cells: tuple[CellSpec, ...]
    header_rows: int = 0
    caption: str = ""
    page: int | None = None
    row_pages: tuple[int, ...] | None = None
    nested: tuple[tuple[int, int, TablePiece], ...] = ()


def titled(pieces: Sequence[Piece | TablePiece]) -> list[Piece | TablePiece]:
    """The pieces with the first one as a heading when it is the document's title.

    It is a title when it is a short line without number and punctuation, its kind is open, and text follows.
    """
    if not pieces or len(pieces) < _MIN_UNDER_TITLE:
        return list(pieces)
    first = pieces[0]
    if not isinstance(first, Piece) or first.kind is not None or _looks_like_heading(first):
        return list(pieces)
    is_title = _TITLE.match(first.text) and not leading_number(first.text) and not strip_bullet(first.text)[1]
    if not is_title or sum(map(is_cjk, first.text)) * 2 < len(first.text):
        return list(pieces)
    return [replace(first, kind="heading", level=1), *pieces[1:]]


def title_of(pieces: Sequence[Piece | TablePiece]) -> str:
    """The text of a first heading that has no number, "" where there is none."""
    first = next((p for p in pieces if isinstance(p, Piece)), None)
    return first.text if first and first.kind == "heading" and not leading_number(first.text) else ""


def add_pieces(builder: DocumentBuilder, pieces: Iterable[Piece | TablePiece]) -> None:
    """Classify the pieces in their order and append them to a document."""
    flow = _continued_joined(list(pieces))
    levels, previous = _Levels(), None
    for position, piece in enumerate(flow):
        if isinstance(piece, TablePiece):
            _add_table(builder, piece)
            previous = None
            continue
        following = flow[position + 1] if position + 1 < len(flow) else None
        piece, number = _classified(piece, previous, following)
        if following is None and number and piece.kind == "list_item":
            piece = levels.last(piece, number)
        level = levels.of(piece, number)
        text = number.text if number else ""
        builder.add(piece.kind or "paragraph", piece.text, level=level, number=piece.number or text, page=piece.page)
        previous = (piece, number)


def _continued_joined(pieces: Sequence[Piece | TablePiece]) -> list[Piece | TablePiece]:
    """Tables that 续表 continues under the same header made one."""
    joined: list[Piece | TablePiece] = []
    for piece in pieces:
        if isinstance(piece, TablePiece) and len(joined) > 1:
            above, mark = joined[-2:]
            if isinstance(above, TablePiece) and isinstance(mark, Piece) and _CONTINUED.match(mark.text):
                whole = _continued(above, piece)
                if whole:
                    joined[-2:] = [whole]
                    continue
        joined.append(piece)
    return joined


def _continued(first: TablePiece, second: TablePiece) -> TablePiece | None:
    """Both tables as one, the repeated header dropped; None where the columns differ."""
    if max(c.column + c.column_span for c in first.cells) != max(c.column + c.column_span for c in second.cells):
        return None
    rows = max(c.row + c.row_span for c in first.cells)
    repeated = first.header_rows
    header = [[(c.column, c.text) for c in table.cells if c.row < repeated] for table in (first, second)]
    skip = repeated if header[0] == header[1] else 0
    rest = tuple(replace(c, row=c.row - skip + rows) for c in second.cells if c.row >= skip)
    nested = tuple((row - skip + rows, column, table) for row, column, table in second.nested if row >= skip)
    return replace(first, cells=first.cells + rest, nested=first.nested + nested)


def _add_table(
    builder: DocumentBuilder, table: TablePiece, parent: tuple[int, int, int] | None = None, page: int | None = None
) -> None:
    page = table.page or page
    added = builder.add_table(
        table.cells,
        header_rows=table.header_rows,
        caption=table.caption,
        parent=parent,
        page=page,
        row_pages=table.row_pages,
    )
    for row, column, inner in table.nested:
        _add_table(builder, inner, (added.number, row + 1, column + 1), page)


_Classified = tuple[Piece, Number | None]


def _classified(piece: Piece, previous: _Classified | None, following: Piece | TablePiece | None) -> _Classified:
    number = leading_number(piece.text)
    if piece.kind is not None:
        return piece, number
    text, bulleted = strip_bullet(piece.text)
    if bulleted:
        return replace(piece, text=text, kind="list_item"), leading_number(text)
    if _CONTENTS_LINE.search(text):
        return replace(piece, kind="paragraph"), number
    if number is None:
        return replace(piece, kind="heading" if _looks_like_heading(piece) else "paragraph"), None
    return replace(piece, kind=_numbered_kind(piece, number, previous, following)), number


def _looks_like_heading(piece: Piece) -> bool:
    if len(piece.text) > _MAX_PLAIN_HEADING or _SENTENCE_END.search(piece.text) or _SENTENCE.search(piece.text):
        return False
    if _PLAIN_HEADINGS.match(piece.text):
        return True
    return (
        (piece.size >= _STANDS_OUT or piece.bold) and not piece.text.endswith(("：", ":")) and _has_letters(piece.text)
    )


def _has_letters(text: str) -> bool:
    return sum(character.isalpha() for character in text) >= 2


def _numbered_kind(
    piece: Piece, number: Number, previous: _Classified | None, following: Piece | TablePiece | None
) -> BlockKind:
    if number.scheme == "article":
        return "paragraph"
    title = piece.text[number.end :]
    if not title and number.scheme in {"part", "chapter"}:
        return "heading"
    if not _is_title(title) or number.scheme in _NEVER_HEADING:
        return "list_item"
    if number.scheme == "cn_paren" and len(title) <= _MAX_LABEL:
        return "heading"
    if number.scheme in _ALWAYS_HEADING or piece.bold or piece.size >= _STANDS_OUT:
        return "heading"
    if previous and previous[0].kind == "list_item" and previous[1] and previous[1].scheme == number.scheme:
        return "list_item"
    return "heading" if _opens_section(number, following) else "list_item"


def _is_title(title: str) -> bool:
    return 0 < len(title) <= _MAX_HEADING and not _SENTENCE_END.search(title) and not _SENTENCE.search(title)


def _opens_section(number: Number, following: Piece | TablePiece | None) -> bool:
    """Whether what follows stands under the number rather than beside it."""
    if following is None:
        return False
    if isinstance(following, TablePiece):
        return True
    if following.kind == "heading":
        return False
    after = leading_number(following.text)
    if number.scheme.startswith("decimal") and number.scheme != "decimal1":
        return after is None or after.scheme != number.scheme or _is_title(following.text[after.end :])
    return after is None or after.scheme not in {number.scheme, *_ALWAYS_HEADING}


class _Levels:
    """Levels of headings and list items from the order in which numbering styles nest."""

    def __init__(self) -> None:
        self._headings: list[tuple[str, float]] = []
        self._lists: list[str] = []

    def of(self, piece: Piece, number: Number | None) -> int:
        if piece.kind == "heading":
            self._lists = []
            return self._heading(piece, number)
        if piece.kind == "list_item":
            return piece.level or self._list_item(number)
        return 0

    def last(self, piece: Piece, number: Number) -> Piece:
        """The document's last piece, which nothing follows: a heading when its numbering style heads sections."""
        is_title = _is_title(piece.text[number.end :]) and number.scheme not in _NEVER_HEADING
        heads = (number.scheme, 0.0) in self._headings and number.scheme not in self._lists
        return replace(piece, kind="heading") if is_title and heads else piece

    def _list_item(self, number: Number | None) -> int:
        scheme = number.scheme if number else "bullet"
        if scheme in self._lists:
            del self._lists[self._lists.index(scheme) + 1 :]
        else:
            self._lists.append(scheme)
        return min(len(self._lists), _MAX_LEVEL)

    def _heading(self, piece: Piece, number: Number | None) -> int:
        if piece.level:
            self._headings = [("given", 0.0)] * piece.level
            return piece.level
        key = (number.scheme, 0.0) if number else ("look", round(piece.size, 1))
        self._headings = [*self._above(key), key]
        return min(len(self._headings), _MAX_LEVEL)

    def _above(self, key: tuple[str, float]) -> Sequence[tuple[str, float]]:
        if key in self._headings:
            return self._headings[: self._headings.index(key)]
        if key[0] in {"part", "chapter"}:
            return [entry for entry in self._headings if entry[0] in {"look", "given", "part"}]
        if key[0] == "look":
            for position, entry in enumerate(self._headings):
                if entry[0] == "look" and entry[1] < key[1]:
                    return self._headings[:position]
        return self._headings
