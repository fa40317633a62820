"""An index over passages of documents: "where is this taught, and how do others teach it?"

Passages are filed in groups, paths that the caller chooses (``("530701", "网店运营.docx")``), so that a search within
one standard, one department or one document is an exact slice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import numpy as np

from corpora.document import SegmentedDocument
from index.backends import DEFAULT
from index.cache import content_hash
from index.grouped import Group, GroupedIndex, Row
from index.protocols import NO_ROW, Encoder, Hits, Vectors

_FILE_KIND = "segment index"


@dataclass(frozen=True, slots=True)
class Passage:
    """A stored passage.

    Parameters
    ----------
    id : its name, unique in the index.
    text : what is embedded and shown.
    group : the path it is filed under.
    metadata : JSON values that travel with it (heading path, page, role …).
    """

    id: str
    text: str
    group: Group = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)


class SegmentIndex:
    """Passages by vector, with groups, dedup by content, and files.

    Parameters
    ----------
    encoder : turns texts, stored and asked, into vectors; a ``CachedEncoder`` remembers them between runs.
    backend : a name in ``index.backends.BACKENDS``.
    options : what that back-end's constructor takes.
    """

    def __init__(self, encoder: Encoder, backend: str = DEFAULT, **options: Any) -> None:
        self.encoder = encoder
        self._rows = GroupedIndex(encoder.fingerprint, encoder.dimension, backend, **options)

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, id: str) -> bool:
        return id in self._rows

    @property
    def groups(self) -> tuple[Group, ...]:
        """Every group that has passages, sorted."""
        return self._rows.groups

    def get(self, id: str) -> Passage | None:
        """The passage of an id."""
        row = self._rows.get(id)
        return None if row is None else _passage(row)

    def add(self, passages: Iterable[Passage], dedup: bool = True) -> int:
        """Store passages; one whose id is known takes the place of the old one.

        Parameters
        ----------
        passages : of any groups; of several with one id the last one counts.
        dedup : pass over a passage whose text its group already has under another id, or earlier in this call.

        Returns
        -------
        How many were stored: 0 when everything is there already, in which case nothing is encoded.
        """
        rows = {passage.id: _row(passage) for passage in passages}
        changed = {id: old for id, row in rows.items() if (old := self._rows.get(id)) not in (None, row)}
        news = self._news(rows, changed, dedup)
        if news:
            place = {text: n for n, text in enumerate(dict.fromkeys(row.text for row in news))}
            vectors = self.encoder.encode(list(place))
            self._rows.add(news, vectors[[place[row.text] for row in news]])
        self._rows.remove(changed.keys() - {row.key for row in news})
        return len(news)

    def _news(self, rows: Mapping[str, Row], changed: Mapping[str, Row | None], dedup: bool) -> list[Row]:
        """The rows to store, ``changed`` being those that make room for them."""
        leaving = Counter((old.group, old.owner) for old in changed.values() if old)
        news: list[Row] = []
        seen: set[tuple[Group, str]] = set()
        for id, row in rows.items():
            content = (row.group, row.owner)
            fresh = id in changed or id not in self._rows
            repeated = content in seen or self._rows.held(*content) > leaving[content]
            if fresh and not (dedup and repeated):
                news.append(row)
            seen.add(content)
        return news

    def add_document(self, segmented: SegmentedDocument, group: Group = ()) -> int:
        """Store a document's segments under ``group`` and the file's hash; a second time changes nothing.

        Returns
        -------
        How many passages were stored.
        """
        document = segmented.document
        return self.add(
            Passage(
                f"{'/'.join(group)}/{document.sha256}/{segment.number}",
                segment.text,
                (*group, document.sha256),
                {
                    "document": document.name,
                    "role": segment.role,
                    "heading_path": list(segment.heading_path),
                    "page": segment.locators[0].page if segment.locators else None,
                },
            )
            for segment in segmented.segments
        )

    def remove(self, ids: Iterable[str]) -> int:
        """Drop passages; unknown ids are passed over. Returns how many were dropped."""
        return self._rows.remove(ids)

    def remove_group(self, prefix: Group) -> int:
        """Drop everything filed under a path. Returns how many passages were dropped."""
        return self._rows.remove_group(prefix)

    def search(
        self,
        queries: Sequence[str] | Vectors,
        k: int,
        within: Sequence[Group] | None = None,
        distinct: bool = False,
    ) -> Hits:
        """The k nearest passages of each query, exactly; ``passage`` names an id of the result.

        Parameters
        ----------
        queries : texts, or their vectors (q, dimension).
        k : how many at most, >= 1.
        within : paths; only what is filed under one of them is searched. All by default.
        distinct : name each text once, however many groups hold it.
        """
        vectors = queries if isinstance(queries, np.ndarray) else self.encoder.encode(queries)
        return self._rows.search(vectors, k, within, distinct)

    def find(
        self, text: str, k: int = 10, within: Sequence[Group] | None = None, distinct: bool = False
    ) -> list[tuple[Passage, float]]:
        """The k passages nearest to one text with their similarities, best first; otherwise as ``search``."""
        hits = self.search([text], k, within, distinct)
        pairs = zip(hits.ids[0].tolist(), hits.similarities[0].tolist(), strict=True)
        return [(self.passage(id), similarity) for id, similarity in pairs if id != NO_ROW]

    def passage(self, number: int) -> Passage:
        """The passage of a number in ``Hits.ids``; numbers are valid until the index is saved and loaded."""
        return _passage(self._rows.row(number))

    def vectors(self, prefix: Group = ()) -> Vectors:
        """Vectors of everything filed under a path, in storage order, read only."""
        return self._rows.vectors(prefix)

    def save(self, path: Path) -> None:
        """Write everything to one file, whole or not at all."""
        self._rows.save(path, _FILE_KIND)

    @classmethod
    def load(cls, path: Path, encoder: Encoder, backend: str = DEFAULT, mmap: bool = False, **options: Any) -> Self:
        """Read what ``save`` wrote; with ``mmap`` the vectors stay on disk until they are searched.

        Raises
        ------
        IndexFormatError : the file is missing, truncated, foreign, of another version or made by another encoder.
        """
        index = cls(encoder, backend, **options)
        index._rows = GroupedIndex.load(path, _FILE_KIND, encoder.fingerprint, backend, mmap, **options)
        return index


def _row(passage: Passage) -> Row:
    return Row(passage.id, passage.group, passage.text, content_hash(passage.text), dict(passage.metadata))


def _passage(row: Row) -> Passage:
    return Passage(row.key, row.text, row.group, row.metadata)
