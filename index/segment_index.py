"""An index over passages of documents: "where is this taught, and how do others teach it?"

Passages are filed in groups, paths that the caller chooses (``("530701", "网店运营.docx")``), so that a search within
one standard, one department or one document is an exact slice. Made for millions: rows are columns that stay in a
mapped file until they are shown, what is added lies in small parts beside it until the index is saved.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from corpora.document import SegmentedDocument
from index.backends import DEFAULT
from index.batch import Batch, checked
from index.grouped import Group, GroupedIndex, Row
from index.keys import owner_digest
from index.parts import BackendChoice
from index.protocols import NO_ROW, Encoder, Hits, Ids, VectorBackend, Vectors
from index.saved import load_index, save_index
from index.storage import read_arrays

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
    backend : a name in ``index.backends.BACKENDS``. An approximate one is built by ``rebuild`` and ``save``; passages
        added since then are searched exactly beside it.
    options : what that back-end's constructor takes; JSON values, if the index is to be saved.
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

    def add(self, passages: Iterable[Passage], dedup: bool = True, vectors: Vectors | None = None) -> int:
        """Store passages; one whose id is known takes the place of the old one.

        Passages and vectors of one call are in memory together: give millions in blocks of some thousands.

        Parameters
        ----------
        passages : of any groups; of several with one id the last one counts.
        dedup : pass over a passage whose text its group already has under another id, or earlier in this call.
        vectors : of the passages, (n, dimension), as this index's encoder gives them; encoded here by default.

        Returns
        -------
        How many were stored: 0 when everything is there already, in which case nothing is encoded.

        Raises
        ------
        ValueError : the vectors are of another shape or not finite; nothing is changed then.
        UsageError : metadata that are no JSON values; nothing is changed then.
        """
        given = list(passages)
        if vectors is not None:
            vectors = checked(vectors, len(given), self.encoder.dimension)
        last = {passage.id: n for n, passage in enumerate(given)}
        batch = Batch.of([_row(given[n]) for n in last.values()])
        known = self._rows.find(list(last), batch.keys)
        changed = (known != NO_ROW) & ~self._rows.same(batch, known)
        news = self._news(batch, known, changed, dedup)
        if news or changed.any():
            fresh, places = batch.take(news), list(last.values())
            found = self._encoded(fresh) if vectors is None else vectors[[places[n] for n in news]]
            self._rows.put(fresh, found, known[changed])
        return len(news)

    def _encoded(self, batch: Batch) -> Vectors:
        """Vectors of the rows, each text encoded once."""
        place = {text: n for n, text in enumerate(dict.fromkeys(row.text for row in batch.rows))}
        if not place:
            return np.empty((0, self.encoder.dimension), np.float32)
        vectors = checked(self.encoder.encode(list(place)), len(place), self.encoder.dimension)
        return vectors if len(place) == len(batch) else vectors[[place[row.text] for row in batch.rows]]

    def _news(self, batch: Batch, known: Ids, changed: NDArray[np.bool_], dedup: bool) -> list[int]:
        """Numbers of the rows to store; the ``changed`` ones make room for their new selves."""
        fresh = changed | (known == NO_ROW)
        held = self._rows.held(batch) if dedup else np.zeros(len(batch), np.int64)
        if not dedup or (not held.any() and len(np.unique(batch.contents)) == len(batch)):
            return [int(n) for n in np.flatnonzero(fresh)]
        leaving = Counter((old.group, old.owner) for old in map(self._rows.row, known[changed].tolist()))
        news: list[int] = []
        seen = set()
        for n, row in enumerate(batch.rows):
            content = (row.group, row.owner)
            if fresh[n] and content not in seen and (not held[n] or held[n] <= leaving[content]):
                news.append(n)
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
        """The k nearest passages of each query; ``passage`` names an id of the result.

        Parameters
        ----------
        queries : texts, or their vectors (q, dimension).
        k : how many at most, >= 1.
        within : paths; only what is filed under one of them is searched, exactly. All by default.
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
        """The passage of a number in ``Hits.ids``; numbers hold until the index is rebuilt or loaded again."""
        return _passage(self._rows.row(number))

    def vectors(self, prefix: Group = ()) -> Vectors:
        """Vectors of everything filed under a path, in storage order, read only; a view wherever one will do."""
        return self._rows.vectors(prefix)

    @property
    def backend_name(self) -> str:
        """The back-end that is built when the index is rebuilt or saved."""
        return self._rows.choice.name

    @property
    def options(self) -> Mapping[str, Any]:
        """What that back-end's constructor takes."""
        return self._rows.choice.options

    @property
    def tuning(self) -> Mapping[str, Any] | None:
        """The record of the measurements behind the choice of the back-end, as ``rebuild`` got it."""
        return self._rows.choice.tuning

    @property
    def backend(self) -> VectorBackend | None:
        """The back-end of all passages; None where passages were added or removed since it was built."""
        return self._rows.backend

    def rebuild(self, backend: str | None = None, tuning: Mapping[str, Any] | None = None, **options: Any) -> None:
        """Build a back-end over everything; numbers of earlier results are void.

        Takes the memory of the vectors a second time while it lasts; ``save`` does the same work without that.

        Parameters
        ----------
        backend : a name in ``index.backends.BACKENDS``; the present one with its options and tuning by default.
        tuning : a JSON record to keep with it.
        options : what the back-end's constructor takes.

        Raises
        ------
        UsageError, MissingExtraError : no such back-end, or its library is not installed.
        """
        self._rows.rebuild(self._rows.choice if backend is None else BackendChoice(backend, options, tuning))

    def save(self, path: Path) -> None:
        """Write everything to one file, whole or not at all; who has the old file open keeps it.

        Raises
        ------
        UsageError : another program is writing the file, or has changed it since it was read.
        DuibiaoError : the disk does not take it.
        """
        save_index(self._rows, path, _FILE_KIND)

    @classmethod
    def load(cls, path: Path, encoder: Encoder, backend: str | None = None, mmap: bool = False, **options: Any) -> Self:
        """Read what ``save`` wrote.

        Parameters
        ----------
        path : the file.
        encoder : the one it was made with.
        backend : None for the one it was saved with; another one is put over the same vectors.
        mmap : map the file: milliseconds whatever its size, and rows stay on disk until they are asked for; checksums
            wait for ``verify``. On Windows a mapped file cannot be replaced.
        options : of the back-end, in the place of stored ones.

        Raises
        ------
        IndexFormatError : the file is missing, truncated, foreign, of another version or made by another encoder.
        UsageError, MissingExtraError : no such back-end, or its library is not installed.
        """
        index = cls.__new__(cls)
        index.encoder = encoder
        index._rows = load_index(path, _FILE_KIND, encoder.fingerprint, backend, mmap, **options)
        return index

    def verify(self) -> None:
        """Compare the checksums of everything that was loaded or mapped.

        Raises
        ------
        IndexFormatError : the file is damaged.
        """
        if self._rows.stored is not None:
            self._rows.stored.verify()

    @staticmethod
    def verify_file(path: Path) -> None:
        """Compare the checksums of a saved index, whatever encoder made it.

        Raises
        ------
        IndexFormatError : the file is missing, foreign or damaged.
        """
        read_arrays(path, _FILE_KIND, mmap=True).verify()


def _row(passage: Passage) -> Row:
    return Row(passage.id, passage.group, passage.text, owner_digest(passage.text), passage.metadata)


def _passage(row: Row) -> Passage:
    return Passage(row.key, row.text, row.group, row.metadata)
