"""The types of a local rule pack: rules that a school or a province adds to the national standard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from alignment.programme.counting.tally import plain
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


#: What an operator says before a number, and before a title or degree.
_SAID = {">=": "不少于", "<=": "不超过", ">": "多于", "<": "少于", "=": "为", "==": "为"}


def in_words(rule: Rule) -> str:
    """What a rule asks, as a sentence says it: ``不少于 2500 学时``, ``为 16~18 学时/学分``, ``不低于副高``."""
    if rule.operator == "includes":
        return f"包括{'、'.join(map(str, rule.value if isinstance(rule.value, tuple | list) else (rule.value,)))}"
    unit = {"月": "个月"}.get(rule.unit, rule.unit)
    unit = unit if not unit or unit[0] in "%:" else f" {unit}"
    if isinstance(rule.value, tuple | list):
        return f"为 {'~'.join(map(_shown, rule.value))}{unit}"
    said = _SAID.get(rule.operator, f"{rule.operator} ")
    if isinstance(rule.value, str):
        return f"{'不低于' if rule.operator == '>=' else said}{rule.value}"
    said = "不低于" if rule.operator == ">=" and unit == "%" else said
    return f"{said} {_shown(rule.value)}{unit}"


def _shown(value: Any) -> str:
    return plain(float(value)) if isinstance(value, int | float) else str(value)
