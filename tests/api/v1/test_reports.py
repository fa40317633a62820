"""Reports over the API: made as jobs, stored results at once, read in every format, sent again only when changed."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

import lxml.html
import pytest
from fastapi.testclient import TestClient

from api.http.prefer import seconds_to_wait
from api.http.report_stream import json_pieces
from api.schemas import ReportOut
from corpora.standard_import import import_standards
from corpora.standard_json import save_standard
from tests.api.v1.conftest import SAMPLE, V1, serving

Send = Callable[..., Any]
Finished = Callable[..., dict[str, Any]]

PACK = "name: 校规\nrules:\n  - {id: X1, quantity: total_hours, operator: '<=', value: 2400}\n"


@pytest.fixture(scope="module")
def report(client: TestClient, finished: Finished, sample: bytes) -> dict[str, Any]:
    """A finished report of the sample syllabus."""
    return finished(client, sample)


def result(client: TestClient, report: dict[str, Any], **options: Any) -> Any:
    """The report in full."""
    return client.get(report["links"]["result"], **options)


def test_a_report_is_a_job_until_it_is_done(client: TestClient, report: dict[str, Any]) -> None:
    """State, stage, progress, headline and links of a finished job."""
    assert (report["state"], report["progress"], report["problem"]) == ("done", 1.0, None)
    assert report["document_name"] == SAMPLE
    assert set(report["links"]) == {"self", "document", "events", "result", "retry"}
    head = report["headline"]
    assert head["covered"] > 0
    assert 0 < head["coverage_ratio"] < 1
    assert head["courses"]
    assert len(head["worst"]) == 3
    assert client.get(report["links"]["self"]).json() == report


def test_a_new_report_waits_in_the_queue(idle: TestClient, send: Send, sample: bytes) -> None:
    """202 with its address; its result is a conflict until it is done, and says so."""
    document = send(idle, sample).json()["id"]
    answer = idle.post(f"{V1}/reports", json={"document": document})
    body = answer.json()
    assert (answer.status_code, body["state"], body["headline"]) == (202, "queued", None)
    assert answer.headers["location"] == body["links"]["self"]
    assert "result" not in body["links"]
    early = idle.get(f"{body['links']['self']}/result")
    assert (early.status_code, early.json()["type"]) == (409, f"{V1}/problems/conflict")
    assert early.json()["detail"].startswith("这份报告还没有完成")


def test_a_wait_that_is_too_short_is_answered_as_a_job(idle: TestClient, send: Send) -> None:
    """``Prefer: wait`` ends after its seconds; nothing works on this job."""
    document = send(idle, b"text", "a.txt").json()["id"]
    answer = idle.post(f"{V1}/reports", json={"document": document}, headers={"Prefer": "wait=1"})
    assert (answer.status_code, answer.json()["state"]) == (202, "queued")
    assert answer.headers["preference-applied"] == "wait=1"


def test_the_stored_result_answers_at_once(
    client: TestClient, report: dict[str, Any], send: Send, sample: bytes
) -> None:
    """The same bytes under another name: 201, done, the same figures, its own name in the report."""
    document = send(client, sample, "副本.pdf").json()["id"]
    answer = client.post(f"{V1}/reports", json={"document": document})
    body = answer.json()
    assert (answer.status_code, body["state"]) == (201, "done")
    assert body["id"] != report["id"]
    assert body["headline"]["covered"] == report["headline"]["covered"]
    assert result(client, body).json()["document"]["name"] == "副本.pdf"


def test_the_json_is_that_of_the_contract(client: TestClient, report: dict[str, Any]) -> None:
    """It holds to the schema, key by key, although it is sent in pieces."""
    answer = result(client, report)
    assert answer.headers["content-type"] == "application/json"
    read = ReportOut.model_validate(answer.json())
    assert (read.document.name, read.standard.code) == (SAMPLE, "530701")
    assert any(element.grade == 2 for element in read.elements)
    assert json.loads(read.to_json()) == answer.json()


def test_pieces_are_what_the_whole_is(client: TestClient, report: dict[str, Any]) -> None:
    """Written item by item, the report is the same JSON as written at once, in more than one piece."""
    service, principal = client.app.state.service, _local()  # type: ignore[attr-defined]
    from api.services.reports import open_report

    found = open_report(service, principal, report["id"]).report
    pieces = list(json_pieces(found))
    assert len(pieces) > 1
    assert json.loads(b"".join(pieces)) == json.loads(ReportOut.from_report(found).to_json())


def _local() -> Any:
    from api.auth.principal import LOCAL

    return LOCAL


@pytest.mark.parametrize(
    ("format", "media_type"),
    [
        ("html", "text/html; charset=utf-8"),
        ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("md", "text/markdown; charset=utf-8"),
        ("csv", "text/csv; charset=utf-8"),
    ],
)
def test_files_are_downloads(client: TestClient, report: dict[str, Any], format: str, media_type: str) -> None:
    """Each comes under the document's name, as a file to save; a second request is answered with nothing new."""
    answer = result(client, report, params={"format": format})
    stem = SAMPLE.removesuffix(".pdf")
    assert (answer.status_code, answer.headers["content-type"]) == (200, media_type)
    assert f"filename*=UTF-8''{quote(stem)}.report.{format}" in answer.headers["content-disposition"]
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["x-content-type-options"] == "nosniff"
    again = result(client, report, params={"format": format}, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", answer.headers["etag"])


def test_files_are_what_they_say(client: TestClient, report: dict[str, Any]) -> None:
    """Office files open; the page holds the title; tags of formats differ."""
    tags = set()
    for format, part in (("docx", "word/document.xml"), ("xlsx", "xl/workbook.xml")):
        answer = result(client, report, params={"format": format})
        tags.add(answer.headers["etag"])
        assert part in zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    page = result(client, report, params={"format": "html"})
    tags |= {page.headers["etag"], result(client, report).headers["etag"]}
    assert "社群运营" in lxml.html.fromstring(page.content.decode()).text_content()
    assert len(tags) == 4


@pytest.mark.skipif(find_spec("weasyprint") is not None, reason="weasyprint is installed")
def test_pdf_without_its_library_says_which_is_missing(client: TestClient, report: dict[str, Any]) -> None:
    """A clear 400."""
    answer = result(client, report, params={"format": "pdf"})
    assert (answer.status_code, answer.json()["type"]) == (400, f"{V1}/problems/missing-extra")


@pytest.mark.skipif(find_spec("weasyprint") is None, reason="weasyprint is not installed")
def test_pdf(client: TestClient, report: dict[str, Any]) -> None:
    """A PDF where the library is there."""
    assert result(client, report, params={"format": "pdf"}).content.startswith(b"%PDF")


@pytest.mark.parametrize("format", ["odt", "terminal", "../json", ""])
def test_other_formats_are_not_known(client: TestClient, report: dict[str, Any], format: str) -> None:
    """The problem names the ones there are."""
    answer = result(client, report, params={"format": format})
    assert answer.status_code == 422
    assert "docx" in answer.json()["errors"][0]["what"]


def test_a_decision_makes_another_result(client: TestClient, finished: Finished) -> None:
    """With a person's decision the copy at hand holds no longer, and the report tells of the decision."""
    text = "一、课程目标\n掌握用户画像分析方法，能完成用户拉新、留存、促活和转化。\n".encode() * 3
    report = finished(client, text, "画像.txt")
    before = result(client, report)
    element = next(item for item in before.json()["elements"] if item["grade"] == 0)
    address = f"{report['links']['self']}/elements/{element['id']}/decision"
    decided = client.put(address, json={"action": "accept"})
    assert decided.status_code == 200, decided.text
    after = result(client, report, headers={"If-None-Match": before.headers["etag"]})
    assert after.status_code == 200
    assert after.headers["etag"] != before.headers["etag"]
    assert sum("decided" in item for item in after.json()["elements"]) == 1


def test_the_job_is_sent_again_only_when_it_changed(idle: TestClient, send: Send) -> None:
    """304 while nothing happens, in each way of naming the copy; 200 once it was cancelled."""
    document = send(idle, b"text", "a.txt").json()["id"]
    here = idle.post(f"{V1}/reports", json={"document": document}).json()["links"]["self"]
    tag = idle.get(here).headers["etag"]
    for named in (tag, f'"other", {tag}', tag.removeprefix("W/"), "*"):
        answer = idle.get(here, headers={"If-None-Match": named})
        assert (answer.status_code, answer.content) == (304, b"")
    assert idle.get(here, headers={"If-None-Match": '"other"'}).status_code == 200
    idle.post(f"{here}/cancel")
    assert idle.get(here, headers={"If-None-Match": tag}).json()["state"] == "cancelled"


def test_cancel_retry_delete(idle: TestClient, send: Send) -> None:
    """Each where the state allows it; the attempt is counted; what is deleted is gone, its document is not."""
    document = send(idle, b"text", "a.txt").json()["id"]
    here = idle.post(f"{V1}/reports", json={"document": document}).json()["links"]["self"]
    assert idle.post(f"{here}/retry").status_code == 409
    assert idle.post(f"{here}/cancel").json()["state"] == "cancelled"
    assert idle.post(f"{here}/cancel").status_code == 409
    again = idle.post(f"{here}/retry")
    assert (again.status_code, again.json()["state"], again.json()["attempt"]) == (202, "queued", 2)
    assert idle.delete(here).status_code == 204
    assert [idle.get(f"{here}{rest}").status_code for rest in ("", "/result", "/events")] == [404, 404, 404]
    assert idle.post(f"{here}/retry").status_code == 404
    assert idle.get(f"{V1}/documents/{document}").status_code == 200


def test_lists_are_filtered(tmp_path: Path, send: Send) -> None:
    """By document, state, review state and standard; page by page."""
    with serving(tmp_path) as client:
        documents = [send(client, f"text {n}".encode(), f"{n}.txt").json()["id"] for n in range(3)]
        reports = [client.post(f"{V1}/reports", json={"document": d}).json() for d in documents]
        client.post(f"{reports[0]['links']['self']}/cancel")

        def ids(**filters: Any) -> list[str]:
            return [item["id"] for item in client.get(f"{V1}/reports", params=filters).json()["items"]]

        newest_first = [report["id"] for report in reversed(reports)]
        assert ids() == newest_first
        assert ids(document=documents[1]) == [reports[1]["id"]]
        assert ids(state="cancelled") == [reports[0]["id"]]
        assert ids(state="queued", review_state="draft", standard="530701") == newest_first[:2]
        assert ids(review_state="approved") == ids(standard="999999") == ids(audit="none") == []
        page = client.get(f"{V1}/reports", params={"limit": 1, "state": "queued"})
        assert [item["id"] for item in client.get(page.links["next"]["url"]).json()["items"]] == [reports[1]["id"]]
        assert client.get(f"{V1}/reports", params={"state": "lost"}).status_code == 422


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"document": "none"}, 404, "没有找到这份文档"),
        ({"standard": "999999"}, 400, "999999"),
        ({"standard": "../../etc/passwd"}, 400, "没有代码"),
        ({"courses": ["C99"]}, 400, "C99"),
        ({"courses": [""]}, 422, "courses.0"),
    ],
)
def test_what_cannot_be_reported(idle: TestClient, send: Send, body: dict[str, Any], status: int, words: str) -> None:
    """Each is told before a job is made."""
    document = send(idle, b"text", "a.txt").json()["id"]
    answer = idle.post(f"{V1}/reports", json={"document": document, **body})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert words in answer.json()["detail"]
    assert idle.get(f"{V1}/reports", params={"document": document}).json()["items"] == []


def test_courses_narrow_the_report(client: TestClient, report: dict[str, Any], send: Send, sample: bytes) -> None:
    """The courses asked for decide the headline, not those that the program would find."""
    document = send(client, sample).json()["id"]
    headers = {"Prefer": "respond-async, wait=60"}
    answer = client.post(f"{V1}/reports", json={"document": document, "courses": ["C5"]}, headers=headers)
    assert answer.status_code == 200
    assert answer.json()["courses"] == ["C5"]
    found, asked = report["headline"], answer.json()["headline"]
    assert ("C5" in found["scope"], asked["scope"]) == (False, ["C5"])
    assert asked["coverage_ratio"] < found["coverage_ratio"]


def test_a_file_that_cannot_be_read_fails_alone(client: TestClient, send: Send) -> None:
    """The job tells what is wrong with which file and what to do; another job goes on."""
    document = send(client, b"%PDF-1.7 broken", "坏.pdf").json()["id"]
    answer = client.post(f"{V1}/reports", json={"document": document}, headers={"Prefer": "wait=60"})
    body = answer.json()
    assert (answer.status_code, body["state"]) == (200, "failed")
    assert body["problem"]["where"] == "坏.pdf"
    assert body["problem"]["what"]
    assert body["problem"]["advice"]
    assert result(client, {"links": {"result": f"{body['links']['self']}/result"}}).status_code == 409


def test_an_imported_standard_can_be_asked_for(client: TestClient, finished: Finished, sample: bytes) -> None:
    """The standard asked for is the one reported."""
    from corpora.parsers import read_document

    settings = client.app.state.service.settings  # type: ignore[attr-defined]
    source = Path(__file__).parents[2] / "corpora" / "standards" / "460301.md"
    for imported in import_standards(read_document(source)):
        save_standard(imported.standard, settings.standards)
    report = finished(client, sample, standard="460301")
    assert result(client, report).json()["standard"]["code"] == "460301"


def send_plan(client: TestClient, samples: Path, *beside: tuple[str, str, bytes], **fields: str) -> dict[str, Any]:
    """Send the plan whose schedule is a workbook of its own, with further files, and wait for its report."""
    name = "直播电商专业_人才培养方案.docx"
    files = [("file", (name, (samples / name).read_bytes())), *((part, (n, data)) for part, n, data in beside)]
    document = client.post(f"{V1}/documents", files=files, data=fields).json()["id"]
    answer = client.post(f"{V1}/reports", json={"document": document}, headers={"Prefer": "wait=60"})
    body: dict[str, Any] = answer.json()
    return body


def test_a_plan_is_audited_with_its_schedule_and_the_schools_rules(client: TestClient, samples: Path) -> None:
    """Further files are joined with it, its copy is not, and the rules of the pack are judged."""
    book, plan = "直播电商专业_教学进程表.xlsx", "直播电商专业_人才培养方案.docx"
    done = send_plan(
        client,
        samples,
        ("more", book, (samples / book).read_bytes()),
        ("more", plan, (samples / plan).read_bytes()),
        ("rules", "校规.yaml", PACK.encode()),
        kind="plan",
    )
    assert done["headline"]["rules"]["fail"] >= 1
    report = ReportOut.model_validate(result(client, done).json())
    assert report.programme is not None
    assert len(report.programme.course_table) == 47
    assert {part.name for part in report.document.parts} == {plan, book}
    own = next(rule for rule in report.rules if rule.id == "X1")
    assert (own.verdict, own.source) == ("fail", "校规")
    assert [conflict.against for conflict in report.programme.conflicts] == ["NR04"]


@pytest.mark.parametrize(
    ("beside", "fields", "words"),
    [
        ((), {"major": "护理"}, "网络营销与直播电商"),
        ((("more", "坏.xlsx", b"PK broken"),), {}, "坏.xlsx"),
        ((("rules", "错.yaml", b"name: [\n"),), {}, "YAML"),
        ((("rules", "大.yaml", b"#" * 300_000),), {}, "KiB"),
    ],
)
def test_wrong_files_of_a_plan_fail_by_their_names(
    client: TestClient, samples: Path, beside: tuple[tuple[str, str, bytes], ...], fields: dict[str, str], words: str
) -> None:
    """The job's problem names the file or the field."""
    done = send_plan(client, samples, *beside, **fields)
    assert done["state"] == "failed"
    assert words in " ".join(done["problem"].values())


@pytest.mark.parametrize(
    ("prefer", "seconds"),
    [
        (None, 0),
        ("", 0),
        ("respond-async", 0),
        ("wait=10", 10),
        ('respond-async, Wait = "7"', 7),
        ("handling=lenient; wait=3", 3),
        ("wait=600", 60),
        ("wait=-1", 0),
        ("wait=soon", 0),
        ("wait=9999999999999999999", 0),
    ],
)
def test_preferences(prefer: str | None, seconds: int) -> None:
    """RFC 7240 as far as it concerns waiting; what is not understood is not applied."""
    assert seconds_to_wait(prefer) == seconds
