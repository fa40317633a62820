"""The programme's coverage as the union over its courses: what is taught nowhere, only named, or taught repeatedly."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from alignment.model import Match
from alignment.programme.model import AnnexCourse, ElementUnion
from corpora.standard import Standard

#: Courses that teach an element from which it is a repetition worth looking at.
REPEATED = 3

#: What the plan's own text is called beside its annexed courses.
BODY = "方案正文"


def union_over(
    courses: Sequence[AnnexCourse], standard: Standard, body: Sequence[Match] = ()
) -> tuple[ElementUnion, ...]:
    """For every element of the standard the courses that teach it (grade 2) and those that only name it (grade 1).

    Parameters
    ----------
    courses : the annexed course standards, aligned.
    body : matches of the plan's own text, counted as one more place (``BODY``); empty to leave it out.

    Returns
    -------
    One ElementUnion for each element that was judged, in the standard's order; the grade is the best one. Empty
    without courses and body.
    """
    places = [(course.title, course.matches) for course in courses]
    if body:
        places.append((BODY, tuple(body)))
    grades: dict[str, list[tuple[int, str]]] = {}
    for title, matches in places:
        for match in matches:
            grades.setdefault(match.element.id, []).append((match.grade, title))
    return tuple(_union(e.id, grades[e.id]) for e in standard.elements if e.id in grades)


def _union(element: str, grades: Sequence[tuple[int, str]]) -> ElementUnion:
    taught = tuple(dict.fromkeys(title for grade, title in grades if grade == 2))
    named = tuple(dict.fromkeys(title for grade, title in grades if grade == 1 and title not in taught))
    return ElementUnion(element, 2 if taught else 1 if named else 0, taught, named)


def taught_nowhere(union: Iterable[ElementUnion]) -> tuple[ElementUnion, ...]:
    """Elements that no course teaches or names."""
    return tuple(element for element in union if element.grade == 0)


def only_named(union: Iterable[ElementUnion]) -> tuple[ElementUnion, ...]:
    """Elements that courses name and none teaches."""
    return tuple(element for element in union if element.grade == 1)


def repeated(union: Iterable[ElementUnion], courses: int = REPEATED) -> tuple[ElementUnion, ...]:
    """Elements that so many courses teach at once, the most repeated first."""
    found = [element for element in union if len(element.taught_in) >= courses]
    return tuple(sorted(found, key=lambda element: -len(element.taught_in)))


def best_matches(body: Sequence[Match], courses: Sequence[AnnexCourse]) -> tuple[Match, ...]:
    """The best match of each element over the plan's own text and its courses, in the order of ``body``.

    Of equal grades the likelier one counts, the body's before a course's.
    """
    best = {match.element.id: match for match in body}
    for course in courses:
        for match in course.matches:
            held = best.get(match.element.id)
            if held is None or _rank(match) > _rank(held):
                best[match.element.id] = match
    return tuple(best.values())


def _rank(match: Match) -> tuple[int, float, float]:
    return match.grade, match.p_covered, match.p_touched
