"""Passages of a paragraph, list item, heading or cell: cut text with the names that stand over it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpora.document import Locator
from corpora.kinds import HEAD, is_title_line
from corpora.segments.cutting import cut
from corpora.segments.noise import is_noise
from corpora.segments.outline import Place, is_label, is_structural, style_of
from corpora.table_layout import is_number

_PREFIX = re.compile(r"[^\n:：。；]{2,14}[:：]")
_SHORT_TITLE = 10


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of text that becomes a segment, with the headings and, in a table, the labels above it."""

    locator: Locator
    headings: tuple[str, ...]
    labels: tuple[str, ...] = ()
    hours: float | None = None
    is_heading: bool = False


def block_passages(text: str, place: Place, title: str) -> Iterator[Passage]:
    """Passages of one block outside tables.

    Parameters
    ----------
    text : the document's text.
    place : the block with its headings.
    title : the document's title, which is no passage.
    """
    block = place.block
    line = " ".join(block.text.split())
    if is_noise(line) or (block.locator.paragraph <= HEAD and is_title_line(line, title)) or is_number(line):
        return
    if place.is_heading:
        if not is_structural(line):
            yield Passage(block.locator, place.path, is_heading=True)
        return
    for names, start, end in named_cuts(text, block.locator.start, block.locator.end):
        yield Passage(block.locator.slice(start, end), place.path + names)


def named_cuts(text: str, start: int, end: int) -> Iterator[tuple[tuple[str, ...], int, int]]:
    """Cut a stretch into passages, each with the name that stands before it inside the stretch.

    Such a name is a line of its own (知识点, 1、项目教学) or the head of a line before a colon (能力目标：…); it names
    the lines after it, up to the next name, and is no passage itself.

    Yields
    ------
    (names, start, end): names is empty or holds one name; offsets are absolute.
    """
    names: tuple[str, ...] = ()
    chunk = start
    lines = list(_lines(text, start, end))
    for position, (line_start, line_end) in enumerate(lines):
        following = lines[position + 1] if position + 1 < len(lines) else None
        name_end = _name_end(text, line_start, line_end, following)
        if name_end == line_start and not is_noise(text[line_start:line_end]):
            continue
        yield from ((names, *span) for span in cut(text, chunk, line_start))
        chunk = name_end if name_end > line_start else line_end
        if name_end > line_start:
            names = (text[line_start:name_end].strip().rstrip(":："),)
    yield from ((names, *span) for span in cut(text, chunk, end))


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end:
        stop = text.find("\n", start, end)
        stop = end if stop < 0 else stop
        yield start, stop
        start = stop + 1


def _name_end(text: str, start: int, end: int, following: tuple[int, int] | None) -> int:
    """Where the name at the head of a line ends; ``start`` when the line begins with none."""
    line = text[start:end].strip()
    if following and len(line) <= 14 and (is_label(line) or _heads_list(text, line, following)):
        return end
    match = _PREFIX.match(text, start, end)
    return match.end() if match and match.end() < end and is_label(match[0]) else start


def _heads_list(text: str, line: str, following: tuple[int, int]) -> bool:
    style = style_of(line)
    after = text[following[0] : following[1]].strip()
    return bool(style) and len(line) <= _SHORT_TITLE and len(after) >= 2 * len(line) and style_of(after) != style
