"""A document made ready for judging: its segments' vectors and words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from alignment.pieces import Pieces, pieces_of, under_heading
from corpora.document import Segment, SegmentedDocument
from corpora.tokens import content_tokens
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
        return tuple(tuple(content_tokens(segment.text)) for segment in self.segments)

    @cached_property
    def heading_words(self) -> tuple[tuple[str, ...], ...]:
        """Content words of the headings over each segment."""
        seen: dict[tuple[str, ...], tuple[str, ...]] = {}
        for segment in self.segments:
            path = segment.heading_path
            if path not in seen:
                seen[path] = tuple(content_tokens("；".join(path)))
        return tuple(seen[segment.heading_path] for segment in self.segments)


def read_passages(segmented: SegmentedDocument, encoder: Encoder) -> Passages:
    """Encode a document's segments and their pieces, bare and under their headings, each distinct text once."""
    segments = segmented.segments
    parts = [pieces_of(segment.text) for segment in segments]
    pieces = [piece for part in parts for piece in part]
    headed = [
        under_heading(x, segment.heading_path) for segment, part in zip(segments, parts, strict=True) for x in part
    ]
    groups = ([segment.text for segment in segments], [segment.context for segment in segments], pieces, headed)
    place = {text: i for i, text in enumerate(dict.fromkeys(text for group in groups for text in group))}
    encoded = encoder.encode(list(place)) if place else np.zeros((0, encoder.dimension), np.float32)
    vectors, contexts, bare, under = (encoded[[place[text] for text in group]] for group in groups)
    starts = np.cumsum([0, *map(len, parts)])
    return Passages(segmented, vectors, contexts, Pieces(tuple(pieces), starts, bare, under))
