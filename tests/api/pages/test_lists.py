"""The lists of documents and batches: found, filtered, sorted, in pages; what can be done from them."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from api.auth.principal import LOCAL
from api.routes.pages.audit_rows import arranged
from api.service import Service
from api.services import audits, documents, reports, shelf
from api.services.paging import PageRequest
from api.services.shelf import Shelf
from api.store.models import LOCAL_USER, Audit, Document, DocumentFile, Report
from tests.service import People, note, work_off

_HTML = {"accept": "text/html"}


def _service(client: TestClient) -> Service:
    return client.app.state.service  # type: ignore[attr-defined, no-any-return]


def _names(html: str) -> list[str]:
    """Names of the rows in their order."""
    return re.findall(r'class="title"[^>]*>([^<]+)<', html)


def _batch(service: Service, *names: str) -> Audit:
    files = [note(f"掌握店铺装修第 {n} 步。", name) for n, name in enumerate(names)]
    return audits.create(service, LOCAL, name="一批", files=files, standard="530701")


def _set(service: Service, report_id: str, **values: object) -> None:
    with service.store.begin() as session:
        session.execute(update(Report).where(Report.id == report_id).values(**values))


def test_documents_are_found_by_name_state_and_department(service: Service, people: People) -> None:
    """Each condition narrows the list; what one may not see is never in it."""
    mine = documents.upload(service, people.teacher, [note("甲", "网店_100%.md")], department_id=people.department)
    other = documents.upload(service, people.stranger, [note("乙", "网店.md")], department_id=people.elsewhere)
    reports.start(service, people.teacher, mine.id, "530701")

    def found(principal: object, **wanted: str) -> list[str]:
        listed = shelf.documents(service, principal, PageRequest(), Shelf(**wanted))  # type: ignore[arg-type]
        return [item.id for item in listed.items]

    assert found(people.admin) == [other.id, mine.id]
    assert found(people.teacher) == found(people.reviewer) == found(people.auditor) == [mine.id]
    assert found(people.colleague) == []
    assert found(people.admin, text="100%") == [mine.id]
    assert found(people.admin, text="100_") == []
    assert found(people.admin, state="queued") == [mine.id]
    assert found(people.admin, state="none") == [other.id]
    assert found(people.admin, state="done") == []
    assert found(people.admin, department_id=people.elsewhere) == [other.id]


def test_a_document_is_listed_with_its_last_report(service: Service) -> None:
    """The state looked for is that of the last report, not of any."""
    document = documents.upload(service, LOCAL, [note("甲")])
    first = reports.start(service, LOCAL, document.id, "530701")
    _set(service, first.id, state="failed", problem={"what": "x", "where": "", "advice": ""})
    last = reports.start(service, LOCAL, document.id, "530701")
    (item,) = shelf.documents(service, LOCAL, PageRequest(), Shelf()).items
    assert (item.report.id if item.report else "", item.reports, item.busy) == (last.id, 2, True)
    assert item.address == f"/reports/{last.id}"
    assert not shelf.documents(service, LOCAL, PageRequest(), Shelf(state="failed")).items


def test_versions_are_a_chain_from_any_of_them(service: Service, people: People) -> None:
    """Earlier and later ones, oldest first; those of others are not told of."""
    first = documents.upload(service, people.teacher, [note("一")])
    second = documents.upload(service, people.teacher, [note("二")], previous_id=first.id)
    third = documents.upload(service, people.admin, [note("三")], previous_id=second.id)
    for start in (first, second, third):
        assert [v.id for v in shelf.versions(service, people.admin, start)] == [first.id, second.id, third.id]
    assert [v.id for v in shelf.versions(service, people.teacher, second)] == [first.id, second.id]


def test_batches_are_counted_by_state(service: Service) -> None:
    """How many are over, and how many in all."""
    audit = _batch(service, "甲.md", "乙.md", "丙.md")
    one, two, _ = audits.progress(service, LOCAL, audit.id).reports
    _set(service, one.id, state="done")
    _set(service, two.id, state="failed")
    (batch,) = shelf.batches(service, LOCAL, PageRequest()).items
    assert (batch.over, batch.total, batch.counts) == (2, 3, {"done": 1, "failed": 1, "queued": 1})
    assert shelf.counts(service, audit.id) == batch.counts
    assert not shelf.batches(service, LOCAL, PageRequest(), "别的").items


def test_only_what_has_changed_is_told(service: Service) -> None:
    """Reports whose row changed after a time."""
    audit = _batch(service, "甲.md", "乙.md")
    before = datetime.now(UTC)
    assert not shelf.changed(service, audit.id, before)
    one = audits.progress(service, LOCAL, audit.id).reports[0]
    _set(service, one.id, state="running")
    assert [report.id for report in shelf.changed(service, audit.id, before)] == [one.id]


def test_the_page_of_documents(client: TestClient) -> None:
    """Empty, then filled, filtered, with words for nothing found."""
    assert "还没有文档" in client.get("/documents", headers=_HTML).text
    service = _service(client)
    for name in ("甲.md", "乙.md", "丙.md"):
        documents.upload(service, LOCAL, [note(name, name)])
    assert _names(client.get("/documents", headers=_HTML).text) == ["丙.md", "乙.md", "甲.md"]
    first = client.get("/documents", params={"limit": 2}, headers=_HTML).text
    more = re.search(r'href="([^"]+)" rel="next"', first)
    assert more
    assert _names(first) == ["丙.md", "乙.md"]
    assert _names(client.get(more[1].replace("&amp;", "&"), headers=_HTML).text) == ["甲.md"]
    assert _names(client.get("/documents", params={"q": "乙"}, headers=_HTML).text) == ["乙.md"]
    assert "没有符合条件的文档" in client.get("/documents", params={"q": "丁"}, headers=_HTML).text


def test_a_document_is_deleted_from_its_page(client: TestClient) -> None:
    """The page asks first; afterwards the document is gone and its address is none."""
    service = _service(client)
    document = documents.upload(service, LOCAL, [note("甲")])
    assert "data-confirm" in client.get(f"/documents/{document.id}", headers=_HTML).text
    assert client.post(f"/documents/{document.id}/delete", follow_redirects=False).headers["location"] == "/documents"
    assert client.get(f"/documents/{document.id}", headers=_HTML).status_code == 404
    assert client.post(f"/documents/{document.id}/delete", headers=_HTML).status_code == 404


def test_a_document_is_held_against_chosen_courses(client: TestClient) -> None:
    """Courses are named by their codes in any writing; unknown ones are refused in words."""
    service = _service(client)
    document = documents.upload(service, LOCAL, [note("甲")])
    address = f"/documents/{document.id}/reports"
    sent = {"standard": "530701", "courses": "c1，C4"}
    report = client.post(address, data=sent, follow_redirects=False).headers["location"].rpartition("/")[2]
    assert reports.find_report(service, LOCAL, report).courses == ["C1", "C4"]
    refused = client.post(address, data={"standard": "530701", "courses": "C99"}, headers=_HTML)
    assert refused.status_code == 400
    assert "C99" in refused.text


def test_reports_are_cancelled_retried_and_deleted_from_lists(client: TestClient) -> None:
    """Each form leads back to where it stood, and to no other server."""
    service = _service(client)
    document = documents.upload(service, LOCAL, [note("甲")])
    report = reports.start(service, LOCAL, document.id, "530701")

    def post(action: str, back: str = "/documents") -> str:
        answer = client.post(f"/reports/{report.id}/{action}", data={"back": back}, follow_redirects=False)
        return answer.headers["location"]

    assert post("cancel") == "/documents"
    assert reports.find_report(service, LOCAL, report.id).state == "cancelled"
    assert "已取消" in client.get(f"/reports/{report.id}", headers=_HTML).text
    assert post("retry", "https://elsewhere.example/") == "/"
    assert reports.find_report(service, LOCAL, report.id).state == "queued"
    assert post("delete", "") == f"/documents/{document.id}"
    assert client.get(f"/reports/{report.id}", headers=_HTML).status_code == 404


def test_a_batch_shows_each_file_with_reason_and_way_on(client: TestClient) -> None:
    """Done ones link to their report with coverage; failed ones say why and can be tried again."""
    service = _service(client)
    audit = audits.create(
        service, LOCAL, name="春季", files=[note("甲", "好.md"), note("", "坏.docx")], standard="530701"
    )
    running = client.get(f"/audits/{audit.id}", headers=_HTML).text
    assert f'data-live="/audits/{audit.id}/live?since=' in running
    assert 'http-equiv="refresh"' in running
    work_off(service)
    html = client.get(f"/audits/{audit.id}", headers=_HTML).text
    assert "data-live" not in html
    good, bad = (row for row in html.split("<tr ")[1:])
    assert 'class="chip chip-done"' in good
    assert re.search(r'href="/reports/\w+">好.md', good)
    assert 'class="trouble"' in bad
    assert "/retry" in bad
    assert f'href="/dashboard?standard=530701&amp;audit={audit.id}"' in html
    client.post(f"/audits/{audit.id}/retry", follow_redirects=False)
    assert shelf.counts(service, audit.id) == {"done": 1, "queued": 1}
    client.post(f"/audits/{audit.id}/cancel", follow_redirects=False)
    assert shelf.counts(service, audit.id) == {"done": 1, "cancelled": 1}
    assert client.post(f"/audits/{audit.id}/delete", follow_redirects=False).headers["location"] == "/audits"
    assert client.get(f"/audits/{audit.id}", headers=_HTML).status_code == 404


def test_a_batch_is_sorted_and_filtered() -> None:
    """By each column both ways; by state and by a part of the name."""
    rows = [
        Report(id=name, state=state, document=Document(name=name), headline={"coverage_ratio": ratio, "missing": 9})
        for name, state, ratio in (("b", "done", 0.5), ("a", "done", 0.9), ("C", "failed", 0.1))
    ]

    def order(*asked: str) -> list[str]:
        return [report.id for report in arranged(rows, *asked)]

    assert order("", "", "") == ["b", "a", "C"]
    assert order("name", "", "") == ["C", "a", "b"]
    assert order("-coverage", "", "") == ["a", "b", "C"]
    assert order("coverage", "done", "") == ["b", "a"]
    assert order("nothing", "", " c ") == ["C"]


@pytest.mark.parametrize("path", ["/documents?limit=200", "/audits", "/"])
def test_lists_of_thousands_stay_fast(client: TestClient, path: str) -> None:
    """5,000 documents, each with a report: a page of the list takes well under a second."""
    _fill(_service(client), 5_000)
    client.get(path, headers=_HTML)
    began = time.perf_counter()
    answer = client.get(path, headers=_HTML)
    assert answer.status_code == 200
    assert time.perf_counter() - began < 1.5


def _fill(service: Service, count: int) -> None:
    numbers = {"coverage_ratio": 0.4, "covered": 4, "touched": 2, "missing": 4, "kind": "syllabus"}
    with service.store.begin() as session:
        audit = Audit(name="许多", standard="530701", owner_id=LOCAL_USER)
        session.add(audit)
        session.flush()
        for number in range(count):
            document = Document(name=f"课程标准{number:04}.docx", sha256="0" * 64, size=1, owner_id=LOCAL_USER)
            document.files = [DocumentFile(position=0, role="main", name=document.name, sha256="0" * 64, size=1)]
            report = Report(document=document, standard="530701", state="done", headline=numbers, audit_id=audit.id)
            session.add(report)
