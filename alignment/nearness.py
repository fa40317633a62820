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

    def under_headings(self, matrix: Floats, bare: Floats, part: slice, spare: Floats) -> Floats:
        """Products with the pieces under their headings.

        Parameters
        ----------
        matrix : (m, d); ``bare`` its products with the bare pieces, (m, n), which are overwritten.
        part : the columns; ``spare`` room for as many products.
        """
        if self._headed is not None:
            return np.matmul(matrix, self._headed[:, part], out=bare)
        headings = np.take(matrix @ self._headings, self._heading[part], axis=1, out=spare, mode="clip")
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
    best = np.empty(shape, np.float32)
    under, next_best = (np.empty(shape if wanted else (0, 0), np.float32) for wanted in (headed, second))
    for part in columns.blocks():
        whole = max(0, min(columns.passages - part.start, part.stop - part.start)) if second else 0
        found = _closest_of(slots, columns, part, whole, headed)
        best[:, part] = found.bare[slots.places]
        if headed:
            under[:, part] = found.headed[slots.places]
        if second:
            next_best[:, part] = found.second[slots.places]
    return _Closest(best, under, next_best)


def _closest_of(slots: ProbeSlots, columns: _Columns, part: slice, whole: int, headed: bool) -> _Closest:
    """``_closest`` of one block, in the order of the slots.

    Parameters
    ----------
    whole : columns that the second-nearest probe is wanted for, the first ones.
    """
    shape = (len(slots.places), part.stop - part.start)
    best, under, second = (np.full(shape, NOWHERE, np.float32) for _ in range(3))
    products, spare = np.empty(shape, np.float32), np.empty(shape, np.float32)
    for matrix in slots.matrices:
        rows = slice(len(matrix))
        found = np.matmul(matrix, columns.vectors[:, part], out=products[rows])
        if whole:
            lesser = np.minimum(best[rows, :whole], found[:, :whole], out=spare[rows, :whole])
            np.maximum(second[rows, :whole], lesser, out=second[rows, :whole])
        np.maximum(best[rows], found, out=best[rows])
        if headed:
            found = columns.under_headings(matrix, found, part, spare[rows])
            np.maximum(under[rows], found, out=under[rows])
    filled = len(slots.matrices[0]) if slots.matrices else 0
    best[filled:], under[filled:] = 0, 0
    return _Closest(best, under, second)
