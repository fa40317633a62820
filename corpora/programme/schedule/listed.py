"""Tables that list courses without being the schedule: core courses with ``3/48``, option pools, school-wide lists."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from corpora.document import Cell, Document, Table
from corpora.programme.model import Category, ListedCourse, PlanCourse
from corpora.programme.schedule.categories import category_of, names_category
from corpora.programme.schedule.cells import clean_name, flat, semester_numbers
from corpora.programme.schedule.courses import CourseBuilder
from corpora.programme.schedule.table_rows import TableRows, locate

_POOL = re.compile(r"可选|任选|选修|限选|模块化|选课|备选")
_NAMED = re.compile(r"(?:课程|\w{0,6}课程)名称|(?:专业)?(?:\(?群\)?)?(?:平台|模块|方向|核心|基础|拓展)课程?")
_CONTENT = re.compile(
    r"学习情境|学习项目|教学内容|主要内容|课程内容|课程目标|教学要求|典型工作任务|培养能力|职业能力|教学目标"
)
_SENTENCE = re.compile(r"[。；;]|^\d+$")
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
        group = row.path[-1] if len(row.path) > row.grouped else group
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


def named_courses(document: Document, table: Table, context: Sequence[str]) -> Iterator[ListedCourse]:
    """The courses of a table that only describes them: a name, then learning situations, contents, aims.

    Their names can be held against the schedule's; the table gives neither credits nor hours.
    """
    header = _described(table)
    if header is None:
        return
    row, column = header
    category = _category(context)
    for cell in sorted((c for c in table.cells if c.column == column and c.row > row), key=lambda c: c.row):
        name = clean_name(cell.text)
        if 2 <= len(name) <= 30 and not _NO_COURSE.match(name) and not _SENTENCE.search(name):
            yield ListedCourse(name, table.number, cell.row + 1, locate(document, table, cell), category)


def _described(table: Table) -> tuple[int, int] | None:
    """Row and grid column of the header of names, where the columns beside it describe courses."""
    for row in range(min(2, table.rows)):
        cells = [cell for cell in table.row_cells(row) if cell.row == row and cell.text.strip()]
        names = [cell for cell in cells if _NAMED.fullmatch(flat(cell.text))]
        contents = [cell for cell in cells if _CONTENT.search(flat(cell.text))]
        if len(names) == 1 and len(contents) >= 2 and names[0].column <= 2 and table.rows - row > 2:
            return row, names[0].column
    return None


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
