"""Rows of vectors in 8-bit codes, and the exact search through them.

A vector becomes 8-bit codes and a scale; ``error`` bounds what rounding left over. For a query coded alike, the inner
product of codes differs from the true one by at most ``|q̂| error + |q - q̂| longest`` (Cauchy-Schwarz). So only rows
whose screened value lies within twice that of the k-th best one can be among the k best; those few are multiplied in
32-bit floating point, and the answer is exact. Codes take a quarter of the memory traffic, and processors multiply them
four times as fast.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.native import instruction_sets, kernels
from index.protocols import Ids, Vectors

#: Rows that lie side by side; part of the layout that the kernels expect.
PANEL = 16

_ANY_ROW = 2**62

#: Allow for every error that is possible: the answer is exact.
EXACT = math.inf


@dataclass
class CodedRows:
    """Codes of places in order; a place may be empty (zero codes), but then it must not be asked for.

    Parameters
    ----------
    dimension : length of a vector, at most 4,096.
    instruction_set : one of ``index.native.instruction_sets()``; the fastest by default.
    panels : (places / 16, dimension / 4, 16, 4) codes plus 128, uint8, both counts rounded up.
    scales : (places,) what a code of one stands for, padded to whole panels.
    error, longest : greatest length of a rounding error, and of a vector, of any row ever stored.
    """

    dimension: int
    instruction_set: str = ""
    panels: NDArray[np.uint8] = field(default_factory=lambda: np.empty((0, 0, PANEL, 4), np.uint8))
    scales: Vectors = field(default_factory=lambda: np.empty(0, np.float32))
    error: float = 0.0
    longest: float = 0.0

    def __post_init__(self) -> None:
        self.instruction_set = self.instruction_set or instruction_sets()[0]

    def reserve(self, places: int) -> None:
        """Have room for so many places; those that are new are empty."""
        panels = -(-places // PANEL)
        if panels > len(self.panels):
            capacity = max(panels, len(self.panels) + len(self.panels) // 2)
            self.panels = _grown(self.panels, (capacity, -(-self.dimension // 4), PANEL, 4), 128)
            self.scales = _grown(self.scales, (capacity * PANEL,), 0)

    def store(self, vectors: Vectors, place: int) -> None:
        """Code vectors (n, dimension), float32, contiguous, into the places from ``place`` on."""
        self.reserve(place + len(vectors))
        error, longest = _kernels().encode(
            self.instruction_set, vectors, len(vectors), self.dimension, place, self.panels, self.scales
        )
        self.error, self.longest = max(self.error, error), max(self.longest, longest)

    def search(
        self, queries: Vectors, k: int, start: int, stop: int, exact: Vectors | None, slack: float = EXACT
    ) -> tuple[Ids, Vectors]:
        """The k best places of each query among ``start`` to ``stop``, best first.

        Parameters
        ----------
        queries : (q, dimension), float32, contiguous.
        k : ``1 <= k <= stop - start``.
        exact : the rows (n, dimension) by place, which candidates are multiplied with; None answers with screened
            values.
        slack : standard deviations of the rounding errors that are allowed for; ``EXACT`` allows for all that can be.

        Returns
        -------
        places (q, k) int64, similarities (q, k) float32.
        """
        answer = np.empty((len(queries), k), np.int64), np.empty((len(queries), k), np.float32)
        _kernels().search(*self._asked(queries, k, exact, None, stop, slack), *answer, start, stop)
        return answer

    def search_lists(
        self, queries: Vectors, k: int, lists: ListsOfPlaces, probed: Ids, exact: Vectors | None, slack: float
    ) -> tuple[Ids, Vectors]:
        """The k best rows of each query within its lists; rows instead of places, -1 where there are fewer.

        Parameters
        ----------
        queries, k, exact, slack : as for ``search``; ``exact`` is by row.
        lists : where each list lies, and the row of each place.
        probed : (q, probes) lists of each query, nearest first, int64; -1 for none.
        """
        answer = np.empty((len(queries), k), np.int64), np.empty((len(queries), k), np.float32)
        places = len(lists.order)
        common = self._asked(queries, k, exact, lists.order, places, slack)
        extent = lists.panels, lists.sizes, len(lists.sizes)
        _kernels().search_lists(*common, *answer, *extent, probed, probed.shape[1])
        return answer

    def _asked(
        self, queries: Vectors, k: int, exact: Vectors | None, order: Ids | None, places: int, slack: float
    ) -> tuple[Any, ...]:
        rows = _ANY_ROW if exact is None else len(exact)
        facts = rows, places, self.dimension, self.error, self.longest
        return self.instruction_set, self.panels, self.scales, exact, order, *facts, queries, len(queries), k, slack


@dataclass(frozen=True)
class ListsOfPlaces:
    """Rows in lists, each beginning a panel.

    Parameters
    ----------
    panels, sizes : first panel and number of rows of each list, int64.
    order : row of each place, int64; -1 for the places between a list's end and the next panel.
    """

    panels: Ids
    sizes: Ids
    order: Ids

    @classmethod
    def of(cls, lists: Ids, count: int) -> ListsOfPlaces:
        """From the list of each row (n,), ``count`` lists in all."""
        sizes = np.bincount(lists, minlength=count).astype(np.int64)
        widths = -(-sizes // PANEL)
        panels = np.cumsum(widths) - widths
        rows = np.argsort(lists, kind="stable")
        within = np.arange(len(rows)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        order = np.full(int(widths.sum()) * PANEL, -1, np.int64)
        order[np.repeat(panels * PANEL, sizes) + within] = rows
        return cls(panels.astype(np.int64), sizes, order)


class CodedCopy:
    """The codes of a matrix that changes, brought up to date when they are asked for; readers may share it."""

    def __init__(self, dimension: int, instruction_set: str = "") -> None:
        self._rows = CodedRows(dimension, instruction_set)
        self._valid, self._lock = 0, Lock()

    def void(self, first: int) -> None:
        """Rows from this one on have changed."""
        self._valid = min(self._valid, first)

    def of(self, vectors: Vectors) -> CodedRows:
        """The codes of vectors (n, dimension), which are the rows as they stand now."""
        if self._valid < len(vectors):
            with self._lock:
                if self._valid < len(vectors):
                    self._rows.store(np.ascontiguousarray(vectors[self._valid :]), self._valid)
                    self._valid = len(vectors)
        return self._rows


def _kernels() -> Any:
    found = kernels()
    if found is None:
        raise RuntimeError("the compiled kernels are not there")
    return found


def _grown(array: Any, shape: tuple[int, ...], empty: int) -> Any:
    grown = np.full(shape, empty, array.dtype)
    if array.size:
        grown[: len(array)] = array
    return grown
