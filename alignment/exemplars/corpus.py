"""The suggestion corpus in use: passages that teach something, by vectors and by words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from itertools import chain

import numpy as np

from alignment.exemplars.floor import floor_of
from alignment.exemplars.model import ORIGINS, Exemplar, Found, Origin
from alignment.exemplars.words import WordIndex
from index.fusion import reciprocal_rank_fusion
from index.protocols import NO_ROW, Encoder, Hits, Vectors
from index.segment_index import SegmentIndex

#: Passages that vectors and words each bring into a search, as a multiple of those asked for.
_POOL = 4


class Exemplars:
    """Searches the corpus.

    Parameters
    ----------
    index : the passages by vector, filed under (origin, standard, document).
    words : the same by word; made when first needed if None.
    held : the passages of ``index``, for that; not needed beside ``words``.
    """

    def __init__(self, index: SegmentIndex, words: WordIndex | None = None, held: Sequence[Exemplar] = ()) -> None:
        self.index, self._given, self._held = index, words, held

    @classmethod
    def build(cls, exemplars: Iterable[Exemplar], encoder: Encoder) -> Exemplars:
        """In memory."""
        held = tuple(exemplars)
        index = SegmentIndex(encoder)
        index.add((exemplar.passage() for exemplar in held), dedup=False)
        return cls(index, None, held)

    def __len__(self) -> int:
        return len(self.index)

    @cached_property
    def words(self) -> WordIndex:
        """The passages by word."""
        return self._given or word_index(self._held)

    @cached_property
    def floor(self) -> float:
        """The least similarity at which a passage counts as one that teaches what is asked for."""
        return floor_of(self.index.encoder)

    def find(self, text: str, k: int = 10, standard: str = "", origins: Collection[Origin] = ORIGINS) -> list[Found]:
        """The k passages that teach this most, best first: nearest by vector and by its very words, fused.

        Parameters
        ----------
        text : what is to be taught.
        k : how many at most, >= 1; of equal texts one is named.
        standard : a code, to search what is filed under it only.
        origins : whose passages.
        """
        within = [x for x in self._shelves if x[0] in origins and standard in ("", x[1])]
        if not within:
            return []
        hits = self.index.search([text], k * _POOL, within, distinct=True)
        near = {x.line.text: Found(x, value) for x, value in self._named(hits)[0]}
        spoken = self._spoken(text, k * _POOL, within)
        places = {words: n for n, words in enumerate(dict.fromkeys(chain(near, spoken)))}
        fused = reciprocal_rank_fusion([_ranked(near, places), _ranked(spoken, places)], k)
        names = list(places)
        chosen = [names[n] for n in fused.ids[0].tolist() if n != NO_ROW]
        return self._measured(text, [near.get(words) or spoken[words] for words in chosen])

    def nearest(self, vectors: Vectors, k: int, floor: float, origins: Sequence[Origin]) -> list[list[Found]]:
        """The passages nearest to each of many vectors (q, d), in one search: at most k each, similar enough, no text
        twice.

        Parameters
        ----------
        vectors : unit rows.
        k : how many at most, >= 1.
        floor : the least similarity.
        origins : whose passages.
        """
        hits = self.index.search(vectors, k, [(origin,) for origin in origins], distinct=True)
        return [[Found(x, value) for x, value in line] for line in self._named(hits, floor)]

    @cached_property
    def _shelves(self) -> list[tuple[str, ...]]:
        """What passages are filed under, without the documents."""
        return sorted({group[:2] for group in self.index.groups})

    def _spoken(self, text: str, k: int, within: Collection[tuple[str, ...]]) -> dict[str, Found]:
        """The passages that have the words of a text, best first, by their texts; similarity is not known yet."""
        rows = self.words.search(text, k, within).ids[0].tolist()
        passages = (self.index.get(self.words.id(row)) for row in rows if row != NO_ROW)
        found: dict[str, Found] = {}
        for passage in passages:
            if passage is not None:
                found.setdefault(passage.text, Found(Exemplar.of(passage), np.nan))
        return found

    def _measured(self, text: str, found: Sequence[Found]) -> list[Found]:
        """With the vector similarity of those that only words brought in."""
        unknown = [item.exemplar.line.text for item in found if np.isnan(item.similarity)]
        if not unknown:
            return list(found)
        vectors = self.index.encoder.encode([text, *unknown])
        known = dict(zip(unknown, (vectors[1:] @ vectors[0]).tolist(), strict=True))
        return [Found(x.exemplar, known.get(x.exemplar.line.text, x.similarity)) for x in found]

    def _named(self, hits: Hits, floor: float = -np.inf) -> list[list[tuple[Exemplar, float]]]:
        """The passages of hits that are similar enough."""
        kept = (hits.ids != NO_ROW) & (hits.similarities >= floor)
        return [
            [
                (Exemplar.of(self.index.passage(id)), value)
                for id, value in zip(ids[keep].tolist(), values[keep].tolist(), strict=True)
            ]
            for ids, values, keep in zip(hits.ids, hits.similarities, kept, strict=True)
        ]


def word_index(exemplars: Iterable[Exemplar]) -> WordIndex:
    """The passages by word."""
    return WordIndex.build((x.id, x.group[:2], x.line.text) for x in exemplars)


def _ranked(found: dict[str, Found], places: dict[str, int]) -> Hits:
    """A list of texts, best first, as hits of their places."""
    ids = np.array([[places[words] for words in found]], np.int64).reshape(1, -1)
    return Hits(ids, -np.arange(ids.shape[1], dtype=np.float32)[None])
