"""Comparisons as the API gives them. Documents are told by their number in the comparison."""

from __future__ import annotations

from collections.abc import Iterable

from alignment.compare import Change, Changes, ElementRow, StatementRow
from alignment.model import Match, RuleVerdict
from api.schemas.parts import Count, EvidenceOut, Model, Unit, evidence_list, plain, unit
from api.schemas.portfolio import GradeValue, Number, StandardNameOut, VerdictName
from api.services.comparisons import Compared


class ComparedReportOut(Model):
    """One report of a comparison: counts over the common scope."""

    id: str
    document: str
    name: str
    covered: Count
    touched: Count
    missing: Count
    coverage_ratio: Unit
    unique: list[str]


class ComparedStatementOut(Model):
    """A statement or course: coverage in each document, and the numbers of the best."""

    id: str
    kind: str
    label: str
    ratios: list[Unit]
    best: list[Number]

    @classmethod
    def of(cls, row: StatementRow) -> ComparedStatementOut:
        """From a comparison."""
        statement = row.statement
        ratios = [unit(ratio) for ratio in row.ratios]
        return cls(id=statement.id, kind=statement.kind, label=statement.label, ratios=ratios, best=list(row.best))


class ComparedElementOut(Model):
    """An element: grade and level found in each document, and the numbers of the best."""

    id: str
    statement: str
    text: str
    level: int
    grades: list[GradeValue]
    levels: list[int | None]
    best: list[Number]

    @classmethod
    def of(cls, row: ElementRow) -> ComparedElementOut:
        """From a comparison."""
        element = row.element
        return cls(
            id=element.id,
            statement=element.statement,
            text=element.text,
            level=element.level,
            grades=[match.grade for match in row.matches],
            levels=[match.level_found for match in row.matches],
            best=list(row.best),
        )


class SideOut(Model):
    """An element in one of two versions."""

    grade: GradeValue
    level: int | None
    evidence: list[EvidenceOut]

    @classmethod
    def of(cls, match: Match) -> SideOut:
        """From a match."""
        return cls(grade=match.grade, level=match.level_found, evidence=evidence_list(match.evidence))


class ChangeOut(Model):
    """An element before and after."""

    element: str
    text: str
    before: SideOut
    after: SideOut

    @classmethod
    def all_of(cls, changes: Iterable[Change]) -> list[ChangeOut]:
        """From a comparison."""
        return [
            cls(element=c.element.id, text=c.element.text, before=SideOut.of(c.before), after=SideOut.of(c.after))
            for c in changes
        ]


class RuleSideOut(Model):
    """A rule in one of two versions."""

    verdict: VerdictName
    value: object
    arithmetic: str

    @classmethod
    def of(cls, rule: RuleVerdict | None) -> RuleSideOut | None:
        """From a rule's verdict; None where there is none."""
        if rule is None:
            return None
        return cls(verdict=rule.verdict, value=plain(rule.value), arithmetic=rule.arithmetic)


class RuleChangeOut(Model):
    """A rule before and after."""

    id: str
    text: str
    before: RuleSideOut | None
    after: RuleSideOut | None


class ChangesOut(Model):
    """From one document to the next one: what got better, what was lost, levels and rules that changed."""

    before: Number
    after: Number
    coverage: tuple[Unit, Unit]
    better: list[ChangeOut]
    lost: list[ChangeOut]
    levels: list[ChangeOut]
    rules: list[RuleChangeOut]

    @classmethod
    def of(cls, changes: Changes) -> ChangesOut:
        """From a comparison."""
        before, after = changes.coverage
        rules = [
            RuleChangeOut(
                id=change.rule.id,
                text=change.rule.text or change.rule.expected,
                before=RuleSideOut.of(change.before),
                after=RuleSideOut.of(change.after),
            )
            for change in changes.rules
        ]
        return cls(
            before=changes.first,
            after=changes.second,
            coverage=(unit(before), unit(after)),
            better=ChangeOut.all_of(changes.better),
            lost=ChangeOut.all_of(changes.lost),
            levels=ChangeOut.all_of(changes.levels),
            rules=rules,
        )


class ComparisonOut(Model):
    """Reports side by side.

    ``scope`` are the courses that any of them serves; ``overlap`` what each two both cover over what either covers;
    ``changes`` are given for two reports, and for versions of one text.
    """

    standard: StandardNameOut
    versions: bool
    reports: list[ComparedReportOut]
    scope: list[str]
    best: list[Number]
    courses: list[ComparedStatementOut]
    statements: list[ComparedStatementOut]
    elements: list[ComparedElementOut]
    common_gaps: list[str]
    shared: list[str]
    overlap: list[list[Unit]]
    changes: list[ChangesOut]

    @classmethod
    def of(cls, compared: Compared) -> ComparisonOut:
        """From the service."""
        found = compared.comparison
        changes = found.changes if compared.versions or len(compared.rows) == 2 else ()
        return cls(
            standard=StandardNameOut(code=found.standard.code, name=found.standard.name),
            versions=compared.versions,
            reports=_compared_reports(compared),
            scope=list(found.scope),
            best=list(found.best),
            courses=[ComparedStatementOut.of(row) for row in found.courses],
            statements=[ComparedStatementOut.of(row) for row in found.statements],
            elements=[ComparedElementOut.of(row) for row in found.elements],
            common_gaps=[row.element.id for row in found.common_gaps],
            shared=[row.element.id for row in found.shared],
            overlap=[[unit(value) for value in line] for line in found.overlap],
            changes=[ChangesOut.of(each) for each in changes],
        )


def _compared_reports(compared: Compared) -> list[ComparedReportOut]:
    found = compared.comparison
    return [
        ComparedReportOut(
            id=row.id,
            document=row.document_id,
            name=name,
            covered=covered,
            touched=touched,
            missing=missing,
            coverage_ratio=unit(ratio),
            unique=[held.element.id for held in found.unique(number)],
        )
        for number, (row, name, (missing, touched, covered), ratio) in enumerate(
            zip(compared.rows, found.names, found.counts, found.ratios, strict=True)
        )
    ]
