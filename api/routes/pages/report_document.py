"""The document of a report as a page, with the passages that serve elements; the map of chapters and requirements."""

from __future__ import annotations

import re

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.auth.principal import NotFoundError
from api.http.deps import PrincipalDep, ServiceDep
from api.http.pages import wants_fragment
from api.rendering.document_view import DocumentView, serving
from api.rendering.reading.heat_map import By, HeatMap
from api.rendering.reading.marks import Marks, stretches
from api.routes.pages.report_frame import ReportPage
from corpora import bundle

router = APIRouter()

_PLACE = re.compile(r"(\d{1,9})-(\d{1,9})")


def _place(text: str) -> tuple[int, int]:
    """Offsets of ``120-145``; (0, 0) for anything else."""
    found = _PLACE.fullmatch(text)
    return (int(found[1]), int(found[2])) if found else (0, 0)


@router.get("/{report_id}/document")
def show_document(
    request: Request, report_id: str, service: ServiceDep, principal: PrincipalDep, at: str = "", scope: str = ""
) -> Response:
    """The whole document, a long one in parts; ``at`` is a place that is shown marked."""
    it = ReportPage.open(service, principal, report_id)
    return it.answer(request, "document", doc=DocumentView(it.document, it.opened.report, _place(at), scope == "all"))


@router.get("/{report_id}/document/{number}")
def show_chunk(
    request: Request, report_id: str, number: int, service: ServiceDep, principal: PrincipalDep, scope: str = ""
) -> Response:
    """A part of a long document."""
    it = ReportPage.open(service, principal, report_id)
    doc = DocumentView(it.document, it.opened.report, everything=scope == "all")
    if not 0 <= number < len(doc.chunks):
        raise NotFoundError("文档没有这一部分")
    return it.answer(request, "chunk", doc=doc, chunk=doc.chunks[number])


@router.get("/{report_id}/passages/{start}-{end}")
def show_passage(
    request: Request, report_id: str, start: int, end: int, service: ServiceDep, principal: PrincipalDep
) -> Response:
    """Which elements a passage of the document serves."""
    it = ReportPage.open(service, principal, report_id)
    report, document = it.opened.report, it.document
    if not 0 <= start < end <= len(document.text):
        raise NotFoundError("文档没有这一处")
    names = serving(report, Marks(stretches(document, report.matches)).elements(start, end))
    return it.answer(
        request,
        "passage" if wants_fragment(request) else "passage_page",
        start=start,
        end=end,
        text=document.text[start:end],
        place=bundle.place(document, document.block_at(start).locator),
        found=[report.match_of[name] for name in names],
    )


@router.get("/{report_id}/map")
def show_map(
    request: Request, report_id: str, service: ServiceDep, principal: PrincipalDep, by: By | None = None
) -> Response:
    """Where the document teaches what."""
    it = ReportPage.open(service, principal, report_id)
    return it.answer(request, "map", heat=HeatMap.of(it.view, it.outline.chapters, by))
