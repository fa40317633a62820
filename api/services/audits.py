"""Audits: many documents against one standard, each a report of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager

from api.auth.principal import ConflictError, Principal, Right, require
from api.service import Service
from api.services.access import check_changeable, check_visible, visible
from api.services.batches import Batch, Problem, separate
from api.services.documents import add_document, check_kind, department_for
from api.services.incoming import Incoming, keep
from api.services.log import entry
from api.services.names import clean_name, clean_title
from api.services.paging import Page, PageRequest
from api.services.removing import put_away
from api.services.reports import add_report, restart
from api.store.models import Audit, JobState, LogEntry, Report
from api.store.removal import Removed, clear, remove_audit
from corpora.errors import DocumentError

__all__ = [
    "AuditProgress",
    "cancel_audit",
    "create",
    "delete_audit",
    "find_audit",
    "list_audits",
    "list_progress",
    "progress",
    "retry_audit",
    "separate",
]

_OPEN = ("queued", "running")
_STATES: tuple[JobState, ...] = ("queued", "running", "done", "failed", "cancelled")


@dataclass(frozen=True, slots=True)
class AuditProgress:
    """An audit and how far its reports are.

    Parameters
    ----------
    reports : in the order of their documents; left out in lists.
    counts : reports by state.
    done : whether none is waiting or running.
    """

    audit: Audit
    reports: tuple[Report, ...]
    counts: dict[JobState, int]
    done: bool


def create(
    service: Service,
    principal: Principal,
    *,
    name: str,
    files: Sequence[Incoming],
    standard: str,
    kind: str = "auto",
    department_id: str | None = None,
) -> Audit:
    """Keep the documents of a batch and queue a report for each; what is stored already is done at once.

    Parameters
    ----------
    name : of the audit; empty for one after its files.
    files : documents, and zips of them.
    standard : code of a standard.
    kind, department_id : as for ``documents.upload``.

    Raises
    ------
    UploadTooLargeError : there are more documents, or more bytes, than a batch may have.
    DocumentError : there is no document among the files.
    UnknownStandardError, UsageError : there is no such standard or kind.
    ForbiddenError, NotFoundError : the user does not belong to the department, or there is none.
    """
    require(principal, Right.UPLOAD)
    service.standard(standard)
    check_kind(kind)
    with service.store.read() as session:
        department_for(session, principal, department_id)
    batch = Batch(service.settings.service)
    kept = [keep(service.store.blobs, file) for file in batch.documents(files)]
    if not kept:
        raise _nothing(batch.problems)
    with service.store.alone() as session:
        department = department_for(session, principal, department_id)
        audit = Audit(
            name=_name(name, files, len(kept)),
            standard=standard,
            owner_id=principal.id,
            department_id=department,
            problems=batch.problems,
        )
        session.add(audit)
        session.flush()
        _keep_again(service, files, {file.sha256 for file in kept})
        documents = [add_document(session, principal, [file], kind, "", department) for file in kept]
        reports = [add_report(session, service, d, standard, (), audit.id, check=False) for d in documents]
        session.add(_entry(principal, "audit.create", audit, documents=len(kept)))
    _enqueue(service, reports)
    return find_audit(service, principal, audit.id)


def find_audit(service: Service, principal: Principal, id: str) -> Audit:
    """An audit.

    Raises
    ------
    NotFoundError : there is none that the principal may see.
    """
    require(principal, Right.READ)
    with service.store.read() as session:
        return _visible_audit(session, principal, id)


def list_audits(
    service: Service, principal: Principal, page: PageRequest, *, department_id: str | None = None
) -> Page[Audit]:
    """The audits that the principal sees, newest first; or those of one department."""
    require(principal, Right.READ)
    query = select(Audit).where(visible(principal, Audit)).order_by(Audit.id.desc()).limit(page.limit + 1)
    if page.after:
        query = query.where(Audit.id < page.after)
    if department_id is not None:
        query = query.where(Audit.department_id == department_id)
    with service.store.read() as session:
        return Page.of(session.scalars(query).unique().all(), page)


def list_progress(
    service: Service, principal: Principal, page: PageRequest, *, department_id: str | None = None
) -> Page[AuditProgress]:
    """As ``list_audits``, with the numbers of their reports."""
    found = list_audits(service, principal, page, department_id=department_id)
    with service.store.read() as session:
        counts = _counts(session, [audit.id for audit in found.items])
    return Page([_progress(audit, (), counts[audit.id]) for audit in found.items], found.next)


def progress(service: Service, principal: Principal, id: str) -> AuditProgress:
    """An audit with all its reports.

    Raises
    ------
    NotFoundError : there is none that the principal may see.
    """
    require(principal, Right.READ)
    with service.store.read() as session:
        audit = _visible_audit(session, principal, id)
        reports = _reports(session, id)
    return _progress(audit, reports, Counter(report.state for report in reports))


def cancel_audit(service: Service, principal: Principal, id: str) -> Audit:
    """Stop the jobs of an audit that wait or run; what is done stays.

    Raises
    ------
    NotFoundError, ForbiddenError : it is not there, or not the principal's.
    ConflictError : all of it has ended.
    """
    with service.store.alone() as session:
        audit = _own_audit(session, principal, id)
        stopped = [report for report in _reports(session, id) if report.state in _OPEN]
        if not stopped:
            raise ConflictError("这一批已经结束，不能取消", advice="请刷新页面")
        for report in stopped:
            report.state, report.stage = "cancelled", ""
        session.add(_entry(principal, "audit.cancel", audit, reports=len(stopped)))
    service.jobs.cancel_many([(report.id, report.attempt) for report in stopped])
    return audit


def retry_audit(service: Service, principal: Principal, id: str) -> Audit:
    """Start the reports of an audit again that failed or were cancelled.

    Raises
    ------
    NotFoundError, ForbiddenError : it is not there, or not the principal's.
    ConflictError : none of them did.
    """
    with service.store.alone() as session:
        audit = _own_audit(session, principal, id)
        again = [report for report in _reports(session, id) if report.state in ("failed", "cancelled")]
        if not again:
            raise ConflictError("这一批没有失败或取消的报告", advice="请刷新页面")
        unused = {digest for report in again for digest in restart(session, service, report)}
        session.add(_entry(principal, "audit.retry", audit, reports=len(again)))
    clear(service.store, unused)
    _enqueue(service, again)
    return audit


def delete_audit(service: Service, principal: Principal, id: str) -> Removed:
    """Delete an audit with its reports, and its documents that have no report elsewhere.

    Raises
    ------
    NotFoundError, ForbiddenError : it is not there, or not the principal's.
    """
    with service.store.alone() as session:
        audit = _own_audit(session, principal, id)
        session.add(_entry(principal, "audit.delete", audit))
        removed = remove_audit(session, id)
    put_away(service.store, service.jobs, removed)
    return removed


def _visible_audit(session: Session, principal: Principal, id: str) -> Audit:
    audit = session.get(Audit, id)
    check_visible(principal, audit, "没有找到这一批")
    assert audit is not None
    return audit


def _own_audit(session: Session, principal: Principal, id: str) -> Audit:
    require(principal, Right.UPLOAD)
    audit = _visible_audit(session, principal, id)
    check_changeable(principal, audit)
    return audit


def _reports(session: Session, audit_id: str) -> tuple[Report, ...]:
    """The reports of an audit, in the order of their documents."""
    query = select(Report).join(Report.document).options(contains_eager(Report.document))
    query = query.where(Report.audit_id == audit_id).order_by(Report.document_id, Report.id)
    return tuple(session.scalars(query).unique())


def _counts(session: Session, audits: Sequence[str]) -> dict[str, Counter[str]]:
    """The reports of audits by state."""
    query = select(Report.audit_id, Report.state, func.count()).where(Report.audit_id.in_(audits))
    found: dict[str, Counter[str]] = {audit: Counter() for audit in audits}
    for audit, state, number in session.execute(query.group_by(Report.audit_id, Report.state)):
        found[audit or ""][state] = number
    return found


def _progress(audit: Audit, reports: tuple[Report, ...], found: Counter[str]) -> AuditProgress:
    counts: dict[JobState, int] = {state: found[state] for state in _STATES}
    return AuditProgress(audit, reports, counts, done=not any(counts[state] for state in ("queued", "running")))


def _enqueue(service: Service, reports: Sequence[Report]) -> None:
    service.jobs.enqueue_many((report.id, report.attempt) for report in reports if report.state == "queued")


def _keep_again(service: Service, files: Sequence[Incoming], digests: set[str]) -> None:
    """Put those blobs again that were deleted with another document since they were put."""
    blobs = service.store.blobs
    missing = {digest for digest in digests if not blobs.holds(digest)}
    if missing:
        for file in Batch(service.settings.service).documents(files):
            keep(blobs, file)


def _name(name: str, files: Sequence[Incoming], count: int) -> str:
    return clean_title(name) or f"{clean_name(files[0].name).rpartition('.')[0] or '批次'}（{count} 份）"


def _nothing(problems: Sequence[Problem]) -> DocumentError:
    """Why a batch holds no document."""
    first = problems[0] if problems else {"where": "", "what": "没有文件"}
    return DocumentError(
        f"里面没有可对照的文档（{first['what']}）", where=first["where"], advice="请上传 docx、pdf 等文档"
    )


def _entry(principal: Principal, action: str, audit: Audit, **detail: Any) -> LogEntry:
    return entry(principal, action, "audit", audit.id, audit.department_id, name=audit.name, **detail)
