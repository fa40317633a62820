"""Plain text: one paragraph a line, tables of tab-separated lines, headings by their numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import quantiles

from corpora.document import Document
from corpora.document_builder import CellSpec, DocumentBuilder
from corpora.errors import EmptyDocumentError
from corpora.parsers.base import Source
from corpora.parsers.cleaning import is_cjk, join_lines, one_line
from corpora.parsers.decoding import decode
from corpora.parsers.headers import guess_header_rows
from corpora.parsers.outline import Piece, TablePiece, add_pieces, leading_number, strip_bullet, title_of, titled

_PARAGRAPH_TAG = re.compile(r"\s*</?p>\s*", re.IGNORECASE)
_BREAK_TAG = re.compile(r"<br\s*/?>", re.IGNORECASE)
_STOP = re.compile(r"[。！？；：;:!?.…]$")
_MIN_UNDER_CUT_LINE = 50
_CUT_LINE = 50
_CUT_AFTER_STOP = 20
_MARKED_HEADING = re.compile(r"(#{1,6}) ([^。；：，！？:;,!?/]{1,40})$")
_MIN_WRAPPED = 8
_WRAP_WIDTHS = range(20, 121)
_NEAR_FULL = 0.85
_RULE = re.compile(r"^[\-=_*~#·.—]{3,}$")

Rows = list[list[str]]


class TextParser:
    """Reads plain text in any usual encoding."""

    def parse(self, source: Source) -> Document:
        """Read a text file.

        Raises
        ------
        UnsupportedFormatError : the bytes are no text.
        EmptyDocumentError : there is no text in it.
        """
        builder = DocumentBuilder(source.name, source.data, "text")
        items = _items(decode(source.data, where=source.name).split("\n"))
        pieces = titled(_pieces(items))
        builder.title = title_of(pieces)
        add_pieces(builder, pieces)
        document = builder.build()
        if not document.blocks:
            raise EmptyDocumentError("文件中没有文字", where=source.name)
        return document


def _items(lines: Sequence[str]) -> list[str | Rows]:
    """Lines, with "" for blank ones, and runs of tab-separated lines as rows of cells."""
    items: list[str | Rows] = []
    run: list[str] = []
    for line in [*lines, ""]:
        if "\t" in line.strip():
            if run and line.count("\t") != run[-1].count("\t"):
                items += _closed(run)
                run = []
            run.append(line)
            continue
        items += _closed(run)
        run = []
        items.append("" if _RULE.match(line.strip()) else line.rstrip())
    return items


def _closed(run: Sequence[str]) -> list[str | Rows]:
    """A run as one table when it has two rows or marked-up cells, else as lines."""
    if len(run) >= 2 or any(_PARAGRAPH_TAG.search(line) for line in run):
        return [[[_cell(cell) for cell in line.split("\t")] for line in run]]
    return list(run)


def _cell(text: str) -> str:
    parts = _PARAGRAPH_TAG.split(_BREAK_TAG.sub("<p>", text))
    return "\n".join(cleaned for part in parts if (cleaned := one_line(part)))


def _pieces(items: Sequence[str | Rows]) -> list[Piece | TablePiece]:
    width = _wrap_width([item for item in items if isinstance(item, str) and item])
    pieces: list[Piece | TablePiece] = []
    last, blanks = "", 0
    for item in items:
        if isinstance(item, list):
            cells = tuple(CellSpec(text, r, c) for r, row in enumerate(item) for c, text in enumerate(row))
            pieces.append(TablePiece(cells, guess_header_rows(cells)))
            last = ""
        elif not (text := one_line(item)):
            blanks += 1
            continue
        elif last and _goes_on(last, item, blanks, width):
            above = pieces.pop()
            pieces.append(Piece(join_lines(above.text if isinstance(above, Piece) else "", text)))
            last = item
        elif mark := _MARKED_HEADING.match(text):
            pieces.append(Piece(mark[2], "heading", len(mark[1])))
            last = ""
        else:
            pieces.append(Piece(text))
            last = item
        blanks = 0
    return pieces


def _wrap_width(lines: Sequence[str]) -> int | None:
    """The width at which all paragraphs of the file are wrapped, None when they are not."""
    widths = [len(line) for line in lines]
    if len(widths) < _MIN_WRAPPED:
        return None
    usual = round(quantiles(widths, n=10)[-1])
    near = sum(_NEAR_FULL * usual <= width <= usual + 3 for width in widths)
    wrapped = usual in _WRAP_WIDTHS and max(widths) <= usual + 4 and near * 2 >= len(widths)
    return usual if wrapped else None


def _goes_on(last: str, line: str, blanks: int, width: int | None) -> bool:
    """Whether a line is the rest of the one before: in a wrapped file, or where a page broke a long sentence."""
    text = line.strip()
    if leading_number(text) or strip_bullet(text)[1]:
        return False
    if width is not None:
        return blanks == 0 and len(last) >= _NEAR_FULL * width and line[:1] not in " \t　"
    ends_open = not _STOP.search(last) and is_cjk(last[-1]) and last[-1] not in "”’》）】"
    is_sentence = len(last.strip()) >= (_CUT_AFTER_STOP if "。" in last else _CUT_LINE)
    return blanks <= 1 and is_sentence and ends_open and is_cjk(text[0])
