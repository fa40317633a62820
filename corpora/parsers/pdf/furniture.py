"""Page furniture: running headers, footers and page numbers, found by their repetition over pages."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from corpora.parsers.pdf.lines import Line

_MARGIN = 0.12
_LEAST_MARGIN = 72.0
_SHIFT = 8.0
_MIN_PAGES = 3
_PAGE_NUMBER = re.compile(
    r"^(?:[-—–―•·~]+\s*\d{1,4}\s*[-—–―•·~]+|第\s*\d+\s*页.{0,12}|(?:Page\s*)?\d{1,4}\s*(?:/|of)\s*\d{1,4}|[ivxIVX]{1,6})$"
)
_DIGITS = re.compile(r"\d+")
_ENDS_OR_BEGINS = re.compile(r"^(?:(\d{1,4})(?:\s.{0,60})?|.{0,60}\s(\d{1,4}))$|^\D{0,2}(\d{1,4})\D{0,2}$")
_BARE = re.compile(r"^\D{0,2}\d{1,4}\D{0,2}$")


def furniture(pages: Sequence[Sequence[Line]], heights: Sequence[float]) -> set[Line]:
    """The lines that are no part of the text.

    Parameters
    ----------
    pages : the lines of each page.
    heights : height of each page, in points.

    Returns
    -------
    lines in the top or bottom eighth (an inch at least) that stand, digits aside, at the same height on three pages (on
    both of two), and page numbers as they are usually set.
    """
    spots: dict[str, list[Line]] = defaultdict(list)
    found: set[Line] = set()
    for lines, height in zip(pages, heights, strict=True):
        for line in _marginal(lines, height):
            spots[_DIGITS.sub("#", line.text.replace(" ", ""))].append(line)
            if _PAGE_NUMBER.match(line.text):
                found.add(line)
    needed = min(_MIN_PAGES, max(len(pages), 2))
    for lines in spots.values():
        for line in lines:
            alike = {other.page for other in lines if abs(other.y0 - line.y0) <= _SHIFT}
            if len(alike) >= needed:
                found.add(line)
    return found | set(_numbers_in_step(pages, heights))


def _marginal(lines: Iterable[Line], height: float) -> list[Line]:
    margin = max(_MARGIN * height, _LEAST_MARGIN)
    return [line for line in lines if line.y1 < margin or line.y0 > height - margin]


def _numbers_in_step(pages: Sequence[Sequence[Line]], heights: Sequence[float]) -> list[Line]:
    """Lines at the very edge that begin or end with a number which counts with the pages.

    Bare numbers need two such pages, numbers beside a running title (which may change by chapter) four.
    """
    offsets: dict[tuple[bool, int], list[Line]] = defaultdict(list)
    for lines, height in zip(pages, heights, strict=True):
        for line in _marginal(lines, height):
            match = _ENDS_OR_BEGINS.match(line.text)
            if match and line in (lines[0], lines[-1]):
                offsets[bool(_BARE.match(line.text)), int(match[1] or match[2] or match[3]) - line.page].append(line)
    return [
        line
        for (bare, _), found in offsets.items()
        for line in found
        if len({one.page for one in found}) >= (2 if bare else 4)
    ]
