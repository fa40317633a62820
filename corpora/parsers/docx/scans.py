"""Finds the bitmaps of a docx that stand where the schedule of courses is expected, and reads them by OCR."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from corpora.errors import DuibiaoError
from corpora.parsers.base import ParserOptions
from corpora.parsers.docx.story import Grid, Item, Paragraph
from corpora.parsers.outline import Piece, TablePiece
from corpora.parsers.pictures import Picture, PicturePiece, recognised

#: A heading under which the schedule of courses stands.
_SECTION = re.compile(
    r"教学进[程度]|教学计划|教学安排|学[时分]学?[分时]?分配|课程设置|课程安排|进程安排|课程教学进|学时"
)
#: A caption of the schedule itself.
_CAPTION = re.compile(r"(?:进[程度]|教学计划|教学安排|课程设置|课程安排|课程计划|学[时分]).{0,12}(?:表|一览)")
#: A caption of a drawing.
_DRAWING = re.compile(r"^\s*图\s*[\d一二三四五六七八九十]|(?:结构|体系|关系|流程|路径|框架|示意|逻辑|拓扑)图")
_COURSE, _FIGURES = re.compile(r"课程名称|课程代码|课程编[码号]|^课程$"), re.compile(r"学[时分]|课时")
_MOST_PICTURES, _READABLE = 8, 20
_NARROW, _LOW = 60.0, 30.0
SAID = "学时表是图片，请附上 Excel"
READ = "学时表是图片，由程序识别读出，数字请核对，或附上 Excel"


@dataclass(frozen=True, slots=True)
class Scan:
    """A bitmap that may be the schedule: the item that it stands behind, and the heading or caption that says so."""

    after: int
    picture: Picture
    place: str

    @property
    def where(self) -> str:
        """Where it stands, in words."""
        return f"“{self.place}”下的{self.picture.label}"


def schedule_scans(
    items: Sequence[Item], pictures: Iterable[tuple[int, Picture]], levels: Mapping[int, int], title: int | None
) -> list[Scan]:
    """The bitmaps that stand in the schedule's place.

    A caption beside the picture decides; else the heading above it, when no table of courses stands under it.

    Parameters
    ----------
    items : paragraphs and tables in reading order.
    pictures : bitmaps, each with the index of the item that it stands behind (-1 for the document's beginning).
    levels : level of each item that is a heading, by its index.
    title : index of the document's title, which says nothing of what stands under it.
    """
    found = []
    for after, picture in pictures:
        if (picture.width and picture.width < _NARROW) or (picture.height and picture.height < _LOW):
            continue
        place = _captioned(items, after) or _under_heading(items, after, levels, title)
        if place:
            found.append(Scan(after, picture, place))
    return found


def _captioned(items: Sequence[Item], after: int) -> str:
    """The caption above a picture (or below, where none is above) when it names a schedule and no table follows it."""
    follows = items[after + 1] if after + 1 < len(items) else None
    above = items[after] if after >= 0 else None
    if isinstance(above, Paragraph) and len(above.text) <= 60 and _CAPTION.search(above.text):
        return "" if isinstance(follows, Grid) and _is_course_table(follows) else _short(above.text)
    if isinstance(follows, Paragraph) and len(follows.text) <= 60 and _CAPTION.search(follows.text):
        behind = items[after + 2] if after + 2 < len(items) else None
        return "" if isinstance(behind, Grid) else _short(follows.text)
    return ""


def _under_heading(items: Sequence[Item], after: int, levels: Mapping[int, int], title: int | None) -> str:
    for near in (after, after + 1):
        item = items[near] if 0 <= near < len(items) else None
        if isinstance(item, Paragraph) and _DRAWING.search(item.text) and len(item.text) <= 60:
            return ""
    for index in _headings_above(after, levels, title):
        item = items[index]
        if isinstance(item, Paragraph) and _SECTION.search(item.text):
            tables = (i for i in _section(items, index, levels) if isinstance(i, Grid))
            return "" if any(map(_is_course_table, tables)) else _short(item.text)
    return ""


def _headings_above(after: int, levels: Mapping[int, int], title: int | None) -> list[int]:
    """The headings that hold a place, innermost first."""
    found: list[int] = []
    for index in range(after, -1, -1):
        if index in levels and index != title and (not found or levels[index] < levels[found[-1]]):
            found.append(index)
    return found


def _section(items: Sequence[Item], heading: int, levels: Mapping[int, int]) -> Iterable[Item]:
    for index in range(heading + 1, len(items)):
        if index in levels and levels[index] <= levels[heading]:
            return
        yield items[index]


def _is_course_table(grid: Grid) -> bool:
    top = ["".join(cell.text.split()) for cell in grid.cells if cell.row < 6]
    return any(_COURSE.search(text) for text in top) and any(_FIGURES.search(text) for text in top)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 30 else line[:29] + "…"


class ScanReader:
    """Reads scans, a few of them, and tells what is to be said of each."""

    def __init__(self, options: ParserOptions) -> None:
        self._options, self._left = options, _MOST_PICTURES

    def read(self, scan: Scan) -> tuple[tuple[PicturePiece, ...], str]:
        """What a scan holds, and what is to be said of it ("" for a picture that turns out to be no schedule)."""
        if self._left <= 0 or not scan.picture.data:
            return (), SAID
        self._left -= 1
        try:
            pieces = recognised(scan.picture, self._options)
        except DuibiaoError:
            return (), SAID
        texts = list(_texts(pieces))
        if not any(map(_FIGURES.search, texts)):
            return (), "" if sum(map(len, texts)) >= _READABLE else SAID
        return pieces, READ if any(isinstance(piece, TablePiece) for piece in pieces) else SAID


def _texts(pieces: Iterable[PicturePiece]) -> Iterable[str]:
    for piece in pieces:
        if isinstance(piece, Piece):
            yield piece.text
        else:
            yield from ("".join(cell.text.split()) for cell in piece.cells)
