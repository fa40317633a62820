"""How alike a passage must be to what is missing before a suggestion may name it."""

from __future__ import annotations

import numpy as np

from alignment.exemplars.shipped import sample_records
from index.protocols import Encoder

#: The floor, in standard deviations above the mean cosine of unrelated passages: cosines of one encoder are not those
#: of another, measured in these units they are comparable. Chosen on the shipped expression bank, see docs/corpus.md;
#: ``tests/alignment/exemplars/test_floor.py`` measures it again.
FLOOR = 5.5

#: Bounds of the floor, whatever an encoder makes of the passages.
LEAST, MOST = 0.5, 0.95

_LEAST_CHARS = 6
_STEP = 3


def floor_of(encoder: Encoder) -> float:
    """The least similarity of an example, for the vectors of an encoder.

    The background is that of every third passage of the shipped samples: texts of the trade that say different things.
    """
    texts = [line.text for record in sample_records() for line in record.lines if len(line.text) >= _LEAST_CHARS]
    vectors = encoder.encode(texts[::_STEP])
    cosines = (vectors @ vectors.T)[~np.eye(len(vectors), dtype=bool)]
    return float(min(max(cosines.mean() + FLOOR * cosines.std(), LEAST), MOST))
