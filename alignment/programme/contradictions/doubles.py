"""The same course twice: under its name, or under its code, in two blocks that both count."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from alignment.programme.contradictions.plan import Finding, Plan, listed, number, plain
from alignment.programme.quantities import QuantityName
from corpora.programme.model import PlanCourse

_TURNS: tuple[QuantityName, ...] = ("total_hours", "core_courses", "elective_share")


def find(plan: Plan) -> Iterator[Finding]:
    """Courses that two blocks count, and codes that two different courses bear."""
    yield from _names(plan)
    yield from _codes(plan)


def _names(plan: Plan) -> Iterator[Finding]:
    off = [rows for rows in plan.courses_by_name.values() if len(rows) > 1 and _counted_twice(plan, rows)]
    if not off:
        return
    courses = [[plan.schedule.courses[index] for index in rows] for rows in off]
    shown = [f"{rows[0].name}（{'、'.join(_block(row) for row in rows)}）" for rows in courses]
    again = [row for rows in courses for row in rows[1:]]
    what = f"{len(off)}门课程在两处重复开设并重复计入学时学分：{listed(shown)}"
    hours = [row.hours.value for row in again if row.hours]
    credits = [row.credits.value for row in again if row.credits]
    parts = [_added(values, unit) for values, unit in ((hours, "学时"), (credits, "学分")) if values]
    arithmetic = f"重复计入{'、'.join(parts)}" if parts else ""
    sources = [source for rows in courses for row in rows for source in (row, row.hours, row.credits)]
    yield Finding("double", what, arithmetic, plan.quotes(*sources), _TURNS)


def _added(values: Sequence[float], unit: str) -> str:
    total = number(sum(values))
    return f"{'+'.join(map(number, values))}={total}{unit}" if len(values) > 1 else f"{total}{unit}"


def _block(course: PlanCourse) -> str:
    return course.category_text.split("/")[-1] or f"第{course.row}行"


def _counted_twice(plan: Plan, rows: Sequence[int]) -> bool:
    """Rows in different blocks, of which no choice takes only one; a course split over semesters stays in its block."""
    courses = [plan.schedule.courses[index] for index in rows]
    if len({course.category_text for course in courses}) < 2:
        return False
    if all(not course.required for course in courses):
        return False  # electives that stand in two lists are taken once
    choices = [plan.programme.in_choice.get(index) for index in rows]
    together = choices[0] is not None and all(choice == choices[0] for choice in choices)
    weighed = all(course.hours or course.credits for course in courses)
    return weighed and not together


def _codes(plan: Plan) -> Iterator[Finding]:
    """One code for courses of different names in different blocks."""
    codes: dict[str, list[int]] = {}
    for index, course in enumerate(plan.schedule.courses):
        if len(plain(course.code)) >= 4 and any(character.isdigit() for character in course.code):
            codes.setdefault(plain(course.code), []).append(index)
    off = [rows for rows in codes.values() if _different(plan, rows)]
    if off:
        courses = [[plan.schedule.courses[index] for index in rows] for rows in off]
        shown = [f"{rows[0].code}（{'、'.join(dict.fromkeys(row.name for row in rows))}）" for rows in courses]
        what = f"{len(off)}个课程代码用于不同的课程：{listed(shown)}"
        yield Finding("double", what, "", plan.quotes(*(row for rows in courses for row in rows)))


def _different(plan: Plan, rows: Sequence[int]) -> bool:
    """Different names under one code; rows beside each other may share a merged cell and are left alone."""
    courses = [plan.schedule.courses[index] for index in rows]
    names = {plain(course.name) for course in courses if not course.placeholder}
    apart = any(second - first > 1 for first, second in pairwise(rows))
    stems = {name[:2] for name in names}
    return len(names) > 1 and apart and len(stems) == len(names)
