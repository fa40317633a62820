"""Tables that list courses without being the schedule: core courses with ``3/48``, option pools, school-wide lists."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from corpora.document import Cell
from corpora.programme.categories import category_of, names_category
from corpora.programme.cells import flat, semester_numbers
from corpora.programme.courses import CourseBuilder, TableRows, locate
from corpora.programme.model import Category, ListedCourse, PlanCourse

_POOL = re.compile(r"可选|任选|选修|限选|模块化|选课|备选")
_NO_COURSE = re.compile(r"^(?:待定|其[他它]|无|合计|小计)$")


def listed_courses(source: TableRows) -> Iterator[ListedCourse]:
    """The courses of a table that is not the schedule.

    A table without hours and semesters, or whose heading speaks of electives to choose from, is a pool.
    """
    builder = CourseBuilder(source)
    category = _category(source.context)
    pool = _is_pool(source)
    group = ""
    for row in source.rows:
        if row.kind != "course" or not row.label or _NO_COURSE.match(row.label):
            continue
        group = row.path[-1] if row.path else group
        placed = category_of(row.path).category if any(map(names_category, row.path)) else category
        if pool and placed in ("core", "foundation"):
            placed = "extension"
        yield ListedCourse(
            name=row.label,
            table=source.table.number,
            row=row.index + 1,
            locator=locate(source.document, source.table, row.name) if row.name else builder.course(row).locator,
            category=placed,
            credits=builder.credits(row),
            hours=builder.hours(row),
            semesters=_semesters(row.all("semester_text")),
            group=group,
            pool=pool,
        )


def _category(context: Sequence[str]) -> Category:
    """The category that the nearest heading names, ``other`` without one."""
    named = (text for text in context if names_category(text))
    text = next(named, "")
    return category_of((flat(text),)).category if text else "other"


def _is_pool(source: TableRows) -> bool:
    layout = source.layout
    if layout.has_hours or layout.of("semester", "semester_text"):
        return False
    heading = "".join(source.context[:1]) + "".join(flat(n) for c in layout.columns for n in c.names)
    return _POOL.search(heading) is not None or not layout.has_hours


def _semesters(cells: Sequence[Cell]) -> tuple[str, ...]:
    """Distinct semesters that the row's cells name."""
    return tuple(dict.fromkeys(name for cell in cells for name in semester_numbers(cell.text)))


def repeats(smaller: Sequence[PlanCourse], larger: Sequence[PlanCourse], share: float = 0.7) -> bool:
    """Whether most named courses of one table stand in another one as well."""
    names = {flat(course.name) for course in smaller if not course.placeholder}
    others = {flat(course.name) for course in larger}
    return len(names) >= 3 and len(names & others) >= share * len(names)
