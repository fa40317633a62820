"""The audits: list, one audit while it runs and afterwards."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, StreamingResponse

from api.auth.principal import may_change
from api.http.deps import PageDep, PrincipalDep, ServiceDep
from api.http.live import live
from api.http.pages import page, see_other
from api.http.streams import one_stream
from api.routes.pages.audit_rows import COLUMNS, PER_PAGE, Watch, arranged
from api.routes.pages.list_words import REVIEW_NAMES, STATE_NAMES, standard_names
from api.services import audits, shelf

router = APIRouter()

#: Seconds since 1970, at most in the year 9999.
Since = Annotated[float, Query(ge=0, le=253_000_000_000)]
Text = Annotated[str, Query(max_length=100)]


@router.get("/audits")
def audit_list(
    request: Request, service: ServiceDep, principal: PrincipalDep, asked: PageDep, q: Text = ""
) -> HTMLResponse:
    """The audits, newest first."""
    found = shelf.batches(service, principal, asked, q)
    return page(request, "pages/audits/list.html.j2", found=found, asked=asked, q=q, names=standard_names(service))


@router.get("/audits/{audit_id}")
def audit_page(
    request: Request,
    audit_id: str,
    service: ServiceDep,
    principal: PrincipalDep,
    sort: Text = "",
    state: Text = "",
    q: Text = "",
    at: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> HTMLResponse:
    """One audit: how far it is, and its documents."""
    progress = audits.progress(service, principal, audit_id)
    rows = arranged(progress.reports, sort, state, q)
    return page(
        request,
        "pages/audits/audit.html.j2",
        progress=progress,
        audit=progress.audit,
        counts=progress.counts,
        rows=rows[(at - 1) * PER_PAGE : at * PER_PAGE],
        found=len(rows),
        last=-(-len(rows) // PER_PAGE),
        since=max((report.changed_at.timestamp() for report in progress.reports), default=0),
        asked={"sort": sort, "state": state, "q": q, "at": at},
        columns=COLUMNS,
        changeable=may_change(principal, progress.audit),
        states=STATE_NAMES,
        reviews=REVIEW_NAMES,
        names=standard_names(service),
    )


@router.get("/audits/{audit_id}/live", dependencies=[Depends(one_stream)])
def audit_live(
    request: Request, audit_id: str, service: ServiceDep, principal: PrincipalDep, since: Since = 0
) -> StreamingResponse:
    """What changes of an audit's page."""
    audit = audits.find_audit(service, principal, audit_id)
    return live(request, Watch(request, service, audit, since, may_change(principal, audit)))


@router.post("/audits/{audit_id}/cancel")
def cancel_audit(audit_id: str, service: ServiceDep, principal: PrincipalDep) -> RedirectResponse:
    """Stop what is not over."""
    audits.cancel_audit(service, principal, audit_id)
    return see_other(f"/audits/{audit_id}")


@router.post("/audits/{audit_id}/retry")
def retry_audit(audit_id: str, service: ServiceDep, principal: PrincipalDep) -> RedirectResponse:
    """Run again what failed or was cancelled."""
    audits.retry_audit(service, principal, audit_id)
    return see_other(f"/audits/{audit_id}")


@router.post("/audits/{audit_id}/delete")
def delete_audit(audit_id: str, service: ServiceDep, principal: PrincipalDep) -> RedirectResponse:
    """Delete an audit."""
    audits.delete_audit(service, principal, audit_id)
    return see_other("/audits")
