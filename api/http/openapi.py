"""The description of the API (OpenAPI 3.1): problems as answers of every operation, ways to sign in, groups."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.auth.cookies import cookie_name
from api.rendering import FORMATS
from api.schemas.service import ProblemOut
from api.settings import ServiceSettings

PROBLEM_JSON = "application/problem+json"
_REFERENCE = {"$ref": "#/components/schemas/ProblemOut"}
_BINARY = {"type": "string", "format": "binary"}
#: What CASE 1.1 answers instead of problems, below ``_CASE``.
_CASE = "/ims/case/"
_STATUS_INFO = {
    "type": "object",
    "required": ["imsx_codeMajor", "imsx_severity"],
    "properties": {
        "imsx_codeMajor": {"type": "string", "enum": ["success", "processing", "failure", "unsupported"]},
        "imsx_severity": {"type": "string", "enum": ["status", "warning", "error"]},
        "imsx_description": {"type": "string"},
        "imsx_codeMinor": {"type": "object"},
    },
}
_ABOUT = {
    400: "请求有误",
    401: "没有登录",
    403: "没有这项权限",
    404: "没有找到，或无权知道",
    409: "当前状态不允许",
    412: "内容已有变化",
    413: "上传的内容太大",
    422: "有字段填错，或文件读不了",
    429: "请求过于频繁",
    500: "服务内部错误",
    503: "数据库暂时不能用",
    507: "存储空间不足",
}
DESCRIPTION = (
    "对标：把教学文件对照国家专业教学标准，逐条说明覆盖、部分涉及与缺失，并给出原文依据。\n\n"
    "错误都是 RFC 9457 的 problem details，中文为主，附英文。列表按新到旧分页，`next` 与 `Link` 头给出下一页。"
    "上传与建立任务可带 `Idempotency-Key`，重发不会重复执行。"
)


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Documentation of answers that are problems, for a route's ``responses``."""
    return {
        status: {
            "description": _ABOUT.get(status, HTTPStatus(status).phrase),
            "content": {PROBLEM_JSON: {"schema": _REFERENCE}},
        }
        for status in statuses
    }


def files(description: str, *formats: str) -> dict[int | str, dict[str, Any]]:
    """Documentation of an answer that is a file, for a route's ``responses``; formats by name or media type."""
    types = [FORMATS[name].media_type.partition(";")[0] if name in FORMATS else name for name in formats]
    content = {name: {"schema": {} if name == "application/json" else _BINARY} for name in types}
    return {200: {"description": description, "content": content}}


def add_openapi(app: FastAPI, settings: ServiceSettings) -> None:
    """Let the application describe itself with the answers that every operation may give."""

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _describe(app, settings)
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign]


def _describe(app: FastAPI, settings: ServiceSettings) -> dict[str, Any]:
    schema = get_openapi(
        title=app.title, version=app.version, description=DESCRIPTION, routes=app.routes, openapi_version="3.1.0"
    )
    parts = schema.setdefault("components", {})
    models = parts.setdefault("schemas", {})
    ours = ProblemOut.model_json_schema(mode="serialization", ref_template="#/components/schemas/{model}")
    models.update(ours.pop("$defs", {}))
    models["ProblemOut"] = ours
    models["imsx_StatusInfo"] = _STATUS_INFO
    for unused in ("HTTPValidationError", "ValidationError"):
        models.pop(unused, None)
    parts["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": "账号页面里生成的访问令牌"},
        "session": {"type": "apiKey", "in": "cookie", "name": cookie_name(settings), "description": "登录后的会话"},
    }
    schema["security"] = [{"token": []}, {"session": []}, {}]
    for path, method, operation in _operations(schema):
        _add_problems(path, method, operation)
    return schema


def _operations(schema: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def _add_problems(path: str, method: str, operation: dict[str, Any]) -> None:
    answers = operation.setdefault("responses", {})
    statuses = {400, 401, 403, 422, 500, 503}
    if "{" in path:
        statuses.add(404)
    if path.endswith("/events"):
        statuses.add(429)
    if method != "get":
        statuses |= {404, 409, 413, 429, 507}
    described = problems(*sorted(statuses))
    if path.startswith(_CASE):
        described = {status: _as_status_info(answer) for status, answer in described.items()}
    for status, answer in described.items():
        known = answers.setdefault(str(status), answer)
        if "HTTPValidationError" in str(known):
            answers[str(status)] = answer
    operation["responses"] = dict(sorted(answers.items()))


def _as_status_info(answer: dict[str, Any]) -> dict[str, Any]:
    schema = {"schema": {"$ref": "#/components/schemas/imsx_StatusInfo"}}
    return {**answer, "content": {"application/json": schema, **answer["content"]}}
