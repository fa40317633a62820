"""Exact search by FAISS over contiguous vectors: the BLAS kernel, the BLAS threshold and the threads chosen well.

The only file that imports faiss. Vectors live in one matrix (``FlatBackend``) that faiss searches in place, so that
"only this standard" costs nothing but a slice, and takes the same fast path as a search over everything.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
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
    threads : threads of one search; None leaves the process's setting alone.
    blas_threshold : query values from which BLAS is used.
    kernel : BLAS kernel, effective if this is the first use of faiss in the process.
    """

    def __init__(
        self,
        dimension: int,
        threads: int | None = None,
        blas_threshold: int = BLAS_THRESHOLD,
        kernel: str = "auto",
    ) -> None:
        super().__init__(dimension)
        self.threads, self.blas_threshold, self.kernel = threads, blas_threshold, kernel

    def _top_k(self, queries: Vectors, ids: Ids, vectors: Vectors, k: int) -> Hits:
        faiss = load_faiss(self.kernel)
        with _tuned(faiss, self.blas_threshold, self.threads):
            similarities, positions = faiss.knn(queries, vectors, k, metric=faiss.METRIC_INNER_PRODUCT)
        return Hits(np.take(ids, positions), similarities)


@contextmanager
def _tuned(faiss: Any, threshold: int, threads: int | None) -> Iterator[None]:
    """Set faiss's process-wide knobs for one call and put them back, so that other users of faiss keep theirs."""
    knobs, before = faiss.cvar, faiss.cvar.distance_compute_blas_threshold
    threads_before = faiss.omp_get_max_threads()
    knobs.distance_compute_blas_threshold = threshold
    if threads is not None:
        faiss.omp_set_num_threads(threads)
    try:
        yield
    finally:
        knobs.distance_compute_blas_threshold = before
        if threads is not None:
            faiss.omp_set_num_threads(threads_before)
