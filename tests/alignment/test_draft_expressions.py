"""Drafts of expression banks: what is asked, what is kept of the answers, where it stops."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from alignment import draft_expressions
from alignment.draft_expressions import ExpressionDrafter, usable
from alignment.judge_langchain import LangchainChat
from alignment.language_model import Limits, ModelOptions
from alignment.model_answers import AnswerCache
from corpora.errors import LanguageModelError
from corpora.expressions import Expression
from corpora.standard import Standard
from tests.fake_model_server import FakeModelServer, Say

LINES = [
    {"grade": 2, "form": "content", "text": "讲 {} 的做法"},
    {"grade": 1, "form": "heading", "text": "{} 概览"},
    {"grade": 0, "form": "practice", "text": "与 {} 无关的事"},
]


def drafted(items: list[dict[str, Any]]) -> dict[str, Any]:
    """Three good lines for every item."""
    return {
        "items": [
            {"n": item["n"], "expressions": [line | {"text": line["text"].format(item["element"])} for line in LINES]}
            for item in items
        ]
    }


@pytest.fixture
def server() -> Iterator[FakeModelServer]:
    """A language model's server that answers well until told otherwise."""
    server = FakeModelServer()
    server.script = [Say(drafted)]
    yield server
    server.close()


@pytest.fixture
def cache() -> AnswerCache:
    """An empty cache."""
    return AnswerCache()


def drafter(server: FakeModelServer, cache: AnswerCache, **limits: int) -> ExpressionDrafter:
    """A drafter that does not wait."""
    return ExpressionDrafter(LangchainChat(ModelOptions(server.url, "m")), cache, Limits(**limits), lambda _: None)


def test_every_element_gets_its_lines(server: FakeModelServer, cache: AnswerCache, mini: Standard) -> None:
    """A few elements a call, in the standard's order, with requirement and course; nothing dropped."""
    draft = drafter(server, cache).draft(mini)
    ids = [element.id for element in mini.elements]
    assert [len(request.items) for request in server.requests] == [5, 1]
    assert server.requests[0].items[1]["course"] == "果树栽培"
    assert [expression.element for expression in draft.expressions] == [id for id in ids for _ in LINES]
    assert draft.expressions[0] == Expression(ids[0], 2, "content", "讲 具有食品安全意识 的做法")
    assert (draft.dropped, draft.unserved, draft.stopped) == (0, (), "")


def test_draft_goes_on_where_it_stopped(server: FakeModelServer, cache: AnswerCache, mini: Standard) -> None:
    """At the bound it says so and keeps what it has; the next run asks for the rest only."""
    first = drafter(server, cache, calls=1).draft(mini)
    assert first.stopped == "已达到 1 次调用的上限"
    assert first.unserved == (mini.elements[5].id,)
    second = drafter(server, cache, calls=1).draft(mini)
    assert [len(request.items) for request in server.requests] == [5, 1]
    assert len(second.expressions) == 18
    assert second.stopped == ""


def test_server_error_in_the_middle_keeps_the_rest(
    server: FakeModelServer, cache: AnswerCache, mini: Standard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was answered before it is drafted."""
    monkeypatch.setattr(draft_expressions, "BATCH", 2)
    server.script = [Say(drafted), Say(status=503)]
    draft = drafter(server, cache).draft(mini)
    assert len(draft.expressions) == 6
    assert draft.stopped == "服务器出错（HTTP 503）"


@pytest.mark.parametrize("say", [Say(status=401), Say("好的"), Say('{"items": []}')], ids=["refused", "prose", "empty"])
def test_no_answer_at_all_is_an_error(server: FakeModelServer, cache: AnswerCache, mini: Standard, say: Say) -> None:
    """There is nothing to fall back on."""
    server.script = [say]
    with pytest.raises(LanguageModelError, match="没有给出表达") as caught:
        drafter(server, cache).draft(mini)
    assert "DUIBIAO_LLM_" in caught.value.advice


GOOD = {"grade": 2, "form": "content", "text": "冬季怎样剪枝"}


@pytest.mark.parametrize(
    "line",
    [
        None,
        "冬季怎样剪枝",
        GOOD | {"grade": 3},
        GOOD | {"grade": True},
        GOOD | {"grade": "2"},
        GOOD | {"form": "poem"},
        GOOD | {"form": ["content"]},
        GOOD | {"text": 7},
        GOOD | {"text": "剪"},
        GOOD | {"text": "剪" * 81},
        GOOD | {"text": "剪枝\x1b[31m红"},
        GOOD | {"text": "掌握果树修剪方法"},
        GOOD | {"text": "果树修剪方法"},
        GOOD | {"text": " 冬季怎样 整形 "},
    ],
)
def test_useless_lines_are_dropped(mini: Standard, line: object) -> None:
    """Another form, another length, control characters, the standard's own words, a repetition."""
    element = mini.elements[2]
    before = {"grade": 1, "form": "heading", "text": "冬季怎样 整形"}
    kept = list(usable([(element, before), (element, line), (element, GOOD)]))
    assert [expression.text for expression in kept] == ["冬季怎样 整形", "冬季怎样剪枝"]


def test_one_text_may_serve_two_elements(mini: Standard) -> None:
    """Once under each."""
    lines = [(element, GOOD) for element in mini.elements[2:4]]
    assert [expression.element for expression in usable(lines)] == [element.id for element, _ in lines]
