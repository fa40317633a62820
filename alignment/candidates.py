"""First stage: the few passages of a document that may teach each element, by vectors and by words, fused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alignment.nearness import Nearness
from alignment.passages import Passages
from alignment.pieces import Pieces
from alignment.prepared import COVERS, OWN, PreparedStandard
from index.fusion import RRF_CONSTANT
from index.ranking import ranked

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Candidates:
    """Up to K passages for each of E elements.

    Parameters
    ----------
    segments : (E, K) segment numbers, best first; K is smaller for a document of fewer passages.
    bm25 : (E, K) BM25 sum of each pair divided by the element's best one in this document, 0..1.
    headed : (E, S) closeness of each element in its context to all passages under their headings.
    nearness : of the elements to all pieces.
    """

    segments: Ints
    bm25: Floats
    headed: Floats
    nearness: Nearness


#: Candidates of each element that the judge looks at.
JUDGED = 30

#: A probe finds only its nearest pieces, this many for each passage that is looked for.
PIECES = 4


def find_candidates(prepared: PreparedStandard, passages: Passages, k: int = JUDGED) -> Candidates:
    """The K passages of highest fused rank for every element.

    Four runs are fused by reciprocal rank: the passages nearest to the element's own wording or to an expression of
    its bank that covers it (the best probe counts), those of which a clause or list item is nearest, the nearest
    under their headings to the element in its context, and BM25 over the words of both.
    """
    count, width = len(prepared.elements), len(passages.segments)
    nearness = Nearness(prepared, passages.pieces)
    if not width:
        nothing = np.zeros((count, 0), np.float32)
        return Candidates(nothing.astype(np.int64), nothing, nothing, nearness)
    k = min(k, width)
    teaching = nearness.teaching
    headed = prepared.context_vectors @ passages.context_vectors.T
    sums = prepared.context_terms.similarities(passages.search_words)
    bare = ranked(teaching[:, passages.pieces.starts[:-1]], k)
    lexical = ranked(sums, k)
    runs = (bare, _by_pieces(prepared, passages.pieces, teaching, k), _later_first(headed, k), lexical)
    found = np.take_along_axis(sums, lexical, axis=1) > 0
    chosen = _fused(runs, (None, None, None, found), width, k)
    peak = sums.max(axis=1, keepdims=True)
    relative = np.divide(sums, peak, out=np.zeros_like(sums), where=peak > 0)
    return Candidates(chosen, np.take_along_axis(relative, chosen, axis=1), headed, nearness)


def _later_first(values: Floats, k: int) -> Ints:
    """(E, K) passages of the highest values, of equal ones the later first, as in the runs the judge was fitted on."""
    order: Ints = values.shape[1] - 1 - ranked(values[:, ::-1], k)
    return order


def _by_pieces(prepared: PreparedStandard, pieces: Pieces, teaching: Floats, k: int) -> Ints:
    """(E, K) passages by their piece that is nearest to a probe which finds it: to each probe, only the few nearest
    pieces are known, and passages of none of them count as 0.

    Most elements have so few pieces as near as their K-th passage that every probe finds them all; for these nothing is
    lost by looking at all pieces. The others are looked at probe by probe.
    """
    best = _of_passages(teaching, pieces)
    order = ranked(best, k)
    last = np.take_along_axis(best, order[:, -1:], axis=1)
    known = min(PIECES * k, len(pieces.texts))
    unsure = np.flatnonzero((teaching > last).sum(axis=1) >= known)
    if len(unsure) and known < len(pieces.texts):
        order[unsure] = ranked(_of_passages(_found(prepared, pieces, unsure, known), pieces), k)
    return order


def _of_passages(closeness: Floats, pieces: Pieces) -> Floats:
    """(n, S) the highest value among the pieces of each passage, from (n, N)."""
    best: Floats = np.maximum.reduceat(np.ascontiguousarray(closeness.T), pieces.starts[:-1], axis=0)
    return np.ascontiguousarray(best.T)


def _found(prepared: PreparedStandard, pieces: Pieces, elements: Ints, known: int) -> Floats:
    """(n, N) closeness of some elements' nearest probe that finds the piece, 0 where none does.

    Parameters
    ----------
    known : pieces that a probe finds, its nearest ones.
    """
    closeness = np.zeros((len(elements), len(pieces.texts)), np.float32)
    teaches = (prepared.probe_kind == OWN) | (prepared.probe_kind == COVERS)
    for row, element in enumerate(elements.tolist()):
        probes = prepared.probe_vectors[teaches & (prepared.probe_element == element)]
        products = probes @ pieces.vectors.T
        last = np.partition(products, -known, axis=1)[:, -known, None]
        closeness[row] = np.where(products >= last, products, 0).max(axis=0, initial=0)
    return closeness


def _fused(runs: Sequence[Ints], found: Sequence[Bools | None], width: int, k: int) -> Ints:
    """(E, K) passages by reciprocal rank fusion, as ``index.fusion`` defines it, of runs that are all K wide.

    Parameters
    ----------
    runs : (E, K) passages, best first; ``found`` says of each run which places count, None for all.
    width : number of passages.
    """
    total = np.zeros((len(runs[0]), width))
    rows = np.arange(len(total))[:, None]
    gains = 1 / (RRF_CONSTANT + 1 + np.arange(k))
    for run, counts in zip(runs, found, strict=True):
        total[rows, run] += gains if counts is None else np.where(counts, gains, 0)
    return ranked(total, k)
