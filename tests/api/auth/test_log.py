"""The audit log: who may read what of it, filters, pages, export."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from api.auth.principal import ForbiddenError
from api.service import Service
from api.services import documents, log
from api.services.paging import PageRequest
from api.services.retention import expire
from api.store.models import Document, LogEntry, now
from tests.api.auth.house import House
from tests.service import People, note


def fill(service: Service, people: People) -> None:
    """Entries of two departments and of none."""
    with service.store.begin() as session:
        session.add(log.entry(people.teacher, "document.upload", "document", "d1", people.department, name="大纲"))
        session.add(log.entry(people.stranger, "document.upload", "document", "d2", people.elsewhere, name="=1+1"))
        session.add(log.entry(people.reviewer, "report.open", "report", "r1", people.department))
        session.add(log.entry(people.admin, "user.change", "user", "u1"))


def listed(service: Service, principal: object, **wanted: object) -> list[str]:
    """Object ids of the entries that someone sees, the newest first."""
    page = log.list_log(service, principal, PageRequest(), log.LogFilter(**wanted))  # type: ignore[arg-type]
    return [item.object_id for item in page.items]


def test_auditors_see_their_departments_and_admins_all(service: Service, people: People) -> None:
    """Teachers and reviewers see nothing of it; asking for another department shows nothing."""
    fill(service, people)
    assert listed(service, people.admin) == ["u1", "r1", "d2", "d1"]
    assert listed(service, people.auditor) == ["r1", "d1"]
    assert listed(service, people.auditor, department_id=people.elsewhere) == []
    for principal in (people.teacher, people.reviewer):
        with pytest.raises(ForbiddenError):
            listed(service, principal)
        with pytest.raises(ForbiddenError):
            log.export_log(service, principal, log.LogFilter())


def test_filters_narrow_the_list(service: Service, people: People) -> None:
    """By user, action, object, department, time."""
    fill(service, people)
    with service.store.begin() as session:
        old = log.entry(people.teacher, "document.delete", "document", "d0", people.department)
        old.at = now() - timedelta(days=3)
        session.add(old)
    day = timedelta(days=1)
    assert listed(service, people.admin, user_id=people.teacher.id) == ["d0", "d1"]
    assert listed(service, people.admin, action="report.open") == ["r1"]
    assert listed(service, people.admin, object_kind="document") == ["d0", "d2", "d1"]
    assert listed(service, people.admin, object_id="d2") == ["d2"]
    assert listed(service, people.admin, department_id=people.department) == ["d0", "r1", "d1"]
    assert listed(service, people.admin, until=now() - day) == ["d0"]
    assert listed(service, people.admin, since=now() - day, object_kind="document") == ["d2", "d1"]


def test_long_logs_come_in_pages(service: Service, people: People) -> None:
    """Each entry once, newest first, also while new ones are added."""
    with service.store.begin() as session:
        session.add_all(log.entry(people.teacher, "report.open", "report", f"{n:02}") for n in range(25))
    seen: list[str] = []
    after = ""
    while True:
        page = log.list_log(service, people.admin, PageRequest(10, after), log.LogFilter(action="report.open"))
        seen += [item.object_id for item in page.items]
        log.record(service, people.teacher, "report.open", "report", "new")
        after = page.next
        if not after:
            break
    assert sorted(seen) == [f"{n:02}" for n in range(25)]


def test_the_export_is_whole_and_harmless_to_spreadsheets(service: Service, people: People) -> None:
    """More rows than one piece holds; no cell is a formula; the export is an entry itself."""
    with service.store.begin() as session:
        session.add_all(log.entry(people.teacher, "report.open", "report", f"{n:04}") for n in range(1203))
        session.add(log.entry(people.teacher, "report.open", "report", "=cmd", None, "@x", name="+1"))
    pieces = list(log.export_log(service, people.admin, log.LogFilter()))
    assert len(pieces) == 4
    rows = list(csv.reader(io.StringIO(b"".join(pieces).decode("utf-8-sig"))))
    assert len(rows) == 1 + 1203 + 1 + 1
    assert rows[1][4] == "log.export"
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
    assert {len(row) for row in rows} == {10}


def test_an_auditor_exports_no_more_than_they_see(service: Service, people: People) -> None:
    """The rights hold for the file too."""
    fill(service, people)
    text = b"".join(log.export_log(service, people.auditor, log.LogFilter())).decode()
    assert people.department in text
    assert people.elsewhere not in text
    assert "user.change" not in text


def test_only_known_actions_are_recorded(people: People) -> None:
    """A typing error in an action is found by whoever runs it first."""
    with pytest.raises(ValueError, match=r"report\.opened"):
        log.entry(people.teacher, "report.opened")


def test_the_page_filters_by_whole_days(house: House, crowd: People) -> None:
    """The last day is included; what is no day is no filter; the export link keeps the filter."""
    fill(house.service, crowd)
    today = f"{now().astimezone():%Y-%m-%d}"
    page = house.call(crowd.admin, "GET", "/log", params={"since": today, "until": today, "object": "d1"}).text
    assert page.count('data-label="操作"') == 1
    assert f"/log/export?object=d1&amp;since={today}&amp;until={today}" in page
    tomorrow = f"{now().astimezone() + timedelta(days=1):%Y-%m-%d}"
    assert "没有符合条件的记录" in house.call(crowd.admin, "GET", "/log", params={"since": tomorrow}).text
    assert house.call(crowd.admin, "GET", "/log", params={"since": "gestern"}).text.count('data-label="操作"') >= 4
    export = house.call(crowd.admin, "GET", "/log/export", params={"object": "d1"})
    assert export.headers["Content-Type"].startswith("text/csv")
    assert len(export.text.splitlines()) == 2


def test_the_api_lists_the_log(house: House, crowd: People) -> None:
    """With links to further pages, and times that need a zone."""
    fill(house.service, crowd)
    answer = house.call(crowd.auditor, "GET", "/api/v1/log", params={"limit": 1})
    assert [item["object_id"] for item in answer.json()["items"]] == ["r1"]
    assert answer.json()["items"][0]["action_name"] == "查看报告"
    following = answer.headers["Link"].split(">")[0][1:]
    assert [i["object_id"] for i in house.call(crowd.auditor, "GET", following).json()["items"]] == ["d1"]
    assert house.call(crowd.admin, "GET", "/api/v1/log", params={"since": "2026-01-01T00:00:00"}).status_code == 422


def test_entries_cannot_be_changed(service: Service, people: People) -> None:
    """The database itself refuses."""
    fill(service, people)
    with pytest.raises(Exception, match="log_entries"), service.store.begin() as session:  # noqa: PT012
        found = session.query(LogEntry).first()
        assert found is not None
        found.user_name = "somebody else"
        session.flush()
    assert len(listed(service, people.admin)) == 4


def test_what_the_retention_deletes_is_told(service: Service, people: People) -> None:
    """By name and department, as done by the service itself."""
    row = documents.upload(service, people.teacher, [note("了解市场。")], department_id=people.department)
    with service.store.begin() as session:
        session.execute(update(Document).values(created_at=now() - timedelta(days=40)))
    settings = replace(service.settings, service=replace(service.settings.service, retention_days=30))
    expire(settings, service.store, service.jobs)
    page = log.list_log(service, people.auditor, PageRequest(), log.LogFilter(action="retention.delete"))
    assert [(item.object_id, item.user_id, item.user_name) for item in page.items] == [(row.id, "", "到期清理")]
    assert page.items[0].detail == {"name": row.name}
