"""From lines to paragraphs: joins what the line, column and page width broke, keeps apart what stands apart."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from corpora.parsers.cleaning import join_lines, one_line, tight
from corpora.parsers.outline import Piece, TablePiece, leading_number, strip_bullet
from corpora.parsers.pdf.lines import Line
from corpora.parsers.pdf.tables import PageTable

_SHORT = 2.2
_SHORT_AFTER_STOP = 1.0
_INDENT = 0.8
_SIZE_CHANGE = 0.12
_GAP = 0.55
_TITLE = 1.3
_STOP = re.compile(r"[。；;！？!?]$")
_CONTENTS_LINE = re.compile(r"(?:[.·…]\s?){4,}\s*\d*$")
_LATIN_WORD = re.compile(r"[A-Za-z0-9.,;:()'\-/]+")


def body_size(lines: Iterable[Line]) -> float:
    """The font size of most characters, in points; 1 for no text."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size * 2) / 2] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 1.0


def pieces_of(flow: Sequence[Line | PageTable]) -> list[Piece | TablePiece]:
    """Paragraphs and tables of a whole document, lines and tables given in reading order."""
    lines = [item for item in flow if isinstance(item, Line)]
    size, spacing = body_size(lines), _spacing(lines)
    bold_body = sum(len(line.text) for line in lines if line.bold) * 2 > sum(len(line.text) for line in lines)
    pieces: list[Piece | TablePiece] = []
    paragraph: list[Line] = []

    def close() -> None:
        if paragraph:
            pieces.append(_piece(paragraph, size, bold_body))
            paragraph.clear()

    for item in flow:
        if isinstance(item, PageTable):
            close()
            _demote_caption(pieces, item)
            pieces.append(item.piece)
        else:
            if paragraph and not _goes_on(paragraph, item, spacing):
                close()
            paragraph.append(item)
    close()
    return pieces


def _demote_caption(pieces: list[Piece | TablePiece], table: PageTable) -> None:
    """A table's caption is no heading of what follows the table, unless it is set like a title."""
    above = pieces[-1] if pieces else None
    if isinstance(above, Piece) and table.caption and above.text == one_line(table.caption) and above.size < _TITLE:
        pieces[-1] = replace(above, kind="paragraph")


def _spacing(lines: Sequence[Line]) -> float:
    """The usual room between two lines, in letters."""
    gaps = [
        (line.y0 - last.y1) / line.size
        for last, line in pairwise(lines)
        if last.page == line.page and 0 <= line.y0 - last.y0 < 4 * line.size
    ]
    return median(gaps) if gaps else 0.0


def _piece(lines: Sequence[Line], size: float, bold_body: bool) -> Piece:
    text = ""
    for line in lines:
        text = join_lines(text, one_line(line.text))
    bold = not bold_body and all(line.bold for line in lines)
    ratio = median(line.size for line in lines) / size
    return Piece(tight(text), page=lines[0].page, size=ratio, bold=bold, centred=all(map(_is_centred, lines)))


def _is_centred(line: Line) -> bool:
    return line.indent > 1.5 and abs(line.indent - line.slack) < 2.0


def _goes_on(paragraph: Sequence[Line], line: Line, spacing: float) -> bool:
    """Whether a line continues the paragraph above it."""
    last = paragraph[-1]
    if _CONTENTS_LINE.search(last.text):
        return False
    if abs(line.size - last.size) > _SIZE_CHANGE * last.size or line.bold is not last.bold:
        return False
    if last.page == line.page and line.y0 > last.y0 and (line.y0 - last.y1) / line.size > spacing + _GAP:
        return False
    if _is_centred(last) and _is_centred(line):
        return last.page == line.page and not leading_number(line.text)
    if _ends_short(last, line):
        return False
    number = leading_number(line.text)
    if number and number.text[-1].isdecimal() and not _STOP.search(last.text):
        return _indent_goes_on(paragraph, line)
    if number or strip_bullet(line.text)[1]:
        return paragraph[0].indent > 1.5 and line.indent < 0.5 and not _STOP.search(last.text)
    return _indent_goes_on(paragraph, line)


def _ends_short(last: Line, line: Line) -> bool:
    """Whether the line above ends before the margin although the next word would have fitted."""
    word = _LATIN_WORD.match(line.text)
    room = max(_SHORT, 0.55 * len(word.group()) + 0.5) if word else _SHORT
    return last.slack > (_SHORT_AFTER_STOP if _STOP.search(last.text) and not word else room)


def _indent_goes_on(paragraph: Sequence[Line], line: Line) -> bool:
    first, last = paragraph[0], paragraph[-1]
    if line.indent < _INDENT:
        return True
    if len(paragraph) > 1:
        return abs(line.indent - last.indent) < _INDENT
    if leading_number(first.text) or strip_bullet(first.text)[1]:
        return line.indent - first.indent < 6.0
    if line.indent - first.indent > _INDENT:
        return False
    return not _STOP.search(last.text)
