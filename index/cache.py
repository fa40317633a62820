"""Vectors kept by the hash of their text and the fingerprint of their encoder, so that a text is encoded once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from threading import Lock
from typing import Self

import numpy as np

from corpora.errors import IndexFormatError
from index.protocols import Encoder, Vectors

#: Names of a query at once: SQLite's limit of variables in old builds is 999.
_BATCH = 900
_SCHEMA = "CREATE TABLE IF NOT EXISTS vectors (name BLOB PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID"


def content_hash(text: str) -> str:
    """Name of a text's content: 32 hex digits of BLAKE2b over its UTF-8 bytes."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


class VectorCache:
    """Vectors by name in an SQLite file, or in memory; safe to share between threads and, as a file, processes.

    Parameters
    ----------
    path : the file, made with its folder when missing; None keeps everything in memory.

    Raises
    ------
    IndexFormatError : the file is no cache of vectors.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path, self._lock = path, Lock()
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        with self._named():
            self._database = sqlite3.connect(path or ":memory:", timeout=30, check_same_thread=False)
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.execute("PRAGMA synchronous = NORMAL")
            self._database.execute(_SCHEMA)

    def __len__(self) -> int:
        with self._named(), self._lock:
            return int(self._database.execute("SELECT count(*) FROM vectors").fetchone()[0])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def get(self, names: Sequence[bytes]) -> dict[bytes, bytes]:
        """The stored bytes of those names that are known."""
        found: dict[bytes, bytes] = {}
        for start in range(0, len(names), _BATCH):
            some = names[start : start + _BATCH]
            marks = ",".join("?" * len(some))
            with self._named(), self._lock:
                found.update(self._database.execute(f"SELECT * FROM vectors WHERE name IN ({marks})", some))
        return found

    def put(self, vectors: dict[bytes, bytes]) -> None:
        """Store bytes by name, all or none; names that are known keep what they have."""
        with self._named(), self._lock, self._database:
            self._database.executemany("INSERT OR IGNORE INTO vectors VALUES (?, ?)", vectors.items())

    def close(self) -> None:
        """Close the file; the cache cannot be used afterwards."""
        self._database.close()

    @contextmanager
    def _named(self) -> Iterator[None]:
        """Turn a damaged or foreign file into one clear error."""
        try:
            yield
        except sqlite3.DatabaseError as error:
            where, advice = self.path.name if self.path else "", "请删去该缓存文件后重试"
            raise IndexFormatError(f"向量缓存无法使用（{error}）", where=where, advice=advice) from error


class CachedEncoder:
    """An Encoder that asks another one only for texts which the cache does not have.

    Parameters
    ----------
    encoder : gives the vectors.
    cache : keeps them; may be shared by several encoders, whose fingerprints keep them apart.
    """

    def __init__(self, encoder: Encoder, cache: VectorCache) -> None:
        self.encoder, self.cache = encoder, cache

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self.encoder.dimension

    @property
    def fingerprint(self) -> str:
        """That of the encoder behind: the vectors are the same."""
        return self.encoder.fingerprint

    def encode(self, texts: Sequence[str]) -> Vectors:
        """See ``Encoder.encode``; each distinct text is encoded at most once."""
        names = [self._name(text) for text in texts]
        distinct = dict(zip(names, texts, strict=True))
        size = 4 * self.dimension
        known = {name: data for name, data in self.cache.get(list(distinct)).items() if len(data) == size}
        missing = [name for name in distinct if name not in known]
        if missing:
            fresh = np.asarray(self.encoder.encode([distinct[name] for name in missing]), "<f4")
            made = {name: row.tobytes() for name, row in zip(missing, fresh, strict=True)}
            self.cache.put(made)
            known |= made
        data = np.frombuffer(b"".join(known[name] for name in names), "<f4")
        return data.reshape(len(texts), self.dimension).astype(np.float32)

    def _name(self, text: str) -> bytes:
        key = blake2b(self.fingerprint.encode(), digest_size=16).digest()
        return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16, key=key).digest()
