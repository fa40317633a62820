"""Where a local rule pack is weaker than the standard, or cannot hold together with it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from alignment.programme.model import PackConflict
from alignment.programme.packs.model import PackRule, RulePack, in_words
from alignment.programme.quantities import QuantityName
from alignment.programme.rules.outcome import accepted
from alignment.programme.rules.quantity import quantity_of, unit_factor
from corpora.standard import Rule, Standard

_FORCE = {"may": 0, "should": 1, "must": 2}
#: Words of titles and degrees with their rank; the first one that a text holds counts (副教授 is no 教授).
_RANKS: tuple[tuple[str, int], ...] = (
    *((word, 3) for word in ("正高", "博士")),
    *((word, 2) for word in ("副高", "副教授", "高级", "硕士")),
    ("教授", 3),
    *((word, 0) for word in ("初级", "助教", "助理", "专科", "大专")),
    *((word, 1) for word in ("中级", "讲师", "工程师", "本科", "学士")),
)
#: Weeks of internship that make a month, as the national standards' own sources count them (6 个月、24 周).
_WEEKS_A_MONTH = 4.0


def conflicts(pack: RulePack, standard: Standard) -> tuple[PackConflict, ...]:
    """Every rule of the pack that allows what the standard forbids, or forbids what it asks; none is resolved here."""
    by_quantity: dict[QuantityName, list[Rule]] = {}
    for rule in (*standard.rules, *standard.other_rules):
        quantity = quantity_of(rule)
        if quantity is not None:
            by_quantity.setdefault(quantity, []).append(rule)
    found: list[PackConflict] = []
    for own in pack.rules:
        for rule in by_quantity.get(own.quantity, ()):
            found += _between(pack, own, rule)
        found += _converted(pack, own, by_quantity)
    return tuple(found)


def _between(pack: RulePack, own: PackRule, rule: Rule) -> Iterator[PackConflict]:
    what = _words(own.rule, rule) or _numbers(own, rule)
    if what:
        yield PackConflict(pack.name, own.rule.id, rule.id, what)


def _numbers(own: PackRule, rule: Rule) -> str:
    """The conflict of two numeric rules in words, "" without one."""
    mine = accepted(own.rule.operator, own.rule.value)
    theirs = accepted(rule.operator, rule.value, unit_factor(rule, own.quantity))
    if mine is None or theirs is None:
        return ""
    scope = f"（{'、'.join(own.rule.applies_to)}）" if own.rule.applies_to else ""
    both = f"规则包{scope}要求{own.rule.quantity}{in_words(own.rule)}，国家标准要求{in_words(rule)}"
    return _compared(mine, theirs, both) or _weaker_force(own.rule, rule, mine, theirs, both)


def _compared(mine: tuple[float, float], theirs: tuple[float, float], both: str) -> str:
    if mine[1] < theirs[0] or mine[0] > theirs[1]:
        return f"{both}：两者不能同时满足"
    lower = not math.isinf(mine[0]) and mine[0] < theirs[0]
    upper = not math.isinf(mine[1]) and mine[1] > theirs[1]
    return f"{both}：规则包比国家标准宽" if lower or upper else ""


def _weaker_force(own: Rule, rule: Rule, mine: tuple[float, float], theirs: tuple[float, float], both: str) -> str:
    """The same bounds with less force than the standard's."""
    if mine == theirs and _FORCE[own.strength] < _FORCE[rule.strength]:
        return f"{both}：数值相同而约束力较弱（{_force(own)}，国家标准为{_force(rule)}）"
    return ""


def _force(rule: Rule) -> str:
    return {"must": "必须", "should": "一般应当", "may": "可以"}[rule.strength]


def _words(own: Rule, rule: Rule) -> str:
    """The conflict of two rules on words: a lower rank, a party or proof left out."""
    both = f"规则包要求{own.quantity}{in_words(own)}，国家标准要求{in_words(rule)}"
    if own.operator == "includes" and rule.operator == "includes":
        left_out = [word for word in _tuple(rule.value) if str(word) not in map(str, _tuple(own.value))]
        return f"{both}：规则包少了{'、'.join(map(str, left_out))}" if left_out else ""
    if isinstance(own.value, str) and isinstance(rule.value, str):
        mine, theirs = _rank(own.value), _rank(rule.value)
        if mine is not None and theirs is not None and mine < theirs:
            return f"{both}：规则包比国家标准宽"
    return ""


def _tuple(value: Any) -> Sequence[Any]:
    return value if isinstance(value, tuple | list) else (value,)


def _rank(word: str) -> int | None:
    return next((rank for key, rank in _RANKS if key in word), None)


def _converted(pack: RulePack, own: PackRule, standard: dict[QuantityName, list[Rule]]) -> Iterator[PackConflict]:
    """Rules on one quantity that the standard bounds through another one."""
    mine = accepted(own.rule.operator, own.rule.value)
    if mine is None:
        return
    if own.quantity == "internship_weeks":
        months = (mine[0] / _WEEKS_A_MONTH, mine[1] / _WEEKS_A_MONTH)
        for rule in standard.get("internship_months", ()):
            theirs = accepted(rule.operator, rule.value)
            both = f"规则包要求岗位实习{in_words(own.rule)}（每月按 4 周），国家标准要求{in_words(rule)}"
            if theirs and (what := _compared(months, theirs, both)):
                yield PackConflict(pack.name, own.rule.id, rule.id, what)
    if own.quantity == "practice_week_hours":
        yield from _practice_weeks(pack, own, mine, standard)


def _practice_weeks(
    pack: RulePack, own: PackRule, mine: tuple[float, float], standard: dict[QuantityName, list[Rule]]
) -> Iterator[PackConflict]:
    """Hours of a practice week against hours per credit, where a week makes a stated number of credits."""
    for week in standard.get("activity_credits_per_week", ()):
        for rule in standard.get("hours_per_credit", ()):
            theirs = accepted(rule.operator, rule.value)
            if theirs is None or not isinstance(week.value, int | float) or not week.value:
                continue
            per_credit = (mine[0] / week.value, mine[1] / week.value)
            both = (
                f"规则包要求{own.rule.quantity}{in_words(own.rule)}；按 {week.value:g} 学分/周（{week.id}）折算，"
                f"实践周每学分的学时不在国家标准的{in_words(rule).removeprefix('为')} 之内"
            )
            if what := _compared(per_credit, theirs, both):
                yield PackConflict(pack.name, own.rule.id, rule.id, what)
