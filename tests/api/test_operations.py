"""Health, metrics and the log: what those who run the service see, and what they must not see."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from api.logs import configure, trace_of
from api.services import operations
from api.settings import ServiceSettings, Settings
from corpora import __version__
from tests.api.jobs.working import until
from tests.service import SAMPLES, make_client, make_settings

MARKER = "绝密标记七四一"


def measured(client: TestClient) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """All figures by name and labels."""
    answer = client.get("/metrics")
    assert answer.status_code == 200
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_alive_and_ready(settings: Settings) -> None:
    """On both databases: the service is up, and says what it has."""
    with make_client(settings) as client:
        assert client.get("/healthz").json() == {"status": "ok", "version": __version__}
        found = client.get("/health")
        kind = "postgresql" if settings.service.database else "sqlite"
        assert found.status_code == 200
        assert {**found.json(), "disk_free_bytes": 1} == {
            "status": "ok", "version": __version__, "database": kind, "database_ok": True, "jobs_ok": True,
            "disk_free_bytes": 1,
        }  # fmt: skip


@pytest.mark.postgres
def test_a_database_that_went_away_makes_unready(tmp_path: Path, postgres: Any) -> None:
    """A load balancer is told by 503; being alive is another matter."""
    import psycopg

    address = postgres.migrated()
    with make_client(make_settings(tmp_path, database=address)) as client:
        assert client.get("/health").status_code == 200
        name = address.rpartition("/")[2]
        with psycopg.connect(postgres.address("postgres"), autocommit=True) as connection:
            connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        found = client.get("/health")
        assert (found.status_code, found.json()["database_ok"], found.json()["status"]) == (503, False, "unready")
        assert client.get("/healthz").status_code == 200


def test_a_full_disk_makes_unready(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without room for an upload the service is not ready."""
    monkeypatch.setattr(operations, "LEAST_FREE", 1 << 62)
    assert client.get("/health").status_code == 503


def test_figures_tell_of_requests_and_jobs(tmp_path: Path) -> None:
    """Requests by route template, reports by state, seconds by stage, what is kept, the process."""
    with make_client(make_settings(tmp_path, workers=1)) as client:
        data = (SAMPLES / "网店运营_课程标准.docx").read_bytes()
        document = client.post("/api/v1/documents", files={"file": ("a.docx", data)}).json()["id"]
        report = client.post("/api/v1/reports", json={"document": document, "standard": "530701"})
        assert report.status_code in (200, 201, 202), report.text
        here = f"/api/v1/reports/{report.json()['id']}"
        until(lambda: client.get(here).json()["state"] == "done", "the report")
        found = measured(client)
    route = (("method", "POST"), ("route", "/api/v1/documents"), ("status", "201"))
    assert found["duibiao_requests_total", route] == 1
    assert found["duibiao_request_seconds_count", (("route", "/api/v1/reports/{report_id}"),)] >= 1
    assert found["duibiao_reports", (("state", "done"),)] == 1
    assert found["duibiao_reports", (("state", "queued"),)] == 0
    assert found["duibiao_queue_length", ()] == 0
    assert found["duibiao_documents", ()] == 1
    assert found["duibiao_blob_bytes", ()] > len(data)
    assert found["duibiao_disk_free_bytes", ()] > 0
    assert found["duibiao_result_seconds_count", ()] == 1
    assert found["duibiao_stage_runs_total", (("stage", "judge"),)] == 1
    assert found["duibiao_stage_seconds_total", (("stage", "judge"),)] > 0
    assert found["process_resident_memory_bytes", ()] > 0
    assert not any(document in str(key) for key in found)


def test_paths_that_nobody_serves_make_one_figure(client: TestClient) -> None:
    """Guessing addresses does not make the figures grow."""
    for n in range(5):
        client.get(f"/guess/{n}")
        client.request(f"GUESS{n}", "/")
    routes = {dict(labels)["route"] for name, labels in measured(client) if name == "duibiao_requests_total"}
    methods = {dict(labels)["method"] for name, labels in measured(client) if name == "duibiao_requests_total"}
    assert routes <= {"none", "/", "/metrics"}
    assert methods <= {"GET", "other"}


def test_figures_are_for_this_machine_and_those_who_run_the_service(tmp_path: Path) -> None:
    """Others, and those who come through a proxy, are told that there is nothing."""
    settings = make_settings(tmp_path, auth=True, hosts=("duibiao.example",))
    with make_client(settings) as client:
        assert client.get("/metrics").status_code == 200
        assert client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.5"}).status_code == 404
    with make_client(settings, address="203.0.113.5") as client:
        assert client.get("/metrics").status_code == 404
        assert client.get("/healthz").status_code == 200


@contextmanager
def logged(**settings: Any) -> Iterator[io.StringIO]:
    """What the service writes to its log, all of it."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    written, before = io.StringIO(), sys.stderr
    sys.stderr = written
    try:
        configure(ServiceSettings(log_level="debug", **settings))
        yield written
    finally:
        sys.stderr = before
        root.handlers[:], root.level = handlers, level


@pytest.mark.parametrize("form", ["text", "json"])
def test_the_log_holds_nothing_of_a_document(tmp_path: Path, form: str) -> None:
    """Neither text nor file name, of a document that is done or of one that fails, and no wrong password."""
    with logged(log_format=form) as written, make_client(make_settings(tmp_path, workers=1)) as client:
        text = f"# 课程标准\n\n能开设网店，{MARKER}。\n".encode()
        files = [("files", (f"{MARKER}.md", text)), ("files", (f"{MARKER}.docx", b"PK\x03\x04" + MARKER.encode()))]
        audit = client.post("/api/v1/audits", files=files, data={"name": MARKER})
        here = f"/api/v1/audits/{audit.raise_for_status().json()['id']}"
        until(lambda: client.get(here).json()["done"], "the batch")
        assert client.get(here).json()["counts"]["failed"] == 1
        client.get(f"/api/v1/search?text={MARKER}")
        client.get(f"/{MARKER}")
        client.post("/api/v1/documents", files={"file": (f"{MARKER}.exe", MARKER.encode())})
    lines = written.getvalue()
    assert "aligned in attempt 1" in lines
    assert "failed in attempt 1" in lines
    assert "/api/v1/audits" in lines
    assert MARKER not in lines
    assert MARKER not in lines.encode().decode("unicode_escape", errors="replace")
    if form == "json":
        assert all(isinstance(json.loads(line), dict) for line in lines.splitlines())


def test_an_exception_is_told_without_its_message() -> None:
    """Kind and place are there, and what led to it; what it says, and what its cause says, is not."""
    try:
        try:
            int(MARKER)
        except ValueError as error:
            raise RuntimeError(MARKER) from error
    except RuntimeError as error:
        with logged() as written:
            logging.getLogger("api.x").exception("fell")
            logging.getLogger("somebody.else").error("read %s", MARKER)
        told = trace_of(error)
    assert "builtins.ValueError" in told
    assert told.endswith("builtins.RuntimeError")
    assert MARKER not in told
    assert "fell" in written.getvalue()
    assert "somebody.else: line" in written.getvalue()
    assert MARKER not in written.getvalue()
