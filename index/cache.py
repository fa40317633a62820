"""Vectors kept by the hash of their text and the fingerprint of their encoder, so that a text is encoded once.

A transformer takes 12 milliseconds for a clause, finding its vector here 5 microseconds and storing it 30: worth it.
The built-in static model makes a vector in 2 microseconds, or 3 to 7 without its extension (clauses of documents, one
thread): it is faster without a cache and should have none.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
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
_PAGE_BYTES = 8192  # seven vectors of 256 components; a page of the usual size wastes a quarter
_DAY_SECONDS = 86_400
#: A row is found by 8 bytes of its name, the rest tells whether it is the right one; ``used`` counts days.
_SCHEMA = """
CREATE TABLE IF NOT EXISTS kept (
    key INTEGER PRIMARY KEY, used INTEGER NOT NULL, name BLOB NOT NULL, vector BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS kept_by_use ON kept (used);
"""


def content_hash(text: str) -> str:
    """Name of a text's content: 32 hex digits of BLAKE2b over its UTF-8 bytes."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


class VectorCache:
    """Vectors by name in an SQLite file, or in memory; safe to share between threads and, as a file, processes.

    What is stored is there whole or not at all, whatever happens to the process or, but for the last seconds, to the
    machine.

    Parameters
    ----------
    path : the file, made with its folder when missing; None keeps everything in memory.
    most : vectors that ``prune`` leaves, those used last; None for no bound.
    day : number of the day, by which last use is told; today's by default.

    Raises
    ------
    IndexFormatError : the file is no cache of vectors.
    """

    def __init__(self, path: Path | None = None, most: int | None = None, day: int | None = None) -> None:
        self.path, self.most, self._lock = path, most, Lock()
        self._day = int(time.time() // _DAY_SECONDS) if day is None else day
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        with self._named():
            self._database = sqlite3.connect(path or ":memory:", timeout=30, check_same_thread=False)
            for name, value in (
                ("page_size", str(_PAGE_BYTES)),
                ("auto_vacuum", "INCREMENTAL"),
                ("journal_mode", "WAL"),
                ("synchronous", "NORMAL"),
            ):
                self._database.execute(f"PRAGMA {name} = {value}")
            self._database.executescript(_SCHEMA)

    def __len__(self) -> int:
        with self._named(), self._lock:
            return int(self._database.execute("SELECT count(*) FROM kept").fetchone()[0])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def get(self, names: Sequence[bytes]) -> dict[bytes, bytes]:
        """The stored bytes of those names that are known, which count as used today."""
        found: dict[bytes, bytes] = {}
        keys, stale = [_key(name) for name in names], list[int]()
        with self._named(), self._lock:
            for start in range(0, len(keys), _BATCH):
                some = keys[start : start + _BATCH]
                marks = ",".join("?" * len(some))
                rows = self._database.execute(f"SELECT name, vector, used, key FROM kept WHERE key IN ({marks})", some)
                for name, vector, used, key in rows:
                    found[name] = vector
                    if used < self._day:
                        stale.append(key)
            if stale:
                with self._database:
                    change = "UPDATE kept SET used = ? WHERE key = ?"
                    self._database.executemany(change, ((self._day, key) for key in stale))
        wanted = set(names)
        return found if found.keys() <= wanted else {name: found[name] for name in found.keys() & wanted}

    def put(self, vectors: dict[bytes, bytes]) -> None:
        """Store bytes by name, all or none; names that are known keep what they have."""
        rows = ((_key(name), self._day, name, vector) for name, vector in vectors.items())
        with self._named(), self._lock, self._database:
            self._database.executemany("INSERT OR IGNORE INTO kept VALUES (?, ?, ?, ?)", sorted(rows))

    def prune(self, most: int | None = None) -> int:
        """Drop what was not used for longest, and give its room back.

        Parameters
        ----------
        most : vectors to leave; the cache's own bound by default.

        Returns
        -------
        How many were dropped.
        """
        most = self.most if most is None else most
        if most is None:
            return 0
        with self._named(), self._lock:
            with self._database:
                excess = "max((SELECT count(*) FROM kept) - ?, 0)"
                oldest = f"SELECT key FROM kept ORDER BY used LIMIT {excess}"
                dropped = self._database.execute(f"DELETE FROM kept WHERE key IN ({oldest})", [most]).rowcount
            if dropped:
                self._database.executescript("PRAGMA incremental_vacuum; PRAGMA wal_checkpoint(TRUNCATE);")
        return dropped

    def close(self) -> None:
        """Close the file, pruned if it has a bound; the cache cannot be used afterwards."""
        if self.most is not None:
            self.prune()
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
        names = list(self._names(texts))
        distinct = dict(zip(names, texts, strict=True))
        size = 4 * self.dimension
        known = {name: data for name, data in self.cache.get(list(distinct)).items() if len(data) == size}
        missing = [name for name in distinct if name not in known]
        if missing:
            fresh = np.asarray(self.encoder.encode([distinct[name] for name in missing]), "<f4")
            made = {name: row.tobytes() for name, row in zip(missing, fresh, strict=True)}
            self.cache.put(made)
            known |= made
        data = np.frombuffer(b"".join(map(known.__getitem__, names)), "<f4")
        return data.reshape(len(texts), self.dimension).astype(np.float32)

    def _names(self, texts: Iterable[str]) -> Iterator[bytes]:
        """Names of texts as this encoder reads them."""
        key = blake2b(self.fingerprint.encode(), digest_size=16).digest()
        start = blake2b(digest_size=16, key=key)
        for text in texts:
            name = start.copy()
            name.update(text.encode("utf-8", "surrogatepass"))
            yield name.digest()


def _key(name: bytes) -> int:
    return int.from_bytes(name[:8], "little", signed=True)
