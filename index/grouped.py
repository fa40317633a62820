"""Named rows in groups: what the statement index and the segment index share.

Every row has a string key and a group, a path such as ``("530701", "element")``. Rows are stored in the order of their
groups, so that everything under a prefix of a path is one contiguous slice and a search within it is exact.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from typing import Any, Self

import numpy as np

from corpora.errors import IndexFormatError
from index.backends import DEFAULT, backend_class, create_backend
from index.distinct import first_of_each, merge
from index.protocols import NO_ROW, Hits, Ids, VectorBackend, Vectors
from index.storage import pack_strings, read_arrays, unpack_strings, write_arrays

Group = tuple[str, ...]

_REBUILD = "请重新建立索引"
_AFTER_ALL = ("\U0010ffff",)


@dataclass(frozen=True, slots=True)
class Row:
    """One stored text.

    Parameters
    ----------
    key : its name, unique in the index.
    group : the path it is filed under.
    text : what is shown of it.
    owner : what it speaks for; a search for distinct owners names each owner once, by its best row.
    metadata : JSON values that travel with it.
    """

    key: str
    group: Group
    text: str
    owner: str
    metadata: Mapping[str, Any] = field(default_factory=dict)


class GroupedIndex:
    """Rows, their vectors in a back-end, and the slices of their groups.

    Parameters
    ----------
    fingerprint : of the encoder that makes the vectors.
    dimension : length of a vector.
    backend : a name in ``index.backends.BACKENDS``.
    options : what that back-end's constructor takes.
    """

    def __init__(self, fingerprint: str, dimension: int, backend: str = DEFAULT, **options: Any) -> None:
        self.fingerprint, self.backend_name, self.options = fingerprint, backend, options
        self.backend: VectorBackend = create_backend(backend, dimension, **options)
        self._rows: dict[int, Row] = {}
        self._ids: dict[str, int] = {}
        self._owners: dict[str, int] = {}
        self._owner_of: Ids = np.empty(0, np.int64)
        self._sizes: Counter[Group] = Counter()
        self._held: Counter[tuple[Group, str]] = Counter()
        self._layout: tuple[tuple[Group, ...], list[int]] | None = None
        self._next = 0

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, key: str) -> bool:
        return key in self._ids

    @property
    def groups(self) -> tuple[Group, ...]:
        """Every group that has rows, in storage order."""
        return self._laid_out()[0]

    def _laid_out(self) -> tuple[tuple[Group, ...], list[int]]:
        """The groups in order, and the positions where each one starts and the last one ends."""
        if self._layout is None:
            groups = tuple(sorted(self._sizes))
            self._layout = groups, [0, *accumulate(self._sizes[group] for group in groups)]
        return self._layout

    def row(self, id: int) -> Row:
        """The row of an internal id, as ``Hits.ids`` names it."""
        return self._rows[int(id)]

    def get(self, key: str) -> Row | None:
        """The row of a key."""
        found = self._ids.get(key)
        return None if found is None else self._rows[found]

    def held(self, group: Group, owner: str) -> int:
        """How many rows of this owner a group has."""
        return self._held[group, owner]

    def rows_within(self, prefix: Group = ()) -> Iterator[Row]:
        """Rows under a prefix, in storage order."""
        return (self._rows[id] for id in self.ids(prefix).tolist())

    def range(self, prefix: Group = ()) -> slice:
        """Positions of everything under a prefix; an empty slice when there is nothing."""
        groups, starts = self._laid_out()
        first, last = bisect_left(groups, prefix), bisect_left(groups, prefix + _AFTER_ALL)
        return slice(starts[first], starts[last])

    def ids(self, prefix: Group = ()) -> Ids:
        """Row ids under a prefix, in storage order."""
        return self.backend.ids[self.range(prefix)]

    def vectors(self, prefix: Group = ()) -> Vectors:
        """Vectors under a prefix, in storage order."""
        return self.backend.vectors[self.range(prefix)]

    @property
    def owner_count(self) -> int:
        """Owner numbers are below this."""
        return len(self._owners)

    def owners(self, ids: Ids) -> Ids:
        """Owner numbers of row ids: equal if and only if the owners are."""
        return self._owner_of[ids]

    def add(self, rows: Sequence[Row], vectors: Vectors) -> None:
        """Store rows with their vectors (n, dimension) behind the others of their group; rows of known keys give way.

        Raises
        ------
        ValueError : a key is given twice, or the vectors do not fit or are not finite; nothing is changed then.
        """
        vectors = np.asarray(vectors, np.float32)
        if len({row.key for row in rows}) != len(rows) or vectors.shape != (len(rows), self.backend.dimension):
            raise ValueError(f"{len(rows)} rows, vectors of shape {vectors.shape}, or a key given twice")
        if not np.isfinite(vectors).all():
            raise ValueError("a vector holds a value that is not finite")
        self.remove(row.key for row in rows)
        order = sorted(range(len(rows)), key=lambda n: rows[n].group)
        ids = np.arange(self._next, self._next + len(rows))
        self._place([rows[n].group for n in order], ids, vectors[order])
        for id, n in zip(ids.tolist(), order, strict=True):
            self._register(id, rows[n])
        numbers = [self._owners[rows[n].owner] for n in order]
        self._owner_of = np.concatenate([self._owner_of, np.array(numbers, np.int64)])
        self._next += len(rows)

    def _place(self, groups: Sequence[Group], ids: Ids, vectors: Vectors) -> None:
        """Put rows, sorted by group, at the end of their groups: in one piece where they fit, else by a rebuild."""
        known, starts = self._laid_out()
        ends = {group: starts[bisect_right(known, group)] for group in dict.fromkeys(groups)}
        if len(set(ends.values())) <= 1:
            self.backend.add(ids, vectors, next(iter(ends.values()), None))
            return
        places = np.array([ends[group] for group in groups])
        merged = np.insert(self.backend.ids, places, ids), np.insert(self.backend.vectors, places, vectors, axis=0)
        fresh = create_backend(self.backend_name, self.backend.dimension, **self.options)
        fresh.add(*merged)
        self.backend = fresh

    def _register(self, id: int, row: Row) -> None:
        self._rows[id], self._ids[row.key] = row, id
        self._owners.setdefault(row.owner, len(self._owners))
        self._sizes[row.group] += 1
        self._held[row.group, row.owner] += 1
        self._layout = None

    def remove(self, keys: Iterable[str]) -> int:
        """Drop rows by key; unknown keys are passed over. Returns how many were dropped."""
        ids = [self._ids.pop(key) for key in set(keys) if key in self._ids]
        for id in ids:
            row = self._rows.pop(id)
            for counter, held in ((self._sizes, row.group), (self._held, (row.group, row.owner))):
                counter[held] -= 1  # type: ignore[index]
                if not counter[held]:  # type: ignore[index]
                    del counter[held]
        self._layout = None
        return self.backend.remove(np.array(ids, np.int64))

    def remove_group(self, prefix: Group) -> int:
        """Drop everything under a prefix. Returns how many rows were dropped."""
        return self.remove([row.key for row in self.rows_within(prefix)])

    def search(self, queries: Vectors, k: int, within: Sequence[Group] | None = None, distinct: bool = False) -> Hits:
        """The k best rows of each query, exactly.

        Parameters
        ----------
        queries : (q, dimension).
        k : at least 1.
        within : prefixes of groups to search; None for everything.
        distinct : name each owner once, by its best row.

        Returns
        -------
        Hits : at most k wide; ``NO_ROW`` fills the places of a query that found fewer distinct owners.
        """
        if k < 1:
            raise ValueError(f"k must be at least 1, not {k}")
        slices = self._runs(within)
        total = sum(run.stop - run.start for run in slices)
        wanted = min(k, total)
        fetch = wanted
        while True:
            hits = merge([self.backend.search(queries, max(1, fetch), run) for run in slices], len(queries), fetch)
            if not distinct or total == 0:
                return hits
            found = first_of_each(hits, self.owners(hits.ids), wanted)
            if fetch >= total or not (found.ids == NO_ROW).any():
                return found
            fetch = min(total, fetch * 4)

    def _runs(self, within: Sequence[Group] | None) -> list[slice]:
        """The positions under any of the prefixes, as few slices that do not overlap."""
        if within is None:
            return [slice(0, len(self))]
        runs: list[slice] = []
        for run in sorted((self.range(prefix) for prefix in within), key=lambda run: run.start):
            if runs and run.start <= runs[-1].stop:
                runs[-1] = slice(runs[-1].start, max(runs[-1].stop, run.stop))
            elif run.stop > run.start:
                runs.append(run)
        return runs

    def save(self, path: Path, kind: str) -> None:
        """Write everything to one file, whole or not at all; ``kind`` says whose it is and is checked on reading."""
        rows = list(self.rows_within())
        columns = {
            "key": [row.key for row in rows],
            "text": [row.text for row in rows],
            "owner": [row.owner for row in rows],
            "metadata": [json.dumps(dict(row.metadata), ensure_ascii=False) for row in rows],
        }
        strings = {
            name: array for column, texts in columns.items() for name, array in pack_strings(column, texts).items()
        }
        facts = {
            "encoder": self.fingerprint,
            "dimension": self.backend.dimension,
            "groups": [[list(group), self._sizes[group]] for group in self.groups],
        }
        write_arrays(path, kind, facts, self.backend.arrays() | strings)

    @classmethod
    def load(
        cls, path: Path, kind: str, fingerprint: str, backend: str = DEFAULT, mmap: bool = False, **options: Any
    ) -> Self:
        """Read what ``save`` wrote.

        Raises
        ------
        IndexFormatError : the file is missing, truncated, foreign, of another version or of another encoder.
        """
        stored = read_arrays(path, kind, mmap=mmap)
        try:
            if stored.meta["encoder"] != fingerprint:
                what = f"索引由另一个编码器建立（{stored.meta['encoder']}，现在是 {fingerprint}）"
                raise IndexFormatError(what, where=path.name, advice=_REBUILD)
            index = cls(fingerprint, stored.meta["dimension"], backend, **options)
            index._restore(stored.arrays, stored.meta["groups"])
            return index
        except (KeyError, ValueError, TypeError) as error:
            raise IndexFormatError(f"索引文件前后不符（{error}）", where=path.name, advice=_REBUILD) from error

    def _restore(self, arrays: Mapping[str, Any], groups: Sequence[Any]) -> None:
        self.backend = backend_class(self.backend_name).from_arrays(arrays, **self.options)
        columns = [unpack_strings(name, arrays) for name in ("key", "text", "owner", "metadata")]
        paths = [tuple(path) for path, size in groups for _ in range(size)]
        ids = self.backend.ids
        self._next = int(ids.max(initial=-1)) + 1
        self._owner_of = np.full(self._next, -1, np.int64)
        for id, group, key, text, owner, data in zip(ids.tolist(), paths, *columns, strict=True):
            self._register(id, Row(key, group, text, owner, json.loads(data)))
            self._owner_of[id] = self._owners[owner]
