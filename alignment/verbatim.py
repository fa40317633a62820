"""Elements that a document states in the standard's own words: these it covers by definition, whatever models say."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from alignment.passages import Passages
from alignment.prepared import PreparedStandard

#: Probability given to an element stated verbatim where a document teaches.
CERTAIN = 0.95

_TEACHING = frozenset(("objective", "content", "practice", "assessment"))
_ASIDE = re.compile(r"[\W_]+")


def stated_verbatim(prepared: PreparedStandard, passages: Passages) -> NDArray[np.bool_]:
    """(E,) whether a clause or list item of a teaching passage is an element's text, spaces and punctuation aside."""
    segments, pieces = passages.segments, passages.pieces
    stated = {
        _ASIDE.sub("", text)
        for text, owner in zip(pieces.texts, pieces.owners.tolist(), strict=True)
        if segments[owner].role in _TEACHING
    }
    return np.array([_ASIDE.sub("", element.text) in stated for element in prepared.elements], dtype=bool)
