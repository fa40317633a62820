"""The HTTP application: the service behind it, its pages and its API."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware

from api.auth.middleware import protect
from api.http.assets import add_static
from api.http.body_limit import BodyLimit
from api.http.observing import observe
from api.http.openapi import add_openapi
from api.http.problems import add_problems
from api.http.streams import Streams
from api.jobs.upkeep import keep_up
from api.routes import add_routes
from api.service import Service
from api.settings import Settings, read_settings
from api.wiring import build_service
from corpora import __version__

#: What a form holds besides its files, bytes at most.
_FORM_MARGIN = 1 << 20


def create_app(settings: Settings | None = None, build: Callable[[Settings], Service] = build_service) -> FastAPI:
    """The application; database and jobs are opened when it starts and closed when it ends.

    Parameters
    ----------
    build : opens them.
    """
    settings = settings or read_settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.service = service = build(settings)
        with closing(service), keep_up(service):
            yield

    app = FastAPI(
        title="duibiao 对标",
        version=__version__,
        openapi_url="/api/openapi.json",
        docs_url=None,  # the framework's pages load scripts from elsewhere
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.streams = Streams()
    add_problems(app)
    add_static(app)
    add_routes(app)
    add_openapi(app, settings.service)
    _add_walls(app, settings)
    return app


def _add_walls(app: FastAPI, settings: Settings) -> None:
    """What stands before the routes, the innermost first."""
    app.add_middleware(BodyLimit, most=(settings.service.batch_mb << 20) + _FORM_MARGIN)
    app.add_middleware(GZipMiddleware, minimum_size=1024, compresslevel=6)
    protect(app, settings.service)
    observe(app)
