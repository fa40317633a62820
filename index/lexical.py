"""Search by words: BM25 over token lists, for what vectors blur (names, codes, rare terms). The only user of SciPy.

Texts are weighed all at once: for one short document, a loop over its texts would cost more than all else that is done
with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpora.tokens import search_tokens
from index.exact import top_k
from index.protocols import NO_ROW, Hits, Vectors

Tokens = Sequence[str]
Ints = NDArray[np.int64]

#: How fast repetition of a token saturates, and how much a long text is discounted.
K1, B = 1.5, 0.75


def weigh(tokens: Ints, texts: Ints, lengths: Ints, k1: float, b: float) -> tuple[Ints, Ints, Vectors]:
    """BM25 in Lucene's form: the weight of a token in a text is ``ln(1 + (N - n + 0.5) / (n + 0.5)) * tf / (tf + k1 *
    (1 - b + b * length / mean length))``, n the number of texts that have the token (Robertson & Zaragoza, The
    Probabilistic Relevance Framework: BM25 and Beyond, 2009; variant "lucene" of Kamphuis et al., ECIR 2020).

    Parameters
    ----------
    tokens, texts : number of each token that stands somewhere, and of the text where it stands.
    lengths : (N,) how many tokens each text has, those included that are not looked at.

    Returns
    -------
    Token, text and weight of all pairs of both, by token and text.
    """
    pairs, counts = np.unique(tokens * len(lengths) + texts, return_counts=True)
    token, text = np.divmod(pairs, max(len(lengths), 1))
    spread = np.bincount(token)
    rarity = np.log(1 + (len(lengths) - spread + 0.5) / (spread + 0.5)).astype(np.float32)
    damping = k1 * ((1 - b) + b * lengths[text] / max(float(lengths.mean()), 1e-9)) if len(text) else 0.0
    frequency = counts.astype(np.float32)
    return token, text, (rarity[token] * (frequency / (damping + frequency))).astype(np.float32)


class Terms:
    """Queries that are asked of one collection of texts after another: their tokens are numbered once.

    Parameters
    ----------
    queries : tokens of each; a token that a query repeats counts as often.
    """

    def __init__(self, queries: Sequence[Tokens]) -> None:
        self._numbers: dict[str, int] = {}
        rows = [[self._numbers.setdefault(token, len(self._numbers)) for token in query] for query in queries]
        self._counts = _counts(rows, len(self._numbers))

    def similarities(self, texts: Sequence[Tokens], k1: float = K1, b: float = B) -> Vectors:
        """BM25 sums (queries, texts), as ``Bm25(texts, k1, b).similarities(queries)`` gives them."""
        tokens, lengths = _numbered(texts, self._numbers)
        known, owners = tokens >= 0, np.repeat(np.arange(len(texts)), lengths)
        weights = np.zeros((len(self._numbers), len(texts)), np.float32)
        token, text, weight = weigh(tokens[known], owners[known], lengths, k1, b)
        weights[token, text] = weight
        sums: Vectors = self._counts @ weights
        return sums


class Bm25:
    """Texts to be searched by words; sums as ``weigh`` defines them.

    Parameters
    ----------
    documents : the tokens of each text; a text may be empty.
    k1 : how fast repetition of a token saturates.
    b : how much a long text is discounted, 0..1.
    """

    def __init__(self, documents: Iterable[Tokens], k1: float = K1, b: float = B) -> None:
        texts = list(documents)
        self.k1, self.b = k1, b
        self._vocabulary = {token: n for n, token in enumerate(dict.fromkeys(chain.from_iterable(texts)))}
        self._size = len(texts)
        self._weights = self._fit(texts) if self._vocabulary else None

    @classmethod
    def from_texts(cls, texts: Iterable[str], k1: float = K1, b: float = B) -> Bm25:
        """An index over texts, cut by ``corpora.tokens.search_tokens``."""
        return cls([search_tokens(text) for text in texts], k1, b)

    def __len__(self) -> int:
        return self._size

    def _fit(self, texts: Sequence[Tokens]) -> Any:
        """Weight of each token in each text: a sparse matrix (tokens, texts)."""
        from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

        tokens, lengths = _numbered(texts, self._vocabulary)
        token, text, weight = weigh(tokens, np.repeat(np.arange(len(texts)), lengths), lengths, self.k1, self.b)
        starts = np.searchsorted(token, np.arange(len(self._vocabulary) + 1))
        return csr_matrix((weight, text, starts), (len(self._vocabulary), len(texts)))

    def similarities(self, queries: Sequence[Tokens]) -> Vectors:
        """BM25 sums (queries, texts), >= 0, unbounded; a token that a query repeats counts as often."""
        if self._weights is None:
            return np.zeros((len(queries), self._size), np.float32)
        known = [[self._vocabulary[token] for token in query if token in self._vocabulary] for query in queries]
        found: Vectors = (_counts(known, len(self._vocabulary)) @ self._weights).toarray()
        return found

    def search(self, queries: Sequence[Tokens], k: int, rows: slice | None = None) -> Hits:
        """The k texts of highest sum for each query, equal ones in their order.

        Parameters
        ----------
        queries : tokens of each query.
        k : how many at most, >= 1.
        rows : positions to choose from, start and stop without a step; rarity still counts over all texts.

        Returns
        -------
        Hits : ids are positions; ``NO_ROW`` fills the places of a query that shares tokens with fewer than k texts.
        """
        if k < 1:
            raise ValueError(f"k must be at least 1, not {k}")
        positions = np.arange(self._size)[rows or slice(None)]
        k = min(k, len(positions))
        if k == 0 or not queries:
            return Hits(np.empty((len(queries), k), np.int64), np.empty((len(queries), k), np.float32))
        hits = top_k(self.similarities(queries)[:, positions], positions, k)
        found = hits.similarities > 0
        return Hits(np.where(found, hits.ids, NO_ROW), np.where(found, hits.similarities, np.float32(-np.inf)))


def _numbered(texts: Sequence[Tokens], numbers: Mapping[str, int]) -> tuple[Ints, Ints]:
    """Numbers of all texts' tokens, one text after the other, -1 for one without, and how many tokens each text has."""
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    found = (numbers.get(token, -1) for token in chain.from_iterable(texts))
    return np.fromiter(found, np.int64, int(lengths.sum())), lengths


def _counts(rows: Sequence[Sequence[int]], width: int) -> Any:
    """Rows of column numbers as a sparse matrix (rows, width), 1 for each time that a row names a column."""
    from scipy.sparse import csr_matrix

    starts = np.cumsum([0, *map(len, rows)])
    columns = np.fromiter(chain.from_iterable(rows), np.int64, int(starts[-1]))
    return csr_matrix((np.ones(len(columns), np.float32), columns, starts), (len(rows), width))
