"""Hits merged, and thinned to the best row of each owner, without a loop over queries."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.protocols import NO_ROW, Hits, Ids


def merge(parts: Sequence[Hits], queries: int, k: int) -> Hits:
    """The k best of several results for the same queries.

    Parameters
    ----------
    parts : results over rows that do not overlap.
    queries : number of queries, for an empty list.
    k : how many at most.

    Returns
    -------
    Hits : best first, equal ones in the order of the parts and as they come in a part.
    """
    if not parts:
        return Hits(np.empty((queries, 0), np.int64), np.empty((queries, 0), np.float32))
    if len(parts) == 1:
        return Hits(parts[0].ids[:, :k], parts[0].similarities[:, :k])
    ids = np.concatenate([part.ids for part in parts], axis=1)
    similarities = np.concatenate([part.similarities for part in parts], axis=1)
    order = np.argsort(-similarities, axis=1, kind="stable")[:, :k]
    return Hits(np.take_along_axis(ids, order, 1), np.take_along_axis(similarities, order, 1))


def first_of_each(hits: Hits, owners: Ids, k: int) -> Hits:
    """The best k rows of each query that have different owners.

    Parameters
    ----------
    hits : best first; where a query has no more rows, ``NO_ROW`` and ``-inf``.
    owners : owner numbers of ``hits.ids``, of the same shape; ``NO_ROW`` counts as one more owner.
    k : width of the result.

    Returns
    -------
    Hits : (q, k); ``NO_ROW`` and ``-inf`` where a query has fewer owners.
    """
    by_owner = np.argsort(owners, axis=1, kind="stable")  # within an owner, best first
    ranked = np.take_along_axis(owners, by_owner, 1)
    leads = np.ones_like(ranked, bool)
    leads[:, 1:] = ranked[:, 1:] != ranked[:, :-1]
    first = np.zeros_like(leads)
    np.put_along_axis(first, by_owner, leads, 1)
    order = np.argsort(~first, axis=1, kind="stable")[:, :k]
    kept = np.take_along_axis(first, order, 1)
    ids = np.where(kept, np.take_along_axis(hits.ids, order, 1), NO_ROW)
    similarities = np.where(kept, np.take_along_axis(hits.similarities, order, 1), np.float32(-np.inf))
    short = max(0, k - ids.shape[1])
    return Hits(
        np.pad(ids, ((0, 0), (0, short)), constant_values=NO_ROW),
        np.pad(similarities, ((0, 0), (0, short)), constant_values=-np.inf),
    )


def numbered(rows: NDArray[np.uint64]) -> Ids:
    """Numbers from 0 for the rows of a table (n, columns), equal if and only if the rows are."""
    order = np.lexsort(rows.T)
    fresh = np.zeros(len(rows), np.bool_)
    fresh[1:] = (rows[order[1:]] != rows[order[:-1]]).any(axis=1)
    numbers = np.empty(len(rows), np.int64)
    numbers[order] = np.cumsum(fresh)
    return numbers
