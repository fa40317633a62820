"""What a department, an audit or everybody covers of a standard, and how that changed from audit to audit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from alignment.portfolio import Entry, Portfolio, portfolio
from api.auth.principal import NotFoundError, Principal, Right, require
from api.services.access import check_visible, visible
from api.services.log import record
from api.services.reports import Rendered
from api.store.models import Audit, Department, Document, Report
from corpora.standard import Standard

if TYPE_CHECKING:
    from api.service import Service

#: Audits that the trend shows, the latest ones.
TREND = 24


class DashboardRow(NamedTuple):
    """One document of a dashboard with its latest report."""

    report_id: str
    document_id: str
    name: str
    previous_id: str | None
    owner_id: str
    department_id: str | None
    audit_id: str | None
    review_state: str
    created_at: datetime
    headline: dict[str, Any]

    @property
    def title(self) -> str:
        """The document's own title, else its file name."""
        return self.headline.get("title") or self.name


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """What the documents of one audit covered together: elements covered, touched and missing."""

    audit_id: str
    name: str
    at: datetime
    documents: int
    covered: int
    touched: int
    missing: int

    @property
    def coverage_ratio(self) -> float:
        """Share of covered elements, in 0..1."""
        return self.covered / max(self.covered + self.touched + self.missing, 1)


@dataclass(frozen=True)
class Dashboard:
    """The documents that a principal sees against one standard.

    Parameters
    ----------
    portfolio : what they cover together; its entries are in the order of ``rows``.
    rows : the latest report of each document, of versions of a text only the latest, newest first.
    trend : by audit, the oldest first.
    department, audit : what it is narrowed to; None for no narrowing.
    """

    portfolio: Portfolio
    rows: tuple[DashboardRow, ...]
    trend: tuple[TrendPoint, ...]
    department: Department | None = None
    audit: Audit | None = None

    @property
    def standard(self) -> Standard:
        """The standard."""
        return self.portfolio.standard

    @cached_property
    def _rule_texts(self) -> dict[str, str]:
        return {rule.id: rule.text for rule in (*self.standard.rules, *self.standard.other_rules)}

    def rule_text(self, id: str) -> str:
        """The wording of a rule in the standard; empty for a rule of a school's own."""
        return self._rule_texts.get(id, "")

    @property
    def review_states(self) -> dict[str, int]:
        """How many reports are in which state of review."""
        return dict(Counter(row.review_state for row in self.rows))

    @property
    def to_review(self) -> int:
        """How many verdicts a person should still look at."""
        return sum(row.headline.get("review", 0) for row in self.rows)

    @property
    def decided(self) -> int:
        """How many verdicts persons decided."""
        return sum(row.headline.get("decided", 0) for row in self.rows)


def dashboard(
    service: Service,
    principal: Principal,
    *,
    standard: str,
    department_id: str | None = None,
    audit_id: str | None = None,
) -> Dashboard:
    """Put together what the principal sees of a standard, as persons have decided on it.

    Parameters
    ----------
    standard : its code.
    department_id, audit_id : narrow it to these.

    Raises
    ------
    ForbiddenError : the role has no dashboards.
    UnknownStandardError : there is no such standard.
    NotFoundError : there is no such department or audit for the principal.
    """
    require(principal, Right.OVERSEE)
    held = service.standard(standard)
    with service.store.read() as session:
        department, audit = _department(session, principal, department_id), _audit(session, principal, audit_id)
        rows = _rows(session, _query(principal, standard, department_id, audit_id))
        trend = _trend(session, principal, held, department_id)
    latest = _latest(rows)
    record(service, principal, "dashboard.open", "standard", standard, department_id)
    return Dashboard(portfolio(held, _entries(latest)), tuple(latest), trend, department, audit)


def export(
    service: Service,
    principal: Principal,
    *,
    standard: str,
    department_id: str | None = None,
    audit_id: str | None = None,
    format: str = "xlsx",
) -> Rendered:
    """A dashboard as a file; raises as ``dashboard`` does, and UsageError for an unknown format."""
    from api.rendering.portfolio import dashboard_renderer

    render = dashboard_renderer(format)
    found = dashboard(service, principal, standard=standard, department_id=department_id, audit_id=audit_id)
    record(service, principal, "dashboard.export", "standard", standard, department_id, format=format)
    return Rendered(*render(found))


def _department(session: Session, principal: Principal, id: str | None) -> Department | None:
    if not id:
        return None
    found = session.get(Department, id)
    if found is None or not (principal.role == "admin" or id in principal.departments):
        raise NotFoundError("没有找到这个院系")
    return found


def _audit(session: Session, principal: Principal, id: str | None) -> Audit | None:
    if not id:
        return None
    found = session.get(Audit, id)
    check_visible(principal, found, "没有找到这个批次")
    return found


def _query(principal: Principal, standard: str, department_id: str | None, audit_id: str | None) -> Select[Any]:
    """Finished reports that the principal sees, newest first."""
    columns = (
        *(Report.id, Document.id, Document.name, Document.previous_id, Document.owner_id, Document.department_id),
        *(Report.audit_id, Report.review_state, Report.created_at, Report.headline),
    )
    query = select(*columns).join(Document, Report.document_id == Document.id).order_by(Report.id.desc())
    query = query.where(Report.standard == standard, Report.state == "done", visible(principal, Document))
    if department_id:
        query = query.where(Document.department_id == department_id)
    return query.where(Report.audit_id == audit_id) if audit_id else query


def _rows(session: Session, query: Select[Any]) -> list[DashboardRow]:
    return [DashboardRow._make((*row[:-1], row[-1] or {})) for row in session.execute(query)]


def _latest(rows: Sequence[DashboardRow]) -> list[DashboardRow]:
    """The first row of each document, without documents that a later version among them replaces."""
    replaced = {row.previous_id for row in rows}
    found: dict[str, DashboardRow] = {}
    for row in rows:
        if row.document_id not in replaced:
            found.setdefault(row.document_id, row)
    return list(found.values())


def _entries(rows: Sequence[DashboardRow]) -> list[Entry]:
    """What a portfolio looks at; documents of the same title are told apart by file, and then by number."""
    titles, seen = Counter(row.title for row in rows), Counter[str]()
    entries = []
    for row in rows:
        name = f"{row.title}（{row.name}）" if titles[row.title] > 1 and row.name != row.title else row.title
        seen[name] += 1
        entries.append(_entry(row, f"{name} #{seen[name]}" if seen[name] > 1 else name))
    return entries


def _entry(row: DashboardRow, title: str) -> Entry:
    headline = row.headline
    taught = headline.get("taught")
    return Entry(
        row.report_id,
        title,
        headline.get("kind", "syllabus"),
        headline.get("grades", {}),
        tuple(headline.get("scope", ())),
        None if taught is None else frozenset(taught),
        frozenset(headline.get("short", ())),
        tuple(headline.get("failed", ())),
        tuple(headline.get("undetermined", ())),
    )


def _trend(
    session: Session, principal: Principal, standard: Standard, department_id: str | None
) -> tuple[TrendPoint, ...]:
    query = select(Audit).where(Audit.standard == standard.code, visible(principal, Audit))
    audits = session.scalars(query.order_by(Audit.id.desc()).limit(TREND)).all()[::-1]
    of_audits = _query(principal, standard.code, department_id, None).where(
        Report.audit_id.in_([audit.id for audit in audits])
    )
    by_audit: dict[str | None, list[DashboardRow]] = {}
    for row in _rows(session, of_audits):
        by_audit.setdefault(row.audit_id, []).append(row)
    return tuple(_point(standard, audit, _latest(by_audit[audit.id])) for audit in audits if audit.id in by_audit)


def _point(standard: Standard, audit: Audit, rows: Sequence[DashboardRow]) -> TrendPoint:
    missing, touched, covered = portfolio(standard, _entries(rows)).counts
    return TrendPoint(audit.id, audit.name, audit.created_at, len(rows), covered, touched, missing)
