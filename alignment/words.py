"""Word-level closeness: how much of an element's wording a passage holds, word for word or by near synonyms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
WordVectors = Callable[[Sequence[str]], Floats]

#: Cosine of word vectors below which two words are strangers; above it closeness grows linearly to 1.
STRANGERS = 0.35

#: Lists of words compared at once: bounds the memory that a long document takes.
_BLOCK = 2048


@dataclass(frozen=True)
class WordShares:
    """Closeness by words, three arrays (Q, S) in 0..1.

    ``exact`` is the weighted share of a query's words that the passage holds, ``soft`` lets a word count by its closest
    word there, ``reverse`` is the share of the passage's words that are close to a word of the query.
    """

    exact: Floats
    soft: Floats
    reverse: Floats


class WordMatcher:
    """Compares the words of Q queries with those of passages.

    Parameters
    ----------
    queries : Q lists of words.
    idf : weight of a word; an unknown one weighs most.
    vectors : words -> (n, d) unit rows, zero for unknown words.

    Notes
    -----
    Late interaction (Khattab & Zaharia 2020) on static word vectors, with idf weights.
    """

    def __init__(self, queries: Sequence[Sequence[str]], idf: Callable[[str], float], vectors: WordVectors) -> None:
        self._idf, self._vectors = idf, vectors
        self._words = list(dict.fromkeys(word for query in queries for word in query))
        self._bag = _Bag(queries, self._words)
        self._weights = self._bag.weights(idf)
        self._word_vectors = vectors(self._words)

    def compare(self, passages: Sequence[Sequence[str]]) -> WordShares:
        """Shares of every query in every one of S passages."""
        vocabulary = list(dict.fromkeys(word for passage in passages for word in passage))
        if not vocabulary or not self._words:
            empty = np.zeros((len(self._weights), len(passages)), np.float32)
            return WordShares(empty, empty, empty)
        closeness = self._closeness(vocabulary)
        bag = _Bag(passages, vocabulary)
        exact = self._weights @ bag.holds(self._words).T
        soft = self._weights @ bag.best(closeness.T).T
        reverse = bag.means(self._idf, self._bag.best(closeness).T).T
        return WordShares(exact, soft, reverse)

    def _closeness(self, vocabulary: Sequence[str]) -> Floats:
        """(words of queries, vocabulary): 1 for the same word, else the rescaled cosine, below 1."""
        cosines = self._word_vectors @ self._vectors(vocabulary).T
        closeness = np.clip((cosines - STRANGERS) / (1 - STRANGERS), 0, 0.999).astype(np.float32)
        position = {word: i for i, word in enumerate(vocabulary)}
        for row, word in enumerate(self._words):
            if word in position:
                closeness[row, position[word]] = 1
        return closeness


class _Bag:
    """Lists of words as positions in a vocabulary, each word once a list."""

    def __init__(self, lists: Sequence[Sequence[str]], vocabulary: Sequence[str]) -> None:
        rows = {word: i for i, word in enumerate(vocabulary)}
        self._vocabulary = vocabulary
        owners = np.repeat(np.arange(len(lists)), [len(words) for words in lists])
        words = np.array([rows[word] for each in lists for word in each], dtype=np.int64)
        pairs = np.unique(owners * max(len(vocabulary), 1) + words)
        self._owners, self._flat = np.divmod(pairs, max(len(vocabulary), 1))
        self._lengths = np.bincount(self._owners, minlength=len(lists))

    def weights(self, idf: Callable[[str], float]) -> Floats:
        """(lists, vocabulary) idf weights of each list's words, each row summing to 1 (0 for an empty list)."""
        weights = np.zeros((len(self._lengths), len(self._vocabulary)), np.float32)
        weights[self._owners, self._flat] = self._values(idf)[self._flat]
        totals = weights.sum(axis=1, keepdims=True)
        return np.divide(weights, totals, out=weights, where=totals > 0)

    def holds(self, words: Sequence[str]) -> Floats:
        """(lists, words) 1 where a list holds a word, else 0."""
        columns = {word: i for i, word in enumerate(words)}
        column = np.array([columns.get(word, -1) for word in self._vocabulary], dtype=np.int64)[self._flat]
        held = np.zeros((len(self._lengths), len(words)), np.float32)
        held[self._owners[column >= 0], column[column >= 0]] = 1
        return held

    def best(self, closeness: Floats) -> Floats:
        """(lists, n) the closest word of each list, from (vocabulary, n); 0 for an empty list."""
        closeness = np.ascontiguousarray(closeness)
        return self._reduced(np.maximum, lambda words: closeness[words], closeness.shape[1])

    def means(self, idf: Callable[[str], float], values: Floats) -> Floats:
        """(lists, n) mean of the list's words' values, weighted by idf, from (vocabulary, n); 0 for an empty list."""
        weights = self._values(idf)[:, None]
        weighted = np.ascontiguousarray(values * weights)
        sums = self._reduced(np.add, lambda words: weighted[words], values.shape[1])
        totals = self._reduced(np.add, lambda words: weights[words], 1)
        return np.divide(sums, totals, out=sums, where=totals > 0)

    def _values(self, idf: Callable[[str], float]) -> Floats:
        return np.array([idf(word) for word in self._vocabulary], dtype=np.float32)

    def _reduced(self, reduce: np.ufunc, rows: Callable[[Ints], Floats], width: int) -> Floats:
        """(lists, width) each list's rows reduced to one; 0 for an empty list."""
        reduced = np.zeros((len(self._lengths), width), np.float32)
        starts = np.cumsum(self._lengths) - self._lengths
        for first in range(0, len(starts), _BLOCK):
            filled = first + np.flatnonzero(self._lengths[first : first + _BLOCK])
            if len(filled):
                words = self._flat[starts[filled[0]] : starts[filled[-1]] + self._lengths[filled[-1]]]
                reduced[filled] = reduce.reduceat(rows(words), starts[filled] - starts[filled[0]], axis=0)
        return reduced
