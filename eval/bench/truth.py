"""The exact answer, and how much of it a method found."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from index.faiss_backend import FaissBackend
from index.protocols import Ids, Vectors

#: Inner products of unit vectors in 32 bits differ by less than this between ways to sum them.
_EQUAL = 2e-6


@dataclass(frozen=True)
class Truth:
    """Similarity of the true k-th best row of each query.

    Parameters
    ----------
    vectors, queries : (n, d) and (q, d).
    k : depth.
    worst : (q,), found by exact search.
    """

    vectors: Vectors
    queries: Vectors
    k: int
    worst: Vectors

    @classmethod
    def of(cls, vectors: Vectors, queries: Vectors, k: int) -> Truth:
        """By exact search over everything."""
        backend = FaissBackend.from_arrays({"ids": np.arange(len(vectors)), "vectors": vectors}, threads=None)
        return cls(vectors, queries, k, backend.search(queries, k).similarities[:, -1])

    def recall(self, ids: Ids) -> float:
        """Share of the places (q', k) that hold a row as similar as the k-th best, each row counting once a query.

        Parameters
        ----------
        ids : found for the first q' queries; -1 where a place is empty. Fewer than k columns lower the recall.
        """
        queries = self.queries[: len(ids)]
        similarities = np.stack([np.einsum("qd,qd->q", queries, self.vectors[column]) for column in ids.T], axis=1)
        good = (ids >= 0) & (similarities >= self.worst[: len(ids), None] - _EQUAL)
        ranked = np.sort(np.where(good, ids, -1), axis=1)
        fresh = np.ones_like(ranked, bool)
        fresh[:, 1:] = ranked[:, 1:] != ranked[:, :-1]
        return float((fresh & (ranked >= 0)).sum() / (len(ids) * min(self.k, len(self.vectors))))
