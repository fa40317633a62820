"""What was read of a programme plan, in the JSON report: files, course table, choices, totals, shares, weeks, facts.

Figures keep the text they were read from and its place.
"""

from __future__ import annotations

from typing import Any, Literal

from api.schemas.parts import Count, LocatorOut, Model, Number
from corpora.programme.model import Programme

Index = Count
CategoryName = Literal["public", "foundation", "core", "extension", "practice", "other"]


class PartOut(Model):
    """One file of a document that was joined from several; offsets into the joined text."""

    name: str
    sha256: str
    format: str
    start: Count
    end: Count
    tables: Count
    paragraphs: Count


class FigureOut(Model):
    """A number with the text it was read from and its place; ``value`` is null where the text holds no number."""

    value: Number
    text: str
    locator: LocatorOut


class SemesterOut(Model):
    """One filled cell of a semester column."""

    semester: str
    text: str
    unit: str
    value: Number
    locator: LocatorOut


class PlanCourseOut(Model):
    """One course row of the plan's schedule; ``required`` is null for a course of a direction of which one is taken."""

    index: Index
    name: str
    code: str
    category: CategoryName
    category_text: str
    category_note: str
    category_alt: CategoryName | None
    required: bool | None
    credits: FigureOut | None
    hours: FigureOut | None
    theory: FigureOut | None
    practice: FigureOut | None
    theory_derived: bool
    weeks: FigureOut | None
    semesters: list[SemesterOut]
    alternative_semesters: bool
    exam: str
    placeholder: bool
    note: str
    choice: str | None
    table: Count
    row: Count
    locator: LocatorOut


class ChoiceOut(Model):
    """Courses of which only some are taken, counted once."""

    id: str
    kind: Literal["direction", "merged", "quota"]
    options: list[list[Index]]
    take: Count | None
    credits: Number
    hours: Number
    theory: Number
    practice: Number
    basis: str


class TotalOut(Model):
    """A subtotal or total row that the plan states."""

    label: str
    block: str
    level: int
    courses: list[Index]
    credits: FigureOut | None
    hours: FigureOut | None
    theory: FigureOut | None
    practice: FigureOut | None
    semesters: list[SemesterOut]
    counts: Literal["both", "hours", "credits"]
    table: Count
    row: Count
    locator: LocatorOut


class ListedOut(Model):
    """A course in a table that is not the schedule."""

    name: str
    category: CategoryName
    credits: FigureOut | None
    hours: FigureOut | None
    semesters: list[str]
    group: str
    pool: bool
    table: Count
    row: Count
    locator: LocatorOut


class ShareOut(Model):
    """One row of a table that splits hours or credits by category; ``share`` in percent."""

    label: str
    category: CategoryName | None
    required: bool | None
    total: bool
    hours: FigureOut | None
    credits: FigureOut | None
    theory: FigureOut | None
    practice: FigureOut | None
    share: FigureOut | None
    table: Count
    locator: LocatorOut


class WeekOut(Model):
    """One semester of the table of weeks."""

    semester: str
    total: bool
    weeks: dict[str, FigureOut]
    hours: dict[str, FigureOut]
    table: Count
    locator: LocatorOut


class FactOut(Model):
    """One figure or statement of the running text."""

    kind: str
    subject: str
    operator: str
    unit: str
    figure: FigureOut
    words: str
    annex: bool


def plan_courses(programme: Programme) -> list[PlanCourseOut]:
    """The rows of the schedule, each with its number and the choice that it belongs to."""
    given = {"index", "choice"}
    names = [name for name in PlanCourseOut.model_fields if name not in given]
    rows: list[PlanCourseOut] = []
    for index, course in enumerate(programme.schedule.courses):
        choice = programme.in_choice.get(index)
        fields: dict[str, Any] = {name: getattr(course, name) for name in names}
        rows.append(PlanCourseOut.model_validate({"index": index, "choice": choice.id if choice else None} | fields))
    return rows
