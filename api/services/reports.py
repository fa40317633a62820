"""Reports: starting one, watching it, reading it with what persons decided, in every format, deleting it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from alignment.model import GapReport
from api.auth.principal import ConflictError, Principal, Right, require
from api.rendering import FORMATS, renderer
from api.service import Service
from api.services.access import check_changeable, check_visible, visible
from api.services.completion import take_stored
from api.services.decided import Quotes, apply, decision_rows
from api.services.log import entry
from api.services.paging import Page, PageRequest
from api.services.removing import put_away
from api.store.models import Decision, Document, JobState, LogEntry, Report, Result, ReviewState
from api.store.removal import clear, release_results, remove_reports
from api.store.results import load_document, load_report
from corpora.document import Document as ReadDocument
from corpora.errors import UsageError
from corpora.expressions import load_expressions
from corpora.standard import Standard

_NOT_FOUND = "没有找到这份报告"


@dataclass(frozen=True, slots=True)
class OpenReport:
    """A report with the persons' decisions, which ``report`` already holds."""

    row: Report
    report: GapReport
    decisions: tuple[Decision, ...]


@dataclass(frozen=True, slots=True)
class Rendered:
    """A report as a file."""

    data: bytes
    media_type: str
    filename: str


def start(
    service: Service,
    principal: Principal,
    document_id: str,
    standard: str,
    courses: Sequence[str] = (),
    audit_id: str | None = None,
) -> Report:
    """Hold a document against a standard: done at once where the result is stored, else a job is queued.

    Parameters
    ----------
    standard : code of a standard.
    courses : ids of the core courses to report on; recognised when empty.
    audit_id : of the audit it belongs to.

    Raises
    ------
    NotFoundError, ForbiddenError : the document is not there, or not the principal's.
    UnknownStandardError, UsageError : there is no such standard, or it has no such core course.
    """
    require(principal, Right.UPLOAD)
    check_courses(service.standard(standard), courses)
    with service.store.alone() as session:
        document = session.get(Document, document_id)
        check_visible(principal, document, "没有找到这份文档")
        assert document is not None
        check_changeable(principal, document)
        report = add_report(session, service, document, standard, courses, audit_id)
        session.add(_entry(principal, "report.start", report, standard=standard))
    if report.state == "queued":
        service.jobs.enqueue(report.id, report.attempt)
    return report


def check_courses(standard: Standard, courses: Sequence[str]) -> None:
    """Check that a standard has these core courses.

    Raises
    ------
    UsageError : it does not.
    """
    known = [course.id for course in standard.core_courses]
    unknown = [course for course in courses if course not in known]
    if unknown:
        raise UsageError(f"标准 {standard.code} 没有核心课程 {'、'.join(unknown)}", advice=f"可选：{'、'.join(known)}")


def add_report(
    session: Session,
    service: Service,
    document: Document,
    standard: str,
    courses: Sequence[str],
    audit_id: str | None = None,
    *,
    check: bool = True,
) -> Report:
    """The row of a new report, done or queued; inside ``Store.alone``. Whoever calls enqueues it afterwards.

    Parameters
    ----------
    check : as for ``take_stored``.
    """
    report = Report(
        document=document,
        document_id=document.id,
        standard=standard,
        courses=sorted(set(courses)),
        audit_id=audit_id,
        state="queued",
        attempt=1,
    )
    take_stored(service.settings, service.store, session, report, check=check)
    session.add(report)
    session.flush()
    return report


def find_report(service: Service, principal: Principal, id: str) -> Report:
    """A report's row.

    Raises
    ------
    NotFoundError : there is none that the principal may see.
    """
    require(principal, Right.READ)
    with service.store.read() as session:
        return _visible_report(session, principal, id)


def list_reports(
    service: Service,
    principal: Principal,
    page: PageRequest,
    *,
    document_id: str | None = None,
    audit_id: str | None = None,
    state: JobState | None = None,
    review_state: ReviewState | None = None,
    standard: str | None = None,
) -> Page[Report]:
    """The reports that the principal sees, newest first; of one document, audit, state or standard."""
    require(principal, Right.READ)
    wanted = {
        Report.document_id: document_id,
        Report.audit_id: audit_id,
        Report.state: state,
        Report.review_state: review_state,
        Report.standard: standard,
    }
    query = (
        select(Report)
        .join(Report.document)
        .options(contains_eager(Report.document))
        .where(visible(principal, Document))
        .order_by(Report.id.desc())
        .limit(page.limit + 1)
    )
    query = query.where(*(column == value for column, value in wanted.items() if value is not None))
    if page.after:
        query = query.where(Report.id < page.after)
    with service.store.read() as session:
        return Page.of(session.scalars(query).unique().all(), page)


def open_report(service: Service, principal: Principal, id: str) -> OpenReport:
    """A finished report with the persons' decisions in it.

    Raises
    ------
    NotFoundError : there is none that the principal may see.
    ConflictError : it is not done, or its stored result cannot be read any more.
    """
    require(principal, Right.READ)
    with service.store.read() as session:
        row = _visible_report(session, principal, id)
        result = _result(session, row)
        decisions = decision_rows(session, row.document_id, row.standard)
    report = apply(
        load_report(service.store, result, row.document),
        decisions,
        lambda: load_expressions(row.standard, service.settings.standards),
        Quotes(lambda: load_document(service.store, result, row.document)),
    )
    return OpenReport(row, report, decisions)


def read_document(service: Service, principal: Principal, id: str) -> ReadDocument:
    """The document of a finished report as it was read; raises as ``open_report`` does."""
    require(principal, Right.READ)
    with service.store.read() as session:
        row = _visible_report(session, principal, id)
        result = _result(session, row)
    return load_document(service.store, result, row.document)


def render(service: Service, principal: Principal, id: str, format: str) -> Rendered:
    """A finished report as a file.

    Raises
    ------
    UsageError : there is no such format; otherwise as ``open_report``.
    """
    render = renderer(format)
    opened = open_report(service, principal, id)
    with service.store.begin() as session:
        session.add(_entry(principal, "report.download", opened.row, format=format))
    chosen = FORMATS[format]
    name = f"{PurePath(opened.row.document.name).stem}.report{chosen.suffix}"
    return Rendered(render(opened.report), chosen.media_type, name)


def cancel(service: Service, principal: Principal, id: str) -> Report:
    """Stop a report's job.

    Raises
    ------
    NotFoundError, ForbiddenError : it is not there, or not the principal's.
    ConflictError : it has ended already.
    """
    with service.store.alone() as session:
        report = _own_report(session, principal, id)
        if report.state not in ("queued", "running"):
            raise ConflictError("这份报告已经结束，不能取消", advice="请刷新页面")
        report.state, report.stage = "cancelled", ""
        session.add(_entry(principal, "report.cancel", report))
    service.jobs.cancel(report.id, report.attempt)
    return report


def retry(service: Service, principal: Principal, id: str) -> Report:
    """Hold the document against the standard again, as it is now; decisions stay.

    Raises
    ------
    NotFoundError, ForbiddenError : it is not there, or not the principal's.
    ConflictError : it has not ended yet, or it is approved.
    """
    with service.store.alone() as session:
        report = _own_report(session, principal, id)
        if report.state in ("queued", "running"):
            raise ConflictError("这份报告还在处理", advice="请等它结束，或先取消")
        if report.review_state == "approved":
            raise ConflictError("报告已经通过审核，不能重新对照", advice="如需重做，请先由审核人退回报告")
        unused = restart(session, service, report)
        session.add(_entry(principal, "report.retry", report))
    clear(service.store, unused)
    if report.state == "queued":
        service.jobs.enqueue(report.id, report.attempt)
    return report


def restart(session: Session, service: Service, report: Report) -> set[str]:
    """Bring an ended report's row back to its beginning, one attempt on; inside ``Store.alone``.

    Returns
    -------
    Digests of blobs that may be unused now, for ``clear`` after the transaction.
    """
    before = report.result_key
    report.attempt += 1
    report.state, report.stage, report.progress, report.problem = "queued", "", 0.0, None
    report.result_key = report.headline = report.finished_at = None
    take_stored(service.settings, service.store, session, report)
    session.flush()
    return release_results(session, [before] if before else [])


def delete_report(service: Service, principal: Principal, id: str) -> None:
    """Delete a report with its review history; the document and its decisions stay.

    Raises
    ------
    NotFoundError, ForbiddenError : it is not there, or not the principal's.
    """
    with service.store.alone() as session:
        report = _own_report(session, principal, id)
        session.add(_entry(principal, "report.delete", report))
        removed = remove_reports(session, [id])
    put_away(service.store, service.jobs, removed)


def _entry(principal: Principal, action: str, report: Report, **detail: str) -> LogEntry:
    return entry(
        principal, action, "report", report.id, report.document.department_id, name=report.document.name, **detail
    )


def _visible_report(session: Session, principal: Principal, id: str) -> Report:
    report = session.get(Report, id)
    check_visible(principal, report.document if report else None, _NOT_FOUND)
    assert report is not None
    return report


def _own_report(session: Session, principal: Principal, id: str) -> Report:
    require(principal, Right.UPLOAD)
    report = _visible_report(session, principal, id)
    check_changeable(principal, report.document)
    return report


def _result(session: Session, report: Report) -> Result:
    """The result of a finished report."""
    if report.state != "done":
        what = {"failed": "这份报告没有完成", "cancelled": "这份报告已取消"}.get(report.state, "这份报告还没有完成")
        advice = "请重新对照" if report.state in ("failed", "cancelled") else "请稍候再试"
        raise ConflictError(what, advice=advice)
    result = session.get(Result, report.result_key)
    assert result is not None
    return result
