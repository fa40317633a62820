"""Reads a document as programme plans: one ``Programme`` for each major it holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from corpora.document import Document
from corpora.errors import UsageError
from corpora.programme.facts import read_facts
from corpora.programme.majors import Major, split_majors
from corpora.programme.model import Choice, ListedCourse, PlanCourse, Programme, Schedule, StatedTotal
from corpora.programme.schedule import read_schedule
from corpora.programme.shares import read_shares
from corpora.programme.weeks import read_weeks

#: Share of one schedule's course names that another one must hold to be the same schedule again.
SAME = 0.5

#: A schedule handed in beside the plan is taken as the plan's own from this share of the courses of the fullest one.
FULL = 0.8


def read_programmes(document: Document) -> tuple[Programme, ...]:
    """Every major of a programme plan, in the document's order.

    A document joined from several files gives the further files' tables to each major of the first one. When two files
    hold the same schedule, the one handed in beside the plan is taken and the other's rows become ``Schedule.listed``;
    schedules of different courses are put together.
    """
    return tuple(_programme(document, major) for major in split_majors(document))


def choose(programmes: Sequence[Programme], major: str = "") -> Programme:
    """The programme whose major has this name or code, or a name that holds the words; the first one for "".

    Raises
    ------
    UsageError : none or several of them do.
    """
    exact = [p for p in programmes if major in ("", p.name, p.code)][:1]
    found = exact or [p for p in programmes if major in p.name]
    if len(found) == 1:
        return found[0]
    names = "、".join(_label(programme) for programme in programmes)
    what = "文件里没有这个专业" if not found else "文件里有几个这样的专业"
    raise UsageError(f"{what}：{major}", advice=f"请从中选一个：{names}")


def _label(programme: Programme) -> str:
    return f"{programme.name}（{programme.code}）" if programme.code else programme.name


def _programme(document: Document, major: Major) -> Programme:
    stretches = tuple(_stretches(document, major))
    schedules = [read_schedule(document, start, end) for start, end, _ in stretches]
    return Programme(
        document=document,
        name=major.name,
        code=major.code,
        grade=major.grade,
        start=major.start,
        end=stretches[-1][1],
        annex_start=major.annex_start,
        annex_end=major.end,
        schedule=_join(schedules),
        shares=tuple(row for start, end, _ in stretches for row in read_shares(document, start, end)),
        weeks=tuple(row for start, end, _ in stretches for row in read_weeks(document, start, end)),
        facts=tuple(fact for start, end, annex in stretches for fact in read_facts(document, start, end, annex)),
    )


def _stretches(document: Document, major: Major) -> Iterator[tuple[int, int, int]]:
    """(start, end, where an annex begins) of the major's own stretch, then of each further file."""
    yield major.start, major.end, major.annex_start
    for part in document.parts[1:]:
        yield part.start, part.end, part.end


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
    return replace(schedule, listed=(*schedule.listed, *listed), problems=problems)


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
