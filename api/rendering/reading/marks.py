"""Passages that serve elements: the stretches of quotes, cut where they overlap."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from alignment.model import Evidence, Match
from corpora.document import Document

#: How far behind its first stretch the rest of a quote may stand (a page's head and foot between them).
_FURTHER = 2000


@dataclass(frozen=True, slots=True)
class Stretch:
    """A quote's place: offsets, the element it serves and the grade of that element."""

    start: int
    end: int
    element: str
    grade: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of text that serves the same elements throughout; ``grade`` is the best of theirs."""

    start: int
    end: int
    elements: tuple[str, ...]
    grade: int


@dataclass(frozen=True, slots=True)
class Piece:
    """Text at an offset with its mark, None where it serves nothing; ``here``: within the place asked for."""

    text: str
    start: int
    mark: Mark | None = None
    here: bool = False


def spans(document: Document, evidence: Evidence) -> Iterator[tuple[int, int]]:
    """The stretches of a quote: its locator, and what of it stands further on where a page or cell cuts it."""
    start, end = evidence.locator.start, evidence.locator.end
    yield start, end
    rest = evidence.quote[end - start :]
    if rest.strip():
        further = document.text.find(rest, end, end + len(rest) + _FURTHER)
        if further >= 0:
            yield further, further + len(rest)


def stretches(document: Document, matches: Iterable[Match]) -> list[Stretch]:
    """Every quote of every element that is at least touched."""
    return [
        Stretch(start, end, match.element.id, match.grade)
        for match in matches
        if match.grade
        for evidence in match.evidence
        for start, end in spans(document, evidence)
        if start < end
    ]


class Marks:
    """All marks of a document in order, found by offset.

    Parameters
    ----------
    found : the quotes' stretches.
    """

    def __init__(self, found: Sequence[Stretch]) -> None:
        self.marks = tuple(_cut(found))
        self._starts = [mark.start for mark in self.marks]

    def between(self, start: int, end: int) -> tuple[Mark, ...]:
        """Marks that overlap a stretch."""
        first = max(bisect_right(self._starts, start) - 1, 0)
        last = bisect_left(self._starts, end)
        return tuple(mark for mark in self.marks[first:last] if mark.end > start)

    def elements(self, start: int, end: int) -> tuple[str, ...]:
        """Ids of the elements that a stretch serves, in the order of their quotes."""
        return tuple(dict.fromkeys(name for mark in self.between(start, end) for name in mark.elements))

    def pieces(self, text: str, start: int, here: tuple[int, int] = (0, 0)) -> tuple[Piece, ...]:
        """A text that begins at an offset, cut into marked and plain pieces.

        ``here`` is a place that somebody asked for; it is cut out too.
        """
        end = start + len(text)
        found = self.between(start, end)
        edges = {start, end, *(edge for mark in found for edge in (mark.start, mark.end)), *here}
        cuts = sorted(edge for edge in edges if start <= edge <= end)
        return tuple(self._piece(text, start, a, b, here) for a, b in pairwise(cuts))

    def _piece(self, text: str, start: int, a: int, b: int, here: tuple[int, int]) -> Piece:
        mark = next(iter(self.between(a, b)), None)
        return Piece(text[a - start : b - start], a, mark, here[0] <= a and b <= here[1])


def _cut(found: Sequence[Stretch]) -> Iterator[Mark]:
    """Marks without overlap: at every edge of a quote a new one begins."""
    edges = sorted({edge for stretch in found for edge in (stretch.start, stretch.end)})
    coming = sorted(found, key=lambda stretch: stretch.start)
    place = 0
    open_: list[Stretch] = []
    for start, end in pairwise(edges):
        while place < len(coming) and coming[place].start <= start:
            open_.append(coming[place])
            place += 1
        open_ = [stretch for stretch in open_ if stretch.end > start]
        if open_:
            yield Mark(start, end, _names(open_), max(stretch.grade for stretch in open_))


def _names(open_: Iterable[Stretch]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(stretch.element for stretch in sorted(open_, key=lambda s: -s.grade)))
