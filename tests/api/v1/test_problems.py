"""Problems over HTTP: RFC 9457 in two languages for programs, a page for browsers, the inside for nobody."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from fastapi import Query
from fastapi.testclient import TestClient
from sqlalchemy.exc import DataError

from api.app import create_app
from api.auth.principal import StaleError
from api.errors import TooManyRequestsError
from api.http import problem_kinds
from api.settings import ServiceSettings, Settings
from corpora.errors import LanguageModelError
from tests.api.v1.conftest import V1

HTML = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture(scope="module")
def failing(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """An application with routes that fail in ways that no sound route does."""
    app = create_app(Settings(data=tmp_path_factory.mktemp("data"), service=ServiceSettings(workers=0)))
    errors: dict[str, Exception] = {
        "bug": RuntimeError("学生张三的成绩"),
        "busy": TooManyRequestsError("登录尝试过于频繁", seconds=42),
        "stale": StaleError("内容已有变化"),
        "model": LanguageModelError("语言模型没有应答"),
        "nul": DataError("INSERT 张三", {}, ValueError("NUL")),
    }

    def fail(kind: str, _: int = Query(1, alias="number", ge=1, le=9)) -> None:
        raise errors[kind]

    app.get("/fail/{kind}")(fail)
    address = {"base_url": "http://localhost", "client": ("127.0.0.1", 50000)}
    with TestClient(app, raise_server_exceptions=False, **address) as client:  # type: ignore[arg-type]
        yield client


def test_an_unknown_address(idle: TestClient) -> None:
    """All that RFC 9457 has, in Chinese, with the English beside it."""
    answer = idle.get("/nowhere")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert answer.headers["content-language"] == "zh"
    assert answer.json() == {
        "type": f"{V1}/problems/no-such-address",
        "title": "没有这个地址",
        "status": 404,
        "detail": "没有这个地址",
        "instance": "/nowhere",
        "where": "",
        "advice": "",
        "title_en": "No such address",
        "detail_en": "There is nothing at this address.",
    }


def test_english_for_those_who_prefer_it(idle: TestClient) -> None:
    """Title and detail follow Accept-Language, and caches are told."""
    answer = idle.get(f"{V1}/documents/none", headers={"accept-language": "en-GB,zh;q=0.5"})
    body = answer.json()
    assert answer.headers["content-language"] == "en"
    assert {"Accept", "Accept-Language"} <= {part.strip() for part in answer.headers["vary"].split(",")}
    assert body["title"] == body["title_en"] == "Not found"
    assert body["detail"] == body["detail_en"]
    assert body["detail"].startswith("There is no such document")


def test_a_page_for_browsers(idle: TestClient) -> None:
    """A page with the frame of the others, in the same words and with the same status."""
    page = idle.get("/nowhere", headers=HTML)
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    tree = lxml.html.fromstring(page.text)
    assert "没有这个地址" in tree.text_content()
    assert tree.xpath("//a[@href='/']")
    assert "script-src 'self'" in page.headers["content-security-policy"]


def test_a_method_that_is_not_answered(idle: TestClient) -> None:
    """405 with what is allowed."""
    answer = idle.put(f"{V1}/documents")
    assert (answer.status_code, answer.json()["type"]) == (405, f"{V1}/problems/method-not-allowed")
    assert answer.headers["allow"]


def test_a_mistake_of_ours_is_told_without_its_inside(failing: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    """500 with an id under which the log tells the rest; no text of the error reaches the client."""
    with caplog.at_level(logging.ERROR):
        answer = failing.get("/fail/bug")
    body = answer.json()
    assert (answer.status_code, body["type"]) == (500, f"{V1}/problems/internal-error")
    assert "张三" not in answer.text
    assert "Traceback" not in answer.text
    assert body["request_id"]
    assert any(body["request_id"] in record.getMessage() for record in caplog.records)
    page = failing.get("/fail/bug", headers=HTML)
    assert (page.status_code, page.headers["content-type"]) == (500, "text/html; charset=utf-8")
    assert "张三" not in page.text


def test_a_wait_is_told_in_seconds(failing: TestClient) -> None:
    """429 with Retry-After."""
    answer = failing.get("/fail/busy")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "42")
    assert answer.json()["detail_en"] == "Too many attempts to sign in. Try again in 42 seconds."


@pytest.mark.parametrize(("kind", "status"), [("stale", 412), ("model", 502), ("nul", 422)])
def test_statuses(failing: TestClient, kind: str, status: int) -> None:
    """Each kind has its own; what a database could not store is no mistake of ours."""
    answer = failing.get(f"/fail/{kind}")
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert "张三" not in answer.text


@pytest.mark.parametrize(
    ("number", "what", "what_en"),
    [
        ("x", "应为整数", "must be a whole number"),
        ("0", "不能小于 1", "must be at least 1"),
        ("10", "不能大于 9", "must be at most 9"),
    ],
)
def test_wrong_fields_are_named_in_words(failing: TestClient, number: str, what: str, what_en: str) -> None:
    """Where the field stands, its name, and what is wrong with it; not the validator's words."""
    answer = failing.get("/fail/bug", params={"number": number})
    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"place": "query", "field": "number", "what": what, "what_en": what_en}]
    assert answer.json()["detail"] == "请求缺少或填错了：number。请检查这些字段"


@pytest.mark.parametrize(
    ("content", "field", "what"),
    [
        (b"{", "body", "不是正确的 JSON"),
        (b"[]", "body", "应为对象"),
        (b'{"document": 5}', "document", "应为文字"),
        (b'{"document": "a", "colour": "red"}', "colour", "没有这个字段"),
        (b'{"document": "a", "courses": "C1"}', "courses", "应为列表"),
        (b'{"document": "\\ud800"}', "document", "不是正确的 Unicode 文字"),
    ],
)
def test_bodies_that_are_not_what_is_asked(idle: TestClient, content: bytes, field: str, what: str) -> None:
    """The field is named, not shown."""
    answer = idle.post(f"{V1}/reports", content=content, headers={"content-type": "application/json"})
    assert answer.status_code == 422
    assert [(error["field"], error["what"]) for error in answer.json()["errors"]] == [(field, what)]


def test_a_kind_can_be_read(idle: TestClient) -> None:
    """The type of every problem is an address that tells what it means."""
    listed = {kind["type"] for kind in idle.get(f"{V1}/problems").json()}
    assert listed == {kind.type for kind in problem_kinds.KINDS.values()}
    for address in listed:
        told = idle.get(address).json()
        assert told["type"] == address
        assert told["title"]
        assert told["detail_en"].endswith(".")
    assert idle.get(f"{V1}/problems/none").status_code == 404


def test_kinds_are_each_their_own() -> None:
    """No two kinds of one name, and no class of error comes after one that holds it."""
    found = [kind for _, kind in problem_kinds.BY_ERROR]
    assert len({kind.slug for kind in found} | {"x"}) == len(set(found)) + 1
    classes = [error for error, _ in problem_kinds.BY_ERROR]
    hidden = [b for i, a in enumerate(classes) for b in classes[i + 1 :] if issubclass(b, a)]
    assert hidden == []


def test_nothing_is_kept_after_an_error(tmp_path: Path) -> None:
    """A service that failed to answer once answers the next request."""
    app = create_app(Settings(data=tmp_path, service=ServiceSettings(workers=0)))
    app.get("/bug")(lambda: 1 / 0)
    with TestClient(app, base_url="http://localhost", client=("127.0.0.1", 1), raise_server_exceptions=False) as client:
        assert client.get("/bug").status_code == 500
        assert client.get(f"{V1}/documents").json() == {"items": [], "next": ""}
