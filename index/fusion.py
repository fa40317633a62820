"""Several results for the same queries made into one: by ranks, or by weighted similarities."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.protocols import NO_ROW, Hits

#: Damps the lead of the first ranks; the value of Cormack, Clarke & Büttcher.
RRF_CONSTANT = 60

Floats = NDArray[np.float64]


def reciprocal_rank_fusion(
    results: Sequence[Hits], k: int, constant: float = RRF_CONSTANT, weights: Sequence[float] | None = None
) -> Hits:
    """Rows by the sum of ``weight / (constant + rank)`` over the results that found them, rank from 1.

    Source: Cormack, Clarke & Büttcher, Reciprocal Rank Fusion outperforms Condorcet and individual rank learning
    methods, SIGIR 2009.

    Parameters
    ----------
    results : for the same queries, best first, each row at most once in each.
    k : how many at most.
    constant : > -1.
    weights : of each result, >= 0; 1 by default.

    Returns
    -------
    Hits : equal rows by id; as wide as the query with the most rows, at most k.
    """
    weights = _weights(results, weights)
    gains = [
        np.broadcast_to(weight / (constant + 1 + np.arange(hits.ids.shape[1])), hits.ids.shape)
        for hits, weight in zip(results, weights, strict=True)
    ]
    return _fused(results, gains, k)


def weighted_fusion(results: Sequence[Hits], weights: Sequence[float], k: int) -> Hits:
    """Rows by the weighted sum of their similarities, each result scaled to 0..1 within each query.

    The lowest similarity that a result names becomes 0, as does a row that it does not name; the highest becomes 1
    (also when all are equal). Source: convex combination of min-max scaled values, Bruch, Gai & Ingber, An Analysis of
    Fusion Functions for Hybrid Retrieval, TOIS 2023.

    Parameters
    ----------
    results : for the same queries, each row at most once in each.
    weights : of each result, >= 0.
    k : how many at most.

    Returns
    -------
    Hits : equal rows by id; as wide as the query with the most rows, at most k.
    """
    pairs = zip(results, _weights(results, weights), strict=True)
    return _fused(results, [weight * _scaled(hits) for hits, weight in pairs], k)


def _weights(results: Sequence[Hits], weights: Sequence[float] | None) -> Sequence[float]:
    weights = [1.0] * len(results) if weights is None else weights
    if not results or len(weights) != len(results) or len({len(hits) for hits in results}) != 1:
        raise ValueError(f"{len(results)} results with {len(weights)} weights, or for different queries")
    return weights


def _scaled(hits: Hits) -> Floats:
    """Similarities scaled to 0..1 in each row; places without a row are left as they are and never used."""
    found = hits.ids != NO_ROW
    if not found.any():
        return np.zeros(hits.ids.shape)
    values = hits.similarities.astype(np.float64)
    low = np.min(values, axis=1, keepdims=True, where=found, initial=np.inf)
    high = np.max(values, axis=1, keepdims=True, where=found, initial=-np.inf)
    span = high - low
    usable = found & (span > 0)
    return np.divide(values - low, span, out=np.ones_like(values), where=usable)


def _fused(results: Sequence[Hits], gains: Sequence[Floats], k: int) -> Hits:
    """Sum the gains of each row of each query and keep the k highest."""
    if k < 1:
        raise ValueError(f"k must be at least 1, not {k}")
    queries = len(results[0])
    ids, gain = np.concatenate([hits.ids for hits in results], 1), np.concatenate(gains, 1)
    query = np.broadcast_to(np.arange(queries)[:, None], ids.shape)
    found = ids != NO_ROW
    span = int(ids.max(initial=0)) + 1
    pairs, where = np.unique(query[found] * span + ids[found], return_inverse=True)
    sums = np.bincount(where, gain[found], minlength=len(pairs))
    row, id = np.divmod(pairs, span)
    order = np.lexsort((id, -sums, row))
    row, id, total = row[order], id[order], sums[order]
    rank = np.arange(len(row)) - np.searchsorted(row, row)
    kept = rank < k
    width = int(rank[kept].max(initial=-1)) + 1
    fused = Hits(np.full((queries, width), NO_ROW, np.int64), np.full((queries, width), -np.inf, np.float32))
    fused.ids[row[kept], rank[kept]] = id[kept]
    fused.similarities[row[kept], rank[kept]] = total[kept]
    return fused
