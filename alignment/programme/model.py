"""The types of a programme audit: contradictions, courses against the standard, support, chapters, resources, annex.

The verdicts on rules are ``alignment.model.RuleVerdict``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from alignment.model import Evidence, Grade, Match
from corpora.document import Locator
from corpora.programme.model import Category, Figure, Programme
from corpora.standard import Statement

ContradictionKind = Literal[
    "sum",  # a stated total is not the sum of its rows
    "parts",  # theory + practice is not the total
    "semesters",  # semester cells against hours or subtotals
    "credit_hours",  # hours per credit outside what the standard or the plan states
    "share",  # a stated share is not numerator / denominator
    "weeks",  # week table against itself or against the schedule
    "tables",  # two tables disagree on the same thing
    "text",  # the running text and a table disagree
    "name",  # the same course under different names
    "double",  # the same course counted twice
]
CourseStatus = Literal["offered", "offered_elective", "offered_one_direction", "pool_only", "partial", "absent"]
Basis = Literal["name", "alias", "content"]


@dataclass(frozen=True)
class Contradiction:
    """Two statements of the plan that cannot both be right.

    Parameters
    ----------
    what : the finding in one Chinese sentence with both figures.
    arithmetic : the sum or quotient with its numbers, "" where none is needed.
    evidence : the cells and sentences, the stated one first.
    affects : ids of the rules whose verdict may turn on it.
    """

    id: str
    kind: ContradictionKind
    what: str
    arithmetic: str
    evidence: tuple[Evidence, ...]
    affects: tuple[str, ...] = ()


@dataclass(frozen=True)
class CourseHit:
    """One course of the plan that serves a course of the standard.

    ``course`` is its index in the schedule, None for a course that stands only in a list or description; ``basis``
    tells how it was recognised; ``probability`` in 0..1; ``evidence`` quotes its name and, where the plan describes
    it, its content.
    """

    name: str
    basis: Basis
    probability: float
    course: int | None = None
    required: bool | None = True
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class CourseMatch:
    """How the plan offers one course of the standard (public, foundation, core, extension, cross-cutting)."""

    statement: Statement
    status: CourseStatus
    hits: tuple[CourseHit, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class CourseFinding:
    """Something about the plan's own courses: orphan, duplicate, merged (one for several), split (several for one)."""

    kind: Literal["orphan", "duplicate", "near_duplicate", "merged", "split"]
    courses: tuple[int, ...]
    what: str
    statements: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class Support:
    """One cell of the matrix 培养规格 x courses.

    ``stated`` is the mark in the plan's own matrix ("" where it has none), ``probability`` that the course's content
    supports the competency, ``supports`` the decision from content.
    """

    competency: str
    course: int
    stated: str = ""
    probability: float = 0.0
    supports: bool = False
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class SupportMatrix:
    """The matrix, both ways; ``stated`` tells whether the plan has one of its own.

    ``unsupported`` are competencies that no course supports, ``idle`` compulsory courses that support none,
    ``differences`` Chinese sentences on where the stated matrix and the content part.
    """

    competencies: tuple[Statement, ...] = ()
    courses: tuple[int, ...] = ()
    cells: tuple[Support, ...] = ()
    stated: bool = False
    unsupported: tuple[str, ...] = ()
    idle: tuple[int, ...] = ()
    differences: tuple[str, ...] = ()


@dataclass(frozen=True)
class ChapterFinding:
    """Whether one expected chapter stands in the plan and where; ``order`` from 1 among the plan's chapters."""

    title: str
    found: bool
    heading: str = ""
    locator: Locator | None = None
    order: int | None = None
    note: str = ""


@dataclass(frozen=True)
class ClauseFinding:
    """One provision of the standard (faculty, room, resource, quality, graduation) against the plan's text.

    ``grade`` 0 missing, 1 partly, 2 covered; ``parts`` name what of it was found and what was not (equipment,
    courses served); ``section`` is the standard's section.
    """

    statement: Statement
    section: str
    grade: Grade
    probability: float
    evidence: tuple[Evidence, ...] = ()
    found: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class CodeFinding:
    """An occupation, industry or major code of the standard beside what the plan states."""

    label: str
    expected: str
    stated: str
    agrees: bool | None
    evidence: tuple[Evidence, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class AnnexCourse:
    """One course standard annexed to the plan, aligned as a syllabus of its own."""

    title: str
    locator: Locator
    scope: tuple[str, ...]
    coverage_ratio: float
    matches: tuple[Match, ...]
    chars: int = 0
    course: int | None = None

    @property
    def scoped(self) -> tuple[Match, ...]:
        """The matches of the elements of its scope, which the coverage counts; all of them without a scope."""
        own = tuple(match for match in self.matches if match.element.statement.partition(".")[0] in self.scope)
        return own or self.matches


@dataclass(frozen=True)
class ElementUnion:
    """One element over all courses of the plan: who teaches it (grade 2) and who only names it (grade 1)."""

    element: str
    grade: Grade
    taught_in: tuple[str, ...] = ()
    named_in: tuple[str, ...] = ()


@dataclass(frozen=True)
class PackConflict:
    """A rule of a local rule pack that is weaker than the standard, or against it."""

    pack: str
    rule: str
    against: str
    what: str


@dataclass(frozen=True)
class HourCell:
    """One bar of the hour structure: hours and credits of a category, or of a semester, choices counted once."""

    label: str
    hours: float
    credits: float = 0.0
    theory: float = 0.0
    practice: float = 0.0
    category: Category | None = None


@dataclass(frozen=True)
class HourStructure:
    """The plan's hours as counted: by category and by semester, with the totals that the rules use."""

    categories: tuple[HourCell, ...] = ()
    semesters: tuple[HourCell, ...] = ()
    total: HourCell = field(default_factory=lambda: HourCell("合计", 0.0))
    stated_total: Figure | None = None


@dataclass(frozen=True)
class ProgrammeAudit:
    """Everything the audit says beyond the element report; ``others`` names further majors of the same file."""

    programme: Programme
    structure: HourStructure = field(default_factory=HourStructure)
    contradictions: tuple[Contradiction, ...] = ()
    courses: tuple[CourseMatch, ...] = ()
    findings: tuple[CourseFinding, ...] = ()
    support: SupportMatrix = field(default_factory=SupportMatrix)
    chapters: tuple[ChapterFinding, ...] = ()
    clauses: tuple[ClauseFinding, ...] = ()
    codes: tuple[CodeFinding, ...] = ()
    annex: tuple[AnnexCourse, ...] = ()
    union: tuple[ElementUnion, ...] = ()
    conflicts: tuple[PackConflict, ...] = ()
    others: tuple[str, ...] = ()
