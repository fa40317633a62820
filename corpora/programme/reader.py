"""Reads a document as programme plans: one ``Programme`` for each major it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from corpora.document import Document
from corpora.errors import UsageError
from corpora.programme.facts.leaders import leader_facts
from corpora.programme.facts.reader import read_facts
from corpora.programme.majors import Major, choose_major, split_majors
from corpora.programme.model import Choice, Fact, ListedCourse, PlanCourse, Programme, Schedule, StatedTotal
from corpora.programme.schedule.reader import read_schedule
from corpora.programme.tables.shares import read_shares
from corpora.programme.tables.weeks import read_weeks

Row = TypeVar("Row")

#: Share of one schedule's course names that another one must hold to be the same schedule again.
SAME = 0.5

#: A schedule handed in beside the plan is taken as the plan's own from this share of the courses of the fullest one.
FULL = 0.8


def read_programmes(document: Document) -> tuple[Programme, ...]:
    """Every major of a programme plan, in the document's order.

    Further files of a joined document stand in the stretch of the major that they were joined to. When two files hold
    the same schedule, the one handed in beside the plan is taken and the other's rows become ``Schedule.listed``;
    schedules of different courses are put together.
    """
    return tuple(_programme(document, major) for major in split_majors(document))


def choose(programmes: Sequence[Programme], major: str = "") -> Programme:
    """The programme whose major has this name or code, or a name that holds the words; the first one for "".

    Raises
    ------
    UsageError : none or several of them do.
    """
    if not major:
        return programmes[0]
    majors = [Major(p.name, p.code, p.grade, p.start, p.end, p.annex_start) for p in programmes]
    found = choose_major(majors, major)
    if found is None and len(programmes) > 1:
        names = "、".join(each.label for each in majors)
        raise UsageError(f"“{major}”不能确定是哪个专业", advice=f"文件里有：{names}")
    return programmes[majors.index(found) if found else 0]


def _programme(document: Document, major: Major) -> Programme:
    body = (major.start, major.annex_start)
    facts = read_facts(document, major.start, major.end, major.annex_start)
    common = [fact for start, end in major.shared for fact in read_facts(document, start, end, end)]
    leaders = [
        fact for start, end in _behind(document, major) for fact in leader_facts(document, start, end, major.name)
    ]
    return Programme(
        document=document,
        name=major.name,
        code=major.code,
        grade=major.grade,
        start=major.start,
        end=major.end,
        annex_start=major.annex_start,
        shared=major.shared,
        schedule=_with_told_credits(_schedule(document, body, (major.annex_start, major.end)), facts),
        shares=_first(read_shares, document, (body, *major.shared)),
        weeks=_first(read_weeks, document, (body, *major.shared)),
        facts=(*facts, *common, *leaders),
    )


def _behind(document: Document, major: Major) -> Iterator[tuple[int, int]]:
    """What stands behind the plan's own text: its annex, and sheets behind what several majors share."""
    yield major.annex_start, major.end
    if major.shared:
        yield max(major.end, *(end for _, end in major.shared)), len(document.text)


def _first(
    read: Callable[[Document, int, int], tuple[Row, ...]], document: Document, stretches: Iterable[tuple[int, int]]
) -> tuple[Row, ...]:
    """The rows of the first stretch that has any: the major's own, else what all majors share."""
    return next((rows for start, end in stretches if (rows := read(document, start, end))), ())


def _with_told_credits(schedule: Schedule, facts: Iterable[Fact]) -> Schedule:
    """Practice rows without credits with those that the text states of them by name (军事技能，计2学分)."""
    told = {f.subject: f.figure for f in facts if f.kind == "activity_credits" and not (f.norm or f.annex)}
    courses = tuple(
        replace(c, credits=told[c.name]) if c.credits is None and c.category == "practice" and c.name in told else c
        for c in schedule.courses
    )
    return replace(schedule, courses=courses)


def _schedule(document: Document, body: tuple[int, int], annex: tuple[int, int]) -> Schedule:
    """The schedule of the plan's body, of all its files; one that only an annex holds, where the body has none."""
    found = _join([read_schedule(document, start, end) for start, end in _files(document, body)])
    if found.courses or annex[0] >= annex[1]:
        return found
    annexed = read_schedule(document, *annex)
    return annexed if annexed.courses else found


def _files(document: Document, stretch: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """A stretch cut where one file ends and the next begins."""
    if not document.parts:
        yield stretch
    for part in document.parts:
        start, end = max(stretch[0], part.start), min(stretch[1], part.end + 1)
        if start < end:
            yield start, end


def _join(schedules: Sequence[Schedule]) -> Schedule:
    """One schedule of several files' ones."""
    filled = [schedule for schedule in schedules if schedule.courses]
    if len(filled) < 2:
        return _with_remarks(filled[0] if filled else Schedule(), schedules)
    fullest = max(len(schedule.courses) for schedule in filled)
    main = [schedule for schedule in filled if len(schedule.courses) >= FULL * fullest][-1]
    joined = main
    for other in filled:
        if other is not main:
            joined = _with_listed(joined, other) if _same(main, other) else _append(joined, other)
    return _with_remarks(joined, schedules)


def _same(main: Schedule, other: Schedule) -> bool:
    names = {course.name for course in main.courses}
    return sum(course.name in names for course in other.courses) >= SAME * len(other.courses)


def _with_remarks(schedule: Schedule, schedules: Sequence[Schedule]) -> Schedule:
    """With what all of the schedules list and what stood in their way."""
    others = [other for other in schedules if not other.courses]
    listed = tuple(item for other in others for item in other.listed)
    # a picture that could not be read stands in nobody's way once the schedule came with another file
    problems = schedule.problems if schedule.courses else tuple(item for other in others for item in other.problems)
    return replace(schedule, listed=(*schedule.listed, *listed), problems=tuple(dict.fromkeys(problems)))


def _with_listed(schedule: Schedule, other: Schedule) -> Schedule:
    return replace(schedule, listed=(*schedule.listed, *other.listed, *map(_listed, other.courses)))


def _listed(course: PlanCourse) -> ListedCourse:
    return ListedCourse(
        name=course.name,
        table=course.table,
        row=course.row,
        locator=course.locator,
        category=course.category,
        credits=course.credits,
        hours=course.hours,
        semesters=tuple(cell.semester for cell in course.semesters),
    )


def _append(schedule: Schedule, other: Schedule) -> Schedule:
    """Two schedules of different courses as one."""
    offset = len(schedule.courses)
    return Schedule(
        courses=(*schedule.courses, *other.courses),
        choices=(*schedule.choices, *(_moved_choice(choice, offset) for choice in other.choices)),
        totals=(*schedule.totals, *(_moved_total(total, offset) for total in other.totals)),
        listed=(*schedule.listed, *other.listed),
        tables=(*schedule.tables, *other.tables),
        problems=(*schedule.problems, *other.problems),
    )


def _moved_choice(choice: Choice, offset: int) -> Choice:
    return replace(choice, options=tuple(tuple(n + offset for n in option) for option in choice.options))


def _moved_total(total: StatedTotal, offset: int) -> StatedTotal:
    return replace(total, courses=tuple(n + offset for n in total.courses))
