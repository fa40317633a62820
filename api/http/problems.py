"""Problems as HTTP answers: problem details (RFC 9457) for programs, a page for a browser."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException
from starlette.routing import Match, compile_path

from api.auth.addresses import sign_in_address
from api.auth.principal import NotSignedInError
from api.errors import TooManyRequestsError
from api.http import problem_kinds as kinds
from api.http.pages import page, wants_fragment
from api.http.problem_fields import FieldProblem, field_problems
from api.http.problem_kinds import Kind, kind_of
from api.http.problem_words import in_english, preferred
from api.http.trouble import TROUBLES, trouble_of
from api.i18n import Language
from api.store.ids import new_id
from corpora.errors import DuibiaoError

__all__ = ["Problem", "add_problems", "answer", "problem_of"]

_LOG = logging.getLogger("duibiao.problems")


@dataclass(frozen=True)
class Problem:
    """What went wrong: of which kind, what it is, what to do about it and which input it concerns.

    Parameters
    ----------
    kind : with the status and the title.
    what, advice, where : in Chinese, as in ``DuibiaoError``.
    headers : of the answer.
    status : where it differs from the kind's.
    fields : the fields of the request that are wrong.
    request_id : by which the log knows of it.
    """

    kind: Kind
    what: str
    advice: str = ""
    where: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 0
    fields: tuple[FieldProblem, ...] = ()
    request_id: str = ""

    def title(self, language: Language) -> str:
        """What kind of problem it is."""
        return self.kind.title_en if language == "en" else self.kind.title

    def detail(self, language: Language) -> str:
        """All of it in one line."""
        if language == "zh":
            return str(DuibiaoError(self.what, where=self.where, advice=self.advice))
        what, advice = in_english(self.what), in_english(self.advice) if self.advice else ""
        if what is None:
            return f"{self.where}: {self.kind.detail_en}" if self.where else self.kind.detail_en
        head = f"{self.where}: {what}" if self.where else what
        return f"{head}. {advice}." if advice else f"{head}."

    def body(self, language: Language, instance: str) -> dict[str, Any]:
        """The JSON of RFC 9457."""
        found: dict[str, Any] = {
            "type": self.kind.type,
            "title": self.title(language),
            "status": self.status or self.kind.status,
            "detail": self.detail(language),
            "instance": instance,
            "where": self.where,
            "advice": self.advice,
            "title_en": self.title("en"),
            "detail_en": self.detail("en"),
        }
        if self.fields:
            found["errors"] = [vars(item) for item in self.fields]
        if self.request_id:
            found["request_id"] = self.request_id
        return found


def add_problems(app: FastAPI) -> None:
    """Answer every error of ours, of the framework's and of nobody's as a problem."""
    for error in (DuibiaoError, RequestValidationError, HTTPException, *TROUBLES, Exception):
        app.add_exception_handler(error, answer)


async def answer(request: Request, error: Exception) -> Response:
    """A problem in the form that the sender of the request can read."""
    error = _behind(error)
    problem = problem_of(error)
    if problem.kind is kinds.INTERNAL:
        problem = _recorded(request, problem, error)
    status = problem.status or problem.kind.status
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        problem.headers.pop("allow", None)
        problem.headers["Allow"] = _allowed(request)
    if status in (204, 304):  # no problem at all: nothing to say
        return Response(status_code=status, headers=problem.headers)
    if "text/html" in request.headers.get("accept", ""):
        return _for_browser(request, problem, status, error)
    language = preferred(request.headers.get("accept-language"))
    headers = {"Content-Language": language, "Vary": "Accept, Accept-Language", **problem.headers}
    body = problem.body(language, request.url.path)
    return JSONResponse(body, status, headers, media_type="application/problem+json")


def _for_browser(request: Request, problem: Problem, status: int, error: Exception) -> Response:
    """A page that says it; who is not signed in is asked to sign in first."""
    if not isinstance(error, NotSignedInError):
        return page(
            request, "pages/problem.html.j2", status=status, headers=problem.headers, problem=problem, code=status
        )
    target = sign_in_address(request)
    if wants_fragment(request):  # a redirect would put the sign-in page into a part of this one
        return Response(status_code=401, headers={**problem.headers, "HX-Redirect": target})
    return RedirectResponse(target, 303)


def problem_of(error: Exception) -> Problem:
    """The problem that an error is."""
    error = _behind(error)
    if isinstance(error, DuibiaoError):
        return Problem(kind_of(error), error.what, error.advice, error.where, _headers(error))
    if isinstance(error, RequestValidationError):
        fields = field_problems(error.errors())
        names = "、".join(dict.fromkeys(item.field for item in fields))
        return Problem(kinds.INVALID, f"请求缺少或填错了：{names}", "请检查这些字段", fields=fields)
    if isinstance(error, HTTPException):
        return _of_framework(error)
    if found := trouble_of(error):
        return Problem(found.kind, found.what, found.advice, headers=found.headers)
    return Problem(kinds.INTERNAL, "服务内部错误", "已保存的内容没有丢失；请把请求编号告诉管理员")


def _behind(error: Exception) -> Exception:
    """The error itself where it was raised while the framework read the body."""
    cause = error.__cause__
    if isinstance(error, HTTPException) and (isinstance(cause, DuibiaoError) or trouble_of(cause)):
        return cause  # type: ignore[return-value]
    return error


def _of_framework(error: HTTPException) -> Problem:
    kind = {404: kinds.NO_ADDRESS, 405: kinds.METHOD, 400: kinds.BAD_REQUEST}.get(error.status_code, kinds.OTHER)
    what = {404: "没有这个地址", 405: "这个地址不支持这种请求", 400: "请求的格式不对，无法读取"}.get(error.status_code)
    what = what or HTTPStatus(error.status_code).phrase
    return Problem(kind, what, headers=dict(error.headers or {}), status=error.status_code)


def _allowed(request: Request) -> str:
    """All methods that an address answers; the framework names only those of the first route it finds.

    Of the API's addresses that fit, the one with the fewest parameters counts.
    """
    app: FastAPI = request.app
    fitting = [path for path in app.openapi()["paths"] if compile_path(path)[0].match(request.url.path)]
    if fitting:
        return ", ".join(app.openapi()["paths"][min(fitting, key=lambda path: path.count("{"))]).upper()
    scopes = {method: {**request.scope, "method": method} for method in ("GET", "POST")}
    routes = app.router.routes
    return ", ".join(m for m, scope in scopes.items() if any(r.matches(scope)[0] == Match.FULL for r in routes))


def _headers(error: DuibiaoError) -> dict[str, str]:
    if isinstance(error, NotSignedInError):
        return {"WWW-Authenticate": 'Bearer realm="duibiao"'}
    return {"Retry-After": str(error.seconds)} if isinstance(error, TooManyRequestsError) else {}


def _recorded(request: Request, problem: Problem, error: Exception) -> Problem:
    """The problem with the request's id, under which the log tells the rest."""
    number = getattr(request.state, "request_id", "") or new_id()
    _LOG.error("request %s failed: %s %s", number, request.method, request.url.path, exc_info=error)
    return replace(problem, request_id=number)
