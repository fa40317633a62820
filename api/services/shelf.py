"""What the page's lists show: documents with their last report, batches with how far they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, aliased

from api.auth.principal import Principal, Right, require
from api.service import Service
from api.services.access import visible
from api.services.paging import Page, PageRequest
from api.store.models import Audit, Document, Report

#: States of a job that is not over.
OPEN_STATES = ("queued", "running")


@dataclass(frozen=True, slots=True)
class Shelved:
    """A document with its last report, if there is one, and how many there are."""

    document: Document
    report: Report | None
    reports: int

    @property
    def id(self) -> str:
        """Of the document: lists are paged by it."""
        return self.document.id

    @property
    def busy(self) -> bool:
        """Whether its last report is not over."""
        return self.report is not None and self.report.state in OPEN_STATES

    @property
    def at(self) -> datetime:
        """When something last began with it."""
        return self.report.created_at if self.report else self.document.created_at

    @property
    def address(self) -> str:
        """Where its last report, or else itself, is shown."""
        return f"/reports/{self.report.id}" if self.report else f"/documents/{self.document.id}"


@dataclass(frozen=True, slots=True)
class Shelf:
    """Which documents are looked for: by a part of the name, by department, by the state of the last report.

    ``state`` is a ``JobState``, ``none`` for documents without report, "" for any.
    """

    text: str = ""
    department_id: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """An audit with the number of its reports by state."""

    audit: Audit
    counts: dict[str, int]

    @property
    def id(self) -> str:
        """Of the audit: lists are paged by it."""
        return self.audit.id

    @property
    def total(self) -> int:
        """How many reports it has."""
        return sum(self.counts.values())

    @property
    def over(self) -> int:
        """How many of them are over, well or not."""
        return self.total - sum(self.counts.get(state, 0) for state in OPEN_STATES)


def documents(service: Service, principal: Principal, page: PageRequest, wanted: Shelf) -> Page[Shelved]:
    """The documents that the principal sees, newest first, each with its last report."""
    require(principal, Right.READ)
    query = _wanted(select(Document).where(visible(principal, Document)), wanted)
    query = query.order_by(Document.id.desc()).limit(page.limit + 1)
    if page.after:
        query = query.where(Document.id < page.after)
    with service.store.read() as session:
        found = session.scalars(query).unique().all()
        return Page.of(_shelved(session, found), page)


def _wanted(query: Select[Document], wanted: Shelf) -> Select[Document]:
    if wanted.text.strip():
        query = query.where(Document.name.icontains(wanted.text.strip(), autoescape=True))
    if wanted.department_id:
        query = query.where(Document.department_id == wanted.department_id)
    if wanted.state == "none":
        return query.where(~select(Report.id).where(Report.document_id == Document.id).exists())
    if wanted.state:
        every = aliased(Report)
        last = select(func.max(every.id)).where(every.document_id == Document.id).correlate(Document).scalar_subquery()
        query = query.where(select(Report.id).where(Report.id == last, Report.state == wanted.state).exists())
    return query


def _shelved(session: Session, found: Sequence[Document]) -> list[Shelved]:
    ids = [document.id for document in found]
    last = select(func.max(Report.id), func.count()).where(Report.document_id.in_(ids)).group_by(Report.document_id)
    counts = dict(session.execute(last).all())
    rows = session.scalars(select(Report).where(Report.id.in_(counts))).unique()
    reports = {report.document_id: report for report in rows}
    return [_item(document, reports.get(document.id), counts) for document in found]


def _item(document: Document, report: Report | None, counts: dict[str, int]) -> Shelved:
    return Shelved(document, report, counts[report.id] if report else 0)


def versions(service: Service, principal: Principal, document: Document) -> list[Shelved]:
    """A document with the earlier and later versions of it that the principal sees, oldest first."""
    with service.store.read() as session:
        family = {document.id: document}
        reach = [document]
        while reach:
            query = select(Document).where(visible(principal, Document), _kin(reach), Document.id.not_in(family))
            reach = list(session.scalars(query).unique())
            family.update((found.id, found) for found in reach)
        return _shelved(session, sorted(family.values(), key=lambda found: found.id))


def _kin(reach: Iterable[Document]) -> ColumnElement[bool]:
    earlier = [found.previous_id for found in reach if found.previous_id]
    return Document.id.in_(earlier) | Document.previous_id.in_([found.id for found in reach])


def batches(service: Service, principal: Principal, page: PageRequest, text: str = "") -> Page[Batch]:
    """The audits that the principal sees, newest first."""
    require(principal, Right.READ)
    query = select(Audit).where(visible(principal, Audit)).order_by(Audit.id.desc()).limit(page.limit + 1)
    if page.after:
        query = query.where(Audit.id < page.after)
    if text.strip():
        query = query.where(Audit.name.icontains(text.strip(), autoescape=True))
    with service.store.read() as session:
        found = session.scalars(query).unique().all()
        counts = _counts(session, [audit.id for audit in found])
        return Page.of([Batch(audit, counts[audit.id]) for audit in found], page)


def counts(service: Service, audit_id: str) -> dict[str, int]:
    """How many reports of an audit are in which state."""
    with service.store.read() as session:
        return _counts(session, [audit_id])[audit_id]


def _counts(session: Session, ids: Sequence[str]) -> dict[str, dict[str, int]]:
    query = select(Report.audit_id, Report.state, func.count()).where(Report.audit_id.in_(ids))
    found: dict[str, dict[str, int]] = {id: {} for id in ids}
    for audit_id, state, number in session.execute(query.group_by(Report.audit_id, Report.state)):
        found[audit_id or ""][state] = number
    return found


def changed(service: Service, audit_id: str, since: datetime) -> list[Report]:
    """The reports of an audit that have changed after a time."""
    with service.store.read() as session:
        query = select(Report).where(Report.audit_id == audit_id, Report.changed_at > since)
        return list(session.scalars(query).unique())
