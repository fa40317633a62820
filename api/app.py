"""The HTTP face: a page that takes one document and answers with its report, and the same as an API."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

from fastapi import FastAPI, File, Form, Request, UploadFile
from fastapi.responses import HTMLResponse, JSONResponse, Response
from jinja2 import Environment, FileSystemLoader

from alignment.aligner import Aligner
from api.rendering import FORMATS, renderer
from api.settings import Settings, read_settings
from api.wiring import build_aligner, find_standard
from corpora import __version__
from corpora.errors import DocumentError, DuibiaoError, UsageError
from corpora.parsers import read_bytes
from corpora.standard_json import load_standard, standard_files

#: Largest upload, bytes.
UPLOAD_LIMIT = 50 * 1024 * 1024

_TEMPLATES = Path(__file__).with_name("templates")

_FORMAT_LABELS = {
    "html": "网页（在浏览器里看）",
    "docx": "Word 审核意见",
    "xlsx": "Excel 工作簿",
    "md": "Markdown",
    "csv": "CSV",
    "json": "JSON",
}

AlignerSource = Callable[[], Aligner]


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application; the aligner is built at the first report and serves all further ones."""
    settings = settings or read_settings()
    app = FastAPI(title="duibiao 对标", version=__version__, docs_url="/api/docs", openapi_url="/api/openapi.json")
    aligner = cache(lambda: build_aligner(settings))
    app.add_exception_handler(DuibiaoError, _problem)
    _add_page(app, settings)
    _add_api(app, settings, aligner)
    return app


def _add_page(app: FastAPI, settings: Settings) -> None:
    @app.get("/", response_class=HTMLResponse, include_in_schema=False)
    def page() -> str:
        """The upload page."""
        standards = [load_standard(code, settings.standards) for code in sorted(standard_files(settings.standards))]
        formats = [{"name": name, "label": label} for name, label in _FORMAT_LABELS.items()]
        return _environment().get_template("upload.html.j2").render(standards=standards, formats=formats)


def _add_api(app: FastAPI, settings: Settings, aligner: AlignerSource) -> None:
    @app.get("/healthz")
    def health() -> dict[str, str]:
        """Whether the service is up."""
        return {"status": "ok", "version": __version__}

    @app.get("/api/v1/standards")
    def standards() -> list[dict[str, str]]:
        """Shipped and imported standards."""
        found = (load_standard(code, settings.standards) for code in sorted(standard_files(settings.standards)))
        return [{"code": s.code, "name": s.name, "edition": s.edition, "level": s.level} for s in found]

    @app.post("/api/v1/reports")
    def report(
        file: Annotated[UploadFile, File(description="要对照的文档")],
        standard: Annotated[str, Form()] = "530701",
        format: Annotated[str, Form()] = "json",
    ) -> Response:
        """The gap report of one document, in the format asked for."""
        render = renderer(format)
        chosen = find_standard(settings, standard)
        name = Path(file.filename or "未命名").name
        data = file.file.read(UPLOAD_LIMIT + 1)
        if len(data) > UPLOAD_LIMIT:
            raise UsageError(f"文件超过 {UPLOAD_LIMIT // 2**20} MB", where=name, advice="请拆分后再上传")
        result = aligner().align(read_bytes(name, data), chosen)
        return Response(render(result), media_type=FORMATS[format].media_type, headers=_disposition(name, format))


def _disposition(name: str, format: str) -> dict[str, str]:
    """Headers that show a page in the browser and name every other format as a download (RFC 6266)."""
    safety = {"X-Content-Type-Options": "nosniff"}
    if format == "html":
        policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"
        return {**safety, "Content-Security-Policy": policy}
    target = quote(f"{Path(name).stem}.report{FORMATS[format].suffix}")
    return {**safety, "Content-Disposition": f"attachment; filename*=UTF-8''{target}"}


def _problem(request: Request, error: Exception) -> Response:
    """Problem details (RFC 9457); a page for a browser's form."""
    assert isinstance(error, DuibiaoError)
    status = 422 if isinstance(error, DocumentError) else 400 if isinstance(error, UsageError) else 500
    if "text/html" in request.headers.get("accept", ""):
        return HTMLResponse(_environment().get_template("problem.html.j2").render(error=error), status)
    body = {"type": "about:blank", "title": error.what, "status": status, "detail": str(error), "where": error.where}
    return JSONResponse(body, status, media_type="application/problem+json")


@cache
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True)
