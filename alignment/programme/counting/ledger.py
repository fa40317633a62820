"""How a plan itself adds up: which rows it counts, its subtotals, its totals stated and recomputed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from math import inf, isnan
from typing import Literal

from alignment.programme.counting.tally import Measure, Read, Tally, Term, effective_choices, plain, reader, tally
from corpora.bundle import part_of
from corpora.document import Locator
from corpora.programme.model import Fact, FactKind, Figure, PlanCourse, Programme, StatedTotal

#: Rows that plans often print without adding them.
MILITARY = re.compile(r"军事技能|军训|军事训练|军政训练|军事实践|国防训练")
ASIDE = re.compile(rf"{MILITARY.pattern}|入学教育|毕业教育|社会实践|劳动|入伍")
_BRACKETED = re.compile(r"[（(]\s*\d+(?:\.\d+)?\s*[)）]")
_THEORY = re.compile(r"理论")
TOTAL_FACTS: dict[Measure, FactKind] = {
    "hours": "total_hours",
    "credits": "total_credits",
    "theory": "theory_hours",
    "practice": "practice_hours",
}
#: A printed total further off than this share of what the rows give is taken for a slip.
FAULTY = 0.15
#: From which share of the rows on a total without a block is one of the whole plan.
WHOLE = 0.8
#: Bounds of hours for a week or a credit in any plan, where a row states no hours.
LEAST_HOURS, MOST_HOURS = 10.0, 36.0

Basis = Literal["subtotals", "rows"]


@dataclass(frozen=True)
class Stated:
    """A total that the plan prints, and where; ``rough`` for 约 2600."""

    figure: Figure
    where: str
    rough: bool = False


@dataclass(frozen=True)
class Total:
    """The plan's total of one measure.

    Parameters
    ----------
    value : what the rules use; None where neither a total is printed nor rows give one.
    stated : the printed total that is used, None where the recomputed one is.
    computed : the sum that the plan's way of adding gives, None without rows.
    others : printed totals that are not used.
    why : which is used and why, in Chinese.
    """

    value: float | None
    stated: Stated | None = None
    computed: Tally | None = None
    others: tuple[Stated, ...] = ()
    why: str = ""

    @property
    def reproduced(self) -> bool:
        """Whether the printed total is what the sum gives."""
        return bool(self.stated and self.computed and near(self.stated.figure.value, self.computed.low))


@dataclass(frozen=True)
class Way:
    """A way of adding: by stated subtotals or by rows, and which rows it leaves out."""

    basis: Basis
    without: frozenset[int] = field(default_factory=frozenset)


def near(one: float, other: float) -> bool:
    """Whether two sums are the same but for rounding of their summands."""
    return abs(one - other) <= 0.5 + 1e-9 if max(abs(one), abs(other)) > 300 else abs(one - other) <= 0.05


def is_military(course: PlanCourse) -> bool:
    """Whether the row is the military training itself, not its theory."""
    return bool(MILITARY.search(course.name)) and not _THEORY.search(course.name)


def in_brackets(course: PlanCourse) -> bool:
    """Whether the row's hours stand in brackets, as plans print what they do not count: ``(108)``."""
    return course.hours is not None and bool(_BRACKETED.fullmatch(course.hours.text.strip()))


def _may_stand_aside(course: PlanCourse) -> bool:
    named = ASIDE.search(course.name) and not _THEORY.search(course.name)
    return bool(named) or in_brackets(course)


class Ledger:
    """A programme's rows and totals, added up as the plan adds them.

    ``way`` of a measure is the one that reproduces the printed total: the stated subtotals, the rows, or the rows
    without some that plans print but do not count (军事技能 …). Where nothing does, subtotals that can be right are
    kept and the others replaced by their rows.
    """

    def __init__(self, programme: Programme) -> None:
        self.programme = programme
        self.schedule = programme.schedule
        self.courses = programme.schedule.courses
        self.everything = frozenset(range(len(self.courses)))
        self._ways: dict[Measure, Way] = {}
        self._totals: dict[Measure, Total] = {}

    def pick(self, *categories: str, required: tuple[bool | None, ...] = (True, False, None)) -> frozenset[int]:
        """Rows of the given categories (all for none) that are compulsory, elective or of a direction as asked."""
        return frozenset(
            n
            for n, c in enumerate(self.courses)
            if c.required in required and (not categories or c.category in categories)
        )

    @cached_property
    def military(self) -> frozenset[int]:
        """The rows of military training."""
        return frozenset(n for n, course in enumerate(self.courses) if is_military(course))

    @property
    def left_out(self) -> frozenset[int]:
        """Rows that are printed but not part of the total hours."""
        return self.way("hours").without

    def rows(self, selection: Iterable[int], measure: Measure = "hours", read: Read | None = None) -> Tally:
        """The selected rows as printed, choices once."""
        return tally(self.schedule, selection, measure, read or _reads(measure))

    def own(self, selection: Iterable[int], measure: Measure = "hours") -> Tally:
        """The selected rows as the plan adds them."""
        return self._by(self.way(measure), frozenset(selection), measure)

    def way(self, measure: Measure) -> Way:
        """How the plan adds a measure up."""
        if measure not in self._ways:
            self._ways[measure] = self._find_way(measure)
        return self._ways[measure]

    def total(self, measure: Measure = "hours") -> Total:
        """The plan's total, with what is printed beside what the rows give."""
        if measure not in self._totals:
            self._totals[measure] = self._find_total(measure)
        return self._totals[measure]

    def stated_totals(self, measure: Measure) -> tuple[Stated, ...]:
        """Every printed total of the measure: of the schedule, of share tables, of the text."""
        found = [*self._schedule_totals(measure), *self._share_totals(measure)]
        facts = [f for f in self.programme.facts_of(TOTAL_FACTS[measure]) if is_stated(f) and not f.annex]
        found += [Stated(f.figure, "正文", f.operator == "~") for f in facts]
        return tuple({(s.figure.value, s.where): s for s in found}.values())

    def _schedule_totals(self, measure: Measure) -> Iterator[Stated]:
        for total in self.schedule.totals:
            figure = _total_figure(total, measure)
            if self._is_whole(total) and figure is not None:
                yield Stated(figure, f"课程表“{total.label}”行")

    def _is_whole(self, total: StatedTotal) -> bool:
        """Whether a printed total sums the plan, not only the table or the block that it stands under."""
        covered = len(total.courses) >= WHOLE * len(self.courses)
        return total.level == 0 and (covered or not total.courses)

    def _share_totals(self, measure: Measure) -> Iterator[Stated]:
        for row in self.programme.shares:
            figure: Figure | None = getattr(row, measure)
            if row.total and figure is not None:
                yield Stated(figure, f"{self._file(row.locator)}统计表“{row.label}”")

    def _file(self, locator: Locator) -> str:
        """The file of a place, where the plan is of several."""
        part = part_of(self.programme.document, locator)
        return f"《{part.name}》" if part else ""

    def open_rows(self, measure: Measure) -> tuple[int, ...]:
        """Rows that count and have no such figure, so that a sum over rows is only a least one."""
        read = reader(measure)
        settled = {n for c in self.schedule.choices if getattr(c, measure) is not None for n in c.courses}
        counted = sorted(self.everything - self.way(measure).without - settled)
        return tuple(n for n in counted if read(self.courses[n]) is None and not self.courses[n].placeholder)

    def open_amount(self, measure: Measure) -> float:
        """The most that rows without a figure can add to a sum: by their weeks, credits or hours, or no end."""
        if measure in ("theory", "practice"):
            return 0.0
        return sum(_most(self.courses[n], measure) for n in self.open_rows(measure))

    def _by(self, way: Way, selection: frozenset[int], measure: Measure) -> Tally:
        chosen = selection - way.without
        if way.basis == "rows":
            return self.rows(chosen, measure)
        terms, covered = [], set[int]()
        for total, figure in self._subtotals(measure):
            rows = frozenset(total.courses)
            if rows <= selection and not rows & covered and self._credible(rows, figure.value, measure):
                terms.append(_subtotal_term(total, figure))
                covered |= rows
        rest = self.rows(chosen - covered, measure)
        ordered = sorted((*terms, *rest.terms), key=lambda term: min(term.courses, default=0))
        return Tally(tuple(ordered), rest.missing)

    def _subtotals(self, measure: Measure) -> list[tuple[StatedTotal, Figure]]:
        """Printed subtotals that hold whole choices only, those of outer blocks first."""
        homes = {n: c for c in effective_choices(self.schedule, measure) for n in c.courses}
        found = []
        for total in self.schedule.totals:
            figure, rows = _total_figure(total, measure), set(total.courses)
            whole = all(set(homes[n].courses) <= rows for n in rows if n in homes)
            if rows and whole and figure is not None and not self._is_whole(total):
                found.append((total, figure))
        return sorted(found, key=lambda pair: -len(pair[0].courses))

    def _credible(self, rows: frozenset[int], value: float, measure: Measure) -> bool:
        """Whether a printed subtotal can be right: what its rows give, the rows without some, or not far from it."""
        full = self.rows(rows, measure)
        if full.low - 0.5 <= value <= full.high + 0.5 or full.missing:
            return True
        electives = all(self.courses[n].required is False for n in rows)
        if electives and 0 < value < full.high:
            return True
        if any(near(value, self.rows(rows - set(aside), measure).low) for aside in self._asides(rows)):
            return True
        return abs(value - full.low) <= FAULTY * full.low

    def _asides(self, rows: Iterable[int]) -> Iterator[tuple[int, ...]]:
        """Sets of rows that a plan may print without counting them, small ones and military training first."""
        aside = [n for n in sorted(rows) if _may_stand_aside(self.courses[n])]
        ordered = sorted(aside, key=lambda n: not (n in self.military or in_brackets(self.courses[n])))[:6]
        for size in range(1, len(ordered) + 1):
            yield from combinations(ordered, size)

    def _find_way(self, measure: Measure) -> Way:
        printed = [s.figure.value for s in self.stated_totals(measure)]
        ways = [Way("subtotals"), Way("rows"), *(Way("rows", frozenset(a)) for a in self._asides(self.everything))]
        for way in ways:
            found = self._by(way, self.everything, measure)
            if any(near(found.low, value) or near(found.high, value) for value in printed):
                return Way(way.basis, way.without | self._uncounted(way, measure))
        if measure in ("theory", "practice"):
            return self.way("hours")
        aside = frozenset(n for n, course in enumerate(self.courses) if in_brackets(course)) if not printed else ()
        return Way("subtotals", self._uncounted(Way("subtotals"), measure).union(aside))

    def _uncounted(self, way: Way, measure: Measure) -> frozenset[int]:
        """Rows that the printed subtotals leave out."""
        found: set[int] = set()
        if way.basis == "subtotals":
            for total, figure in self._subtotals(measure):
                rows = frozenset(total.courses)
                if not near(figure.value, self.rows(rows, measure).low):
                    asides = self._asides(rows)
                    fitting = (a for a in asides if near(figure.value, self.rows(rows - set(a), measure).low))
                    found |= set(next(fitting, ()))
        return frozenset(found)

    def _find_total(self, measure: Measure) -> Total:
        printed = self.stated_totals(measure)
        computed = self.own(self.everything, measure) if self.courses else None
        if computed is None or not computed.terms:
            return _only_stated(printed)
        exact = next(
            (s for s in printed if near(s.figure.value, computed.low) or near(s.figure.value, computed.high)), None
        )
        if exact:
            return Total(exact.figure.value, exact, computed, _others(printed, exact), "")
        exactly = [s for s in printed if not s.rough]
        best = min(exactly, key=lambda s: abs(s.figure.value - computed.low), default=None)
        if best is None:
            return Total(computed.low, None, computed, printed, "方案没有写出确切的合计，按课程表逐行相加")
        return self._judged(best, printed, computed, measure)

    def _judged(self, best: Stated, printed: tuple[Stated, ...], computed: Tally, measure: Measure) -> Total:
        """A printed total that the rows do not give: used unless it is so far off that it must be a slip."""
        value, rows = best.figure.value, computed.low
        gap = f"{best.where}所印合计 {plain(value)}，按课程表复算为 {plain(rows)}，相差 {plain(abs(value - rows))}"
        complete = not [n for n in computed.missing if n not in self.military and not self.courses[n].placeholder]
        if abs(value - rows) > FAULTY * max(rows, 1.0) and complete and measure in ("hours", "credits"):
            return Total(rows, None, computed, printed, f"{gap}；差得太多，印的合计不可信，采用复算值")
        missing = "" if complete else f"（课程表有 {len(computed.missing)} 行没有数）"
        return Total(value, best, computed, _others(printed, best), f"{gap}{missing}；按方案所印的合计计")


def _most(course: PlanCourse, measure: Measure) -> float:
    """The most hours (credits) that a row's weeks or credits (hours) can stand for."""
    weeks, credits, hours = course.weeks, course.credits, course.hours
    if measure == "credits":
        return hours.value / LEAST_HOURS if hours else 2 * weeks.value if weeks else inf
    return MOST_HOURS * weeks.value if weeks else MOST_HOURS * credits.value if credits else inf


def is_norm(fact: Fact) -> bool:
    """Whether the plan only repeats a requirement or promises something there."""
    return fact.norm


def is_stated(fact: Fact) -> bool:
    """Whether the plan reports a number there, not a bound and no promise."""
    return not is_norm(fact) and fact.operator in ("=", "~") and not isnan(fact.figure.value)


def _others(printed: Iterable[Stated], used: Stated) -> tuple[Stated, ...]:
    return tuple(s for s in printed if not near(s.figure.value, used.figure.value))


def _only_stated(printed: tuple[Stated, ...]) -> Total:
    if not printed:
        return Total(None, why="课程表没有读出可相加的数，方案也没有写出合计")
    return Total(printed[0].figure.value, printed[0], None, _others(printed, printed[0]), "课程表没有读出，无法复算")


def _subtotal_term(total: StatedTotal, figure: Figure) -> Term:
    label = f"{total.block}{'' if total.label in total.block else ' ' + total.label}".strip()
    return Term(label, figure.value, figure.value, (("", figure),), total.courses, stated=True)


def _total_figure(total: StatedTotal, measure: Measure) -> Figure | None:
    figure: Figure | None = getattr(total, measure)
    return figure


def _reads(measure: Measure) -> Read:
    """The measure's column; for practice, also the hours of a practice row that is not split."""
    return practice_of if measure == "practice" else reader(measure)


def practice_of(course: PlanCourse) -> Figure | None:
    """Hours of practice of a row: its own cell, or all hours of a practice row without any split."""
    unsplit = course.practice is None and (course.theory is None or course.theory.value == 0)
    return course.hours if unsplit and course.category == "practice" else course.practice
