"""The desk of reviews: what waits for one's review, what came back, what is under way, what is approved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, contains_eager

from api.auth.principal import Principal, Right, require
from api.services.access import visible
from api.services.paging import Page, PageRequest
from api.services.reviews import for_review
from api.store.models import Document, Report, ReviewEvent
from corpora.errors import UsageError

if TYPE_CHECKING:
    from api.service import Service

#: waiting: submitted, for the principal to review; returned: the principal's own that came back; sent: their own that
#: wait for somebody else; approved: all approved ones that they see.
QueueName = Literal["waiting", "returned", "sent", "approved"]
QUEUES: tuple[QueueName, ...] = get_args(QueueName)


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A report with the step that brought it where it is, and the last time it was submitted; None where none was."""

    report: Report
    last: ReviewEvent | None
    submitted: ReviewEvent | None

    @property
    def id(self) -> str:
        """The report's."""
        return self.report.id


def queue(
    service: Service, principal: Principal, name: str, page: PageRequest, *, standard: str = ""
) -> Page[QueueRow]:
    """The reports of one queue, newest first.

    Raises
    ------
    UsageError : there is no such queue.
    """
    require(principal, Right.READ)
    query = select(Report).join(Report.document).options(contains_eager(Report.document))
    query = query.where(Report.state == "done", *_conditions(principal, name))
    query = query.where(Report.standard == standard) if standard else query
    query = query.where(Report.id < page.after) if page.after else query
    with service.store.read() as session:
        found = session.scalars(query.order_by(Report.id.desc()).limit(page.limit + 1)).unique().all()
        shown = Page.of(found, page)
        return Page(_rows(session, shown.items), shown.next)


def sizes(service: Service, principal: Principal) -> dict[QueueName, int]:
    """How many reports are in each queue."""
    with service.store.read() as session:
        return {name: session.scalar(_count(principal, name)) or 0 for name in QUEUES}


def _count(principal: Principal, name: QueueName):  # type: ignore[no-untyped-def]
    query = select(func.count()).select_from(Report).join(Report.document)
    return query.where(Report.state == "done", *_conditions(principal, name))


def _conditions(principal: Principal, name: str) -> list[ColumnElement[bool]]:
    own = Document.owner_id == principal.id
    match name:
        case "waiting":
            return [Report.review_state == "submitted", *for_review(principal)]
        case "returned":
            return [Report.review_state == "returned", own]
        case "sent":
            return [Report.review_state == "submitted", own]
        case "approved":
            return [Report.review_state == "approved", visible(principal, Document)]
    raise UsageError(f"没有“{name}”这个列表", advice=f"可用：{'、'.join(QUEUES)}")


def _rows(session: Session, reports: Sequence[Report]) -> tuple[QueueRow, ...]:
    ids = [report.id for report in reports]
    events = session.scalars(select(ReviewEvent).where(ReviewEvent.report_id.in_(ids)).order_by(ReviewEvent.id)).all()
    last = {event.report_id: event for event in events}
    submitted = {event.report_id: event for event in events if event.to_state == "submitted"}
    return tuple(QueueRow(report, last.get(report.id), submitted.get(report.id)) for report in reports)
