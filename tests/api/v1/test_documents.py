"""Documents over the API: kept byte for byte, named safely, within the limits, gone when deleted."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from api.http.body_limit import BodyLimit
from tests.api.v1.conftest import SAMPLE, V1, serving

Send = Callable[..., Any]


def test_a_document_is_kept_as_it_was_sent(idle: TestClient, send: Send, sample: bytes) -> None:
    """The answer tells where it is; what is there is the file, byte for byte, as a download of its name."""
    answer = send(idle, sample)
    body = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"] == body["links"]["self"] == f"{V1}/documents/{body['id']}"
    assert (body["name"], body["size"], body["kind"]) == (SAMPLE, len(sample), "auto")
    assert body["files"][0]["sha256"] == hashlib.sha256(sample).hexdigest()
    assert idle.get(answer.headers["location"]).json() == body
    file = idle.get(body["files"][0]["link"])
    assert file.content == sample
    assert file.headers["content-type"] == "application/octet-stream"
    assert file.headers["x-content-type-options"] == "nosniff"
    assert file.headers["content-disposition"].startswith("attachment;")
    assert f"filename*=UTF-8''{quote(SAMPLE)}" in file.headers["content-disposition"]


def test_a_plan_has_further_files_and_rules(idle: TestClient, samples: Path) -> None:
    """All files are kept with their part in the plan, in the order of the form."""
    plan, book = "直播电商专业_人才培养方案.docx", "直播电商专业_教学进程表.xlsx"
    files = [
        ("file", (plan, (samples / plan).read_bytes())),
        ("more", (book, (samples / book).read_bytes())),
        ("rules", ("校规.yaml", b"name: x\nrules: []\n")),
    ]
    body = idle.post(f"{V1}/documents", files=files, data={"kind": "plan", "major": " 直播 "}).json()
    assert [(file["role"], file["name"]) for file in body["files"]] == [
        ("main", plan),
        ("more", book),
        ("rules", "校规.yaml"),
    ]
    assert (body["kind"], body["major"]) == ("plan", "直播")


def test_fields_of_the_form_left_empty_are_nothing(idle: TestClient, sample: bytes) -> None:
    """A browser sends nameless empty files and empty texts for what nobody filled in."""
    empty = b'Content-Disposition: form-data; name="%b"; filename=""\r\nContent-Type: application/octet-stream\r\n\r\n'
    head = f'Content-Disposition: form-data; name="file"; filename="{SAMPLE}"\r\n\r\n'.encode()
    major = b'Content-Disposition: form-data; name="major"\r\n\r\n'
    parts = (head + sample, empty % b"more", empty % b"rules", major)
    body = b"".join(b"--edge\r\n" + part + b"\r\n" for part in parts) + b"--edge--\r\n"
    answer = idle.post(f"{V1}/documents", content=body, headers={"content-type": "multipart/form-data; boundary=edge"})
    assert (answer.status_code, len(answer.json()["files"])) == (201, 1)


@pytest.mark.parametrize(
    ("data", "name", "fields", "status", "slug", "words"),
    [
        (b"", "空.docx", {}, 422, "unreadable-document", "空.docx"),
        (b"text", "a.exe", {}, 422, "unreadable-document", ".exe"),
        (b"text", "a.txt", {"kind": "poem"}, 422, "invalid-request", "kind"),
        (b"text", "a.txt", {"major": "护理", "kind": "syllabus"}, 400, "bad-request", "只用于人才培养方案"),
        (b"text", "a.txt", {"previous": "nothing"}, 404, "not-found", "上一版"),
        (b"text", "a.txt", {"department": "nothing"}, 404, "not-found", "院系"),
        (b"text", "a.txt", {"major": "x" * 201}, 422, "invalid-request", "major"),
    ],
)
def test_what_cannot_be_kept_is_a_problem(
    idle: TestClient, send: Send, data: bytes, name: str, fields: dict[str, str], status: int, slug: str, words: str
) -> None:
    """Each is told by its own name, and nothing is kept of it."""
    before = idle.get(f"{V1}/documents").json()
    answer = send(idle, data, name, **fields)
    problem = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert problem["type"] == f"{V1}/problems/{slug}"
    assert words in problem["detail"]
    assert idle.get(f"{V1}/documents").json() == before


def test_a_missing_file_is_named(idle: TestClient) -> None:
    """A form without the file, and one with an empty one."""
    answer = idle.post(f"{V1}/documents", data={"kind": "auto"})
    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"place": "body", "field": "file", "what": "没有填写", "what_en": "is missing"}]
    nothing = idle.post(f"{V1}/documents", files={"file": ("", b"")})
    assert nothing.status_code in (400, 422)
    assert "文件" in nothing.json()["detail"] + nothing.json()["advice"] or "file" in nothing.json()["detail"]


@pytest.mark.parametrize(
    "name",
    ["../../etc/大纲.txt", "..\\..\\windows\\大纲.txt", "/abs/大纲.txt", "大纲\r\nX-Evil: 1.txt", "<b>大纲.txt"],
)
def test_file_names_are_names_only(idle: TestClient, send: Send, name: str) -> None:
    """No folder, no header and no path of the sender's gets through in a file name."""
    body = send(idle, b"text", name).json()
    kept = body["name"]
    assert "大纲" in kept
    assert not set(kept) & set("/\\\r\n")
    assert "etc" not in kept
    assert "windows" not in kept
    answer = idle.get(body["files"][0]["link"])
    assert "x-evil" not in answer.headers
    disposition = answer.headers["content-disposition"]
    assert not set(disposition.partition("''")[2]) & set('/\\<>\r\n"')
    assert not {"%2F", "%5C", "%0D"} & {disposition[i : i + 3] for i in range(len(disposition))}


def test_a_download_of_a_file_that_is_not_there(idle: TestClient, send: Send) -> None:
    """A place beyond the document's files, and a place that is no number."""
    here = send(idle, b"text", "a.txt").json()["links"]["self"]
    assert idle.get(f"{here}/files/1").status_code == 404
    assert idle.get(f"{here}/files/-1").status_code == 404
    assert idle.get(f"{here}/files/x").status_code == 422


def test_lists_come_in_pages(tmp_path: Path, send: Send) -> None:
    """Newest first; the next page is named in the body and in the header, filters stay on it."""
    with serving(tmp_path) as client:
        for number in range(5):
            send(client, f"text {number}".encode(), f"大纲{number}.txt")
        send(client, b"other", "教材.txt")
        first = client.get(f"{V1}/documents", params={"limit": 2, "text": "大纲"})
        assert [item["name"] for item in first.json()["items"]] == ["大纲4.txt", "大纲3.txt"]
        assert first.links["next"]["url"].startswith(f"{V1}/documents?")
        names, answer = [], first
        while "next" in answer.links:
            assert answer.json()["next"]
            answer = client.get(answer.links["next"]["url"])
            names += [item["name"] for item in answer.json()["items"]]
        assert names == ["大纲2.txt", "大纲1.txt", "大纲0.txt"]
        assert answer.json()["next"] == ""


def test_a_deleted_document_is_gone(idle: TestClient, send: Send) -> None:
    """It is found no more, nor are its files, and it cannot be deleted twice."""
    body = send(idle, b"to be deleted", "删.txt").json()
    here = body["links"]["self"]
    answer = idle.delete(here)
    assert (answer.status_code, answer.content) == (204, b"")
    assert [idle.get(address).status_code for address in (here, body["files"][0]["link"])] == [404, 404]
    assert idle.delete(here).status_code == 404


def test_a_file_beyond_the_limit_is_refused(tmp_path: Path, send: Send) -> None:
    """One byte too many is refused by name, with the limit named; the limit itself is fine."""
    with serving(tmp_path, upload_mb=1) as client:
        large = bytes(1 << 20)
        assert send(client, large, "大.pdf").status_code == 201
        above = send(client, large + b"x", "大.pdf")
        assert (above.status_code, above.json()["type"]) == (413, f"{V1}/problems/upload-too-large")
        assert above.json()["detail"].startswith("大.pdf：文件超过 1 MB")
        assert above.json()["detail_en"].startswith("大.pdf: The file is larger than 1 MB")
        page = client.post(f"{V1}/documents", files={"file": ("大.pdf", large + b"x")}, headers={"accept": "text/html"})
        assert (page.status_code, page.headers["content-type"]) == (413, "text/html; charset=utf-8")
        assert "文件超过 1 MB" in page.text


def test_a_body_that_tells_too_much_is_not_read(tmp_path: Path) -> None:
    """What is beyond a whole batch is refused by its told length."""
    with serving(tmp_path, batch_mb=1, upload_mb=1) as client:
        answer = client.post(f"{V1}/documents", files={"file": ("大.pdf", bytes(3 << 20))})
        assert (answer.status_code, "一次上传的内容超过" in answer.json()["detail"]) == (413, True)


def test_an_upload_of_untold_length_is_counted(tmp_path: Path) -> None:
    """A body that tells no length is read up to the limit and not a part further."""
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
    parts = iter([head, *[bytes(1 << 19)] * 64])
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": next(parts), "more_body": True}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        **{"type": "http", "method": "POST", "path": f"{V1}/documents", "raw_path": b"", "query_string": b""},
        **{"http_version": "1.1", "scheme": "http", "root_path": "", "client": ("127.0.0.1", 5), "server": None},
        "headers": [(b"content-type", b"multipart/form-data; boundary=b"), (b"host", b"localhost")],
    }
    with serving(tmp_path, batch_mb=1, upload_mb=1) as client:
        asyncio.run(client.app(scope, receive, send))  # type: ignore[arg-type]
    assert sent[0]["status"] == 413
    assert len(list(parts)) == 64 - 4
    assert BodyLimit.__name__ in str(client.app.user_middleware)  # type: ignore[attr-defined]
