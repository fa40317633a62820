"""Figures of the running text against the schedule, and against each other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from alignment.programme.contradictions.blocks import Block, block_named, blocks_of
from alignment.programme.contradictions.counting import Amount, figure_of
from alignment.programme.contradictions.plan import Finding, Plan, differs, listed, number, plain
from alignment.programme.contradictions.shares import splits_of, whole_of
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
#: A figure that holds for every course or week of a block, not for the block.
_EACH = re.compile(r"每(?:门|周|个|学期|学年|一)")
#: Share of the courses that a total of the whole plan covers at least.
_ALL = 0.75
_COMMA = re.compile(r"[，,；;。：:]")
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
        if parts and all(parts) and not _EACH.search(_clause(fact)):
            offs += _block_off(plan, fact, [part for part in parts if part])
    offs += _own_norms(plan, blocks)
    if offs:
        shown = list(dict.fromkeys(off.text for off in offs))
        what = f"正文与教学进程表不一致：{listed(shown)}"
        evidence = plan.quotes(*(figure for off in offs for figure in (off.stated, *off.beside)))
        yield Finding("text", what, "；".join(shown), evidence, ("hours_per_credit", "core_courses"))


def _clause(fact: Fact) -> str:
    """The part of the sentence, between commas, that the figure's own words stand in; all of it where they do not."""
    text = fact.figure.text
    at = text.find(fact.words) if fact.words else -1
    if at < 0:
        return text
    return _COMMA.split(text[:at])[-1] + fact.words


def _own_norms(plan: Plan, blocks: Sequence[Block]) -> Iterator[_Off]:
    """Bounds that the plan sets itself (建议专业基础课不超过16学分) and its block's subtotal does not keep."""
    for fact in plan.programme.facts_of(*_BLOCK_KINDS):
        amount, unit = _BLOCK_KINDS[fact.kind]
        block = block_named(blocks, fact.subject) if fact.operator in (">=", "<=") and not fact.annex else None
        stated = block.figure(amount) if block and amount else None
        if stated is None:
            continue
        more = stated.value - fact.figure.value
        if (fact.operator == "<=" and more > 0.011) or (fact.operator == ">=" and more < -0.011):
            bound = "不超过" if fact.operator == "<=" else "不少于"
            limit = f"{bound}{number(fact.figure.value)}{unit}"
            text = f"{plain(fact.subject)}小计{number(stated.value)}{unit}，方案自定{limit}"
            yield _Off(text, fact.figure, (stated,))


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


def _resolved(blocks: Sequence[Block], fact: Fact) -> bool:
    """Whether the schedule has every block that a fact is said of."""
    return all(block_named(blocks, part) for part in _PLUS.split(fact.subject) if part.strip())


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
        sums = list(_whole_sums(plan, amount))
        values = [sum(figure.value for figure in figures) for figures in sums]
        facts = {f.figure.value: f for f in _facts(plan, kind) if not f.subject}
        for value, fact in facts.items():
            if values and all(differs(value, other) for other in values):
                shown = "、".join(dict.fromkeys(map(_added, sums)))
                place = plan.place(fact.figure.locator)
                what = f"{name}不一致：{place}写{number(value)}，表中合计{shown}"
                evidence = plan.quotes(fact.figure, *(figure for figures in sums for figure in figures))
                yield Finding("text", what, f"{number(value)}≠{shown}", evidence, (quantity,))


def _added(figures: Sequence[Figure]) -> str:
    """``800+880+856=2536``, or the one figure."""
    total = number(sum(figure.value for figure in figures))
    return f"{'+'.join(number(figure.value) for figure in figures)}={total}" if len(figures) > 1 else total


def _whole_sums(plan: Plan, amount: Amount) -> Iterator[list[Figure]]:
    """What the tables state for the whole plan: total rows over (nearly) all courses, or the outermost ones of all
    tables together, and the grand total of the share table."""
    rows = [total for total in plan.schedule.totals if figure_of(total, amount)]
    everything = len(plan.schedule.courses)
    most = max((len(total.courses) for total in rows if total.level == 0), default=0)
    for total in rows:
        if total.level == 0 and len(total.courses) == most >= _ALL * everything and (f := figure_of(total, amount)):
            yield [f]
    outer = _outermost(rows)
    if len(outer) > 1 and len(set().union(*(total.courses for total in outer))) == everything:
        yield [figure for total in outer if (figure := figure_of(total, amount))]
    for split in splits_of(plan).values():
        whole = whole_of(split)
        if whole and (figure := getattr(whole, amount)):
            yield [figure]


def _outermost(rows: Sequence[StatedTotal]) -> list[StatedTotal]:
    """Totals inside no other one, each course in one of them only; none where they overlap."""
    outer = [total for total in rows if not any(set(total.courses) < set(other.courses) for other in rows)]
    return outer if sum(len(total.courses) for total in outer) == len({c for t in outer for c in t.courses}) else []


def _each_other(plan: Plan) -> Iterator[Finding]:
    """One thing with two values in the plan's own text."""
    blocks = blocks_of(plan)
    for kind, (name, quantity) in _ONE_VALUE.items():
        groups: dict[str, list[Fact]] = {}
        for fact in _facts(plan, kind):
            if kind not in _BLOCK_KINDS or (_PLUS.search(fact.subject) and not _resolved(blocks, fact)):
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
