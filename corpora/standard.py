"""A national teaching standard (专业教学标准) as frozen data: statements, elements, rules and every section's facts.

Statement ids are stable and speak: ``Q01``… competencies (培养规格), ``G``/``GE``/``B``/``C``/``X`` courses,
``C1.T1`` tasks and ``C1.R1`` requirements of a core course, ``P`` practice, ``S`` cross-cutting topics, ``F`` faculty,
``D``/``L``/``N``/``M`` conditions, ``K`` quality, ``GR`` graduation, ``A`` other provisions. An element is
``<statement id>.e<n>``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

Strength = Literal["must", "should", "may"]
Value = Any  # a number, a pair of numbers, a word, or a tuple of ids or words

#: Kinds of statement whose elements a syllabus can teach.
TEACHABLE = ("competency", "task", "requirement")

#: Kinds of statement that are courses.
COURSE_KINDS = (
    "public_required",
    "public_required_or_elective",
    "foundation_course",
    "core_course",
    "extension_course",
)


@dataclass(frozen=True, slots=True)
class Element:
    """The smallest teachable piece of a statement.

    Parameters
    ----------
    id : ``C1.R1.e2``.
    statement : id of its statement.
    text : the piece as a phrase that stands alone (掌握关键词优化知识).
    key : its object as the statement words it (关键词优化).
    span : character offsets of ``key`` in the statement's text, end exclusive.
    verb : the governing verb as worded, parts joined by ``/``.
    level : required level, 1 了解, 2 理解, 3 掌握/使用, 4 应用, 5 分析/评价, 6 设计/创造.
    affective : an attitude, for which the level scale is nominal.
    note : what the source leaves undecided about it.
    """

    id: str
    statement: str
    text: str
    key: str
    span: tuple[int, int]
    verb: str
    level: int
    affective: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class TypicalTask:
    """One 典型工作任务 of a core course: its title and the sentence that describes it."""

    group: int
    title: str
    text: str


@dataclass(frozen=True)
class Statement:
    """One numbered or otherwise separate item of a standard (a CFItem).

    ``text`` is verbatim; ``lines`` are line numbers in the source (from 1). Fields that a kind of statement does not
    have are empty. ``course_refs`` resolve ``courses`` to statement ids; ``mends`` name proposed readings of defects.
    """

    id: str
    kind: str
    text: str
    section: str = ""
    parent: str | None = None
    title: str = ""
    number: int | None = None
    lines: tuple[int, ...] = ()
    elements: tuple[Element, ...] = ()
    aliases: tuple[str, ...] = ()
    task_text: str = ""
    tools_text: str = ""
    tools: tuple[str, ...] = ()
    typical_tasks: tuple[TypicalTask, ...] = ()
    group: int | None = None
    mode: tuple[str, ...] = ()
    equipment: tuple[str, ...] = ()
    courses: tuple[str, ...] = ()
    course_refs: tuple[str, ...] = ()
    activities: tuple[str, ...] = ()
    positions: tuple[str, ...] = ()
    same_as: tuple[str, ...] = ()
    note: str = ""
    mends: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """Title where it has one, else its text."""
        return self.title or self.text

    @property
    def names(self) -> tuple[str, ...]:
        """Title and aliases."""
        return tuple(name for name in (self.title, *self.aliases) if name)


@dataclass(frozen=True, slots=True)
class Rule:
    """A machine-checkable provision.

    Parameters
    ----------
    id : ``NR04`` (numeric) or ``OR01`` (set, ordinal).
    type : ``numeric``, ``set`` or ``ordinal``.
    subject, quantity : what is counted (学时安排, 总学时).
    operator : ``>=``, ``<=``, ``=``, ``between`` (both ends included) or ``includes``.
    value : a number, a pair, a word, or a tuple of ids or words; ``unit`` says of what.
    strength : must (不少于, 不低于 …), should (一般, 原则上) or may.
    text, section, statement : the wording, where it stands, and the statement it belongs to.
    applies_to : the activities it covers, when it names several.
    """

    id: str
    type: str
    subject: str
    quantity: str
    operator: str
    value: Value
    strength: Strength
    text: str
    section: str
    statement: str | None = None
    unit: str = ""
    note: str = ""
    applies_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Coded:
    """A name with its official code; ``reading`` is the proposed name where the source's is defective."""

    name: str
    code: str = ""
    reading: str = ""


@dataclass(frozen=True)
class Occupations:
    """Section 5, 职业面向."""

    section: str = "5"
    major_category: Coded | None = None
    major_class: Coded | None = None
    industries: tuple[Coded, ...] = ()
    occupations: tuple[Coded, ...] = ()
    positions: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()
    mends: tuple[str, ...] = ()


@dataclass(frozen=True)
class Objective:
    """Section 6, 培养目标: its text, the positions and the fields of work it names."""

    text: str = ""
    section: str = "6"
    positions: tuple[str, ...] = ()
    work_areas: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mend:
    """A defect of the source with a proposed reading (empty when undecided); ``applied`` only for layout and numbers.

    Wrong wording stays in the statements' texts: a mend that is not applied leaves the question open.
    """

    id: str
    kind: str
    source: str
    applied: bool
    reading: str = ""
    lines: tuple[int, ...] = ()
    statements: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class SectionParagraph:
    """One paragraph of the source with its line number and the statements made of it."""

    text: str
    line: int | None = None
    statements: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    """One section of the source, whole; ``table`` is the raw table data where it has one."""

    number: str
    title: str
    line: int | None = None
    paragraphs: tuple[SectionParagraph, ...] = ()
    table: Any = None


@dataclass(frozen=True)
class Standard:
    """One national teaching standard (a CFDocument)."""

    code: str
    name: str
    title: str = ""
    level: str = ""
    edition: str = ""
    education_type: str = ""
    duration_years: float | None = None
    admission: str = ""
    source: dict[str, Any] = field(default_factory=dict)
    occupations: Occupations = field(default_factory=Occupations)
    overview: str = ""
    objective: Objective = field(default_factory=Objective)
    statements: tuple[Statement, ...] = ()
    rules: tuple[Rule, ...] = ()
    other_rules: tuple[Rule, ...] = ()
    mends: tuple[Mend, ...] = ()
    sections: tuple[Section, ...] = ()

    @cached_property
    def by_id(self) -> dict[str, Statement]:
        """Statements by id."""
        return {statement.id: statement for statement in self.statements}

    @cached_property
    def elements(self) -> tuple[Element, ...]:
        """Every element, in the standard's order."""
        return tuple(element for statement in self.statements for element in statement.elements)

    def of_kind(self, *kinds: str) -> tuple[Statement, ...]:
        """Statements of the given kinds, in order."""
        return tuple(statement for statement in self.statements if statement.kind in kinds)

    @property
    def competencies(self) -> tuple[Statement, ...]:
        """培养规格."""
        return self.of_kind("competency")

    @property
    def core_courses(self) -> tuple[Statement, ...]:
        """专业核心课程."""
        return self.of_kind("core_course")

    @property
    def rooms(self) -> tuple[Statement, ...]:
        """实训室 and bases."""
        return self.of_kind("training_room")

    def children(self, statement: str, kind: str | None = None) -> Iterator[Statement]:
        """Statements whose parent is ``statement``."""
        return (s for s in self.statements if s.parent == statement and kind in (None, s.kind))

    def course_of(self, statement: str) -> str | None:
        """Id of the core course that a task or requirement belongs to, the course itself for a course, else None."""
        current = self.by_id.get(statement)
        while current is not None and current.kind != "core_course":
            current = self.by_id.get(current.parent or "")
        return current.id if current else None

    def course_title(self, statement: str) -> str:
        """Title of the core course that a statement belongs to, empty without one."""
        course = self.by_id.get(self.course_of(statement) or "")
        return course.title if course else ""
