"""How long the internship is: months as stated, weeks as scheduled, and every way from the one to the other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from alignment.model import Evidence
from alignment.programme.counting.ledger import Ledger
from alignment.programme.counting.structure import taken_rows
from alignment.programme.counting.tally import cell_evidence, place_evidence, plain, unique
from alignment.programme.rules.facts import fact_count, fact_evidence, fact_text, said
from alignment.programme.rules.outcome import Answer, Count, accepted, unknown
from corpora.document import Locator
from corpora.programme.model import Figure, PlanCourse, WeekRow
from corpora.standard import Rule

#: The internship at the workplace; visits and practice within courses are none.
INTERNSHIP = re.compile(r"实习")
_OTHER = re.compile(
    r"认识实习|认知实习|见习|实习教育|实习动员|教学实习|课程实习|实习报告|实习总结|实习指导|金工实习|电工实习"
)
#: What tells the internship from a column that holds practice of every kind (实习实训).
_AT_WORK = re.compile(r"(顶岗|岗位|跟岗|毕业|临床|生产|企业)实习")
WEEKS_A_MONTH = 4.0
DAYS_A_MONTH = 30.4
#: Weekly hours from which a semester cell is whole days at the workplace.
_FULL_WEEK = 16.0
_MISSING = "没有找到岗位实习的月数或周数；应在课程表的实习行、教学时间分配表或实习安排说明中"


@dataclass(frozen=True)
class Span:
    """A length of the internship in weeks, from one place of the plan."""

    weeks: float
    text: str
    where: str
    evidence: tuple[Evidence, ...]


def is_internship(name: str) -> bool:
    """Whether a row or column is the internship at the workplace."""
    mixed = "实训" in name and not _AT_WORK.search(name)
    return bool(INTERNSHIP.search(name)) and not _OTHER.search(name) and not mixed


def internship_months(ledger: Ledger, rule: Rule) -> Answer:
    """Months as the plan states them, else its weeks as months."""
    spans, months = tuple(_spans(ledger)), said(ledger, "internship_months")
    different = {span.weeks: span for span in reversed(spans)}
    stated = [*months.state, *(() if spans else months.norms)]
    readings = [c for span in spans if different[span.weeks] is span for c in _as_months(span, rule)]
    promised = [fact_count(ledger, f, f"按方案的要求：{fact_text(f)}") for f in months.norms if f not in stated]
    from_credits = list(_from_credits(ledger, rule)) if not spans else []
    if stated:
        first = stated[0]
        others = [fact_count(ledger, f, "按另一处所写的月数") for f in stated[1:]]
        return Answer(_longer(fact_count(ledger, first), rule), (*others, *promised, *readings), _disagreement(spans))
    if not spans:
        return unknown(_MISSING, *promised, *from_credits)
    first_reading = replace(readings[0], label="")
    others = [*readings[1:], *promised]
    if (extra := _at_least(readings[0], rule)) is not None:
        others.append(extra)
    return Answer(first_reading, tuple(others), _disagreement(spans) or "方案没有写月数，由周数折算")


def _longer(count: Count, rule: Rule) -> Count:
    """At least the months asked for, where the rule names a usual length: met."""
    bounds = accepted(rule.operator, rule.value)
    if bounds and rule.operator == "=" and count.low == bounds[0] and count.high == float("inf"):
        return replace(count, verdict="pass")
    return count


def _as_months(span: Span, rule: Rule) -> Iterator[Count]:
    """Weeks as months: by four weeks a month, and by the calendar."""
    four, calendar = span.weeks / WEEKS_A_MONTH, span.weeks * 7 / DAYS_A_MONTH
    text = f"{span.text}，{plain(span.weeks)} 周÷4={plain(four)} 个月"
    bounds = accepted(rule.operator, rule.value)
    asked = bounds[0] if bounds and bounds[0] == bounds[1] else None
    if asked is not None and calendar <= asked < four:  # 25 or 26 weeks are six months by the calendar
        text = f"{text}（按日历 {plain(span.weeks)}×7÷30.4={plain(calendar)} 个月）"
        yield Count(asked, text, span.evidence, f"{span.where}，按月折算")
    else:
        yield Count(round(four, 2), text, span.evidence, f"{span.where}，按 4 周 1 个月")
    label = f"{span.where}，按日历月"
    yield Count(
        round(calendar, 1),
        f"{plain(span.weeks)}×7÷30.4={plain(calendar)} 个月",
        span.evidence,
        label,
        low=calendar,
        high=calendar,
    )


def _at_least(count: Count, rule: Rule) -> Count | None:
    """A longer internship than the usual one, read as meeting it."""
    bounds = accepted(rule.operator, rule.value)
    if rule.operator != "=" or not bounds or not isinstance(count.value, int | float) or count.value <= bounds[1]:
        return None
    label = f"把“一般为 {plain(bounds[0])} 个月”理解为不少于"
    return replace(count, label=label, verdict="pass")


def _disagreement(spans: Sequence[Span]) -> str:
    values = {span.weeks for span in spans}
    if len(values) < 2:
        return ""
    return "各处周数不一：" + "；".join(f"{span.where} {plain(span.weeks)} 周" for span in spans)


def internship_weeks(ledger: Ledger, _rule: Rule) -> Answer:
    """Weeks of the internship, the schedule's before the text's and the week table's."""
    spans = tuple(_spans(ledger))
    if not spans:
        months = said(ledger, "internship_months").state
        others = [
            Count(f.figure.value * WEEKS_A_MONTH, f"{fact_text(f)}×4", (fact_evidence(ledger, f),), "按月数×4 周")
            for f in months
        ]
        return unknown(_MISSING, *others)
    counts = [Count(span.weeks, span.text, span.evidence, span.where) for span in spans]
    return Answer(replace(counts[0], label=""), tuple(counts[1:]), _disagreement(spans))


def internship_credits(ledger: Ledger, _rule: Rule) -> Answer:
    """Credits of the internship's rows, else as the text states them."""
    rows = [c for c in internship_rows(ledger) if c.credits]
    facts = said(ledger, "internship_credits")
    stated = [fact_count(ledger, f, "按正文所写的实习学分") for f in (*facts.state, *facts.norms)]
    if not rows:
        return Answer(stated[0], tuple(stated[1:])) if stated else unknown("没有找到岗位实习的学分；应在课程表的实习行")
    figures = [(c.name, c.credits) for c in rows if c.credits]
    value = sum(f.value for _, f in figures)
    text = "+".join(plain(f.value) for _, f in figures)
    evidence = unique(cell_evidence(ledger.programme.document, f, name) for name, f in figures)
    return Answer(Count(value, f"{text}={plain(value)}" if len(figures) > 1 else text, evidence), tuple(stated))


def internship_rows(ledger: Ledger) -> list[PlanCourse]:
    """The schedule's rows of the internship."""
    return [course for n in taken_rows(ledger) if is_internship((course := ledger.courses[n]).name)]


def _spans(ledger: Ledger) -> Iterator[Span]:
    """Every length in weeks that the plan gives: schedule, text, table of weeks."""
    if scheduled := _scheduled(ledger):
        yield scheduled
    facts = said(ledger, "internship_weeks")
    for fact in (*facts.state, *facts.norms):
        where = "附件" if fact.annex else "正文"
        yield Span(
            fact.figure.value, f"{where}写{fact_text(fact)}", f"按{where}所写周数", (fact_evidence(ledger, fact),)
        )
    yield from _tabled(ledger)


def _scheduled(ledger: Ledger) -> Span | None:
    parts = [(course, weeks) for course in internship_rows(ledger) if (weeks := weeks_of(course))]
    if not parts:
        return None
    document = ledger.programme.document
    evidence = unique(
        place_evidence(document, locator, text, course.name) for course, found in parts for _, text, locator in found
    )
    values = [value for _, found in parts for value, _, _ in found]
    text = "课程表 " + "；".join(f"{course.name} " + "+".join(plain(v) for v, _, _ in found) for course, found in parts)
    total = f"={plain(sum(values))} 周" if len(values) > 1 else " 周"
    return Span(sum(values), text + total, "按课程表的周数", evidence)


def weeks_of(course: PlanCourse) -> list[tuple[float, str, Locator]]:
    """(weeks, text, place) of a row: its semester cells in weeks, its weeks, or hours over whole weeks' hours."""
    cells = [(c.value, c.text, c.locator) for c in course.semesters if c.unit == "weeks" and c.value]
    if course.weeks and sum(value for value, *_ in cells) != course.weeks.value:
        return [(course.weeks.value, course.weeks.text, course.weeks.locator)]
    if cells:
        return cells
    weekly = [c for c in course.semesters if c.unit == "hours_per_week" and c.value and c.value >= _FULL_WEEK]
    if course.hours and len(weekly) == 1 and weekly[0].value:
        weeks = course.hours.value / weekly[0].value
        return [(round(weeks, 1), weekly[0].text, weekly[0].locator)]
    return []


def _tabled(ledger: Ledger) -> Iterator[Span]:
    """Weeks in the table of weeks, by table: its sum row, else its semesters added."""
    tables: dict[int, list[WeekRow]] = {}
    for row in ledger.programme.weeks:
        tables.setdefault(row.table, []).append(row)
    for number, rows in tables.items():
        figures = _week_figures(rows)
        if figures:
            value = sum(f.value for _, f in figures)
            text = "+".join(plain(f.value) for _, f in figures)
            text = f"教学时间分配表（表 {number}）{text}" + (f"={plain(value)} 周" if len(figures) > 1 else " 周")
            evidence = unique(cell_evidence(ledger.programme.document, f, name) for name, f in figures)
            yield Span(value, text, "按教学时间分配表的周数", evidence)


def _week_figures(rows: Iterable[WeekRow]) -> list[tuple[str, Figure]]:
    found = [
        (row, f"第{row.semester}学期 {name}", figure)
        for row in rows
        for name, figure in row.weeks.items()
        if is_internship(name) and figure.value > 0
    ]
    semesters = [(name, figure) for row, name, figure in found if not row.total]
    return semesters or [("合计", figure) for row, _, figure in found if row.total][:1]


def _from_credits(ledger: Ledger, rule: Rule) -> Iterator[Count]:
    """One credit a week, and hours by the plan's own practice weeks, where no weeks are given."""
    rows = internship_rows(ledger)
    document = ledger.programme.document
    credits = [(c.name, c.credits) for c in rows if c.credits]
    if credits:
        weeks = sum(f.value for _, f in credits)
        evidence = unique(cell_evidence(document, f, name) for name, f in credits)
        span = Span(
            weeks, f"实习 {plain(weeks)} 学分，按 1 周 1 学分 {plain(weeks)} 周", "按 1 周 1 学分由学分推算", evidence
        )
        yield next(_as_months(span, rule))
    hours = [(c.name, c.hours) for c in rows if c.hours]
    rate = _week_rate(ledger)
    if hours and rate:
        whole = sum(f.value for _, f in hours)
        weeks = round(whole / rate, 1)
        text = f"实习 {plain(whole)} 学时÷每周 {plain(rate)} 学时={plain(weeks)} 周"
        evidence = unique(cell_evidence(document, f, name) for name, f in hours)
        yield next(_as_months(Span(weeks, text, "按方案其他实践周的周学时推算", evidence), rule))


def _week_rate(ledger: Ledger) -> float | None:
    """Hours of a practice week where all of the plan's practice rows agree."""
    rates = {
        round(c.hours.value / c.weeks.value, 2)
        for c in ledger.courses
        if c.hours and c.weeks and c.category == "practice"
    }
    return rates.pop() if len(rates) == 1 else None
