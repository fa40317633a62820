"""Exact search through 8-bit codes by the compiled kernels; by faiss where there are none, with the same results."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from index.coded import CodedCopy
from index.faiss_backend import FaissBackend
from index.native import instruction_sets
from index.protocols import Hits, Ids, Vectors

#: Queries that are worth a thread of their own.
_SHARE = 256

Search = Callable[[Vectors], tuple[Ids, Vectors]]


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

        positions, similarities = shared_out(
            lambda some: coded.search(some, k, start, stop, vectors), queries, self.threads
        )
        return Hits(self._ids[positions], similarities)


def shared_out(search: Search, queries: Vectors, threads: int | None) -> tuple[Ids, Vectors]:
    """One search in several threads (None: one a processor), each with a share of the queries, where it pays."""
    if threads == 1 or len(queries) < 2 * _SHARE:
        return search(queries)
    with ThreadPoolExecutor(threads or os.cpu_count()) as pool:
        parts = list(pool.map(search, np.array_split(queries, len(queries) // _SHARE)))
    return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])
