"""Features of the closest piece: a passage that names many things is judged by the clause that fits best."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from alignment.pieces import Pieces
from alignment.prepared import COVERS, MISSES, OWN, TOUCHES, PreparedStandard
from alignment.words import WordShares

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

PIECE_FEATURES = (
    "own_piece",
    "own_piece_above_others",
    "own_headed_piece",
    "soft_piece",
    "words_piece",
    "reverse_piece",
    "own_piece*soft",
    "covers_piece",
    "touches_piece",
    "misses_piece",
    "covers_piece_margin",
    "covers_headed_piece",
    "covers_piece*soft",
)


def piece_features(prepared: PreparedStandard, pieces: Pieces, chosen: Ints) -> dict[str, Floats]:
    """By name, the highest value (E, K) among the pieces of each candidate passage.

    Parameters
    ----------
    chosen : (E, K) numbers of each element's candidate passages.
    """
    if not chosen.size:
        return {name: np.zeros(chosen.shape, np.float32) for name in PIECE_FEATURES}
    shares = prepared.matcher.compare(pieces.words)
    nearest = prepared.nearest_own(pieces.vectors)
    rows = [_of_element(prepared, pieces, shares, nearest, e, passages) for e, passages in enumerate(chosen)]
    values = np.stack(rows)
    values[~prepared.served_by_bank, :, PIECE_FEATURES.index("covers_piece") :] = 0
    return {name: values[..., i] for i, name in enumerate(PIECE_FEATURES)}


def _of_element(
    prepared: PreparedStandard, pieces: Pieces, shares: WordShares, nearest: Floats, element: int, passages: Ints
) -> Floats:
    """(K, F) features of one element's candidates, in the order of ``PIECE_FEATURES``."""
    rows, begins = pieces.rows_of(passages)
    own, covers, touches, misses = _closeness(prepared, element, pieces.vectors[rows], (OWN, COVERS, TOUCHES, MISSES))
    headed_own, headed_covers = _closeness(prepared, element, pieces.headed_vectors[rows], (OWN, COVERS))
    soft = shares.soft[element, rows]
    above = prepared.above_background
    values = np.stack(
        [
            above(own),
            (own - nearest[rows]) / prepared.background[1],
            above(headed_own),
            soft,
            shares.exact[element, rows],
            shares.reverse[element, rows],
            above(own) * soft,
            above(covers),
            above(touches),
            above(misses),
            (covers - np.maximum(touches, misses)) / prepared.background[1],
            above(headed_covers),
            above(covers) * soft,
        ],
        axis=-1,
    )
    best: Floats = np.maximum.reduceat(values, begins, axis=0).astype(np.float32)
    return best


def _closeness(prepared: PreparedStandard, element: int, vectors: Floats, kinds: tuple[int, ...]) -> Floats:
    """(kinds, n) closeness of n vectors to the nearest probe of each kind; 0 where the element has none of it."""
    probes, probe_kinds = prepared.probes_of(element)
    found = np.zeros((len(kinds), len(vectors)), np.float32)
    for i, kind in enumerate(kinds):
        mine = probes[probe_kinds == kind]
        if len(mine):
            found[i] = (vectors @ mine.T).max(axis=1)
    return found
