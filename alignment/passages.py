"""A document made ready for judging: its segments' vectors and words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from alignment.clause_words import content_words, search_words
from alignment.pieces import Pieces, pieces_of, under_heading
from corpora.document import Segment, SegmentedDocument
from index.protocols import Encoder

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Passages:
    """The S segments of one document with what does not depend on a standard.

    Parameters
    ----------
    segmented : the document.
    vectors : (S, d) unit rows of the bare texts.
    context_vectors : (S, d) unit rows of the texts under their headings.
    pieces : clauses and list items of the segments.
    """

    segmented: SegmentedDocument
    vectors: Floats
    context_vectors: Floats
    pieces: Pieces

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The segments, in document order."""
        return self.segmented.segments

    @cached_property
    def words(self) -> tuple[tuple[str, ...], ...]:
        """Content words of each segment's text."""
        return tuple(content_words(segment.text) for segment in self.segments)

    @cached_property
    def heading_words(self) -> tuple[tuple[str, ...], ...]:
        """Content words of the headings over each segment."""
        words = {path: content_words("；".join(path)) for path in {segment.heading_path for segment in self.segments}}
        return tuple(words[segment.heading_path] for segment in self.segments)

    @cached_property
    def search_words(self) -> tuple[tuple[str, ...], ...]:
        """Words of each segment under its headings as lexical search cuts them."""
        return tuple(search_words((*segment.heading_path, segment.text)) for segment in self.segments)


def read_passages(segmented: SegmentedDocument, encoder: Encoder) -> Passages:
    """Encode a document's segments and their pieces, bare and under their headings, each distinct text once."""
    segments = segmented.segments
    parts = [pieces_of(segment.text) for segment in segments]
    pieces = [piece for part in parts for piece in part]
    over = [segment.heading_path[-1] if segment.heading_path else "" for segment in segments]
    headings = {heading: i for i, heading in enumerate(dict.fromkeys(over))}
    headed = [
        under_heading(x, segment.heading_path) for segment, part in zip(segments, parts, strict=True) for x in part
    ]
    groups = ([s.text for s in segments], [s.context for s in segments], pieces, headed, list(headings))
    place = {text: i for i, text in enumerate(dict.fromkeys(text for group in groups for text in group))}
    encoded = encoder.encode(list(place)) if place else np.zeros((0, encoder.dimension), np.float32)
    vectors, contexts, bare, under, heading_vectors = (encoded[[place[text] for text in group]] for group in groups)
    counts = [len(part) for part in parts]
    rows = np.repeat(np.array([headings[heading] for heading in over], np.int64), counts)
    starts = np.cumsum([0, *counts])
    return Passages(segmented, vectors, contexts, Pieces(tuple(pieces), starts, bare, under, heading_vectors, rows))
