"""Row ids by 64-bit hash: sorted arrays searched by halves instead of a dict of millions.

What is found by a hash is a claim that its user verifies against the row itself, so that equal hashes of different
things do no harm.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from index.columns import Group, Owners, to_bytes
from index.protocols import Ids

Hashes = NDArray[np.uint64]
Level = tuple[Hashes, NDArray[np.integer]]


def owner_digest(text: str) -> bytes:
    """16 bytes that stand for a text: BLAKE2b over its UTF-8 bytes."""
    return blake2b(to_bytes(text), digest_size=16).digest()


def hashes_of(texts: Iterable[str]) -> Hashes:
    """A hash of each text, (n,)."""
    return np.frombuffer(b"".join(blake2b(to_bytes(text), digest_size=8).digest() for text in texts), np.uint64)


def content_hashes(groups: Sequence[Group], owners: Owners) -> Hashes:
    """A hash of what each row is in its group: of its group and its owner, (n,)."""
    known = dict.fromkeys(groups)
    by_group = dict(zip(known, hashes_of(map(repr, known)), strict=True))
    return owners[:, 0] ^ np.array([by_group[group] for group in groups], np.uint64)


class HashIndex:
    """Hashes with the ids of their rows, in a few sorted arrays that are merged as they grow.

    Parameters
    ----------
    stored : a sorted array of hashes with their ids, to begin with; it may be mapped from a file.
    alive : tells which of some ids are still stored; the others are left behind when arrays are merged.
    """

    def __init__(self, alive: Callable[[Ids], NDArray[np.bool_]], stored: Level | None = None) -> None:
        self._alive = alive
        self._levels: list[Level] = [stored] if stored is not None else []

    def add(self, hashes: Hashes, ids: Ids) -> None:
        """Put rows in; merging costs each row a few moves in the life of the index."""
        self._levels.append(_sorted(hashes, ids))
        while len(self._levels) > 1 and len(self._levels[-2][0]) <= 2 * len(self._levels[-1][0]):
            self._levels[-2:] = [self._living(self._levels[-2:])]

    def find(self, hashes: Hashes) -> tuple[Ids, Ids]:
        """Every row of any of the hashes (n,), dead ones perhaps among them.

        Returns
        -------
        Numbers of hashes and ids of rows, (m,) each, by hash number and then id.
        """
        asked = np.argsort(hashes)
        parts = [_matches(level, hashes[asked]) for level in self._levels]
        numbers = np.concatenate([np.empty(0, np.int64), *(asked[which] for which, _ in parts)])
        ids = np.concatenate([np.empty(0, np.int64), *(found for _, found in parts)])
        order = np.lexsort((ids, numbers))
        return numbers[order], ids[order]

    def living(self) -> Level:
        """All that is stored, sorted by hash."""
        return self._living(self._levels)

    def _living(self, levels: Sequence[Level]) -> Level:
        hashes = np.concatenate([np.empty(0, np.uint64), *(level[0] for level in levels)])
        ids = np.concatenate([np.empty(0, np.int64), *(level[1] for level in levels)])
        keep = self._alive(ids)
        return _sorted(hashes[keep], ids[keep])


def _sorted(hashes: Hashes, ids: Ids) -> Level:
    order = np.argsort(hashes, kind="stable")  # takes advantage of stretches that are sorted already
    return hashes[order], ids[order]


def _matches(level: Level, asked: Hashes) -> tuple[Ids, Ids]:
    """Positions in ``asked`` (sorted) and the ids stored under each."""
    hashes, ids = level
    if not len(hashes):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    first = np.searchsorted(hashes, asked)
    hit = np.flatnonzero(hashes[np.minimum(first, len(hashes) - 1)] == asked)
    counts = np.searchsorted(hashes, asked[hit], "right") - first[hit]
    which = np.repeat(hit, counts)
    within = np.arange(len(which)) - np.repeat(np.cumsum(counts) - counts, counts)
    return which, ids[first[which] + within].astype(np.int64)
