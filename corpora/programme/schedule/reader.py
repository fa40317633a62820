"""Reads the schedule of courses of a plan (课程设置与教学进程表) from all its tables."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from corpora.document import Document, ErrorItem, Table
from corpora.programme.model import Choice, Figure, ListedCourse, PlanCourse, Schedule, StatedTotal
from corpora.programme.schedule.categories import category_of, is_direction
from corpora.programme.schedule.cells import flat, number
from corpora.programme.schedule.choices import read_choices
from corpora.programme.schedule.courses import CourseBuilder
from corpora.programme.schedule.listed import listed_courses, named_courses, repeats
from corpora.programme.schedule.rows import Row
from corpora.programme.schedule.sources import headings, read_sources
from corpora.programme.schedule.sums import Placed, sum_hours
from corpora.programme.schedule.table_rows import TableRows
from corpora.programme.schedule.totals import stated_total, with_partners
from corpora.programme.schedule.week_courses import week_courses

_WHERE = "课程设置与教学进程表"
_GRAND_HOURS = 1000.0


@dataclass(frozen=True)
class _Read:
    """A schedule table with its courses, totals and block paths; indices count within the table."""

    source: TableRows
    placed: tuple[Placed, ...]
    totals: tuple[StatedTotal, ...]
    quotas: dict[int, Figure]

    @property
    def courses(self) -> list[PlanCourse]:
        return [placed.course for placed in self.placed]

    @property
    def grand(self) -> bool:
        """Whether the table states the total of a whole plan."""
        return any(t.level == 0 and t.hours is not None and t.hours.value >= _GRAND_HOURS for t in self.totals)


def read_schedule(document: Document, start: int = 0, end: int | None = None) -> Schedule:
    """The schedule of a plan: courses, choices between them, stated totals, and what other tables say of courses.

    Parameters
    ----------
    document : the plan.
    start, end : the stretch of its text that is about the major, the whole by default.
    """
    end = len(document.text) if end is None else end
    tables = [table for table in document.tables if _inside(table, start, end)]
    sources = read_sources(document, tables)
    chosen = _chosen(sources)
    reads = [_read(source) for source in chosen]
    kept, further = _first_plan(_without_repeats([read for read in reads if read.placed]))
    used = {id(read.source) for read in kept}
    listed = [source for source in sources if id(source) not in used]
    items = tuple(item for source in listed for item in listed_courses(source))
    read = {source.table.number for source in sources}
    items += tuple(
        item for t in tables if t.number not in read for item in named_courses(document, t, headings(document, t))
    )
    extra = _practice(document, tables, kept, start, end)
    problems = _problems(kept, further)
    return _with_core_lists(_schedule(kept, extra, items, problems))


def _inside(table: Table, start: int, end: int) -> bool:
    return bool(table.cells) and start <= table.cells[0].start < end


def _chosen(sources: Sequence[TableRows]) -> list[TableRows]:
    """The schedule's tables: with semester columns, else plain ones; small ones of the same header; practice sheets."""
    main = [source for source in sources if _is_schedule(source)]
    main = main or [source for source in sources if _is_plain_schedule(source)]
    heads = {source.header for source in main}
    names = {_same_name(row.label) for source in main for row in source.rows if row.kind == "course"}
    chosen = []
    for source in sources:
        practice = bool(main) and _is_practice_sheet(source, names)
        if source in main or source.header in heads or practice:
            chosen.append(source)
    return chosen


def _is_practice_sheet(source: TableRows, names: Collection[str]) -> bool:
    """Practice that a table of its own gives weeks and credits or hours to, not courses that the schedule holds."""
    own = [row for row in source.rows if row.kind == "course" and row.label]
    layout = source.layout
    figures = layout.has_credits or layout.has_hours
    if not own or not (figures and layout.of("weeks", "semester_text", "semester")):
        return False
    if any(_same_name(row.label) in names for row in own):
        return False
    return all(category_of(row.path, source.context, row.label).category == "practice" for row in own)


def _is_schedule(source: TableRows) -> bool:
    """A schedule has semester columns beside credits or hours, and at least a few courses in them."""
    layout = source.layout
    if len(layout.semesters) < 2 or not (layout.has_hours or layout.has_credits):
        return False
    return sum(row.kind == "course" for row in source.rows) >= 2


def _is_plain_schedule(source: TableRows) -> bool:
    """A schedule without semester columns: credits and hours, with a column of semesters or of 必修/选修."""
    layout = source.layout
    named = layout.of("semester_text", "nature", "exam", "exam_test") or source.semester
    rows = sum(row.kind == "course" for row in source.rows)
    return layout.has_hours and layout.has_credits and bool(named) and rows >= 2


def _read(source: TableRows) -> _Read:
    builder = CourseBuilder(source)
    placed: list[Placed] = []
    totals: list[StatedTotal] = []
    quotas: dict[int, Figure] = {}
    since = 0
    last = max((row.index for row in source.rows if row.kind == "course"), default=0)
    for row in source.rows:
        if row.kind == "course" and not _continued_row(placed, row):
            course = Placed(len(placed), row.path, builder.course(row))
            if figure := _quota(builder, row):
                quotas[course.index] = figure
            placed.append(course)
        elif row.kind == "total" and (
            total := stated_total(builder, row, placed, placed[since:], row.index > last, totals)
        ):
            totals.append(total)
            since = len(placed)
    return _Read(source, tuple(placed), tuple(with_partners(totals)), quotas)


def _continued_row(placed: Sequence[Placed], row: Row) -> bool:
    """Whether a row goes on with the course above it (its name runs over both)."""
    return bool(placed) and row.name is not None and row.name.row < row.index


def _quota(builder: CourseBuilder, row: Row) -> Figure | None:
    cell = row.first("quota")
    return builder.figure(cell, number(cell.text)) if cell is not None and cell.row_span > 1 else None


def _without_repeats(reads: Sequence[_Read]) -> list[_Read]:
    """Tables that repeat courses of a fuller one are no part of the schedule."""
    kept: list[_Read] = []
    for read in sorted(reads, key=lambda r: (-_filled(r), r.source.table.number)):
        whole = [course for other in kept for course in other.courses]
        if read.grand or not repeats(read.courses, whole):
            kept.append(read)
    return sorted(kept, key=lambda r: r.source.table.number)


def _filled(read: _Read) -> int:
    return sum(course.hours is not None or course.credits is not None for course in read.courses)


def _first_plan(reads: Sequence[_Read]) -> tuple[list[_Read], list[_Read]]:
    """Tables up to the one that begins a second plan: it has a grand total of its own and the first has one too."""
    kept: list[_Read] = []
    for position, read in enumerate(reads):
        before = [course for other in kept for course in other.courses]
        if read.grand and any(other.grand for other in kept) and repeats(before, read.courses, 0.2):
            return kept, list(reads[position:])
        kept.append(read)
    return kept, []


def _practice(
    document: Document, tables: Sequence[Table], kept: Sequence[_Read], start: int, end: int
) -> list[PlanCourse]:
    """Practice that only a table of weeks gives hours to."""
    if not kept:
        return []
    known = {_same_name(course.name) for read in kept for course in read.courses}
    if any(course.category == "practice" for read in kept for course in read.courses):
        return []
    used = {read.source.table.number for read in kept}
    found: dict[str, PlanCourse] = {}
    for table in tables:
        if table.number not in used:
            for course in week_courses(document, table, start, end):
                if _same_name(course.name) not in known:
                    found.setdefault(_same_name(course.name), course)
    return list(found.values())


def _same_name(name: str) -> str:
    return flat(name).replace("认知", "认识").replace("顶岗", "岗位").replace("军训", "军事技能")


def _problems(kept: Sequence[_Read], further: Sequence[_Read]) -> tuple[ErrorItem, ...]:
    if not kept:
        return (
            ErrorItem(
                _WHERE, "没有找到写明课程名称、学时（学分）和学期的表格；如果它是图片，请附上 Excel 或 Word 表格"
            ),
        )
    if further:
        numbers = "、".join(str(read.source.table.number) for read in further)
        return (ErrorItem(_WHERE, f"文件里不止一个专业的进程表，只读了第一个；另有表 {numbers}"),)
    return ()


def _schedule(
    reads: Sequence[_Read],
    extra: Sequence[PlanCourse],
    listed: tuple[ListedCourse, ...],
    problems: tuple[ErrorItem, ...],
) -> Schedule:
    placed: list[Placed] = []
    totals: list[StatedTotal] = []
    quotas: dict[int, Figure] = {}
    for read in reads:
        offset = len(placed)
        quotas |= {index + offset: figure for index, figure in read.quotas.items()}
        placed += [Placed(p.index + offset, p.path, p.course) for p in read.placed]
        totals += [_whole(_moved(total, offset), placed) for total in read.totals]
    placed += [Placed(len(placed) + n, tuple(c.category_text.split("/")), c) for n, c in enumerate(extra)]
    choices = read_choices(placed, totals, quotas)
    courses = tuple(_in_direction(p, choices) for p in placed)
    tables = dict.fromkeys([read.source.table.number for read in reads] + [course.table for course in extra])
    return Schedule(courses, choices, tuple(totals), listed, tuple(tables), problems)


def _moved(total: StatedTotal, offset: int) -> StatedTotal:
    return replace(total, courses=tuple(n + offset for n in total.courses))


def _whole(total: StatedTotal, placed: Sequence[Placed]) -> StatedTotal:
    """A grand total below several tables: all of their courses where that is nearer to what it states."""
    if total.level or total.hours is None or len(total.courses) == len(placed):
        return total
    own = sum_hours([placed[n] for n in total.courses])
    if abs(sum_hours(placed) - total.hours.value) < abs(own - total.hours.value):
        return replace(total, courses=tuple(p.index for p in placed))
    return total


def _in_direction(placed: Placed, choices: Sequence[Choice]) -> PlanCourse:
    """A course of one of several directions is neither compulsory nor an elective; one of a quota is an elective."""
    course = placed.course
    choice = next((choice for choice in choices if placed.index in choice.courses), None)
    direction = choice is not None and choice.kind == "direction"
    if direction and course.required:
        return replace(course, required=None)
    if choice is not None and choice.kind == "quota" and course.required is not False:
        return replace(course, required=None if any(map(is_direction, placed.path)) else False)
    return replace(course, required=True) if course.required is None and not direction else course


def _with_core_lists(schedule: Schedule) -> Schedule:
    """Courses whose row names no category take that of a list of core or foundation courses that names them."""
    named: Mapping[str, ListedCourse] = {flat(item.name): item for item in schedule.listed if item.category != "other"}
    courses = []
    for course in schedule.courses:
        item = named.get(flat(course.name)) if course.category == "other" and not course.category_text else None
        if item is not None:
            note = f"进程表没有写明类别，按表 {item.table} 的课程清单"
            course = replace(course, category=item.category, category_note=note)
        courses.append(course)
    return replace(schedule, courses=tuple(courses))
