"""Documents: send, list, look at, download, delete."""

from __future__ import annotations

from itertools import chain
from typing import Annotated

from fastapi import APIRouter, File, Form, Query, Request, Response, UploadFile
from fastapi.responses import FileResponse, JSONResponse

from api.auth.limits import count_upload
from api.auth.principal import NotFoundError
from api.http.deps import PageDep, PrincipalDep, ServiceDep
from api.http.forms import digests, read_files
from api.http.idempotency import IdempotencyKey, answer_once
from api.http.lists import page_out
from api.http.openapi import problems
from api.schemas.service import V1, DocumentKindName, PageOut, StoredDocumentOut
from api.services import documents
from api.services.log import record
from api.services.sent import attachment

router = APIRouter(prefix="/documents", tags=["文档"])

_BYTES = {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}


@router.post(
    "", summary="上传一份文档", status_code=201, response_model=StoredDocumentOut, responses=problems(409, 413)
)
def upload_document(
    request: Request,
    service: ServiceDep,
    principal: PrincipalDep,
    file: Annotated[UploadFile, File(description="要对照的文档")],
    more: Annotated[list[UploadFile] | None, File(description="人才培养方案的其他文件，如教学进程表")] = None,
    rules: Annotated[list[UploadFile] | None, File(description="学校或省里的规则（YAML）")] = None,
    kind: Annotated[DocumentKindName, Form(description="文档类型，auto 为自动识别")] = "auto",
    major: Annotated[str, Form(description="方案里有几个专业时审核哪一个：名称或代码", max_length=200)] = "",
    department: Annotated[str, Form(description="归哪个院系：院系的编号", max_length=64)] = "",
    previous: Annotated[str, Form(description="它是哪份文档的新版本：文档的编号", max_length=64)] = "",
    key: IdempotencyKey = None,
) -> JSONResponse:
    """Keep a document: one file, or a plan with further files and rules. It is read when a report is made of it."""
    count_upload(request, principal)
    limits = service.settings.service
    sent = read_files(limits, "main", [file]) + read_files(limits, "more", more) + read_files(limits, "rules", rules)
    into, earlier = department or None, previous or None

    def act() -> tuple[StoredDocumentOut, int, dict[str, str]]:
        row = documents.upload(
            service, principal, sent, kind=kind, major=major, department_id=into, previous_id=earlier
        )
        return StoredDocumentOut.from_row(row), 201, {"Location": f"{V1}/documents/{row.id}"}

    parts = chain(("documents", kind, major, department, previous), digests(sent))
    return answer_once(service, principal, key, parts, act)


@router.get("", summary="列出文档")
def list_documents(
    request: Request,
    response: Response,
    service: ServiceDep,
    principal: PrincipalDep,
    page: PageDep,
    text: Annotated[str, Query(description="名称里有这些字", max_length=200)] = "",
    department: Annotated[str, Query(description="院系的编号", max_length=64)] = "",
) -> PageOut[StoredDocumentOut]:
    """The documents that the caller may see, newest first."""
    found = documents.list_documents(service, principal, page, text=text, department_id=department or None)
    return page_out(request, response, found, StoredDocumentOut.from_row)


@router.get("/{document_id}", summary="查看一份文档")
def get_document(document_id: str, service: ServiceDep, principal: PrincipalDep) -> StoredDocumentOut:
    """One document with its files."""
    return StoredDocumentOut.from_row(documents.find_document(service, principal, document_id))


@router.delete("/{document_id}", summary="删除一份文档", status_code=204)
def delete_document(document_id: str, service: ServiceDep, principal: PrincipalDep) -> None:
    """Delete a document for good, with its reports, decisions and files."""
    documents.delete_document(service, principal, document_id)


@router.get(
    "/{document_id}/files/{position}", summary="下载原文件", response_class=FileResponse, responses={200: _BYTES}
)
def download_file(document_id: str, position: int, service: ServiceDep, principal: PrincipalDep) -> FileResponse:
    """One file of a document, byte for byte as it was sent."""
    row = documents.find_document(service, principal, document_id)
    if not 0 <= position < len(row.files):
        raise NotFoundError("这份文档没有这个文件", where=str(position))
    file = row.files[position]
    record(service, principal, "document.download", "document", row.id, row.department_id, name=file.name)
    path = service.store.blobs.path(file.sha256)
    return FileResponse(path, media_type="application/octet-stream", headers=attachment(file.name))
