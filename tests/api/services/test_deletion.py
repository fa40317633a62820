"""Deletion leaves nothing of a document, takes nothing from others, and stands whatever runs beside it."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text, update

from api.auth.principal import LOCAL, ForbiddenError, NotFoundError
from api.jobs.task import Outcome
from api.service import Service
from api.services import audits, completion, documents, reports
from api.services.paging import PageRequest
from api.services.retention import expire
from api.store.codec import StaleResultError
from api.store.models import Audit, Decision, Document, DocumentFile, LogEntry, Report, Result, ReviewEvent, now
from api.store.removal import sweep
from tests.service import People, made_outcome, note, work_off

MARKER = "青山隐隐水迢迢秋尽江南草未凋"


def test_who_deletes_what(service: Service, people: People) -> None:
    """Only the owner and admins; whoever may not know of a document hears that there is none."""
    document = documents.upload(service, people.teacher, [note("甲")])
    for principal, error in (
        (people.colleague, NotFoundError),
        (people.stranger, NotFoundError),
        (people.foreign_reviewer, NotFoundError),
        (people.reviewer, ForbiddenError),
        (people.auditor, ForbiddenError),
    ):
        with pytest.raises(error):
            documents.delete_document(service, principal, document.id)
    documents.delete_document(service, people.teacher, document.id)
    other = documents.upload(service, people.stranger, [note("甲")])
    documents.delete_document(service, people.admin, other.id)
    with pytest.raises(NotFoundError):
        documents.delete_document(service, people.admin, other.id)


def test_nothing_is_left_of_the_text(service: Service) -> None:
    """No file holds a word of the document afterwards; its decisions and steps are gone; others stay."""
    kept = documents.upload(service, LOCAL, [note("别的内容", "别的.md")])
    document = documents.upload(service, LOCAL, [note(MARKER)])
    report = reports.start(service, LOCAL, document.id, "530701")
    other = reports.start(service, LOCAL, kept.id, "530701")
    work_off(service)
    _decide(service, document, report)
    assert MARKER in reports.read_document(service, LOCAL, report.id).text
    assert MARKER in "".join(_texts(service.settings.data))

    documents.delete_document(service, LOCAL, document.id)

    tables = (Document, DocumentFile, Report, Decision, ReviewEvent, Result)
    with service.store.read() as session:
        counts = {table.__tablename__: session.scalar(select(func.count()).select_from(table)) for table in tables}
        told = session.scalars(select(LogEntry.action).where(LogEntry.object_id == document.id)).all()
    ones = dict.fromkeys(("documents", "document_files", "reports", "results"), 1)
    assert counts == ones | {"decisions": 0, "review_events": 0}
    assert sorted(told) == ["document.delete", "document.upload"]
    assert len(list(service.store.blobs.digests())) == 3
    assert MARKER not in "".join(_texts(service.settings.data))
    assert reports.open_report(service, LOCAL, other.id).report.document.name == "别的.md"
    with pytest.raises(NotFoundError):
        reports.find_report(service, LOCAL, report.id)


def _decide(service: Service, document: Document, report: Report) -> None:
    author = {"author_id": "local", "author_name": "本机用户"}
    target = {"target_kind": "element", "target_id": "C1.R1.e1", "target_text": "x", "proposed": {"grade": 0}}
    stated = {"quote": MARKER, "reason": MARKER}
    with service.store.begin() as session:
        decision = Decision(document_id=document.id, standard="530701", action="accept", grade=0, **target, **author)
        decision.quote, decision.reason = stated["quote"], stated["reason"]
        session.add(decision)
        session.add(ReviewEvent(report_id=report.id, from_state="draft", to_state="submitted", **author))


def _texts(folder: Path) -> Iterator[str]:
    """Every file of a folder as text, what is compressed unpacked."""
    for path in folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            head, _, body = data.partition(b"\n")
            yield (zlib.decompress(body) if head.startswith(b"duibiao ") else data).decode(errors="ignore")


def test_shared_bytes_stay_until_the_last_document_goes(service: Service) -> None:
    """Two documents of the same bytes share blob and result; deleting one leaves the other readable."""
    one = documents.upload(service, LOCAL, [note(MARKER)])
    two = documents.upload(service, LOCAL, [note(MARKER, "同样的.md")])
    reports.start(service, LOCAL, one.id, "530701")
    work_off(service)
    second = reports.start(service, LOCAL, two.id, "530701")
    assert second.state == "done"
    documents.delete_document(service, LOCAL, one.id)
    assert reports.open_report(service, LOCAL, second.id).report.document.name == "同样的.md"
    documents.delete_document(service, LOCAL, two.id)
    assert list(service.store.blobs.digests()) == []


def test_uploads_and_deletions_of_the_same_bytes_at_once(service: Service) -> None:
    """Whoever comes in between: each document that is there afterwards has its bytes."""

    def turn(_: int) -> None:
        document = documents.upload(service, LOCAL, [note(MARKER)])
        documents.delete_document(service, LOCAL, document.id)
        documents.upload(service, LOCAL, [note(MARKER)])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(turn, range(16)))
    found = documents.list_documents(service, LOCAL, PageRequest(200)).items
    assert len(found) == 16
    assert all(service.store.blobs.holds(document.files[0].sha256) for document in found)


def test_bytes_stay_when_the_deletion_fails(service: Service) -> None:
    """A deletion that the database undoes has taken nothing."""
    document = documents.upload(service, LOCAL, [note(MARKER)])
    author = LOCAL.id
    broken = replace(LOCAL, id=author, name=None)  # type: ignore[arg-type]  # its log entry cannot be written
    with pytest.raises(Exception, match=r"(?i)not.null|null value"):
        documents.delete_document(service, broken, document.id)
    assert service.store.blobs.holds(document.files[0].sha256)
    assert documents.find_document(service, LOCAL, document.id).id == document.id


def test_a_job_whose_report_is_gone_leaves_nothing(service: Service) -> None:
    """It ends after the deletion, and its result is thrown away with its bytes."""
    document = documents.upload(service, LOCAL, [note(MARKER)])
    report = reports.start(service, LOCAL, document.id, "530701")
    outcome = _outcome(service)
    documents.delete_document(service, LOCAL, document.id)
    assert not completion.complete(service.settings, service.store, report.id, 1, "key", outcome)
    assert list(service.store.blobs.digests()) == []


def test_a_job_whose_bytes_are_gone_is_told(service: Service) -> None:
    """The same document was deleted under another name, and its results with it: the job has to be done again."""
    document = documents.upload(service, LOCAL, [note(MARKER)])
    report = reports.start(service, LOCAL, document.id, "530701")
    outcome = _outcome(service)
    service.store.blobs.delete(outcome.document_blob)
    with pytest.raises(StaleResultError):
        completion.complete(service.settings, service.store, report.id, 1, "key", outcome)
    assert reports.find_report(service, LOCAL, report.id).state == "queued"


def _outcome(service: Service) -> Outcome:
    return made_outcome(service.store.blobs, MARKER)


def test_an_audit_takes_its_documents_with_it(service: Service) -> None:
    """But not one that has a report elsewhere."""
    audit = audits.create(
        service, LOCAL, name="批次", files=[note("甲", "1.md"), note("乙", "2.md")], standard="530701"
    )
    work_off(service)
    first, second = (report.document for report in audits.progress(service, LOCAL, audit.id).reports)
    again = reports.start(service, LOCAL, second.id, "530701")
    removed = audits.delete_audit(service, LOCAL, audit.id)
    assert (removed.documents, removed.reports) == (1, 2)
    with pytest.raises(NotFoundError):
        documents.find_document(service, LOCAL, first.id)
    assert reports.open_report(service, LOCAL, again.id).report.document.name == "2.md"
    assert len(list(service.store.blobs.digests())) == 3


def test_a_deleted_report_leaves_document_and_decisions(service: Service) -> None:
    """Only the report goes, with its steps and the result that nothing else uses."""
    document = documents.upload(service, LOCAL, [note("甲")])
    report = reports.start(service, LOCAL, document.id, "530701")
    work_off(service)
    _decide(service, document, report)
    reports.delete_report(service, LOCAL, report.id)
    assert list(service.store.blobs.digests()) == [document.files[0].sha256]
    with service.store.read() as session:
        assert session.scalar(select(func.count()).select_from(Decision)) == 1
        assert session.scalar(select(func.count()).select_from(ReviewEvent)) == 0


def _age(service: Service, days: int, *ids: str) -> None:
    with service.store.begin() as session:
        for table in (Document, Audit):
            then = now() - timedelta(days=days)
            session.execute(update(table).where(table.id.in_(ids)).values(created_at=then))


def test_documents_go_when_their_time_is_over(service: Service) -> None:
    """With all that belongs to them, and audits that are empty then; younger ones and the log stay."""
    audit = audits.create(service, LOCAL, name="旧", files=[note(MARKER, "1.md")], standard="530701")
    old = audits.progress(service, LOCAL, audit.id).reports[0].document
    young = documents.upload(service, LOCAL, [note("新")])
    work_off(service)
    _age(service, 31, old.id, audit.id)
    _age(service, 29, young.id)
    keeping = replace(service.settings, service=replace(service.settings.service, retention_days=30))
    removed = expire(keeping, service.store, service.jobs)
    assert (removed.documents, removed.reports) == (1, 1)
    assert [d.id for d in documents.list_documents(service, LOCAL, PageRequest()).items] == [young.id]
    assert audits.list_audits(service, LOCAL, PageRequest()).items == []
    assert list(service.store.blobs.digests()) == [young.files[0].sha256]
    with service.store.read() as session:
        assert session.scalar(text("SELECT count(*) FROM log_entries")) >= 2


def test_nothing_goes_without_the_setting(service: Service) -> None:
    """0 days keep documents for ever."""
    document = documents.upload(service, LOCAL, [note("甲")])
    _age(service, 9999, document.id)
    assert expire(service.settings, service.store, service.jobs).documents == 0
    assert documents.find_document(service, LOCAL, document.id).id == document.id


def test_remains_of_broken_jobs_are_swept(service: Service) -> None:
    """Bytes that no row names go after a day, not before: a job may be about to write its rows."""
    document = documents.upload(service, LOCAL, [note("甲")])
    lost = service.store.blobs.put(MARKER.encode())
    assert sweep(service.store) == 0
    for digest in service.store.blobs.digests():
        os.utime(service.store.blobs.path(digest), (1, 1))
    assert sweep(service.store) == 1
    assert not service.store.blobs.holds(lost)
    assert list(service.store.blobs.digests()) == [document.files[0].sha256]
