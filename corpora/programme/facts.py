"""The facts of a plan: what its running text, lists and small tables state in figures and decisive words.

Every fact keeps its sentence verbatim and its place. What is no fact: numbers of a schedule (``schedule``), of a table
of shares (``shares``) or of weeks (``weeks``); classes that open with twenty students; years of work before teaching.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpora.document import Document
from corpora.programme import facts_hours, facts_students, facts_teachers, facts_time
from corpora.programme.facts_courses import course_facts
from corpora.programme.facts_patterns import Pattern, facts_by
from corpora.programme.facts_tables import table_facts
from corpora.programme.facts_text import Passage, passages_of
from corpora.programme.facts_titles import title_facts
from corpora.programme.model import Fact

_PATTERNS: tuple[Pattern, ...] = (
    *facts_time.PATTERNS,
    *facts_hours.PATTERNS,
    *facts_teachers.PATTERNS,
    *facts_students.PATTERNS,
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
    yield from facts_time.with_sums(passage, list(facts_by(_PATTERNS, passage)))
    yield from title_facts(passage)
    yield from facts_time.internship_semesters(passage)
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
