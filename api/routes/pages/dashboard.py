"""Page: what a department, an audit or everybody covers of a standard."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from api.http.deps import PrincipalDep, ServiceDep
from api.http.pages import page
from api.rendering import words
from api.routes.pages.list_words import REVIEW_NAMES, standard_names
from api.services import audits, dashboards
from api.services.dashboard_view import CHARTED, LISTED, by_course, heat_map, trend_chart, usual_standard
from api.services.departments import list_departments
from api.services.paging import MOST, PageRequest

router = APIRouter()

Id = Annotated[str, Query(max_length=64)]


@router.get("/dashboard")
def dashboard(
    request: Request,
    service: ServiceDep,
    principal: PrincipalDep,
    standard: Id = "",
    department: Id = "",
    audit: Id = "",
    course: Id = "",
) -> HTMLResponse:
    """The dashboard of a standard, narrowed to a department or an audit."""
    names = standard_names(service)
    code = standard or usual_standard(service, principal, names)
    found = dashboards.dashboard(
        service, principal, standard=code, department_id=department or None, audit_id=audit or None
    )
    heat, whole = heat_map(found.portfolio, course), found.portfolio
    listed = {name: by_course(found.standard, getattr(whole, name)) for name in ("orphans", "thin", "shortfalls")}
    return page(
        request,
        "pages/dashboard/dashboard.html.j2",
        found=found,
        whole=whole,
        heat=heat,
        listed=listed,
        union={s.id: float(ratio) for s, ratio in zip(whole.statements, whole.union_ratios, strict=True)},
        charted=CHARTED,
        most=LISTED,
        trend_data=trend_chart(found.trend),
        narrowed={"standard": code, "department": department, "audit": audit},
        names=names,
        departments=list_departments(service, principal),
        audits=audits.list_audits(service, principal, PageRequest(MOST)).items,
        reviews=REVIEW_NAMES,
        words=words,
    )
