"""A service that works on jobs, for tests of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from api.auth.principal import LOCAL
from api.service import Service
from api.services import documents, reports
from api.services.documents import Incoming
from api.settings import Settings
from api.store.models import Report
from api.wiring import build_service

T = TypeVar("T")

#: Seconds after which what is waited for counts as missing; a slow machine needs some.
PATIENCE = 90.0
FINAL = ("done", "failed", "cancelled")


@contextmanager
def working(settings: Settings) -> Iterator[Service]:
    """A service that works on its jobs until the end of the ``with``."""
    service = build_service(settings)
    try:
        yield service
    finally:
        service.close()


def until(look: Callable[[], T], what: str = "", seconds: float = PATIENCE) -> T:
    """What ``look`` returns once it is true."""
    end = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < end, f"{what or look} did not come true"
        time.sleep(0.02)
    return found


def ask(service: Service, file: Incoming, kind: str = "auto") -> str:
    """Upload a document and ask for its report; the report's id."""
    document = documents.upload(service, LOCAL, [file], kind=kind)
    return reports.start(service, LOCAL, document.id, "530701").id


def row(service: Service, report_id: str) -> Report:
    """A report's row as it is now."""
    with service.store.read() as session:
        found = session.get(Report, report_id)
        assert found is not None
        return found


def ended(service: Service, report_id: str) -> Report:
    """A report's row once its job has ended."""
    until(lambda: row(service, report_id).state in FINAL, f"end of {report_id}")
    return row(service, report_id)
