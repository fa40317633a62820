"""Semester cells against the hours of their row, and against the subtotals of their columns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

from alignment.programme.contradictions.column_weeks import ColumnWeeks, read_columns, weekly_cells
from alignment.programme.contradictions.plan import Finding, Plan, differs, listed, number
from alignment.programme.quantities import QuantityName
from corpora.programme.model import PlanCourse, SemesterCell

Columns = dict[tuple[int, str], ColumnWeeks]
#: Share of a table's rows that may be off before the rows are thought to be counted in some other way.
_OTHER_WAY = 0.4
_TURNS: tuple[QuantityName, ...] = ("total_hours", "hours_per_credit")
#: Military training has its own hours a week by national rule (2 weeks, 112 hours).
_MILITARY = re.compile(r"军事|军训")
#: Most combinations of weeks that are tried for one row.
_COMBINATIONS = 512


def find(plan: Plan) -> Iterator[Finding]:
    """Heads that no row is counted with, rows whose cells do not make their hours, cells in weeks, column sums."""
    columns = read_columns(plan)
    yield from _heads(plan, columns)
    yield from _weekly(plan, columns)
    yield from _by_hours(plan)
    yield from _by_weeks(plan)
    yield from _by_credits(plan)


def _heads(plan: Plan, columns: Columns) -> Iterator[Finding]:
    off = [c for c in columns.values() if c.head and c.counted and c.head != c.counted]
    if not off:
        return
    heads = [f"第{c.semester}学期写{c.head}周" for c in off]
    counted = [f"第{c.semester}学期{c.counted}周" for c in off]
    examples = [
        f"{course.name} {number(weekly)}×{c.counted}={number(weekly * (c.counted or 0))}"
        for c in off
        for course, weekly in c.examples[:1]
    ]
    tables = [number(figure.value) for c in off for figure in c.table_weeks if figure.value == c.counted]
    beside = "，与教学时间分配表的教学周数一致" if len(tables) >= len(off) else ""
    what = f"学期列表头{listed(heads)}，各课程学时却按{listed(counted)}折算{beside}（如{listed(examples, 3)}）"
    cells = [plan.quote_span(c.head_cell.start, c.head_cell.end) for c in off if c.head_cell]
    rows = [plan.quote(course) for c in off for course, _ in c.examples[:1]]
    arithmetic = "；".join(
        f"{example}≠{number(weekly * (c.head or 0))}"
        for example, (c, weekly) in zip(examples, _firsts(off), strict=True)
    )
    yield Finding("semesters", what, arithmetic, (*cells, *rows), ("total_hours",))


def _firsts(columns: list[ColumnWeeks]) -> list[tuple[ColumnWeeks, float]]:
    return [(c, weekly) for c in columns for _, weekly in c.examples[:1]]


def _weekly(plan: Plan, columns: Columns) -> Iterator[Finding]:
    """Rows whose weekly hours give their hours with no number of weeks that the plan uses."""
    checked = off = 0
    shown: list[tuple[PlanCourse, str]] = []
    for course in plan.schedule.courses:
        cells = weekly_cells(course)
        weeks = [columns[(course.table, cell.semester)].candidates for cell in cells]
        if not course.hours or not cells or not all(weeks):
            continue
        checked += 1
        if not _can_be(course, cells, weeks, columns):
            off += 1
            shown.append((course, _weekly_arithmetic(course, cells, columns)))
    if shown and off <= max(_OTHER_WAY * checked, 1):
        yield _rows_finding(plan, shown, "按周学时折算的学时与总学时不符")


def _can_be(
    course: PlanCourse, cells: tuple[SemesterCell, ...], weeks: list[tuple[float, ...]], columns: Columns
) -> bool:
    aims = [figure.value for figure in (course.hours, course.theory, course.practice) if figure]
    weekly = [cell.value or 0.0 for cell in cells]
    shared = {w for candidates in weeks for w in candidates}
    sums = [sum(weekly) * w for w in shared]
    if len(shared) ** len(cells) <= _COMBINATIONS:
        sums += [sum(v * w for v, w in zip(weekly, combo, strict=True)) for combo in product(*weeks)]
    # Weekly hours rounded to whole ones, in a semester of few weeks.
    if len(cells) == 1 and columns[(course.table, cells[0].semester)].roughly:
        return True
    # The same weekly hours under several semesters of which one applies.
    if len(set(weekly)) == 1 and len(weekly) > 1 and course.alternative_semesters:
        sums += [weekly[0] * w for w in shared]
    return any(not differs(value, aim, 0.51) for value in sums for aim in aims)


def _weekly_arithmetic(course: PlanCourse, cells: tuple[SemesterCell, ...], columns: Columns) -> str:
    hours = course.hours.value if course.hours else 0.0
    used = [columns[(course.table, cell.semester)] for cell in cells]
    weeks = [column.counted or column.head or column.candidates[0] for column in used]
    if len(cells) == 1 and not used[0].counted:
        weeks = [min(used[0].candidates, key=lambda w: abs(w * (cells[0].value or 0.0) - hours))]
    parts = [f"{number(cell.value or 0)}×{number(w)}" for cell, w in zip(cells, weeks, strict=True)]
    total = sum((cell.value or 0) * w for cell, w in zip(cells, weeks, strict=True))
    return f"{'+'.join(parts)}={number(total)}≠{number(hours)}"


def _by_hours(plan: Plan) -> Iterator[Finding]:
    """Rows whose hours by semester add up neither to their hours nor, one of them, make them."""
    shown: list[tuple[PlanCourse, str]] = []
    checked = 0
    for course in plan.schedule.courses:
        cells = course.semesters
        if not course.hours or not cells or not all(cell.unit == "hours" and cell.value for cell in cells):
            continue
        checked += 1
        values = [cell.value or 0.0 for cell in cells]
        aims = [figure.value for figure in (course.hours, course.theory, course.practice) if figure]
        if any(not differs(value, aim, 0.51) for value in (sum(values), *values) for aim in aims[:1]):
            continue
        if any(not differs(sum(values), aim, 0.51) for aim in aims):
            continue
        total = "" if len(values) == 1 else f"={number(sum(values))}"
        shown.append((course, f"{'+'.join(map(number, values))}{total}≠{number(course.hours.value)}"))
    if shown and len(shown) <= max(_OTHER_WAY * checked, 1):
        yield _rows_finding(plan, shown, "各学期学时与总学时不符")


def _by_weeks(plan: Plan) -> Iterator[Finding]:
    """Practice rows counted with other hours a week than all the others."""
    rows = [
        (course, sum(cell.value or 0.0 for cell in course.semesters))
        for course in plan.schedule.courses
        if course.hours
        and course.semesters
        and not _MILITARY.search(course.name)
        and all(c.unit == "weeks" and c.value for c in course.semesters)
    ]
    rates: dict[float, list[tuple[PlanCourse, float]]] = {}
    for course, weeks in rows:
        hours = course.hours.value if course.hours else 0.0
        rates.setdefault(round(hours / weeks, 2), []).append((course, weeks))
    most = max(rates, key=lambda rate: len(rates[rate]), default=0.0)
    off = [item for rate, items in rates.items() if rate != most for item in items]
    if off and len(rates[most]) >= 3 and len(off) <= max(1, len(rows) // 4):
        shown = [
            (c, f"{number(c.hours.value)}÷{number(w)}周={number(c.hours.value / w)}≠{number(most)}")
            for c, w in off
            if c.hours
        ]
        yield _rows_finding(plan, shown, f"其他实践环节每周按{number(most)}学时计，与之不符", ("practice_week_hours",))


def _by_credits(plan: Plan) -> Iterator[Finding]:
    """Rows whose credits by semester do not add up to their credits."""
    shown: list[tuple[PlanCourse, str]] = []
    for course in plan.schedule.courses:
        cells = course.semesters
        if course.credits and cells and all(cell.unit == "credits" and cell.value for cell in cells):
            values = [cell.value or 0.0 for cell in cells]
            if all(differs(value, course.credits.value) for value in (sum(values), *values)):
                arithmetic = f"{'+'.join(map(number, values))}={number(sum(values))}≠{number(course.credits.value)}"
                shown.append((course, arithmetic))
    if shown:
        yield _rows_finding(plan, shown, "各学期学分之和与学分不符", ("hours_per_credit",))


def _rows_finding(
    plan: Plan, rows: list[tuple[PlanCourse, str]], what: str, turns: tuple[QuantityName, ...] = _TURNS
) -> Finding:
    shown = [f"{course.name} {arithmetic}" for course, arithmetic in rows]
    sources = [source for course, _ in rows for source in (course.hours, course, *course.semesters)]
    quotes = plan.quotes(*(s.locator if isinstance(s, SemesterCell) else s for s in sources))
    return Finding("semesters", f"{len(rows)}门课程{what}：{listed(shown)}", "；".join(shown), quotes, turns)
