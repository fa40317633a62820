"""Judging one quantity of a plan in a test."""

from __future__ import annotations

from typing import Any

from alignment.model import Reading, RuleVerdict
from alignment.programme.counting.ledger import Ledger
from alignment.programme.quantities import QuantityName
from alignment.programme.rules import judge_rule
from tests.alignment.programme.plans import Plan, rule


def judge(plan: Plan, quantity: QuantityName, operator: str = ">=", value: Any = 0, **more: Any) -> RuleVerdict:
    """The verdict on one rule; every quote of it must stand in the document where it says."""
    programme = plan.build()
    verdict = judge_rule(Ledger(programme), rule("", operator, value, **more), quantity)
    for evidence in (*verdict.evidence, *(e for r in verdict.readings for e in r.evidence)):
        assert programme.document.resolve(evidence.locator) in ("", evidence.quote)
        assert evidence.similarity == 1.0
    return verdict


def reading(verdict: RuleVerdict, words: str) -> Reading:
    """The one reading whose label is exactly so, else begins so, else holds the words."""
    labels = [r.label for r in verdict.readings]
    found = [r for r in verdict.readings if r.label == words]
    found = found or [r for r in verdict.readings if r.label.startswith(words)]
    found = found or [r for r in verdict.readings if words in r.label]
    assert len(found) == 1, labels
    return found[0]
