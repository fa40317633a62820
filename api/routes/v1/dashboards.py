"""What many documents cover of a standard together."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response

from api.http.deps import PrincipalDep, ServiceDep
from api.http.openapi import problems
from api.routes.v1.comparisons import FILE
from api.schemas.portfolio import DashboardOut
from api.services import dashboards
from api.services.sent import attachment

router = APIRouter(prefix="/dashboard", tags=["总览"])

Code = Annotated[str, Query(description="标准的专业代码", max_length=64)]
DepartmentId = Annotated[str, Query(description="只看这个院系：院系的编号", max_length=64)]
AuditId = Annotated[str, Query(description="只看这个批次：批次的编号", max_length=64)]


@router.get("", summary="查看总览", responses=problems(404))
def get_dashboard(
    service: ServiceDep,
    principal: PrincipalDep,
    standard: Code = "530701",
    department: DepartmentId = "",
    audit: AuditId = "",
) -> DashboardOut:
    """Documents by statements, what nobody teaches, what many teach, levels and rules that fall short, the trend."""
    found = dashboards.dashboard(
        service, principal, standard=standard, department_id=department or None, audit_id=audit or None
    )
    return DashboardOut.of(found)


@router.get("/export", summary="下载总览", response_class=Response, responses=FILE | problems(404))
def export_dashboard(
    service: ServiceDep,
    principal: PrincipalDep,
    standard: Code = "530701",
    department: DepartmentId = "",
    audit: AuditId = "",
    format: Annotated[Literal["xlsx", "csv", "docx", "json"], Query(description="格式")] = "xlsx",
) -> Response:
    """The dashboard as a workbook, a table, a paper to sign, or JSON."""
    made = dashboards.export(
        service,
        principal,
        standard=standard,
        department_id=department or None,
        audit_id=audit or None,
        format=format,
    )
    return Response(made.data, media_type=made.media_type, headers=attachment(made.filename))
