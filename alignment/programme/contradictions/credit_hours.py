"""Hours per credit of the rows against the conversion that the plan states, or that most of its rows follow."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from alignment.programme.contradictions.plan import Finding, Plan, differs, listed, number
from corpora.programme.model import Fact, PlanCourse

#: What the national standards allow for one credit, in hours (每 16~18 学时折算 1 学分).
ALLOWED = (16.0, 18.0)
#: Activities that count by the week whatever hours stand beside them.
_BY_WEEK = re.compile(r"军事技能|军训|军事训练|入学教育|毕业教育|社会实践|实习|毕业设计")
#: Fewest rows, and the share of them, that make a conversion the plan's own.
_ROWS, _AGREE = 5, 0.5


def find(plan: Plan) -> Iterator[Finding]:
    """Ordinary course rows off the plan's own conversion, in one finding."""
    rows = [(course, rate) for course in plan.schedule.courses if (rate := _rate(course)) is not None]
    own, fact = _own(plan, rows)
    if own is None:
        return
    off = [(course, rate) for course, rate in rows if not _fits(rate, own)]
    if not off or len(off) > _AGREE * len(rows):
        return
    shown = [f"{c.name} {_arithmetic(c)}={number(rate)}" for c, rate in off]
    basis = f"方案规定每学分{number(own)}学时" if fact else f"多数课程按每学分{number(own)}学时计"
    what = f"{basis}，{len(off)}门课程不在此列，也不在16~18学时之内：{listed(shown)}"
    sources = [source for course, _ in off for source in (course.hours, course.credits, course)]
    evidence = plan.quotes(fact.figure if fact else None, *sources)
    yield Finding("credit_hours", what, "；".join(shown), evidence, ("hours_per_credit",))


def _rate(course: PlanCourse) -> float | None:
    """Hours per credit of a row that is taught by the hour, None for weeks of practice and rows without figures."""
    by_weeks = course.weeks is not None or course.category == "practice" or _BY_WEEK.search(course.name)
    if by_weeks or not course.hours or not course.credits or course.credits.value <= 0:
        return None
    return course.hours.value / course.credits.value if course.hours.value > 0 else None


def _own(plan: Plan, rows: list[tuple[PlanCourse, float]]) -> tuple[float | None, Fact | None]:
    for fact in plan.programme.facts_of("hours_per_credit"):
        if fact.operator == "=" and not fact.annex and not fact.subject and fact.figure.value > 0:
            return fact.figure.value, fact
    rates = Counter(round(rate, 2) for _, rate in rows)
    if not rates:
        return None, None
    best, count = rates.most_common(1)[0]
    return (best, None) if count >= max(_ROWS, _AGREE * len(rows)) else (None, None)


def _fits(rate: float, own: float) -> bool:
    return not differs(rate, own, 0.51) or ALLOWED[0] <= rate <= ALLOWED[1]


def _arithmetic(course: PlanCourse) -> str:
    hours, credits = course.hours, course.credits
    return f"{number(hours.value)}÷{number(credits.value)}" if hours and credits else ""
