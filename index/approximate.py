"""Approximate search over many rows: a structure that finds candidates, beside vectors that say how near they are.

What every approximate back-end shares. Vectors and ids lie contiguous and in order, as in every flat back-end, so that
a slice of rows is searched exactly; a ``Structure`` over all rows answers what is asked of the whole. It numbers rows
by *labels*, in the order in which it got them, and never changes one: a row that moves keeps its label, a row that goes
leaves a dead one behind.

When the structure is made anew (at the next search of everything):

- more than a quarter of its labels are dead;
- it has grown to more than twice the rows that it was trained on.

Rows that were added otherwise join it at the next search. With fewer than ``FEW_ROWS`` rows there is no structure, and
every search is exact.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from threading import RLock
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from index.faiss_backend import FaissBackend, inner_products_at
from index.protocols import NO_ROW, Hits, Ids, Vectors
from index.ranking import ranked

#: Fewer rows are searched exactly, which is as fast.
FEW_ROWS = 5_000
#: Share of dead labels, and growth since training, from which the structure is made anew.
MOST_DEAD = 0.25
MOST_GROWTH = 2.0

Arrays = Mapping[str, NDArray[Any]]


class Structure(Protocol):
    """Finds rows near a query by labels 0, 1, …"""

    @property
    def trained(self) -> int:
        """How many rows it was trained on and filled with at first."""
        ...

    @property
    def nbytes(self) -> int:
        """Memory it takes."""
        ...

    def __len__(self) -> int: ...

    def extend(self, vectors: Vectors) -> None:
        """Take in rows (n, dimension); they get the next labels."""
        ...

    def search(self, queries: Vectors, k: int, effort: int, threads: int | None) -> tuple[Ids, Vectors]:
        """Labels (q, k) int64, best first, and roughly their similarities; ``NO_ROW`` and ``-inf`` where none is left.

        Parameters
        ----------
        queries : (q, dimension), float32, contiguous.
        k : ``1 <= k <= len(self)``.
        effort : how far to look, >= 1; what it counts is the structure's own (lists, for an inverted file).
        threads : of this search; None for as many as the process has.
        """
        ...

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Everything, as named arrays."""
        ...


class ApproximateBackend(FaissBackend):
    """VectorBackend whose search of everything is approximate, and of a slice of rows exact.

    Parameters
    ----------
    dimension : length of a vector.
    threads : threads of one search; None for as many as the process has.
    effort : how far the structure looks; may be set at any time.
    refine : candidates for each row asked for, whose similarities are then computed from the vectors; 0 takes the
        structure's own answer, and never touches the vectors. May be set at any time.
    seed : of the training: the same rows and seed give the same structure.
    options : of ``FaissBackend``.
    """

    #: What a subclass takes where the caller says nothing.
    EFFORT, REFINE = 32, 4

    def __init__(
        self,
        dimension: int,
        threads: int | None = 1,
        effort: int = 0,
        refine: int = -1,
        seed: int = 0,
        **options: Any,
    ) -> None:
        super().__init__(dimension, threads, **options)
        self.effort = effort or self.EFFORT
        self.refine = self.REFINE if refine < 0 else refine
        self.seed = seed
        self._structure: Structure | None = None
        self._labels: Ids | None = None
        self._places: Ids | None = None
        self._making = RLock()

    @abstractmethod
    def _fit(self, vectors: Vectors) -> Structure:
        """A structure trained on and filled with all rows (n >= ``FEW_ROWS``, dimension), perhaps mapped."""

    @abstractmethod
    def _restored(self, arrays: Arrays) -> Structure | None:
        """The structure whose ``arrays`` are among these, without reading them through; None if they are not there.

        Raises
        ------
        KeyError, ValueError : they do not belong together.
        """

    @classmethod
    def build(cls, ids: Ids, vectors: Vectors, **options: Any) -> Self:
        """Over rows (n, dimension), used in place, with the structure made now."""
        backend = cls.from_arrays({"ids": ids, "vectors": vectors}, **options)
        backend.structure()
        return backend

    def structure(self) -> Structure | None:
        """What searches everything, brought up to date; None where searches are exact."""
        if len(self) < FEW_ROWS:
            return None
        with self._making:
            if self._structure is None or self._worn(self._structure):
                self._structure = self._fit(self.vectors)
                self._labels = self._places = None
            elif (fresh := self._fresh(self._structure)) is not None:
                self._take(self._structure, fresh)
            return self._structure

    @property
    def bytes_per_row(self) -> float:
        """Memory of the structure, beside the vectors themselves."""
        return self._structure.nbytes / max(1, len(self)) if self._structure else 0.0

    def search(self, queries: Vectors, k: int, rows: slice | None = None, effort: int | None = None) -> Hits:
        """See ``VectorBackend.search``; approximate without ``rows``, exact with them.

        Parameters
        ----------
        effort : for this search only.
        """
        structure = self.structure() if rows is None and k >= 1 and len(queries) else None
        if structure is None:
            return super().search(queries, k, rows)
        queries, k = self._checked(queries), min(k, len(self))
        wanted = min(self._wanted(structure, k), len(structure))
        labels, similarities = structure.search(queries, wanted, effort or self.effort, self.threads)
        places = self._positions(labels)
        if self.refine:
            similarities = inner_products_at(queries, self.vectors, places, self.threads)
        return self._best(places, similarities, k)

    def _wanted(self, structure: Structure, k: int) -> int:
        """Candidates to ask for, so that enough are left when the dead ones are gone."""
        spare = 0 if len(structure) == len(self) else k
        return k * max(1, self.refine) + spare

    def _best(self, places: Ids, similarities: Vectors, k: int) -> Hits:
        """The k nearest of the rows at some positions (q, m); ``NO_ROW`` where there are fewer."""
        missing = bool(places.min() < 0)
        if missing:
            similarities = np.where(places < 0, np.float32(-np.inf), similarities)
        if self.refine or self._labels is not None:
            lines, columns = np.arange(len(places))[:, None], ranked(similarities, k)
            places, similarities = places[lines, columns], similarities[lines, columns]
        ids = self._ids[places]
        if missing:
            ids[places < 0] = NO_ROW
        return Hits(ids, similarities)

    def _positions(self, labels: Ids) -> Ids:
        """Where the rows of labels (q, m) are now; ``NO_ROW`` for dead ones."""
        if self._labels is None:
            return labels
        if self._places is None:
            places = np.full(len(self._structure or ()) + 1, NO_ROW, np.int64)  # the last one stands for no label
            known = np.flatnonzero(self._labels >= 0)
            places[self._labels[known]] = known
            self._places = places
        return self._places[labels]

    def _worn(self, structure: Structure) -> bool:
        alive = len(structure) if self._labels is None else int((self._labels >= 0).sum())
        return len(structure) - alive > MOST_DEAD * len(structure) or len(self) > MOST_GROWTH * structure.trained

    def _fresh(self, structure: Structure) -> Ids | None:
        """Positions of rows that the structure has not got; None when it has all."""
        if self._labels is None:
            return None if len(structure) == len(self) else np.arange(len(structure), len(self))
        fresh = np.flatnonzero(self._labels < 0)
        return fresh if len(fresh) else None

    def _take(self, structure: Structure, fresh: Ids) -> None:
        first = len(structure)
        structure.extend(np.ascontiguousarray(self.vectors[fresh]))
        if self._labels is not None:
            self._labels[fresh] = np.arange(first, first + len(fresh))
        self._places = None

    def add(self, ids: Ids, vectors: Vectors, at: int | None = None) -> None:
        """See ``VectorBackend.add``."""
        size = len(self)
        super().add(ids, vectors, at)
        at, count = size if at is None else at, len(self) - size
        if self._structure is not None and (self._labels is not None or at < len(self._structure)):
            self._labels = np.insert(self._known(size), at, np.full(count, NO_ROW))
            self._places = None

    def remove(self, ids: Ids) -> int:
        """See ``VectorBackend.remove``."""
        keep, size = np.isin(self.ids, ids, invert=True), len(self)
        dropped = super().remove(ids)
        if dropped and self._structure is not None:
            self._labels, self._places = self._known(size)[keep], None
        return dropped

    def _known(self, size: int) -> Ids:
        """Labels by position of so many rows; ``NO_ROW`` for those that the structure has not got."""
        if self._labels is not None:
            return self._labels
        labels = np.full(size, NO_ROW, np.int64)
        held = min(size, len(self._structure or ()))
        labels[:held] = np.arange(held)
        return labels

    def arrays(self) -> dict[str, Any]:
        """See ``VectorBackend.arrays``."""
        if self._structure is None:
            return super().arrays()
        labels = {} if self._labels is None else {"labels": self._labels}
        return super().arrays() | labels | self._structure.arrays()

    @classmethod
    def from_arrays(cls, arrays: Arrays, **options: Any) -> Self:
        """See ``VectorBackend.from_arrays``."""
        backend = super().from_arrays(arrays, **options)
        structure, labels = backend._restored(arrays), arrays.get("labels")
        if structure is None:
            return backend
        if labels is not None and (labels.shape != backend._ids.shape or labels.dtype != np.int64):
            raise ValueError(f"labels {labels.dtype} {labels.shape} of {len(backend)} rows")
        if labels is None and len(structure) > len(backend):
            raise ValueError(f"{len(structure)} rows in the structure of {len(backend)}")
        backend._structure, backend._labels = structure, None if labels is None else labels.copy()
        return backend
