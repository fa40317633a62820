"""Reports: started, found again at once, read, rendered, stopped, tried again."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from api.auth.principal import LOCAL, ConflictError, ForbiddenError, NotFoundError, Principal
from api.rendering import FORMATS
from api.service import Service
from api.services import documents, reports
from api.services.completion import complete
from api.services.headline import headline
from api.services.paging import PageRequest
from api.services.reconcile import reconcile
from api.store.codec import StaleResultError
from api.store.models import Decision, LogEntry, Report, Result
from api.store.results import KeyFile, basis_of, result_key
from corpora.errors import UnknownStandardError, UsageError
from corpora.standard_json import load_standard, save_standard
from tests.service import People, incoming, made_outcome, note, work_off

STANDARD = "530701"
#: Of a standard that only some of these tests import.
OTHER = "530999"
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


def test_the_same_again_is_done_at_once(service: Service, make: Make) -> None:
    """Same bytes, standard and options under another name: no job, one result, the document's own name and title."""
    first = make("甲", "一.md")
    work_off(service)
    second = make("甲", "二.md")
    assert second.state == "done"
    assert second.finished_at is not None
    assert second.headline is not None
    one, two = (reports.open_report(service, LOCAL, r.id) for r in (first, second))
    assert (one.report.document.name, two.report.document.name) == ("一.md", "二.md")
    assert one.row.result_key == two.row.result_key
    assert replace(two.report, document=one.report.document) == one.report
    assert reports.read_document(service, LOCAL, second.id).name == "二.md"
    with service.store.read() as session:
        assert len(session.scalars(select(Result)).all()) == 1


def test_a_title_is_kept_and_a_name_is_ones_own(service: Service) -> None:
    """A document without a title is called by its file; the same bytes under another name are another report."""
    untitled = "店铺装修与商品上架，网店推广与客户服务，数据分析与运营优化，直播营销与活动策划。\n" * 3

    def start(name: str, text: str) -> Report:
        document = documents.upload(service, LOCAL, [incoming(name, data=text.encode())])
        return reports.start(service, LOCAL, document.id, STANDARD)

    for name, text, state, title in (
        ("甲.txt", untitled, "queued", "甲"),
        ("甲.txt", untitled, "done", "甲"),
        ("网店运营教材.txt", untitled, "queued", "网店运营教材"),
        ("丙.md", note("甲").data.decode(), "queued", "网店运营课程标准"),
        ("丁.md", note("甲").data.decode(), "done", "网店运营课程标准"),
        ("丁.txt", note("甲").data.decode(), "queued", "网店运营课程标准"),
    ):
        report = start(name, text)
        assert report.state == state, name
        work_off(service)
        row = stored(service, report)
        assert row.headline is not None
        assert row.headline["title"] == title
        assert row.headline["kind"] == ("textbook" if "教材" in name else "syllabus")


def test_other_options_are_another_result(service: Service) -> None:
    """Courses, kind and standard each make a new job."""
    save_standard(replace(load_standard(STANDARD), code=OTHER), service.settings.standards)
    document = documents.upload(service, LOCAL, [note("甲")])
    other = documents.upload(service, LOCAL, [note("甲")], kind="textbook")
    reports.start(service, LOCAL, document.id, STANDARD)
    work_off(service)
    assert reports.start(service, LOCAL, document.id, STANDARD, ["C5"]).state == "queued"
    assert reports.start(service, LOCAL, document.id, OTHER).state == "queued"
    assert reports.start(service, LOCAL, other.id, STANDARD).state == "queued"
    assert reports.start(service, LOCAL, document.id, STANDARD).state == "done"


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


def test_a_standard_imported_anew_asks_for_a_new_result(service: Service, make: Make) -> None:
    """The old report can still be read, with the standard as it was then; a new one is made, and so is the old one's
    next attempt, whose first result is then gone."""
    report = make()
    work_off(service)
    old = load_standard(STANDARD)
    first, *others = old.statements
    changed = replace(old, name="电子商务（修订）", statements=(replace(first, text=first.text + "。"), *others))
    save_standard(changed, service.settings.standards)
    assert make().state == "queued"
    assert reports.open_report(service, LOCAL, report.id).report.standard == old
    assert reports.render(service, LOCAL, report.id, "json").data
    blob = _result(service, report).report_blob
    assert reports.retry(service, LOCAL, report.id).state == "queued"
    assert not service.store.blobs.holds(blob)
    work_off(service)
    assert reports.open_report(service, LOCAL, report.id).report.standard.name == "电子商务（修订）"


def _result(service: Service, report: Report) -> Result:
    with service.store.read() as session:
        return session.get_one(Result, stored(service, report).result_key)


@pytest.mark.parametrize("damage", ["gone", "damaged", "older"])
def test_a_stored_result_that_cannot_be_read_is_made_again(service: Service, make: Make, damage: str) -> None:
    """Reading says so with advice; starting the same again makes a job, and both reports are readable then."""
    report = make()
    work_off(service)
    blob = _result(service, report).report_blob
    path = service.store.blobs.path(blob)
    data = path.read_bytes()
    service.store.recent.drop(blob)
    if damage == "gone":
        path.unlink()
    elif damage == "damaged":
        path.write_bytes(data[:-5])
    else:
        _replace_result(service, report, data.replace(b"duibiao report 1", b"duibiao report 0", 1))
    for read in (reports.open_report, reports.render):
        with pytest.raises(StaleResultError, match="重新对照"):
            read(service, LOCAL, report.id, *(["json"] if read is reports.render else []))
    again = reports.retry(service, LOCAL, report.id)
    assert again.state == "queued"
    work_off(service)
    assert reports.open_report(service, LOCAL, report.id).report.matches


def _replace_result(service: Service, report: Report, data: bytes) -> None:
    blob = service.store.blobs.put(data)
    with service.store.begin() as session:
        session.get_one(Result, report.result_key or stored(service, report).result_key).report_blob = blob


def test_decisions_are_in_what_is_read(service: Service, make: Make) -> None:
    """In the opened report and its headline; also of a report that is started later, and done at once."""
    report = make()
    work_off(service)
    before = reports.open_report(service, LOCAL, report.id)
    missing = next(match for match in before.report.matches if match.grade == 0)
    with service.store.begin() as session:
        session.add(
            Decision(
                document_id=report.document_id, standard=STANDARD, target_kind="element", action="override", grade=2,
                target_id=missing.element.id, target_text=missing.element.text, proposed={"grade": 0, "level": None},
                quote="店铺装修与商品上架", reason="项目教学", author_id="local", author_name="本机用户",
            )
        )  # fmt: skip
    after = reports.open_report(service, LOCAL, report.id)
    assert after.report.match_of[missing.element.id].grade == 2
    assert len(after.decisions) == 1
    again = reports.start(service, LOCAL, report.document_id, STANDARD)
    assert again.headline is not None
    assert again.headline["grades"][missing.element.id] == 2
    assert again.headline["decided"] == 1
    assert before.report.match_of[missing.element.id].grade == 0


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


def test_the_key_tells_everything_that_counts(service: Service, tmp_path: Path) -> None:
    """Each change of it is another key; for one file the name does not count."""
    settings = service.settings
    basis = basis_of(settings, STANDARD)
    file, more = KeyFile("main", "a.docx", "0" * 64), KeyFile("more", "b.xlsx", "1" * 64)
    keys = [
        result_key(basis, [file], "auto", "", []),
        result_key(basis, [replace(file, sha256="2" * 64)], "auto", "", []),
        result_key(basis, [replace(file, role="more")], "auto", "", []),
        result_key(basis, [file, more], "auto", "", []),
        result_key(basis, [file, replace(more, name="c.xlsx")], "auto", "", []),
        result_key(basis, [more, file], "auto", "", []),
        result_key(basis, [file], "plan", "", []),
        result_key(basis, [file], "auto", "电子商务", []),
        result_key(basis, [file], "auto", "", ["C1"]),
        result_key(basis_of(settings, OTHER), [file], "auto", "", []),
        result_key(basis_of(replace(settings, judge="llm"), STANDARD), [file], "auto", "", []),
        result_key(basis_of(replace(settings, data=tmp_path / "other"), STANDARD), [file, more], "auto", "x", []),
    ]
    assert len(set(keys)) == len(keys)
    assert result_key(basis, [replace(file, name="z.docx")], "auto", "", []) == keys[0]
    save_standard(load_standard(STANDARD), settings.standards)
    imported = basis_of(settings, STANDARD)
    (settings.standards / f"{STANDARD}.expressions.jsonl").write_text("")
    assert basis_of(settings, STANDARD) != imported


def test_a_result_is_kept_compressed(service: Service, make: Make) -> None:
    """Behind a head that names its form."""
    report = make()
    work_off(service)
    head, _, body = service.store.blobs.read(_result(service, report).report_blob).partition(b"\n")
    assert head == b"duibiao report 1"
    assert json.loads(zlib.decompress(body))["document"]["kind"] == "syllabus"
