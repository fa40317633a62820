"""Coverage of statements, derived from the matches of their elements and never stored by hand."""

from __future__ import annotations

from collections.abc import Sequence

from alignment.model import CoverageName, Match, StatementCoverage
from corpora.standard import Standard


def coverage_of(grades: Sequence[int]) -> tuple[CoverageName, float]:
    """Name and ratio of a statement's coverage.

    Parameters
    ----------
    grades : grades 0..2 of its elements, at least one.

    Returns
    -------
    ``full`` when every element is covered (2), ``none`` when all are missing (0), else ``partial``; and the mean of
    grade / 2, in 0..1.
    """
    ratio = sum(grades) / (2 * len(grades))
    if min(grades) == 2:
        return "full", ratio
    return ("none" if max(grades) == 0 else "partial"), ratio


def statement_coverage(standard: Standard, matches: Sequence[Match]) -> tuple[StatementCoverage, ...]:
    """Coverage of every statement that has judged elements, in the standard's order.

    A core course is covered by the elements of its tasks and requirements.
    """
    grades: dict[str, list[int]] = {}
    for match in matches:
        owner = match.element.statement
        grades.setdefault(owner, []).append(match.grade)
        course = standard.course_of(owner)
        if course and course != owner:
            grades.setdefault(course, []).append(match.grade)
    return tuple(
        StatementCoverage(statement, *coverage_of(grades[statement.id]))
        for statement in standard.statements
        if statement.id in grades
    )
