"""Finds the passages of a plan that meet a claim of the standard: by words that tell it, by topic, and by closeness."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import exp, log

import numpy as np
from numpy.typing import NDArray

from alignment.passages import Passages
from alignment.prepared import PreparedStandard
from alignment.programme.clauses.aspects import ANY, Aspect
from alignment.programme.clauses.claims import Claim
from alignment.programme.clauses.topics import topics_of
from alignment.words import WordMatcher
from corpora.document import Segment
from corpora.tokens import content_tokens
from index.protocols import Encoder

Floats = NDArray[np.float32]

#: Topics that tell of particular teachers: what is said of some holds for no others.
TEACHERS = frozenset(("leader", "part", "full"))

#: Log odds that a passage meets a claim, from its closeness (cosine of its best piece, share of the claim's words by
#: near synonyms), whether it tells the aspect in words, and whether its topic is the claim's. Fitted by eye on the
#: labelled pairs of ``tests/alignment/programme/data/clauses.jsonl``.
BIAS, COSINE, WORDS, TOLD = -7.0, 4.0, 5.0, 6.0

#: Probability from which a claim counts as met, and that of one met in the standard's own words.
MET, CERTAIN = 0.5, 0.97

#: Characters that a claim must have to be recognised by its own words alone.
LEAST = 6

#: Log odds that rounding may take away.
_ROUNDING = 1e-6

_ASIDE = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Hit:
    """A passage that meets a claim, with the probability that a reviewer would accept it; ``full`` beyond a mention."""

    segment: int
    probability: float
    similarity: float
    full: bool = True


class ClauseSearch:
    """Looks up claims in the passages of a plan's body.

    Parameters
    ----------
    prepared : gives the weights and vectors of words.
    passages : of the plan's body.
    claims : all claims that will be looked up, encoded at once.
    """

    def __init__(
        self, prepared: PreparedStandard, passages: Passages, claims: Sequence[Claim], encoder: Encoder
    ) -> None:
        self.passages = passages
        self._rows = {text: i for i, text in enumerate(dict.fromkeys(claim.text for claim in claims))}
        texts = list(self._rows)
        vectors = encoder.encode(texts) if texts else np.zeros((0, encoder.dimension), np.float32)
        self._cosines = self._best_pieces(vectors)
        matcher = WordMatcher([content_tokens(text) for text in texts], prepared.idf, prepared.word_vectors)
        self._words = matcher.compare(passages.words).soft

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The passages' segments."""
        return self.passages.segments

    @cached_property
    def topics(self) -> list[frozenset[str]]:
        """Topics of each segment."""
        return topics_of(self.segments)

    def hits(self, claim: Claim) -> list[Hit]:
        """The passages that meet a claim, best first."""
        row, verbatim = self._rows[claim.text], self._verbatim(claim)
        near = self._logits(claim, row) >= log(MET / (1 - MET)) - _ROUNDING
        told = sorted({*np.flatnonzero(near).tolist(), *verbatim})
        found = [hit for i in told if (hit := self._hit(claim, row, i, i in verbatim)) is not None]
        return sorted(found, key=lambda hit: (-hit.full, -hit.probability))

    def _logits(self, claim: Claim, row: int) -> NDArray[np.float64]:
        """(S,) log odds that each passage meets a claim, were it of the claim's topic."""
        cosines, words = (values[row].astype(np.float64) for values in (self._cosines, self._words))
        logits: NDArray[np.float64] = BIAS + COSINE * cosines + WORDS * words + (TOLD if claim.aspect else 0.0)
        return logits

    def _hit(self, claim: Claim, row: int, segment: int, verbatim: bool) -> Hit | None:
        if not self._may_tell(claim, segment):
            return Hit(segment, CERTAIN, 1.0) if verbatim else None
        cosine, words = float(self._cosines[row, segment]), float(self._words[row, segment])
        logit = BIAS + COSINE * cosine + WORDS * words + (TOLD if claim.aspect else 0.0)
        probability = 1 / (1 + exp(-logit))
        if probability < MET:
            return None
        return Hit(segment, probability, min(max(cosine, 0.0), 1.0), self._is_full(claim, segment))

    def _verbatim(self, claim: Claim) -> frozenset[int]:
        """The passages that hold a claim in the standard's own words, spaces and punctuation aside."""
        wanted = _ASIDE.sub("", claim.text)
        if len(wanted) < LEAST or claim.listed:
            return frozenset()
        return frozenset(segment for segment, text in enumerate(self._bare) if wanted in text)

    @cached_property
    def _bare(self) -> list[str]:
        return [_ASIDE.sub("", segment.text) for segment in self.segments]

    def _may_tell(self, claim: Claim, segment: int) -> bool:
        """Whether a passage is of the claim's topic and has words that tell its aspect; headings prove nothing."""
        if self._is_heading[segment]:
            return False
        if claim.aspect is None:
            return True
        passage = self.segments[segment]
        heading = passage.heading_path[-1] if passage.heading_path else ""
        return self._speaks_of(claim.aspect, segment) and claim.aspect.tells(passage.text, heading)

    def _speaks_of(self, aspect: Aspect, segment: int) -> bool:
        topics = self.topics[segment]
        teachers = topics & TEACHERS
        if teachers and aspect.topics & TEACHERS and not teachers & aspect.topics:
            return False
        return aspect.anywhere or ANY in aspect.topics or bool(topics & aspect.topics)

    def _is_full(self, claim: Claim, segment: int) -> bool:
        """Whether a passage proves more than a mention: by its words, its topic, or as a course's name in a table."""
        if claim.topics and not claim.topics & self.topics[segment]:
            return False
        aspect, passage = claim.aspect, self.segments[segment]
        if aspect is None or aspect.strong is None or aspect.strong.search(passage.text):
            return True
        return aspect.course and passage.locators[0].cell is not None and len(passage.text) <= 20

    @cached_property
    def _is_heading(self) -> list[bool]:
        headings = {b.locator.start for b in self.passages.segmented.document.blocks if b.kind == "heading"}
        return [segment.locators[0].start in headings for segment in self.segments]

    def _best_pieces(self, vectors: Floats) -> Floats:
        """(claims, segments) cosine of the best piece of each segment."""
        pieces = self.passages.pieces
        if not len(self.segments):
            return np.zeros((len(vectors), 0), np.float32)
        products = vectors @ pieces.vectors.T
        best: Floats = np.maximum.reduceat(products, pieces.starts[:-1], axis=1)
        return best
