"""Shares that the running text states or promises, against the quotients of the plan's own totals."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from alignment.programme.contradictions.counting import figure_of, sum_rows
from alignment.programme.contradictions.plan import Finding, Plan, differs, number
from alignment.programme.contradictions.shares import splits_of, whole_of
from alignment.programme.contradictions.sums import name_of
from alignment.programme.quantities import QuantityName
from corpora.programme.model import Fact, FactKind, Figure, StatedTotal

#: Share of the courses that a total of the whole plan covers at least.
_ALL = 0.75
#: The last number of a text that is a percentage, with its decimals.
_PERCENT = re.compile(r"(\d+(?:\.(\d+))?)\s*[%％]")
#: Bounds that the plan sets itself: what they are of, and the quantity that turns on them.
_BOUNDS: tuple[tuple[FactKind, str, QuantityName], ...] = (
    ("public_share", "公共基础课学时", "public_share"),
    ("practice_share", "实践教学学时", "practice_share"),
    ("elective_share", "选修课学时", "elective_share"),
)


#: Shares that a sentence may state beside the hours they are of. Practice has its own totals.
_BESIDE: tuple[tuple[FactKind, FactKind, str, QuantityName], ...] = (
    ("public_share", "public_hours", "公共基础课", "public_share"),
    ("elective_share", "elective_hours", "选修课", "elective_share"),
)


@dataclass(frozen=True)
class _Quotient:
    """A share as the tables give it."""

    part: float
    whole: Figure
    source: Figure | None
    where: str

    @property
    def value(self) -> float:
        return 100 * self.part / self.whole.value

    @property
    def arithmetic(self) -> str:
        return f"{number(self.part)}÷{number(self.whole.value)}={number(self.value)}%"


def find(plan: Plan) -> Iterator[Finding]:
    """Shares that no total gives, and bounds on shares that the schedule does not keep."""
    yield from _practice(plan)
    for share, hours, name, quantity in _BESIDE:
        yield from _beside(plan, share, hours, name, quantity)
    for kind, name, quantity in _BOUNDS:
        yield from _bounds(plan, kind, name, quantity)


def _practice(plan: Plan) -> Iterator[Finding]:
    quotients = list(_practice_quotients(plan))
    stated = {f.figure.value: f for f in _facts(plan, "practice_share") if f.operator == "=" and not f.norm}
    for fact in stated.values():
        if quotients and all(differs(q.value, fact.figure.value, _slack(fact)) for q in quotients):
            shown = "、".join(dict.fromkeys(f"{q.where}{q.arithmetic}" for q in quotients))
            value = number(fact.figure.value)
            what = f"实践教学学时比例不一致：{plan.place(fact.figure.locator)}写{value}%，{shown}"
            evidence = plan.quotes(fact.figure, *(f for q in quotients for f in (q.source, q.whole)))
            yield Finding("share", what, f"{shown}≠{value}%", evidence, ("practice_share",))


def _beside(plan: Plan, share: FactKind, hours: FactKind, name: str, quantity: QuantityName) -> Iterator[Finding]:
    """``公共基础课836学时，占38.3%`` where these hours are another share of every stated total."""
    wholes = [total.hours for total in _whole_totals(plan) if total.hours]
    wholes += [whole.hours for rows in splits_of(plan).values() if (whole := whole_of(rows)) and whole.hours]
    wholes += [f.figure for f in plan.programme.facts_of("total_hours") if not f.annex and f.figure.value > 0]
    for fact in (f for f in _facts(plan, share) if f.operator == "=" and not f.norm):
        own = [f.figure for f in plan.programme.facts_of(hours) if f.figure.locator == fact.figure.locator]
        quotients = [_Quotient(own[0].value, whole, own[0], "") for whole in wholes if own and whole.value]
        if quotients and all(differs(q.value, fact.figure.value, 2 * _slack(fact)) for q in quotients):
            first, value = quotients[0], number(fact.figure.value)
            what = (
                f"{name}学时比例不一致：{plan.place(fact.figure.locator)}写{number(own[0].value)}学时，占{value}%，"
                f"应为{first.arithmetic}"
            )
            evidence = plan.quotes(fact.figure, first.whole)
            yield Finding("share", what, f"{first.arithmetic}≠{value}%", evidence, (quantity,))


def _bounds(plan: Plan, kind: FactKind, name: str, quantity: QuantityName) -> Iterator[Finding]:
    """``公共基础课学时不低于总学时的25%`` where the plan's own totals give less."""
    facts = [f for f in _facts(plan, kind) if f.operator in (">=", "<=") and not f.subject]
    quotients = list(_practice_quotients(plan) if kind == "practice_share" else _block_quotients(plan, kind))
    for fact in {(f.operator, f.figure.value): f for f in facts}.values():
        least, bound = fact.operator == ">=", fact.figure.value
        if quotients and all((q.value < bound) if least else (q.value > bound) for q in quotients):
            first = quotients[0]
            limit = f"{'不低于' if least else '不超过'}{number(bound)}%"
            what = f"方案自定{name}占比{limit}（{plan.place(fact.figure.locator)}），{first.where}{first.arithmetic}"
            evidence = plan.quotes(fact.figure, first.source, first.whole)
            sign = "<" if least else ">"
            yield Finding("text", what, f"{first.arithmetic}{sign}{number(bound)}%", evidence, (quantity,))


def _facts(plan: Plan, kind: FactKind) -> Iterator[Fact]:
    yield from (f for f in plan.programme.facts_of(kind) if not f.annex and f.unit == "percent")


def _slack(fact: Fact) -> float:
    """Half a unit of the printed number's last digit."""
    found = _PERCENT.findall(fact.words or fact.figure.text)
    decimals = len(found[-1][1]) if found else 2
    return float(0.51 * 10.0 ** -min(decimals, 2))


def _whole_totals(plan: Plan) -> list[StatedTotal]:
    least = _ALL * len(plan.schedule.courses)
    return [t for t in plan.schedule.totals if t.level == 0 and len(t.courses) >= least and t.hours and t.hours.value]


def _practice_quotients(plan: Plan) -> Iterator[_Quotient]:
    for total in _whole_totals(plan):
        if total.practice and total.hours:
            yield _Quotient(total.practice.value, total.hours, total.practice, f"教学进程表{name_of(total)}")
    for rows in splits_of(plan).values():
        whole = whole_of(rows)
        if whole and whole.practice and whole.hours and whole.hours.value:
            where = f"{plan.table_name(whole.table)}{whole.label}"
            yield _Quotient(whole.practice.value, whole.hours, whole.practice, where)


def _block_quotients(plan: Plan, kind: FactKind) -> Iterator[_Quotient]:
    """The hours of public courses (of electives) in the total: as their subtotal states, and by their rows."""
    courses = plan.schedule.courses
    wanted = [
        n for n, c in enumerate(courses) if (c.category == "public" if kind == "public_share" else c.required is False)
    ]
    for total in _whole_totals(plan) if wanted else ():
        yield from _of_rows(plan, wanted, total)


def _of_rows(plan: Plan, rows: Sequence[int], whole: StatedTotal) -> Iterator[_Quotient]:
    if whole.hours is None:
        return
    own = [t for t in plan.schedule.totals if set(t.courses) == set(rows) and t.hours]
    for total in own:
        figure = figure_of(total, "hours")
        if figure:
            yield _Quotient(figure.value, whole.hours, figure, f"教学进程表{name_of(total)}")
    added = sum_rows(plan.schedule, rows, "hours")
    if not own and added.exact and added.terms and not added.gaps:
        yield _Quotient(added.low, whole.hours, None, "教学进程表各行合计")
