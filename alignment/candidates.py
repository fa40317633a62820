"""First stage: the few passages of a document that may teach each element, by vectors and by words, fused."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alignment.passages import Passages
from alignment.prepared import COVERS, OWN, PreparedStandard
from corpora.tokens import search_tokens
from index.exact import top_k
from index.faiss_backend import FaissBackend
from index.fusion import reciprocal_rank_fusion
from index.lexical import Bm25
from index.protocols import NO_ROW, Hits

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Candidates:
    """Up to K passages for each of E elements.

    Parameters
    ----------
    segments : (E, K) segment numbers, best first; K is smaller for a document of fewer passages.
    bm25 : (E, K) BM25 sum of each pair divided by the element's best one in this document, 0..1.
    """

    segments: Ints
    bm25: Floats


#: Candidates of each element that the judge looks at.
JUDGED = 30

#: Vectors up to which comparing all of them with all probes is faster than searching.
FEW = 3000


def find_candidates(prepared: PreparedStandard, passages: Passages, k: int = JUDGED) -> Candidates:
    """The K passages of highest fused rank for every element.

    Four runs are fused by reciprocal rank: the passages nearest to the element's own wording or to an expression of
    its bank that covers it (FAISS, the best probe counts), those of which a clause or list item is nearest, the nearest
    under their headings to the element in its context, and BM25 over the words of both.
    """
    count, width = len(prepared.elements), len(passages.segments)
    if not width:
        return Candidates(np.zeros((count, 0), np.int64), np.zeros((count, 0), np.float32))
    everything, k = np.arange(width), min(k, width)
    bare = top_k(_best_probes(prepared, passages.vectors, everything, k), everything, k)
    pieces = top_k(_best_probes(prepared, passages.pieces.vectors, passages.pieces.owners, k), everything, k)
    headed = _index(passages.context_vectors).search(prepared.context_vectors, k)
    sums = Bm25([search_tokens(segment.context) for segment in passages.segments]).similarities(prepared.context_tokens)
    ranked = top_k(sums, everything, k)
    lexical = Hits(np.where(ranked.similarities > 0, ranked.ids, NO_ROW), ranked.similarities)
    chosen = reciprocal_rank_fusion((bare, pieces, headed, lexical), k).ids
    peak = sums.max(axis=1, keepdims=True)
    relative = np.divide(sums, peak, out=np.zeros_like(sums), where=peak > 0)
    return Candidates(chosen, np.take_along_axis(relative, chosen, axis=1))


def _best_probes(prepared: PreparedStandard, vectors: Floats, owners: Ints, k: int) -> Floats:
    """(E, S) similarity of each element's best probe to the best vector of a passage, 0 where none is among the probe's
    nearest.

    Parameters
    ----------
    vectors : (N, d) unit rows; ``owners`` the passage of each, all S of them in order.
    k : passages that should be found; four vectors are searched for each.
    """
    probes = np.flatnonzero(np.isin(prepared.probe_kind, (OWN, COVERS)))
    nearest, elements = min(4 * k, len(vectors)), prepared.probe_element[probes]
    best = np.zeros((len(prepared.elements), int(owners[-1]) + 1), np.float32)
    if len(vectors) <= FEW:
        _best_of_few(best, prepared.probe_vectors[probes] @ vectors.T, elements, owners, nearest)
        return best
    hits = _index(vectors).search(prepared.probe_vectors[probes], nearest)
    np.maximum.at(best, (elements[:, None], owners[hits.ids]), hits.similarities)
    return best


def _best_of_few(best: Floats, similarities: Floats, elements: Ints, owners: Ints, nearest: int) -> None:
    """Fill ``best`` from all similarities (probes, N) at once: for few vectors faster than a search."""
    if nearest < len(owners):
        last = np.partition(similarities, -nearest, axis=1)[:, -nearest, None]
        similarities = np.where(similarities >= last, similarities, 0)
    order = np.argsort(elements, kind="stable")
    present, starts = np.unique(elements[order], return_index=True)
    by_element = np.maximum.reduceat(similarities[order], starts, axis=0)
    by_passage = np.maximum.reduceat(by_element, np.unique(owners, return_index=True)[1], axis=1)
    best[present] = np.maximum(by_passage, 0)


def _index(vectors: Floats) -> FaissBackend:
    backend = FaissBackend(vectors.shape[1])
    backend.add(np.arange(len(vectors), dtype=np.int64), vectors)
    return backend
