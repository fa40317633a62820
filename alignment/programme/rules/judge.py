"""The engine: each rule to its quantity, the quantity to the plan's counts, the counts to verdicts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isinf

from alignment.model import Reading, RuleVerdict
from alignment.programme.counting.ledger import Ledger
from alignment.programme.counting.tally import plain
from alignment.programme.quantities import QUANTITIES, QuantityName
from alignment.programme.rules.outcome import Answer, Count, accepted, expected_text, unknown, verdict_of
from alignment.programme.rules.quantity import quantity_of, unit_factor
from alignment.programme.rules.registry import ANSWERS
from corpora.programme.model import Programme
from corpora.standard import Rule, Standard

#: How far from a usual number the plan may be for it to be met in a wide reading.
ABOUT = 0.05


def judge_rules(
    programme: Programme,
    standard: Standard,
    extra: Sequence[tuple[Rule, QuantityName]] = (),
    source: str = "本地规则",
    ledger: Ledger | None = None,
) -> tuple[RuleVerdict, ...]:
    """Verdicts on the standard's numeric, set and ordinal rules in its order, then on the extra ones.

    Parameters
    ----------
    standard : its ``rules`` and ``other_rules``; those that list courses or topics of the standard (OR01-OR05) are left
        to ``set_rules``.
    extra : rules of local packs with their quantities; ``source`` is the pack's name.
    """
    ledger = ledger or Ledger(programme)
    known = (rule for rule in (*standard.rules, *standard.other_rules) if not names_statements(rule, standard))
    found = [judge_rule(ledger, rule, quantity_of(rule)) for rule in known]
    found += [judge_rule(ledger, rule, quantity, source) for rule, quantity in extra]
    return tuple(found)


def names_statements(rule: Rule, standard: Standard) -> bool:
    """Whether the rule asks for statements of the standard (its courses, its topics)."""
    values = rule.value if isinstance(rule.value, tuple | list) else ()
    return rule.type == "set" and bool(values) and all(value in standard.by_id for value in values)


def judge_rule(ledger: Ledger, rule: Rule, quantity: QuantityName | None, source: str = "standard") -> RuleVerdict:
    """The verdict on one rule; a quantity that nothing is known of is cannot_determine."""
    answer = _answer(ledger, rule, quantity)
    factor = unit_factor(rule, quantity) if quantity else 1.0
    own = answer.own
    return RuleVerdict(
        id=rule.id,
        verdict=verdict_of(rule, own, factor),
        value=own.value if own else None,
        expected=expected_text(rule),
        force=rule.strength,
        arithmetic=own.arithmetic if own else "",
        evidence=own.evidence if own else (),
        note="；".join(part for part in (_open(rule, own, factor), answer.note) if part),
        readings=tuple(_readings(rule, answer, factor)),
        title=_title(rule, quantity),
        text=rule.text,
        section=rule.section,
        source=source,
    )


def _open(rule: Rule, own: Count | None, factor: float) -> str:
    """Why a number that was counted decides nothing: the rule asks for no number, or the count has a range."""
    if own is None or own.verdict or verdict_of(rule, own, factor) != "cannot_determine":
        return ""
    if accepted(rule.operator, rule.value, factor) is None:
        return f"要求写作“{expected_text(rule)}”，不能核算，请人工核对"
    low = "" if own.low is None or isinf(own.low) else plain(own.low)
    high = "" if own.high is None or isinf(own.high) else plain(own.high)
    if not low and not high:
        return ""
    unit = rule.unit if not rule.unit or rule.unit[0] in "%:" else f" {rule.unit}"
    shown = f"在 {low}~{high}{unit}之间" if low and high else f"{'不少于' if low else '不超过'} {low or high}{unit}"
    return f"方案的数据不全，只能算出{shown}，不能断定"


def _answer(ledger: Ledger, rule: Rule, quantity: QuantityName | None) -> Answer:
    if quantity is None:
        return unknown(f"本系统还不能从方案中核算“{rule.subject} {rule.quantity}”，请人工核对")
    counted = ANSWERS.get(quantity)
    if counted is None:
        return unknown(f"本系统还不能从方案中核算“{QUANTITIES[quantity][0]}”，请人工核对")
    return counted(ledger, rule)


def _readings(rule: Rule, answer: Answer, factor: float) -> Iterator[Reading]:
    """The other ways, without those that say what the plan's own one says already."""
    seen = {_key(answer.own, rule, factor)} if answer.own else set()
    for count in answer.others:
        key = _key(count, rule, factor)
        if key not in seen:
            seen.add(key)
            yield Reading(count.label, verdict_of(rule, count, factor), count.value, count.arithmetic, count.evidence)
    if about := _about(rule, answer.own, factor):
        yield about


def _about(rule: Rule, own: Count | None, factor: float) -> Reading | None:
    """A usual number (一般为 2800 学时) that the plan misses by little, read as about that number."""
    bounds = accepted(rule.operator, rule.value, factor)
    if own is None or rule.operator != "=" or rule.strength == "must" or not bounds or rule.unit == "门":
        return None
    close = isinstance(own.value, int | float) and 0 < abs(own.value - bounds[0]) <= ABOUT * bounds[0]
    if not close or verdict_of(rule, own, factor) != "fail":
        return None
    label = f"把“一般为”理解为相差 {ABOUT:.0%} 以内"
    return Reading(label, "pass", own.value, own.arithmetic, own.evidence)


def _key(count: Count, rule: Rule, factor: float) -> tuple[object, ...]:
    value = round(count.value, 2) if isinstance(count.value, float) else count.value
    return verdict_of(rule, count, factor), value, count.arithmetic


def _title(rule: Rule, quantity: QuantityName | None) -> str:
    return QUANTITIES[quantity][0] if quantity else f"{rule.subject}{rule.quantity}"
