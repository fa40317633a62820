"""Page: reports side by side, and the choice of them."""

from __future__ import annotations

from typing import Annotated, Literal, cast, get_args

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from alignment.compare import MOST
from api.http.deps import PrincipalDep, ServiceDep
from api.http.pages import page
from api.i18n import mark
from api.rendering import words
from api.rendering.reading import wording
from api.routes.pages.list_words import standard_names
from api.services import comparisons
from api.services.comparison_view import Only, choice, matrix, moves
from corpora.errors import UsageError

router = APIRouter()

ReportIds = Annotated[list[str] | None, Query(alias="report", max_length=50)]
_ONLY = {"all": mark("全部"), "differ": mark("有差异的"), "gaps": mark("都没讲到位的")}


@router.get("/compare")
def compare(
    request: Request,
    service: ServiceDep,
    principal: PrincipalDep,
    report: ReportIds = None,
    view: Literal["", "changes", "matrix"] = "",
    only: Annotated[str, Query(max_length=10)] = "all",
    q: Annotated[str, Query(max_length=100)] = "",
) -> HTMLResponse:
    """The comparison of the reports chosen; the choice where fewer than two are."""
    chosen = report or []
    if len(chosen) < 2:
        return _choice(request, service, principal, chosen, q)
    try:
        compared = comparisons.compare(service, principal, chosen)
    except UsageError as error:
        return _choice(request, service, principal, chosen, q, error)
    comparison = compared.comparison
    shown = view or ("changes" if compared.versions else "matrix")
    only = only if only in get_args(Only) else "all"
    return page(
        request,
        f"pages/compare/{shown}.html.j2",
        compared=compared,
        comparison=comparison,
        ids=[row.id for row in compared.rows],
        view=shown,
        only=only,
        only_words=_ONLY,
        groups=matrix(comparison, cast(Only, only)) if shown == "matrix" else (),
        steps=[(change, moves(change.better, change.lost, change.levels)) for change in comparison.changes],
        words=words,
        wording=wording,
    )


def _choice(
    request: Request,
    service: ServiceDep,
    principal: PrincipalDep,
    chosen: list[str],
    text: str,
    problem: UsageError | None = None,
) -> HTMLResponse:
    return page(
        request,
        "pages/compare/choice.html.j2",
        status=400 if problem else 200,
        found=choice(service, principal, text, chosen),
        chosen=chosen,
        text=text,
        problem=problem,
        most=MOST,
        names=standard_names(service),
    )
