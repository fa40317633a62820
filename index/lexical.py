"""Search by words: BM25 over token lists, for what vectors blur (names, codes, rare terms). The only user of bm25s."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from corpora.tokens import search_tokens
from index.exact import top_k
from index.protocols import NO_ROW, Hits, Vectors

Tokens = Sequence[str]


class Bm25:
    """BM25 in Lucene's form: sum over the query's tokens of ``ln(1 + (N - n + 0.5) / (n + 0.5)) * tf / (tf + k1 * (1 -
    b + b * length / mean length))``, n the number of texts that have the token (Robertson & Zaragoza, The Probabilistic
    Relevance Framework: BM25 and Beyond, 2009; variant "lucene" of Kamphuis et al., ECIR 2020).

    Parameters
    ----------
    documents : the tokens of each text; a text may be empty.
    k1 : how fast repetition of a token saturates.
    b : how much a long text is discounted, 0..1.
    """

    def __init__(self, documents: Iterable[Tokens], k1: float = 1.5, b: float = 0.75) -> None:
        self.k1, self.b = k1, b
        self._vocabulary: dict[str, int] = {}
        numbers = self._vocabulary
        ids = [[numbers.setdefault(token, len(numbers)) for token in document] for document in documents]
        self._size = len(ids)
        self._weights = self._fit(ids) if numbers else None

    @classmethod
    def from_texts(cls, texts: Iterable[str], k1: float = 1.5, b: float = 0.75) -> Bm25:
        """An index over texts, cut by ``corpora.tokens.search_tokens``."""
        return cls([search_tokens(text) for text in texts], k1, b)

    def __len__(self) -> int:
        return self._size

    def _fit(self, ids: list[list[int]]) -> Any:
        """Weight of each token in each text: a sparse matrix (tokens, texts)."""
        import bm25s  # type: ignore[import-untyped]
        from scipy.sparse import csc_matrix  # type: ignore[import-untyped]

        model = bm25s.BM25(k1=self.k1, b=self.b, method="lucene")
        model.index((ids, dict(self._vocabulary)), create_empty_token=False, show_progress=False)
        parts = model.scores
        shape = (len(ids), len(self._vocabulary))
        return csc_matrix((parts["data"], parts["indices"], parts["indptr"]), shape).T.tocsr()

    def similarities(self, queries: Sequence[Tokens]) -> Vectors:
        """BM25 sums (queries, texts), >= 0, unbounded; a token that a query repeats counts as often."""
        if self._weights is None:
            return np.zeros((len(queries), self._size), np.float32)
        from scipy.sparse import csr_matrix

        known = [[self._vocabulary[token] for token in query if token in self._vocabulary] for query in queries]
        starts = np.cumsum([0, *(len(tokens) for tokens in known)])
        columns = np.fromiter((token for tokens in known for token in tokens), np.int64, starts[-1])
        shape = (len(queries), len(self._vocabulary))
        counts = csr_matrix((np.ones(len(columns), np.float32), columns, starts), shape)
        found: Vectors = (counts @ self._weights).toarray()
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
