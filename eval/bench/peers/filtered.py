"""Search within one standard of many: a slice of ours, the selectors of faiss, the filter of hnswlib."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from eval.bench.peers.base import Method, Searcher, ladder
from eval.bench.peers.hnsw import hnsw_index
from eval.bench.peers.ours import EXACT_PLANS, OURS, make_backend
from index.faiss_backend import load_faiss
from index.protocols import Vectors

Build = Callable[[Vectors, int], Searcher]


def methods_within(start: int, stop: int) -> tuple[Method, ...]:
    """Those that can search the rows from ``start`` to ``stop`` of all; usearch and ScaNN have no filter in Python."""
    own = tuple(Method(f"{OURS} {name}", _ours(name, slice(start, stop)), ours=True) for name in EXACT_PLANS)
    return (
        *own,
        Method(BATCH_SELECTOR, _selector("IDSelectorBatch", start, stop), "faiss-cpu"),
        Method("faiss IDSelectorRange", _selector("IDSelectorRange", start, stop), "faiss-cpu"),
        Method("hnswlib 过滤", _hnsw(start, stop), "hnswlib"),
    )


BATCH_SELECTOR = "faiss IDSelectorBatch"


def _ours(name: str, rows: slice) -> Build:
    def build(vectors: Vectors, threads: int) -> Searcher:
        backend = make_backend(EXACT_PLANS[name], vectors)
        backend.threads = threads  # type: ignore[attr-defined]
        return Searcher(lambda queries, k, _: backend.search(queries, k, rows), lambda hits: hits.ids)

    return build


def _selector(kind: str, start: int, stop: int) -> Build:
    def build(vectors: Vectors, _threads: int) -> Searcher:
        faiss = load_faiss()
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(vectors)
        chosen = (np.arange(start, stop),) if kind == "IDSelectorBatch" else (start, stop)
        parameters = faiss.SearchParameters(sel=getattr(faiss, kind)(*chosen))
        return Searcher(lambda queries, k, _: index.search(queries, k, params=parameters), lambda answer: answer[1])

    return build


def _hnsw(start: int, stop: int) -> Build:
    def build(vectors: Vectors, threads: int) -> Searcher:
        index = hnsw_index(vectors)

        def search(queries: Vectors, k: int, ef: int) -> object:
            index.set_ef(ef)
            try:
                return index.knn_query(queries, k, num_threads=threads, filter=lambda row: start <= row < stop)[0]
            except RuntimeError:  # it finds fewer than k rows and says so by failing
                return np.full((len(queries), k), -1)

        return Searcher(search, lambda rows: rows.astype(np.int64), ladders=(ladder(10, 2_000, 20),))

    return build
