"""Pages that keep themselves up to date: only what has changed is sent, and the stream ends when it should."""

from __future__ import annotations

import re

import pytest
from fastapi import Request
from fastapi.testclient import TestClient
from sqlalchemy import update

from api.auth.principal import LOCAL
from api.http.events import stop_events
from api.http.live import event
from api.routes.pages.audit_rows import Watch
from api.service import Service
from api.services import audits, documents, reports
from api.store.models import Report
from tests.service import note, work_off


def _service(client: TestClient) -> Service:
    return client.app.state.service  # type: ignore[attr-defined, no-any-return]


def _request() -> Request:
    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": []}
    request = Request(scope)
    request.state.principal = LOCAL
    return request


def _parts(stream: str) -> list[str]:
    """Ids of the elements that events bring."""
    return re.findall(r'^data: <(?:tr|section)[^>]* id="([^"]+)"', stream, flags=re.MULTILINE)


def test_an_event_holds_lines_of_html() -> None:
    """Each line is marked as data, an event without data has an empty line of it."""
    assert event("parts", "<p>\n</p>") == "event: parts\ndata: <p>\ndata: </p>\n\n"
    assert event("done", "") == "event: done\ndata: \n\n"


def test_a_batch_tells_what_has_changed_and_no_more(service: Service) -> None:
    """First what is newer than the page, then only rows that differ from what was told."""
    audit = audits.create(service, LOCAL, name="", files=[note("甲", "甲.md"), note("乙", "乙.md")], standard="530701")
    one, two = audits.progress(service, LOCAL, audit.id).reports
    since = max(one.changed_at, two.changed_at).timestamp()
    look = Watch(_request(), service, audit, since, changeable=True)
    look()
    assert look().html == ""
    with service.store.begin() as session:
        session.execute(update(Report).where(Report.id == one.id).values(state="running", stage="judge", progress=0.5))
    turn = look()
    assert f'id="r-{one.id}"' in turn.html
    assert f'id="r-{two.id}"' not in turn.html
    assert "逐条判定 50%" in turn.html
    assert 'id="summary"' not in turn.html.split("r-" + one.id)[0]
    assert (look().html, look().done) == ("", False)
    reports.cancel(service, LOCAL, one.id)
    reports.cancel(service, LOCAL, two.id)
    turn = look()
    assert turn.done
    assert 'id="summary"' in turn.html
    assert turn.html.count("<tr ") == 2


def test_a_finished_report_ends_its_stream(client: TestClient) -> None:
    """It tells the last state, says that it is done, and is never kept by anybody."""
    service = _service(client)
    report = reports.start(service, LOCAL, documents.upload(service, LOCAL, [note("甲")]).id, "530701")
    work_off(service)
    answer = client.get(f"/reports/{report.id}/live")
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["cache-control"] == "no-store"
    assert "content-encoding" not in answer.headers
    assert _parts(answer.text) == ["working"]
    assert answer.text.endswith("event: done\ndata: \n\n")


def test_a_finished_batch_ends_its_stream(client: TestClient) -> None:
    """All rows newer than the page, the summary, and the end."""
    service = _service(client)
    audit = audits.create(service, LOCAL, name="", files=[note("甲", "甲.md"), note("乙", "乙.md")], standard="530701")
    work_off(service)
    text = client.get(f"/audits/{audit.id}/live").text
    assert text.count("<tr ") == 2
    assert 'id="summary"' in text
    assert text.endswith("event: done\ndata: \n\n")


@pytest.mark.parametrize("kind", ["reports", "audits"])
def test_streams_end_with_the_service(client: TestClient, kind: str) -> None:
    """One that waits for a job is let go of when the service stops, without saying that the job is done."""
    service = _service(client)
    audit = audits.create(service, LOCAL, name="", files=[note("甲", "甲.md")], standard="530701")
    report = audits.progress(service, LOCAL, audit.id).reports[0]
    stop_events(client.app)  # type: ignore[arg-type]
    text = client.get(f"/{kind}/{report.id if kind == 'reports' else audit.id}/live").text
    assert "event: done" not in text


@pytest.mark.parametrize("since", ["-1", "1e300", "nan", "soon"])
def test_a_time_that_is_none_is_refused(client: TestClient, since: str) -> None:
    """In words, not by an error of the service."""
    audit = audits.create(_service(client), LOCAL, name="", files=[note("甲", "甲.md")], standard="530701")
    assert client.get(f"/audits/{audit.id}/live", params={"since": since}).status_code == 422


@pytest.mark.parametrize("path", ["/reports/nothing/live", "/audits/nothing/live"])
def test_there_is_no_stream_of_what_is_not_there(client: TestClient, path: str) -> None:
    """Not found, as its page."""
    assert client.get(path).status_code == 404
