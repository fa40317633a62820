"""Reports: started, found again at once, read, rendered, stopped, tried again."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import select

from api.auth.principal import LOCAL, ConflictError, ForbiddenError, NotFoundError
from api.rendering import FORMATS
from api.service import Service
from api.services import documents, reports
from api.services.completion import complete
from api.services.headline import headline
from api.services.paging import PageRequest
from api.services.reconcile import reconcile
from api.store.models import LogEntry, Result
from corpora.errors import UnknownStandardError, UsageError
from tests.api.services.conftest import STANDARD, Make, stored
from tests.service import People, incoming, made_outcome, note, work_off

#: Of a standard that only some of these tests import.
OTHER = "530999"


def test_a_report_is_queued_then_done(service: Service, make: Make) -> None:
    """Its row tells how it went; lists need nothing else."""
    report = make()
    assert (report.state, report.attempt, report.progress, report.headline) == ("queued", 1, 0.0, None)
    work_off(service)
    row = stored(service, report)
    assert (row.state, row.progress, row.stage, row.problem) == ("done", 1.0, "", None)
    assert row.finished_at is not None
    assert row.finished_at >= row.created_at
    opened = reports.open_report(service, LOCAL, report.id)
    assert row.headline == json.loads(json.dumps(headline(opened.report)))
    assert opened.report.document.name == "课程标准.md"
    assert reports.read_document(service, LOCAL, report.id).sha256 == row.document.files[0].sha256


def test_courses_count_once_and_in_any_order(service: Service) -> None:
    """The same courses named otherwise are the same question."""
    document = documents.upload(service, LOCAL, [note("甲")])
    reports.start(service, LOCAL, document.id, STANDARD, ["C5", "C6"])
    work_off(service)
    again = reports.start(service, LOCAL, document.id, STANDARD, ["C6", "C5", "C6"])
    assert (again.state, again.courses) == ("done", ["C5", "C6"])


def test_a_plan_of_several_files_tells_its_files(service: Service) -> None:
    """Names count in the key there, for the report tells each place by its file."""
    main, more = incoming("直播电商专业_人才培养方案.docx"), incoming("直播电商专业_教学进程表.xlsx", "more")
    document = documents.upload(service, LOCAL, [main, more])
    report = reports.start(service, LOCAL, document.id, STANDARD)
    work_off(service)
    opened = reports.open_report(service, LOCAL, report.id)
    assert opened.report.programme is not None
    assert [part.name for part in reports.read_document(service, LOCAL, report.id).parts][:1] == [main.name]
    shown = opened.row.headline
    assert shown is not None
    assert sum(shown["rules"].values()) == len(opened.report.rules)
    assert shown["failed"] == [rule.id for rule in opened.report.rules if rule.verdict == "fail"]
    renamed = documents.upload(service, LOCAL, [main, replace(more, name="进程表.xlsx")])
    assert reports.start(service, LOCAL, renamed.id, STANDARD).state == "queued"


@pytest.mark.parametrize(
    ("standard", "courses", "error", "what"),
    [
        ("999999", (), UnknownStandardError, "没有代码为“999999”"),
        ("../530701", (), UnknownStandardError, "没有代码为"),
        (STANDARD, ("C99",), UsageError, "没有核心课程 C99"),
        (STANDARD, ("Q01",), UsageError, "没有核心课程 Q01"),
    ],
)
def test_what_is_not_there_is_told_at_once(
    service: Service, standard: str, courses: tuple[str, ...], error: type[UsageError], what: str
) -> None:
    """Before a job is made of it."""
    document = documents.upload(service, LOCAL, [note("甲")])
    with pytest.raises(error, match=what):
        reports.start(service, LOCAL, document.id, standard, courses)
    assert reports.list_reports(service, LOCAL, PageRequest()).items == []


def test_who_may_what(service: Service, people: People, make: Make) -> None:
    """Starting, stopping, trying again and deleting are the owner's; seeing goes by role and department."""
    report = make(principal=people.teacher)
    changes = (reports.cancel, reports.retry, reports.delete_report)
    for principal in (people.colleague, people.stranger, people.foreign_reviewer):
        for act in (reports.find_report, reports.open_report, reports.read_document, *changes):
            with pytest.raises(NotFoundError):
                act(service, principal, report.id)
        with pytest.raises(NotFoundError):
            reports.start(service, principal, report.document_id, STANDARD)
        assert reports.list_reports(service, principal, PageRequest()).items == []
    for principal in (people.reviewer, people.auditor):
        assert reports.find_report(service, principal, report.id).id == report.id
        assert [r.id for r in reports.list_reports(service, principal, PageRequest()).items] == [report.id]
        for act in changes:
            with pytest.raises(ForbiddenError):
                act(service, principal, report.id)
        with pytest.raises(ForbiddenError):
            reports.start(service, principal, report.document_id, STANDARD)
    assert reports.cancel(service, people.admin, report.id).state == "cancelled"


def test_lists_are_filtered(service: Service, make: Make) -> None:
    """By document, state, review state, standard; page by page."""
    first, second = make("甲"), make("乙")
    work_off(service)
    third = make("丙")

    def found(**wanted: str) -> list[str]:
        page = reports.list_reports(service, LOCAL, PageRequest(), **wanted)  # type: ignore[arg-type]
        return [report.id for report in page.items]

    assert found() == [third.id, second.id, first.id]
    assert found(state="done") == [second.id, first.id]
    assert found(state="queued") == [third.id]
    assert found(document_id=first.document_id) == [first.id]
    assert found(review_state="approved") == []
    assert found(standard=OTHER) == []
    page = reports.list_reports(service, LOCAL, PageRequest(2))
    assert [r.id for r in page.items] == [third.id, second.id]
    assert [r.id for r in reports.list_reports(service, LOCAL, PageRequest(2, page.next)).items] == [first.id]


@pytest.mark.parametrize("format", [name for name in FORMATS if name != "pdf"])
def test_every_format_is_a_file_with_a_name(service: Service, make: Make, format: str) -> None:
    """Named after the document; the download is in the log."""
    report = make("甲", "网店运营.md")
    work_off(service)
    file = reports.render(service, LOCAL, report.id, format)
    assert file.filename == f"网店运营.report{FORMATS[format].suffix}"
    assert file.media_type == FORMATS[format].media_type
    assert len(file.data) > 500
    with service.store.read() as session:
        told = session.scalars(select(LogEntry).where(LogEntry.action == "report.download")).all()
    assert [(entry.object_id, entry.detail["format"]) for entry in told] == [(report.id, format)]


def test_an_unknown_format_is_told(service: Service, make: Make) -> None:
    """With those that there are."""
    with pytest.raises(UsageError, match="没有“ppt”这种格式"):
        reports.render(service, LOCAL, make().id, "ppt")


def test_what_is_not_done_cannot_be_read(service: Service, make: Make) -> None:
    """It says why, and what to do."""
    waiting = make()
    with pytest.raises(ConflictError, match="还没有完成"):
        reports.open_report(service, LOCAL, waiting.id)
    reports.cancel(service, LOCAL, waiting.id)
    with pytest.raises(ConflictError, match=r"已取消.*重新对照"):
        reports.read_document(service, LOCAL, waiting.id)


def test_a_document_that_cannot_be_read_fails_alone(service: Service, make: Make) -> None:
    """With its reason; the next one is done."""
    broken = documents.upload(service, LOCAL, [incoming("坏.docx", data=b"PK\x03\x04 broken")])
    report = reports.start(service, LOCAL, broken.id, STANDARD)
    other = make()
    work_off(service)
    row = stored(service, report)
    assert row.state == "failed"
    assert row.problem is not None
    assert row.problem["where"] == "坏.docx"
    assert row.problem["what"]
    assert row.problem["advice"]
    assert stored(service, other).state == "done"
    with pytest.raises(ConflictError, match="没有完成"):
        reports.open_report(service, LOCAL, report.id)


def test_cancelling(service: Service, make: Make) -> None:
    """A waiting job is stopped and does not run; one that has ended cannot be stopped."""
    report = make()
    assert reports.cancel(service, LOCAL, report.id).state == "cancelled"
    work_off(service)
    assert stored(service, report).state == "cancelled"
    with pytest.raises(ConflictError, match="已经结束"):
        reports.cancel(service, LOCAL, report.id)
    done = make("乙")
    work_off(service)
    with pytest.raises(ConflictError, match="已经结束"):
        reports.cancel(service, LOCAL, done.id)
    assert stored(service, done).state == "done"


def test_trying_again(service: Service, make: Make) -> None:
    """One attempt on; not while it waits; at once where the result is there."""
    report = make()
    with pytest.raises(ConflictError, match="还在处理"):
        reports.retry(service, LOCAL, report.id)
    reports.cancel(service, LOCAL, report.id)
    again = reports.retry(service, LOCAL, report.id)
    assert (again.state, again.attempt, again.finished_at) == ("queued", 2, None)
    work_off(service)
    assert stored(service, report).state == "done"
    third = reports.retry(service, LOCAL, report.id)
    assert (third.state, third.attempt) == ("done", 3)


def test_the_job_of_an_earlier_attempt_writes_nothing(service: Service, make: Make) -> None:
    """It may still be at work when the report is tried again."""
    report = make()
    reports.cancel(service, LOCAL, report.id)
    reports.retry(service, LOCAL, report.id)
    outcome = made_outcome(service.store.blobs, "甲")
    assert not complete(service.settings, service.store, report.id, 1, "key", outcome)
    assert (stored(service, report).state, stored(service, report).attempt) == ("queued", 2)


def test_many_start_the_same_at_once(service: Service) -> None:
    """Each gets a report; after the first job all of them are done with one result."""
    document = documents.upload(service, LOCAL, [note("甲")])
    with ThreadPoolExecutor(8) as pool:
        started = list(pool.map(lambda _: reports.start(service, LOCAL, document.id, STANDARD), range(8)))
    assert len({report.id for report in started}) == 8
    work_off(service)
    assert {stored(service, report).state for report in started} == {"done"}
    with service.store.read() as session:
        assert len(session.scalars(select(Result)).all()) == 1


def test_rows_without_a_job_get_one(service: Service, make: Make) -> None:
    """A service that was killed between the row and the job takes it up at the next start; once."""
    kept, lost = make("甲"), make("乙")
    service.jobs.forget([(lost.id, 1)])
    assert reconcile(service) == 1
    assert (stored(service, lost).attempt, stored(service, kept).attempt) == (2, 1)
    assert reconcile(service) == 0
    work_off(service)
    assert {stored(service, r).state for r in (kept, lost)} == {"done"}
    assert reconcile(service) == 0
