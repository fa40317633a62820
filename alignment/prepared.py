"""A standard made ready for judging: probes (what is searched for), their vectors, and the words of each element."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log

import numpy as np
from numpy.typing import NDArray

from alignment.probes import ProbeSlots, slots_of
from alignment.words import WordMatcher, WordVectors
from corpora.expressions import Expression
from corpora.standard import TEACHABLE, Element, Standard
from corpora.standard_json import standard_sha256
from corpora.tokens import content_tokens, search_tokens
from index.lexical import Terms
from index.protocols import Encoder

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

#: Kinds of probe: the element's own wording, and the bank's expressions by grade.
OWN, COVERS, TOUCHES, MISSES = 3, 2, 1, 0


@dataclass(frozen=True)
class PreparedStandard:
    """The teachable elements of one standard with everything that does not depend on a document.

    Parameters
    ----------
    standard : the standard; ``sha256`` its digest; ``expressions`` its bank.
    elements : its E teachable elements in order.
    contexts : E texts, the element with its statement and course, embedded against a passage with its headings.
    probe_texts, probe_element, probe_kind : P probes, the index of each one's element, and its kind (OWN …).
    probe_vectors : (P, d) unit rows; context_vectors : (E, d) unit rows.
    word_vectors : words -> unit rows, for word-level closeness.
    """

    standard: Standard
    sha256: str
    expressions: tuple[Expression, ...]
    elements: tuple[Element, ...]
    contexts: tuple[str, ...]
    probe_texts: tuple[str, ...]
    probe_element: Ints
    probe_kind: Ints
    probe_vectors: Floats
    context_vectors: Floats
    word_vectors: WordVectors

    @property
    def has_bank(self) -> bool:
        """Whether an expression bank stands behind it."""
        return bool((self.probe_kind != OWN).any())

    @cached_property
    def served_by_bank(self) -> NDArray[np.bool_]:
        """(E,) whether the bank has covering expressions for each element."""
        counts = np.bincount(self.probe_element[self.probe_kind == COVERS], minlength=len(self.elements))
        return counts > 0

    @cached_property
    def probe_slots(self) -> dict[int, ProbeSlots]:
        """By kind, the probes laid out to be compared with many vectors."""
        found = {}
        for kind in (OWN, COVERS, TOUCHES, MISSES):
            rows = np.flatnonzero(self.probe_kind == kind)
            found[kind] = slots_of(self.probe_vectors[rows], self.probe_element[rows], len(self.elements))
        return found

    @cached_property
    def _by_element(self) -> tuple[Floats, Ints, Ints]:
        """Probe vectors and kinds by element and kind, and where each element's begin and the last one's end."""
        order = np.lexsort((self.probe_kind, self.probe_element))
        ends = np.cumsum(np.bincount(self.probe_element, minlength=len(self.elements)))
        return self.probe_vectors[order], self.probe_kind[order], np.concatenate(([0], ends))

    def probes_of(self, element: int) -> tuple[Floats, Ints]:
        """Vectors (p, d) and kinds (p,) of one element's probes, those of one kind side by side."""
        vectors, kinds, starts = self._by_element
        mine = slice(starts[element], starts[element + 1])
        return vectors[mine], kinds[mine]

    @cached_property
    def text_vectors(self) -> Floats:
        """(E, d) vectors of the elements' texts: the first of each one's own probes."""
        own = np.flatnonzero(self.probe_kind == OWN)
        first = np.unique(self.probe_element[own], return_index=True)[1]
        return self.probe_vectors[own[first]]

    def nearest_own(self, vectors: Floats) -> Floats:
        """(n,) closeness of each of n vectors to the element whose own wording is nearest to it."""
        own = self.probe_vectors[self.probe_kind == OWN]
        nearest: Floats = (vectors @ own.T).max(axis=1)
        return nearest

    @cached_property
    def background(self) -> tuple[float, float]:
        """Mean and standard deviation of the cosines between the texts of different elements.

        Cosines of one encoder are not those of another; measured in these units they are comparable.
        """
        cosines = (self.text_vectors @ self.text_vectors.T)[~np.eye(len(self.elements), dtype=bool)]
        return (float(cosines.mean()), float(cosines.std()) or 1.0) if len(cosines) else (0.0, 1.0)

    def above_background(self, cosines: Floats) -> Floats:
        """Cosines in standard deviations above the background."""
        mean, deviation = self.background
        return ((cosines - mean) / deviation).astype(np.float32)

    @cached_property
    def key_tokens(self) -> tuple[tuple[str, ...], ...]:
        """Content words of each element's key, or of its text where the key has none."""
        return tuple(tuple(dict.fromkeys(content_tokens(e.key) or content_tokens(e.text))) for e in self.elements)

    @cached_property
    def context_terms(self) -> Terms:
        """Words of each element's context as lexical search cuts them."""
        return Terms([search_tokens(text) for text in self.contexts])

    @cached_property
    def element_kinds(self) -> tuple[str, ...]:
        """Kind of each element's statement."""
        return tuple(self.standard.by_id[element.statement].kind for element in self.elements)

    @cached_property
    def matcher(self) -> WordMatcher:
        """Compares the elements' key words with passages."""
        return WordMatcher(self.key_tokens, self.idf, self.word_vectors)

    @cached_property
    def statement_index(self) -> Ints:
        """(E,) number of each element's statement, counted from 0 in order of first appearance."""
        order: dict[str, int] = {}
        return np.array([order.setdefault(e.statement, len(order)) for e in self.elements], dtype=np.int64)

    @cached_property
    def course_index(self) -> Ints:
        """(E,) number of each element's core course in ``standard.core_courses``, -1 for a competency."""
        order = {course.id: i for i, course in enumerate(self.standard.core_courses)}
        courses = (self.standard.course_of(e.statement) for e in self.elements)
        return np.array([order.get(course or "", -1) for course in courses], dtype=np.int64)

    @cached_property
    def document_frequency(self) -> Counter[str]:
        """In how many probes and statements each word occurs: jargon of the trade is frequent here."""
        texts = [*self.probe_texts, *(s.text for s in self.standard.statements)]
        return Counter(token for text in texts for token in set(content_tokens(text)))

    @cached_property
    def probe_count(self) -> int:
        """How many texts ``document_frequency`` counts over."""
        return len(self.probe_texts) + len(self.standard.statements)

    @cached_property
    def _rarities(self) -> dict[str, float]:
        """``idf`` of all words that occur."""
        counts = np.fromiter(self.document_frequency.values(), np.float64)
        return dict(zip(self.document_frequency, np.log((self.probe_count + 1) / (counts + 0.5)).tolist(), strict=True))

    def idf(self, token: str) -> float:
        """Inverse document frequency, ln((N + 1) / (df + 0.5)), Robertson's form without negative values."""
        known = self._rarities.get(token)
        return log((self.probe_count + 1) / 0.5) if known is None else known


def prepare(
    standard: Standard, expressions: Sequence[Expression], encoder: Encoder, word_vectors: WordVectors
) -> PreparedStandard:
    """Encode a standard's elements and its expression bank.

    Parameters
    ----------
    standard : any standard with elements.
    expressions : its bank; empty for a standard without one.
    encoder : gives the vectors.
    word_vectors : gives the vectors of single words.
    """
    elements = tuple(e for s in standard.of_kind(*TEACHABLE) for e in s.elements)
    position = {element.id: i for i, element in enumerate(elements)}
    probes = [(text, i, OWN) for i, e in enumerate(elements) for text in dict.fromkeys((e.text, e.key))]
    probes += [(x.text, position[x.element], x.grade) for x in expressions if x.element in position]
    contexts = tuple(_context(standard, element) for element in elements)
    texts = tuple(text for text, _, _ in probes)
    vectors = encoder.encode([*texts, *contexts])
    return PreparedStandard(
        standard,
        standard_sha256(standard),
        tuple(expressions),
        elements,
        contexts,
        texts,
        np.array([i for _, i, _ in probes], dtype=np.int64),
        np.array([kind for _, _, kind in probes], dtype=np.int64),
        vectors[: len(texts)],
        vectors[len(texts) :],
        word_vectors,
    )


def _context(standard: Standard, element: Element) -> str:
    parts = (standard.course_title(element.statement), standard.by_id[element.statement].text, element.text)
    return " ".join(part for part in parts if part)
