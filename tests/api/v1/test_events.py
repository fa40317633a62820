"""Events over real connections: what changes is told once, and the stream ends when it should."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import httpx2
import pytest
import uvicorn
from fastapi import FastAPI, Request
from fastapi.sse import ServerSentEvent

from api.app import create_app
from api.auth.principal import NotFoundError
from api.http import events
from api.settings import ServiceSettings, Settings
from tests.api.v1.conftest import V1
from tests.service import work_off

_PATIENCE = 30.0


class Live:
    """A server on a free loopback port whose jobs wait until they are worked off."""

    def __init__(self, folder: Path) -> None:
        self.app = create_app(Settings(data=folder, service=ServiceSettings(workers=0)))
        self.server = uvicorn.Server(uvicorn.Config(self.app, port=0, log_level="error", timeout_graceful_shutdown=20))
        self.thread = threading.Thread(target=self.server.run)
        self.thread.start()
        until(lambda: self.server.started)
        port = self.server.servers[0].sockets[0].getsockname()[1]
        self.client = httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=_PATIENCE)

    def close(self) -> None:
        """End the server as its command line does."""
        self.client.close()
        events.stop_events(self.app)
        self.server.should_exit = True
        self.thread.join(_PATIENCE)
        assert not self.thread.is_alive()

    def report(self, text: bytes = b"text") -> dict[str, Any]:
        """A report in the queue."""
        document = self.client.post(f"{V1}/documents", files={"file": ("a.txt", text)}).json()["id"]
        made: dict[str, Any] = self.client.post(f"{V1}/reports", json={"document": document}).json()
        return made

    def follow(self, address: str, **headers: str) -> Iterator[dict[str, Any]]:
        """The events of a stream as they come, until it ends."""
        with self.client.stream("GET", f"{address}/events", headers=headers) as answer:
            assert answer.status_code == 200
            assert answer.headers["content-type"].startswith("text/event-stream")
            assert answer.headers["cache-control"] == "no-cache"
            found: dict[str, Any] = {}
            for line in answer.iter_lines():
                name, _, value = line.partition(": ")
                if line:
                    found[name or "comment"] = json.loads(value) if name == "data" else value
                elif found:
                    yield found
                    found = {}


def until(true: Callable[[], bool]) -> None:
    """Wait for something that happens in another thread."""
    end = time.monotonic() + _PATIENCE
    while not true():
        assert time.monotonic() < end
        threading.Event().wait(0.01)


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    """A running server."""
    running = Live(tmp_path)
    yield running
    running.close()


def test_a_job_is_followed_to_its_end(live: Live) -> None:
    """First where it stands, then what changes, and with the last state the stream ends."""
    report = live.report()
    stream = live.follow(report["links"]["self"])
    first = next(stream)
    assert first["event"] == "progress"
    assert first["data"] == {
        "report": report["id"],
        "document": "a.txt",
        "state": "queued",
        "stage": "",
        "progress": 0.0,
        "problem": None,
    }
    live.client.post(f"{report['links']['self']}/cancel")
    rest = [event for event in stream if event.get("event") == "progress"]
    assert [event["data"]["state"] for event in rest] == ["cancelled"]


def test_a_failed_job_tells_why(live: Live) -> None:
    """The last event holds the problem."""
    report = live.report(b"%PDF-1.7 broken")
    stream = live.follow(report["links"]["self"])
    next(stream)
    work_off(live.app.state.service)
    last = [event for event in stream if event.get("event") == "progress"][-1]
    assert last["data"]["state"] == "failed"
    assert last["data"]["problem"]["what"]


def test_who_knows_the_end_is_not_told_again(live: Live) -> None:
    """A reader that comes back with the last event's id gets 204, which tells browsers to stay away."""
    here = live.report()["links"]["self"]
    live.client.post(f"{here}/cancel")
    last = list(live.follow(here))[-1]
    answer = live.client.get(f"{here}/events", headers={"Last-Event-ID": last["id"]})
    assert (answer.status_code, answer.content) == (204, b"")
    for tolerated in ("something else", ""):
        assert len(list(live.follow(here, **{"Last-Event-ID": tolerated}))) == 1


def test_a_retry_is_news(live: Live) -> None:
    """After the end of one attempt the next is followed again."""
    here = live.report()["links"]["self"]
    live.client.post(f"{here}/cancel")
    last = list(live.follow(here))[-1]
    live.client.post(f"{here}/retry")
    stream = live.follow(here, **{"Last-Event-ID": last["id"]})
    assert next(stream)["data"]["state"] == "queued"
    live.client.post(f"{here}/cancel")
    assert [event["data"]["state"] for event in stream] == ["cancelled"]


def test_a_stream_ends_with_what_it_tells_of(live: Live) -> None:
    """When the report is deleted there is nothing more to say."""
    here = live.report()["links"]["self"]
    stream = live.follow(here)
    next(stream)
    assert live.client.delete(here).status_code == 204
    assert list(stream) == []
    assert live.client.get(f"{here}/events").status_code == 404


def test_streams_end_when_the_service_does(tmp_path: Path) -> None:
    """A reader of a job that is never done does not hold up the end of the server."""
    live = Live(tmp_path)
    stream = live.follow(live.report()["links"]["self"])
    next(stream)
    begun = time.monotonic()
    live.close()
    assert time.monotonic() - begun < 10


def test_silence_is_filled(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    """While nothing changes, comments keep the connection open."""
    monkeypatch.setattr("fastapi.routing._PING_INTERVAL", 0.05)
    here = live.report()["links"]["self"]
    stream = live.follow(here)
    next(stream)
    assert next(stream) == {"comment": "ping"}
    live.client.post(f"{here}/cancel")
    assert [event for event in stream if "event" in event][-1]["data"]["state"] == "cancelled"


def test_a_batch_is_followed_as_a_whole(live: Live) -> None:
    """Each of its reports, and the numbers of all; what has not changed is not told again."""
    files = [("files", (f"{n}.txt", f"用户画像 {n}".encode())) for n in range(3)]
    audit = live.client.post(f"{V1}/audits", files=files).json()
    stream = live.follow(audit["links"]["self"])
    first = [next(stream) for _ in range(4)]
    assert [event["event"] for event in first] == ["progress"] * 3 + ["counts"]
    assert {event["data"]["document"] for event in first[:3]} == {"0.txt", "1.txt", "2.txt"}
    assert first[3]["data"]["counts"]["queued"] == 3
    one = first[0]["data"]["report"]
    live.client.post(f"{V1}/reports/{one}/cancel")
    changed = [next(stream) for _ in range(2)]
    assert [event["data"].get("state") for event in changed] == ["cancelled", None]
    assert changed[1]["data"]["counts"]["cancelled"] == 1
    live.client.post(f"{audit['links']['self']}/cancel")
    rest = list(stream)
    assert [event["event"] for event in rest] == ["progress", "progress", "counts"]
    assert rest[-1]["data"]["done"]
    answer = live.client.get(f"{audit['links']['self']}/events", headers={"Last-Event-ID": rest[-1]["id"]})
    assert answer.status_code == 204


def request_of(app: FastAPI, messages: list[dict[str, Any]]) -> Request:
    """A request whose connection says these messages and then nothing more."""

    async def receive() -> dict[str, Any]:
        if messages:
            return messages.pop(0)
        await asyncio.Event().wait()
        raise AssertionError

    return Request({"type": "http", "method": "GET", "path": "/", "headers": [], "app": app}, receive)


async def told(request: Request, read: Callable[[], int], **options: Any) -> list[str | None]:
    """The data of all events."""

    def told_of(state: int) -> list[ServerSentEvent]:
        return [ServerSentEvent(data=str(state))]

    return [event.data async for event in events.follow(request, read, told_of, lambda _: False, **options)]


def test_nobody_is_read_for_who_has_gone() -> None:
    """When the reader has left, the store is not asked."""
    reads = count()
    request = request_of(FastAPI(), [{"type": "http.disconnect"}])
    assert asyncio.run(told(request, lambda: next(reads))) == []
    assert next(reads) == 0


def test_a_reader_comes_anew_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stream does not outlive what was checked at its beginning for ever."""
    monkeypatch.setattr(events, "LONGEST", 1.0)
    reads = count()
    found = asyncio.run(told(request_of(FastAPI(), []), lambda: next(reads), every=0.02))
    assert found[:2] == ["0", "1"]
    assert len(found) <= 51


def test_waiting_for_what_vanishes_is_an_error() -> None:
    """``settled`` does not hide that the thing is gone."""

    def gone() -> int:
        raise NotFoundError()

    with pytest.raises(NotFoundError):
        asyncio.run(events.settled(gone, lambda _: True, 1))
