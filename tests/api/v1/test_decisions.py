"""Judgement over HTTP: decisions, review, history, what waits, exports, comparisons, the dashboard."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.api.v1.conftest import V1

PLAN = "电子商务专业_人才培养方案.docx"
Finished = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def report(client: TestClient, sample: bytes, finished: Finished) -> str:
    """Address of a finished report of a syllabus."""
    return f"{V1}/reports/{finished(client, sample)['id']}"


def _result(client: TestClient, report: str) -> dict[str, Any]:
    body: dict[str, Any] = client.get(f"{report}/result").json()
    return body


def _element(client: TestClient, report: str, grade: int) -> dict[str, Any]:
    return next(e for e in _result(client, report)["elements"] if e["grade"] == grade and not e.get("decided"))


def test_a_decision_shows_everywhere(client: TestClient, report: str) -> None:
    """Put, read in the list, in the report, in its history; withdrawn again."""
    element, quote = _element(client, report, 0), _element(client, report, 2)["evidence"][0]["quote"]
    address = f"{report}/elements/{element['id']}/decision"
    before = client.get(f"{report}/result").headers["etag"]
    body = {"action": "override", "grade": 2, "level": 3, "quote": quote, "reason": "写明了"}
    made = client.put(address, json=body)
    assert made.status_code == 200, made.text
    assert (made.json()["stands"], made.json()["proposed"]["grade"]) == (True, 0)
    (listed,) = [d for d in client.get(f"{report}/decisions").json()["items"] if d["target"] == element["id"]]
    assert (listed["quote"], listed["stands"], listed["disputed"]) == (quote, True, False)
    after = client.get(f"{report}/result")
    assert after.headers["etag"] != before
    (shown,) = [e for e in after.json()["elements"] if e["id"] == element["id"]]
    assert (shown["grade"], shown["decided"]["proposed_grade"], shown["evidence"][0]["quote"]) == (2, 0, quote)
    assert after.json()["provenance"]["decisions"]["overridden"] == 1
    assert client.delete(address, params={"reason": "再看看"}).status_code == 204
    assert not any(d["stands"] for d in client.get(f"{report}/decisions").json()["items"])
    items = client.get(f"{report}/history").json()["items"]
    assert [i["action"] for i in items if i["target"] == element["id"]] == ["override", "withdraw"]
    assert client.delete(address).status_code == 409


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"action": "override", "grade": 2, "reason": "写明了"}, 400),
        ({"action": "override", "grade": 2, "reason": "写明了", "quote": "文件里没有的一句话"}, 400),
        ({"action": "override", "grade": 5, "reason": "写明了"}, 422),
        ({"action": "accept", "grade": 2}, 412),
        ({"action": "confirm"}, 422),
        ({"action": "accept", "unknown": 1}, 422),
    ],
)
def test_what_is_refused(client: TestClient, report: str, body: dict[str, Any], status: int) -> None:
    """As a problem that says where."""
    element = _element(client, report, 0)
    answer = client.put(f"{report}/elements/{element['id']}/decision", json=body)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


def test_unknown_things_are_not_found(client: TestClient, report: str) -> None:
    """Elements, rules and reports."""
    for address in (f"{report}/elements/X9.e1", f"{report}/rules/NR99", f"{V1}/reports/none/elements/C1.R1.e1"):
        assert client.put(f"{address}/decision", json={"action": "accept"}).status_code == 404
    for part in ("decisions", "history"):
        assert client.get(f"{V1}/reports/none/{part}").status_code == 404


def test_nobody_is_their_own_second(client: TestClient, report: str) -> None:
    """The one user of a service without accounts is told how to have another."""
    element = _element(client, report, 2)
    address = f"{report}/elements/{element['id']}/decision"
    assert client.put(address, json={"action": "accept", "grade": 2}).status_code == 200
    answer = client.post(f"{address}/second", json={"agree": True})
    assert answer.status_code == 403
    assert "--auth" in answer.json()["advice"]


def test_rules_of_a_plan(client: TestClient, samples: Any, finished: Finished) -> None:
    """A person's verdict on a rule stands in the report and its counts; an approved report is closed."""
    row = finished(client, (samples / PLAN).read_bytes(), PLAN)
    report = f"{V1}/reports/{row['id']}"
    rule = next(r for r in _result(client, report)["rules"] if r["verdict"] == "fail")
    address = f"{report}/rules/{rule['id']}/decision"
    made = client.put(address, json={"action": "override", "verdict": "pass", "reason": "另附说明"})
    assert made.status_code == 200, made.text
    (shown,) = [r for r in _result(client, report)["rules"] if r["id"] == rule["id"]]
    assert (shown["verdict"], shown["decided"]["proposed_verdict"]) == ("pass", "fail")
    counts = client.get(report).json()["headline"]["rules"]
    assert counts["fail"] == row["headline"]["rules"]["fail"] - 1
    for to, seen in (("submitted", "draft"), ("approved", "submitted")):
        assert client.post(f"{report}/review", json={"to": to, "from": seen}).status_code == 200
    assert client.delete(address).status_code == 409
    assert client.post(f"{report}/review", json={"to": "returned", "from": "submitted"}).status_code == 412
    returned = client.post(f"{report}/review", json={"to": "returned", "from": "approved", "comment": "再核"})
    assert returned.json()["review_state"] == "returned"
    assert client.delete(address).status_code == 204


def test_reviews_wait(client: TestClient, report: str) -> None:
    """A submitted report is in the queue until it is judged."""
    assert client.post(f"{report}/review", json={"to": "submitted", "from": "draft"}).status_code == 200
    assert report.rpartition("/")[2] in [row["id"] for row in client.get(f"{V1}/reviews").json()["items"]]
    body = {"to": "returned", "from": "submitted", "comment": "请补充"}
    assert client.post(f"{report}/review", json=body).status_code == 200
    assert report.rpartition("/")[2] not in [row["id"] for row in client.get(f"{V1}/reviews").json()["items"]]


def test_exports(client: TestClient, report: str) -> None:
    """Decisions as a labelled set, and the dashboard as a file."""
    element = _element(client, report, 2)
    assert client.put(f"{report}/elements/{element['id']}/decision", json={"action": "accept"}).status_code == 200
    answer = client.get(f"{V1}/decisions/export", params={"standard": "530701"})
    assert answer.headers["content-type"] == "application/zip"
    names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert any(name.startswith("labels/") for name in names)
    assert client.get(f"{V1}/decisions/export", params={"standard": "999999"}).status_code in (400, 404)
    for format in ("xlsx", "csv", "docx", "json"):
        answer = client.get(f"{V1}/dashboard/export", params={"format": format})
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-disposition"].endswith(format)
    assert client.get(f"{V1}/dashboard/export", params={"format": "pdf"}).status_code == 422


def test_comparisons_and_dashboard(client: TestClient, report: str, sample: bytes, finished: Finished) -> None:
    """Two reports of the same text under different courses stand side by side; the dashboard shows the documents."""
    first = report.rpartition("/")[2]
    second = finished(client, sample, "副本.pdf", courses=["C5"])["id"]
    found = client.get(f"{V1}/comparisons", params={"report": [first, second]})
    assert found.status_code == 200, found.text
    assert [row["id"] for row in found.json()["reports"]] == [first, second]
    assert len(found.json()["changes"]) == 1
    assert client.get(f"{V1}/comparisons", params={"report": [first]}).status_code == 400
    assert client.get(f"{V1}/comparisons", params={"report": [first, "none"]}).status_code == 404
    assert (
        client.get(f"{V1}/comparisons/export", params={"report": [first, second], "format": "docx"}).status_code == 200
    )
    body = client.get(f"{V1}/dashboard").json()
    assert second in [row["report"] for row in body["documents"]]
    assert all(len(row["ratios"]) == len(body["statements"]) for row in body["documents"])
    assert body["covered"] + body["touched"] + body["missing"] > 0
    assert client.get(f"{V1}/dashboard", params={"audit": "none"}).status_code == 404
