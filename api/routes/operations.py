"""For those who run the service: is it up, is it well, its figures."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST

from api.auth.identify import identify
from api.auth.middleware import from_this_machine
from api.auth.principal import NotFoundError, NotSignedInError, Right
from api.http.deps import ServiceDep, get_service
from api.http.openapi import files, problems
from api.schemas.operations import HealthOut
from api.services import operations
from corpora import __version__

router = APIRouter(tags=["运行"])


def _may_measure(request: Request) -> None:
    """Raises NotFoundError unless the request comes from this machine or from somebody who runs the service."""
    if from_this_machine(request):
        return
    try:
        allowed = identify(request, get_service(request)).may(Right.ACCOUNTS)
    except NotSignedInError:
        allowed = False
    if not allowed:
        raise NotFoundError


@router.get("/healthz", summary="服务在运行吗")
def alive() -> dict[str, str]:
    """Whether the service is up."""
    return {"status": "ok", "version": __version__}


@router.get("/health", summary="服务是否正常", responses={503: {"model": HealthOut, "description": "有所缺"}})
def ready(service: ServiceDep, response: Response) -> HealthOut:
    """Whether the service is well: 503 where it cannot take or work on documents."""
    now = operations.health(service)
    response.status_code = 200 if now.ready else 503
    return HealthOut(
        status="ok" if now.ready else "unready",
        version=__version__,
        database=now.database_kind,
        database_ok=now.database,
        jobs_ok=now.jobs,
        disk_free_bytes=now.disk_free,
    )


@router.get(
    "/metrics",
    summary="Prometheus 指标",
    response_class=Response,
    responses=files("指标", "text/plain") | problems(404),
    dependencies=[Depends(_may_measure)],
)
def metrics(request: Request) -> Response:
    """Figures in the format of Prometheus; for this machine, and for those who run the service."""
    return Response(request.app.state.metrics.text(), media_type=CONTENT_TYPE_LATEST)
