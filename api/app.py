"""The HTTP face: a page that takes one document and answers with its report, and the same as an API."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from importlib.util import find_spec
from pathlib import PurePosixPath
from typing import Annotated
from urllib.parse import quote

from fastapi import FastAPI, File, Form, UploadFile
from fastapi.responses import HTMLResponse, Response

from alignment.aligner import Aligner
from api.problems import PAGE_HEADERS, UploadLimit, UploadTooLargeError, add_problems, environment
from api.rendering import FORMATS, renderer
from api.settings import Settings, read_settings
from api.uploads import KINDS, read_upload
from api.wiring import build_aligner, find_standard
from corpora import __version__
from corpora.errors import UsageError
from corpora.parsers.registry import SUFFIXES
from corpora.standard_json import load_standard, standard_files

#: Largest upload, bytes.
UPLOAD_LIMIT = 50 * 1024 * 1024

#: What a form holds besides the file, bytes at most.
_FORM_MARGIN = 64 * 1024

_FORMAT_LABELS = {
    "html": "网页（在浏览器里看）",
    "docx": "Word 审核意见",
    "xlsx": "Excel 工作簿",
    "pdf": "PDF",
    "md": "Markdown",
    "csv": "CSV",
    "json": "JSON",
}

_KIND_LABELS = {
    "auto": "自动识别",
    "plan": "人才培养方案",
    "syllabus": "课程标准、大纲、授课计划",
    "textbook": "教材",
}

AlignerSource = Callable[[], Aligner]


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application; the aligner is built at the first report and serves all further ones."""
    settings = settings or read_settings()
    app = FastAPI(
        title="duibiao 对标",
        version=__version__,
        openapi_url="/api/openapi.json",
        docs_url=None,  # the framework's pages load scripts from elsewhere
        redoc_url=None,
    )
    aligner = cache(lambda: build_aligner(settings))
    app.add_middleware(UploadLimit, most=UPLOAD_LIMIT + _FORM_MARGIN)
    add_problems(app)
    _add_page(app, settings)
    _add_api(app, settings, aligner)
    return app


def _add_page(app: FastAPI, settings: Settings) -> None:
    @app.get("/", response_class=HTMLResponse, include_in_schema=False)
    def page() -> HTMLResponse:
        """The upload page."""
        page = (
            environment()
            .get_template("upload.html.j2")
            .render(
                standards=[
                    load_standard(code, settings.standards) for code in sorted(standard_files(settings.standards))
                ],
                formats=_formats(),
                kinds=_KIND_LABELS,
                suffixes=sorted(SUFFIXES),
                most=UPLOAD_LIMIT >> 20,
            )
        )
        return HTMLResponse(page, headers=PAGE_HEADERS)


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
        kind: Annotated[str, Form(description="auto、syllabus、plan 或 textbook")] = "auto",
        more: Annotated[list[UploadFile] | None, File(description="人才培养方案的其他文件，如教学进程表")] = None,
        rules: Annotated[list[UploadFile] | None, File(description="学校或省里的规则（YAML）")] = None,
        major: Annotated[str, Form(description="方案里有几个专业时审核哪一个：专业名称或代码")] = "",
    ) -> Response:
        """The gap report of one document, or of a plan in several files, in the format asked for."""
        _check_choice(format, _formats(), "格式")
        _check_choice(kind, KINDS, "文档类型")
        chosen = find_standard(settings, standard)
        name = _plain_name(file.filename or "")
        upload = read_upload(_sent([file]), _sent(more), _sent(rules), kind, major.strip())
        result = aligner().align(upload.document, chosen, kind=KINDS[upload.kind], plan=upload.options)
        data = renderer(format)(result)
        return Response(data, media_type=FORMATS[format].media_type, headers=_disposition(name, format))


def _check_choice(said: str, allowed: Iterable[str], what: str) -> None:
    """Refuse a word that is none of those allowed.

    Raises
    ------
    UsageError : it is not.
    """
    if said not in allowed:
        raise UsageError(f"没有“{said}”这种{what}", advice=f"可用：{'、'.join(allowed)}")


def _sent(files: Iterable[UploadFile] | None) -> list[tuple[str, bytes]]:
    """Name and bytes of each file that was sent; a field left empty sends a file without a name.

    Raises
    ------
    UploadTooLargeError : a file is larger than the limit.
    """
    found = []
    for file in files or ():
        name = _plain_name(file.filename or "")
        data = file.file.read(UPLOAD_LIMIT + 1)
        if len(data) > UPLOAD_LIMIT:
            raise UploadTooLargeError(f"文件超过 {UPLOAD_LIMIT >> 20} MB", where=name, advice="请拆分后再上传")
        if data or file.filename:
            found.append((name, data))
    return found


def _formats() -> dict[str, str]:
    """Formats that can be made here, with their labels."""
    return {name: label for name, label in _FORMAT_LABELS.items() if name != "pdf" or find_spec("weasyprint")}


def _plain_name(sent: str) -> str:
    """The last part of a file name as sent, whatever system's path it is, without control characters."""
    name = PurePosixPath(sent.replace("\\", "/")).name
    return "".join(c for c in name if c.isprintable()).strip() or "未命名"


def _disposition(name: str, format: str) -> dict[str, str]:
    """Headers that show a page in the browser and name every other format as a download (RFC 6266)."""
    safety = {"X-Content-Type-Options": "nosniff"}
    if format == "html":
        policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"
        return {**safety, "Content-Security-Policy": policy}
    target = quote(f"{PurePosixPath(name).stem}.report{FORMATS[format].suffix}", safe="")
    return {**safety, "Content-Disposition": f"attachment; filename*=UTF-8''{target}"}
