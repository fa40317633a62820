"""usearch: its graph (connectivity 16, expansion_add 128 as it comes), and its exact search."""

from __future__ import annotations

import os
from typing import Any

import numpy as np

from eval.bench.peers.base import Searcher, ladder
from index.protocols import Vectors


def usearch_graph(vectors: Vectors, threads: int) -> Searcher:
    """``Index(metric="ip")`` of 32-bit floats; ``expansion_search`` is swept; a batch is one call."""
    from usearch.index import Index

    index = Index(ndim=vectors.shape[1], metric="ip", dtype="f32", connectivity=16)
    index.add(np.arange(len(vectors)), vectors, threads=os.cpu_count() or 1)

    def search(queries: Vectors, k: int, expansion: int) -> Any:
        index.expansion_search = expansion  # type: ignore[misc]
        return index.search(queries, k, threads=threads)

    return Searcher(
        search, _keys, ladders=(ladder(10, 1200),), bytes_per_vector=index.memory_usage / max(1, len(vectors))
    )


def usearch_exact(vectors: Vectors, threads: int) -> Searcher:
    """``usearch.index.search(..., exact=True)``: no index."""
    from usearch.index import search

    return Searcher(
        lambda queries, k, _: search(vectors, queries, k, "ip", exact=True, threads=threads),
        _keys,
        bytes_per_vector=4.0 * vectors.shape[1],
    )


def _keys(answer: Any) -> Any:
    return np.asarray(answer.keys).astype(np.int64).reshape(-1, np.asarray(answer.keys).shape[-1])
