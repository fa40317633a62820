"""Problems as HTTP answers: problem details (RFC 9457) for programs, a page for a browser."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from jinja2 import Environment, FileSystemLoader
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from corpora.errors import DocumentError, DuibiaoError, UsageError

#: Headers of every page: it loads and sends nothing elsewhere and stands in no frame.
PAGE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
}


class UploadTooLargeError(UsageError):
    """More bytes are sent than an upload may have."""


@dataclass(frozen=True)
class Problem:
    """What went wrong: HTTP status, what it is, what to do about it and which input it concerns."""

    status: int
    what: str
    advice: str = ""
    where: str = ""

    @property
    def detail(self) -> str:
        """All of it in one line."""
        return str(DuibiaoError(self.what, where=self.where, advice=self.advice))


def add_problems(app: FastAPI) -> None:
    """Answer every error of ours and of the framework's as a problem."""
    app.add_exception_handler(DuibiaoError, _answer)
    app.add_exception_handler(RequestValidationError, _answer)
    app.add_exception_handler(HTTPException, _answer)


class UploadLimit:
    """Stops reading a request that tells of, or sends, more bytes than allowed.

    Parameters
    ----------
    app : the application behind it.
    most : bytes of a request's body.
    """

    def __init__(self, app: ASGIApp, most: int) -> None:
        self.app, self.most = app, most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        told = dict(scope.get("headers", ())).get(b"content-length", b"0")
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if max(seen, int(told) if told.isdigit() else 0) > self.most:
                raise UploadTooLargeError(f"文件超过 {self.most >> 20} MB", advice="请拆分文件或压缩其中的图片后再上传")
            return message

        await self.app(scope, counted, send)


async def _answer(request: Request, error: Exception) -> Response:
    problem = _problem(error)
    if "text/html" in request.headers.get("accept", ""):
        page = environment().get_template("problem.html.j2").render(problem=problem)
        return HTMLResponse(page, problem.status, headers=PAGE_HEADERS)
    body = {
        "type": "about:blank",
        "title": problem.what,
        "status": problem.status,
        "detail": problem.detail,
        "where": problem.where,
    }
    return JSONResponse(body, problem.status, media_type="application/problem+json")


def _problem(error: Exception) -> Problem:
    if isinstance(error, HTTPException) and isinstance(error.__cause__, DuibiaoError):
        error = error.__cause__  # raised while the framework read the body
    if isinstance(error, DuibiaoError):
        return Problem(_status(error), error.what, error.advice, error.where)
    if isinstance(error, RequestValidationError):
        fields = "、".join(dict.fromkeys(str(item["loc"][-1]) for item in error.errors()))
        advice = "请选择要对照的文档" if fields == "file" else "请检查这些字段"
        return Problem(422, f"请求缺少或填错了：{fields}", advice)
    assert isinstance(error, HTTPException)
    what = {404: "没有这个地址", 405: "这个地址不支持这种请求"}.get(error.status_code)
    return Problem(error.status_code, what or HTTPStatus(error.status_code).phrase)


def _status(error: DuibiaoError) -> int:
    if isinstance(error, UploadTooLargeError):
        return 413
    return 422 if isinstance(error, DocumentError) else 400 if isinstance(error, UsageError) else 500


@cache
def environment() -> Environment:
    """The pages' templates."""
    return Environment(loader=FileSystemLoader(Path(__file__).with_name("templates")), autoescape=True)
