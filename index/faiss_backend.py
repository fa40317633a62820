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
#: batches under 500 to a loop 2.5-6.5 times slower; below 8 queries of 256 values the loop wins. Measured on Zen
#: 4 and Zen 5 alike, among 150, 2,000 and 20,000 rows. Blocks of other sizes than faiss's own (4,096 queries x 1,024
#: rows) and a reservoir in the place of its heap gained nothing: 0-2 %, or lost up to a third.
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
        faiss = load_faiss(self.kernel)
        vectors = self._vectors if start == 0 else self._vectors[start:]
        positions, similarities = np.empty((len(queries), k), np.int64), np.empty((len(queries), k), np.float32)
        with _Knobs(faiss, self.blas_threshold, self.threads):
            # Beneath faiss.knn, whose checks double the time of a single query against one standard.
            pointer = faiss.swig_ptr
            faiss.knn_inner_product(
                pointer(queries), pointer(vectors), vectors.shape[1], len(queries), stop - start, k,
                pointer(similarities), pointer(positions),
            )  # fmt: skip
        return Hits((self._ids if start == 0 else self._ids[start:])[positions], similarities)


class _Knobs:
    """Within it, faiss's process-wide knobs are set; they are put back, so that other users of faiss keep theirs."""

    __slots__ = ("before", "faiss", "threads", "threshold")

    def __init__(self, faiss: Any, blas_threshold: int, threads: int | None) -> None:
        self.faiss, self.threshold, self.threads = faiss, blas_threshold, threads
        self.before = faiss.cvar.distance_compute_blas_threshold, faiss.omp_get_max_threads()

    def __enter__(self) -> None:
        self._set(self.threshold, self.threads or self.before[1])

    def __exit__(self, *error: object) -> None:
        self._set(*self.before)

    def _set(self, threshold: int, threads: int) -> None:
        self.faiss.cvar.distance_compute_blas_threshold = threshold
        self.faiss.omp_set_num_threads(threads)


def limited(threads: int | None) -> Any:
    """A context within which faiss runs so many threads; None changes nothing."""
    faiss = load_faiss()
    return _Knobs(faiss, faiss.cvar.distance_compute_blas_threshold, threads)


def inner_products_at(queries: Vectors, vectors: Vectors, positions: Ids, threads: int | None = 1) -> Vectors:
    """Similarities (q, m) of each query (q, dimension) with the rows at its positions (q, m); ``-inf`` below zero."""
    faiss = load_faiss()
    found, positions = np.empty(positions.shape, np.float32), np.ascontiguousarray(positions, np.int64)
    pointers = [faiss.swig_ptr(array) for array in (found, queries, vectors, positions)]
    with limited(threads):
        faiss.fvec_inner_products_by_idx(*pointers, queries.shape[1], *positions.shape)
    return found
