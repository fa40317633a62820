"""Rows on their way into an index, hashed once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from index.columns import Columns, Owners, Row, owners_of, to_json
from index.keys import Hashes, content_hashes, hashes_of
from index.parts import BackendChoice, Part
from index.paths import GroupTable
from index.protocols import Vectors


@dataclass(frozen=True)
class Batch:
    """Rows with what they are looked up by.

    Parameters
    ----------
    rows : n rows.
    metadata : of each, as JSON.
    owners : of each, (n, 2).
    keys, contents : hashes of each row's key, and of its group and owner together, (n,).
    """

    rows: Sequence[Row]
    metadata: Sequence[bytes]
    owners: Owners
    keys: Hashes
    contents: Hashes

    @classmethod
    def of(cls, rows: Sequence[Row]) -> Self:
        """Hash rows.

        Raises
        ------
        UsageError : the metadata of one are no JSON values.
        """
        owners = owners_of([row.owner for row in rows])
        return cls(
            rows,
            [to_json(row.metadata, row.key) for row in rows],
            owners,
            hashes_of(row.key for row in rows),
            content_hashes([row.group for row in rows], owners),
        )

    def __len__(self) -> int:
        return len(self.rows)

    def take(self, numbers: Sequence[int]) -> Self:
        """Some of the rows, in this order."""
        if len(numbers) == len(self) and all(n == number for n, number in enumerate(numbers)):
            return self
        chosen = np.array(numbers, np.int64)
        return type(self)(
            [self.rows[n] for n in numbers],
            [self.metadata[n] for n in numbers],
            self.owners[chosen],
            self.keys[chosen],
            self.contents[chosen],
        )

    def part(self, first_id: int, vectors: Vectors, choice: BackendChoice) -> Part:
        """The rows as a part; row n gets the id ``first_id + n``."""
        groups, order = GroupTable.of([row.group for row in self.rows])
        if order is None:
            order, ordered, vectors = np.arange(len(self)), self, np.array(vectors, order="C")
        else:
            ordered, vectors = self.take(order.tolist()), vectors[order]
        columns = Columns.of(ordered.rows, ordered.metadata)
        return Part.of(columns, groups, first_id + order, vectors, choice)


def checked(vectors: Vectors, rows: int, dimension: int) -> Vectors:
    """Vectors as float32, after a look at their shape and values.

    Raises
    ------
    ValueError : they are not (rows, dimension), or one is not finite.
    """
    vectors = np.ascontiguousarray(vectors, np.float32)
    if vectors.shape != (rows, dimension):
        raise ValueError(f"vectors of shape {vectors.shape}, expected ({rows}, {dimension})")
    if not math.isfinite(np.vdot(vectors, vectors)):  # one pass at BLAS speed; no unit vector overflows it
        raise ValueError("a vector holds a value that is not finite")
    return vectors
