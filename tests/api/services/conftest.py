"""Reports of short syllabuses for the tests of the services."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from api.auth.principal import LOCAL, Principal
from api.service import Service
from api.services import documents, reports
from api.store.models import Report
from tests.service import note

STANDARD = "530701"
Make = Callable[..., Report]


@pytest.fixture
def make(service: Service) -> Make:
    """Starts a report of a short syllabus: ``make(text, name, principal=..., **options of start)``."""

    def make(text: str = "甲", name: str = "课程标准.md", principal: Principal = LOCAL, **options: object) -> Report:
        document = documents.upload(service, principal, [note(text, name)])
        return reports.start(service, principal, document.id, STANDARD, **options)  # type: ignore[arg-type]

    return make


def stored(service: Service, report: Report) -> Report:
    """The report's row as it is now."""
    return reports.find_report(service, LOCAL, report.id)
