"""Projects and positions that the standard names: does the plan have them, as practice or only in name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from alignment.model import Grade
from alignment.passages import Passages
from alignment.programme.clauses.topics import topics_of
from alignment.programme.model import ClauseFinding
from alignment.programme.quotes import Quoter
from corpora.document import Segment
from corpora.programme.model import Programme
from corpora.standard import Statement
from index.protocols import Encoder

#: Cosine from which a passage's piece is taken for another wording of a name.
SAME = 0.86

_ASIDE = re.compile(r"[\s（）()《》“”\"、·\-—]+")
#: what makes of a mention practice: project work of its own, or work at the place of internship
_PRACTISED = re.compile(r"实训|实习|实践|项目(?!管理)|综合(?=实|项)|工作室|演练|大赛|竞赛")
#: what a position's name ends in
_POSITION = re.compile(r"(?:主管|经理|专员|助理|总监|组长|店长|[员师岗])$")


@dataclass(frozen=True)
class _Place:
    """A passage that names the thing: 2 where it is practised, 1 where it is only named."""

    segment: int
    grade: Grade
    similarity: float


def judge_named(
    programme: Programme, statements: Sequence[Statement], body: Passages, encoder: Encoder
) -> Iterator[ClauseFinding]:
    """A finding on each practice project and each position of internship.

    Covered when a passage on practice or internship names it (or a course of practice bears its name), partly when
    only a course or the list of occupations does.
    """
    if not statements:
        return
    topics = topics_of(body.segments)
    vectors = encoder.encode([statement.label for statement in statements])
    cosines = vectors @ body.pieces.vectors.T if len(body.pieces.texts) else np.zeros((len(statements), 0), np.float32)
    quoter = Quoter(programme.document)
    practical = _practical_courses(programme)
    texts = [_bare(segment.text) for segment in body.segments]
    for row, statement in enumerate(statements):
        near = dict(_near(cosines[row], body, statement.kind == "internship_position"))
        places = [
            _Place(i, _grade(segment, topics[i], statement, practical), near.get(i, 1.0))
            for i, segment in enumerate(body.segments)
            if _bare(statement.label) in texts[i] or i in near
        ]
        places.sort(key=lambda place: (-place.grade, -place.similarity))
        yield _finding(statement, places, body.segments, quoter)


def _near(cosines: np.ndarray, body: Passages, position: bool) -> Iterator[tuple[int, float]]:
    """(segment, cosine) of passages with a piece that says a name in other words; a position's by a position's."""
    for piece in np.flatnonzero(cosines >= SAME):
        if not position or _POSITION.search(body.pieces.texts[piece]):
            yield int(body.pieces.owners[piece]), float(cosines[piece])


def _practical_courses(programme: Programme) -> set[str]:
    """Bare names of courses that are practice for the greater part."""
    courses = programme.schedule.courses
    return {
        _bare(course.name)
        for course in courses
        if course.category == "practice"
        or (course.practice and course.hours and course.hours.value and course.practice.value >= course.hours.value / 2)
    }


def _grade(segment: Segment, topics: frozenset[str], statement: Statement, practical: set[str]) -> Grade:
    if statement.kind == "internship_position":
        return 2 if topics & {"internship", "practice"} or "实习" in segment.text else 1
    if segment.role == "objective":
        return 1
    if topics & {"internship", "practice", "rooms"} or _PRACTISED.search(segment.text):
        return 2
    return 2 if _bare(segment.text) in practical else 1


def _finding(
    statement: Statement, places: Sequence[_Place], segments: Sequence[Segment], quoter: Quoter
) -> ClauseFinding:
    name = statement.label
    if not places:
        return ClauseFinding(statement, statement.section, 0, 0.0, missing=(name,))
    evidence = []
    first = {segments[place.segment].text: place for place in reversed(places) if place.grade == places[0].grade}
    for place in list(reversed(first.values()))[:2]:
        segment = segments[place.segment]
        locator = segment.locators[0]
        evidence.append(quoter.quote(locator.start, locator.end, place.similarity, segment.heading_path))
    grade = places[0].grade
    note = "" if grade == 2 else "方案只提到名称，没有写明作为实训或实习进行"
    probability = 0.9 if grade == 2 else 0.5
    return ClauseFinding(
        statement, statement.section, grade, probability * places[0].similarity, tuple(evidence), (name,), (), note
    )


def _bare(text: str) -> str:
    return _ASIDE.sub("", text)
