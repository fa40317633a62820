"""Semester cells of subtotal and total rows: against the rows above them, and their sum against the row's own total."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from alignment.programme.contradictions.plan import Finding, Plan, differs, listed, number
from alignment.programme.contradictions.sums import name_of
from corpora.programme.model import Choice, Figure, PlanCourse, Schedule, SemesterCell, StatedTotal, Unit

#: Units in which the cells of one row may be added up over the semesters.
_ADDABLE: tuple[Unit, ...] = ("hours", "credits")


def find(plan: Plan) -> Iterator[Finding]:
    """Column sums that are off, in one finding, and rows whose semesters do not add up to their total."""
    off = [(total, shown, cell) for total in plan.schedule.totals for shown, cell in _columns(plan.schedule, total)]
    if off:
        shown = [f"{name_of(total)}（{plan.place(total.locator)}）{text}" for total, text, _ in off]
        places = [cell.locator if cell else total.locator for total, _, cell in off]
        what = f"各学期合计与所列课程之和不符：{listed(shown)}"
        yield Finding("semesters", what, "；".join(shown), plan.quotes(*places), ("weekly_hours",))
    yield from _across(plan)


def _columns(schedule: Schedule, total: StatedTotal) -> Iterator[tuple[str, SemesterCell | None]]:
    """Each semester of a total that its rows do not add up to, in words, with the stated cell (None: left empty)."""
    filled = {cell.semester: cell for cell in total.semesters}
    units = Counter(cell.unit for cell in total.semesters if cell.value)
    if not units or not total.courses:
        return
    unit = units.most_common(1)[0][0]
    if (total.counts == "hours" and unit == "credits") or (total.counts == "credits" and unit != "credits"):
        return
    for semester in _semesters(schedule, total.courses, unit):
        cell = filled.get(semester)
        if cell and cell.value and cell.unit != unit:
            continue
        low, high, shown = _sum(schedule, total, semester, unit)
        value = (cell.value if cell else 0.0) or 0.0
        if low - 0.011 <= value <= high + 0.011 or (cell is None and not low):
            continue
        summed = number(low) if not differs(low, high) else f"{number(low)}~{number(high)}"
        stated = number(value) if cell else "空"
        added = f"{shown}={summed}" if "+" in shown else summed
        yield f"第{semester}学期{stated}，应为{added}", cell


def _semesters(schedule: Schedule, courses: Sequence[int], unit: Unit) -> tuple[str, ...]:
    inside = (total for total in schedule.totals if total.courses and set(total.courses) < set(courses))
    holders: tuple[PlanCourse | StatedTotal, ...] = (*(schedule.courses[course] for course in courses), *inside)
    cells = (cell for holder in holders for cell in holder.semesters)
    return tuple(dict.fromkeys(cell.semester for cell in cells if cell.unit == unit and cell.value))


def _sum(schedule: Schedule, total: StatedTotal, semester: str, unit: Unit) -> tuple[float, float, str]:
    """Bounds of a column's sum over a total's rows, and its summands."""
    wanted, low, high, shown = set(total.courses), 0.0, 0.0, []
    done: set[int] = set()
    for choice in schedule.choices:
        inside = [option for option in choice.options if wanted.issuperset(option)]
        if len(inside) < 2 or len(inside) != len(choice.options) or done & set(choice.courses):
            continue
        done.update(choice.courses)
        least, most = _choice(schedule, total, choice, semester, unit)
        low, high = low + least, high + most
        if most:
            shown.append(number(least) if not differs(least, most) else f"({number(least)}~{number(most)})")
    for index in total.courses:
        if index in done:
            continue
        course = schedule.courses[index]
        value = _cell(schedule, index, semester, unit)
        low, high = low + (0.0 if course.alternative_semesters else value), high + value
        if value:
            shown.append(number(value))
    return low, high, "+".join(shown) or "0"


def _cell(schedule: Schedule, course: int, semester: str, unit: Unit) -> float:
    cells = schedule.courses[course].semesters
    return sum(cell.value or 0.0 for cell in cells if cell.semester == semester and cell.unit == unit)


def _choice(schedule: Schedule, total: StatedTotal, choice: Choice, semester: str, unit: Unit) -> tuple[float, float]:
    """What a choice may put into a column: as its own subtotal says, else between nothing and all of it."""
    own = set(choice.courses)
    for other in schedule.totals:
        if other is not total and set(other.courses) == own and any(cell.unit == unit for cell in other.semesters):
            stated = sum(c.value or 0.0 for c in other.semesters if c.semester == semester and c.unit == unit)
            return stated, stated
    values = sorted(
        max((_cell(schedule, c, semester, unit) for c in option), default=0.0)
        if choice.kind == "merged"
        else sum(_cell(schedule, c, semester, unit) for c in option)
        for option in choice.options
    )
    if choice.take is None:
        return 0.0, sum(values)
    return sum(values[: choice.take]), sum(values[-choice.take :])


def _across(plan: Plan) -> Iterator[Finding]:
    """Totals whose hours (or credits) by semester do not add up to their hours (credits)."""
    off = [item for total in plan.schedule.totals for unit in _ADDABLE if (item := _row_across(plan, total, unit))]
    for twice in (True, False):
        rows = [item for item in off if item[1] == twice]
        if rows:
            reason = "，可在几个学期中任选一个开设的课程在各学期重复计入" if twice else ""
            shown = [text for text, _, _ in rows]
            what = f"各学期之和与合计不符{reason}：{listed(shown)}"
            sources = [source for _, _, sources in rows for source in sources]
            yield Finding("semesters", what, "；".join(shown), plan.quotes(*sources), ("total_hours",))


def _row_across(plan: Plan, total: StatedTotal, unit: Unit) -> tuple[str, bool, list[Figure]] | None:
    """One total row that is off across its semesters: in words, whether alternatives explain it, its figures."""
    stated = total.hours if unit == "hours" else total.credits
    cells = [cell for cell in total.semesters if cell.unit == unit and cell.value]
    values = [cell.value or 0.0 for cell in cells]
    if stated is None or len(total.semesters) < 2 or not values or not differs(sum(values), stated.value, 0.11):
        return None
    word = "学时" if unit == "hours" else "学分"
    added = f"{'+'.join(map(number, values))}={number(sum(values))}" if len(values) > 1 else number(values[0])
    text = f"{name_of(total)}（{plan.place(total.locator)}）{added}≠{number(stated.value)}{word}"
    courses = (plan.schedule.courses[course] for course in total.courses)
    twice = sum(values) > stated.value and any(course.alternative_semesters for course in courses)
    return text, twice, [stated, *(Figure(cell.value or 0.0, cell.text, cell.locator) for cell in cells)]
