"""The part of the JSON report that only programme plans have: what the audit found, beside what was read of the plan.

``course`` and ``courses`` hold numbers into ``course_table``,
counted from 0.
"""

from __future__ import annotations

from collections import Counter
from typing import Literal

from pydantic import Field

from alignment.programme.model import (
    AnnexCourse,
    ClauseFinding,
    CourseFinding,
    CourseHit,
    CourseMatch,
    ProgrammeAudit,
    Support,
    SupportMatrix,
)
from api.schemas.parts import Count, ErrorOut, EvidenceOut, LocatorOut, Model, Number, Unit, evidence_list, unit
from api.schemas.plan import (
    CategoryName,
    ChoiceOut,
    FactOut,
    FigureOut,
    Index,
    ListedOut,
    PlanCourseOut,
    ShareOut,
    TotalOut,
    WeekOut,
    plan_courses,
)

GradeValue = Literal[0, 1, 2]


class HourCellOut(Model):
    """Hours and credits of a category or a semester, choices counted once."""

    label: str
    category: CategoryName | None
    hours: Number
    credits: Number
    theory: Number
    practice: Number


class StructureOut(Model):
    """The plan's hours as counted."""

    categories: list[HourCellOut]
    semesters: list[HourCellOut]
    total: HourCellOut
    stated_total: FigureOut | None


class ContradictionOut(Model):
    """Two statements of the plan that cannot both be right; the stated one is the first evidence."""

    id: str
    kind: Literal["sum", "parts", "semesters", "credit_hours", "share", "weeks", "tables", "text", "name", "double"]
    what: str
    arithmetic: str
    affects: list[str]
    evidence: list[EvidenceOut]


class HitOut(Model):
    """One course of the plan that serves a course of the standard."""

    name: str
    course: Index | None
    basis: Literal["name", "alias", "content"]
    probability: Unit
    required: bool | None
    evidence: list[EvidenceOut]

    @classmethod
    def from_hit(cls, hit: CourseHit) -> HitOut:
        """From a hit."""
        fields = {name: getattr(hit, name) for name in ("name", "course", "basis", "required")}
        return cls(**fields, probability=unit(hit.probability), evidence=evidence_list(hit.evidence))


class CourseMatchOut(Model):
    """How the plan offers one course of the standard."""

    id: str
    kind: str
    title: str
    status: Literal["offered", "offered_elective", "offered_one_direction", "pool_only", "partial", "absent"]
    hits: list[HitOut]
    note: str

    @classmethod
    def from_match(cls, match: CourseMatch) -> CourseMatchOut:
        """From a course match."""
        course = match.statement
        hits = [HitOut.from_hit(hit) for hit in match.hits]
        return cls(id=course.id, kind=course.kind, title=course.label, status=match.status, hits=hits, note=match.note)


class CourseFindingOut(Model):
    """Something about the plan's own courses; ``statements`` are ids of courses of the standard."""

    kind: Literal["orphan", "duplicate", "near_duplicate", "merged", "split"]
    what: str
    courses: list[Index]
    statements: list[str]
    evidence: list[EvidenceOut]

    @classmethod
    def from_finding(cls, finding: CourseFinding) -> CourseFindingOut:
        """From a finding."""
        return cls.model_validate(finding)


class SupportOut(Model):
    """One cell of the matrix of competencies and courses: the plan's own mark, and what the content says."""

    competency: str
    course: Index
    stated: str
    supports: bool
    probability: Unit
    evidence: list[EvidenceOut]

    @classmethod
    def from_support(cls, cell: Support) -> SupportOut:
        """From a cell."""
        fields = {name: getattr(cell, name) for name in ("competency", "course", "stated", "supports")}
        return cls(**fields, probability=unit(cell.probability), evidence=evidence_list(cell.evidence))


class MatrixOut(Model):
    """The support matrix; ``cells`` holds those that the plan marks or the content supports."""

    stated: bool
    competencies: list[str]
    courses: list[Index]
    cells: list[SupportOut]
    unsupported: list[str]
    idle: list[Index]
    differences: list[str]

    @classmethod
    def from_matrix(cls, matrix: SupportMatrix) -> MatrixOut:
        """From a matrix."""
        return cls(
            stated=matrix.stated,
            competencies=[statement.id for statement in matrix.competencies],
            courses=list(matrix.courses),
            cells=[SupportOut.from_support(cell) for cell in matrix.cells if cell.stated or cell.supports],
            unsupported=list(matrix.unsupported),
            idle=list(matrix.idle),
            differences=list(matrix.differences),
        )


class ChapterOut(Model):
    """Whether one expected chapter stands in the plan, and where."""

    title: str
    found: bool
    heading: str
    order: int | None
    locator: LocatorOut | None
    note: str


class ClauseOut(Model):
    """One provision of the standard against the plan's text: grade 0 missing, 1 partly, 2 covered."""

    id: str
    kind: str
    title: str
    section: str
    grade: GradeValue
    probability: Unit
    found: list[str]
    missing: list[str]
    note: str
    evidence: list[EvidenceOut]

    @classmethod
    def from_clause(cls, clause: ClauseFinding) -> ClauseOut:
        """From a clause."""
        statement = clause.statement
        return cls(
            id=statement.id,
            kind=statement.kind,
            title=statement.label,
            section=clause.section,
            grade=clause.grade,
            probability=unit(clause.probability),
            found=list(clause.found),
            missing=list(clause.missing),
            note=clause.note,
            evidence=evidence_list(clause.evidence),
        )


class CodeOut(Model):
    """An official code of the standard beside what the plan states; ``agrees`` is null where it states nothing."""

    label: str
    expected: str
    stated: str
    agrees: bool | None
    note: str
    evidence: list[EvidenceOut]


class AnnexOut(Model):
    """One course standard annexed to the plan, aligned as a syllabus of its own.

    ``counts`` are its scope's elements covered, touched and missing.
    """

    title: str
    course: Index | None
    scope: list[str]
    coverage_ratio: Unit
    counts: dict[str, int]
    chars: Count
    locator: LocatorOut

    @classmethod
    def from_annex(cls, annex: AnnexCourse) -> AnnexOut:
        """From an annexed course."""
        grades = Counter(match.grade for match in annex.scoped)
        return cls(
            title=annex.title,
            course=annex.course,
            scope=list(annex.scope),
            coverage_ratio=unit(annex.coverage_ratio),
            counts={"covered": grades[2], "touched": grades[1], "missing": grades[0]},
            chars=annex.chars,
            locator=LocatorOut.from_locator(annex.locator),
        )


class UnionOut(Model):
    """One element over all courses of the plan."""

    element: str
    grade: GradeValue
    taught_in: list[str]
    named_in: list[str]


class ConflictOut(Model):
    """A rule of a local rule pack that is weaker than the standard, or against it."""

    pack: str
    rule: str
    against: str
    what: str


class ProgrammeOut(Model):
    """The audit of a programme plan; ``course_table`` is its schedule as read, in the plan's order."""

    name: str
    code: str
    grade: str
    others: list[str]
    course_table: list[PlanCourseOut]
    choices: list[ChoiceOut]
    totals: list[TotalOut]
    listed: list[ListedOut]
    shares: list[ShareOut]
    weeks: list[WeekOut]
    facts: list[FactOut]
    problems: list[ErrorOut]
    structure: StructureOut
    contradictions: list[ContradictionOut]
    courses: list[CourseMatchOut]
    findings: list[CourseFindingOut]
    support: MatrixOut
    chapters: list[ChapterOut]
    clauses: list[ClauseOut]
    codes: list[CodeOut]
    annex: list[AnnexOut]
    union: list[UnionOut]
    conflicts: list[ConflictOut] = Field(default_factory=list)

    @classmethod
    def from_audit(cls, audit: ProgrammeAudit) -> ProgrammeOut:
        """From an audit."""
        programme, schedule = audit.programme, audit.programme.schedule
        return cls(
            name=programme.name,
            code=programme.code,
            grade=programme.grade,
            others=list(audit.others),
            course_table=plan_courses(programme),
            choices=[ChoiceOut.model_validate(choice) for choice in schedule.choices],
            totals=[TotalOut.model_validate(total) for total in schedule.totals],
            listed=[ListedOut.model_validate(course) for course in schedule.listed],
            shares=[ShareOut.model_validate(row) for row in programme.shares],
            weeks=[WeekOut.model_validate(row) for row in programme.weeks],
            facts=[FactOut.model_validate(fact) for fact in programme.facts],
            problems=[ErrorOut.model_validate(problem) for problem in schedule.problems],
            structure=StructureOut.model_validate(audit.structure),
            contradictions=[ContradictionOut.model_validate(item) for item in audit.contradictions],
            courses=[CourseMatchOut.from_match(match) for match in audit.courses],
            findings=[CourseFindingOut.from_finding(finding) for finding in audit.findings],
            support=MatrixOut.from_matrix(audit.support),
            chapters=[ChapterOut.model_validate(chapter) for chapter in audit.chapters],
            clauses=[ClauseOut.from_clause(clause) for clause in audit.clauses],
            codes=[CodeOut.model_validate(code) for code in audit.codes],
            annex=[AnnexOut.from_annex(course) for course in audit.annex],
            union=[UnionOut.model_validate(element) for element in audit.union],
            conflicts=[ConflictOut.model_validate(conflict) for conflict in audit.conflicts],
        )
