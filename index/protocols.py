"""The seams of the index floor: what turns text into vectors, and what searches vectors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Ids = NDArray[np.int64]

#: Id of a place in a result that holds no row.
NO_ROW = -1


class Encoder(Protocol):
    """Turns texts into unit vectors."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        ...

    @property
    def fingerprint(self) -> str:
        """Changes whenever the vectors of any text would."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors (n, dimension), float32, each of length 1 (all zero for a text without content)."""
        ...


@dataclass(frozen=True)
class Hits:
    """Rows found for each query, best first.

    Parameters
    ----------
    ids : row ids (queries, k), int64; ``NO_ROW`` where fewer than k were found.
    similarities : (queries, k), float32; ``-inf`` where there is no row. Inner products of unit vectors from a vector
        back-end, BM25 sums (unbounded) from the lexical index, fused values from fusion.
    """

    ids: Ids
    similarities: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.ids)


class VectorBackend(Protocol):
    """Vectors in a fixed order of rows, searched by inner product.

    A row has a position (0, 1, … in storage order) and an id (an int that its owner chose, used once). Positions
    are what a slice selects; ids are what a search answers with.
    """

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        ...

    @property
    def ids(self) -> Ids:
        """Ids by position, (n,), int64."""
        ...

    @property
    def vectors(self) -> Vectors:
        """Vectors by position, (n, dimension), float32, read only."""
        ...

    def __len__(self) -> int: ...

    def add(self, ids: Ids, vectors: Vectors, at: int | None = None) -> None:
        """Store vectors (n, dimension) with their ids (n,) before position ``at``; at the end by default.

        Raises
        ------
        ValueError : a wrong shape, a value that is not finite, or an id that is already stored or given twice.
        """
        ...

    def search(self, queries: Vectors, k: int, rows: slice | None = None) -> Hits:
        """The k rows most similar to each query (q, dimension), exactly, among the positions ``rows``.

        Parameters
        ----------
        queries : (q, dimension), float32.
        k : how many at most, >= 1; the result is ``min(k, selected rows)`` wide.
        rows : positions to search, start and stop without a step; all by default.

        Returns
        -------
        Hits : rows of equal similarity may come in any order, unless the back-end promises one.
        """
        ...

    def remove(self, ids: Ids) -> int:
        """Drop the rows of these ids; ids that are not stored are passed over. Returns how many were dropped."""
        ...

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Everything it holds, as named arrays: what an index saves together with its own."""
        ...

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], **options: Any) -> Self:
        """A back-end over what ``arrays`` gave, used in place until it is changed; ``options`` as its constructor's.

        Raises
        ------
        ValueError, KeyError : the arrays are not those of such a back-end.
        """
        ...

    def save(self, path: Path) -> None:
        """Write everything to one file, whole or not at all."""
        ...

    @classmethod
    def load(cls, path: Path, *, mmap: bool = False, **options: Any) -> Self:
        """Read what ``save`` wrote; with ``mmap`` the vectors stay on disk until they are searched.

        Raises
        ------
        IndexFormatError : the file is missing, truncated, foreign or of another version.
        """
        ...
