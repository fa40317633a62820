"""BM25 over the corpus as arrays that are mapped from a file, so that a hundred thousand passages need no loading.

The sums are those of ``index.lexical.Bm25`` (Lucene's form); here the weight of every word in every passage is laid out
by word, and a search touches the passages that share a word with the query and no others.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpora.errors import IndexFormatError
from corpora.tokens import search_tokens
from index.exact import top_k
from index.protocols import NO_ROW, Hits
from index.storage import read_arrays, write_arrays

_KIND = "exemplar words"
_K1, _B = 1.5, 0.75

Arrays = Mapping[str, NDArray[Any]]
Shelf = tuple[str, ...]


class WordIndex:
    """Passages by the words they have.

    Parameters
    ----------
    arrays : the vocabulary and the passages' ids packed (``*.bytes``, ``*.offsets``), ``starts`` of each word's
        stretch of ``rows`` and ``weights``, and ``shelves``: the number of what each passage is filed under.
    shelves : what passages are filed under, by number.
    """

    def __init__(self, arrays: Arrays, shelves: Sequence[Shelf]) -> None:
        self.arrays, self.shelves = arrays, tuple(shelves)

    @classmethod
    def build(cls, passages: Iterable[tuple[str, Shelf, str]]) -> WordIndex:
        """From (id, what it is filed under, text) of each passage."""
        rows = list(passages)
        numbers: dict[str, int] = {}
        shelves: dict[Shelf, int] = {}
        filed = np.array([shelves.setdefault(shelf, len(shelves)) for _, shelf, _ in rows], np.int32)
        tokens = [[numbers.setdefault(t, len(numbers)) for t in search_tokens(text)] for _, _, text in rows]
        words = sorted(numbers, key=lambda word: word.encode())
        rank = np.empty(len(words), np.int64)
        rank[[numbers[word] for word in words]] = np.arange(len(words))
        arrays = _packed("words", words) | _packed("ids", [id for id, _, _ in rows]) | {"shelves": filed}
        return cls(arrays | _postings(tokens, rank), tuple(shelves))

    def __len__(self) -> int:
        return len(self.arrays["shelves"])

    def id(self, row: int) -> str:
        """The id of a passage by its row."""
        return _string(self.arrays, "ids", row).decode()

    def search(self, text: str, k: int, within: Collection[Shelf] | None = None) -> Hits:
        """The k passages of highest sum for one text, equal ones in their order, as one line of ``Hits``.

        Parameters
        ----------
        text : what is asked.
        k : how many at most, >= 1.
        within : shelves, to search what is filed under one of them only; rarity still counts over all.
        """
        sums = np.zeros(len(self), np.float32)
        starts = self.arrays["starts"]
        for token in search_tokens(text):
            place = self._place(token)
            if place is not None:
                stretch = slice(int(starts[place]), int(starts[place + 1]))
                sums[self.arrays["rows"][stretch]] += self.arrays["weights"][stretch]
        if within is not None:
            kept = np.array([shelf in within for shelf in self.shelves], bool)
            sums[~kept[self.arrays["shelves"]]] = 0
        rows = np.flatnonzero(sums)
        if not len(rows):
            return Hits(np.full((1, 1), NO_ROW, np.int64), np.full((1, 1), -np.inf, np.float32))
        return top_k(sums[None, rows], rows, min(k, len(rows)))

    def _place(self, token: str) -> int | None:
        count = len(self.arrays["words.offsets"]) - 1
        wanted = token.encode()
        place = bisect_left(range(count), wanted, key=lambda n: _string(self.arrays, "words", n))
        return place if place < count and _string(self.arrays, "words", place) == wanted else None

    def save(self, path: Path) -> None:
        """Write it to one file, whole or not at all."""
        write_arrays(path, _KIND, {"shelves": [list(shelf) for shelf in self.shelves]}, self.arrays)

    @classmethod
    def load(cls, path: Path) -> WordIndex:
        """Map what ``save`` wrote.

        Raises
        ------
        IndexFormatError : the file is missing, truncated, foreign or of another version.
        """
        stored = read_arrays(path, _KIND, mmap=True)
        missing = {"words.offsets", "ids.offsets", "starts", "rows", "weights", "shelves"} - stored.arrays.keys()
        if missing or "shelves" not in stored.meta:
            raise IndexFormatError("索引文件前后不符", where=path.name, advice="请运行 duibiao corpus rebuild")
        return cls(stored.arrays, [tuple(shelf) for shelf in stored.meta["shelves"]])


def _postings(tokens: Sequence[Sequence[int]], rank: NDArray[np.int64]) -> dict[str, NDArray[Any]]:
    """Weights of the words in the passages, by word; see ``index.lexical.Bm25`` for the formula."""
    lengths = np.array([len(line) for line in tokens], np.int64)
    count = max(len(tokens), 1)
    rows = np.repeat(np.arange(len(tokens)), lengths)
    flat = rank[np.fromiter((token for line in tokens for token in line), np.int64, len(rows))]
    pairs, often = np.unique(flat * count + rows, return_counts=True)
    word, row = np.divmod(pairs, count)
    held = np.bincount(word, minlength=len(rank))
    rarity = np.log(1 + (count - held + 0.5) / (held + 0.5))
    mean = lengths.mean() if lengths.any() else 1.0
    weights = rarity[word] * often / (often + _K1 * (1 - _B + _B * lengths[row] / mean))
    starts = np.concatenate([[0], np.cumsum(held)]).astype(np.int64)
    return {"starts": starts, "rows": row.astype(np.int32), "weights": weights.astype(np.float32)}


def _packed(name: str, strings: Sequence[str]) -> dict[str, NDArray[Any]]:
    encoded = [string.encode() for string in strings]
    offsets = np.concatenate([[0], np.cumsum([len(item) for item in encoded], dtype=np.int64)]).astype(np.int64)
    return {f"{name}.bytes": np.frombuffer(b"".join(encoded), np.uint8), f"{name}.offsets": offsets}


def _string(arrays: Arrays, name: str, number: int) -> bytes:
    offsets = arrays[f"{name}.offsets"]
    return arrays[f"{name}.bytes"][int(offsets[number]) : int(offsets[number + 1])].tobytes()
