"""Closeness of the pieces of a document to the nearest probes of every element, all pairs at once.

For documents of usual size this is faster than to look only at the pairs that matter: it is made of matrix products.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from alignment.pieces import Pieces
from alignment.prepared import COVERS, MISSES, OWN, TOUCHES, PreparedStandard
from alignment.probes import NOWHERE, ProbeSlots

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

#: Pieces compared at once: what they need stays in the processor's cache.
_BLOCK = 512


@dataclass(frozen=True)
class PassageCloseness:
    """Closeness of candidate passages, each (E, K), 0 or more: to the nearest own wording, to the nearest and
    second-nearest covering expression, to the nearest touching and missing one."""

    own: Floats
    covers: Floats
    covers_second: Floats
    touches: Floats
    misses: Floats


@dataclass(frozen=True)
class PieceCloseness:
    """Closeness of pieces to an element each, (R,): to its nearest probe of each kind, 0 where it has none; of two
    kinds also under the heading of the passage."""

    own: Floats
    covers: Floats
    touches: Floats
    misses: Floats
    own_headed: Floats
    covers_headed: Floats


class Nearness:
    """All E x N pairs of elements and pieces, computed when asked for.

    Parameters
    ----------
    prepared : the standard.
    pieces : of the document; the first piece of a passage is the whole passage.
    """

    def __init__(self, prepared: PreparedStandard, pieces: Pieces) -> None:
        self._prepared, self._columns = prepared, _Columns(pieces)

    @cached_property
    def _own(self) -> _Closest:
        return _closest(self._prepared.probe_slots[OWN], self._columns, headed=True)

    @cached_property
    def _covers(self) -> _Closest:
        return _closest(self._prepared.probe_slots[COVERS], self._columns, headed=True, second=True)

    @cached_property
    def _touches(self) -> _Closest:
        return _closest(self._prepared.probe_slots[TOUCHES], self._columns)

    @cached_property
    def _misses(self) -> _Closest:
        return _closest(self._prepared.probe_slots[MISSES], self._columns)

    @cached_property
    def teaching(self) -> Floats:
        """(E, N) closeness of the pieces, in their order, to the nearest probe that teaches the element: its own
        wording or an expression that covers it; 0 where that is negative."""
        best = np.maximum(self._own.bare, self._covers.bare)
        return np.maximum(best, 0, out=best)[:, self._columns.place]

    @cached_property
    def nearest_own(self) -> Floats:
        """(N,) closeness of each piece to the element whose own wording is nearest to it."""
        nearest: Floats = self._own.bare.max(axis=0)[self._columns.place]
        return nearest

    def of_passages(self, chosen: Ints) -> PassageCloseness:
        """Closeness of candidate passages.

        Parameters
        ----------
        chosen : (E, K) numbers of passages.
        """
        at = _at(chosen, self._columns.count)
        kinds = (self._own.bare, self._covers.bare, self._covers.second, self._touches.bare, self._misses.bare)
        return PassageCloseness(*(np.maximum(kind.take(at), 0) for kind in kinds))

    def of_pieces(self, rows: Ints, owners: Ints) -> PieceCloseness:
        """Closeness of pieces.

        Parameters
        ----------
        rows : (R,) numbers of pieces; ``owners`` the element that each is compared with.
        """
        at = owners * self._columns.count + self._columns.place[rows]
        bare = (self._own.bare, self._covers.bare, self._touches.bare, self._misses.bare)
        return PieceCloseness(*(kind.take(at) for kind in (*bare, self._own.headed, self._covers.headed)))


def _at(chosen: Ints, width: int) -> Ints:
    return np.arange(len(chosen))[:, None] * width + chosen


class _Columns:
    """The pieces' vectors as columns: those of whole passages first, in the order of the passages, then the others."""

    def __init__(self, pieces: Pieces) -> None:
        whole = pieces.starts[:-1]
        order = np.concatenate((whole, np.delete(np.arange(len(pieces.texts)), whole)))
        self.count, self.passages = len(order), len(whole)
        self.place = np.empty(len(order), np.int64)
        self.place[order] = np.arange(len(order))
        self.vectors = np.ascontiguousarray(pieces.vectors[order].T)
        shares = pieces.heading_shares
        self._headed = np.ascontiguousarray(pieces.headed_vectors[order].T) if shares is None else None
        self._headings = pieces.heading_vectors.T
        self._heading = pieces.headings[order]
        self._shares = np.zeros((2, len(order)), np.float32) if shares is None else shares[:, order]

    def blocks(self) -> Iterator[slice]:
        """The columns in parts that the cache holds."""
        for start in range(0, self.count, _BLOCK):
            yield slice(start, min(start + _BLOCK, self.count))

    def headed(self, matrix: Floats, bare: Floats, part: slice) -> Floats:
        """Products with the pieces under their headings.

        Parameters
        ----------
        matrix : (m, d); ``bare`` its products with the bare pieces, (m, n), which may be overwritten.
        part : the columns.
        """
        if self._headed is not None:
            products: Floats = matrix @ self._headed[:, part]
            return products
        headings = np.take(matrix @ self._headings, self._heading[part], axis=1)
        headings *= self._shares[1, part]
        bare *= self._shares[0, part]
        bare += headings
        return bare


@dataclass(frozen=True)
class _Closest:
    """Closeness (E, N) to the nearest probe of one kind; ``second`` to the second-nearest, of whole passages only."""

    bare: Floats
    headed: Floats
    second: Floats


def _closest(slots: ProbeSlots, columns: _Columns, *, headed: bool = False, second: bool = False) -> _Closest:
    """The running maximum over the slots, block by block; 0 where an element has no probe of the kind."""
    shape = (len(slots.places), columns.count)
    best = np.full(shape, NOWHERE, np.float32)
    under, next_best = (np.full(shape if wanted else (0, 0), NOWHERE, np.float32) for wanted in (headed, second))
    for part in columns.blocks():
        for matrix in slots.matrices:
            rows = slice(len(matrix))
            found = matrix @ columns.vectors[:, part]
            if second:
                lesser = np.minimum(best[rows, part], found)
                np.maximum(next_best[rows, part], lesser, out=next_best[rows, part])
            np.maximum(best[rows, part], found, out=best[rows, part])
            if headed:
                found = columns.headed(matrix, found, part)
                np.maximum(under[rows, part], found, out=under[rows, part])
    filled = len(slots.matrices[0]) if slots.matrices else 0
    for array in (best, under):
        array[filled:] = 0
    return _Closest(*(array[slots.places] if len(array) else array for array in (best, under, next_best)))
