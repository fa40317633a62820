"""Closeness of all pieces to the nearest probes of all elements, against plain loops."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from alignment import nearness
from alignment.nearness import Nearness
from alignment.passages import Passages
from alignment.pieces import Pieces
from alignment.prepared import COVERS, MISSES, OWN, TOUCHES, PreparedStandard


def plain(prepared: PreparedStandard, kind: int, element: int, vector: np.ndarray) -> list[float]:
    """Closeness of one vector to the probes of one kind of one element, the nearest first."""
    probes = prepared.probe_vectors[(prepared.probe_kind == kind) & (prepared.probe_element == element)]
    return sorted((probes @ vector).tolist(), reverse=True)


@pytest.fixture(params=["headings in the plane", "any vectors", "small blocks"])
def pieces(request: pytest.FixtureRequest, orchard_passages: Passages, monkeypatch: pytest.MonkeyPatch) -> Pieces:
    """The orchard's pieces: as they are, under headings by another kind of encoder, compared a few at a time."""
    if request.param == "small blocks":
        monkeypatch.setattr(nearness, "_BLOCK", 7)
    if request.param != "any vectors":
        return orchard_passages.pieces
    headed = np.random.default_rng(3).standard_normal(orchard_passages.pieces.vectors.shape).astype(np.float32)
    return replace(orchard_passages.pieces, headed_vectors=headed / np.linalg.norm(headed, axis=1, keepdims=True))


def test_pieces_are_compared_with_the_nearest_probe_of_each_kind(prepared: PreparedStandard, pieces: Pieces) -> None:
    """Every pair, bare and under its heading; 0 where an element has no probe of the kind."""
    found, count = Nearness(prepared, pieces), len(prepared.elements)
    rows, owners = np.tile(np.arange(len(pieces.texts)), count), np.repeat(np.arange(count), len(pieces.texts))
    near = found.of_pieces(rows, owners)
    wanted = [
        (near.own, OWN, pieces.vectors),
        (near.covers, COVERS, pieces.vectors),
        (near.touches, TOUCHES, pieces.vectors),
        (near.misses, MISSES, pieces.vectors),
        (near.own_headed, OWN, pieces.headed_vectors),
        (near.covers_headed, COVERS, pieces.headed_vectors),
    ]
    for values, kind, vectors in wanted:
        expected = [(plain(prepared, kind, e, vectors[n]) or [0.0])[0] for n, e in zip(rows, owners, strict=True)]
        np.testing.assert_allclose(values, expected, atol=3e-6)


def test_passages_have_a_second_nearest(prepared: PreparedStandard, pieces: Pieces) -> None:
    """Of covering expressions also the second; what is negative or missing is 0."""
    whole = len(pieces.starts) - 1
    chosen = np.tile(np.arange(whole), (len(prepared.elements), 1))
    near = Nearness(prepared, pieces).of_passages(chosen)
    for element in range(len(prepared.elements)):
        for passage, start in enumerate(pieces.starts[:-1].tolist()):
            best = [*plain(prepared, COVERS, element, pieces.vectors[start]), 0.0, 0.0]
            found = near.covers[element, passage], near.covers_second[element, passage]
            assert found == pytest.approx(np.maximum(best[:2], 0), abs=3e-6)
            own = plain(prepared, OWN, element, pieces.vectors[start])[0]
            assert near.own[element, passage] == pytest.approx(max(own, 0), abs=3e-6)


def test_teaching_probes_and_the_nearest_element(prepared: PreparedStandard, pieces: Pieces) -> None:
    """In the order of the pieces: the best of own wording and covering expressions, and of all elements' wordings."""
    found = Nearness(prepared, pieces)
    for n, vector in enumerate(pieces.vectors):
        own = [plain(prepared, OWN, e, vector)[0] for e in range(len(prepared.elements))]
        covers = [(plain(prepared, COVERS, e, vector) or [0.0])[0] for e in range(len(prepared.elements))]
        expected = np.maximum(np.maximum(own, covers), 0)
        np.testing.assert_allclose(found.teaching[:, n], expected, atol=3e-6)
        assert found.nearest_own[n] == pytest.approx(max(own), abs=3e-6)


def test_headings_are_told_from_the_vectors(orchard_passages: Passages) -> None:
    """With the built-in encoder a headed piece is made up of both, a piece without a heading of itself alone."""
    pieces = orchard_passages.pieces
    shares = pieces.heading_shares
    assert shares is not None
    made = shares[0, :, None] * pieces.vectors + shares[1, :, None] * pieces.heading_vectors[pieces.headings]
    np.testing.assert_allclose(made, pieces.headed_vectors, atol=1e-6)
    turned = replace(pieces, headed_vectors=np.roll(pieces.headed_vectors, 1, axis=1))
    assert turned.heading_shares is None
