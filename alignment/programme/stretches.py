"""Which stretches of a document are the plan itself, and which only annexed to it."""

from __future__ import annotations

from collections.abc import Sequence

from alignment.programme.annex_parts import file_parts
from corpora.programme.model import Programme

Stretch = tuple[int, int]


def body_stretches(programme: Programme) -> tuple[Stretch, ...]:
    """Where the plan itself speaks, in document order, without overlaps.

    The major's own stretch up to its annex (course standards, reports), and those that it shares with other majors of
    the file, without course standards handed in as files of their own; the whole text for a programme without a
    stretch.
    """
    end = programme.end or len(programme.document.text)
    own = (programme.start, programme.annex_start if programme.start < programme.annex_start < end else end)
    joined: list[Stretch] = []
    for start, stop in sorted((own, *programme.shared)):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(stop, joined[-1][1]))
        elif stop > start:
            joined.append((start, stop))
    return tuple(_without(joined, [(part.start, part.end) for part in file_parts(programme)]))


def _without(stretches: Sequence[Stretch], holes: Sequence[Stretch]) -> list[Stretch]:
    """The stretches with holes cut out of them."""
    left = list(stretches)
    for first, last in holes:
        cut = [((start, min(end, first)), (max(start, last), end)) for start, end in left]
        left = [part for pair in cut for part in pair if part[0] < part[1]]
    return left


def within(stretches: Sequence[Stretch], offset: int) -> bool:
    """Whether a character offset lies in one of the stretches."""
    return any(start <= offset < end for start, end in stretches)
