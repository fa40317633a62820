"""Sums of schedule rows with alternatives counted once, as intervals where a choice leaves the amount open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from alignment.programme.contradictions.plan import differs, number, unique
from corpora.programme.model import Choice, Figure, PlanCourse, Schedule, StatedTotal

Amount = Literal["credits", "hours", "theory", "practice"]
AMOUNTS: tuple[Amount, ...] = ("credits", "hours", "theory", "practice")
#: How an amount is written after its number.
UNITS: dict[Amount, str] = {"credits": "学分", "hours": "学时", "theory": "理论学时", "practice": "实践学时"}


@dataclass(frozen=True)
class Term:
    """One summand: its bounds (equal where it is known) and how it is shown in the arithmetic."""

    low: float
    high: float
    shown: str


@dataclass(frozen=True)
class RowSum:
    """A sum over rows.

    Parameters
    ----------
    terms : summands in the order of the rows, each choice once.
    gaps : indices of the courses whose figure is empty; they count as nothing.
    """

    terms: tuple[Term, ...]
    gaps: tuple[int, ...] = ()

    @property
    def low(self) -> float:
        """The least that the rows add up to."""
        return sum(term.low for term in self.terms)

    @property
    def high(self) -> float:
        """The most that the rows add up to."""
        return sum(term.high for term in self.terms)

    @property
    def exact(self) -> bool:
        """Whether no choice leaves the sum open."""
        return not differs(self.low, self.high)

    def agrees(self, value: float) -> bool:
        """Whether a stated sum can be right."""
        return self.low - 0.011 <= value <= self.high + 0.011

    @property
    def arithmetic(self) -> str:
        """``48+64+32=144``, or with bounds where a choice leaves it open."""
        total = number(self.low) if self.exact else f"{number(self.low)}~{number(self.high)}"
        return f"{'+'.join(term.shown for term in self.terms)}={total}"


def figure_of(holder: PlanCourse | StatedTotal, amount: Amount) -> Figure | None:
    """The figure of one amount of a course or a total, None where its cell is empty."""
    figure: Figure | None = getattr(holder, amount)
    return figure


def stated_value(schedule: Schedule, total: StatedTotal, amount: Amount) -> float | None:
    """What a total states of an amount; theory is hours - practice where all its rows are read so."""
    figure = figure_of(total, amount)
    if figure or amount != "theory" or not total.hours or not total.practice:
        return figure.value if figure else None
    derived = all(schedule.courses[course].theory_derived for course in total.courses)
    return total.hours.value - total.practice.value if derived else None


def sum_rows(schedule: Schedule, courses: Sequence[int], amount: Amount) -> RowSum:
    """Sum of one amount over rows, alternatives counted once.

    A choice whose options are not all among the rows counts like ordinary rows, save that figures of one merged cell
    count once: the subtotal of one direction sums that direction.
    """
    wanted, terms = set(courses), []
    done: set[int] = set()
    for choice in _whole_choices(schedule, wanted):
        if not done & set(choice.courses):
            done.update(choice.courses)
            terms.append((min(choice.courses), choice_term(schedule, choice, amount)))
    rest = [course for course in courses if course not in done]
    known = [(course, figure) for course in rest if (figure := figure_of(schedule.courses[course], amount))]
    shown = set(map(id, unique(figure for _, figure in known)))
    terms += [(course, _row_term(figure)) for course, figure in known if id(figure) in shown]
    gaps = tuple(course for course in rest if figure_of(schedule.courses[course], amount) is None)
    return RowSum(tuple(term for _, term in sorted(terms, key=lambda item: item[0])), gaps)


def _row_term(figure: Figure) -> Term:
    return Term(figure.value, figure.value, number(figure.value))


def _whole_choices(schedule: Schedule, wanted: set[int]) -> Iterator[Choice]:
    """Choices with at least two options among the rows, the widest first."""
    for choice in sorted(schedule.choices, key=lambda choice: -len(choice.courses)):
        inside = [option for option in choice.options if wanted.issuperset(option)]
        if len(inside) > 1 and len(inside) == len(choice.options):
            yield choice


def choice_term(schedule: Schedule, choice: Choice, amount: Amount) -> Term:
    """What a choice counts for: stated, or the same for every option, or open between bounds."""
    stated: float | None = getattr(choice, amount)
    if stated is not None:
        return Term(stated, stated, number(stated))
    options = sorted(_option_sum(schedule, option, amount) for option in choice.options)
    take = choice.take if choice.take is not None else len(options)
    low = sum(options[:take]) if choice.take is not None else 0.0
    high = sum(options[-take:]) if take else 0.0
    return Term(low, high, number(low) if not differs(low, high) else f"({number(low)}~{number(high)})")


def _option_sum(schedule: Schedule, option: Sequence[int], amount: Amount) -> float:
    figures = (figure_of(schedule.courses[course], amount) for course in option)
    return sum(figure.value for figure in unique(figure for figure in figures if figure))


def nested_totals(schedule: Schedule, total: StatedTotal, amount: Amount) -> tuple[StatedTotal, ...]:
    """The widest subtotals inside a total that state the amount, one of each choice between whole lists."""
    own = set(total.courses)
    inside = [
        other
        for other in schedule.totals
        if other is not total
        and other.courses
        and stated_value(schedule, other, amount) is not None
        and (own > set(other.courses) or (own == set(other.courses) and other.level > total.level))
    ]
    inside.sort(key=lambda other: (-len(other.courses), other.level))
    kept: list[StatedTotal] = []
    covered: set[int] = set()
    for other in inside:
        if not covered & set(other.courses):
            kept.append(other)
            covered.update(_with_alternatives(schedule, other.courses))
    return tuple(sorted(kept, key=lambda other: other.courses[0]))


def _with_alternatives(schedule: Schedule, courses: Sequence[int]) -> set[int]:
    """The rows of a subtotal, and the other directions that stand beside them."""
    own = set(courses)
    for choice in schedule.choices:
        if choice.kind == "direction" and any(own == set(option) for option in choice.options):
            return own | set(choice.courses)
    return own


def sum_subtotals(schedule: Schedule, total: StatedTotal, amount: Amount) -> RowSum | None:
    """Sum of the stated subtotals inside a total and of the rows that none of them covers; None without subtotals."""
    nested = nested_totals(schedule, total, amount)
    if not nested:
        return None
    covered = set().union(*(_with_alternatives(schedule, other.courses) for other in nested))
    rest = sum_rows(schedule, [course for course in total.courses if course not in covered], amount)
    stated = [value for other in nested if (value := stated_value(schedule, other, amount)) is not None]
    terms = [Term(value, value, number(value)) for value in stated]
    return RowSum((*terms, *rest.terms), rest.gaps)
