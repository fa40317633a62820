"""What happened to a report: decisions, steps of the review, runs."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.http.deps import PrincipalDep, ServiceDep
from api.routes.pages.report_frame import ReportPage
from api.services import reports, reviews
from api.services.paging import PageRequest

router = APIRouter()


@router.get("/{report_id}/history")
def show_history(request: Request, report_id: str, service: ServiceDep, principal: PrincipalDep) -> Response:
    """All of it on a tab of its own."""
    it = ReportPage.open(service, principal, report_id)
    return it.answer(request, "history", **history_of(it))


def history_of(it: ReportPage) -> dict[str, Any]:
    """What happened to a report, the last first, and the other reports of its document."""
    items = reviews.history(it.service, it.principal, it.row.id)[::-1]
    found = reports.list_reports(it.service, it.principal, PageRequest(20), document_id=it.row.document_id)
    return {"items": items, "runs": [row for row in found.items if row.id != it.row.id]}
