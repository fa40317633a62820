"""The API over a running service: SQLite in a folder of its own, jobs worked on by a real child process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import ServiceSettings, Settings

SAMPLE = "社群运营_教学大纲.pdf"
V1 = "/api/v1"


@contextmanager
def serving(folder: Path, workers: int = 0, **service: Any) -> Iterator[TestClient]:
    """A client of an application of its own; without workers jobs stay in the queue."""
    settings = Settings(data=folder, service=replace(ServiceSettings(), workers=workers, **service))
    app = create_app(settings)
    address = {"base_url": "http://localhost", "client": ("127.0.0.1", 50000)}
    with TestClient(app, raise_server_exceptions=False, **address) as client:  # type: ignore[arg-type]
        yield client


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A service whose jobs are worked on."""
    with serving(tmp_path_factory.mktemp("data"), workers=1) as client:
        yield client


@pytest.fixture(scope="module")
def idle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A service that keeps documents and jobs and works on none."""
    with serving(tmp_path_factory.mktemp("idle")) as client:
        yield client


@pytest.fixture(scope="session")
def sample(samples: Path) -> bytes:
    """A syllabus."""
    return (samples / SAMPLE).read_bytes()


@pytest.fixture(scope="session")
def send() -> Callable[..., Any]:
    """Upload a document: ``send(client, data, name, **fields)``."""

    def send(client: TestClient, data: bytes, name: str = SAMPLE, headers: dict[str, str] | None = None, **fields: str):  # type: ignore[no-untyped-def]
        return client.post(f"{V1}/documents", files={"file": (name, data)}, data=fields, headers=headers)

    return send


@pytest.fixture(scope="session")
def finished(send: Callable[..., Any]) -> Callable[..., dict[str, Any]]:
    """Upload a document and wait for its report: ``finished(client, data, name, **report)``."""

    def finished(client: TestClient, data: bytes, name: str = SAMPLE, **report: Any) -> dict[str, Any]:
        document = send(client, data, name).json()["id"]
        answer = client.post(f"{V1}/reports", json={"document": document, **report}, headers={"Prefer": "wait=60"})
        assert answer.json()["state"] == "done", answer.text
        body: dict[str, Any] = answer.json()
        return body

    return finished
