"""First stage: the few passages of a document that may teach each element, by vectors and by words, fused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alignment.passages import Passages
from alignment.prepared import COVERS, OWN, PreparedStandard
from corpora.tokens import search_tokens
from index.faiss_backend import FaissBackend
from index.lexical import Bm25

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

#: Constant of reciprocal rank fusion (Cormack, Clarke & Buettcher 2009).
RRF_CONSTANT = 60


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


def find_candidates(prepared: PreparedStandard, passages: Passages, k: int = 20) -> Candidates:
    """The K passages of highest fused rank for every element.

    Three runs are fused by reciprocal rank: the nearest passages to the element's own wording and to its bank's
    covering expressions (FAISS, best probe counts), the same under their headings, and BM25 over the words of the
    element with its context.
    """
    count, width = len(prepared.elements), len(passages.segments)
    if not width:
        return Candidates(np.zeros((count, 0), np.int64), np.zeros((count, 0), np.float32))
    k = min(k, width)
    chosen = np.isin(prepared.probe_kind, (OWN, COVERS))
    bare = _best_probe(prepared, passages.vectors, chosen, k)
    headed = _nearest(prepared.context_vectors, passages.context_vectors, k)
    lexical = _lexical(prepared, passages)
    fused = sum((_reciprocal_ranks(run) for run in (bare, headed, lexical)), np.zeros((count, width), np.float32))
    order = np.argsort(-fused, axis=1, kind="stable")[:, :k]
    peak = lexical.max(axis=1, keepdims=True)
    relative = np.divide(lexical, peak, out=np.zeros_like(lexical), where=peak > 0)
    return Candidates(order.astype(np.int64), np.take_along_axis(relative, order, axis=1))


def _nearest(queries: Floats, vectors: Floats, k: int) -> Floats:
    """Similarities (queries, S) of each query's k nearest rows, 0 elsewhere."""
    backend = FaissBackend(vectors.shape[1])
    backend.add(np.arange(len(vectors), dtype=np.int64), vectors)
    hits = backend.search(queries, k)
    found = np.zeros((len(queries), len(vectors)), np.float32)
    np.put_along_axis(found, np.maximum(hits.ids, 0), np.maximum(hits.similarities, 0), axis=1)
    return found


def _best_probe(prepared: PreparedStandard, vectors: Floats, chosen: NDArray[np.bool_], k: int) -> Floats:
    """(E, S) similarity of the best chosen probe of each element, 0 where no probe has the passage among its k."""
    probes = np.flatnonzero(chosen)
    found = _nearest(prepared.probe_vectors[probes], vectors, k)
    best = np.zeros((len(prepared.elements), len(vectors)), np.float32)
    np.maximum.at(best, prepared.probe_element[probes], found)
    return best


def _lexical(prepared: PreparedStandard, passages: Passages) -> Floats:
    """(E, S) BM25 of each element's context over passages with their headings."""
    index = Bm25([search_tokens(segment.context) for segment in passages.segments])
    queries: Sequence[Sequence[str]] = [search_tokens(text) for text in prepared.contexts]
    return index.similarities(queries)


def _reciprocal_ranks(run: Floats) -> Floats:
    """1 / (c + rank) for positive entries of each row, 0 for the rest."""
    order = np.argsort(-run, axis=1, kind="stable")
    ranks = np.empty_like(order)
    np.put_along_axis(ranks, order, np.arange(run.shape[1])[None, :], axis=1)
    return np.where(run > 0, 1 / (RRF_CONSTANT + 1 + ranks), 0).astype(np.float32)
