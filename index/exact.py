"""Exact search in plain numpy: the oracle that every other back-end is tested against."""

from __future__ import annotations

import numpy as np

from index.flat import FlatBackend
from index.protocols import Hits, Ids, Vectors

#: Queries compared at once: bounds the matrix of similarities.
_BLOCK = 1024


class ExactBackend(FlatBackend):
    """VectorBackend without dependencies; rows of equal similarity come in the order of their ids.

    Parameters
    ----------
    dimension : length of a vector.
    """

    def _top_k(self, queries: Vectors, start: int, stop: int, k: int) -> Hits:
        ids, vectors = self._ids[start:stop], self._vectors[start:stop]
        blocks = [queries[first : first + _BLOCK] for first in range(0, len(queries), _BLOCK)]
        found = [top_k(block @ vectors.T, ids, k) for block in blocks]
        return Hits(np.concatenate([hits.ids for hits in found]), np.concatenate([hits.similarities for hits in found]))


def top_k(similarities: Vectors, ids: Ids, k: int) -> Hits:
    """The k best columns of each row, equal ones by id.

    Parameters
    ----------
    similarities : (q, n), finite.
    ids : ids of the columns, (n,).
    k : ``1 <= k <= n``.

    Returns
    -------
    Hits : (q, k).
    """
    kth = np.partition(similarities, -k, axis=1)[:, -k, None]
    row, column = np.nonzero(similarities >= kth)  # more than k in a row where the k-th is tied
    value = similarities[row, column]
    order = np.lexsort((ids[column], -value, row))
    starts = np.searchsorted(row, np.arange(len(similarities)))
    best = order[starts[:, None] + np.arange(k)]
    return Hits(ids[column[best]], value[best])
