"""Rows found again: by id, by key, by what they say."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from index.batch import Batch
from index.columns import Row, to_bytes
from index.distinct import numbered
from index.keys import HashIndex, hashes_of
from index.parts import Part
from index.protocols import NO_ROW, Ids


class RowDirectory:
    """The rows of some parts, by every name they have.

    Parameters
    ----------
    parts : oldest first; ids of a part are above those of every earlier one.
    keys, contents : row ids by hash of the key, and by hash of group and owner; made empty by default.
    """

    def __init__(self, parts: Sequence[Part] = (), keys: HashIndex | None = None, contents: HashIndex | None = None):
        self._keys, self._contents = keys or HashIndex(self.alive), contents or HashIndex(self.alive)
        self._next = max((part.first_id + len(part) for part in parts), default=0)
        self._set_parts(parts)

    def _set_parts(self, parts: Sequence[Part]) -> None:
        self._parts = tuple(part for part in parts if part.live)
        self._firsts = np.array([part.first_id for part in self._parts], np.int64)

    def __len__(self) -> int:
        return sum(part.live for part in self._parts)

    def __contains__(self, key: str) -> bool:
        return bool(self.find([key])[0] != NO_ROW)

    def locate(self, ids: Ids) -> tuple[Ids, Ids]:
        """Number of the part and position in it for each id, ``NO_ROW`` twice for one that is not stored."""
        if not len(self._parts):
            return np.full_like(ids, NO_ROW), np.full_like(ids, NO_ROW)
        numbers = np.maximum(np.searchsorted(self._firsts, ids, "right") - 1, 0)
        positions = np.full_like(ids, NO_ROW)
        for number in np.unique(numbers).tolist():
            here = numbers == number
            positions[here] = self._parts[number].positions(ids[here])
        return np.where(positions == NO_ROW, NO_ROW, numbers), positions

    def alive(self, ids: Ids) -> NDArray[np.bool_]:
        """Which of the ids are stored."""
        return self.locate(ids)[0] != NO_ROW

    def row(self, id: int) -> Row:
        """The row of an internal id, as ``Hits.ids`` names it.

        Raises
        ------
        KeyError : no row has this id.
        """
        numbers, positions = self.locate(np.array([id], np.int64))
        if numbers[0] == NO_ROW:
            raise KeyError(id)
        part, position = self._parts[numbers[0]], int(positions[0])
        return part.columns.row(position, part.group_of(position))

    def get(self, key: str) -> Row | None:
        """The row of a key."""
        found = int(self.find([key])[0])
        return None if found == NO_ROW else self.row(found)

    def find(self, keys: Sequence[str], hashes: NDArray[np.uint64] | None = None) -> Ids:
        """The id of each key, ``NO_ROW`` for those that are not stored; ``hashes`` of the keys, if they are known."""
        found = np.full(len(keys), NO_ROW, np.int64)
        for n, part, position, id in self._claims(self._keys, hashes_of(keys) if hashes is None else hashes):
            if part.columns.keys.raw(position) == to_bytes(keys[n]):
                found[n] = id
        return found

    def held(self, batch: Batch) -> NDArray[np.int64]:
        """How many rows of the same owner each row's group has already, (n,)."""
        counts = np.zeros(len(batch), np.int64)
        for n, part, position, _ in self._claims(self._contents, batch.contents):
            same = part.columns.owners[position].tobytes() == batch.rows[n].owner
            counts[n] += same and part.group_of(position) == batch.rows[n].group
        return counts

    def _claims(self, index: HashIndex, hashes: NDArray[np.uint64]) -> Iterator[tuple[int, Part, int, int]]:
        """Number of the hash, part, position and id of the stored rows that have one of the hashes."""
        which, ids = index.find(hashes)
        numbers, positions = self.locate(ids)
        listed = (which.tolist(), numbers.tolist(), positions.tolist(), ids.tolist())
        for n, number, position, id in zip(*listed, strict=True):
            if number != NO_ROW:
                yield n, self._parts[number], position, id

    def same(self, batch: Batch, ids: Ids) -> NDArray[np.bool_]:
        """Whether each row is what is stored under its id in text, group and metadata; no for ``NO_ROW``."""
        numbers, positions = self.locate(ids)
        found = np.zeros(len(batch), np.bool_)
        for n in np.flatnonzero(numbers != NO_ROW).tolist():
            part, position, row = self._parts[numbers[n]], int(positions[n]), batch.rows[n]
            found[n] = (
                part.group_of(position) == row.group
                and part.columns.texts.raw(position) == to_bytes(row.text)
                and _same_json(part.columns.metadata.raw(position), batch.metadata[n])
            )
        return found

    def owners(self, ids: Ids) -> Ids:
        """Numbers for the owners of row ids (any shape), equal if and only if they are; ``NO_ROW`` has one too."""
        flat = ids.reshape(-1)
        numbers, positions = self.locate(flat)
        owners, stored = np.zeros((len(flat), 2), np.uint64), numbers != NO_ROW
        for number in np.unique(numbers[stored]).tolist():
            here = numbers == number
            owners[here] = self._parts[number].columns.owners[positions[here]]
        return numbered(np.column_stack([owners, stored])).reshape(ids.shape)


def _same_json(one: bytes, other: bytes) -> bool:
    return one == other or json.loads(one) == json.loads(other)
