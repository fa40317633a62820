"""Figures of the running text against the schedule, and against each other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from alignment.programme.contradictions.blocks import Block, block_named, blocks_of
from alignment.programme.contradictions.counting import Amount, figure_of
from alignment.programme.contradictions.plan import Finding, Plan, differs, listed, number, plain
from alignment.programme.quantities import QuantityName
from corpora.programme.model import Fact, FactKind, Figure, StatedTotal

_BLOCK_KINDS: dict[FactKind, tuple[Amount | None, str]] = {
    "category_credits": ("credits", "学分"),
    "category_hours": ("hours", "学时"),
    "category_courses": (None, "门"),
}
#: Facts about the whole plan: what they are beside a total row, their name, and the quantity that turns on them.
_WHOLE: dict[FactKind, tuple[Amount, str, QuantityName]] = {
    "total_hours": ("hours", "总学时", "total_hours"),
    "total_credits": ("credits", "总学分", "hours_per_credit"),
    "theory_hours": ("theory", "理论学时", "practice_share"),
    "practice_hours": ("practice", "实践学时", "practice_share"),
}
#: Kinds of which a plan should state one value only, their names and what turns on them.
_ONE_VALUE: dict[FactKind, tuple[str, QuantityName]] = {
    "years": ("基本修业年限", "years"),
    "practice_share": ("实践教学学时比例", "practice_share"),
    "public_share": ("公共基础课学时比例", "public_share"),
    "elective_share": ("选修课学时比例", "elective_share"),
    "internship_weeks": ("岗位实习周数", "internship_weeks"),
    "internship_months": ("岗位实习月数", "internship_months"),
    "internship_credits": ("岗位实习学分", "internship_months"),
    "category_credits": ("学分", "hours_per_credit"),
    "category_hours": ("学时", "total_hours"),
    "category_courses": ("门数", "core_courses"),
}
_PLUS = re.compile(r"[+＋、和与及]")
_PERCENT: tuple[FactKind, ...] = ("practice_share", "public_share", "elective_share")


@dataclass(frozen=True)
class _Off:
    text: str
    stated: Figure
    beside: tuple[Figure | None, ...]


def find(plan: Plan) -> Iterator[Finding]:
    """Blocks and wholes that the text states otherwise than the tables, and facts that contradict each other."""
    yield from _blocks(plan)
    yield from _wholes(plan)
    yield from _each_other(plan)


def _facts(plan: Plan, *kinds: FactKind) -> Iterator[Fact]:
    """Facts of the plan's own text that state an amount outright."""
    for fact in plan.programme.facts_of(*kinds):
        if not fact.annex and not fact.norm and fact.operator == "=" and fact.figure.value == fact.figure.value:
            yield fact


def _blocks(plan: Plan) -> Iterator[Finding]:
    blocks = blocks_of(plan)
    offs: list[_Off] = []
    for fact in _facts(plan, *_BLOCK_KINDS):
        parts = [block_named(blocks, part) for part in _PLUS.split(fact.subject) if part.strip()]
        if parts and all(parts):
            offs += _block_off(plan, fact, [part for part in parts if part])
    if offs:
        what = f"正文与教学进程表不一致：{listed([off.text for off in offs])}"
        evidence = plan.quotes(*(figure for off in offs for figure in (off.stated, *off.beside)))
        yield Finding("text", what, "；".join(off.text for off in offs), evidence, ("hours_per_credit", "core_courses"))


def _block_off(plan: Plan, fact: Fact, blocks: Sequence[Block]) -> Iterator[_Off]:
    amount, unit = _BLOCK_KINDS[fact.kind]
    value, subject = fact.figure.value, plain(fact.subject)
    if amount is None:
        counts = {len(_distinct(plan, blocks)), *_taken(plan, blocks)}
        if value not in counts and max(counts) > 0:
            text = f"{subject}正文写{number(value)}门，教学进程表列{len(_distinct(plan, blocks))}门"
            yield _Off(text, fact.figure, ())
        return
    if len(blocks) == 1:
        if text := blocks[0].disagreement(amount, value):
            yield _Off(
                f"{subject}正文写{number(value)}{unit}，教学进程表{text}", fact.figure, (blocks[0].figure(amount),)
            )
        return
    figures = [block.figure(amount) for block in blocks]
    known = [figure for figure in figures if figure]
    total = sum(figure.value for figure in known)
    if len(known) == len(blocks) and differs(total, value):
        added = f"{'+'.join(number(f.value) for f in known)}={number(total)}{unit}"
        yield _Off(f"{subject}写共{number(value)}{unit}，教学进程表{added}", fact.figure, tuple(known))


def _distinct(plan: Plan, blocks: Sequence[Block]) -> set[str]:
    courses = (plan.schedule.courses[index] for block in blocks for index in block.courses)
    return {plain(course.name) for course in courses if not course.placeholder}


def _taken(plan: Plan, blocks: Sequence[Block]) -> Iterator[int]:
    """Numbers of courses when every choice is taken once."""
    own = {index for block in blocks for index in block.courses}
    choices = [choice for choice in plan.schedule.choices if own >= set(choice.courses)]
    rows = len(own)
    for choice in choices:
        sizes = sorted(len(option) for option in choice.options)
        rows -= len(choice.courses) - sum(sizes[: choice.take or 1])
    yield rows
    if choices and all(choice.kind == "direction" for choice in choices):
        yield from (len(option) for choice in choices for option in choice.options)


def _wholes(plan: Plan) -> Iterator[Finding]:
    for kind, (amount, name, quantity) in _WHOLE.items():
        rows = [total for total in plan.schedule.totals if total.level == 0 and figure_of(total, amount)]
        if not rows:
            continue
        values = {figure.value for total in rows if (figure := figure_of(total, amount))}
        facts = {f.figure.value: f for f in _facts(plan, kind) if not f.subject}
        for value, fact in facts.items():
            if all(differs(value, other) for other in values):
                yield _whole_finding(plan, name, fact, rows, amount, quantity)


def _whole_finding(
    plan: Plan, name: str, fact: Fact, rows: Sequence[StatedTotal], amount: Amount, quantity: QuantityName
) -> Finding:
    figures = [figure for total in rows if (figure := figure_of(total, amount))]
    stated = "、".join(dict.fromkeys(number(figure.value) for figure in figures))
    place = plan.place(fact.figure.locator)
    what = f"{name}不一致：{place}写{number(fact.figure.value)}，教学进程表合计{stated}"
    arithmetic = f"{number(fact.figure.value)}≠{stated}"
    return Finding("text", what, arithmetic, plan.quotes(fact.figure, *figures), (quantity,))


def _each_other(plan: Plan) -> Iterator[Finding]:
    """One thing with two values in the plan's own text."""
    for kind, (name, quantity) in _ONE_VALUE.items():
        groups: dict[str, list[Fact]] = {}
        for fact in _facts(plan, kind):
            groups.setdefault(plain(fact.subject), []).append(fact)
        for subject, facts in groups.items():
            slack = 0.51 if kind in _PERCENT else 0.011
            low, high = (pick(facts, key=lambda f: f.figure.value) for pick in (min, max))
            same_place = low.figure.locator == high.figure.locator
            if not differs(low.figure.value, high.figure.value, slack) or same_place:
                continue
            shown = [
                f"{number(f.figure.value)}（{plan.place(f.figure.locator)}）"
                for f in {f.figure.value: f for f in facts}.values()
            ]
            what = f"{subject}{name}前后不一致：{'、'.join(shown)}"
            arithmetic = "≠".join(number(value) for value in dict.fromkeys(f.figure.value for f in facts))
            yield Finding("text", what, arithmetic, plan.quotes(*(f.figure for f in facts)), (quantity,))
