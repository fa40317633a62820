"""Word-level closeness: how much of an element's wording a passage holds, word for word or by near synonyms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
WordVectors = Callable[[Sequence[str]], Floats]

#: Cosine of word vectors below which two words are strangers; above it closeness grows linearly to 1.
STRANGERS = 0.35


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
        self._numbers = _numbered(queries)
        self._bag = _Bag(queries, self._numbers)
        self._word_vectors = vectors(list(self._numbers))
        self._values = _values(idf, self._numbers)[:, None]
        self._totals = self._bag.sums(self._values)

    def compare(self, passages: Sequence[Sequence[str]]) -> WordShares:
        """Shares of every query in every one of S passages."""
        words = self.words_of(passages)
        return WordShares(*self.shares(words.closest), words.reverse)

    def words_of(self, passages: Sequence[Sequence[str]]) -> ClosestWords:
        """What the words of S passages are close to."""
        numbers = _numbered(passages)
        bag = _Bag(passages, numbers)
        closeness = self._closeness(numbers)
        values = _values(self._idf, numbers)[:, None]
        near = self._bag.highest(closeness) * values.T
        sums, totals = bag.sums(np.ascontiguousarray(near.T)), bag.sums(values)
        reverse = np.divide(sums, totals, out=sums, where=totals > 0)
        return ClosestWords(bag.highest(np.ascontiguousarray(closeness.T)), np.ascontiguousarray(reverse.T))

    def shares(self, closest: Floats) -> tuple[Floats, Floats]:
        """Shares of every query in every one of S passages, exact and soft, each (Q, S).

        Parameters
        ----------
        closest : as ``ClosestWords`` holds it; the higher one of two for what two passages hold together.
        """
        by_word = np.ascontiguousarray(closest.T)
        return self._weighted((by_word == 1).astype(np.float32)), self._weighted(by_word)

    def _weighted(self, rows: Floats) -> Floats:
        """(Q, S) mean of the rows of each query's words, weighted by idf, 0 for a query without words."""
        sums = self._bag.sums(rows * self._values)
        return np.divide(sums, self._totals, out=sums, where=self._totals > 0)

    def _closeness(self, vocabulary: dict[str, int]) -> Floats:
        """(words of queries, vocabulary): 1 for the same word, else the rescaled cosine, below 1."""
        closeness: Floats = self._word_vectors @ self._vectors(list(vocabulary)).T
        closeness -= np.float32(STRANGERS)
        closeness /= np.float32(1 - STRANGERS)
        np.clip(closeness, 0, np.float32(0.999), out=closeness)
        same = [(row, vocabulary[word]) for word, row in self._numbers.items() if word in vocabulary]
        if same:
            closeness[tuple(np.array(same).T)] = 1
        return closeness


@dataclass(frozen=True)
class ClosestWords:
    """What the words of S passages are close to.

    Parameters
    ----------
    closest : (S, words of the queries) closeness of the passage's closest word, 1 for the same word.
    reverse : (Q, S) see ``WordShares``.
    """

    closest: Floats
    reverse: Floats


class _Bag:
    """Lists of words as numbers, each word once a list; lists are reduced to one row, one word of all at a time."""

    def __init__(self, lists: Sequence[Sequence[str]], numbers: dict[str, int]) -> None:
        lengths = np.fromiter(map(len, lists), np.int64, len(lists))
        words = np.fromiter((numbers[word] for word in chain.from_iterable(lists)), np.int64, int(lengths.sum()))
        pairs = np.unique(np.repeat(np.arange(len(lists)), lengths) * max(len(numbers), 1) + words)
        owners, self._words = np.divmod(pairs, max(len(numbers), 1))
        counts = np.bincount(owners, minlength=len(lists))
        self._order = np.argsort(-counts, kind="stable")
        self._starts = (np.cumsum(counts) - counts)[self._order]
        self._longer = [int((counts > j).sum()) for j in range(int(counts.max(initial=0)))]

    def highest(self, rows: Floats) -> Floats:
        """(lists, n) the highest value among each list's words, from (vocabulary, n) >= 0; 0 for an empty list."""
        return self._reduced(np.maximum, rows)

    def sums(self, rows: Floats) -> Floats:
        """(lists, n) sum over each list's words, from (vocabulary, n); 0 for an empty list."""
        return self._reduced(np.add, rows)

    def _reduced(self, reduce: np.ufunc, rows: Floats) -> Floats:
        reduced = np.zeros((len(self._order), rows.shape[1]), np.float32)
        for j, longer in enumerate(self._longer):
            reduce(reduced[:longer], rows[self._words[self._starts[:longer] + j]], out=reduced[:longer])
        result = np.empty_like(reduced)
        result[self._order] = reduced
        return result


def _numbered(lists: Sequence[Sequence[str]]) -> dict[str, int]:
    """The different words, numbered in the order of their first appearance."""
    return {word: n for n, word in enumerate(dict.fromkeys(chain.from_iterable(lists)))}


def _values(idf: Callable[[str], float], words: dict[str, int]) -> Floats:
    return np.fromiter(map(idf, words), np.float32, len(words))
