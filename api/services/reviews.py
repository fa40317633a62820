"""Judgement by persons: decisions on verdicts, the review of a report, and the history of both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from sqlalchemy import ColumnElement, false, select, update
from sqlalchemy.orm import Session

from api.auth.principal import (
    ConflictError,
    ForbiddenError,
    Principal,
    Right,
    StaleError,
    may_change,
    may_judge,
    may_review,
)
from api.services.decided import Held, Standing, decision_rows, settled, standing
from api.services.deciding import LONGEST, Asked, decision_row
from api.services.headline import headline
from api.services.labels import export_labels
from api.services.log import entry
from api.services.names import clean_text
from api.services.paging import Page, PageRequest
from api.services.reports import find_report
from api.store.models import Decision, DecisionAction, Document, Report, ReviewEvent, ReviewState, TargetKind
from corpora.errors import UsageError

if TYPE_CHECKING:
    from api.service import Service

__all__ = [
    "HistoryItem",
    "Standing",
    "decide",
    "decisions",
    "export_labels",
    "for_review",
    "history",
    "move",
    "settled",
    "standing",
    "waiting",
]

#: What a second reviewer says of a decision.
CONFIRM: DecisionAction = "confirm"
OBJECT: DecisionAction = "object"
STATES: dict[str, str] = {"draft": "草稿", "submitted": "待审", "returned": "退回", "approved": "通过"}
#: From which state to which a report goes, and who moves it there.
MOVES: dict[tuple[str, str], Literal["owner", "reviewer"]] = {
    ("draft", "submitted"): "owner",
    ("returned", "submitted"): "owner",
    ("submitted", "returned"): "reviewer",
    ("submitted", "approved"): "reviewer",
    ("approved", "returned"): "reviewer",
}


_MOVERS = {
    "owner": (may_change, "只有文件的上传人可以提交审核"),
    "reviewer": (may_review, "只有审核人可以退回或通过，且不能审核自己的文件"),
}


def decisions(service: Service, principal: Principal, report_id: str) -> tuple[Decision, ...]:
    """All decisions on a report's document against its standard, in time order.

    Raises
    ------
    NotFoundError : there is no such report for the principal.
    """
    report = find_report(service, principal, report_id)
    with service.store.read() as session:
        return decision_rows(session, report.document_id, report.standard)


def decide(
    service: Service,
    principal: Principal,
    report_id: str,
    kind: TargetKind,
    target_id: str,
    *,
    action: DecisionAction,
    grade: int | None = None,
    level: int | None = None,
    verdict: str | None = None,
    quote: str | None = None,
    reason: str = "",
) -> Decision:
    """Accept or override a verdict, withdraw that, or be its second reviewer.

    Parameters
    ----------
    kind, target_id : the element or rule of the report.
    grade, level, verdict : of an override; of an acceptance, the proposal that the caller saw.
    quote : passage of the document that proves the verdict; needed for a grade above the system's.
    reason : needed to override and to object.

    Raises
    ------
    NotFoundError : no such report for the principal, or no such element or rule in it.
    ForbiddenError : the principal may not decide this.
    ConflictError : the report is not done or approved, or nothing stands that the action is about.
    StaleError : the proposal is no longer what the caller saw.
    UsageError : what is asked for is incomplete, or its quote does not stand in the document.
    """
    report = find_report(service, principal, report_id)
    if not may_judge(principal, report.document):
        raise ForbiddenError()
    asked = Asked(kind, target_id, action, grade, level, verdict, (quote or "").strip(), clean_text(reason))
    with service.store.read() as session:
        held = Held.of(service, session, report)
    _ = held.report  # read before the transaction, which holds up other writers
    with service.store.begin() as session:
        reports = _locked(session, report)
        stands = settled(decision_rows(session, report.document_id, report.standard)).get((kind, target_id))
        row = decision_row(asked, held.report, stands, principal, held.quotes)
        row.document_id, row.standard = report.document_id, report.standard
        session.add(row)
        session.flush()
        _tell_lists(service, session, reports, held)
        detail = {"target": target_id, "decision": action}
        session.add(entry(principal, "decision.add", "report", report.id, report.document.department_id, **detail))
    return row


def _locked(session: Session, report: Report) -> Sequence[Report]:
    """All reports of the document against the standard, held until the decision is in; none may be approved."""
    query = select(Report).where(Report.document_id == report.document_id, Report.standard == report.standard)
    found = session.scalars(query.with_for_update(of=Report)).all()
    if any(other.review_state == "approved" for other in found):
        raise ConflictError("报告已经通过审核，结论不能再改", advice="如需修改，请先由审核人退回报告")
    return found


def _tell_lists(service: Service, session: Session, reports: Sequence[Report], known: Held) -> None:
    """What lists and dashboards show of the reports, with all decisions put into effect."""
    rows = decision_rows(session, known.row.document_id, known.row.standard)
    for report in reports:
        if report.state == "done":
            same = report.result_key == known.result.key
            held = known if same else Held.of(service, session, report)
            report.headline = headline(held.revised(rows))


def move(
    service: Service,
    principal: Principal,
    report_id: str,
    to: ReviewState,
    comment: str = "",
    seen: ReviewState | None = None,
) -> Report:
    """Move a report through its review: 草稿 → 待审 → 退回 or 通过; 退回 → 待审; 通过 → 退回.

    Parameters
    ----------
    to : the state to go to.
    comment : needed to return a report.
    seen : the state that the caller saw; None for whatever it is.

    Raises
    ------
    NotFoundError : there is no such report for the principal.
    StaleError : somebody else has moved it since.
    ConflictError : it is not done, or no such step leads from its state.
    ForbiddenError : the step is another person's.
    UsageError : a comment is missing or too long.
    """
    report = find_report(service, principal, report_id)
    before, comment = report.review_state, clean_text(comment)
    if seen is not None and seen != before:
        raise _stale(before)
    _check_move(principal, report, to, comment)
    with service.store.begin() as session:
        as_seen = (Report.id == report.id, Report.review_state == before, Report.state == "done")
        moved = update(Report).where(*as_seen).values(review_state=to)
        if session.execute(moved).rowcount != 1:  # type: ignore[attr-defined]
            raise _stale("")
        session.add(
            ReviewEvent(
                report_id=report.id,
                from_state=before,
                to_state=to,
                comment=comment,
                author_id=principal.id,
                author_name=principal.name,
            )
        )
        detail = {"from": before, "to": to}
        session.add(entry(principal, "review.move", "report", report.id, report.document.department_id, **detail))
    return find_report(service, principal, report_id)


def _stale(state: str) -> StaleError:
    now = f"，现在是“{STATES[state]}”" if state else ""
    return StaleError(f"报告的审核状态已被他人改变{now}", advice="请刷新页面后再操作")


def _check_move(principal: Principal, report: Report, to: str, comment: str) -> None:
    if report.state != "done":
        raise ConflictError("报告还没有完成", advice="请等比对完成后再提交审核")
    mover = MOVES.get((report.review_state, to))
    if mover is None:
        raise ConflictError(f"“{STATES[report.review_state]}”的报告不能转为“{STATES.get(to, to)}”")
    allowed, who = _MOVERS[mover]
    if not allowed(principal, report.document):
        raise ForbiddenError(who)
    if to == "returned" and not comment:
        raise UsageError("退回须写明意见", where="comment", advice="请写明需要修改什么")
    if len(comment) > LONGEST:
        raise UsageError(f"意见有 {len(comment)} 字，最多 {LONGEST} 字", where="comment")


@dataclass(frozen=True)
class HistoryItem:
    """One thing that happened to a report.

    Parameters
    ----------
    at : when.
    kind : a decision, a step of the review, or a run of the job.
    author : who; empty for the program.
    action : of a decision its action, of the review the state reached, of a job ``started`` or its state.
    target : id of the element or rule of a decision.
    text : comment, reason, or what a job failed of.
    row : the row behind it.
    """

    at: datetime
    kind: Literal["decision", "review", "job"]
    author: str
    action: str
    target: str = ""
    text: str = ""
    row: Decision | ReviewEvent | Report | None = None


def history(service: Service, principal: Principal, report_id: str) -> list[HistoryItem]:
    """What happened to a report, in time order: runs of the job, decisions, steps of the review.

    Raises
    ------
    NotFoundError : there is no such report for the principal.
    """
    report = find_report(service, principal, report_id)
    with service.store.read() as session:
        rows = decision_rows(session, report.document_id, report.standard)
        steps = session.scalars(select(ReviewEvent).where(ReviewEvent.report_id == report.id)).all()
    items = [*_runs(report)]
    items += [HistoryItem(d.created_at, "decision", d.author_name, d.action, d.target_id, d.reason, d) for d in rows]
    items += [HistoryItem(e.created_at, "review", e.author_name, e.to_state, "", e.comment, e) for e in steps]
    return sorted(items, key=lambda item: item.at)


def _runs(report: Report) -> list[HistoryItem]:
    runs = [HistoryItem(report.created_at, "job", report.document.owner.name, "started", row=report)]
    if report.finished_at is not None:
        problem = (report.problem or {}).get("what", "")
        runs.append(HistoryItem(report.finished_at, "job", "", report.state, "", problem, report))
    return runs


def waiting(service: Service, principal: Principal, page: PageRequest) -> Page[Report]:
    """Reports that wait for the principal's review, newest first; empty for whoever may not review."""
    query = select(Report).join(Report.document).where(Report.review_state == "submitted", Report.state == "done")
    if page.after:
        query = query.where(Report.id < page.after)
    with service.store.read() as session:
        found = session.scalars(
            query.where(*for_review(principal)).order_by(Report.id.desc()).limit(page.limit + 1)
        ).all()
    return Page.of(found, page)


def for_review(principal: Principal) -> list[ColumnElement[bool]]:
    """Conditions on documents that a principal may review, as ``may_review`` has it."""
    if not principal.may(Right.REVIEW):
        return [false()]
    conditions: list[ColumnElement[bool]] = []
    if principal.role != "admin":
        conditions.append(Document.department_id.in_(principal.departments))
    return conditions if principal.method == "local" else [*conditions, Document.owner_id != principal.id]
