"""Dashboards as the API gives them. Documents are told by their number in the dashboard."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from alignment.portfolio import Entry, Held
from api.schemas.parts import Count, Model, Unit, unit
from api.schemas.service import DepartmentOut
from api.services.dashboards import Dashboard, DashboardRow, TrendPoint
from api.store.models import ReviewState

GradeValue = Literal[0, 1, 2]
VerdictName = Literal["pass", "fail", "cannot_determine"]
Number = Annotated[int, Field(ge=0, description="从 0 起的序号")]


class StandardNameOut(Model):
    """A standard by code and name."""

    code: str
    name: str


class PortfolioDocumentOut(Model):
    """One document of a dashboard; ``ratios`` is its coverage of each of ``statements``."""

    report: str
    document: str
    name: str
    title: str
    kind: str
    coverage_ratio: Unit
    courses: list[str]
    review: Count
    decided: Count
    review_state: ReviewState
    created_at: datetime
    ratios: list[Unit]

    @classmethod
    def of(cls, row: DashboardRow, entry: Entry, ratios: Sequence[float]) -> PortfolioDocumentOut:
        """From the service."""
        same = ("name", "title", "review_state", "created_at")
        return cls(
            **{name: getattr(row, name) for name in same},
            report=row.report_id,
            document=row.document_id,
            kind=entry.kind,
            coverage_ratio=unit(row.headline.get("coverage_ratio", 0.0)),
            courses=list(entry.courses),
            review=row.headline.get("review", 0),
            decided=row.headline.get("decided", 0),
            ratios=[unit(ratio) for ratio in ratios],
        )


class PortfolioStatementOut(Model):
    """A statement or course with its coverage by all documents together."""

    id: str
    kind: str
    label: str
    ratio: Unit


class HeldOut(Model):
    """An element with the numbers of the documents that cover it and of those that only touch it."""

    element: str
    statement: str
    text: str
    covering: list[Number]
    touching: list[Number]


class BrokenRuleOut(Model):
    """A rule with the numbers of the plans that break it, and of those where it could not be checked."""

    id: str
    text: str
    failed: list[Number]
    undetermined: list[Number]


class TrendPointOut(Model):
    """What the documents of one audit covered together."""

    audit: str
    name: str
    at: datetime
    documents: Count
    covered: Count
    touched: Count
    missing: Count
    coverage_ratio: Unit

    @classmethod
    def of(cls, point: TrendPoint) -> TrendPointOut:
        """From the service."""
        same = ("name", "at", "documents", "covered", "touched", "missing")
        ratio = unit(point.coverage_ratio)
        return cls(**{n: getattr(point, n) for n in same}, audit=point.audit_id, coverage_ratio=ratio)


class NamedOut(Model):
    """Something by id and name."""

    id: str
    name: str


class DashboardOut(Model):
    """What many documents cover of a standard together.

    Counts and ratio are over the elements of the core courses. ``orphans`` nobody teaches; ``thin`` are only touched,
    or covered by one document; ``repeated`` are taught by three and more; ``shortfalls`` are taught nowhere at the
    required level; ``homeless`` documents fit no course.
    """

    standard: StandardNameOut
    department: DepartmentOut | None
    audit: NamedOut | None
    covered: Count
    touched: Count
    missing: Count
    coverage_ratio: Unit
    to_review: Count
    decided: Count
    review_states: dict[ReviewState, int]
    documents: list[PortfolioDocumentOut]
    statements: list[PortfolioStatementOut]
    orphans: list[HeldOut]
    thin: list[HeldOut]
    repeated: list[HeldOut]
    shortfalls: list[HeldOut]
    rules: list[BrokenRuleOut]
    homeless: list[Number]
    trend: list[TrendPointOut]

    @classmethod
    def of(cls, found: Dashboard) -> DashboardOut:
        """From the service."""
        put, standard = found.portfolio, found.standard
        number = {entry.id: place for place, entry in enumerate(put.entries)}
        missing, touched, covered = put.counts
        return cls(
            standard=StandardNameOut(code=standard.code, name=standard.name),
            department=DepartmentOut.model_validate(found.department) if found.department else None,
            audit=NamedOut.model_validate(found.audit) if found.audit else None,
            covered=covered,
            touched=touched,
            missing=missing,
            coverage_ratio=unit(put.coverage_ratio),
            to_review=found.to_review,
            decided=found.decided,
            review_states=found.review_states,  # type: ignore[arg-type]
            documents=[
                PortfolioDocumentOut.of(row, entry, ratios)
                for row, entry, ratios in zip(found.rows, put.entries, put.matrix.tolist(), strict=True)
            ],
            statements=[
                PortfolioStatementOut(id=s.id, kind=s.kind, label=s.label, ratio=unit(ratio))
                for s, ratio in zip(put.statements, put.union_ratios.tolist(), strict=True)
            ],
            **{name: _held(getattr(put, name), number) for name in ("orphans", "thin", "repeated", "shortfalls")},
            rules=_rules(found, number),
            homeless=_numbers(put.homeless, number),
            trend=[TrendPointOut.of(point) for point in found.trend],
        )


def _numbers(entries: Iterable[Entry], number: dict[str, int]) -> list[int]:
    return [number[entry.id] for entry in entries]


def _held(rows: Iterable[Held], number: dict[str, int]) -> list[HeldOut]:
    return [
        HeldOut(
            element=row.element.id,
            statement=row.element.statement,
            text=row.element.text,
            covering=_numbers(row.covering, number),
            touching=_numbers(row.touching, number),
        )
        for row in rows
    ]


def _rules(found: Dashboard, number: dict[str, int]) -> list[BrokenRuleOut]:
    return [
        BrokenRuleOut(
            id=rule.id,
            text=found.rule_text(rule.id),
            failed=_numbers(rule.failed, number),
            undetermined=_numbers(rule.undetermined, number),
        )
        for rule in found.portfolio.broken_rules
    ]
