"""Approximate search over hundreds of thousands of rows and more: coded lists around centroids, exact similarities.

A query is compared with the nearest ``probes`` lists only, in 8-bit codes, and the best candidates are multiplied with
the vectors themselves. Lists are read once for all queries of a batch.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from threading import Lock
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from index.clustering import ClusteredRows
from index.distinct import merge
from index.native import instruction_sets
from index.protocols import NO_ROW, Hits, Ids, Vectors
from index.screened import ScreenedBackend, shared_out

#: Fewer rows are searched exactly, which is as fast.
FEW_ROWS = 5_000
#: Rows behind the clusters, as a share of those in them, up to which they are searched exactly beside them.
TAIL = 1 / 8


class ClusteredBackend(ScreenedBackend):
    """VectorBackend whose search over everything is approximate; a slice of rows is searched exactly.

    Clusters are made at the first search (or by ``build``). Rows added at the end are searched exactly beside them
    until there are too many; after any other change they are made anew at the next search. Without the compiled
    kernels every search is exact, by faiss.

    Parameters
    ----------
    dimension : length of a vector.
    threads : threads of one search.
    lists : number of clusters; 0 for four times the square root of the number of rows.
    probes : lists that a query looks into; may be set at any time.
    refine : multiply candidates with the vectors; otherwise similarities are those of the codes (errors about .001).
    seed : of the clustering.
    """

    def __init__(
        self,
        dimension: int,
        threads: int | None = 1,
        lists: int = 0,
        probes: int = 24,
        refine: bool = True,
        seed: int = 0,
        **options: Any,
    ) -> None:
        super().__init__(dimension, threads, **options)
        self.lists, self.probes, self.refine, self.seed = lists, probes, refine, seed
        self._clusters: ClusteredRows | None = None
        self._clustered, self._making = 0, Lock()

    @classmethod
    def build(cls, ids: Ids, vectors: Vectors, **options: Any) -> Self:
        """Over rows (n, dimension) in place, clusters made."""
        backend = cls.from_arrays({"ids": ids, "vectors": vectors}, **options)
        backend.clusters()
        return backend

    def clusters(self) -> ClusteredRows | None:
        """The clusters, made now if need be; None where searches are exact."""
        if len(self) < FEW_ROWS or not instruction_sets():
            return None
        with self._making:
            if self._clusters is None or len(self) > (1 + TAIL) * self._clustered:
                count = self.lists or round(4 * math.sqrt(len(self)))
                self._clusters = ClusteredRows.build(self.vectors, min(count, len(self)), self.seed)
                self._clustered = len(self)
        return self._clusters

    @property
    def bytes_per_row(self) -> float:
        """Memory of the clusters, beside the vectors themselves."""
        return self._clusters.bytes_per_row if self._clusters else 0.0

    def search(self, queries: Vectors, k: int, rows: slice | None = None) -> Hits:
        """See ``VectorBackend.search``; approximate without ``rows``: places that nothing was found for hold
        ``NO_ROW``."""
        clusters = self.clusters() if rows is None else None
        if clusters is None or k < 1 or not len(queries):
            return super().search(queries, k, rows)
        k, queries = min(k, len(self)), self._checked(queries)
        found = self._within(clusters, queries, min(k, self._clustered))
        if len(self) == self._clustered:
            return found
        tail = super().search(queries, min(k, len(self) - self._clustered), slice(self._clustered, None))
        return merge((found, tail), len(queries), k)

    def _within(self, clusters: ClusteredRows, queries: Vectors, k: int) -> Hits:
        exact = self._vectors[: self._size] if self.refine else None
        positions, similarities = shared_out(
            lambda some: clusters.search(some, k, self.probes, exact), queries, self.threads
        )
        return Hits(np.where(positions < 0, NO_ROW, self._ids[positions]), similarities)

    def _changed(self, first: int) -> None:
        super()._changed(first)
        if first < self._clustered:
            self._clusters, self._clustered = None, 0

    def arrays(self) -> dict[str, NDArray[Any]]:
        """See ``VectorBackend.arrays``."""
        own = self._clusters.arrays() | {"clustered": np.array([self._clustered])} if self._clusters else {}
        return super().arrays() | own

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], **options: Any) -> Self:
        """See ``VectorBackend.from_arrays``."""
        backend = super().from_arrays(arrays, **options)
        if "clustered" in arrays and instruction_sets():
            backend._clustered = int(arrays["clustered"][0])
            backend._clusters = ClusteredRows.from_arrays(arrays)
            if int(backend._clusters.lists.sizes.sum()) != backend._clustered or backend._clustered > len(backend):
                raise ValueError(f"{backend._clustered} rows in clusters of {len(backend)}")
        return backend
