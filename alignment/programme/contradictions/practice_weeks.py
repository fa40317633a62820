"""Weeks of practical training in the schedule against those of the week table, semester by semester."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import product

from alignment.programme.contradictions.plan import Finding, Plan, differs, listed, number, plain
from corpora.document import Locator
from corpora.programme.model import Figure, PlanCourse, SemesterCell, WeekRow

#: Columns and courses of training; what counts by rules of its own; practice at a company, which is checked apart.
_TRAINING = re.compile(r"实训|实践|实习|设计|见习")
_OTHER = re.compile(r"军|入学|毕业|劳动|理论|教学周|课堂|合计|小计")
_SOCIAL = re.compile(r"社会实践|社会调查")
_INTERNSHIP = re.compile(r"(?:顶岗|岗位|跟岗|综合|生产)实习|^实习$")
_COGNITION = re.compile(r"认[知识]|见习")
#: A summer term that follows a semester (``暑假1`` the second one).
_SUMMER = re.compile(r"[暑寒]?假\D*(\d)")


def find(plan: Plan) -> Iterator[Finding]:
    """Semesters in which the week table gives training other weeks than the schedule's rows."""
    tables: dict[int, list[WeekRow]] = {}
    for row in plan.programme.weeks:
        tables.setdefault(row.table, []).append(row)
    for number_, rows in tables.items():
        yield from _table(plan, number_, [row for row in rows if not row.total and row.semester.isdigit()])


def _table(plan: Plan, table: int, rows: Sequence[WeekRow]) -> Iterator[Finding]:
    agreed, off = 0, []
    for row in rows:
        here, there = _in_table(row), list(_in_schedule(plan, row.semester))
        if not there:
            continue
        if _can_agree(plan, row, here, there):
            agreed += bool(here)
        else:
            off.append((row, here, there))
    off = [item for item in off if item[1] or agreed]
    if off:
        shown = [f"第{row.semester}学期{_rows(there)}，表中{_added(here)}" for row, here, there in off]
        what = f"实训周数不一致：教学进程表与{plan.table_name(table)}（周数分配）所写不同：{listed(shown)}"
        sums = [(sum(cell.value or 0.0 for _, cell in there), sum(f.value for f in here)) for _, here, there in off]
        pairs = zip(off, sums, strict=True)
        arithmetic = "；".join(f"第{row.semester}学期 {number(a)}≠{number(b)}" for (row, *_), (a, b) in pairs)
        sources: list[Figure | Locator] = []
        for row, here, there in off:
            sources += [*here, row.locator, *(cell.locator for _, cell in there)]
        yield Finding("weeks", what, arithmetic, plan.quotes(*sources))


def _can_agree(
    plan: Plan, row: WeekRow, here: Sequence[Figure], there: Sequence[tuple[PlanCourse, SemesterCell]]
) -> bool:
    """Whether the sums agree, summer terms and social practice counted here, there, or not at all."""
    social = sum(figure.value for name, figure in row.weeks.items() if _SOCIAL.search(plain(name)))
    after = _after(plan, row.semester)
    stated = [sum(figure.value for figure in here) + more for more in {0.0, social}]
    counted = [sum(cell.value or 0.0 for _, cell in there) + more for more in {0.0, *after}]
    return any(not differs(a, b) for a, b in product(stated, counted))


def _in_table(row: WeekRow) -> list[Figure]:
    return [f for name, f in row.weeks.items() if f.value and _is_training(plain(name))]


def _is_training(name: str) -> bool:
    internship = _INTERNSHIP.search(name) and not _COGNITION.search(name)
    return bool(_TRAINING.search(name)) and not (_OTHER.search(name) or _SOCIAL.search(name) or internship)


def _in_schedule(plan: Plan, semester: str) -> Iterator[tuple[PlanCourse, SemesterCell]]:
    """Practice rows of a semester that are counted in weeks."""
    for course in plan.schedule.courses:
        if course.category == "practice" and course.required and _is_training(plain(course.name)):
            cells = [cell for cell in course.semesters if cell.unit == "weeks" and cell.value]
            yield from ((course, cell) for cell in cells if cell.semester == semester)


def _after(plan: Plan, semester: str) -> list[float]:
    """Weeks of practice rows in the summer term behind a semester, of training and in all."""
    training = everything = 0.0
    for course in plan.schedule.courses:
        for cell in course.semesters if course.category == "practice" else ():
            match = _SUMMER.search(cell.semester)
            if match and cell.value and cell.unit == "weeks" and str(2 * int(match[1])) == semester:
                everything += cell.value
                training += cell.value if _is_training(plain(course.name)) else 0.0
    return [training, everything]


def _rows(there: Sequence[tuple[PlanCourse, SemesterCell]]) -> str:
    return "、".join(f"“{course.name}”{number(cell.value or 0.0)}周" for course, cell in there)


def _added(here: Sequence[Figure]) -> str:
    if not here:
        return "没有实训周"
    total = number(sum(figure.value for figure in here))
    return f"{'+'.join(number(f.value) for f in here)}={total}周" if len(here) > 1 else f"{total}周"
