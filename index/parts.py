"""A part of an index: rows sorted by group, never changed, with a mask of those that were removed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.backends import DEFAULT, backend_class, create_backend
from index.columns import Columns, Group
from index.flat import FlatBackend
from index.paths import GroupTable
from index.protocols import NO_ROW, Ids, VectorBackend, Vectors


@dataclass(frozen=True)
class BackendChoice:
    """A back-end by name, what its constructor takes, and how it was chosen.

    Parameters
    ----------
    name : in ``index.backends.BACKENDS``.
    options : JSON values, if the index is to be saved.
    tuning : a JSON record of the measurements behind the choice; None when there were none.
    """

    name: str = DEFAULT
    options: Mapping[str, Any] = field(default_factory=dict)
    tuning: Mapping[str, Any] | None = None

    @property
    def plain(self) -> bool:
        """Whether it holds nothing but ids and vectors, so that it costs nothing to put it over some."""
        return _is_plain(backend_class(self.name))

    @property
    def beside(self) -> BackendChoice:
        """What searches the rows that were added since the chosen one was built: itself if plain, else the default."""
        return self if self.plain else BackendChoice()

    def over(self, ids: Ids, vectors: Vectors) -> VectorBackend:
        """The back-end over vectors (n, dimension), in place where it can be: by its ``build``, or else by ``add``."""
        kind: Any = backend_class(self.name)
        if self.plain:
            plain: VectorBackend = kind.from_arrays({"ids": ids, "vectors": vectors}, **self.options)
            return plain
        if hasattr(kind, "build"):
            built: VectorBackend = kind.build(ids, vectors, **self.options)
            return built
        backend = create_backend(self.name, vectors.shape[1], **self.options)
        backend.add(ids, vectors)
        return backend


class Part:
    """Rows in the order of their groups.

    Parameters
    ----------
    columns : what the rows say.
    groups : where each group's rows are.
    backend : holds ids and vectors by position; ids are above those of every earlier part.
    """

    def __init__(self, columns: Columns, groups: GroupTable, backend: VectorBackend) -> None:
        self.columns, self.groups, self.backend = columns, groups, backend
        self.ids = backend.ids
        if not len(columns) == len(self.ids) == int(groups.starts[-1]):
            raise ValueError(f"{len(columns)} rows, {len(self.ids)} ids, groups of {groups.starts[-1]}")
        self.alive: NDArray[np.bool_] | None = None
        self.dead = 0
        self.first_id = 0
        self._places: Ids | None = None

    @classmethod
    def of(cls, columns: Columns, groups: GroupTable, ids: Ids, vectors: Vectors, choice: BackendChoice) -> Part:
        """A part over vectors; ids in any order."""
        part = cls(columns, groups, choice.over(ids, vectors))
        if len(ids):
            part.first_id = int(ids.min())
            part._places = _places(ids - part.first_id)
        return part

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def plain(self) -> bool:
        """Whether its back-end holds nothing but ids and vectors."""
        return _is_plain(type(self.backend))

    @property
    def live(self) -> int:
        """How many rows are still there."""
        return len(self) - self.dead

    def positions(self, ids: Ids) -> Ids:
        """Where the rows of some ids are; ``NO_ROW`` for those that were removed or never were here."""
        places = ids - self.first_id
        size = len(self) if self._places is None else len(self._places)
        inside = (places >= 0) & (places < size)
        found = np.where(inside, places, 0) if size else np.zeros_like(places)
        if self._places is not None:
            found = self._places[found]
        if self.alive is not None:
            inside &= self.alive[found]
        return np.where(inside & (found >= 0), found, NO_ROW)

    def remove(self, positions: Ids) -> None:
        """Mark rows that are alive as removed."""
        if len(positions):
            if self.alive is None:
                self.alive = np.ones(len(self), np.bool_)
            self.alive[positions] = False
            self.dead += len(positions)

    def group_of(self, position: int) -> Group:
        """The group that a row is filed under."""
        return self.groups.paths[self.groups.number(position)]


def _is_plain(kind: type[VectorBackend]) -> bool:
    return kind.arrays is FlatBackend.arrays


def _places(shifted: Ids) -> Ids | None:
    """Position by id, counted from the lowest; None when they are the same."""
    if (shifted == np.arange(len(shifted))).all():
        return None
    places = np.full(int(shifted.max()) + 1, NO_ROW, np.int64)
    places[shifted] = np.arange(len(shifted))
    return places
