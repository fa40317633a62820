"""Reports side by side."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response

from api.http.deps import PrincipalDep, ServiceDep
from api.http.openapi import files, problems
from api.schemas.comparison import ComparisonOut
from api.services import comparisons
from api.services.sent import attachment

router = APIRouter(prefix="/comparisons", tags=["比较"])

ReportIds = Annotated[
    list[str], Query(alias="report", description="报告的编号，2 到 6 个，对照同一标准", min_length=1, max_length=20)
]
FILE = files("文件", "xlsx", "csv", "docx", "json")


@router.get("", summary="并排比较报告", responses=problems(404, 409))
def compare(service: ServiceDep, principal: PrincipalDep, report: ReportIds) -> ComparisonOut:
    """Elements by documents: who covers what best, what all lack; of versions of a text also what changed."""
    return ComparisonOut.of(comparisons.compare(service, principal, report))


@router.get("/export", summary="下载比较结果", response_class=Response, responses=FILE | problems(404, 409))
def export(
    service: ServiceDep,
    principal: PrincipalDep,
    report: ReportIds,
    format: Annotated[Literal["xlsx", "csv", "docx", "json"], Query(description="格式")] = "xlsx",
) -> Response:
    """The comparison as a workbook, a table, a paper to sign, or JSON."""
    made = comparisons.export(service, principal, report, format)
    return Response(made.data, media_type=made.media_type, headers=attachment(made.filename))
