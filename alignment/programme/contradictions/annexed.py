"""Course standards annexed to the plan: courses that the schedule lacks, and codes that differ from the schedule's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from alignment.model import Evidence
from alignment.programme.contradictions.names import likeness
from alignment.programme.contradictions.plan import Finding, Plan, listed, number, plain
from corpora.programme.model import Fact, PlanCourse

#: ``《课程名》…（代码：A080215-3）`` in the head of a course standard.
_CODE = re.compile(r"《([^》]{2,40})》[^《\n]{0,30}?代\s*码\s*[：:]?\s*([A-Za-z]{0,3}\d[\dA-Za-z-]{3,})")
#: Fewest annexed courses that the schedule holds, for the annex to be this plan's.
_KNOWN = 3
_LIKE = 0.6


def find(plan: Plan) -> Iterator[Finding]:
    """Courses with a standard of their own that the schedule does not name, and their codes."""
    yield from _missing(plan)
    yield from _codes(plan)


def _missing(plan: Plan) -> Iterator[Finding]:
    described: dict[str, list[Fact]] = {}
    for fact in plan.programme.facts_of("course_hours", "course_credits"):
        if fact.annex and fact.subject:
            described.setdefault(plain(fact.subject), []).append(fact)
    known = [name for name in described if name in plan.courses_by_name]
    missing = [name for name in described if not _held(plan, name)]
    if not missing or len(known) < max(_KNOWN, len(missing)):
        return
    nearest = {name: _nearest(plan, name) for name in missing}
    shown = [_described(described[name], nearest[name]) for name in missing]
    sources = [source for name in missing for source in (described[name][0].figure, nearest[name])]
    what = f"附件有课程标准而教学进程表没有的课程：{listed(shown)}"
    yield Finding("tables", what, "", plan.quotes(*sources))


def _described(facts: Sequence[Fact], near: PlanCourse | None) -> str:
    """A course with its credits and hours, and the course of a like name."""
    figures = {fact.kind: fact.figure for fact in facts}
    credits, hours = figures.get("course_credits"), figures.get("course_hours")
    parts = [f"{number(figure.value)}{unit}" for figure, unit in ((credits, "学分"), (hours, "学时")) if figure]
    beside = f"；教学进程表有名称相近的{near.name}" if near else ""
    return f"{facts[0].subject}（{'、'.join(parts)}{beside}）"


def _held(plan: Plan, name: str) -> bool:
    """Whether the schedule has a course of this name, or one that contains it or is contained in it."""
    return any(name in other or other in name for other in plan.courses_by_name)


def _nearest(plan: Plan, name: str) -> PlanCourse | None:
    best = max(plan.courses_by_name, key=lambda other: likeness(name, other, telling=False), default="")
    close = best and likeness(name, best, telling=False) >= _LIKE
    return plan.schedule.courses[plan.courses_by_name[best][0]] if close else None


def _same_code(one: str, two: str) -> bool:
    """Whether two codes agree as far as both go (A000027 and A000027-1)."""
    left, right = plain(one), plain(two)
    return left.startswith(right) or right.startswith(left)


def _codes(plan: Plan) -> Iterator[Finding]:
    end = plan.programme.end or len(plan.document.text)
    off: list[tuple[PlanCourse, str, Evidence]] = []
    for block in plan.document.blocks:
        if not plan.programme.annex_start <= block.locator.start < end or len(block.text) > 120:
            continue
        for match in _CODE.finditer(block.text):
            rows = plan.courses_by_name.get(plain(match[1]), ())
            courses = [plan.schedule.courses[row] for row in rows if plan.schedule.courses[row].code]
            if courses and not any(_same_code(course.code, match[2]) for course in courses):
                start = block.locator.start + match.start()
                off.append((courses[0], match[2], plan.quote_span(start, start + len(match[0]))))
    if off:
        shown = [f"{course.name} {code}≠{course.code}" for course, code, _ in off]
        what = f"附件课程标准中的课程代码与教学进程表不一致：{listed(shown)}"
        evidence = tuple(e for course, _, quote in off for e in (quote, plan.quote(course)))
        yield Finding("tables", what, "", evidence)
