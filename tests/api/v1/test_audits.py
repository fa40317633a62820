"""Audits over the API: a batch is a job of jobs, what is left out is told, the export is whole and takes no memory."""

from __future__ import annotations

import csv
import io
import json
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from fastapi.testclient import TestClient

from api.auth.principal import LOCAL
from api.rendering import table_xlsx
from api.rendering.table_xlsx import write_table
from api.services import audit_export
from tests.api.v1.conftest import V1, serving
from tests.service import work_off

NOTE = "一、课程目标\n掌握用户画像分析方法，能完成用户拉新、留存、促活和转化。\n"
Body = dict[str, Any]


def note(number: int) -> tuple[str, bytes]:
    """A short syllabus of its own."""
    return f"大纲{number}.txt", (NOTE + f"第 {number} 份\n").encode()


def zipped(*files: tuple[str, bytes]) -> bytes:
    """A zip of files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files:
            archive.writestr(name, data)
    return buffer.getvalue()


def create(client: TestClient, *files: tuple[str, bytes], **fields: str) -> Any:
    """Send a batch."""
    return client.post(f"{V1}/audits", files=[("files", file) for file in files], data=fields)


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestClient, Body]]:
    """A finished batch: two documents that can be read and one that cannot."""
    with serving(tmp_path_factory.mktemp("data")) as client:
        audit = create(client, note(1), note(2), ("坏.pdf", b"%PDF-1.7 broken"), name="=学期|检查").json()
        work_off(client.app.state.service)  # type: ignore[attr-defined]
        yield client, client.get(audit["links"]["self"]).json()


def test_a_batch_is_a_report_for_each_document(idle: TestClient) -> None:
    """Files and those in a zip; what is no document is told; the reports are listed by the batch."""
    inside = zipped(note(3), ("图/校歌.mp4", b"BM"), note(4))
    answer = create(idle, note(1), note(2), ("一批.zip", inside), name="秋季", kind="syllabus")
    body = answer.json()
    assert answer.status_code == 202
    assert answer.headers["location"] == body["links"]["self"] == f"{V1}/audits/{body['id']}"
    assert (body["name"], body["standard"], body["done"]) == ("秋季", "530701", False)
    assert body["counts"] == {"queued": 4, "running": 0, "done": 0, "failed": 0, "cancelled": 0}
    assert [problem["where"] for problem in body["problems"]] == ["一批.zip/图/校歌.mp4"]
    names, address = [], f"{body['links']['reports']}&limit=3"
    while address:
        page = idle.get(address)
        names += [item["document_name"] for item in page.json()["items"]]
        address = page.links["next"]["url"] if "next" in page.links else ""
    assert sorted(names) == [f"大纲{number}.txt" for number in (1, 2, 3, 4)]


def test_batches_are_listed_newest_first(tmp_path: Path) -> None:
    """Page by page, with their numbers."""
    with serving(tmp_path) as client:
        made = [create(client, note(number), name=str(number)).json() for number in range(3)]
        first = client.get(f"{V1}/audits", params={"limit": 2})
        assert [item["name"] for item in first.json()["items"]] == ["2", "1"]
        assert first.json()["items"][0] == made[2]
        assert [item["name"] for item in client.get(first.links["next"]["url"]).json()["items"]] == ["0"]


def test_a_batch_is_sent_again_only_when_it_changed(idle: TestClient) -> None:
    """304 until something happens; cancelled, retried and deleted as a whole."""
    here = create(idle, note(7), note(8)).json()["links"]["self"]
    tag = idle.get(here).headers["etag"]
    assert idle.get(here, headers={"If-None-Match": tag}).status_code == 304
    assert idle.post(f"{here}/cancel").json()["counts"]["cancelled"] == 2
    assert idle.post(f"{here}/cancel").status_code == 409
    assert idle.get(here, headers={"If-None-Match": tag}).json()["done"] is True
    again = idle.post(f"{here}/retry")
    assert (again.status_code, again.json()["counts"]["queued"]) == (202, 2)
    assert idle.post(f"{here}/retry").status_code == 409
    assert idle.delete(here).status_code == 204
    rests = ("", "/events", "/export")
    assert [idle.get(f"{here}{rest}").status_code for rest in rests] == [404, 404, 404]


@pytest.mark.parametrize(
    ("files", "fields", "status", "words"),
    [
        ([("a.zip", b"no zip")], {}, 422, "a.zip"),
        ([("a.mp4", b"BM")], {}, 422, "没有可对照的文档"),
        ([note(1)], {"standard": "999999"}, 400, "999999"),
        ([note(1)], {"kind": "poem"}, 422, "kind"),
        ([note(1)], {"department": "none"}, 404, "院系"),
        ([], {"name": "空"}, 422, "files"),
        ([("", b"")], {}, 422, "files"),
    ],
)
def test_batches_that_cannot_be(
    idle: TestClient, files: list[tuple[str, bytes]], fields: dict[str, str], status: int, words: str
) -> None:
    """Refused as a whole, with the reason, and nothing is kept."""
    before = idle.get(f"{V1}/audits").json()
    answer = create(idle, *files, **fields)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
    assert words in answer.json()["detail"]
    assert idle.get(f"{V1}/audits").json() == before


def test_limits_of_a_batch_are_named(tmp_path: Path) -> None:
    """How many files, how large one, how large all: each told with its number."""
    with serving(tmp_path, batch_files=3, upload_mb=1, batch_mb=2) as client:
        many = create(client, *map(note, range(4)))
        assert (many.status_code, "有 4 个文件，每批最多 3 个" in many.json()["detail"]) == (413, True)
        packed = create(client, ("一批.zip", zipped(*map(note, range(4)))))
        assert (packed.status_code, "每批最多 3 " in packed.json()["detail"]) == (413, True)
        large = create(client, ("大.txt", bytes((1 << 20) + 1)))
        assert large.json()["detail"].startswith("大.txt：文件超过 1 MB")
        whole = create(client, *((f"{n}.txt", bytes(1 << 20)) for n in range(3)))
        assert whole.status_code == 413
        assert client.get(f"{V1}/audits").json()["items"] == []


def rows_of(client: TestClient, audit: Body) -> list[Body]:
    """The rows of the JSON export."""
    found: list[Body] = client.get(audit["links"]["export"], params={"format": "json"}).json()["rows"]
    return found


def test_the_export_has_every_element_of_every_document(done: tuple[TestClient, Body]) -> None:
    """As the reports say it; the failed document is not in it."""
    client, audit = done
    assert audit["counts"] == {"queued": 0, "running": 0, "done": 2, "failed": 1, "cancelled": 0}
    rows = rows_of(client, audit)
    assert {row["document"] for row in rows} == {"大纲1.txt", "大纲2.txt"}
    for report in client.get(audit["links"]["reports"]).json()["items"]:
        if report["state"] != "done":
            continue
        whole = client.get(report["links"]["result"]).json()
        mine = [row for row in rows if row["report"] == report["id"]]
        assert [row["element"] for row in mine] == [element["id"] for element in whole["elements"]]
        assert [row["grade"] for row in mine] == [element["grade"] for element in whole["elements"]]
        quoted = next(row for row in mine if row["grade"])
        assert quoted["quote"] in NOTE
        assert quoted["place"]
        scope = [row for row in mine if row["in_scope"]]
        assert len([row for row in scope if row["grade"] == 2]) == report["headline"]["covered"]


def test_the_export_comes_as_a_table(done: tuple[TestClient, Body]) -> None:
    """CSV and workbook hold the same rows, under the batch's name, and none of their cells is a formula."""
    client, audit = done
    rows = rows_of(client, audit)
    answer = client.get(audit["links"]["export"])
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["content-disposition"]
    assert answer.content.startswith(b"\xef\xbb\xbf")
    header, *lines = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert (header[0], header[9]) == ("文档", "结论")
    assert [(line[0], line[6]) for line in lines] == [(row["document"], row["element"]) for row in rows]
    assert not any(cell.startswith(("=", "+", "-", "@")) for line in lines for cell in line)
    data = client.get(audit["links"]["export"], params={"format": "xlsx"}).content
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    found = list(sheet.iter_rows(values_only=True))
    assert found[0] == tuple(header)
    assert [(row[0], row[6]) for row in found[1:]] == [(row["document"], row["element"]) for row in rows]
    assert client.get(audit["links"]["export"], params={"format": "pdf"}).status_code == 422


def test_decisions_are_in_the_export(done: tuple[TestClient, Body]) -> None:
    """Who decided is told in the row."""
    client, audit = done
    report = next(r for r in client.get(audit["links"]["reports"]).json()["items"] if r["state"] == "done")
    element = rows_of(client, audit)[0]["element"]
    address = f"{report['links']['self']}/elements/{element}/decision"
    assert client.put(address, json={"action": "accept"}).status_code == 200
    decided = [row for row in rows_of(client, audit) if row["decided"]]
    assert [(row["report"], row["element"]) for row in decided] == [(report["id"], element)]


def test_a_report_that_goes_meanwhile_is_left_out(done: tuple[TestClient, Body]) -> None:
    """The export that has begun ends well, with the documents that are still there."""
    client, _ = done
    service = client.app.state.service  # type: ignore[attr-defined]
    audit = create(client, note(11), note(12)).json()
    work_off(service)
    export = audit_export.export(service, LOCAL, audit["id"], "json")
    first = client.get(audit["links"]["reports"]).json()["items"][0]
    assert client.delete(first["links"]["self"]).status_code == 204
    rows = json.loads(b"".join(export.pieces))["rows"]
    assert {row["document"] for row in rows} == {"大纲11.txt"}


def long_rows(number: int) -> Iterator[audit_export.Row]:
    """Rows as of a large batch."""
    for index in range(number):
        yield audit_export.Row(
            document=f"大纲{index}.txt",
            document_id="d",
            report="r",
            standard="530701",
            course="C1",
            statement="C1.R1",
            element=f"C1.R1.e{index}",
            text="用户画像" * 10,
            in_scope=True,
            grade=index % 3,
            p_covered=0.5,
            p_touched=0.75,
            review=False,
            level_required=3,
            level_found=None,
            level_short=False,
            decided="",
            quote="掌握用户画像分析方法" * 5,
            place="第 1 段",
        )


@pytest.mark.parametrize("make", [audit_export._csv, audit_export._json, audit_export._xlsx])
def test_memory_does_not_grow_with_the_batch(make: Callable[..., Iterator[bytes]]) -> None:
    """Ten times the rows take the same memory, whatever the format."""

    class Named:
        id = name = standard = "x"

    def peak(rows: int) -> int:
        tracemalloc.start()
        size = sum(len(piece) for piece in make(long_rows(rows), Named()))
        top = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert size > rows
        return top

    peak(100)  # what is loaded once
    assert peak(5_000) < peak(500) + 500_000


def test_a_table_too_long_for_one_sheet_goes_on_in_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each sheet has the header; no row is lost; text that looks like a formula stays text."""
    monkeypatch.setattr(table_xlsx, "_ROWS", 2)
    buffer = io.BytesIO()
    write_table(buffer, "表", [("甲", 5), ("乙", 9)], [(1, "=1+1"), (2, None), (3, "x" * 40_000)])
    book = openpyxl.load_workbook(buffer)
    assert [sheet.title for sheet in book] == ["表", "表 2"]
    found = [[cell.value for cell in row] for sheet in book for row in sheet.iter_rows()]
    assert found[:3] == [["甲", "乙"], [1, "=1+1"], [2, None]]
    assert found[3] == ["甲", "乙"]
    assert len(str(found[4][1])) == 32_000
    assert book["表"]["B2"].data_type == "s"
    empty = io.BytesIO()
    write_table(empty, "表", [("甲", 5)], [])
    assert [[c.value for c in row] for row in openpyxl.load_workbook(empty)["表"].iter_rows()] == [["甲"]]
