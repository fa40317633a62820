"""The documents: list, one document with its reports and versions; what can be done with a report from a list."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, StreamingResponse

from api.auth.principal import may_change
from api.http.deps import PageDep, PrincipalDep, ServiceDep
from api.http.live import Turn, live
from api.http.pages import page, render, see_other
from api.http.streams import one_stream
from api.routes.pages.list_words import KIND_NAMES, REVIEW_NAMES, STATE_NAMES, standard_names, standards_of
from api.services import documents, reports, shelf
from api.services.departments import list_departments
from api.services.paging import MOST, PageRequest
from api.services.shelf import Shelf

router = APIRouter()

Text = Annotated[str, Query(max_length=100)]
Back = Annotated[str, Form()]


@router.get("/documents")
def document_list(
    request: Request,
    service: ServiceDep,
    principal: PrincipalDep,
    asked: PageDep,
    q: Text = "",
    department: Text = "",
    state: Text = "",
) -> HTMLResponse:
    """The documents, searched and filtered."""
    wanted = Shelf(q, department, state)
    found = shelf.documents(service, principal, asked, wanted)
    return page(
        request,
        "pages/documents/list.html.j2",
        found=found,
        asked=asked,
        wanted=wanted,
        departments=list_departments(service, principal),
        states={**STATE_NAMES},
        names=standard_names(service),
    )


@router.get("/documents/{document_id}")
def document_page(request: Request, document_id: str, service: ServiceDep, principal: PrincipalDep) -> HTMLResponse:
    """One document: its files, its reports, its versions."""
    document = documents.find_document(service, principal, document_id)
    found = reports.list_reports(service, principal, PageRequest(MOST), document_id=document.id).items
    return page(
        request,
        "pages/documents/document.html.j2",
        document=document,
        reports=found,
        kind=next((report.headline["kind"] for report in found if report.headline), document.kind),
        versions=shelf.versions(service, principal, document),
        changeable=may_change(principal, document),
        standards=standards_of(service),
        names=standard_names(service),
        kinds=KIND_NAMES,
        reviews=REVIEW_NAMES,
    )


@router.post("/documents/{document_id}/delete")
def delete_document(document_id: str, service: ServiceDep, principal: PrincipalDep) -> RedirectResponse:
    """Delete a document with all that belongs to it."""
    documents.delete_document(service, principal, document_id)
    return see_other("/documents")


@router.post("/documents/{document_id}/reports")
def start_report(
    document_id: str,
    service: ServiceDep,
    principal: PrincipalDep,
    standard: Annotated[str, Form()],
    courses: Annotated[str, Form(max_length=100)] = "",
) -> RedirectResponse:
    """Hold a document against a standard, once more or against another one."""
    report = reports.start(service, principal, document_id, standard, re.findall(r"\w+", courses.upper()))
    return see_other(f"/reports/{report.id}")


@router.get("/reports/{report_id}/live", dependencies=[Depends(one_stream)])
def report_live(request: Request, report_id: str, service: ServiceDep, principal: PrincipalDep) -> StreamingResponse:
    """How far a report is, as it changes."""
    reports.find_report(service, principal, report_id)
    told = ""

    def look() -> Turn:
        nonlocal told
        report = reports.find_report(service, principal, report_id)
        html = render(request, "pages/progress_card.html.j2", report=report, names=standard_names(service))
        news, told = ("" if html == told else html), html
        return Turn(news, report.state not in shelf.OPEN_STATES)

    return live(request, look)


@router.post("/reports/{report_id}/cancel")
def cancel_report(report_id: str, service: ServiceDep, principal: PrincipalDep, back: Back = "") -> RedirectResponse:
    """Stop a report's job."""
    reports.cancel(service, principal, report_id)
    return see_other(back or f"/reports/{report_id}")


@router.post("/reports/{report_id}/retry")
def retry_report(report_id: str, service: ServiceDep, principal: PrincipalDep, back: Back = "") -> RedirectResponse:
    """Run a report again."""
    reports.retry(service, principal, report_id)
    return see_other(back or f"/reports/{report_id}")


@router.post("/reports/{report_id}/delete")
def delete_report(report_id: str, service: ServiceDep, principal: PrincipalDep, back: Back = "") -> RedirectResponse:
    """Delete a report; the document and the decisions stay."""
    document_id = reports.find_report(service, principal, report_id).document_id
    reports.delete_report(service, principal, report_id)
    return see_other(back or f"/documents/{document_id}")
