"""Routes: standards: list, whole content, export, import with a preview, removal."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, Header, Request, UploadFile
from fastapi.responses import JSONResponse, Response

from api.auth.limits import count_upload
from api.http.deps import PrincipalDep, ServiceDep, get_principal
from api.http.forms import read_file
from api.schemas.standards import ImportIn, InstalledOut, PreviewOut, StandardCardOut, StandardJson
from api.services import standards
from api.services.sent import attachment
from corpora.standard_json import standard_to_json

router = APIRouter(tags=["标准"], dependencies=[Depends(get_principal)])


@router.get("/standards", summary="列出标准")
def list_standards(service: ServiceDep) -> list[StandardCardOut]:
    """Every standard at hand, shipped and imported."""
    return [StandardCardOut.of(card) for card in standards.list_standards(service)]


@router.get("/standards/{code}", summary="查看一部标准", response_model=StandardJson)
def read_standard(
    code: str,
    service: ServiceDep,
    if_none_match: Annotated[str, Header()] = "",
) -> Response:
    """A standard, whole: sections with their paragraphs and tables, statements, elements, rules."""
    standard = standards.open_standard(service, code)
    headers = {"ETag": standards.etag_of(standard), "Cache-Control": "private, no-cache"}
    if headers["ETag"] in if_none_match:
        return Response(status_code=304, headers=headers)
    return JSONResponse(standard_to_json(standard), headers=headers)


@router.get("/standards/{code}/export", summary="下载一部标准", response_class=Response)
def export_standard(code: str, service: ServiceDep, format: standards.ExportName = "json") -> Response:
    """A standard as a file: its own JSON, which can be imported again, or a CASE 1.1 package."""
    name, data = standards.export(service, code, format)
    return Response(data, media_type="application/json", headers=attachment(name))


@router.post("/standards/preview", summary="预览要导入的标准")
def preview_standard(
    request: Request,
    service: ServiceDep,
    principal: PrincipalDep,
    file: Annotated[UploadFile, File(description="docx, pdf, html, md, txt, or an exported JSON")],
    code: Annotated[str, Form(description="The code where the file does not name it")] = "",
) -> PreviewOut:
    """What is understood of a file of standards; nothing is saved but the preview itself, for a day."""
    count_upload(request, principal)
    sent = read_file(service.settings.service, file)
    shown = standards.preview(service, principal, sent.name, sent.data, code)
    return PreviewOut.of(shown, standards.standing(service, shown))


@router.post("/standards", summary="导入标准", status_code=201)
def import_standards(wanted: ImportIn, service: ServiceDep, principal: PrincipalDep) -> list[InstalledOut]:
    """Put the standards of a preview in place, just as it showed them."""
    done = standards.import_standards(service, principal, wanted.preview, wanted.codes, wanted.replace)
    return [InstalledOut.of(item) for item in done]


@router.delete("/standards/{code}", summary="删除导入的标准", status_code=204)
def remove_standard(code: str, service: ServiceDep, principal: PrincipalDep) -> None:
    """Remove an imported standard; finished reports keep the one they were made with."""
    standards.remove_standard(service, principal, code)
