"""What a count of the plan says about a rule: values and bounds compared with what is asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from alignment.model import Evidence, Verdict
from alignment.programme.counting.tally import plain
from corpora.standard import Rule

#: Readings where a rule's number is met but for binary rounding.
_EPSILON = 1e-9


@dataclass(frozen=True)
class Count:
    """One way of counting.

    Parameters
    ----------
    value : what is counted, a number or words.
    arithmetic : how, with the numbers put in.
    label : what is counted how, for ways other than the plan's own.
    low, high : what the number can be, where it is a bound or a range; None for ``value`` itself.
    verdict : where the numbers alone do not decide.
    """

    value: Any
    arithmetic: str
    evidence: tuple[Evidence, ...] = ()
    label: str = ""
    low: float | None = None
    high: float | None = None
    verdict: Verdict | None = None


@dataclass(frozen=True)
class Answer:
    """The plan's own count (None when it cannot be had), the other defensible ones, and what a reader must know."""

    own: Count | None
    others: tuple[Count, ...] = ()
    note: str = ""


def unknown(note: str, *others: Count) -> Answer:
    """No verdict: ``note`` says what is missing and where one would expect it."""
    return Answer(None, others, note)


def verdict_of(rule: Rule, count: Count | None, factor: float = 1.0) -> Verdict:
    """The count held against the rule; cannot_determine where its bounds leave both open."""
    if count is None:
        return "cannot_determine"
    if count.verdict:
        return count.verdict
    if not isinstance(count.value, int | float) and count.low is None and count.high is None:
        return "cannot_determine"
    low = float(count.value) if count.low is None else count.low
    high = float(count.value) if count.high is None else count.high
    return compare(rule.operator, rule.value, low, high, factor)


def compare(operator: str, asked: Any, low: float, high: float, factor: float = 1.0) -> Verdict:
    """Whether every number in low..high meets ``operator asked``, none does, or it is open."""
    bounds = accepted(operator, asked, factor)
    if bounds is None:
        return "cannot_determine"
    least, most = bounds
    if least - _EPSILON <= low and high <= most + _EPSILON:
        return "pass"
    return "fail" if high < least - _EPSILON or low > most + _EPSILON else "cannot_determine"


def accepted(operator: str, asked: Any, factor: float = 1.0) -> tuple[float, float] | None:
    """The numbers that meet a rule, both ends included; None for an operator or a value that is no such thing."""
    pair = asked if isinstance(asked, tuple | list) else (asked, asked)
    if len(pair) != 2 or not all(isinstance(end, int | float) for end in pair):
        return None
    low, high = float(pair[0]) * factor, float(pair[1]) * factor
    tiny = 1e-6
    return {
        ">=": (low, float("inf")),
        "<=": (float("-inf"), high),
        ">": (low + tiny, float("inf")),
        "<": (float("-inf"), high - tiny),
        "=": (low, high),
        "==": (low, high),
        "between": (low, high),
    }.get(operator)


def expected_text(rule: Rule) -> str:
    """The rule in words: ``>= 2500 学时``, ``16~18 学时/学分``, ``包括 学校、学生、实习单位``."""
    unit = f" {rule.unit}" if rule.unit and not rule.unit.startswith(":") else rule.unit
    if rule.operator == "includes":
        values = rule.value if isinstance(rule.value, tuple | list) else (rule.value,)
        return f"包括 {'、'.join(map(str, values))}"
    if isinstance(rule.value, tuple | list):
        return f"{'~'.join(map(_text, rule.value))}{unit}"
    return f"{rule.operator} {_text(rule.value)}{unit}"


def _text(value: Any) -> str:
    return plain(float(value)) if isinstance(value, int | float) else str(value)
