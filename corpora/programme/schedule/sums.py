"""Courses with the blocks of their rows, and the sums of their figures, merged cells counted once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpora.programme.model import Choice, ChoiceKind, Figure, PlanCourse

#: credits, hours, theory, practice; None where no course gives any
Sums = tuple[float | None, float | None, float | None, float | None]
NEAR = 0.01


@dataclass(frozen=True)
class Placed:
    """A course with the block path of its row, by its index in the schedule."""

    index: int
    path: tuple[str, ...]
    course: PlanCourse


def sums_of(courses: Sequence[PlanCourse]) -> Sums:
    """Credits, hours, theory and practice of courses, each cell counted once; None where no course gives any."""
    return (
        _sum([course.credits for course in courses]),
        _sum([course.hours for course in courses]),
        _sum([course.theory for course in courses]),
        _sum([course.practice for course in courses]),
    )


def _sum(figures: Sequence[Figure | None]) -> float | None:
    given = [figure for figure in figures if figure is not None]
    if not given:
        return None
    merged: dict[tuple[int, float], float] = {(f.locator.start, f.value): f.value for f in given}
    return sum(merged.values())


def block_name(rows: Sequence[Placed]) -> str:
    """What a group of courses is called: their innermost block label, else the first course."""
    return rows[0].path[-1] if rows[0].path else rows[0].course.name


def sum_hours(placed: Sequence[Placed]) -> float:
    """Hours of courses, each cell counted once; 0 where none gives any."""
    return _sum([p.course.hours for p in placed]) or 0.0


def choice_of(
    rows: Sequence[Placed], kind: ChoiceKind, take: int | None, counts: Sums, basis: str, *, together: bool = False
) -> Choice:
    """A choice among courses, each an option by itself or all of them one option."""
    options = (tuple(p.index for p in rows),) if together else tuple((p.index,) for p in rows)
    credits, hours, theory, practice = counts
    return Choice(block_name(rows), kind, options, take, credits, hours, theory, practice, basis)
