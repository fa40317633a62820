"""``duibiao serve`` and ``duibiao worker`` as they are started, asked and ended."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest

from api.cli.serving import _listen
from tests.api.jobs.programs import all_gone, started
from tests.api.jobs.working import until

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Settings with a data folder of the test's own."""
    return {"DUIBIAO_DATA": str(tmp_path / "data")}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_service_ends_when_asked(environment: dict[str, str], tmp_path: Path, number: int) -> None:
    """Exit code 0, no traceback, no process left."""
    log = tmp_path / "log"
    with started(["serve", "--port", "0"], environment, log) as program:
        assert httpx2.get(f"{program.address}/healthz").json()["status"] == "ok"
        children = until(program.children)
        assert program.end(number) == 0
        all_gone(children)
    assert "Traceback" not in log.read_text(encoding="utf-8")
    assert "trace=" not in log.read_text(encoding="utf-8")


def test_streams_of_events_end_with_the_service(environment: dict[str, str], tmp_path: Path) -> None:
    """Somebody who follows a batch does not keep the service from ending."""
    with started(["serve", "--port", "0"], {**environment, "DUIBIAO_JOB_SECONDS": "600"}, tmp_path / "log") as program:
        with httpx2.Client(base_url=program.address, timeout=60) as http:
            files = [
                ("files", (f"{n}.md", f"# 课程标准{n}\n\n能开设网店，掌握第{n}种方法。\n".encode())) for n in range(10)
            ]
            audit = http.post("/api/v1/audits", files=files).raise_for_status().json()["id"]
            with http.stream("GET", f"/api/v1/audits/{audit}/events") as stream:
                lines = stream.iter_lines()
                assert next(line for line in lines if line.startswith("event:"))
                program._process.send_signal(signal.SIGTERM)
                assert all(isinstance(line, str) for line in lines)  # the stream comes to its end
        assert program._process.wait(20) == 0
    with started(["serve", "--port", "0"], environment, tmp_path / "log") as program:
        here = f"{program.address}/api/v1/audits/{audit}"
        until(lambda: httpx2.get(here, timeout=60).json()["done"], "the batch", 200)
        assert httpx2.get(here, timeout=60).json()["counts"]["done"] == 10


def test_a_worker_does_what_the_page_takes(environment: dict[str, str], tmp_path: Path) -> None:
    """The page without a worker only takes documents; a worker of its own works on them, and ends when asked."""
    log = tmp_path / "log"
    with started(["serve", "--no-worker", "--port", "0"], environment, log) as page:
        assert page.children() == []
        http = httpx2.Client(base_url=page.address, timeout=60)
        audit = http.post("/api/v1/audits", files=[("files", ("a.md", "# 课程标准\n\n能开设网店。".encode()))]).json()[
            "id"
        ]
        assert http.get(f"/api/v1/audits/{audit}").json()["counts"]["queued"] == 1
        assert http.get("/health").json()["jobs_ok"]
        with started(["worker"], environment, log) as worker:
            assert worker.greeting.startswith("开始处理")
            until(lambda: http.get(f"/api/v1/audits/{audit}").json()["counts"]["done"] == 1, "the report")
            assert worker.end() == 0
        http.close()
        assert page.end() == 0


def test_a_second_worker_of_the_same_name_is_refused(environment: dict[str, str], tmp_path: Path, duibiao: Run) -> None:
    """One line says that the name is taken and how to get another."""
    with started(["serve", "--port", "0"], environment, tmp_path / "log"):
        done = duibiao("serve", "--port", "0", environment=environment)
        assert (done.returncode, done.stdout) == (2, b"")
        assert "DUIBIAO_WORKER_NAME" in done.stderr.decode()
        assert "已在运行" in done.stderr.decode()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "example.org"])
def test_without_accounts_only_this_machine_is_served(duibiao: Run, host: str) -> None:
    """An address that others can reach needs --auth; the message says so."""
    done = duibiao("serve", "--host", host, "--port", "0")
    assert (done.returncode, done.stdout) == (2, b"")
    assert "--auth" in done.stderr.decode()


def test_with_accounts_others_are_served(environment: dict[str, str], tmp_path: Path) -> None:
    """With --auth any address will do, and nobody is let in without signing in."""
    with started(["serve", "--auth", "--host", "0.0.0.0", "--port", "0"], environment, tmp_path / "log") as program:
        port = program.address.rpartition(":")[2]
        assert httpx2.get(f"http://127.0.0.1:{port}/api/v1/reports").status_code == 401
        assert program.end() == 0


def test_a_taken_port_leaves_the_data_alone(duibiao: Run, tmp_path: Path) -> None:
    """The port is tried before anything is opened."""
    data = tmp_path / "data"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = duibiao("serve", "--port", port, environment={"DUIBIAO_DATA": str(data)})
    assert done.returncode == 2
    assert not data.exists()


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_a_database_that_cannot_be_used_is_one_line(duibiao: Run, command: str) -> None:
    """A wrong address of the database is told with its setting; no traceback."""
    done = duibiao(command, environment={"DUIBIAO_DATABASE": "mysql://nowhere/x"})
    assert (done.returncode, done.stdout) == (2, b"")
    assert "DUIBIAO_DATABASE" in done.stderr.decode()


def test_the_log_is_json_where_wanted(environment: dict[str, str], tmp_path: Path) -> None:
    """One object a line, with the request's id, route, status and duration."""
    log = tmp_path / "log"
    settings = {**environment, "DUIBIAO_LOG_FORMAT": "json"}
    with started(["serve", "--no-worker", "--port", "0"], settings, log) as program:
        answer = httpx2.get(
            f"{program.address}/api/v1/reports/x?text=secret", headers={"X-Request-ID": "from-outside-1"}
        )
        assert answer.headers["X-Request-ID"] == "from-outside-1"
        assert program.end() == 0
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    line = next(line for line in lines if line["event"] == "request")
    assert (line["route"], line["status"], line["method"]) == ("/api/v1/reports/{report_id}", 404, "GET")
    assert (line["request"], line["user"]) == ("from-outside-1", "local")
    assert line["ms"] > 0
    assert "secret" not in log.read_text(encoding="utf-8")


def test_answers_in_two_parts_are_not_held_back() -> None:
    """Accepted connections send at once (TCP_NODELAY); else the second part waits 40 ms for the first one's receipt."""
    with _listen("127.0.0.1", 0) as listening, socket.create_connection(listening.getsockname()):
        accepted, _ = listening.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
