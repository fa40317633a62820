"""Lists over thousands of rows: a handful of queries whatever their length, and no wait."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256

import pytest
from sqlalchemy import event, insert, text

from api.auth.principal import Principal
from api.service import Service
from api.services import audits, documents, reports
from api.services.paging import PageRequest
from api.store.ids import new_id
from api.store.models import Audit, Document, DocumentFile, Report
from tests.service import People

DOCUMENTS = 5_000
AUDITS = 10


@pytest.fixture
def filled(service: Service, people: People) -> People:
    """Five thousand documents of two departments, each with a report in one of ten audits."""
    shown = {"title": "x", "grades": {f"C1.R{n}.e1": n % 3 for n in range(250)}}
    owners = ((people.teacher.id, people.department), (people.stranger.id, people.elsewhere))
    batches = [(new_id(), *owners[n % 2]) for n in range(AUDITS)]
    rows: list[tuple[str, str, str, str]] = []
    for number in range(DOCUMENTS):
        audit, owner, department = batches[number % AUDITS]
        rows.append((new_id(), owner, department, audit))
    with service.store.begin() as session:
        session.execute(
            insert(Audit),
            [
                {"id": a, "name": a, "standard": "530701", "owner_id": o, "department_id": d, "problems": []}
                for a, o, d in batches
            ],
        )
        session.execute(
            insert(Document),
            [
                {"id": i, "name": f"文档 {i}", "sha256": digest(i), "size": 1, "owner_id": o, "department_id": d}
                for i, o, d, _ in rows
            ],
        )
        session.execute(
            insert(DocumentFile),
            [
                {"document_id": i, "position": 0, "role": "main", "name": i, "sha256": digest(i), "size": 1}
                for i, *_ in rows
            ],
        )
        session.execute(
            insert(Report),
            [
                {"document_id": i, "audit_id": a, "standard": "530701", "state": "failed", "headline": shown}
                for i, _, _, a in rows
            ],
        )
    if service.store.dialect == "postgresql":
        with service.store.begin() as session:
            session.execute(text("ANALYZE"))
    return people


def digest(name: str) -> str:
    """What stands for the digest of a file that is not there."""
    return sha256(name.encode()).hexdigest()


@contextmanager
def counted(service: Service) -> Iterator[list[str]]:
    """The queries of what happens inside."""
    queries: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:  # type: ignore[no-untyped-def]
        if statement.startswith("SELECT"):
            queries.append(statement)

    event.listen(service.store.engine, "before_cursor_execute", note)
    try:
        yield queries
    finally:
        event.remove(service.store.engine, "before_cursor_execute", note)


def test_long_lists(service: Service, filled: People) -> None:
    """Pages of each list, for each who may see many: at most three queries and, at leisure, a tenth of a second."""
    lists: dict[str, Callable[[Principal, PageRequest], object]] = {
        "documents": lambda who, page: documents.list_documents(service, who, page),
        "searched": lambda who, page: documents.list_documents(service, who, page, text="文档"),
        "reports": lambda who, page: reports.list_reports(service, who, page),
        "failed": lambda who, page: reports.list_reports(service, who, page, state="failed"),
        "none": lambda who, page: reports.list_reports(service, who, page, state="done"),
        "audits": lambda who, page: audits.list_progress(service, who, page),
    }
    for principal in (filled.admin, filled.teacher, filled.reviewer, filled.colleague):
        for name, ask in lists.items():
            for page in (PageRequest(50), PageRequest(200)):
                with counted(service) as queries:
                    began = time.perf_counter()
                    ask(principal, page)
                    seconds = time.perf_counter() - began
                assert len(queries) <= 3, (name, queries)
                assert seconds < 2, (name, principal.login, page)  # a loaded machine is no failure, a scan per row is


def test_all_pages_hold_every_row_once(service: Service, filled: People) -> None:
    """A reviewer who turns all pages sees the department's half, in order."""
    found: list[str] = []
    page = PageRequest(200)
    while True:
        part = documents.list_documents(service, filled.reviewer, page)
        found += [document.id for document in part.items]
        if not part.next:
            break
        page = PageRequest(200, part.next)
    assert len(found) == len(set(found)) == DOCUMENTS // 2
    assert found == sorted(found, reverse=True)


def test_a_large_audit_is_one_look(service: Service, filled: People) -> None:
    """Its five hundred reports come with three queries."""
    audit = audits.list_audits(service, filled.admin, PageRequest(1)).items[0]
    with counted(service) as queries:
        found = audits.progress(service, filled.admin, audit.id)
    assert len(found.reports) == DOCUMENTS // AUDITS
    assert len(queries) <= 3
    with counted(service) as queries:
        audits.delete_audit(service, filled.admin, audit.id)
    assert len(queries) <= 20
