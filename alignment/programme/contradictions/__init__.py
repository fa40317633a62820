"""Contradictions of a programme plan: every total, share and sum that it states, recomputed from its own tables.

A check is a module with ``find(plan)``; each finding is one Chinese sentence with both figures, its arithmetic, the
cells and sentences it rests on, and the rules whose verdict may turn on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from alignment.programme.contradictions import (
    annexed,
    column_sums,
    credit_hours,
    doubles,
    layout,
    named,
    names,
    parts,
    practice_weeks,
    semesters,
    share_blocks,
    shares,
    sums,
    tables,
    text_semesters,
    text_shares,
    texts,
    weeks,
)
from alignment.programme.contradictions.plan import Finding, Plan
from alignment.programme.model import Contradiction
from alignment.programme.quantities import QuantityName
from alignment.programme.rules.quantity import quantity_of
from corpora.programme.model import Programme
from corpora.standard import Rule

_CHECKS = (
    sums,
    parts,
    semesters,
    column_sums,
    credit_hours,
    shares,
    share_blocks,
    weeks,
    practice_weeks,
    tables,
    annexed,
    texts,
    text_semesters,
    text_shares,
    doubles,
    named,
    names,
    layout,
)
#: Rules of the national standards' common text by quantity, for a call without a standard's own rules.
_RULES: dict[QuantityName, str] = {
    "years": "NR01",
    "foundation_courses": "NR02",
    "core_courses": "NR03",
    "total_hours": "NR04",
    "hours_per_credit": "NR05",
    "public_share": "NR06",
    "practice_share": "NR07",
    "internship_months": "NR08",
    "elective_share": "NR09",
    "activity_credits_per_week": "NR10",
}


#: Places in a finding's sentence: file, table, row.
_PLACE = re.compile(r"(?:《[^》]*》)?表\d+(?:第\d+行)?")


def find_contradictions(programme: Programme, rules: Sequence[Rule] = ()) -> tuple[Contradiction, ...]:
    """Every place where the plan contradicts itself, sums first, text last.

    Parameters
    ----------
    programme : the plan as read.
    rules : the standard's rules, so that ``affects`` names their ids; without them the common ids are used.
    """
    plan = Plan(programme)
    common: dict[QuantityName, tuple[str, ...]] = {quantity: (rule,) for quantity, rule in _RULES.items()}
    ids = _ids(rules) if rules else common
    findings = (finding for check in _CHECKS for finding in check.find(plan))
    return tuple(_numbered(number, finding, ids) for number, finding in enumerate(_distinct(findings), 1))


def _distinct(findings: Iterator[Finding]) -> Iterator[Finding]:
    """Each finding once, though the same table stands in the document and in a workbook beside it."""
    seen: set[str] = set()
    for finding in findings:
        said = _PLACE.sub("", finding.what)
        if said not in seen:
            seen.add(said)
            yield finding


def _ids(rules: Sequence[Rule]) -> dict[QuantityName, tuple[str, ...]]:
    found: dict[QuantityName, tuple[str, ...]] = {}
    for rule in rules:
        quantity = quantity_of(rule)
        if quantity is not None:
            found[quantity] = (*found.get(quantity, ()), rule.id)
    return found


def _numbered(number: int, finding: Finding, ids: dict[QuantityName, tuple[str, ...]]) -> Contradiction:
    affects = tuple(dict.fromkeys(rule for quantity in finding.turns for rule in ids.get(quantity, ())))
    return Contradiction(f"CT{number:02d}", finding.kind, finding.what, finding.arithmetic, finding.evidence, affects)
