"""rabitqlib, by the authors of RaBitQ: an inverted file whose raw vectors rank again, and the SymphonyQG graph."""

from __future__ import annotations

import os
from typing import Any

import numpy as np

from eval.bench.peers.base import Searcher, ladder
from index.faiss_backend import load_faiss
from index.protocols import Vectors


def rabitq_ivf(vectors: Vectors, threads: int) -> Searcher:
    """Clusters by its own k-means, about 2 sqrt(n), 32 bits (raw vectors rank again); ``nprobe`` is swept."""
    import rabitqlib  # type: ignore[import-untyped, import-not-found, unused-ignore]

    clusters = int(2 * len(vectors) ** 0.5)
    found = load_faiss().Kmeans(vectors.shape[1], clusters, niter=10, spherical=True, seed=1)
    found.train(vectors)
    centroids = np.ascontiguousarray(found.centroids)
    _, assigned = found.index.search(vectors, 1)
    index = rabitqlib.IvfIndex(vectors.shape[1], len(vectors), clusters, 32, metric="ip")
    index.build(vectors, centroids, assigned[:, 0].astype(np.uint32), num_threads=os.cpu_count() or 1)
    return Searcher(
        lambda queries, k, probes: index.search(queries, k, probes, num_threads=threads),
        _ids,
        ladders=(ladder(1, clusters // 2),),
    )


def symphony_graph(vectors: Vectors, threads: int) -> Searcher:
    """``SymqgIndex`` of degree 32, efConstruction 200; ``ef`` is swept; a batch is one call."""
    import rabitqlib  # type: ignore[import-untyped, import-not-found, unused-ignore]

    index = rabitqlib.SymqgIndex(vectors.shape[1], 32, metric="ip")
    index.build(vectors, 200, num_threads=os.cpu_count() or 1)

    def search(queries: Vectors, k: int, ef: int) -> Any:
        ask = index.search if len(queries) == 1 else index.search_batch
        return ask(queries, k, ef, num_threads=threads)

    return Searcher(search, _ids, ladders=(ladder(10, 1200),))


def _ids(answer: Any) -> Any:
    return np.asarray(answer[0]).astype(np.int64).reshape(-1, np.asarray(answer[0]).shape[-1])
