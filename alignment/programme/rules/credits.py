"""Hours per credit, row by row and in all, and hours of a practice week."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from alignment.model import Evidence
from alignment.programme.counting.ledger import MILITARY, Ledger
from alignment.programme.counting.structure import taken_rows
from alignment.programme.counting.tally import cell_evidence, effective_choices, plain, unique
from alignment.programme.rules.amounts import Amount, own, quotient, total_amount
from alignment.programme.rules.facts import fact_evidence, said
from alignment.programme.rules.outcome import Answer, Count, compare, unknown
from alignment.programme.rules.totals import no_schedule
from corpora.document import Locator
from corpora.programme.model import Choice, Fact, Figure, PlanCourse
from corpora.standard import Rule

#: Rows that count by weeks (1 week 1 credit), not by hours.
_BY_WEEK = re.compile(
    rf"{MILITARY.pattern}|实习|毕业设计|毕业论文|毕业教育|入学教育|社会实践|劳动周|劳动实践|实训周|素质拓展"
)
#: How many rows the value of a verdict names; its arithmetic names all.
NAMED = 8


@dataclass(frozen=True)
class Ratio:
    """Hours per credit of one row, or of rows that share a credit cell."""

    name: str
    hours: float
    credits: float
    figures: tuple[Figure, ...]
    by_week: bool

    @property
    def value(self) -> float:
        """Hours per credit."""
        return self.hours / self.credits

    @property
    def text(self) -> str:
        """``形势与政策 32÷1=32``."""
        return f"{self.name} {plain(self.hours)}÷{plain(self.credits)}={plain(self.value)}"


def by_week(course: PlanCourse) -> bool:
    """Whether the row is counted in weeks: practice weeks, internship, military training and other activities."""
    in_weeks = course.weeks is not None or any(cell.unit == "weeks" for cell in course.semesters)
    only = bool(course.semesters) and all(cell.unit == "weeks" for cell in course.semesters)
    return (in_weeks and (only or course.category == "practice")) or bool(_BY_WEEK.search(course.name))


def ratios(ledger: Ledger) -> tuple[Ratio, ...]:
    """Every row that has both figures, alternatives of a choice each, rows of one credit cell together."""
    courses = ledger.courses
    shared = [c for c in effective_choices(ledger.schedule, "credits") if _one_cell(c, courses)]
    together = {n for choice in shared for n in choice.courses}
    found = [r for n, c in enumerate(courses) if n not in together and (r := _ratio(c))]
    found += [r for choice in shared if (r := _shared_ratio(choice, courses))]
    return (*found, *_block_ratios(courses))


def _ratio(course: PlanCourse) -> Ratio | None:
    if course.hours is None or course.credits is None or course.credits.value <= 0 or course.hours.value <= 0:
        return None
    figures = (course.hours, course.credits)
    return Ratio(course.name, course.hours.value, course.credits.value, figures, by_week(course))


def _one_cell(choice: Choice, courses: Sequence[PlanCourse]) -> bool:
    """Whether its rows share one credit cell while their hours are cells of their own (or the other way round)."""
    if choice.kind != "merged":
        return False
    credits = {f.locator for n in choice.courses if (f := courses[n].credits)}
    hours = {f.locator for n in choice.courses if (f := courses[n].hours)}
    return len(credits) != len(hours)


def _shared_ratio(choice: Choice, courses: Sequence[PlanCourse]) -> Ratio | None:
    if not choice.hours or not choice.credits:
        return None
    rows = [courses[n] for n in choice.courses]
    figures = tuple(dict.fromkeys(f for c in rows for f in (c.hours, c.credits) if f))
    return Ratio(choice.id, choice.hours, choice.credits, figures, all(map(by_week, rows)))


def _block_ratios(courses: Sequence[PlanCourse]) -> Iterator[Ratio]:
    """Innermost blocks in which a row has hours and no credits beside rows that have credits: taken together."""
    blocks: dict[str, list[PlanCourse]] = {}
    for course in courses:
        blocks.setdefault(course.category_text, []).append(course)
    for name, rows in blocks.items():
        bare = [c for c in rows if c.hours and not c.credits and not by_week(c)]
        rated = [c for c in rows if c.hours and c.credits]
        if "/" in name and bare and rated and len(rows) <= 6:
            hours = sum(c.hours.value for c in (*rated, *bare) if c.hours)
            credits = sum(c.credits.value for c in rated if c.credits)
            figures = tuple(f for c in (*rated, *bare) for f in (c.hours, c.credits) if f)
            if credits > 0:
                yield Ratio(f"{name.rsplit('/', 1)[-1]}合计", hours, credits, figures, False)


def hours_per_credit(ledger: Ledger, rule: Rule) -> Answer:
    """Row by row for what is taught by the hour; in all, with and without practice weeks, as readings."""
    found = ratios(ledger)
    overall = _overall(ledger)
    ordinary = [r for r in found if not r.by_week]
    if not ordinary:
        return _without_rows(ledger, overall)
    count = _row_by_row(ledger, rule, ordinary, "")
    others = (
        [_row_by_row(ledger, rule, found, "按周计的实践环节和军事技能也逐行折算")] if len(found) > len(ordinary) else []
    )
    others += overall
    others += _stated_conversion(ledger)
    missing = sum(1 for c in ledger.courses if not c.placeholder and (c.hours is None or c.credits is None))
    note = "逐行核算按学时授课的课程；按周计的实践环节、军事技能适用“1 周 1 学分”，另列口径"
    return Answer(count, tuple(others), f"{note}；{missing} 行缺学时或学分，未核算" if missing else note)


def _row_by_row(ledger: Ledger, rule: Rule, found: Sequence[Ratio], label: str) -> Count:
    outside = [r for r in found if compare(rule.operator, rule.value, r.value, r.value) != "pass"]
    inside = len(found) - len(outside)
    if outside:
        names = "；".join(r.text for r in outside)
        text = f"{len(found)} 行中 {inside} 行在范围内，{len(outside)} 行不在：{names}"
        more = " 等" if len(outside) > NAMED else ""
        value = (
            f"{len(outside)} 行不在范围内：" + "、".join(f"{r.name} {plain(r.value)}" for r in outside[:NAMED]) + more
        )
        return Count(value, text, _cells(ledger, outside), label, verdict="fail")
    low, high = min(r.value for r in found), max(r.value for r in found)
    span = plain(low) if low == high else f"{plain(low)}~{plain(high)}"
    verdict = compare(rule.operator, rule.value, low, high)
    return Count(span, f"{len(found)} 行全部在范围内（{span}）", _cells(ledger, found[:12]), label, verdict=verdict)


def _cells(ledger: Ledger, found: Iterable[Ratio]) -> tuple[Evidence, ...]:
    document = ledger.programme.document
    return unique(cell_evidence(document, figure, ratio.name) for ratio in found for figure in ratio.figures)


def _overall(ledger: Ledger) -> list[Count]:
    """Quotients of the totals: all of it, and without what is counted by weeks."""
    hours, credits = total_amount(ledger), total_amount(ledger, "credits")
    if hours is None or credits is None or credits.value <= 0 or hours.open or credits.open:
        return []
    counts = [_quotient(hours, credits, "总学时÷总学分")]
    weeks = frozenset(n for n in taken_rows(ledger) if by_week(ledger.courses[n]))
    if weeks - ledger.left_out or weeks - ledger.way("credits").without:
        less_hours, less_credits = hours - own(ledger, weeks), credits - own(ledger, weeks, "credits")
        if less_credits.value > 0 and less_hours.value > 0:
            counts.append(_quotient(less_hours, less_credits, "不计按周计的实践环节和军事技能，其余课程合计折算"))
    return counts


def _quotient(hours: Amount, credits: Amount, label: str) -> Count:
    value = hours.value / credits.value
    evidence = unique((*hours.evidence, *credits.evidence))
    return Count(round(value, 2), f"{quotient(hours, credits)}={plain(value)}", evidence, label, low=value, high=value)


def _without_rows(ledger: Ledger, overall: list[Count]) -> Answer:
    reason = no_schedule(ledger) if not ledger.courses else "课程表没有同时写明学时和学分的课程行"
    return unknown(f"{reason}，无法逐行折算", *overall, *_stated_conversion(ledger))


def _stated_conversion(ledger: Ledger) -> Iterator[Count]:
    """The conversion that the plan states for its courses, both ends of a range together."""
    places: dict[Locator, list[Fact]] = {}
    for fact in said(ledger, "hours_per_credit").state:
        if not re.search(r"周|实践|实训|实习", fact.subject):
            places.setdefault(fact.figure.locator, []).append(fact)
    for facts in places.values():
        values = sorted(fact.figure.value for fact in facts)
        low = float("-inf") if all(f.operator == "<=" for f in facts) else values[0]
        high = float("inf") if all(f.operator == ">=" for f in facts) else values[-1]
        span = plain(values[0]) if values[0] == values[-1] else f"{plain(values[0])}~{plain(values[-1])}"
        evidence = (fact_evidence(ledger, facts[0]),)
        yield Count(span, f"方案规定每学分 {span} 学时", evidence, "按方案自己规定的折算", low=low, high=high)


def practice_week_hours(ledger: Ledger, rule: Rule) -> Answer:
    """Hours per week of the rows that state weeks and hours."""
    rows = [
        (c, c.hours.value / c.weeks.value)
        for c in ledger.courses
        if c.weeks and c.hours and c.weeks.value > 0 and by_week(c)
    ]
    if not rows:
        return unknown("课程表没有同时写明周数和学时的实践环节；应在课程表的实践教学部分")
    document = ledger.programme.document
    evidence = unique(cell_evidence(document, f, c.name) for c, _ in rows for f in (c.hours, c.weeks) if f)
    text = "；".join(_week_text(course, value) for course, value in rows)
    values = [value for _, value in rows]
    verdicts = {compare(rule.operator, rule.value, value, value) for value in values}
    verdict = "fail" if "fail" in verdicts else "cannot_determine" if "cannot_determine" in verdicts else "pass"
    low, high = plain(min(values)), plain(max(values))
    return Answer(Count(low if low == high else f"{low}~{high}", text, evidence, verdict=verdict))  # type: ignore[arg-type]


def _week_text(course: PlanCourse, value: float) -> str:
    hours, weeks = course.hours, course.weeks
    return f"{course.name} {plain(hours.value)}÷{plain(weeks.value)}={plain(value)}" if hours and weeks else course.name
