"""The findings of an audit in the order of the standard's sections: what each section asks, and what the plan has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from alignment.programme.model import ClauseFinding, CourseMatch
from api.rendering import words
from api.rendering.programme import wording
from api.rendering.programme.view import PlanView, RuleView
from corpora.standard import Standard

_NUMBER = re.compile(r"\d+")
_OTHER = "其他规定"
#: Sections of which a plan always has something to say, whatever rules the standard has.
ALWAYS = ("4", "5", "6", "7", "8", "9", "10", "11")


@dataclass(frozen=True)
class Part:
    """One section at the depth where its provisions stand (``8.1.2(1)``)."""

    number: str
    title: str
    rules: tuple[RuleView, ...] = ()
    courses: tuple[CourseMatch, ...] = ()
    clauses: tuple[ClauseFinding, ...] = ()

    @property
    def heading(self) -> str:
        """``8.2　学时安排``; what stands in a chapter before its first section is about the whole of it."""
        if self.number.isdigit():
            return f"{self.number}　总的要求"
        return f"{self.number}　{self.title}" if self.title else self.number


@dataclass(frozen=True)
class Chapter:
    """One chapter of the standard with its parts, in order."""

    number: str
    title: str
    parts: tuple[Part, ...]

    @property
    def rules(self) -> tuple[RuleView, ...]:
        """The rules of all its parts."""
        return tuple(rule for part in self.parts for rule in part.rules)

    @property
    def passed(self) -> int:
        """How many of its rules pass."""
        return sum(rule.grade == 2 for rule in self.rules)


def chapters(plan: PlanView) -> tuple[Chapter, ...]:
    """The standard's chapters 4 to 11, and any other that rules of the standard stand in."""
    standard = plan.view.report.standard
    numbers = sorted({*_sections(plan), *ALWAYS}, key=_key)
    tops = dict.fromkeys(_top(number) for number in numbers if number)
    return tuple(_chapter(plan, standard, top, [n for n in numbers if _top(n) == top]) for top in tops)


def local_rules(plan: PlanView) -> tuple[RuleView, ...]:
    """Rules of local rule packs, and those of the standard that name no section."""
    return tuple(rule for rule in plan.rules if rule.rule.source != "standard" or not rule.rule.section)


def _sections(plan: PlanView) -> Iterator[str]:
    yield from (rule.rule.section for rule in plan.rules if rule.rule.source == "standard" and rule.rule.section)
    yield from (match.statement.section for match in plan.audit.courses if match.statement.section)
    yield from (clause.section for clause in plan.audit.clauses if clause.section)


def _chapter(plan: PlanView, standard: Standard, top: str, numbers: list[str]) -> Chapter:
    parts = (_part(plan, standard, number) for number in numbers)
    filled = tuple(part for part in parts if part.rules or part.courses or part.clauses)
    return Chapter(top, title(standard, top), filled)


def _part(plan: PlanView, standard: Standard, number: str) -> Part:
    return Part(
        number,
        title(standard, number),
        tuple(r for r in plan.rules if r.rule.source == "standard" and r.rule.section == number),
        tuple(m for m in plan.audit.courses if m.statement.section == number),
        tuple(c for c in plan.audit.clauses if c.section == number),
    )


def title(standard: Standard, number: str) -> str:
    """The section's title; for a part of a section (``8.1.2(1)``) the kind of course that stands in it."""
    for section in standard.sections:
        if section.number == number:
            return words.flat(section.title)
    kinds = (wording.COURSE_KINDS.get(s.kind, "") for s in standard.statements if s.section == number)
    return next((kind for kind in kinds if kind), "" if number.isdigit() else _OTHER)


def _top(number: str) -> str:
    return number.partition(".")[0]


def _key(number: str) -> tuple[int, ...]:
    return tuple(int(part) for part in _NUMBER.findall(number)) or (99,)
