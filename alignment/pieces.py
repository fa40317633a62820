"""The pieces of a passage. One line of a syllabus often names several things; each is compared on its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from corpora.tokens import content_tokens

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

#: Pieces that a passage has at most; the whole passage is the first.
MOST = 40

_CLAUSE = re.compile(r"[，,；;。！？!?：:\n]+")
_ITEM = re.compile(r"[、/]|(?<=[\u4e00-\u9fff]{2})[和与及](?=[\u4e00-\u9fff]{2})")


def pieces_of(text: str) -> tuple[str, ...]:
    """The passage, its clauses, neighbouring clauses in pairs, and the items of coordinated lists, each once."""
    clauses = _parts(_CLAUSE, text)
    found = [text]
    if len(clauses) > 1:
        found += clauses
    if len(clauses) > 2:
        found += [f"{first}，{second}" for first, second in pairwise(clauses)]
    for clause in clauses:
        items = _parts(_ITEM, clause)
        found += items if len(items) > 1 else []
    return tuple(dict.fromkeys(found))[:MOST]


def _parts(separator: re.Pattern[str], text: str) -> list[str]:
    """What stands between separators, single characters left out."""
    return [part for piece in separator.split(text) if len(part := piece.strip()) > 1]


def under_heading(piece: str, heading_path: Sequence[str]) -> str:
    """A piece with the heading right over its passage."""
    return f"{heading_path[-1]} {piece}" if heading_path else piece


@dataclass(frozen=True)
class Pieces:
    """The N pieces of a document's S passages, those of one passage side by side.

    Parameters
    ----------
    texts : N texts.
    starts : (S + 1,) row of each passage's first piece, and N.
    vectors : (N, d) unit rows.
    headed_vectors : (N, d) unit rows of the pieces under the heading right over their passage.
    """

    texts: tuple[str, ...]
    starts: Ints
    vectors: Floats
    headed_vectors: Floats

    @cached_property
    def words(self) -> tuple[tuple[str, ...], ...]:
        """Content words of each piece."""
        return tuple(tuple(content_tokens(text)) for text in self.texts)

    @cached_property
    def owners(self) -> Ints:
        """(N,) number of each piece's passage."""
        return np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))

    def rows_of(self, passages: Ints) -> tuple[Ints, Ints]:
        """Rows of some passages' pieces, one passage after the other, and where each passage's begin among them."""
        firsts, counts = self.starts[passages], np.diff(self.starts)[passages]
        begins = np.cumsum(counts) - counts
        return np.arange(counts.sum()) + np.repeat(firsts - begins, counts), begins
