"""Named rows in groups: what the statement index and the segment index share.

Every row has a string key and a group, a path such as ``("530701", "element")``. Rows are kept in parts (``parts``):
what was loaded from a file, and behind it what was added since. A part stores its rows in the order of their groups,
so that everything under a prefix of a path is one contiguous slice of it and a search within it is exact. Parts are
never changed: rows that go are masked, small parts are merged as they become many, and saving writes all of them as
one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from threading import RLock
from typing import Any

import numpy as np

from index.backends import DEFAULT, backend_class, create_backend
from index.batch import Batch, checked
from index.columns import Group, Row
from index.directory import RowDirectory
from index.keys import HashIndex, Level
from index.part_search import Run, runs_of, search_distinct, search_runs
from index.parts import BackendChoice, Part
from index.protocols import NO_ROW, Hits, Ids, VectorBackend, Vectors
from index.selection import Selection
from index.storage import Stored

__all__ = ["Group", "GroupedIndex", "Row"]

#: A part of so many rows is not merged with others before the index is saved or rebuilt.
_SEALED = 65_536
#: So many small parts are merged without waiting for a search.
_MANY = 64
#: A part is merged with younger ones when it is at most so many times as large as they are together, or both are tiny.
_RATIO = 8
_TINY = 16_384
#: Answers to "which rows are under these paths" that are remembered.
_REMEMBERED = 10_000


class GroupedIndex(RowDirectory):
    """Rows, their vectors in back-ends, and the slices of their groups.

    Parameters
    ----------
    fingerprint : of the encoder that makes the vectors.
    dimension : length of a vector.
    backend : a name in ``index.backends.BACKENDS``. One that holds more than vectors is built by ``rebuild`` and
        ``save``; rows added since then are searched exactly beside it.
    options : what that back-end's constructor takes.

    Any number of threads may search at once; changes (which hold ``lock``) must not be made during a search.
    """

    def __init__(self, fingerprint: str, dimension: int, backend: str = DEFAULT, **options: Any) -> None:
        self.fingerprint, self.dimension = fingerprint, dimension
        self.choice = BackendChoice(backend, options)
        if self.choice.plain:
            create_backend(backend, dimension, **options)  # an unknown option is said now
        self.origin: tuple[Path, str] | None = None
        self.stored: Stored | None = None
        self.lock = RLock()
        super().__init__()

    def _set_parts(self, parts: Sequence[Part]) -> None:
        super()._set_parts(parts)
        self._runs: dict[tuple[Group, ...] | None, tuple[Run, ...]] = {}
        self._groups: tuple[Group, ...] | None = None

    def restart(self, parts: Sequence[Part], keys: HashIndex, contents: HashIndex) -> None:
        """Hold the rows of these parts and no others; see ``RowDirectory``."""
        super().__init__(parts, keys, contents)

    @property
    def parts(self) -> tuple[Part, ...]:
        """What it consists of, oldest first; few and in good order."""
        self._settle()
        return self._parts

    @property
    def backend(self) -> VectorBackend | None:
        """The back-end of all rows, when one has all of them and no others."""
        parts = self.parts
        return parts[0].backend if len(parts) == 1 and not parts[0].dead else None

    @property
    def groups(self) -> tuple[Group, ...]:
        """Every group that has rows, sorted."""
        if self._groups is None:
            found: set[Group] = set()
            for part in self.parts:
                sizes = part.groups.sizes(part.alive).tolist()
                found.update(path for path, size in zip(part.groups.paths, sizes, strict=True) if size)
            self._groups = tuple(sorted(found))
        return self._groups

    # --- reading in order -----------------------------------------------------------------------------------------

    def rows_within(self, prefix: Group = ()) -> Iterator[Row]:
        """Rows under a prefix, in storage order: by group, and within a group as they were added."""
        return Selection(self.parts, prefix).rows()

    def ids(self, prefix: Group = ()) -> Ids:
        """Row ids under a prefix, in storage order."""
        only = self._only(prefix)
        return Selection(self._parts, prefix).ids() if only is None else only[0].ids[only[1]]

    def vectors(self, prefix: Group = ()) -> Vectors:
        """Vectors under a prefix, in storage order, read only; not copied where one part has all of them."""
        only = self._only(prefix)
        if only is None:
            return Selection(self._parts, prefix).vectors(self.dimension)
        return only[0].backend.vectors[only[1]]

    def _only(self, prefix: Group) -> tuple[Part, slice] | None:
        """The one part that has rows under a prefix and its slice, if it has lost none of them."""
        found = [(part, part.groups.range(prefix)) for part in self.parts]
        found = [(part, rows) for part, rows in found if rows.stop > rows.start]
        if len(found) == 1 and (found[0][0].alive is None or found[0][0].alive[found[0][1]].all()):
            return found[0]
        return None

    # --- changing -------------------------------------------------------------------------------------------------

    def add(self, rows: Sequence[Row], vectors: Vectors) -> None:
        """Store rows with their vectors (n, dimension) behind the others of their group; rows of known keys give way.

        Raises
        ------
        ValueError : a key is given twice, or the vectors do not fit or are not finite; nothing is changed then.
        UsageError : the metadata of a row are no JSON values; nothing is changed then.
        """
        if len({row.key for row in rows}) != len(rows):
            raise ValueError("a key is given twice")
        batch = Batch.of(rows)
        self.put(batch, vectors, self.find([row.key for row in rows], batch.keys))

    def put(self, batch: Batch, vectors: Vectors, leaving: Ids) -> None:
        """Store rows whose keys are not stored, and drop the rows of the ids ``leaving`` in the same step.

        Raises
        ------
        ValueError : as ``add``.
        """
        vectors = checked(vectors, len(batch), self.dimension)
        with self.lock:
            parts = list(self._parts)
            if len(batch):
                parts.append(batch.part(self._next, vectors, self.choice.beside))
            self._mask(leaving)
            self._set_parts(parts)
            if len(batch):
                ids = np.arange(self._next, self._next + len(batch))
                self._next += len(batch)
                self._keys.add(batch.keys, ids)
                self._contents.add(batch.contents, ids)
            self._merge_small(settling=False)

    def remove(self, keys: Iterable[str]) -> int:
        """Drop rows by key; unknown keys are passed over. Returns how many were dropped."""
        ids = self.find(sorted(set(keys)))
        return self.drop(ids)

    def drop(self, ids: Ids) -> int:
        """Drop rows by id; ``NO_ROW`` is passed over. Returns how many were dropped."""
        with self.lock:
            dropped = self._mask(ids)
            self._set_parts(self._parts)
            return dropped

    def _mask(self, ids: Ids) -> int:
        numbers, positions = self.locate(ids)
        for number in np.unique(numbers[numbers != NO_ROW]).tolist():
            self._parts[number].remove(positions[numbers == number])
        return int((numbers != NO_ROW).sum())

    def remove_group(self, prefix: Group) -> int:
        """Drop everything under a prefix. Returns how many rows were dropped."""
        with self.lock:
            before = len(self)
            for part in self._parts:
                rows = part.groups.range(prefix)
                alive = slice(None) if part.alive is None else part.alive[rows]
                part.remove(np.arange(rows.start, rows.stop)[alive])
            self._set_parts(self._parts)
            return before - len(self)

    def _settle(self) -> None:
        if len(self._parts) > 1:
            with self.lock:
                self._merge_small(settling=True)

    def _merge_small(self, settling: bool) -> None:
        """Merge the youngest parts where they are small beside one another: each row is moved few times in all."""
        first, total = len(self._parts), 0
        while first:
            older = self._parts[first - 1]
            if not older.plain or len(older) >= _SEALED or (total and len(older) > max(_RATIO * total, _TINY)):
                break
            first, total = first - 1, total + len(older)
        many = len(self._parts) - first
        if many > 1 and (settling or many >= _MANY or total >= 2 * _SEALED):
            chosen = Selection(self._parts[first:])
            merged = self._part_of(chosen, chosen.ids(), self.choice.beside)
            self._set_parts([*self._parts[:first], merged])

    def _part_of(self, chosen: Selection, ids: Ids, choice: BackendChoice) -> Part:
        """Selected rows as a part of their own, copied."""
        return Part.of(chosen.columns(), chosen.groups, ids, chosen.vectors(self.dimension), choice)

    def rebuild(self, choice: BackendChoice) -> None:
        """Put all rows into one part under a back-end, without a trace of what was removed; row ids change.

        Takes the memory of the vectors a second time for as long as it lasts; saving and loading does not.
        """
        with self.lock:
            chosen = Selection(self._parts)
            part = self._part_of(chosen, np.arange(len(chosen)), choice)
            levels = self.hash_levels(chosen)
            self.choice = choice
            self.restart([part], *(HashIndex(self.alive, level) for level in levels))

    @property
    def built(self) -> bool:
        """Whether the chosen back-end has all rows, and no others."""
        backend = self.backend
        return backend is not None and type(backend) is backend_class(self.choice.name)

    def hash_levels(self, chosen: Selection) -> tuple[Level, Level]:
        """What both hash indexes hold, for rows whose ids are their places in a selection of all rows."""
        places = np.full(self._next, NO_ROW, np.int64)
        places[chosen.ids()] = np.arange(len(chosen))
        (keys, by_key), (contents, by_content) = self._keys.living(), self._contents.living()
        return (keys, places[by_key]), (contents, places[by_content])

    # --- searching ------------------------------------------------------------------------------------------------

    def search(self, queries: Vectors, k: int, within: Sequence[Group] | None = None, distinct: bool = False) -> Hits:
        """The k best rows of each query.

        Parameters
        ----------
        queries : (q, dimension).
        k : at least 1.
        within : prefixes of groups to search, exactly; None for everything, as exactly as the back-end does it.
        distinct : name each owner once, by its best row.

        Returns
        -------
        Hits : at most k wide; ``NO_ROW`` fills the places of a query that found fewer distinct owners.
        """
        if k < 1:
            raise ValueError(f"k must be at least 1, not {k}")
        runs = self._runs_within(within)
        return search_distinct(runs, queries, k, self.owners) if distinct else search_runs(runs, queries, k)

    def _runs_within(self, within: Sequence[Group] | None) -> tuple[Run, ...]:
        asked = None if within is None else tuple(within)
        runs = self._runs.get(asked)
        if runs is None:
            self._settle()
            if len(self._runs) >= _REMEMBERED:
                self._runs.clear()
            runs = self._runs[asked] = runs_of(self._parts, asked)
        return runs
