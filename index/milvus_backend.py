"""Vectors in a Milvus collection, for corpora past one machine; the only file that imports pymilvus (extra ``milvus``).

A collection has three fields: ``id``, ``place`` (a rising key that keeps the order of the rows, see
``index.order_keys``) and ``vector``. What is exact: with the index ``FLAT`` (the default) every search, also one within
a slice, which is a range filter on ``place`` that the server applies before it compares vectors. Any other index is
approximate, within a slice as well, and must be measured before it is trusted.

The server's address may be a file that ends in ``.db``: Milvus Lite (package ``milvus-lite``) then runs in here.
"""

from __future__ import annotations

import atexit
import logging
import math
import weakref
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

import numpy as np

from corpora.errors import DuibiaoError, IndexFormatError, MissingExtraError, UsageError
from index.milvus_collection import MOST_ROWS, Collection, MilvusOptions
from index.order_keys import keys_between, spread
from index.protocols import NO_ROW, Hits, Ids, Vectors
from index.storage import read_arrays, write_arrays

_KIND = "milvus collection"


def load_pymilvus(uri: str = "") -> tuple[Any, tuple[type[Exception], ...]]:
    """The pymilvus module and what it raises; its log goes nowhere, as all that it says comes as an exception too.

    Raises
    ------
    MissingExtraError : it is not installed, or milvus-lite is not and ``uri`` is a file.
    """
    try:
        import grpc  # type: ignore[import-untyped]
        import pymilvus  # type: ignore[import-untyped]

        if uri.endswith(".db"):
            import milvus_lite  # type: ignore[import-untyped]  # noqa: F401
    except ImportError as error:
        name = "milvus-lite" if uri.endswith(".db") and error.name == "milvus_lite" else "'duibiao[milvus]'"
        raise MissingExtraError("没有安装 Milvus 的客户端", advice=f"请运行 pip install {name}") from error
    for name in ("pymilvus", "milvus_lite", "grpc._server"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    return pymilvus, (pymilvus.MilvusException, grpc.RpcError, OSError)


def _collection(options: MilvusOptions) -> Collection:
    return Collection(*load_pymilvus(options.uri), options)


#: Collections whose back-ends are gone. They are dropped from ordinary code, never while memory is being freed: that
#: may happen in a thread of Milvus Lite itself, which would then wait for its own answer.
_LEFT: deque[Collection] = deque()


@atexit.register
def _sweep() -> None:
    while _LEFT:
        _LEFT.popleft().drop()


class MilvusBackend:
    """VectorBackend in a Milvus collection; rows of equal similarity come in any order.

    A named collection is used as it stands, and made when it is missing. Without a name a new one is made, which is
    dropped some time after this object unless ``save`` was called, as the rows of a back-end in memory would be. One
    process may write at a time; readers see its changes after ``refresh``.

    Parameters
    ----------
    dimension : length of a vector.
    uri, collection, options : see ``MilvusOptions``.

    Raises
    ------
    MissingExtraError : pymilvus, or milvus-lite for a file, is not installed.
    UsageError : the server cannot be reached or refuses.
    IndexFormatError : the collection is not one of ours, or of another dimension or encoder.
    """

    def __init__(self, dimension: int, uri: str, collection: str | None = None, **options: Any) -> None:
        _sweep()
        name = collection or f"duibiao_{uuid4().hex}"
        self._open(_collection(MilvusOptions(uri, name, **options)), dimension)
        if collection is None:
            self._dropping: Any = weakref.finalize(self, _LEFT.append, self._rows)

    def _open(self, rows: Collection, dimension: int) -> None:
        self._rows, self._dimension, self._dropping = rows, dimension, None
        rows.check(dimension) if rows.exists() else rows.create(dimension)
        self.refresh()

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._dimension

    @property
    def exact(self) -> bool:
        """Whether a search finds the best rows for sure."""
        return self._rows.options.index == "FLAT"

    @property
    def collection(self) -> str:
        """Name of the collection."""
        return self._rows.options.collection

    @property
    def ids(self) -> Ids:
        """Ids by position; fetched at first use, 16 bytes a row are kept."""
        ids = self._ordered()[0].view()
        ids.flags.writeable = False
        return ids

    @property
    def vectors(self) -> Vectors:
        """Vectors by position: everything is fetched, each time."""
        vectors = self._fetch(slice(0, self._size))
        vectors.flags.writeable = False
        return vectors

    def __len__(self) -> int:
        return self._size

    def refresh(self) -> None:
        """Forget what was fetched, after another process has changed the collection."""
        self._order: tuple[Ids, Ids] | None = None
        self._size = self._rows.count()

    def add(self, ids: Ids, vectors: Vectors, at: int | None = None) -> None:
        """See ``VectorBackend.add``; appending does not need the order of the rows and fetches none of it.

        Raises
        ------
        UsageError : the server failed; what was sent of this call is taken back as far as the server can be reached.
        """
        ids, vectors = np.asarray(ids, np.int64).reshape(-1), self._checked(vectors)
        at = self._size if at is None else at
        if len(ids) != len(vectors) or not 0 <= at <= self._size:
            raise ValueError(f"{len(ids)} ids, {len(vectors)} vectors, position {at} of {self._size}")
        if len(np.unique(ids)) != len(ids) or self._stored(ids):
            raise ValueError("an id is given twice or already stored")
        if not len(ids):
            return
        places = self._room(len(ids), at)
        try:
            self._rows.put(ids, places, vectors)
        except DuibiaoError:
            with suppress(DuibiaoError):
                self._rows.delete(ids)
            raise
        self._size += len(ids)
        if self._order is not None:
            self._order = np.insert(self._order[0], at, ids), np.insert(self._order[1], at, places)

    def search(self, queries: Vectors, k: int, rows: slice | None = None) -> Hits:
        """See ``VectorBackend.search``; a slice that is not everything needs the order of the rows.

        Raises
        ------
        UsageError : the server failed, or k is beyond what Milvus returns (16,384).
        """
        if k < 1:
            raise ValueError(f"k must be at least 1, not {k}")
        queries = self._checked(queries)
        start, stop, step = (rows or slice(None)).indices(self._size)
        if step != 1:
            raise ValueError("rows must be a slice without a step")
        k = min(k, max(0, stop - start))
        if k > MOST_ROWS:
            raise UsageError(f"Milvus 一次最多返回 {MOST_ROWS:,} 条，这里要 {k:,} 条", advice="请减小 k")
        hits = Hits(np.full((len(queries), k), NO_ROW, np.int64), np.full((len(queries), k), -np.inf, np.float32))
        if k and len(queries):
            self._rows.search(queries, self._filter(start, stop), hits)
        return hits

    def remove(self, ids: Ids) -> int:
        """See ``VectorBackend.remove``."""
        stored = np.array(self._stored(np.unique(np.asarray(ids, np.int64))), np.int64)
        if len(stored):
            self._rows.delete(stored)
            self._size -= len(stored)
            if self._order is not None:
                keep = np.isin(self._order[0], stored, invert=True)
                self._order = self._order[0][keep], self._order[1][keep]
        return len(stored)

    def arrays(self) -> dict[str, Any]:
        """See ``VectorBackend.arrays``: everything is fetched; the way from a collection to another back-end."""
        return {"ids": self.ids, "vectors": self.vectors}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Any], **options: Any) -> Self:
        """See ``VectorBackend.from_arrays``: everything is sent; the way from another back-end to a collection.

        Raises
        ------
        UsageError : the collection named holds rows already.
        """
        ids, vectors = arrays["ids"], arrays["vectors"]
        if vectors.ndim != 2 or vectors.dtype != np.float32 or ids.dtype != np.int64 or ids.shape != vectors.shape[:1]:
            raise ValueError(f"ids {ids.dtype} {ids.shape}, vectors {vectors.dtype} {vectors.shape}")
        backend = cls(vectors.shape[1], **options)
        if len(backend):
            what = f"集合“{backend.collection}”中已有 {len(backend):,} 条向量"
            raise UsageError(what, where=options["uri"], advice="请换一个集合名")
        backend.add(ids, vectors)
        return backend

    def save(self, path: Path) -> None:
        """Write a small file that names the collection and what it holds now; the vectors stay on the server.

        ``load`` refuses the file once the number of rows has changed: save again after each change.
        """
        options = self._rows.options
        local = options.uri.endswith(".db")
        facts = {
            "uri": str(Path(options.uri).resolve()) if local else options.uri,
            "collection": options.collection,
            "dimension": self._dimension,
            "rows": self._size,
            "encoder": options.encoder_fingerprint,
            "index": [options.index, dict(options.index_params), dict(options.search_params)],
        }
        write_arrays(path, _KIND, facts, {})
        if self._dropping is not None:
            self._dropping.detach()

    @classmethod
    def load(cls, path: Path, *, mmap: bool = False, **options: Any) -> Self:  # noqa: ARG003
        """Open the collection that ``save`` named; ``options`` go before what the file says, the token is never there.

        Raises
        ------
        IndexFormatError : the file is broken, or the collection is missing or not as it was saved.
        UsageError : the server cannot be reached.
        """
        facts = read_arrays(path, _KIND).meta
        kind, build, ask = facts["index"]
        known = {"uri": facts["uri"], "collection": facts["collection"], "encoder_fingerprint": facts["encoder"]}
        known |= {"index": kind, "index_params": build, "search_params": ask}
        rows = _collection(MilvusOptions(**(known | options)))
        if not rows.exists():
            what = f"索引所在的 Milvus 集合“{rows.options.collection}”不存在"
            raise IndexFormatError(what, where=path.name, advice="请重新建立索引")
        backend = cls.__new__(cls)
        backend._open(rows, facts["dimension"])
        if len(backend) != facts["rows"]:
            what = f"索引保存时集合中有 {facts['rows']:,} 条向量，现在有 {len(backend):,} 条"
            raise IndexFormatError(what, where=path.name, advice="改动集合后请重新保存，或重新建立索引")
        return backend

    def _checked(self, vectors: Vectors) -> Vectors:
        vectors = np.ascontiguousarray(vectors, np.float32)
        if vectors.ndim != 2 or vectors.shape[1] != self._dimension:
            raise ValueError(f"vectors of shape {vectors.shape}, expected (n, {self._dimension})")
        if not math.isfinite(np.vdot(vectors, vectors)):
            raise ValueError("a vector holds a value that is not finite")
        return vectors

    def _stored(self, ids: Ids) -> list[int]:
        """Which of these ids are stored."""
        if self._order is not None:
            return [int(id) for id in ids[np.isin(ids, self._order[0])]]
        return self._rows.known(ids)

    def _ordered(self) -> tuple[Ids, Ids]:
        """Ids and places by position."""
        if self._order is None:
            batches = list(self._rows.read(("id", "place")))
            ids, places = (
                np.array([row[name] for rows in batches for row in rows], np.int64) for name in ("id", "place")
            )
            order = np.argsort(places, kind="stable")
            self._order = ids[order], places[order]
            self._size = len(ids)
        return self._order

    def _room(self, count: int, at: int) -> Ids:
        """Places for rows before position ``at``; rows around it move to others where there is no room."""
        if at == self._size and self._order is None:
            places = keys_between(self._rows.last_place(), None, count)
            if places is not None:
                return places
        ids, known = self._ordered()
        left, right = (int(known[n]) if 0 <= n < len(known) else None for n in (at - 1, at))
        places = keys_between(left, right, count)
        if places is not None:
            return places
        moved, places = spread(known, at, count)
        first = at - moved.start
        vectors, fresh = self._fetch(moved), np.delete(places, np.s_[first : first + count])
        self._order = None  # should the next line be cut short, the server knows
        self._rows.put(ids[moved], fresh, vectors, replace=True)
        known[moved] = fresh
        self._order = ids, known
        return places[first : first + count]

    def _fetch(self, wanted: slice) -> Vectors:
        """Vectors of some positions, in their order."""
        ids = self._ordered()[0][wanted]
        vectors, by_id = np.zeros((len(ids), self._dimension), np.float32), np.argsort(ids)
        rows = self._rows.read(("id", "vector"), self._filter(wanted.start, wanted.stop), 4 * self._dimension + 64)
        for batch in rows if len(ids) else ():
            found = np.array([row["id"] for row in batch], np.int64)
            vectors[by_id[np.searchsorted(ids, found, sorter=by_id)]] = [row["vector"] for row in batch]
        return vectors

    def _filter(self, start: int, stop: int) -> str:
        if (start, stop) == (0, self._size):
            return ""
        places = self._ordered()[1]
        return f"place >= {places[start]} and place <= {places[stop - 1]}"
