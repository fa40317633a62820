"""Who saw, downloaded or changed what is in the log: each such request leaves its entry."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import pytest

from api.services.log import ACTIONS
from api.store.models import LogEntry
from tests.api.auth.matrix import FILE, Row, body, form, query
from tests.api.auth.world import World, filled

ROOT = Path(__file__).resolve().parents[3]
V1 = "/api/v1"
_REPORT, _PAGE = f"{V1}/reports/{{report_id}}", "/reports/{report_id}"

#: What is done, by whom, the entry's action, and the name of the object it is about ("" where that is made just then).
DONE = [
    (Row("POST", f"{V1}/documents", "", "", {"files": {"file": FILE}}), "owner", "document.upload", ""),
    (
        Row("POST", "/upload", "", "", {"files": {"file": FILE}, **form(standard="530701")}),
        "owner",
        "document.upload",
        "",
    ),
    (
        Row("GET", f"{V1}/documents/{{document_id}}/files/{{position}}", "", "done"),
        "reviewer",
        "document.download",
        "document_id",
    ),
    (Row("DELETE", f"{V1}/documents/{{document_id}}", "", "done"), "owner", "document.delete", "document_id"),
    (Row("POST", "/documents/{document_id}/delete", "", "done"), "owner", "document.delete", "document_id"),
    (Row("POST", f"{V1}/reports", "", "done", body(document="{document_id}")), "owner", "report.start", ""),
    (Row("GET", f"{_REPORT}/result", "", "done"), "auditor", "report.download", "report_id"),
    (Row("GET", _PAGE, "", "done"), "auditor", "report.open", "report_id"),
    (Row("GET", f"{_PAGE}/document", "", "done"), "reviewer", "report.open", "report_id"),
    (Row("GET", f"{_PAGE}/print", "", "done"), "reviewer", "report.open", "report_id"),
    (Row("GET", f"{_PAGE}/elements/{{element_id}}", "", "done"), "admin", "report.open", "report_id"),
    (Row("POST", f"{_REPORT}/cancel", "", "queued"), "owner", "report.cancel", "report_id"),
    (Row("POST", f"{_REPORT}/retry", "", "failed"), "owner", "report.retry", "report_id"),
    (Row("DELETE", _REPORT, "", "done"), "owner", "report.delete", "report_id"),
    (Row("POST", f"{V1}/audits", "", "", {"files": {"files": FILE}}), "owner", "audit.create", ""),
    (Row("POST", f"{V1}/audits/{{audit_id}}/cancel", "", "audit queued"), "owner", "audit.cancel", "audit_id"),
    (Row("POST", f"{V1}/audits/{{audit_id}}/retry", "", "audit failed"), "owner", "audit.retry", "audit_id"),
    (Row("DELETE", f"{V1}/audits/{{audit_id}}", "", "audit"), "admin", "audit.delete", "audit_id"),
    (Row("GET", f"{V1}/audits/{{audit_id}}/export", "", "audit"), "auditor", "audit.export", "audit_id"),
    (
        Row("PUT", f"{_REPORT}/elements/{{element_id}}/decision", "", "done", body(action="accept")),
        *("reviewer", "decision.add", ""),
    ),
    (
        Row("POST", f"{_PAGE}/elements/{{element_id}}/decision", "", "done", form(action="accept")),
        "owner",
        "decision.add",
        "",
    ),
    (
        Row("POST", f"{_REPORT}/review", "", "submitted", body(**{"from": "submitted", "to": "approved"})),
        *("reviewer", "review.move", "report_id"),
    ),
    (Row("GET", f"{V1}/decisions/export", "", "decided", query(standard="530701")), "reviewer", "labels.export", ""),
    (
        Row("GET", f"{V1}/comparisons", "", "pair", query(report=["{report_id}", "{other_id}"])),
        *("reviewer", "comparison.open", ""),
    ),
    (
        Row("GET", "/compare", "", "pair", query(report=["{report_id}", "{other_id}"])),
        "reviewer",
        "comparison.open",
        "",
    ),
    (Row("GET", f"{V1}/dashboard", "", "done", query(standard="530701")), "auditor", "dashboard.open", ""),
    (Row("GET", f"{V1}/dashboard/export", "", "done", query(standard="530701")), "auditor", "dashboard.export", ""),
    (Row("POST", f"{V1}/standards", "", "standard", body(preview="{preview}")), "admin", "standard.import", "code"),
    (Row("DELETE", f"{V1}/standards/{{code}}", "", "imported"), "admin", "standard.remove", "code"),
    (Row("GET", f"{V1}/log/export", "", ""), "auditor", "log.export", ""),
]


def newest(world: World) -> list[LogEntry]:
    """The log, the newest first."""
    return world.house.entries()


@pytest.mark.parametrize(
    ("row", "who", "action", "named"),
    DONE,
    ids=lambda value: f"{value.method} {value.path}" if isinstance(value, Row) else None,
)
def test_it_is_in_the_log(world: World, row: Row, who: str, action: str, named: str) -> None:
    """Once, by whoever did it, from their address, about the object."""
    made = world.place(row.needs, True)
    before = {entry.id for entry in newest(world)}
    principal = world.who[who]
    assert principal is not None
    path = row.path.format_map(made)
    accept = {"headers": {"Accept": "text/html"}} if not path.startswith("/api/") else {}
    answer = world.house.call(principal, row.method, path, **filled(row.sent, made), **accept)
    assert answer.status_code < 400, answer.text
    entries = [entry for entry in newest(world) if entry.id not in before and entry.action == action]
    assert entries, f"no {action}"
    for entry in entries:
        assert (entry.user_id, entry.address) == (principal.id, "198.51.100.7")
        if named:
            assert entry.object_id == made[named]
        if named in ("document_id", "report_id", "audit_id"):
            assert entry.department_id == world.department


def test_parts_of_a_page_are_no_way_around_the_log(world: World) -> None:
    """A part that is asked for by itself is an entry; those of an open page are not one each."""
    made = world.place("done", True)
    headers = {"Accept": "text/html", "HX-Request": "true"}

    def opened() -> int:
        return sum(entry.object_id == made["report_id"] for entry in world.house.entries("report.open"))

    for _ in range(3):
        answer = world.house.call(
            world.who["reviewer"], "GET", f"{_PAGE}/elements/{{element_id}}".format_map(made), headers=headers
        )
        assert answer.status_code == 200
        assert opened() == 1
    assert world.house.call(world.who["auditor"], "GET", f"{_PAGE}/document".format_map(made)).status_code == 200
    assert opened() == 2


def test_who_is_refused_leaves_no_such_entry(world: World) -> None:
    """The log tells what was done and seen, not what was tried."""
    made = world.place("done", True)
    before = len(newest(world))
    for path in ("/reports/{report_id}", f"{_REPORT}/result", f"{V1}/documents/{{document_id}}/files/0"):
        assert world.house.call(world.who["colleague"], "GET", path.format_map(made)).status_code == 404
    assert len(newest(world)) == before


def test_entries_hold_no_text_of_documents(world: World) -> None:
    """Names and numbers only, whatever was decided, compared or exported."""
    for entry in newest(world):
        for value in entry.detail.values():
            parts = value if isinstance(value, list) else [value]
            assert all(part is None or isinstance(part, int | float) or len(str(part)) <= 100 for part in parts)
        assert "关键词优化" not in str(entry.detail)


def test_every_action_is_one_that_happens() -> None:
    """The page offers no action to filter by that nothing records."""
    said: Counter[str] = Counter()
    for path in (ROOT / "api").rglob("*.py"):
        nodes = ast.walk(ast.parse(path.read_text("utf-8")))
        said.update(str(node.value) for node in nodes if isinstance(node, ast.Constant))
    assert [action for action in ACTIONS if said[action] < 2] == []
