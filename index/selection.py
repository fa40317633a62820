"""Rows of several parts in the order of their groups, streamed block by block or gathered."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.columns import Columns, Group, Row, Strings
from index.parts import Part
from index.paths import GroupTable
from index.protocols import Ids, Vectors

#: Rows handled at once.
_BLOCK = 32_768

#: A stretch of rows: the part, where they go in the block, and where they are in the part.
_Stretch = tuple[Part, Any, Any]


class Selection:
    """The live rows under a path, by group and within a group as they came.

    Parameters
    ----------
    parts : oldest first.
    prefix : a path.
    """

    def __init__(self, parts: Sequence[Part], prefix: Group = ()) -> None:
        self.parts = parts
        spans = [part.groups.between(prefix) for part in parts]
        named = {
            path for part, (first, last) in zip(parts, spans, strict=True) for path in part.groups.paths[first:last]
        }
        ranks = {path: rank for rank, path in enumerate(sorted(named))}
        found = [_live(number, part, span, ranks) for number, (part, span) in enumerate(zip(parts, spans, strict=True))]
        codes = _joined([codes for codes, _, _ in found])
        self._part, self._position = _joined([parts for _, parts, _ in found]), _joined([rows for _, _, rows in found])
        if len(parts) > 1:
            order = np.argsort(codes, kind="stable")
            self._part, self._position = self._part[order], self._position[order]
        sizes = np.bincount(codes, minlength=len(ranks))
        kept = [path for path, size in zip(ranks, sizes, strict=True) if size]
        self.groups = GroupTable(tuple(kept), np.concatenate([[0], np.cumsum(sizes[sizes > 0])]).astype(np.int64))

    def __len__(self) -> int:
        return len(self._position)

    def rows(self) -> Iterator[Row]:
        """The rows, decoded one by one."""
        groups = np.repeat(np.arange(len(self.groups.paths)), np.diff(self.groups.starts))
        for number, position, group in zip(self._part.tolist(), self._position.tolist(), groups.tolist(), strict=True):
            yield self.parts[number].columns.row(position, self.groups.paths[group])

    def _blocks(self) -> Iterator[tuple[int, list[_Stretch]]]:
        """Sizes of blocks, each with the stretches that fill it."""
        for start in range(0, len(self), _BLOCK):
            numbers, positions = self._part[start : start + _BLOCK], self._position[start : start + _BLOCK]
            if len(self.parts) == 1:
                yield len(positions), [(self.parts[0], slice(None), _as_slice(positions))]
                continue
            present = np.unique(numbers).tolist()
            places = [np.flatnonzero(numbers == number) for number in present]
            yield (
                len(positions),
                [(self.parts[n], place, positions[place]) for n, place in zip(present, places, strict=True)],
            )

    def arrays(self, column: Callable[[Part], NDArray[Any]]) -> Iterator[NDArray[Any]]:
        """A column of arrays, block by block."""
        for size, stretches in self._blocks():
            first = column(stretches[0][0])
            block = np.empty((size, *first.shape[1:]), first.dtype)
            for part, places, positions in stretches:
                block[places] = column(part)[positions]
            yield block

    def gathered(self, column: Callable[[Part], NDArray[Any]], empty: NDArray[Any]) -> NDArray[Any]:
        """A column of arrays as one; ``empty`` says of which form it is."""
        whole, start = np.empty((len(self), *empty.shape[1:]), empty.dtype), 0
        for block in self.arrays(column):
            whole[start : start + len(block)] = block
            start += len(block)
        return whole

    def vectors(self, dimension: int) -> Vectors:
        """Vectors (n, dimension), copied."""
        return self.gathered(lambda part: part.backend.vectors, np.empty((0, dimension), np.float32))

    def ids(self) -> Ids:
        """Ids (n,)."""
        return self.gathered(lambda part: part.ids, np.empty(0, np.int64))

    def offsets(self, column: Callable[[Part], Strings]) -> NDArray[np.int64]:
        """The offsets of a column of strings."""
        offsets = np.zeros(len(self) + 1, np.int64)
        lengths = {id(part): np.diff(column(part).offsets) for part in self.parts}
        offsets[1:] = self.gathered(lambda part: lengths[id(part)], np.empty(0, np.int64))
        return np.cumsum(offsets, out=offsets)

    def bytes(self, column: Callable[[Part], Strings]) -> Iterator[NDArray[np.uint8]]:
        """The bytes of a column of strings, block by block."""
        for size, stretches in self._blocks():
            if len(stretches) == 1 and isinstance(positions := stretches[0][2], slice):
                strings = column(stretches[0][0])
                yield strings.data[strings.offsets[positions.start] : strings.offsets[positions.stop]]
                continue
            pieces: list[Any] = [b""] * size
            for part, places, positions in stretches:
                spread = np.arange(size)[places].tolist()
                for place, piece in zip(spread, column(part).pieces(positions), strict=True):
                    pieces[place] = piece
            yield np.frombuffer(b"".join(pieces), np.uint8)

    def strings(self, column: Callable[[Part], Strings]) -> Strings:
        """A column of strings, copied."""
        data = b"".join(block.data for block in self.bytes(column))
        return Strings(np.frombuffer(data, np.uint8), self.offsets(column))

    def columns(self) -> Columns:
        """All columns, copied."""
        return Columns(
            self.strings(lambda part: part.columns.keys),
            self.strings(lambda part: part.columns.texts),
            self.strings(lambda part: part.columns.metadata),
            self.gathered(lambda part: part.columns.owners, np.empty((0, 2), np.uint64)),
        )


def _joined(columns: Sequence[Ids]) -> Ids:
    return np.concatenate([np.empty(0, np.int64), *columns])


def _live(number: int, part: Part, span: tuple[int, int], ranks: dict[Group, int]) -> tuple[Ids, Ids, Ids]:
    """Rank of the group, number of the part and position of every live row of a part's groups."""
    starts = part.groups.starts[span[0] : span[1] + 1]
    positions = np.arange(starts[0], starts[-1])
    codes = np.repeat(np.array([ranks[path] for path in part.groups.paths[slice(*span)]], np.int64), np.diff(starts))
    if part.alive is not None:
        keep = part.alive[positions]
        positions, codes = positions[keep], codes[keep]
    return codes, np.full(len(codes), number, np.int64), positions


def _as_slice(positions: Ids) -> Any:
    """Ascending positions as a slice where they leave nothing out."""
    start, stop = int(positions[0]), int(positions[-1]) + 1
    return slice(start, stop) if stop - start == len(positions) else positions
