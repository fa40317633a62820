"""Exact search through 8-bit codes by the compiled kernels; by faiss where there are none, with the same results."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from index.coded import CodedCopy
from index.faiss_backend import FaissBackend
from index.native import instruction_sets
from index.protocols import Hits, Vectors

#: Queries that are worth a thread of their own.
_SHARE = 256


class ScreenedBackend(FaissBackend):
    """VectorBackend, exact; rows of equal similarity come in the order of their positions.

    Without compiled kernels (``index.native``) it is ``FaissBackend``, and such rows come in any order.

    Parameters
    ----------
    dimension : length of a vector.
    threads : threads of one search; None for as many as faiss would take.
    instruction_set : one of ``index.native.instruction_sets()``; the fastest by default, ``none`` for faiss.
    options : of ``FaissBackend``, for where there are no kernels.
    """

    def __init__(self, dimension: int, threads: int | None = 1, instruction_set: str = "", **options: Any) -> None:
        super().__init__(dimension, threads, **options)
        usable = instruction_set != "none" and bool(instruction_sets()) and dimension <= 4096
        self._codes = CodedCopy(dimension, instruction_set) if usable else None

    def _changed(self, first: int) -> None:
        if self._codes:
            self._codes.void(first)

    def _top_k(self, queries: Vectors, start: int, stop: int, k: int) -> Hits:
        if self._codes is None:
            return super()._top_k(queries, start, stop, k)
        vectors = self._vectors[: self._size]
        coded = self._codes.of(vectors)

        def search(some: Vectors) -> tuple[Any, Any]:
            return coded.search(some, k, start, stop, vectors)

        if self.threads == 1 or len(queries) < 2 * _SHARE:
            positions, similarities = search(queries)
        else:
            positions, similarities = _shared_out(search, queries, self.threads)
        return Hits(self._ids[positions], similarities)


def _shared_out(search: Any, queries: Vectors, threads: int | None) -> tuple[Any, Any]:
    """One search in several threads, each with a share of the queries; the kernels run without the GIL."""
    with ThreadPoolExecutor(threads) as pool:
        parts = list(pool.map(search, np.array_split(queries, max(1, len(queries) // _SHARE))))
    return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])
