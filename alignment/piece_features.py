"""Features of the closest piece: a passage that names many things is judged by the clause that fits best."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from alignment.candidates import Candidates
from alignment.pieces import Pieces
from alignment.prepared import PreparedStandard
from alignment.words import ClosestWords

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

#: Those that need an expression bank.
_OF_BANK = tuple(name for name in PIECE_FEATURES if name.startswith(("covers", "touches", "misses")))


def piece_features(
    prepared: PreparedStandard, pieces: Pieces, candidates: Candidates, words: ClosestWords
) -> dict[str, Floats]:
    """By name, the highest value (E, K) among the pieces of each candidate passage.

    Parameters
    ----------
    candidates : at least one for each element.
    words : of the pieces.
    """
    chosen = candidates.segments
    rows, begins, owners = _rows(pieces, chosen)
    near = candidates.nearness.of_pieces(rows, owners)
    at = owners * len(pieces.texts) + rows
    exact, soft = prepared.matcher.shares(words.closest)
    soft_row, above = soft.take(at), prepared.above_background

    def best(values: Floats) -> Floats:
        highest: Floats = np.maximum.reduceat(values, begins).reshape(chosen.shape)
        return highest

    found = {
        "own_piece": above(best(near.own)),
        "own_piece_above_others": best(near.own - candidates.nearness.nearest_own[rows]) / prepared.background[1],
        "own_headed_piece": above(best(near.own_headed)),
        "soft_piece": best(soft_row),
        "words_piece": best(exact.take(at)),
        "reverse_piece": best(words.reverse.take(at)),
        "own_piece*soft": best(above(near.own) * soft_row),
        "covers_piece": above(best(near.covers)),
        "touches_piece": above(best(near.touches)),
        "misses_piece": above(best(near.misses)),
        "covers_piece_margin": best(near.covers - np.maximum(near.touches, near.misses)) / prepared.background[1],
        "covers_headed_piece": above(best(near.covers_headed)),
        "covers_piece*soft": best(above(near.covers) * soft_row),
    }
    for name in _OF_BANK:
        found[name][~prepared.served_by_bank] = 0
    return found


def _rows(pieces: Pieces, chosen: Ints) -> tuple[Ints, Ints, Ints]:
    """Rows of the pieces of all elements' candidates, where each candidate's begin, and the element of each row."""
    rows, begins = pieces.rows_of(chosen.ravel())
    ends = np.append(begins[chosen.shape[1] :: chosen.shape[1]], len(rows))
    return rows, begins, np.repeat(np.arange(len(chosen)), np.diff(ends, prepend=0))
