"""Stated subtotals and totals against the rows and the subtotals that they sum."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from alignment.programme.contradictions.counting import (
    AMOUNTS,
    UNITS,
    Amount,
    RowSum,
    figure_of,
    nested_totals,
    stated_value,
    sum_rows,
    sum_subtotals,
)
from alignment.programme.contradictions.plan import Finding, Plan, differs, number
from alignment.programme.quantities import QuantityName
from corpora.programme.model import Figure, StatedTotal

#: Most rows among which pairs are tried as the reason of a difference.
_PAIRS_AMONG = 40
#: Most subtotals that may be wrong while their total is right.
_MOST_MENDED = 3
_TURNS: dict[Amount, tuple[QuantityName, ...]] = {
    "hours": ("total_hours", "hours_per_credit"),
    "credits": ("hours_per_credit",),
    "theory": ("practice_share",),
    "practice": ("practice_share",),
}


@dataclass(frozen=True)
class _Miss:
    """One amount of a total that its rows do not add up to; ``difference`` is rows - stated."""

    amount: Amount
    stated: Figure
    rows: RowSum

    @property
    def difference(self) -> float:
        return self.rows.low - self.stated.value


@dataclass
class _Case:
    """The totals of one block (学时小计, 学分小计) with their misses, and the outer totals that only carry them on."""

    totals: tuple[StatedTotal, ...]
    misses: list[_Miss]
    carried: list[tuple[StatedTotal, list[_Miss]]] = field(default_factory=list)

    @property
    def courses(self) -> tuple[int, ...]:
        return self.totals[0].courses


def find(plan: Plan) -> Iterator[Finding]:
    """Totals that are not the sum of their rows, inner ones first; an outer total that carries the same error joins."""
    cases: list[_Case] = []
    for totals in _by_block(plan):
        misses = [miss for total in totals for miss in _misses(plan, total)]
        if misses:
            cases.append(_Case(totals, misses))
        else:
            for total in totals:
                _carry(plan, total, cases)
    yield from (_finding(plan, case) for case in cases)


def _by_block(plan: Plan) -> Iterator[tuple[StatedTotal, ...]]:
    """Totals over the same rows of one block together, inner ones first."""
    groups: dict[tuple[int, tuple[int, ...], str], list[StatedTotal]] = {}
    for total in plan.schedule.totals:
        groups.setdefault((-total.level, total.courses, total.block), []).append(total)
    yield from (tuple(groups[key]) for key in sorted(groups))


def _misses(plan: Plan, total: StatedTotal) -> Iterator[_Miss]:
    for amount in AMOUNTS:
        stated = figure_of(total, amount)
        if stated is None or not total.courses:
            continue
        rows = sum_rows(plan.schedule, total.courses, amount)
        inner = sum_subtotals(plan.schedule, total, amount)
        if rows.agrees(stated.value) or (inner and inner.agrees(stated.value)):
            continue
        if inner and inner.exact and _mended(plan, total, amount, stated.value - inner.low):
            continue
        shown = inner or rows
        if _sure(plan, amount, stated, shown):
            yield _Miss(amount, stated, shown)


def _mended(plan: Plan, total: StatedTotal, amount: Amount, missing: float) -> bool:
    """Whether a total is right once some of the wrong subtotals inside it are replaced by what they should sum."""
    return _explained(plan, nested_totals(plan.schedule, total, amount), amount, missing)


def _explained(plan: Plan, totals: Sequence[StatedTotal], amount: Amount, missing: float) -> bool:
    """Whether what some of these subtotals lack of their rows is just what is missing."""
    gaps = [gap for other in totals if (gap := _gap(plan, other, amount))]
    sizes = range(1, min(len(gaps), _MOST_MENDED) + 1)
    return any(not differs(sum(chosen), missing) for size in sizes for chosen in combinations(gaps, size))


def _gap(plan: Plan, total: StatedTotal, amount: Amount) -> float:
    """What a subtotal lacks of its own subtotals, or of its rows; 0 where it is right or nothing is sure."""
    stated = stated_value(plan.schedule, total, amount)
    sums = (sum_subtotals(plan.schedule, total, amount), sum_rows(plan.schedule, total.courses, amount))
    found = [one for one in sums if one is not None]
    if stated is None or any(one.agrees(stated) for one in found):
        return 0.0
    return next((one.low - stated for one in found if one.exact and not one.gaps), 0.0)


def _sure(plan: Plan, amount: Amount, stated: Figure, rows: RowSum) -> bool:
    """Whether empty cells, open choices or a wholly empty column cannot explain the difference."""
    if not rows.terms or not rows.exact:
        return bool(rows.terms) and stated.value > rows.high and not rows.gaps
    unknown = [plan.schedule.courses[gap] for gap in rows.gaps]
    if amount in ("hours", "credits"):
        return not unknown or stated.value < rows.low
    # An empty theory or practice cell beside known hours may stand for all of them.
    open_hours = sum(
        course.hours.value for course in unknown if course.hours and not (course.theory or course.practice)
    )
    return not rows.low < stated.value <= rows.low + open_hours + 0.011


def _carry(plan: Plan, total: StatedTotal, cases: Sequence[_Case]) -> None:
    """Note an outer total that agrees with its subtotals and so carries their error on."""
    for case in cases:
        if total.level < case.totals[0].level and set(case.courses) <= set(total.courses):
            amounts = {miss.amount for miss in case.misses}
            wrong = any(
                figure is not None and not sum_rows(plan.schedule, total.courses, amount).agrees(figure.value)
                for amount in amounts
                for figure in (figure_of(total, amount),)
            )
            carried = [miss for miss in case.misses if wrong and _carries(plan, total, case, miss)]
            if carried:
                case.carried.append((total, carried))


def _carries(plan: Plan, total: StatedTotal, case: _Case, miss: _Miss) -> bool:
    """Whether an outer total counts the wrong subtotal itself and not what it should be."""
    stated = figure_of(total, miss.amount)
    inner = sum_subtotals(plan.schedule, total, miss.amount)
    if stated is None or inner is None or inner.agrees(stated.value):
        return stated is not None
    own = [other for other in nested_totals(plan.schedule, total, miss.amount) if other not in case.totals]
    return _explained(plan, own, miss.amount, stated.value - inner.low)


def _finding(plan: Plan, case: _Case) -> Finding:
    misses = case.misses
    stated = "、".join(f"{number(miss.stated.value)}{UNITS[miss.amount]}" for miss in misses)
    summed = "、".join(f"{number(miss.rows.low)}{UNITS[miss.amount]}" for miss in misses)
    reason = _reason(plan, case.courses, misses)
    named = "".join(f"；{_why(plan, misses, course)}" for course in reason)
    carried = "；" + "、".join(_carried(plan, *outer) for outer in case.carried) if case.carried else ""
    what = f"{_name(case)}写{stated}，所列各行合计{summed}{named}{carried}"
    arithmetic = "；".join(_arithmetic(miss) for miss in misses)
    sources = [miss.stated for miss in misses]
    carried_figures = [figure_of(outer, miss.amount) for outer, carries in case.carried for miss in carries]
    rows = [plan.schedule.courses[course] for course in reason]
    evidence = plan.quotes(*sources, *rows, *carried_figures)
    return Finding("sum", what, arithmetic, evidence, _turns(plan, case))


def _name(case: _Case) -> str:
    """The block's 小计 where several rows state it, else the row's own name."""
    if len({miss.stated.locator.row for miss in case.misses}) == 1:
        held = [t for t in case.totals if any(figure_of(t, m.amount) is m.stated for m in case.misses)]
        return name_of(held[0])
    block = case.totals[0].block.split("/")[-1]
    return f"{block}小计" if block else "合计"


def name_of(total: StatedTotal) -> str:
    """A total by its block and label (公共基础课程小计)."""
    block = total.block.split("/")[-1] if total.block else ""
    return total.label if not block or block[:2] in total.label else f"{block}{total.label}"


def _arithmetic(miss: _Miss) -> str:
    return f"{miss.rows.arithmetic}≠{number(miss.stated.value)}（{UNITS[miss.amount]}）"


def _carried(plan: Plan, outer: StatedTotal, misses: Sequence[_Miss]) -> str:
    figures = [(figure, miss.amount) for miss in misses if (figure := figure_of(outer, miss.amount))]
    shown = "、".join(f"{number(figure.value)}{UNITS[amount]}" for figure, amount in figures)
    return f"{name_of(outer)}（{plan.place(outer.locator)}）的{shown}也随之如此"


def _why(plan: Plan, misses: Sequence[_Miss], course: int) -> str:
    row = plan.schedule.courses[course]
    parts = [
        f"{number(figure.value)}{UNITS[miss.amount]}" for miss in misses if (figure := figure_of(row, miss.amount))
    ]
    return f"“{row.name}”（{plan.place(row.locator)}，{'、'.join(parts)}）列出而未计入"


def _reason(plan: Plan, courses: Sequence[int], misses: Sequence[_Miss]) -> tuple[int, ...]:
    """The row, or the two rows, whose figures equal every difference; nothing when more than one answer fits."""
    misses = [miss for miss in misses if miss.amount in ("credits", "hours")] or misses
    if any(miss.difference <= 0 for miss in misses):
        return ()
    single = [(course,) for course in courses if _explains(plan, (course,), misses)]
    if len(single) == 1:
        return single[0]
    if single or len(misses) < 2 or len(courses) > _PAIRS_AMONG:
        return ()
    pairs = [pair for pair in combinations(courses, 2) if _explains(plan, pair, misses)]
    return pairs[0] if len(pairs) == 1 else ()


def _explains(plan: Plan, courses: Sequence[int], misses: Sequence[_Miss]) -> bool:
    return all(
        not differs(
            sum(
                figure.value
                for course in courses
                if (figure := figure_of(plan.schedule.courses[course], miss.amount)) is not None
            ),
            miss.difference,
        )
        for miss in misses
    )


def _turns(plan: Plan, case: _Case) -> tuple[QuantityName, ...]:
    found = [quantity for miss in case.misses for quantity in _TURNS[miss.amount]]
    courses = [plan.schedule.courses[index] for index in case.courses]
    inner = case.totals[0].level and courses
    if inner and all(course.category == "public" for course in courses):
        found.append("public_share")
    if inner and all(course.required is False for course in courses):
        found.append("elective_share")
    return tuple(dict.fromkeys(found))
