"""The first page: files come in here. Also the help page, the samples and the language switch."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, Request, UploadFile
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from api.auth.limits import count_upload
from api.auth.principal import NotFoundError
from api.http.deps import PrincipalDep, ServiceDep
from api.http.forms import read_batch, read_files
from api.http.pages import local_address, page, see_other
from api.i18n import COOKIE, language
from api.rendering.agreement import BETWEEN_LABELLERS, shipped
from api.routes.pages.list_words import KIND_NAMES, standard_names, standards_of, upload_words
from api.services import documents, intake, shelf
from api.services.departments import list_departments
from api.services.intake import Wanted
from api.services.paging import PageRequest
from api.services.samples import SAMPLES, sample_files
from api.store.models import Report
from corpora.parsers.registry import SUFFIXES

router = APIRouter()

_RECENT = PageRequest(8)
_YEAR = 365 * 24 * 3600


@router.get("/")
def home(request: Request, service: ServiceDep, principal: PrincipalDep, previous: str = "") -> HTMLResponse:
    """The upload form and the last documents."""
    earlier = documents.find_document(service, principal, previous) if previous else None
    recent = shelf.documents(service, principal, _RECENT, shelf.Shelf()).items
    return page(
        request,
        "pages/home/index.html.j2",
        recent=recent,
        standards=standards_of(service),
        names=standard_names(service),
        previous=earlier,
        chosen=next((item.report.standard for item in recent if item.report), "530701"),
        departments=list_departments(service, principal),
        suffixes=[*SUFFIXES, ".zip"],
        limits=service.settings.service,
        kinds=KIND_NAMES,
        words=upload_words(request, service.settings.service),
    )


@router.get("/recent")
def recent(request: Request, service: ServiceDep, principal: PrincipalDep) -> HTMLResponse:
    """The last documents alone, while something runs."""
    found = shelf.documents(service, principal, _RECENT, shelf.Shelf()).items
    return page(request, "pages/home/recent.html.j2", recent=found, names=standard_names(service))


def wanted_of(
    standard: Annotated[str, Form()],
    kind: Annotated[str, Form()] = "auto",
    major: Annotated[str, Form()] = "",
    department: Annotated[str, Form()] = "",
    previous: Annotated[str, Form()] = "",
    together: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
) -> Wanted:
    """The fields of the upload form."""
    return Wanted(standard, kind, major, department or None, previous or None, together == "yes", name)


@router.post("/upload")
def upload(
    request: Request,
    service: ServiceDep,
    principal: PrincipalDep,
    wanted: Annotated[Wanted, Depends(wanted_of)],
    file: Annotated[list[UploadFile], File()],
    rules: Annotated[list[UploadFile] | None, File()] = None,
) -> Response:
    """Take files; a script is told where to go, a plain form is sent there."""
    count_upload(request, principal)
    limits = service.settings.service
    files = [*read_batch(limits, file), *read_files(limits, "rules", rules)]
    found = intake.take(service, principal, files, wanted)
    address = f"/reports/{found.id}" if isinstance(found, Report) else f"/audits/{found.id}"
    if "text/html" in request.headers.get("accept", ""):
        return see_other(address)
    return JSONResponse({"address": address}, 201)


@router.post("/sample/{name}")
def sample(request: Request, name: str, service: ServiceDep, principal: PrincipalDep) -> RedirectResponse:
    """Hold one of the samples against its standard."""
    if name not in SAMPLES:
        raise NotFoundError("没有这个样例")
    count_upload(request, principal)
    found = intake.take(service, principal, sample_files(name), Wanted("530701", together=True))
    return see_other(f"/reports/{found.id}")


@router.get("/language/{lang}")
def switch(lang: str, back: str = "/") -> RedirectResponse:
    """Show the pages in another language from now on."""
    response = see_other(local_address(back))
    response.set_cookie(COOKIE, language(lang), max_age=_YEAR, samesite="lax", httponly=True)
    return response


@router.get("/help")
def help_page(request: Request, service: ServiceDep, _: PrincipalDep) -> HTMLResponse:
    """How to read a report, what it is worth, where files go."""
    return page(
        request,
        "pages/home/help.html.j2",
        limits=service.settings.service,
        measured=shipped(),
        between=BETWEEN_LABELLERS,
        suffixes=sorted(SUFFIXES),
    )
