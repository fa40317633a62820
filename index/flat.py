"""Rows of vectors with their ids, kept contiguous and in order: what every flat back-end stores and saves."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import numpy as np

from corpora.errors import IndexFormatError
from index.protocols import Hits, Ids, Vectors
from index.storage import read_arrays, write_arrays

_KIND = "vectors"


class FlatBackend(ABC):
    """A VectorBackend over one contiguous float32 matrix, so that any slice of rows is searched exactly, in place.

    Subclasses say how the k best rows of a matrix are found; storage, checks and files are the same for all of them.

    Parameters
    ----------
    dimension : length of a vector.
    """

    def __init__(self, dimension: int) -> None:
        self._vectors: Vectors = np.empty((0, dimension), np.float32)
        self._ids: Ids = np.empty(0, np.int64)
        self._size = 0

    @abstractmethod
    def _top_k(self, queries: Vectors, start: int, stop: int, k: int) -> Hits:
        """The k best rows of positions start to stop; ``1 <= k <= stop - start``, at least one query."""

    def _changed(self, first: int) -> None:  # noqa: B027
        """Rows from this position on are not what they were; what a subclass derived from them is void."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._vectors.shape[1])

    @property
    def ids(self) -> Ids:
        """Ids by position."""
        return _read_only(self._ids[: self._size])

    @property
    def vectors(self) -> Vectors:
        """Vectors by position."""
        return _read_only(self._vectors[: self._size])

    def __len__(self) -> int:
        return self._size

    def add(self, ids: Ids, vectors: Vectors, at: int | None = None) -> None:
        """See ``VectorBackend.add``; appending costs amortised linear time, inserting moves the rows behind."""
        ids = np.asarray(ids, np.int64).reshape(-1)
        vectors = self._checked(vectors)
        at = self._size if at is None else at
        if len(ids) != len(vectors) or not 0 <= at <= self._size:
            raise ValueError(f"{len(ids)} ids, {len(vectors)} vectors, position {at} of {self._size}")
        if len(np.unique(ids)) != len(ids) or np.isin(ids, self.ids).any():
            raise ValueError("an id is given twice or already stored")
        count, size = len(ids), self._size
        self._reserve(size + count)
        for buffer, new in ((self._ids, ids), (self._vectors, vectors)):
            buffer[at + count : size + count] = buffer[at:size]
            buffer[at : at + count] = new
        self._size = size + count
        self._changed(at)

    def search(self, queries: Vectors, k: int, rows: slice | None = None) -> Hits:
        """See ``VectorBackend.search``."""
        if k < 1:
            raise ValueError(f"k must be at least 1, not {k}")
        queries = self._checked(queries)
        start, stop, step = (rows or slice(None)).indices(self._size)
        if step != 1:
            raise ValueError("rows must be a slice without a step")
        k = min(k, max(0, stop - start))
        if k == 0 or len(queries) == 0:
            return Hits(np.empty((len(queries), k), np.int64), np.empty((len(queries), k), np.float32))
        return self._top_k(queries, start, stop, k)

    def remove(self, ids: Ids) -> int:
        """See ``VectorBackend.remove``; the order of what stays is kept."""
        keep = np.isin(self.ids, ids, invert=True)
        dropped = int(self._size - keep.sum())
        if dropped:
            self._ids, self._vectors = self.ids[keep], self.vectors[keep]
            self._size -= dropped
            self._changed(int(keep.argmin()))
        return dropped

    def arrays(self) -> dict[str, Any]:
        """See ``VectorBackend.arrays``."""
        return {"ids": self.ids, "vectors": self.vectors}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Any], **options: Any) -> Self:
        """See ``VectorBackend.from_arrays``."""
        ids, vectors = arrays["ids"], arrays["vectors"]
        if vectors.ndim != 2 or vectors.dtype != np.float32 or ids.dtype != np.int64 or ids.shape != vectors.shape[:1]:
            raise ValueError(f"ids {ids.dtype} {ids.shape}, vectors {vectors.dtype} {vectors.shape}")
        backend = cls(vectors.shape[1], **options)
        backend._ids, backend._vectors, backend._size = ids, vectors, len(ids)
        return backend

    def save(self, path: Path) -> None:
        """See ``VectorBackend.save``."""
        write_arrays(path, _KIND, {}, self.arrays())

    @classmethod
    def load(cls, path: Path, *, mmap: bool = False, **options: Any) -> Self:
        """See ``VectorBackend.load``; ``options`` go to the constructor."""
        arrays = read_arrays(path, _KIND, mmap=mmap).arrays
        try:
            return cls.from_arrays(arrays, **options)
        except (KeyError, ValueError) as error:
            what = f"索引文件中的向量与编号不符（{error}）"
            raise IndexFormatError(what, where=path.name, advice="请重新建立索引") from error

    def _checked(self, vectors: Vectors) -> Vectors:
        vectors = np.ascontiguousarray(vectors, np.float32)
        if vectors.ndim != 2 or vectors.shape[1] != self.dimension:
            raise ValueError(f"vectors of shape {vectors.shape}, expected (n, {self.dimension})")
        if not math.isfinite(np.vdot(vectors, vectors)):  # one pass at BLAS speed; no unit vector overflows it
            raise ValueError("a vector holds a value that is not finite")
        return vectors

    def _reserve(self, size: int) -> None:
        """Own, writable buffers of at least ``size`` rows; what is mapped from a file is copied here."""
        if size <= len(self._ids) and self._vectors.flags.writeable and self._ids.flags.writeable:
            return
        capacity = max(size, self._size + self._size // 2)
        ids, vectors = np.empty(capacity, np.int64), np.empty((capacity, self.dimension), np.float32)
        ids[: self._size], vectors[: self._size] = self.ids, self.vectors
        self._ids, self._vectors = ids, vectors


def _read_only(array: Any) -> Any:
    array.flags.writeable = False
    return array
