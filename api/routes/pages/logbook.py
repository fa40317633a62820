"""The page of the audit log."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response, StreamingResponse

from api.http.deps import PageDep, PrincipalDep, ServiceDep
from api.http.pages import page
from api.services import departments, log
from api.services.sent import attachment

router = APIRouter()

#: Pages of the objects that entries tell of.
_PLACES = {
    "report": "/reports/",
    "document": "/documents/",
    "audit": "/audits/",
    "user": "/users/",
    "standard": "/standards/",
}
_Word = Annotated[str, Query(max_length=64)]


def log_form(
    user: _Word = "",
    action: _Word = "",
    object: _Word = "",
    department: _Word = "",
    since: _Word = "",
    until: _Word = "",
) -> dict[str, str]:
    """The fields of the filter as they were filled in."""
    found = {"user": user, "action": action, "object": object, "department": department}
    return {**found, "since": since, "until": until}


FormDep = Annotated[dict[str, str], Depends(log_form)]


@router.get("/log")
def show_log(request: Request, service: ServiceDep, principal: PrincipalDep, asked: PageDep, form: FormDep) -> Response:
    """Who saw and changed what."""
    places = {row.id: row.name for row in departments.list_departments(service, principal)}
    return page(
        request,
        "pages/account/log.html.j2",
        entries=log.list_log(service, principal, asked, _wanted(form)),
        after=asked.after,
        form=form,
        places=places,
        actions=log.ACTIONS,
        pages=_PLACES,
    )


@router.get("/log/export")
def export_log(service: ServiceDep, principal: PrincipalDep, form: FormDep) -> StreamingResponse:
    """All entries asked for as CSV."""
    lines = log.export_log(service, principal, _wanted(form))
    return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=attachment("日志.csv"))


def _wanted(form: dict[str, str]) -> log.LogFilter:
    """What is asked for; whole days in the server's time zone."""
    last = _day(form["until"])
    return replace(
        log.LogFilter(form["user"], form["action"], "", form["object"].strip(), form["department"]),
        since=_day(form["since"]),
        until=last + timedelta(days=1) if last else None,
    )


def _day(text: str) -> datetime | None:
    """The beginning of a day; None for what is none: browsers send nothing else than days."""
    try:
        return datetime.combine(date.fromisoformat(text), time.min).astimezone()
    except (ValueError, OverflowError):
        return None
