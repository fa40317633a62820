"""The pieces of a passage. One line of a syllabus often names several things; each is compared on its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from alignment.clause_words import CLAUSE_END, content_words

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

#: Pieces that a passage has at most; the whole passage is the first.
MOST = 40

#: Squared sine of the angle between two vectors from which they span a plane that is numerically sound.
_APART = 1e-4

#: Length of what may be left of a unit vector that counts as made up of two others.
_NEGLIGIBLE = 2e-6

_ITEM = re.compile(r"[、/]|(?<=[\u4e00-\u9fff]{2})[和与及](?=[\u4e00-\u9fff]{2})")


def pieces_of(text: str) -> tuple[str, ...]:
    """The passage, its clauses, neighbouring clauses in pairs, and the items of coordinated lists, each once."""
    clauses = _parts(CLAUSE_END, text)
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
    heading_vectors : (H, d) rows of the different headings, unit ones or zero; ``headings`` the row of each piece's.
    """

    texts: tuple[str, ...]
    starts: Ints
    vectors: Floats
    headed_vectors: Floats
    heading_vectors: Floats
    headings: Ints

    @cached_property
    def words(self) -> tuple[tuple[str, ...], ...]:
        """Content words of each piece."""
        return tuple(map(content_words, self.texts))

    @cached_property
    def owners(self) -> Ints:
        """(N,) number of each piece's passage."""
        return np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))

    @cached_property
    def heading_shares(self) -> Floats | None:
        """(2, N) how much of a piece's vector, and of its heading's, makes up that of the piece under its heading.

        None where some are not made up of the two, as they are with an encoder that sums the vectors of tokens.
        """
        bare, under, over = self.vectors, self.headed_vectors, self.heading_vectors[self.headings]
        common, with_bare, with_over = (_dots(*pair) for pair in ((bare, over), (under, bare), (under, over)))
        free = 1 - common**2
        apart = free > _APART
        free[~apart] = 1
        own: Floats = np.where(apart, (with_bare - common * with_over) / free, with_bare)
        heading: Floats = np.where(apart, (with_over - common * with_bare) / free, np.float32(0))
        rest = under - own[:, None] * bare - heading[:, None] * over
        return np.stack([own, heading]) if _dots(rest, rest).max(initial=0) <= _NEGLIGIBLE**2 else None

    def rows_of(self, passages: Ints) -> tuple[Ints, Ints]:
        """Rows of some passages' pieces, one passage after the other, and where each passage's begin among them."""
        firsts, counts = self.starts[passages], np.diff(self.starts)[passages]
        begins = np.cumsum(counts) - counts
        return np.arange(counts.sum()) + np.repeat(firsts - begins, counts), begins


def _dots(left: Floats, right: Floats) -> Floats:
    """(N,) inner products of rows."""
    products: Floats = np.einsum("nd,nd->n", left, right)
    return products
