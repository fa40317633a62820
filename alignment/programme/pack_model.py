"""The types of a local rule pack: rules that a school or a province adds to the national standard."""

from __future__ import annotations

from dataclasses import dataclass

from alignment.programme.quantities import QuantityName
from corpora.programme.model import Category
from corpora.standard import Rule

#: Quantities that are judged row by row, on the courses of the rule's categories.
BY_ROW: tuple[QuantityName, ...] = ("course_hours", "course_credits")
#: Quantities that a pack may restrict to categories of courses.
SCOPED: tuple[QuantityName, ...] = (*BY_ROW, "hours_per_credit", "required_courses")


@dataclass(frozen=True, slots=True)
class RequiredCourse:
    """A course that the plan must offer.

    Parameters
    ----------
    name, aliases : names under which it counts.
    category : where it must stand, None for anywhere.
    compulsory : whether it must be compulsory (True), elective (False), or either (None).
    credits, hours : the least it must have, None where nothing is asked.
    """

    name: str
    aliases: tuple[str, ...] = ()
    category: Category | None = None
    compulsory: bool | None = None
    credits: float | None = None
    hours: float | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Name and aliases."""
        return (self.name, *self.aliases)


@dataclass(frozen=True)
class PackRule:
    """One rule of a pack.

    Parameters
    ----------
    rule : in the form of the standard's rules; ``applies_to`` holds the categories' Chinese names.
    quantity : what it is about.
    categories : kinds of course that it is restricted to, empty for all.
    courses : the courses asked for, for ``required_courses`` only.
    """

    rule: Rule
    quantity: QuantityName
    categories: tuple[Category, ...] = ()
    courses: tuple[RequiredCourse, ...] = ()

    @property
    def by_course(self) -> bool:
        """Whether the rule is judged on single courses and not on the plan's counts."""
        return self.quantity == "required_courses" or self.quantity in BY_ROW or bool(self.categories)


@dataclass(frozen=True)
class RulePack:
    """A local rule pack.

    Parameters
    ----------
    name : short, stands beside every verdict.
    title, issuer, version : as the pack states them, "" where it does not.
    rules : in the file's order.
    source : name of the file.
    """

    name: str
    title: str = ""
    issuer: str = ""
    version: str = ""
    rules: tuple[PackRule, ...] = ()
    source: str = ""

    @property
    def counted(self) -> tuple[tuple[Rule, QuantityName], ...]:
        """The rules that the rule engine judges, each with its quantity."""
        return tuple((rule.rule, rule.quantity) for rule in self.rules if not rule.by_course)
