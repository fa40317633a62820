"""A labelled document laid beside a prepared standard: what fitting and measuring both start from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alignment.passages import Passages, read_passages
from alignment.prepared import PreparedStandard
from corpora.document import Document
from corpora.judgments import Judgments, locate_all
from corpora.kinds import document_title
from corpora.segments import segment
from index.protocols import Encoder

#: Kinds of statement that label files judge.
LABELLED_KINDS = ("requirement", "competency")


@dataclass(frozen=True)
class LabelledDocument:
    """One document with its judgments.

    Parameters
    ----------
    name : file name.
    title : title of the document.
    passages : its segments with vectors.
    judgments : the label file.
    quoted : by element id, numbers of the segments that overlap a labelled quote.
    """

    name: str
    title: str
    passages: Passages
    judgments: Judgments
    quoted: dict[str, frozenset[int]]

    def grades(self, prepared: PreparedStandard, labelled: Sequence[bool]) -> NDArray[np.int64]:
        """(E,) grades, -1 for elements that labels do not cover."""
        return np.array(
            [
                self.judgments.grade(element.id) if judged and self.judgments.judges(element.id) else -1
                for element, judged in zip(prepared.elements, labelled, strict=True)
            ],
            dtype=np.int64,
        )

    def decided(self, prepared: PreparedStandard, threshold: int) -> NDArray[np.bool_]:
        """(E,) whether the labellers agree on grade >= threshold."""
        return np.array([self.judgments.decides(e.id, threshold) for e in prepared.elements])

    def serves(self, prepared: PreparedStandard) -> NDArray[np.bool_]:
        """(C,) whether a labeller named the core course among the best."""
        named = {course for courses in self.judgments.best_courses for course in courses}
        return np.array([course.id in named for course in prepared.standard.core_courses])


def read_labelled(document: Document, judgments: Judgments, encoder: Encoder) -> LabelledDocument:
    """Segment and encode a labelled document and find its quotes."""
    passages = read_passages(segment(document), encoder)
    quoted = {
        element: frozenset(n for quote in judgment.quotes for n in _overlapping(passages, document, quote))
        for element, judgment in judgments.by_element.items()
    }
    return LabelledDocument(document.name, document_title(document), passages, judgments, quoted)


def judged_elements(prepared: PreparedStandard, documents: Sequence[LabelledDocument]) -> list[bool]:
    """Which elements a label set judges: those of the statements named in any of its files, and their like.

    A label file leaves grade 0 out, so the scope is taken from the whole set: every requirement, and the
    competencies of which at least one element is listed somewhere.
    """
    listed = {element.rsplit(".", 1)[0] for document in documents for element in document.judgments.by_element}
    kinds = {statement.id: statement.kind for statement in prepared.standard.statements}
    return [
        kinds[element.statement] in LABELLED_KINDS
        and (element.statement in listed or kinds[element.statement] == "requirement")
        for element in prepared.elements
    ]


def _overlapping(passages: Passages, document: Document, quote: str) -> list[int]:
    """Numbers of the segments that share a substantial part with a quote, wherever the document has it."""
    found = []
    for place in locate_all(document, quote):
        for item in passages.segments:
            shared = sum(max(0, min(x.end, place.end) - max(x.start, place.start)) for x in item.locators)
            if shared >= min(6, 0.5 * len(item.text), 0.5 * (place.end - place.start)) and shared > 0:
                found.append(item.number)
    return found
