"""Audits: many documents against one standard."""

from __future__ import annotations

from collections.abc import AsyncIterable, Iterator
from functools import partial
from itertools import chain
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, File, Form, Header, HTTPException, Query, Request, Response, UploadFile
from fastapi.responses import JSONResponse, StreamingResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent

from api.auth.limits import count_upload
from api.http.deps import PageDep, PrincipalDep, ServiceDep
from api.http.etags import etag, holds, not_modified, tag_headers
from api.http.events import follow
from api.http.forms import digests, read_batch
from api.http.idempotency import IdempotencyKey, answer_once, json_answer
from api.http.lists import page_out
from api.http.openapi import files, problems
from api.http.streams import one_stream
from api.schemas.service import V1, AuditOut, CountsOut, DocumentKindName, PageOut, ProgressOut
from api.services import audit_export, audits
from api.services.audits import AuditProgress
from api.services.sent import attachment

router = APIRouter(prefix="/audits", tags=["批次"])

NotModified: dict[int | str, dict[str, Any]] = {304: {"description": "没有变化"}}
_EXPORT = files("一行一份文档的一项要求", "csv", "xlsx", "json")
#: Seconds between two looks at a whole batch.
_EVERY = 1.0


@router.post("", summary="建立批次", status_code=202, response_model=AuditOut, responses=problems(409, 413))
def create_audit(
    request: Request,
    service: ServiceDep,
    principal: PrincipalDep,
    files: Annotated[list[UploadFile], File(description="文档，或装着文档的 zip")],
    name: Annotated[str, Form(description="批次的名称", max_length=200)] = "",
    standard: Annotated[str, Form(description="标准的专业代码", max_length=64)] = "530701",
    kind: Annotated[DocumentKindName, Form(description="文档类型，auto 为自动识别")] = "auto",
    department: Annotated[str, Form(description="归哪个院系：院系的编号", max_length=64)] = "",
    key: IdempotencyKey = None,
) -> JSONResponse:
    """Hold many documents against one standard; each becomes a document and a report of its own."""
    count_upload(request, principal)
    sent = read_batch(service.settings.service, files)
    into = department or None

    def act() -> tuple[AuditOut, int, dict[str, str]]:
        row = audits.create(service, principal, name=name, files=sent, standard=standard, kind=kind, department_id=into)
        found = audits.progress(service, principal, row.id)
        return audit_out(found), 202, {"Location": f"{V1}/audits/{row.id}"}

    parts = chain(("audits", name, standard, kind, department), digests(sent))
    return answer_once(service, principal, key, parts, act)


@router.get("", summary="列出批次")
def list_audits(
    request: Request, response: Response, service: ServiceDep, principal: PrincipalDep, page: PageDep
) -> PageOut[AuditOut]:
    """The batches that the caller may see, newest first."""
    return page_out(request, response, audits.list_progress(service, principal, page), audit_out)


@router.get("/{audit_id}", summary="查看批次的进度", response_model=AuditOut, responses=NotModified)
def get_audit(audit_id: str, request: Request, service: ServiceDep, principal: PrincipalDep) -> Response:
    """How many reports are in which state, and what of the upload was left out."""
    body = audit_out(audits.progress(service, principal, audit_id))
    tag = etag(body.model_dump_json())
    return not_modified(tag) if holds(request, tag) else json_answer(body, 200, tag_headers(tag))


@router.post("/{audit_id}/cancel", summary="取消批次")
def cancel_audit(audit_id: str, service: ServiceDep, principal: PrincipalDep) -> AuditOut:
    """Stop all its jobs that wait or run; what is done stays."""
    audits.cancel_audit(service, principal, audit_id)
    return audit_out(audits.progress(service, principal, audit_id))


@router.post("/{audit_id}/retry", summary="重试批次里失败的报告", status_code=202)
def retry_audit(audit_id: str, service: ServiceDep, principal: PrincipalDep) -> AuditOut:
    """Run its jobs again that failed or were cancelled."""
    audits.retry_audit(service, principal, audit_id)
    return audit_out(audits.progress(service, principal, audit_id))


@router.delete("/{audit_id}", summary="删除批次", status_code=204)
def delete_audit(audit_id: str, service: ServiceDep, principal: PrincipalDep) -> None:
    """Delete a batch with its reports."""
    audits.delete_audit(service, principal, audit_id)


@router.get("/{audit_id}/export", summary="导出批次", response_class=StreamingResponse, responses=_EXPORT)
def export_audit(
    audit_id: str,
    service: ServiceDep,
    principal: PrincipalDep,
    format: Annotated[Literal["csv", "xlsx", "json"], Query(description="格式")] = "csv",
) -> StreamingResponse:
    """One row for each document and requirement, with persons' decisions; reports that are not done are left out."""
    made = audit_export.export(service, principal, audit_id, format)
    return StreamingResponse(made.pieces, media_type=made.media_type, headers=attachment(made.filename))


def _followed(
    audit_id: str,
    service: ServiceDep,
    principal: PrincipalDep,
    last: Annotated[str | None, Header(alias="Last-Event-ID", description="最后收到的事件的编号")] = None,
) -> str:
    """The audit to follow; nobody waits for the end of one whose end they have seen."""
    found = audits.progress(service, principal, audit_id)
    if found.done and last == _event_id(found):
        raise HTTPException(204)
    return found.audit.id


@router.get(
    "/{audit_id}/events",
    summary="跟踪批次的进度",
    response_class=EventSourceResponse,
    responses={204: {"description": "已经结束，没有更多事件"}, **problems(429)},
    dependencies=[Depends(one_stream)],
)
async def follow_audit(
    audit_id: Annotated[str, Depends(_followed)], request: Request, service: ServiceDep, principal: PrincipalDep
) -> AsyncIterable[ServerSentEvent]:
    """Events ``progress`` of each report and ``counts`` of all, as they change, until all jobs are over."""
    read = partial(audits.progress, service, principal, audit_id)
    async for event in follow(request, read, _events, lambda found: found.done, _EVERY):
        yield event


def audit_out(found: AuditProgress) -> AuditOut:
    """A batch with the numbers of its reports."""
    return AuditOut.from_row(found.audit, found.counts, found.done)


def _events(found: AuditProgress) -> Iterator[ServerSentEvent]:
    for row in found.reports:
        yield ServerSentEvent(
            event="progress", data=ProgressOut.from_row(row), id=f"{row.id}.{row.attempt}.{row.state}"
        )
    counts = CountsOut(audit=found.audit.id, counts=found.counts, done=found.done)
    yield ServerSentEvent(event="counts", data=counts, id=_event_id(found))


def _event_id(found: AuditProgress) -> str:
    return f"{found.audit.id}." + ".".join(f"{state}{number}" for state, number in sorted(found.counts.items()))
