"""The facts of a plan: what its running text, lists and small tables state in figures and decisive words.

Every fact keeps its sentence verbatim and its place. What is no fact: numbers of a schedule (``schedule``), of a table
of shares (``shares``) or of weeks (``weeks``); classes that open with twenty students; years of work before teaching.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpora.document import Document
from corpora.programme.facts import hours, students, teachers, time
from corpora.programme.facts.courses import course_facts
from corpora.programme.facts.patterns import Pattern, facts_by
from corpora.programme.facts.tables import table_facts
from corpora.programme.facts.text import Passage, passages_of
from corpora.programme.facts.titles import title_facts
from corpora.programme.model import Fact

_PATTERNS: tuple[Pattern, ...] = (
    *time.PATTERNS,
    *hours.PATTERNS,
    *teachers.PATTERNS,
    *students.PATTERNS,
)
# Sheets on which the plan itself is reviewed and signed: their people are not the major's staff.
_REVIEW = re.compile(r"审[核定批]|论证意见|编制说明|修订说明")


def read_facts(document: Document, start: int, end: int, annex_start: int) -> tuple[Fact, ...]:
    """The facts of a stretch of a plan, in reading order.

    Parameters
    ----------
    document : the document.
    start, end : the stretch that is about one major, offsets into ``Document.text``.
    annex_start : where annexed course standards or reports begin; ``end`` without any.
    """
    found: list[Fact] = []
    for passage in passages_of(document, start, end, annex_start):
        if not _REVIEW.search(passage.chapter):
            found.extend(_facts_in(passage))
    found.extend(table_facts(document, start, end, annex_start))
    return tuple(_without_repeats(sorted(found, key=lambda fact: fact.figure.locator.start)))


def _facts_in(passage: Passage) -> Iterator[Fact]:
    yield from time.with_sums(passage, list(facts_by(_PATTERNS, passage)))
    yield from title_facts(passage)
    yield from time.internship_semesters(passage)
    yield from course_facts(passage)


def _without_repeats(facts: list[Fact]) -> Iterator[Fact]:
    """Facts without those that say the same thing of the same sentence a second time."""
    seen: set[tuple[object, ...]] = set()
    for fact in facts:
        value = fact.figure.value
        key = (fact.kind, fact.subject, str(value), fact.operator, fact.figure.locator)
        if key not in seen:
            seen.add(key)
            yield fact
