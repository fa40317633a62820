"""The pipeline that one builds first, of the same parts where it can be: what differs is how they are put together.

For each document: the product's parser reads the file; a recursive character splitter cuts its text into chunks of at
most 500 characters with 50 of overlap; ``SentenceTransformer(index/static_model).encode`` embeds the chunks (the same
model as the product's, by the library); they go into a store of LangChain's FAISS wrapper (see
``peers.flat.one_by_one_store``); each of the standard's elements is then searched for one at a time as
``similarity_search_with_score(text, k=4)`` does, which embeds the query's text anew every time. An element's grade is
by the customary bands of its best chunk (``eval.baselines``). The kinder variant embeds the elements once, beforehand.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corpora.parsers import read_document
from corpora.standard import Standard
from eval.baselines import BANDS
from eval.bench.peers.flat import one_by_one_store
from index.encoders import STATIC_MODEL, TransformerEncoder
from index.protocols import Vectors

CHUNK, OVERLAP, TOP = 500, 50, 4
_SEPARATORS = ("\n\n", "\n", "。", "；", "，", "")


@dataclass(frozen=True)
class NaiveResult:
    """Grades 0 to 2 of every element, and the chunk that each rests on ("" for grade 0)."""

    name: str
    grades: tuple[int, ...]
    evidence: tuple[str, ...]


class NaivePipeline:
    """See the module.

    Parameters
    ----------
    standard : whose elements are searched for.
    embed_once : embed the elements beforehand, not for each document and search anew.
    """

    def __init__(self, standard: Standard, embed_once: bool = False) -> None:
        self._texts = [element.text for element in standard.elements]
        self._encoder = TransformerEncoder(STATIC_MODEL)
        self._vectors = [self._embed(text) for text in self._texts] if embed_once else None

    def read(self, path: Path) -> NaiveResult:
        """One document from file to grades."""
        chunks = split_recursively(read_document(path).text)
        if not chunks:
            return NaiveResult(path.name, (0,) * len(self._texts), ("",) * len(self._texts))
        store = one_by_one_store(self._encoder.encode(chunks), 1)
        grades, evidence = [], []
        for embedding in self._vectors or map(self._embed, self._texts):
            ((best, similarity), *_) = store.search([embedding], min(TOP, len(chunks)), None)[0]
            grade = int(np.searchsorted(BANDS, similarity, side="right"))
            grades.append(grade)
            evidence.append(chunks[best.metadata["row"]] if grade else "")
        return NaiveResult(path.name, tuple(grades), tuple(evidence))

    def read_all(self, paths: Iterable[Path]) -> list[NaiveResult]:
        """Documents one after the other."""
        return [self.read(path) for path in paths]

    def _embed(self, text: str) -> list[float]:
        vector: Vectors = self._encoder.encode([text])[0]
        found: list[float] = vector.tolist()
        return found


def split_recursively(text: str, separators: Sequence[str] = _SEPARATORS) -> list[str]:
    """Chunks of at most ``CHUNK`` characters with up to ``OVERLAP`` in common, cut at the coarsest separators that do.

    The algorithm of LangChain's ``RecursiveCharacterTextSplitter``, written anew: split at the first separator that
    occurs, split again what is too long at the finer ones, and merge neighbours as long as they fit.
    """
    place = next((i for i, separator in enumerate(separators) if separator in text), len(separators) - 1)
    separator, finer = separators[place], separators[place + 1 :]
    pieces = [piece for piece in _kept_split(text, separator) if piece]
    chunks: list[str] = []
    fitting: list[str] = []
    for piece in pieces:
        if len(piece) <= CHUNK:
            fitting.append(piece)
            continue
        chunks += _merged(fitting)
        fitting = []
        chunks += split_recursively(piece, finer)
    return chunks + _merged(fitting)


def _kept_split(text: str, separator: str) -> list[str]:
    """Pieces that each end with their separator; characters where there is none."""
    if not separator:
        return list(text)
    *ended, last = text.split(separator)
    return [*(piece + separator for piece in ended), last]


def _merged(pieces: Sequence[str]) -> list[str]:
    """Neighbours joined to chunks; a chunk begins with the last pieces of the one before, ``OVERLAP`` long at most."""
    chunks: list[str] = []
    held: list[str] = []
    length = 0
    for piece in pieces:
        if length + len(piece) > CHUNK:
            chunks.append("".join(held))
            while held and (length > OVERLAP or length + len(piece) > CHUNK):
                length -= len(held.pop(0))
        held.append(piece)
        length += len(piece)
    chunks.append("".join(held))
    return [stripped for chunk in chunks if (stripped := chunk.strip())]
