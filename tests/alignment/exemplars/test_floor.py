"""The floor of similarity, measured on the shipped bank: what docs/corpus.md says of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from alignment.exemplars.floor import LEAST, MOST, floor_of
from alignment.prepared import PreparedStandard, prepare
from corpora.expressions import load_expressions
from corpora.standard import Standard
from index.encoders import word_vectors
from index.protocols import Encoder, Vectors


@pytest.fixture(scope="module")
def served(ecommerce: Standard, encoder: Encoder) -> PreparedStandard:
    """The shipped standard."""
    return prepare(ecommerce, load_expressions("530701"), encoder, word_vectors())


def test_the_floor_keeps_what_teaches_and_drops_what_does_not(served: PreparedStandard, encoder: Encoder) -> None:
    """Nine elements of ten find one of their own expressions; of the near misses hardly any passes.

    Where the bank speaks of other things only (expressions of elements whose texts have a cosine below one half to the
    one asked for), four elements of five find nothing.
    """
    row_of = {element.id: row for row, element in enumerate(served.elements)}
    bank = [item for item in served.expressions if item.element in row_of]
    owners = np.array([row_of[item.element] for item in bank])
    grades = np.array([item.grade for item in bank])
    cosines = served.text_vectors @ encoder.encode([item.text for item in bank]).T
    own = owners[None, :] == np.arange(len(served.elements))[:, None]
    floor = floor_of(encoder)
    passes = cosines >= floor
    assert (passes & own & (grades == 2)).any(1).mean() > 0.85
    assert passes[own & (grades == 0)[None, :]].mean() < 0.01
    elsewhere = (served.text_vectors @ served.text_vectors.T < 0.5)[:, owners] & (grades == 2)[None, :]
    assert (passes & elsewhere).any(1).mean() < 0.2


def test_the_floor_follows_the_encoder(encoder: Encoder) -> None:
    """It stands where the built-in encoder's was measured, moves with the cosines, and stays within bounds."""
    assert floor_of(encoder) == pytest.approx(0.70, abs=0.01)
    assert floor_of(encoder) < floor_of(Shifted(encoder, 0.5)) <= MOST
    assert floor_of(encoder) > LEAST


class Shifted:
    """An encoder whose vectors all have something in common, as those of many models do."""

    def __init__(self, encoder: Encoder, share: float) -> None:
        self._encoder, self._share = encoder, share
        self.dimension, self.fingerprint = encoder.dimension, "shifted"

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, turned towards one direction."""
        vectors = self._encoder.encode(texts) * np.float32(1 - self._share)
        vectors[:, 0] += self._share
        turned: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return turned
