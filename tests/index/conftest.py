"""Fixtures of the index tests."""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

import numpy as np
import pytest
from numpy.typing import NDArray


class HashingEncoder:
    """Counts characters and pairs of characters in 64 places: similar texts are near, and nothing is downloaded."""

    dimension = 64

    def __init__(self, fingerprint: str = "hashing-64") -> None:
        self.fingerprint = fingerprint
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors (n, 64), zero for an empty text; ``asked`` keeps the texts."""
        self.asked += texts
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for piece in [*text, *(text[i : i + 2] for i in range(len(text) - 1))]:
                row[crc32(piece.encode()) % self.dimension] += 1
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


@pytest.fixture
def hashing_encoder() -> HashingEncoder:
    """A small deterministic encoder."""
    return HashingEncoder()


@pytest.fixture
def other_encoder() -> HashingEncoder:
    """Another encoder by its fingerprint."""
    return HashingEncoder("other")
