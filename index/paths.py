"""The table of groups: which path has which stretch of rows."""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from index.columns import Group, Strings
from index.protocols import Ids


class PackedPaths(Sequence[Group]):
    """Paths that are decoded when they are looked at: a table of many thousands costs nothing to load.

    Parameters
    ----------
    strings : each path as a JSON list.
    """

    def __init__(self, strings: Strings) -> None:
        self.strings = strings

    @classmethod
    def of(cls, paths: Sequence[Group]) -> Self:
        """Pack paths."""
        return cls(Strings.of(json.dumps(path).encode() for path in paths))

    def __len__(self) -> int:
        return len(self.strings)

    def __getitem__(self, number):  # type: ignore[no-untyped-def]
        if isinstance(number, slice):
            return [self[n] for n in range(*number.indices(len(self)))]
        if not 0 <= number < len(self):
            raise IndexError(number)
        return tuple(json.loads(self.strings.raw(number)))


@dataclass(frozen=True)
class GroupTable:
    """Groups in order, and the rows of each.

    Parameters
    ----------
    paths : sorted, each once.
    starts : position of each group's first row, and at last the number of rows, (groups + 1,).
    """

    paths: Sequence[Group]
    starts: Ids

    def __post_init__(self) -> None:
        if len(self.starts) != len(self.paths) + 1:
            raise ValueError(f"{len(self.paths)} groups, {len(self.starts)} starts")

    @classmethod
    def of(cls, groups: Sequence[Group]) -> tuple[Self, NDArray[np.int64] | None]:
        """The table of rows of these groups, and the order that puts them in its order (None: they are in it)."""
        codes = {path: code for code, path in enumerate(sorted(set(groups)))}
        numbers = np.fromiter((codes[group] for group in groups), np.int64, len(groups))
        starts = np.concatenate([[0], np.cumsum(np.bincount(numbers, minlength=len(codes)))]).astype(np.int64)
        sorted_already = not (numbers[1:] < numbers[:-1]).any()
        return cls(tuple(codes), starts), None if sorted_already else np.argsort(numbers, kind="stable")

    def range(self, prefix: Group) -> slice:
        """Positions of everything under a path; an empty slice when there is nothing."""
        first, last = self.between(prefix)
        return slice(int(self.starts[first]), int(self.starts[last]))

    def between(self, prefix: Group) -> tuple[int, int]:
        """Numbers of the groups under a path: from the first up to, not including, the second."""
        first = bisect_left(self.paths, prefix)
        last = bisect_right(self.paths, prefix, first, key=lambda path: path[: len(prefix)])
        return first, last

    def number(self, position: int) -> int:
        """Number of the group that a row is in."""
        return int(np.searchsorted(self.starts, position, "right")) - 1

    def sizes(self, alive: NDArray[np.bool_] | None) -> Ids:
        """Rows of each group, those that are not alive left out."""
        if alive is None or not len(self.paths):
            return np.diff(self.starts)
        return np.add.reduceat(alive, self.starts[:-1], dtype=np.int64)
