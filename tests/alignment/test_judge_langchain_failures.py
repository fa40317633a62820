"""The judge with a language model: what stands when the server misbehaves or a bound is reached."""

from __future__ import annotations

import socket
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from alignment import judge_langchain
from alignment.judge_langchain import LangchainChat, retry_seconds
from alignment.language_model import Limits, ModelOptions
from alignment.model_answers import AnswerCache
from corpora.errors import LanguageModelError, MissingExtraError
from tests.fake_model_server import Say, verdicts
from tests.model_bench import GOOD, Bench, bench, first, same, server

__all__ = ["bench", "server"]


BROKEN = {
    "no JSON": Say("好的，以下是我的判断。"),
    "cut off": Say('{"verdicts": [{"n": 1, "gr'),
    "no message": Say(body=b'{"choices": [{"message": {"role": "assistant", "content": null}}]}'),
    "empty choices": Say(body=b'{"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": []}'),
    "another object": Say(body=b'{"detail": "ok"}'),
    "a list": Say(body=b"[]"),
    "a page": Say(body=b"<html>proxy</html>", headers={"content-type": "text/html"}),
    "half a body": Say(body=b'{"choices": [{"mess'),
    "nothing": Say(body=b""),
    "another form": Say('{"verdicts": "yes"}'),
    "another grade": Say(lambda _: {"verdicts": [{"n": 1, "grade": 3, "quote": "掌握果树修剪方法"}]}),
    "a bare list": Say("[1, 2, 3]"),
}


@pytest.mark.parametrize("say", BROKEN.values(), ids=BROKEN.keys())
def test_malformed_answer_is_asked_again_and_then_left(bench: Bench, say: Say) -> None:
    """As often as the limit says, without waiting; then the fitted verdicts stand and the notes say why."""
    found = bench.judge(say)
    assert same(found, bench.fitted)
    assert found.notes[1] == "4 项没有得到语言模型的回答（回答不合格式），按内置判定"
    assert (len(bench.server.requests), bench.slept) == (4, [])


def test_malformed_answer_once_costs_nothing_but_a_call(bench: Bench) -> None:
    """The second answer is taken."""
    found = bench.judge(Say("…"), GOOD)
    assert len(bench.server.requests) == 2
    assert found.notes == ("接近界限的 4 项要素交语言模型 small-model 复核，采纳 4 项回答",)


def test_partial_answer_is_taken_for_what_it_holds(bench: Bench) -> None:
    """Elements left out, answered twice or under a number of no element keep their fitted verdicts."""
    good = {"grade": 2, "quote": bench.passages.segments[0].text}
    entries = [{"n": 1, **good}, {"n": 2, **good}, {"n": 2, **good, "grade": 0}, {"n": 99, **good}, {"n": 0, **good}]
    found, before = bench.judge(Say(lambda _: {"verdicts": entries})), bench.fitted
    assert np.flatnonzero(found.p_touched != before.p_touched).tolist() == [0]
    assert found.notes[0].endswith("采纳 1 项回答")
    assert found.notes[1].startswith("3 项没有得到语言模型的回答")


def test_too_many_requests_waits_as_long_as_the_server_asks(bench: Bench) -> None:
    """429 with Retry-After: that many seconds, then again."""
    found = bench.judge(Say(status=429, headers={"retry-after": "7"}, body=b"{}"), GOOD)
    assert bench.slept == [7.0]
    assert found.notes[0].endswith("采纳 4 项回答")


def test_a_wait_that_is_too_long_ends_the_asking(bench: Bench) -> None:
    """An hour is not waited for."""
    found = bench.judge(Say(status=429, headers={"retry-after": "3600"}, body=b"{}"))
    assert (len(bench.server.requests), bench.slept) == (1, [])
    assert "请求太频繁（HTTP 429）" in found.notes[1]
    assert same(found, bench.fitted)


def test_server_errors_are_tried_again_with_growing_waits(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """1, 2, 4 seconds; after the last attempt no further batch is sent."""
    monkeypatch.setattr(judge_langchain, "BATCH", 2)
    found = bench.judge(Say(status=500, body=b'{"error": {"message": "<b>boom</b>"}}'))
    assert bench.slept == [1, 2, 4]
    assert len(bench.server.requests) == 4
    assert found.notes[1] == "4 项没有得到语言模型的回答（服务器出错（HTTP 500）），按内置判定"
    assert same(found, bench.fitted)


def test_slow_server_is_given_up(bench: Bench) -> None:
    """Each attempt ends after the time allowed."""
    bench.options, bench.limits = replace(bench.options, timeout=0.2), Limits(attempts=2)
    found = bench.judge(Say(late=True))
    assert bench.slept == [1]
    assert "0.2 秒内没有回答" in found.notes[1]
    assert same(found, bench.fitted)


def test_server_that_is_not_there(bench: Bench) -> None:
    """One attempt, no waiting, one note."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        bench.options = replace(bench.options, url=f"http://127.0.0.1:{free.getsockname()[1]}/v1")
        found = bench.judge(GOOD)
    assert bench.slept == []
    assert "连不上语言模型的服务器" in found.notes[1]
    assert same(found, bench.fitted)


@pytest.mark.parametrize(("status", "what"), [(401, "密钥不对"), (404, "没有这个地址或模型"), (400, "拒绝了请求")])
def test_refusal_is_not_tried_again(bench: Bench, status: int, what: str) -> None:
    """One call; neither the key nor the server's words reach the notes."""
    found = bench.judge(Say(status=status, body=b'{"error": {"message": "bad key-1234"}}'))
    assert (len(bench.server.requests), bench.slept) == (1, [])
    assert what in found.notes[1]
    assert "key-1234" not in "".join(found.notes) + repr(bench.options)


def test_bound_of_calls(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Repeated calls count; the least certain elements were asked about, the others keep their verdicts."""
    monkeypatch.setattr(judge_langchain, "BATCH", 1)
    bench.limits = Limits(calls=3)
    found = bench.judge(Say("…"), GOOD)
    assert len(bench.server.requests) == 3
    assert np.flatnonzero(found.p_touched != bench.fitted.p_touched).tolist() == [0, 5]
    assert found.notes[1] == "2 项没有得到语言模型的回答（已达到 3 次调用的上限），按内置判定"


def test_bound_of_tokens(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the server counts them; a call that might go beyond the bound is not made."""
    monkeypatch.setattr(judge_langchain, "BATCH", 1)
    bench.limits = Limits(tokens=9000)
    found = bench.judge(Say(verdicts(2, first), tokens=4400))
    assert len(bench.server.requests) == 2
    assert "2 项没有得到语言模型的回答（已达到 9000 个 token 的上限）" in found.notes[1]


def test_missing_library_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """One clear line."""
    monkeypatch.setitem(sys.modules, "langchain_openai", None)
    with pytest.raises(MissingExtraError, match="langchain-openai") as caught:
        LangchainChat(ModelOptions("http://localhost/v1", "m"))
    assert "duibiao[llm]" in caught.value.advice


def test_foreign_cache_file_is_named(tmp_path: Path) -> None:
    """A file that is no cache of answers, and a folder that cannot be made."""
    (tmp_path / "answers.sqlite").write_bytes(b"not a database, but long enough to be looked at" * 40)
    for path in (tmp_path / "answers.sqlite", tmp_path / "answers.sqlite" / "x"):
        with pytest.raises(LanguageModelError, match="缓存") as caught:
            AnswerCache(path).get("x")
        assert caught.value.where == str(path)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7),
        ("0.5", 0.5),
        ("-3", 0),
        ("Thu, 01 Jan 1970 00:01:40 GMT", 90),
        ("Thu, 01 Jan 1970 00:00:05 GMT", 0),
        ("", None),
        ("soon", None),
    ],
)
def test_retry_after(header: str, seconds: float | None) -> None:
    """Seconds or a date, never negative."""
    assert retry_seconds(header, now=10) == seconds
