"""Which statements of a standard speak of something: search by vectors and by words, fused."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corpora.standard import Standard, Statement
from corpora.tokens import search_tokens
from index.exact import top_k
from index.fusion import reciprocal_rank_fusion
from index.lexical import Bm25
from index.protocols import NO_ROW, Encoder
from index.statement_index import StatementIndex


@dataclass(frozen=True, slots=True)
class Found:
    """A statement with its vector similarity to the query, in -1..1."""

    statement: Statement
    similarity: float


class StatementFinder:
    """Searches the statements of one standard.

    Parameters
    ----------
    standard : what is searched.
    encoder : gives the vectors.
    """

    def __init__(self, standard: Standard, encoder: Encoder) -> None:
        self.standard = standard
        self._index = StatementIndex.build([standard], encoder)
        self._items = self._index.items(standard.code, "statement")
        self._words = Bm25.from_texts(item.text for item in self._items)

    def find(self, text: str, k: int = 10) -> list[Found]:
        """The k statements that say this most (all, when there are fewer), best first; its very words lead."""
        k = min(k, len(self._items))
        similarities = self._index.similarities([text], self.standard.code, ("statement",))
        vectors = top_k(similarities, np.arange(len(self._items)), k)
        words = self._words.search([search_tokens(text)], k)
        fused = reciprocal_rank_fusion((vectors, words), k)
        numbers = [int(n) for n in fused.ids[0] if n != NO_ROW]
        return [Found(self.standard.by_id[self._items[n].id], float(similarities[0, n])) for n in numbers]
