"""The JSON report, schema ``duibiao.report/1``, as pydantic models (exported to ``docs/report.schema.json``).

Unknown keys are ignored on reading, so that a reader of this version takes a later report of the same schema number.
Probabilities, similarities and ratios are rounded to four digits and held to 0..1.
"""

from __future__ import annotations

import json
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from alignment.model import Gap, GapReport, Match, Reading, RuleVerdict, StatementCoverage
from api.schemas.parts import (
    Count,
    ErrorOut,
    EvidenceOut,
    FromOne,
    LocatorOut,
    Model,
    Unit,
    evidence_list,
    plain,
    unit,
)
from api.schemas.plan import PartOut
from api.schemas.programme import ProgrammeOut

__all__ = ["SCHEMA", "EvidenceOut", "FromOne", "LocatorOut", "ReportOut", "report_schema"]

SCHEMA: Final = "duibiao.report/1"

Level = Annotated[int, Field(ge=1, le=6)]
RoleName = Literal["objective", "content", "practice", "assessment", "resource", "other"]
VerdictName = Literal["pass", "fail", "cannot_determine"]


class HoursOut(Model):
    """Class hours that the document states, and the sum over its schedule table."""

    stated: float | None
    table_sum: float | None


class DocumentOut(Model):
    """Facts of the document."""

    name: str
    sha256: str
    kind: Literal["syllabus", "plan", "textbook"]
    title: str
    pages: Count | None
    chars: Count
    hours: HoursOut
    errors: list[ErrorOut]
    parts: list[PartOut] = Field(default_factory=list)


class StandardOut(Model):
    """The standard that the document was held against."""

    code: str
    name: str
    edition: str


class CourseOut(Model):
    """A core course that the document serves."""

    id: str
    title: str
    probability: Unit


class LevelOut(Model):
    """Level of a skill, 1 了解 … 6 设计: required, found, and whether the found one falls short."""

    required: Level
    found: Level | None
    short: bool


class DecidedOut(Model):
    """What a person decided on a verdict, which stands in its place; what the system said; the second reviewer's word.

    ``proposed_verdict`` is of rules, the other two of elements; ``second`` is empty where nobody looked a second time.
    """

    action: Literal["accept", "override"]
    author: str
    at: str
    reason: str
    proposed_grade: Literal[0, 1, 2] | None
    proposed_level: Level | None
    proposed_verdict: VerdictName | None
    second: str
    agrees: bool
    second_reason: str


#: Left out where no person decided, so that such a report is what it was before persons could.
Decision = Annotated[DecidedOut | None, Field(exclude_if=lambda value: value is None)]


class ElementOut(Model):
    """The verdict on one element; ``decided`` where a person decided it."""

    id: str
    statement: str
    text: str
    grade: Literal[0, 1, 2]
    p_touched: Unit
    p_covered: Unit
    review: bool
    level: LevelOut
    where: list[RoleName]
    evidence: list[EvidenceOut]
    decided: Decision = None

    @classmethod
    def from_match(cls, match: Match) -> ElementOut:
        """From a match."""
        element = match.element
        return cls(
            id=element.id,
            statement=element.statement,
            text=element.text,
            grade=match.grade,
            p_touched=unit(match.p_touched),
            p_covered=unit(match.p_covered),
            review=match.review,
            level=LevelOut(required=element.level, found=match.level_found, short=match.level_short),
            where=list(match.where),
            evidence=evidence_list(match.evidence),
            decided=DecidedOut.model_validate(match.decided) if match.decided else None,
        )


class StatementOut(Model):
    """Coverage of one statement."""

    id: str
    kind: str
    coverage: Literal["full", "partial", "none"]
    ratio: Unit

    @classmethod
    def from_coverage(cls, item: StatementCoverage) -> StatementOut:
        """From a statement's coverage."""
        return cls(id=item.statement.id, kind=item.statement.kind, coverage=item.coverage, ratio=unit(item.ratio))


class SuggestionOut(Model):
    """What to write, in which section of the document, with how many hours, after which sources."""

    text: str
    where: str
    hours: float | None
    sources: list[str]


class GapOut(Model):
    """One thing to mend; severity 3 weighs most."""

    element: str
    statement: str
    kind: Literal["missing", "touched", "level_short", "not_practised", "not_assessed"]
    severity: Literal[1, 2, 3]
    nearest: EvidenceOut | None
    suggestion: SuggestionOut

    @classmethod
    def from_gap(cls, gap: Gap) -> GapOut:
        """From a gap."""
        advice = gap.suggestion
        return cls(
            element=gap.element.id,
            statement=gap.element.statement,
            kind=gap.kind,
            severity=gap.severity,
            nearest=EvidenceOut.from_evidence(gap.nearest) if gap.nearest else None,
            suggestion=SuggestionOut(
                text=advice.text,
                where=advice.where,
                hours=advice.hours,
                sources=[*advice.sources, *(example.text for example in advice.examples)],
            ),
        )


class ReadingOut(Model):
    """Another way of counting that a school could defend, and the verdict under it."""

    label: str
    verdict: VerdictName
    value: Any
    arithmetic: str
    evidence: list[EvidenceOut]

    @classmethod
    def from_reading(cls, reading: Reading) -> ReadingOut:
        """From one reading of a rule."""
        fields = {name: getattr(reading, name) for name in ("label", "verdict", "arithmetic")}
        return cls(**fields, value=plain(reading.value), evidence=evidence_list(reading.evidence))


class RuleOut(Model):
    """The verdict on one rule of the standard (or of the local rule pack that ``source`` names).

    ``verdict``, ``value`` and ``arithmetic`` follow the plan's own way of counting; ``readings`` are the others.
    """

    id: str
    verdict: VerdictName
    value: Any
    expected: str
    force: Literal["must", "should", "may"]
    arithmetic: str
    evidence: list[EvidenceOut]
    note: str
    title: str = ""
    text: str = ""
    section: str = ""
    source: str = "standard"
    readings: list[ReadingOut] = Field(default_factory=list)
    decided: Decision = None

    @classmethod
    def from_verdict(cls, rule: RuleVerdict) -> RuleOut:
        """From a rule's verdict."""
        special = ("value", "evidence", "readings", "decided")
        fields = {name: getattr(rule, name) for name in cls.model_fields if name not in special}
        readings = [ReadingOut.from_reading(reading) for reading in rule.readings]
        decided = DecidedOut.model_validate(rule.decided) if rule.decided else None
        evidence = evidence_list(rule.evidence)
        return cls(**fields, value=plain(rule.value), evidence=evidence, readings=readings, decided=decided)


class IndicesOut(Model):
    """Alignment indices: share of the scope's elements covered, Webb's four criteria, Porter's index."""

    coverage_ratio: Unit
    webb: dict[str, float]
    porter: dict[str, float] | None


class DecisionCountsOut(Model):
    """How many verdicts persons decided: the system's overridden or accepted, and disputed by a second reviewer."""

    overridden: Count
    accepted: Count
    disputed: Count


class ProvenanceOut(Model):
    """What the verdicts rest on; ``seconds`` per stage; ``notes`` on how they came about; ``decisions`` of persons."""

    version: str
    encoder: str
    standard_sha256: str
    thresholds: dict[str, float]
    seconds: dict[str, float]
    notes: list[str] = Field(default_factory=list)
    decisions: Annotated[DecisionCountsOut | None, Field(exclude_if=lambda value: value is None)] = None


class ReportOut(Model):
    """The whole report; ``elements`` lists every element of the standard, in its order."""

    schema_: Literal["duibiao.report/1"] = Field(alias="schema")
    generated_at: str
    document: DocumentOut
    standard: StandardOut
    courses: list[CourseOut]
    elements: list[ElementOut]
    statements: list[StatementOut]
    gaps: list[GapOut]
    rules: list[RuleOut]
    indices: IndicesOut
    provenance: ProvenanceOut
    programme: ProgrammeOut | None = None

    @classmethod
    def from_report(cls, report: GapReport) -> ReportOut:
        """The JSON form of a report."""
        standard, facts = report.standard, report.provenance
        return cls(
            schema=SCHEMA,
            generated_at=report.generated_at,
            document=_document(report),
            standard=StandardOut(code=standard.code, name=standard.name, edition=standard.edition),
            courses=[
                CourseOut(id=fit.course.id, title=fit.course.label, probability=unit(fit.probability))
                for fit in report.courses
            ],
            elements=[ElementOut.from_match(match) for match in report.matches],
            statements=[StatementOut.from_coverage(item) for item in report.statements],
            gaps=[GapOut.from_gap(gap) for gap in report.gaps],
            rules=[RuleOut.from_verdict(rule) for rule in report.rules],
            indices=IndicesOut(coverage_ratio=unit(report.coverage_ratio), webb=report.webb, porter=report.porter),
            provenance=ProvenanceOut(**vars(facts), decisions=_decision_counts(report)),
            programme=ProgrammeOut.from_audit(report.programme) if report.programme else None,
        )

    def to_json(self, indent: int | None = 2) -> str:
        """JSON text with the contract's key names."""
        return self.model_dump_json(by_alias=True, indent=indent)


def report_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of the report."""
    schema = ReportOut.model_json_schema(mode="serialization", by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA, **schema}


def _decision_counts(report: GapReport) -> DecisionCountsOut | None:
    verdicts: tuple[Match | RuleVerdict, ...] = (*report.matches, *report.rules)
    found = [verdict.decided for verdict in verdicts if verdict.decided is not None]
    if not found:
        return None
    overridden = sum(decided.action == "override" for decided in found)
    disputed = sum(decided.disputed for decided in found)
    return DecisionCountsOut(overridden=overridden, accepted=len(found) - overridden, disputed=disputed)


def _document(report: GapReport) -> DocumentOut:
    facts, audit = report.document, report.programme
    return DocumentOut(
        name=facts.name,
        sha256=facts.sha256,
        kind=facts.kind,
        title=facts.title,
        pages=facts.pages,
        chars=facts.chars,
        hours=HoursOut(stated=facts.hours.stated, table_sum=facts.hours.table_sum),
        errors=[ErrorOut.model_validate(error) for error in facts.errors],
        parts=[PartOut.model_validate(part) for part in audit.programme.document.parts] if audit else [],
    )


if __name__ == "__main__":
    print(json.dumps(report_schema(), ensure_ascii=False, indent=2))
