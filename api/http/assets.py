"""Files that pages load: addresses hold a digest of the file, so that browsers keep them for good."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path

from fastapi import FastAPI
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

STATIC = Path(__file__).resolve().parents[1] / "static"
_FOREVER = "public, max-age=31536000, immutable"
_DIGITS = 10


@cache
def static(name: str) -> str:
    """Address of a file of ``api/static`` ("app.css", "vendor/htmx.min.js"); another after a change and a restart."""
    return f"/static/{sha256((STATIC / name).read_bytes()).hexdigest()[:_DIGITS]}/{name}"


class HashedFiles(StaticFiles):
    """Static files below ``/static/<digest>/``: for good where the digest is the file's, else to be asked for again."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer one request; raises the framework's 404 where there is no such file."""
        digest, _, name = path.replace("\\", "/").partition("/")
        response = await super().get_response(name, scope)
        current = response.status_code < 400 and static(name) == f"/static/{digest}/{name}"
        response.headers["Cache-Control"] = _FOREVER if current else "no-cache"
        return response


def add_static(app: FastAPI) -> None:
    """Serve ``api/static``."""
    app.mount("/static", HashedFiles(directory=STATIC), name="static")
