"""Pages: templates with the frame around them, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.auth.forgery import HEADER, csrf_field, csrf_token
from api.auth.principal import Principal, Right
from api.http.assets import static
from api.http.problem_words import in_english
from api.i18n import COOKIE, Language, formats, language, mark, translator
from corpora import __version__

#: The stages of a job (``api.jobs.task.STAGES``) in their order.
STAGE_NAMES: dict[str, str] = {
    "parse": mark("读取文件"),
    "segment": mark("划分段落"),
    "prepare": mark("准备标准"),
    "encode": mark("计算语义"),
    "judge": mark("逐条判定"),
    "audit": mark("审核方案"),
    "report": mark("汇总报告"),
}

#: The main navigation: address, name, and the right without which it is not shown.
NAVIGATION: tuple[tuple[str, str, Right], ...] = (
    ("/", mark("上传"), Right.UPLOAD),
    ("/documents", mark("文档"), Right.READ),
    ("/audits", mark("批次"), Right.READ),
    ("/standards", mark("标准"), Right.READ),
    ("/compare", mark("对比"), Right.READ),
    ("/dashboard", mark("看板"), Right.OVERSEE),
    ("/reviews", mark("复核"), Right.DECIDE),
)

#: What the menu of a signed-in reader holds besides.
MENU: tuple[tuple[str, str, Right], ...] = (
    ("/account", mark("我的账号"), Right.READ),
    ("/users", mark("用户"), Right.ACCOUNTS),
    ("/departments", mark("院系管理"), Right.ACCOUNTS),
    ("/log", mark("操作日志"), Right.LOG),
)


def page(
    request: Request, template: str, *, status: int = 200, headers: Mapping[str, str] | None = None, **context: Any
) -> HTMLResponse:
    """A template of ``api/templates`` as answer, with ``context`` and what ``common`` gives every template."""
    html = render(request, template, **context)
    return HTMLResponse(html, status, headers={"Cache-Control": "no-store", "Vary": "Cookie", **(headers or {})})


def render(request: Request, template: str, **context: Any) -> str:
    """A template as text, with ``context`` and what ``common`` gives every template."""
    return environment().get_template(template).render(common(request), **context)


def common(request: Request) -> dict[str, Any]:
    """What every template may use: ``t``, ``lang``, ``principal`` (None before sign-in), ``csrf_field`` and more."""
    lang = page_language(request)
    principal: Principal | None = getattr(request.state, "principal", None)
    return {
        "t": translator(lang),
        "lang": lang,
        "request": request,
        "principal": principal,
        "navigation": _shown(NAVIGATION, principal),
        "menu": _shown(MENU, principal),
        "here": request.url.path,
        "address": _address(request),
        "csrf_token": csrf_token(request),
        "csrf_field": partial(csrf_field, request),
        "said": lambda text: said(text, lang),
        "moment": lambda value: formats.moment(value, lang),
        "duration": lambda value: formats.duration(value, lang),
    }


def _shown(items: Iterable[tuple[str, str, Right]], principal: Principal | None) -> list[tuple[str, str]]:
    return [(path, name) for path, name, right in items if principal and principal.may(right)]


def said(text: str, lang: Language) -> str:
    """What an error said in Chinese, in a language, where there are words for it."""
    return (in_english(text) or text) if lang == "en" else text


def page_language(request: Request) -> Language:
    """The language that the reader has chosen."""
    return language(request.cookies.get(COOKIE))


def wants_fragment(request: Request) -> bool:
    """Whether htmx asks for a part of the page only."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Request-Type", "partial") != "full"


def see_other(address: str) -> RedirectResponse:
    """After a form: go to another page of ours."""
    return RedirectResponse(local_address(address), 303)


def local_address(address: str, otherwise: str = "/") -> str:
    """An address on this server, as given; ``otherwise`` for any other."""
    usable = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if usable and "\\" not in address else otherwise


def _address(request: Request) -> str:
    query = request.url.query
    return request.url.path + (f"?{query}" if query else "")


def with_query(address: str, **values: object) -> str:
    """An address with those values as its query that are not empty."""
    found = {name: value for name, value in values.items() if value not in ("", None, ())}
    return f"{address}?{urlencode(found, doseq=True, quote_via=quote)}" if found else address


def stage_name(stage: str) -> str:
    """What a stage of a job is called, in Chinese."""
    return STAGE_NAMES.get(stage, mark("正在开始"))


@cache
def environment() -> Environment:
    """The pages' templates."""
    found = Environment(
        loader=FileSystemLoader(Path(__file__).resolve().parents[1] / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals.update(static=static, version=__version__, with_query=with_query, Right=Right, CSRF_HEADER=HEADER)
    found.globals.update(STAGES=STAGE_NAMES, stage_name=stage_name)
    found.filters.update(number=formats.number, percent=formats.percent, size=formats.size)
    return found
