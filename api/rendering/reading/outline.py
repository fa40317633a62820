"""The headings of a document as stretches of its text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from api.rendering import words
from corpora.document import Document
from corpora.kinds import document_title
from corpora.segments.outline import document_places

#: Headings below this depth open no section of their own.
DEEPEST = 3
#: More chapters than this, and only the upper headings count as such.
MOST_CHAPTERS = 40


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands below it, up to the next heading.

    Parameters
    ----------
    number : from 1, in reading order.
    title : the heading on one line; empty for what stands before the first heading.
    depth : of the heading, from 1.
    start, end : offsets into ``Document.text``, the heading's own included.
    """

    number: int
    title: str
    depth: int
    start: int
    end: int


@dataclass(frozen=True)
class Outline:
    """The sections of a document; together they are its whole text."""

    sections: tuple[Section, ...]

    @classmethod
    def of(cls, document: Document) -> Outline:
        """The outline that the program itself reads a document by."""
        found = [
            (place.block.locator.start, words.flat(place.block.text, 60), len(place.path) + 1)
            for place in document_places(document, document_title(document))
            if place.is_heading and len(place.path) < DEEPEST and place.block.text.strip()
        ]
        if not found or found[0][0] > 0:
            found.insert(0, (0, "", 1))
        ends = [start for start, _, _ in found[1:]] + [max(len(document.text), 1)]
        rows = zip(found, ends, strict=True)
        return cls(
            tuple(Section(n, title, depth, start, end) for n, ((start, title, depth), end) in enumerate(rows, 1))
        )

    @cached_property
    def _starts(self) -> list[int]:
        return [section.start for section in self.sections]

    def at(self, offset: int) -> Section:
        """The section that holds an offset."""
        return self.sections[max(bisect_right(self._starts, offset) - 1, 0)]

    def down_to(self, depth: int) -> Outline:
        """The outline without the headings below a depth; their text belongs to the heading above."""
        kept: list[Section] = []
        for section in self.sections:
            if section.depth <= depth or not kept:
                kept.append(replace(section, number=len(kept) + 1))
            else:
                kept[-1] = replace(kept[-1], end=section.end)
        return Outline(tuple(kept))

    @cached_property
    def chapters(self) -> Outline:
        """Headings of the first two levels, or of the first where those are too many."""
        two = self.down_to(2)
        return two if len(two.sections) <= MOST_CHAPTERS else self.down_to(1)

    def below(self, section: Section) -> tuple[int, int]:
        """The stretch of a section with the sections under it."""
        later = (s for s in self.sections[section.number :] if s.depth <= section.depth)
        following = next(later, None)
        return section.start, following.start if following else self.sections[-1].end


def numbers(sections: Iterable[Section]) -> str:
    """Numbers of sections as a data attribute holds them: ``2 5``."""
    return " ".join(dict.fromkeys(str(section.number) for section in sections))
