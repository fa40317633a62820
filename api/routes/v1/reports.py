"""Reports: ask for one, follow it, read it in every format."""

from __future__ import annotations

from collections.abc import AsyncIterable
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, HTTPException, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, StreamingResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent

from api.http.deps import PageDep, PrincipalDep, ServiceDep
from api.http.etags import etag, holds, not_modified, tag_headers
from api.http.events import FINAL, follow, settled
from api.http.idempotency import IdempotencyKey, answer_once, json_answer
from api.http.lists import page_out
from api.http.openapi import files, problems
from api.http.prefer import Prefer, seconds_to_wait
from api.http.report_stream import json_pieces
from api.http.streams import one_stream
from api.schemas import ReportOut
from api.schemas.service import V1, PageOut, ProgressOut, ReportJobOut, ReportRequest
from api.services import reports
from api.services.log import record
from api.services.reports import OpenReport
from api.services.sent import attachment
from api.store import models
from api.store.models import JobState, ReviewState
from corpora import __version__

router = APIRouter(prefix="/reports", tags=["报告"])

ResultFormat = Literal["json", "html", "docx", "xlsx", "pdf", "md", "csv"]
NotModified: dict[int | str, dict[str, Any]] = {304: {"description": "没有变化"}}
_RESULT = files("报告", "html", "docx", "xlsx", "pdf", "md", "csv")
_RESULT[200]["model"] = ReportOut


@router.post(
    "",
    summary="用一份文档建立报告",
    status_code=202,
    response_model=ReportJobOut,
    responses={
        200: {"model": ReportJobOut, "description": "在等待的时间内已有结果"},
        201: {"model": ReportJobOut, "description": "已有同样的结果，立即可读"},
    },
)
async def create_report(
    body: ReportRequest, service: ServiceDep, principal: PrincipalDep, key: IdempotencyKey = None, prefer: Prefer = None
) -> JSONResponse:
    """Hold a document against a standard, as a job; ``Prefer: wait=N`` waits for its end, 60 s at most."""

    def act() -> tuple[ReportJobOut, int, dict[str, str]]:
        row = reports.start(service, principal, body.document, body.standard, body.courses)
        status = 201 if row.state == "done" else 202
        return ReportJobOut.from_row(row), status, {"Location": f"{V1}/reports/{row.id}"}

    parts = ("reports", body.document, body.standard, *body.courses)
    answer = await run_in_threadpool(answer_once, service, principal, key, parts, act)
    seconds = seconds_to_wait(prefer)
    if answer.status_code != 202 or not seconds:
        return answer
    report_id = answer.headers["location"].rpartition("/")[2]
    row = await settled(partial(reports.find_report, service, principal, report_id), _over, seconds)
    headers = {"Location": answer.headers["location"], "Preference-Applied": f"wait={seconds}"}
    return json_answer(ReportJobOut.from_row(row), 200 if _over(row) else 202, headers)


@router.get("", summary="列出报告")
def list_reports(
    request: Request,
    response: Response,
    service: ServiceDep,
    principal: PrincipalDep,
    page: PageDep,
    document: Annotated[str, Query(description="文档的编号", max_length=64)] = "",
    audit: Annotated[str, Query(description="批次的编号", max_length=64)] = "",
    state: Annotated[JobState | None, Query(description="任务的状态")] = None,
    review_state: Annotated[ReviewState | None, Query(description="复核的状态")] = None,
    standard: Annotated[str, Query(description="标准的专业代码", max_length=64)] = "",
) -> PageOut[ReportJobOut]:
    """The reports that the caller may see, newest first."""
    found = reports.list_reports(
        service,
        principal,
        page,
        document_id=document or None,
        audit_id=audit or None,
        state=state,
        review_state=review_state,
        standard=standard or None,
    )
    return page_out(request, response, found, ReportJobOut.from_row)


@router.get("/{report_id}", summary="查看报告的进度与摘要", response_model=ReportJobOut, responses=NotModified)
def get_report(report_id: str, request: Request, service: ServiceDep, principal: PrincipalDep) -> Response:
    """State, stage, progress and, once done, the headline; with ``If-None-Match`` only what has changed."""
    body = ReportJobOut.from_row(reports.find_report(service, principal, report_id))
    tag = etag(body.model_dump_json())
    return not_modified(tag) if holds(request, tag) else json_answer(body, 200, tag_headers(tag))


@router.get(
    "/{report_id}/result",
    summary="读取报告全文",
    response_class=Response,
    responses=_RESULT | NotModified | problems(409),
)
def get_result(
    report_id: str,
    request: Request,
    service: ServiceDep,
    principal: PrincipalDep,
    format: Annotated[ResultFormat, Query(description="格式")] = "json",
) -> Response:
    """The report with persons' decisions, in one of the formats; a problem (409) while the job is not done."""
    found = reports.open_report(service, principal, report_id)
    tag = _result_tag(found, format)
    if holds(request, tag):
        return not_modified(tag)
    if format == "json":
        record(
            service, principal, "report.download", "report", report_id, found.row.document.department_id, format=format
        )
        return StreamingResponse(json_pieces(found.report), media_type="application/json", headers=tag_headers(tag))
    made = reports.render(service, principal, report_id, format)
    return Response(made.data, media_type=made.media_type, headers={**attachment(made.filename), **tag_headers(tag)})


@router.post("/{report_id}/cancel", summary="取消报告")
def cancel_report(report_id: str, service: ServiceDep, principal: PrincipalDep) -> ReportJobOut:
    """Stop a job that waits or runs."""
    reports.cancel(service, principal, report_id)
    return ReportJobOut.from_row(reports.find_report(service, principal, report_id))


@router.post("/{report_id}/retry", summary="重新生成报告", status_code=202)
def retry_report(report_id: str, service: ServiceDep, principal: PrincipalDep) -> ReportJobOut:
    """Run a job again that failed or was cancelled."""
    reports.retry(service, principal, report_id)
    return ReportJobOut.from_row(reports.find_report(service, principal, report_id))


@router.delete("/{report_id}", summary="删除报告", status_code=204)
def delete_report(report_id: str, service: ServiceDep, principal: PrincipalDep) -> None:
    """Delete a report; its document and the decisions on it stay."""
    reports.delete_report(service, principal, report_id)


def _followed(
    report_id: str,
    service: ServiceDep,
    principal: PrincipalDep,
    last: Annotated[str | None, Header(alias="Last-Event-ID", description="最后收到的事件的编号")] = None,
) -> models.Report:
    """The report to follow; nobody waits for the end of one whose end they have seen."""
    row = reports.find_report(service, principal, report_id)
    if _over(row) and last == _event_id(row):
        raise HTTPException(204)
    return row


@router.get(
    "/{report_id}/events",
    summary="跟踪报告的进度",
    response_class=EventSourceResponse,
    responses={204: {"description": "已经结束，没有更多事件"}, **problems(429)},
    dependencies=[Depends(one_stream)],
)
async def follow_report(
    row: Annotated[models.Report, Depends(_followed)], request: Request, service: ServiceDep, principal: PrincipalDep
) -> AsyncIterable[ServerSentEvent]:
    """Events ``progress`` with state, stage and progress as they change, until the job is over."""
    read = partial(reports.find_report, service, principal, row.id)
    async for event in follow(request, read, lambda now: [progress_event(now)], _over):
        yield event


def progress_event(row: models.Report) -> ServerSentEvent:
    """How far a report is, as an event."""
    return ServerSentEvent(event="progress", data=ProgressOut.from_row(row), id=_event_id(row))


def _event_id(row: models.Report) -> str:
    return f"{row.id}.{row.attempt}.{row.state}"


def _over(row: models.Report) -> bool:
    return row.state in FINAL


def _result_tag(found: OpenReport, format: str) -> str:
    decisions = [decision.id for decision in found.decisions]
    return etag(found.row.result_key, *decisions, found.row.document.name, format, __version__)
