"""Theory and practice against the total they are parts of: row by row, in the totals, in the share table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from alignment.programme.contradictions.plan import Finding, Plan, differs, listed, number, plain
from alignment.programme.contradictions.sums import name_of
from corpora.document import Locator
from corpora.programme.model import Figure, PlanCourse

#: Share of rows off by theory + practice above which the table has a third part (自学, 线上) that is not read.
_THIRD_PART = 0.4


@dataclass(frozen=True)
class _Split:
    """A total with its two parts; ``gap`` is total - parts."""

    name: str
    hours: Figure
    theory: Figure
    practice: Figure
    courses: tuple[int, ...]
    locator: Locator
    other: float = 0.0

    @property
    def gap(self) -> float:
        return self.hours.value - self.theory.value - self.practice.value - self.other

    @property
    def arithmetic(self) -> str:
        both = self.theory.value + self.practice.value
        parts = f"{number(self.theory.value)}+{number(self.practice.value)}={number(both)}"
        return f"{parts}≠{number(self.hours.value)}"


def find(plan: Plan) -> Iterator[Finding]:
    """Rows and totals whose theory and practice do not make the hours."""
    yield from _rows(plan)
    groups: dict[float, list[_Split]] = {}
    for split in _splits(plan):
        if differs(split.gap, 0):
            groups.setdefault(round(split.gap, 2), []).append(split)
    if not _has_third_part(plan):
        yield from (_totals_finding(plan, gap, splits) for gap, splits in groups.items())


def _rows(plan: Plan) -> Iterator[Finding]:
    split = [course for course in plan.schedule.courses if _is_split(course)]
    off = [course for course in split if differs(_row_gap(course), 0)]
    if not off or _has_third_part(plan):
        return
    shown = [f"{course.name} {_row_arithmetic(course)}" for course in off]
    what = f"{len(off)}门课程的理论学时与实践学时之和不等于总学时：{listed(shown)}"
    figures = [figure for course in off for figure in (course.hours, course.theory, course.practice)]
    yield Finding("parts", what, "；".join(shown), plan.quotes(*off, *figures), ("practice_share",))


def _has_third_part(plan: Plan) -> bool:
    split = [course for course in plan.schedule.courses if _is_split(course)]
    off = [course for course in split if differs(_row_gap(course), 0)]
    return len(off) > 3 and len(off) > _THIRD_PART * len(split)


def _is_split(course: PlanCourse) -> bool:
    return bool(course.hours and course.theory and course.practice) and not course.theory_derived


def _parts_of(course: PlanCourse) -> tuple[float, float, float]:
    """Hours, theory and practice of a row; 0 for an empty cell."""
    hours, theory, practice = (f.value if f else 0.0 for f in (course.hours, course.theory, course.practice))
    return hours, theory, practice


def _row_gap(course: PlanCourse) -> float:
    hours, theory, practice = _parts_of(course)
    return hours - theory - practice - (course.other.value if course.other else 0.0)


def _row_arithmetic(course: PlanCourse) -> str:
    hours, theory, practice = _parts_of(course)
    return f"{number(theory)}+{number(practice)}={number(theory + practice)}≠{number(hours)}"


def _splits(plan: Plan) -> Iterator[_Split]:
    for total in plan.schedule.totals:
        if total.hours and total.theory and total.practice:
            other = total.other.value if total.other else 0.0
            yield _Split(name_of(total), total.hours, total.theory, total.practice, total.courses, total.locator, other)
    for share in plan.programme.shares:
        if share.hours and share.theory and share.practice:
            yield _Split(share.label, share.hours, share.theory, share.practice, (), share.locator)


def _totals_finding(plan: Plan, gap: float, splits: list[_Split]) -> Finding:
    shown = [f"{plain(split.name)}（{plan.place(split.locator)}）{split.arithmetic}" for split in splits]
    reason = _unsplit(plan, gap, splits)
    rows = [plan.schedule.courses[course] for course in reason]
    parts = [f"{row.name} {number(_row_gap(row))}" for row in rows]
    named = f"，正好是没有分出理论与实践的{'、'.join(parts)}学时" if parts else ""
    side = "少" if gap > 0 else "多"
    what = f"理论与实践学时之和不等于总学时，{side}{number(abs(gap))}学时{named}：{listed(shown)}"
    arithmetic = "；".join(split.arithmetic for split in splits)
    if parts:
        arithmetic += f"；{'+'.join(number(_row_gap(row)) for row in rows)}={number(gap)}"
    figures = [figure for split in splits for figure in (split.hours, split.theory, split.practice)]
    return Finding("parts", what, arithmetic, plan.quotes(*figures, *rows), ("practice_share",))


def _unsplit(plan: Plan, gap: float, splits: list[_Split]) -> tuple[int, ...]:
    """The rows without a full split whose open hours make exactly the gap, else nothing."""
    inside = set().union(*(split.courses for split in splits))
    open_ = [index for index in sorted(inside) if differs(_row_gap(plan.schedule.courses[index]), 0)]
    hours = sum(_row_gap(plan.schedule.courses[index]) for index in open_)
    return tuple(open_) if open_ and not differs(hours, gap) else ()
