"""hnswlib: a graph, M 16, efConstruction 200 (120 from half a million rows on)."""

from __future__ import annotations

import os
from typing import Any

from eval.bench.peers.base import Searcher, ladder
from index.protocols import Vectors

_CONNECTIONS = 16
_MANY = 500_000


def hnsw(vectors: Vectors, threads: int) -> Searcher:
    """``ef`` is swept; a batch is one call of ``knn_query``."""
    index = hnsw_index(vectors)

    def search(queries: Vectors, k: int, ef: int) -> object:
        index.set_ef(ef)
        return index.knn_query(queries, k, num_threads=threads)

    return Searcher(
        search,
        lambda answer: answer[0].astype("int64"),
        ladders=(ladder(10, 1200),),
        bytes_per_vector=4.0 * vectors.shape[1] + 8 * _CONNECTIONS + 16,
    )


def hnsw_index(vectors: Vectors) -> Any:
    """The graph over the vectors, built on all processors."""
    import hnswlib  # type: ignore[import-untyped, import-not-found, unused-ignore]

    index = hnswlib.Index("ip", vectors.shape[1])
    index.init_index(len(vectors), ef_construction=120 if len(vectors) >= _MANY else 200, M=_CONNECTIONS)
    index.add_items(vectors, num_threads=os.cpu_count() or 1)
    return index
