"""Routes: standards as CASE 1.1 objects at the addresses that CASE names, its errors in the form that it names."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from fastapi.routing import APIRoute

from api.auth.principal import ForbiddenError, NotFoundError, NotSignedInError
from api.errors import TooManyRequestsError
from api.http.deps import ServiceDep, get_principal
from api.services import case
from corpora.errors import DuibiaoError

Json = dict[str, Any]


class CaseRoute(APIRoute):
    """Answers errors as ``imsx_StatusInfo``."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The framework's handler, errors turned into answers."""
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                return await handle(request)
            except RequestValidationError as error:
                field = str(error.errors()[0]["loc"][-1])
                return _status(400, "请求参数有误", "invalid_selection_field", field)
            except DuibiaoError as error:
                return _problem(error)

        return answer


router = APIRouter(route_class=CaseRoute, tags=["CASE 1.1"], dependencies=[Depends(get_principal)])


def _problem(error: DuibiaoError) -> JSONResponse:
    if isinstance(error, case.CaseError):
        status = 404 if error.minor == "invalid_uuid" else 400
        return _status(status, str(error), error.minor, error.where if status == 400 else "sourcedId")
    known: tuple[tuple[type[DuibiaoError], int, str], ...] = (
        (NotFoundError, 404, "unknownobject"),
        (NotSignedInError, 401, "unauthorised_request"),
        (ForbiddenError, 403, "forbidden"),
        (TooManyRequestsError, 429, "server_busy"),
    )
    for kind, status, minor in known:
        if isinstance(error, kind):
            return _status(status, str(error), minor, "sourcedId" if status == 404 else "TargetEndSystem")
    return _status(500, str(error), "internal_server_error", "TargetEndSystem")


def _status(status: int, description: str, minor: str, field: str) -> JSONResponse:
    body = {
        "imsx_codeMajor": "failure",
        "imsx_severity": "error",
        "imsx_description": description,
        "imsx_codeMinor": {
            "imsx_codeMinorField": [{"imsx_codeMinorFieldName": field, "imsx_codeMinorFieldValue": minor}]
        },
    }
    return JSONResponse(body, status)


def _base(request: Request) -> str:
    return f"{str(request.base_url).rstrip('/')}/ims/case/v1p1"


@router.get("/CFDocuments", operation_id="getAllCFDocuments", summary="列出全部标准（CFDocument）")
def all_documents(
    request: Request,
    service: ServiceDep,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    sort: str = "",
    orderBy: Literal["asc", "desc"] = "asc",
    fields: Annotated[list[str] | None, Query()] = None,
) -> JSONResponse:
    """Every standard at hand as a CFDocument."""
    names = [name for part in fields or () for name in part.split(",") if name]
    page = case.documents(service, _base(request), limit=limit, offset=offset, sort=sort, order=orderBy, fields=names)
    headers = {"X-Total-Count": str(page.total)}
    if links := _links(request, limit, offset, page.total):
        headers["Link"] = links
    return JSONResponse({"CFDocuments": list(page.documents)}, headers=headers)


def _links(request: Request, limit: int, offset: int, total: int) -> str:
    """The Link header (RFC 8288): first, previous, next and last page, those that there are."""
    last = max(0, (total - 1) // limit * limit)
    places = {"first": 0, "prev": offset - limit if offset else -1, "next": offset + limit, "last": last}
    kept = [(k, v) for k, v in request.query_params.multi_items() if k not in ("limit", "offset")]
    return ", ".join(
        f'<{_base(request)}/CFDocuments?{urlencode([*kept, ("limit", limit), ("offset", max(0, place))])}>; rel="{rel}"'
        for rel, place in places.items()
        if (rel in ("first", "last") or (rel == "prev" and offset) or (rel == "next" and place < total))
    )


@router.get("/CFDocuments/{sourcedId}", operation_id="getCFDocument", summary="查看一部标准（CFDocument）")
def document(request: Request, sourcedId: str, service: ServiceDep) -> Json:
    """One standard as a CFDocument."""
    return case.document(service, _base(request), sourcedId)


@router.get("/CFPackages/{sourcedId}", operation_id="getCFPackage", summary="一部标准的全部内容（CFPackage）")
def package(request: Request, sourcedId: str, service: ServiceDep) -> Json:
    """One standard, whole: its document, items, associations and definitions."""
    return case.package(service, _base(request), sourcedId)


@router.get("/CFItems/{sourcedId}", operation_id="getCFItem", summary="查看一项要求（CFItem）")
def item(request: Request, sourcedId: str, service: ServiceDep) -> Json:
    """One statement, element or rule as a CFItem."""
    return case.item(service, _base(request), sourcedId)


@router.get("/CFItemAssociations/{sourcedId}", operation_id="getCFItemAssociations", summary="一项要求的关联")
def item_associations(
    request: Request,
    sourcedId: str,
    service: ServiceDep,
) -> Json:
    """One CFItem with all associations that begin or end at it."""
    return case.item_associations(service, _base(request), sourcedId)


@router.get("/CFAssociations/{sourcedId}", operation_id="getCFAssociation", summary="查看一条关联（CFAssociation）")
def association(request: Request, sourcedId: str, service: ServiceDep) -> Json:
    """One CFAssociation."""
    return case.association(service, _base(request), sourcedId)


@router.get("/CFItemTypes/{sourcedId}", operation_id="getCFItemType", summary="查看一种条目类型（CFItemType）")
def item_type(request: Request, sourcedId: str, service: ServiceDep) -> Json:
    """One CFItemType."""
    return case.item_type(service, _base(request), sourcedId)
