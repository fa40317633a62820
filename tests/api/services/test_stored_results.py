"""Stored results: found again, never mixed up, made again when they cannot be read."""

from __future__ import annotations

import json
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from api.auth.principal import LOCAL
from api.service import Service
from api.services import documents, reports
from api.store.codec import StaleResultError
from api.store.models import Decision, Report, Result
from api.store.results import KeyFile, basis_of, result_key
from corpora.standard_json import load_standard, save_standard
from tests.api.services.conftest import STANDARD, Make, stored
from tests.service import incoming, note, work_off

#: Of a standard that only some of these tests import.
OTHER = "530999"


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
