"""Features of the closest piece: a passage that names many things is judged by the clause that fits best."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from alignment.pieces import Pieces
from alignment.prepared import COVERS, MISSES, OWN, TOUCHES, PreparedStandard

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

#: Kinds of probes, by which the columns of closeness are numbered.
_KINDS = (OWN, COVERS, TOUCHES, MISSES)

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
    rows, begins, owners = _rows(pieces, chosen)
    bare, headed = _closeness(prepared, pieces, rows, owners)
    own, covers, touches, misses = (bare[:, kind] for kind in _KINDS)
    shares = prepared.matcher.compare(pieces.words)
    soft, above = shares.soft[owners, rows], prepared.above_background
    deviation = prepared.background[1]
    values = np.stack(
        [
            above(own),
            (own - prepared.nearest_own(pieces.vectors)[rows]) / deviation,
            above(headed[:, OWN]),
            soft,
            shares.exact[owners, rows],
            shares.reverse[owners, rows],
            above(own) * soft,
            above(covers),
            above(touches),
            above(misses),
            (covers - np.maximum(touches, misses)) / deviation,
            above(headed[:, COVERS]),
            above(covers) * soft,
        ],
        axis=-1,
    )
    best = np.maximum.reduceat(values, begins, axis=0).astype(np.float32).reshape(*chosen.shape, -1)
    best[~prepared.served_by_bank, :, PIECE_FEATURES.index("covers_piece") :] = 0
    return {name: best[..., i] for i, name in enumerate(PIECE_FEATURES)}


def _rows(pieces: Pieces, chosen: Ints) -> tuple[Ints, Ints, Ints]:
    """Rows of the pieces of all elements' candidates, where each candidate's begin, and the element of each row."""
    rows, begins = pieces.rows_of(chosen.ravel())
    ends = np.append(begins[chosen.shape[1] :: chosen.shape[1]], len(rows))
    return rows, begins, np.repeat(np.arange(len(chosen)), np.diff(ends, prepend=0))


def _closeness(prepared: PreparedStandard, pieces: Pieces, rows: Ints, owners: Ints) -> tuple[Floats, Floats]:
    """(R, kinds) closeness of each row's piece, bare and under its heading, to the nearest probe of each kind of the
    row's element; 0 where the element has none of it."""
    bare, headed = (np.zeros((len(rows), len(_KINDS)), np.float32) for _ in range(2))
    ends = np.cumsum(np.bincount(owners, minlength=len(prepared.elements)))
    for element, (first, last) in enumerate(pairwise([0, *ends.tolist()])):
        probes, kinds = prepared.probes_of(element)
        present, starts = np.unique(kinds, return_index=True)
        for found, vectors in ((bare, pieces.vectors), (headed, pieces.headed_vectors)):
            products = vectors[rows[first:last]] @ probes.T
            found[first:last, present] = np.maximum.reduceat(products, starts, axis=1)
    return bare, headed
