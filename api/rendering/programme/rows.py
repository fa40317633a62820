"""The tables of an audit as rows of text and numbers: courses, hours, support matrix, chapters, annex, union."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from alignment.programme.annex.union import REPEATED, only_named, taught_nowhere
from alignment.programme.model import (
    AnnexCourse,
    ClauseFinding,
    Contradiction,
    CourseMatch,
    ElementUnion,
    HourCell,
    Support,
)
from api.rendering import words
from api.rendering.programme import wording
from api.rendering.programme.view import PlanView
from corpora.programme.model import CATEGORY_NAMES, Figure, PlanCourse
from corpora.standard import Statement


@dataclass(frozen=True)
class CourseRow:
    """One course row of the schedule, in words; figures stay figures."""

    number: int
    course: PlanCourse
    choice: str

    @property
    def category(self) -> str:
        """The category in the standard's words."""
        return CATEGORY_NAMES[self.course.category]

    @property
    def required(self) -> str:
        """必修, 选修 or 方向课."""
        return wording.required(self.course.required)

    @property
    def semesters(self) -> str:
        """``1:4、2:4``, with the cell's own text; just the semester where the cell holds a mark."""
        cells = self.course.semesters
        return "、".join(cell.semester if cell.value is None else f"{cell.semester}:{cell.text}" for cell in cells)

    @property
    def remark(self) -> str:
        """Choice, alternatives and note in one line."""
        course = self.course
        parts = [f"“{self.choice}”中选" if self.choice else "", course.note]
        parts += ["几个学期择一开设"] if course.alternative_semesters else []
        parts += ["不是具体课程"] if course.placeholder else []
        return "；".join(words.flat(part) for part in parts if part)


def course_rows(plan: PlanView) -> tuple[CourseRow, ...]:
    """The schedule's rows in the plan's order, numbered from 1."""
    programme = plan.audit.programme
    choices = programme.in_choice
    return tuple(
        CourseRow(index + 1, course, choices[index].id if index in choices else "")
        for index, course in enumerate(programme.schedule.courses)
    )


def category_notes(plan: PlanView) -> tuple[str, ...]:
    """Why rows were put into their categories, each reason once."""
    notes = (words.flat(course.category_note) for course in plan.audit.programme.schedule.courses)
    return tuple(dict.fromkeys(note for note in notes if note))


def row_place(plan: PlanView, course: PlanCourse) -> str:
    """The row of a course in words."""
    return plan.view.place(replace(course.locator, cell=None))


def course_name(plan: PlanView, index: int) -> str:
    """Name of a course by its index; its number for an index outside the schedule."""
    courses = plan.audit.programme.schedule.courses
    return words.flat(courses[index].name, 30) if 0 <= index < len(courses) else f"第 {index + 1} 行"


def figure(value: Figure | None) -> float | None:
    """A figure's number; None where there is none."""
    return None if value is None or value.value != value.value else value.value


def figure_text(value: Figure | None) -> str:
    """A figure's number in words, empty where there is none."""
    found = figure(value)
    return "" if found is None else f"{found:g}"


@dataclass(frozen=True)
class Bar:
    """A row of the hour structure: its hours, how they part, and its share of the whole."""

    cell: HourCell
    whole: float
    longest: float

    @property
    def rest(self) -> float:
        """Hours that are stated neither as theory nor as practice."""
        return max(self.cell.hours - self.cell.theory - self.cell.practice, 0.0)

    @property
    def split(self) -> bool:
        """Whether theory or practice is known."""
        return bool(self.cell.theory or self.cell.practice)

    @property
    def text(self) -> str:
        """``340 学时，25.1%``."""
        return f"{wording.hours(self.cell.hours)} 学时，{wording.share(self.cell.hours, self.whole)}"

    @property
    def spoken(self) -> str:
        """The row in a sentence."""
        cell = self.cell
        parts = f"，其中理论 {wording.hours(cell.theory)}、实践 {wording.hours(cell.practice)}" if self.split else ""
        return f"{cell.label} {self.text}{parts}"


def category_bars(plan: PlanView) -> tuple[Bar, ...]:
    """The hours of each category."""
    structure = plan.audit.structure
    return _bars(structure.categories, structure.total.hours)


def semester_bars(plan: PlanView) -> tuple[Bar, ...]:
    """The hours of each semester."""
    cells = plan.audit.structure.semesters
    return _bars(cells, sum(cell.hours for cell in cells))


def _bars(cells: tuple[HourCell, ...], whole: float) -> tuple[Bar, ...]:
    shown = [cell for cell in cells if cell.hours or cell.credits]
    longest = max((cell.hours for cell in shown), default=0.0)
    return tuple(Bar(cell, whole, longest) for cell in shown)


@dataclass(frozen=True)
class Matrix:
    """The support matrix with a mark for each course and competency."""

    plan: PlanView

    @property
    def competencies(self) -> tuple[Statement, ...]:
        """The columns."""
        return self.plan.audit.support.competencies

    @cached_property
    def _cells(self) -> dict[tuple[int, str], Support]:
        return {(cell.course, cell.competency): cell for cell in self.plan.audit.support.cells}

    def mark(self, course: int, competency: str) -> str:
        """● stated and borne out by the content, ○ stated only, △ content only; empty for neither."""
        cell = self._cells.get((course, competency))
        if cell is None:
            return ""
        if cell.stated:
            return wording.BOTH if cell.supports else wording.STATED
        content = wording.CONTENT if self.plan.audit.support.stated else wording.BOTH
        return content if cell.supports else ""

    @cached_property
    def rows(self) -> tuple[tuple[int, str, tuple[str, ...]], ...]:
        """Course index, course name, and the marks under each competency."""
        ids = [statement.id for statement in self.competencies]
        courses = self.plan.audit.support.courses
        return tuple((c, course_name(self.plan, c), tuple(self.mark(c, i) for i in ids)) for c in courses)

    def supporters(self, competency: str) -> int:
        """How many courses support a competency by content."""
        return sum(cell.supports for cell in self.plan.audit.support.cells if cell.competency == competency)

    @property
    def legend(self) -> str:
        """What the marks mean."""
        if self.plan.audit.support.stated:
            return (
                f"{wording.BOTH} 方案标注且课程内容支持　{wording.STATED} 方案标注、课程内容看不出"
                f"　{wording.CONTENT} 课程内容支持、方案未标注"
            )
        return f"{wording.BOTH} 课程内容支持（方案没有自己的支撑矩阵）"

    @cached_property
    def findings(self) -> tuple[str, ...]:
        """What the matrix shows: competencies without a course, courses without a competency, differences."""
        support = self.plan.audit.support
        labels = {s.id: f"{s.id} {words.flat(s.text, 24)}" for s in self.competencies}
        unsupported = "；".join(labels.get(name, name) for name in support.unsupported)
        lines = [f"没有课程支撑的培养规格：{unsupported}"] if unsupported else []
        idle = "、".join(course_name(self.plan, index) for index in support.idle)
        lines += [f"看不出支撑哪条培养规格的必修课程：{idle}"] if idle else []
        return (*lines, *(words.flat(text) for text in support.differences))


def sums(item: Contradiction) -> tuple[str, ...]:
    """The sums of a contradiction that its sentence does not hold already."""
    said = "".join(item.what.split())
    parts = (words.flat(part) for part in item.arithmetic.split("；"))
    return tuple(wording.spaced(part) for part in parts if part and "".join(part.split()) not in said)


def hits(match: CourseMatch) -> str:
    """The plan's courses that serve a course of the standard: ``网店运营推广（名称或内容相近，87%）``."""
    return "；".join(
        f"{words.flat(hit.name, 40)}（{wording.basis(hit)}，{words.percent(hit.probability)}）" for hit in match.hits
    )


def clause_text(clause: ClauseFinding, limit: int) -> str:
    """What a provision says: its wording, a room by its name."""
    statement = clause.statement
    room = statement.kind == "training_room"
    return words.flat(statement.label if room else statement.text or statement.label, limit)


def clause_parts(clause: ClauseFinding) -> str:
    """What of a provision was found and what was not, with its note."""
    parts = [f"有：{'、'.join(clause.found)}" if clause.found else "", clause.note]
    parts.insert(1, f"缺：{'、'.join(clause.missing)}" if clause.missing else "")
    return "\n".join(words.flat(part) for part in parts if part)


def annex_counts(annex: AnnexCourse) -> tuple[int, int, int]:
    """Elements covered, touched and missing in the scope of an annexed course standard."""
    grades = Counter(match.grade for match in annex.scoped)
    return grades[2], grades[1], grades[0]


@dataclass(frozen=True)
class Union:
    """The union of what all courses teach: taught nowhere, only named, taught three times or more."""

    plan: PlanView

    def of(self, kind: str) -> tuple[ElementUnion, ...]:
        """Elements of a kind: ``nowhere``, ``named`` or ``often``."""
        elements = self.plan.audit.union
        if kind == "often":
            return tuple(element for element in elements if len(element.taught_in) >= REPEATED)
        return taught_nowhere(elements) if kind == "nowhere" else only_named(elements)

    @property
    def summary(self) -> str:
        """The counts in a sentence; empty without a union."""
        elements = self.plan.audit.union
        if not elements:
            return ""
        taught = sum(element.grade == 2 for element in elements)
        return (
            f"标准共 {len(elements)} 项教学要素，各门课程合起来已教 {taught} 项"
            f"（{words.percent(taught / len(elements))}），只提到 {len(self.of('named'))} 项，"
            f"没有课程涉及 {len(self.of('nowhere'))} 项；三门及以上课程同时讲授 {len(self.of('often'))} 项。"
        )

    def text(self, element: ElementUnion) -> str:
        """An element's text."""
        match = self.plan.view.report.match_of.get(element.element)
        if match is not None:
            return words.flat(match.element.text)
        found = {e.id: e.text for e in self.plan.view.report.standard.elements}
        return words.flat(found.get(element.element, element.element))

    def by_course(self) -> tuple[tuple[str, dict[str, tuple[str, ...]]], ...]:
        """Core course (or 培养规格) with the texts of its elements of each kind, in the standard's order."""
        standard = self.plan.view.report.standard
        found: dict[str, dict[str, list[str]]] = {}
        for kind in UNION_KINDS:
            for element in self.of(kind):
                title = standard.course_title(element.element.rpartition(".")[0]) or "培养规格"
                found.setdefault(title, {}).setdefault(kind, []).append(self.text(element))
        order = [course.title for course in standard.core_courses]
        titles = sorted(found, key=lambda title: order.index(title) if title in order else len(order))
        return tuple((title, {kind: tuple(texts) for kind, texts in found[title].items()}) for title in titles)

    def lines(self) -> Iterator[tuple[str, ElementUnion]]:
        """Every element worth a look with what there is to say of it."""
        for kind, name in UNION_KINDS.items():
            yield from ((name, element) for element in self.of(kind))


UNION_KINDS = {"nowhere": "没有课程涉及", "named": "只提到", "often": "三门及以上课程讲授"}
