"""The load benchmark, small: a real service under real requests, and what is told of it."""

from __future__ import annotations

import json
import os
import threading
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from eval.bench import served
from eval.bench.callers import Caller, Readers, Tally, at_once
from eval.bench.load import LoadOptions, LoadResults, measure_load
from eval.bench.served import Served, ServiceDiedError


@pytest.fixture(scope="module")
def results() -> LoadResults:
    """A small load on a real service."""
    return measure_load(LoadOptions(uploads=3, readers=8, pause=0.2, seconds=1.5, longest=120))


@pytest.mark.slow
def test_nothing_fails_under_load(results: LoadResults) -> None:
    """Every upload is taken and worked on, every reader is answered in every phase."""
    assert results.errors == 0, results.to_text()
    assert (results.uploads.number, results.uploads.done) == (3, 3)
    assert [phase.name for phase in results.phases] == ["before", "busy", "after"]
    for phase in results.phases:
        assert phase.calls >= 8
        assert 0 < phase.p50 <= phase.p95 <= phase.p99
        assert phase.rate > 0


@pytest.mark.slow
def test_memory_of_the_service_is_bounded(results: LoadResults) -> None:
    """The main process parses nothing and holds no model's work: it stays small."""
    if not Path("/proc/self/status").exists():
        pytest.skip("系统没有 /proc，跳过")
    assert len(results.memory) >= 3
    assert 20 < max(results.memory) < 700


@pytest.mark.slow
def test_results_are_told(results: LoadResults) -> None:
    """The table names phases, ratios and memory; the JSON holds the same numbers."""
    text, data = results.to_text(), json.loads(json.dumps(results.to_json()))
    for word in ("空闲（之前）", "上传与处理中", "处理中与空闲相比", "主进程内存", "失败  0"):
        assert word in text
    assert data["errors"] == 0
    before, busy, after = data["phases"]
    assert data["ratios"]["p95"] == pytest.approx(busy["p95"] / ((before["p95"] + after["p95"]) / 2))


class Moody(BaseHTTPRequestHandler):
    """Answers what a path asks for."""

    protocol_version = "HTTP/1.1"
    seen: ClassVar[Counter[str]] = Counter()

    def do_GET(self) -> None:
        """200, a status, a closed connection after the answer, or none at all."""
        self.seen[self.path] += 1
        if self.path == "/silent":
            self.close_connection = True
            return
        number = self.path[1:].partition("?")[0]
        status = int(number) if number.isdigit() else 200
        self.send_response(status)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")
        self.close_connection = self.path == "/last"

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def moody() -> Iterator[int]:
    """The port of such a server."""
    Moody.seen.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Moody)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    thread.join()
    server.server_close()


def test_failures_are_counted_and_named(moody: int) -> None:
    """Statuses of errors and broken connections are failures; only answers count for the times."""
    tally = Tally()
    caller = Caller(moody, tally)
    assert [caller.get(path) for path in ("/200", "/500", "/404?x=1", "/200")] == [b"ok", b"", b"", b"ok"]
    assert caller.get("/silent") == b""
    caller.close()
    assert len(tally.seconds) == 2
    assert tally.failures == {"500 GET /500": 1, "404 GET /404": 1, "RemoteDisconnected": 1}


def test_a_connection_that_the_server_closed_is_opened_again(moody: int) -> None:
    """A server may close a connection that is kept; the next call is no failure, and is sent once."""
    tally = Tally()
    caller = Caller(moody, tally)
    assert [caller.get("/last"), caller.get("/200")] == [b"ok", b"ok"]
    caller.close()
    assert (tally.failures, Moody.seen["/200"]) == ({}, 1)


def test_nobody_there_is_a_failure() -> None:
    """A refused connection is counted, not raised."""
    tally = Tally()
    Caller(1, tally).get("/")
    assert sum(tally.failures.values()) == 1
    assert tally.percentile(0.95) == 0


def test_readers_read_until_they_are_stopped(moody: int) -> None:
    """All of them, all paths."""
    seen = threading.Event()
    with Readers(moody, ("/a", "/b"), number=4, pause=0.01) as readers:
        while len(readers.tally.seconds) < 40:
            seen.wait(0.01)
    assert set(Moody.seen) == {"/a", "/b"}
    assert sum(Moody.seen.values()) == len(readers.tally.seconds)


def test_percentiles_are_of_the_ranked_calls() -> None:
    """Nearest rank."""
    tally = Tally(seconds=[float(number) for number in range(100, 0, -1)])
    assert [tally.percentile(share) for share in (0, 0.5, 0.95, 0.99, 1)] == [1, 51, 96, 100, 100]


def test_acts_are_done_together() -> None:
    """Each waits for all others: done one after the other they would never end."""
    barrier, done = threading.Barrier(5, timeout=30), list[int]()
    at_once([lambda number=number: done.append(number + 0 * barrier.wait()) for number in range(5)])  # type: ignore[misc]
    assert sorted(done) == [0, 1, 2, 3, 4]


def test_a_service_that_does_not_start_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last line of its log is told; nothing is left running."""
    monkeypatch.setattr(served, "_ENTRY", "import sys; print('坏了', file=sys.stderr); sys.exit(3)")
    with pytest.raises(ServiceDiedError, match="坏了"), Served(tmp_path):
        raise AssertionError
    monkeypatch.setattr(served, "_ENTRY", "print('http://127.0.0.1:1', flush=True)")
    with Served(tmp_path) as service:
        service._process.wait(30)
        with pytest.raises(ServiceDiedError):
            service.check()


def test_settings_of_this_environment_do_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The service that is measured is one as it comes, whatever database is set here."""
    told = tmp_path / "told"
    shown = f"import json; open({str(told)!r}, 'w').write(json.dumps(dict(os.environ))); print('http://127.0.0.1:1')\n"
    monkeypatch.setattr(served, "_ENTRY", served._ENTRY.replace("from api.cli import main\nmain()\n", shown))
    monkeypatch.setenv("DUIBIAO_DATABASE", "postgresql://x")
    with Served(tmp_path):
        pass
    seen = {name: value for name, value in json.loads(told.read_text()).items() if name.startswith("DUIBIAO_")}
    assert seen == {"DUIBIAO_DATA": str(tmp_path / "data"), "DUIBIAO_UPLOADS_PER_MINUTE": "100000"}
    assert os.environ["DUIBIAO_DATABASE"] == "postgresql://x"
