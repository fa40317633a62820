"""Exact search by FAISS over contiguous vectors: the BLAS kernel, the BLAS threshold and the threads chosen well.

The only file that imports faiss. Vectors live in one matrix (``FlatBackend``) that faiss searches in place, so that
"only this standard" costs nothing but a slice, and takes the same fast path as a search over everything.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from corpora.errors import MissingExtraError
from index.flat import FlatBackend
from index.kernel import blas_kernel
from index.protocols import Hits, Ids, Vectors

#: From this many query values (queries x dimension) on, faiss multiplies by BLAS. Its own default of 128,000 leaves
#: batches under 500 to a loop that is 2.5-6.5 times slower; below 8 queries of 256 values the loop wins.
BLAS_THRESHOLD = 2_000


def load_faiss(kernel: str = "auto") -> Any:
    """The faiss module; its first import decides the BLAS kernel of the process (see ``index.kernel.blas_kernel``).

    Raises
    ------
    MissingExtraError : faiss is not installed.
    UsageError : ``kernel`` is no kernel.
    """
    if "faiss" in sys.modules:
        return sys.modules["faiss"]
    try:
        with blas_kernel(kernel):
            import faiss
    except ImportError as error:
        raise MissingExtraError("没有安装 faiss", advice="请运行 pip install faiss-cpu") from error
    return faiss


class FaissBackend(FlatBackend):
    """VectorBackend by FAISS, exact; rows of equal similarity come in any order.

    Parameters
    ----------
    dimension : length of a vector.
    threads : threads of one search; None takes the process's setting. More than one pays for large jobs on an idle
        machine; on a busy one they wait for each other at every block: with 7 processes on 2 cores, 64 queries among
        100,000 rows took 0.7-3 s with two threads, 0.05-0.1 s with one.
    blas_threshold : query values from which BLAS is used.
    kernel : BLAS kernel, effective if this is the first use of faiss in the process.
    """

    def __init__(
        self,
        dimension: int,
        threads: int | None = 1,
        blas_threshold: int = BLAS_THRESHOLD,
        kernel: str = "auto",
    ) -> None:
        super().__init__(dimension)
        self.threads, self.blas_threshold, self.kernel = threads, blas_threshold, kernel

    def _top_k(self, queries: Vectors, start: int, stop: int, k: int) -> Hits:
        ids, vectors = self._ids[start:stop], self._vectors[start:stop]
        faiss = load_faiss(self.kernel)
        before = faiss.cvar.distance_compute_blas_threshold, faiss.omp_get_max_threads()
        _tune(faiss, self.blas_threshold, self.threads or before[1])
        try:
            positions, similarities = _inner_products(faiss, queries, vectors, k)
        finally:
            _tune(faiss, *before)
        return Hits(ids[positions], similarities)


def _tune(faiss: Any, blas_threshold: int, threads: int) -> None:
    """Set faiss's process-wide knobs; they are put back after each call, so that other users of faiss keep theirs."""
    faiss.cvar.distance_compute_blas_threshold = blas_threshold
    faiss.omp_set_num_threads(threads)


def _inner_products(faiss: Any, queries: Vectors, vectors: Vectors, k: int) -> tuple[Ids, Vectors]:
    """Positions and similarities (q, k) of the k best rows, by what ``IndexFlatIP.search`` runs on its own copy.

    Called beneath ``faiss.knn``, whose checks double the time of a single query against one standard.
    """
    positions, similarities = np.empty((len(queries), k), np.int64), np.empty((len(queries), k), np.float32)
    pointers = [faiss.swig_ptr(array) for array in (queries, vectors, similarities, positions)]
    faiss.knn_inner_product(*pointers[:2], vectors.shape[1], len(queries), len(vectors), k, *pointers[2:])
    return positions, similarities
