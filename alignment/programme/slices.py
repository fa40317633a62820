"""A stretch of a document that is already made ready for judging, without reading or encoding it again."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from alignment.passages import Passages
from alignment.pieces import Pieces


def passages_between(passages: Passages, start: int, end: int) -> Passages:
    """The passages that begin within the characters ``start``..``end`` of the document.

    Locators keep counting in the whole document; segments keep their headings and roles.
    """
    begins = [segment.locators[0].start for segment in passages.segments]
    first, last = bisect_left(begins, start), bisect_left(begins, end)
    return _rows(passages, first, max(first, last))


def passages_of(passages: Passages, stretches: Sequence[tuple[int, int]]) -> Passages:
    """The passages of several stretches, in their order, as one."""
    slices = [passages_between(passages, start, end) for start, end in stretches]
    if len(slices) == 1:
        return slices[0]
    segments = tuple(segment for part in slices for segment in part.segments)
    counts = np.concatenate([np.diff(part.pieces.starts) for part in slices] or [np.zeros(0, np.int64)])
    pieces = Pieces(
        tuple(text for part in slices for text in part.pieces.texts),
        np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
        _stacked([part.pieces.vectors for part in slices], passages.pieces.vectors),
        _stacked([part.pieces.headed_vectors for part in slices], passages.pieces.vectors),
        passages.pieces.heading_vectors,
        _stacked([part.pieces.headings for part in slices], passages.pieces.headings),
    )
    return Passages(
        replace(passages.segmented, segments=segments),
        _stacked([part.vectors for part in slices], passages.vectors),
        _stacked([part.context_vectors for part in slices], passages.vectors),
        pieces,
    )


def _stacked(parts: Sequence[np.ndarray], like: np.ndarray) -> np.ndarray:
    return np.concatenate([like[:0], *parts])


def _rows(passages: Passages, first: int, last: int) -> Passages:
    starts = passages.pieces.starts
    rows = slice(int(starts[first]), int(starts[last]))
    pieces = Pieces(
        passages.pieces.texts[rows],
        starts[first : last + 1] - starts[first],
        passages.pieces.vectors[rows],
        passages.pieces.headed_vectors[rows],
        passages.pieces.heading_vectors,
        passages.pieces.headings[rows],
    )
    part = Passages(
        replace(passages.segmented, segments=passages.segments[first:last]),
        passages.vectors[first:last],
        passages.context_vectors[first:last],
        pieces,
    )
    for whole, own, span in ((passages, part, slice(first, last)), (passages.pieces, pieces, rows)):
        for name in ("words", "heading_words"):  # what was computed for the whole is not computed again
            if name in vars(whole):
                vars(own)[name] = vars(whole)[name][span]
    return part
