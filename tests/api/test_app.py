"""The HTTP face: the page, the reports in every format, problems as RFC 9457 and as a page."""

from __future__ import annotations

import asyncio
import io
import json
import zipfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

import lxml.html
import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

import api.app
from api.app import create_app
from api.schemas import ReportOut
from api.settings import Settings
from corpora import __version__
from corpora.standard_import import import_standards
from corpora.standard_json import save_standard

SAMPLE = "社群运营_教学大纲.pdf"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The application with a data folder in which a second standard was imported."""
    from corpora.parsers import read_document

    settings = Settings(data=tmp_path_factory.mktemp("data"))
    source = Path(__file__).parents[1] / "corpora" / "standards" / "460301.md"
    for imported in import_standards(read_document(source)):
        save_standard(imported.standard, settings.standards)
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="module")
def sample(samples: Path) -> bytes:
    """A syllabus."""
    return (samples / SAMPLE).read_bytes()


def post(client: TestClient, data: bytes, name: str = SAMPLE, accept: str = "*/*", **fields: str):  # type: ignore[no-untyped-def]
    """Send a file as the page's form does."""
    return client.post(
        "/api/v1/reports", files={"file": (name, io.BytesIO(data))}, data=fields, headers={"accept": accept}
    )


def test_page_offers_every_standard_and_format(client: TestClient) -> None:
    """The form names the shipped and the imported standard, and only formats that can be made here."""
    page = client.get("/")
    form = lxml.html.fromstring(page.text).forms[0]
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert form.attrib["enctype"] == "multipart/form-data"
    assert form.inputs["standard"].value_options == ["460301", "530701"]
    assert form.fields["standard"] == "530701"
    assert form.fields["format"] == "html"
    expected = {"html", "docx", "xlsx", "md", "csv", "json"} | ({"pdf"} if find_spec("weasyprint") else set())
    assert set(form.inputs["format"].value_options) == expected
    labels = {label.get("for") for label in form.iter("label")}
    assert labels == {"file", "standard", "format", "more", "rules", "major", "kind"}
    assert form.inputs["kind"].value_options == ["auto", "plan", "syllabus", "textbook"]


def test_page_and_report_may_load_nothing_from_elsewhere(client: TestClient) -> None:
    """The page stands alone and its policy lets it load and send nothing elsewhere."""
    page = client.get("/")
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert page.headers["x-content-type-options"] == "nosniff"
    links = [link for _, _, link, _ in lxml.html.fromstring(page.text).iterlinks() if link.startswith(("http", "//"))]
    assert links == []


def test_report_as_json_is_that_of_the_contract(client: TestClient, sample: bytes) -> None:
    """JSON is the default and holds to the schema; the standard asked for is the one reported."""
    answer = post(client, sample)
    report = ReportOut.model_validate(json.loads(answer.content))
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert (report.document.name, report.standard.code) == (SAMPLE, "530701")
    assert any(element.grade == 2 for element in report.elements)
    other = ReportOut.model_validate(json.loads(post(client, sample, standard="460301").content))
    assert other.standard.code == "460301"


def test_report_as_a_page_shows_in_the_browser(client: TestClient, sample: bytes) -> None:
    """HTML is shown, not saved, and may run nothing but its own script."""
    answer = post(client, sample, format="html")
    assert answer.headers["content-type"].startswith("text/html")
    assert "content-disposition" not in answer.headers
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "社群运营" in lxml.html.fromstring(answer.content.decode()).text_content()


def test_office_reports_are_downloads(client: TestClient, sample: bytes) -> None:
    """Word and Excel files come under the document's name and open."""
    for format, part in (("docx", "word/document.xml"), ("xlsx", "xl/workbook.xml")):
        answer = post(client, sample, format=format)
        stem = SAMPLE.removesuffix(".pdf")
        assert answer.headers["content-disposition"] == f"attachment; filename*=UTF-8''{quote(stem)}.report.{format}"
        assert part in zipfile.ZipFile(io.BytesIO(answer.content)).namelist()


PACK = "name: 校规\nrules:\n  - {id: X1, quantity: total_hours, operator: '<=', value: 2400}\n"


def send_plan(client: TestClient, samples: Path, *beside: tuple[str, str, bytes], **fields: str) -> Response:
    """Send the plan whose schedule is a workbook of its own, with further files."""
    name = "直播电商专业_人才培养方案.docx"
    files = [("file", (name, (samples / name).read_bytes())), *((part, (n, data)) for part, n, data in beside)]
    return client.post("/api/v1/reports", files=files, data=fields)


def test_a_plan_is_audited_with_its_schedule_and_the_schools_rules(client: TestClient, samples: Path) -> None:
    """Further files are joined with it, its copy is not, and the rules of the pack are judged."""
    book, plan = "直播电商专业_教学进程表.xlsx", "直播电商专业_人才培养方案.docx"
    answer = send_plan(
        client,
        samples,
        ("more", book, (samples / book).read_bytes()),
        ("more", plan, (samples / plan).read_bytes()),
        ("rules", "校规.yaml", PACK.encode()),
        kind="plan",
    )
    report = ReportOut.model_validate(answer.json())
    assert report.programme is not None
    assert len(report.programme.course_table) == 47
    assert {part.name for part in report.document.parts} == {plan, book}
    own = next(rule for rule in report.rules if rule.id == "X1")
    assert (own.verdict, own.source) == ("fail", "校规")
    assert [conflict.against for conflict in report.programme.conflicts] == ["NR04"]


def test_fields_of_the_form_left_empty_are_nothing(client: TestClient, sample: bytes) -> None:
    """A browser sends nameless empty files and empty texts for what nobody filled in."""
    empty = b'Content-Disposition: form-data; name="%b"; filename=""\r\nContent-Type: application/octet-stream\r\n\r\n'
    head = f'Content-Disposition: form-data; name="file"; filename="{SAMPLE}"\r\n\r\n'.encode()
    major = b'Content-Disposition: form-data; name="major"\r\n\r\n'
    parts = (head + sample, empty % b"more", empty % b"rules", major)
    body = b"".join(b"--edge\r\n" + part + b"\r\n" for part in parts) + b"--edge--\r\n"
    headers = {"content-type": "multipart/form-data; boundary=edge"}
    answer = client.post("/api/v1/reports", content=body, headers=headers)
    assert (answer.status_code, answer.json()["document"]["kind"]) == (200, "syllabus")


@pytest.mark.parametrize(
    ("beside", "fields", "status", "words"),
    [
        ((), {"kind": "poem"}, 400, "poem"),
        ((), {"major": "护理"}, 400, "网络营销与直播电商"),
        ((), {"major": "护理", "kind": "syllabus"}, 400, "只用于人才培养方案"),
        ((("more", "坏.xlsx", b"PK broken"),), {}, 422, "坏.xlsx"),
        ((("rules", "错.yaml", b"name: [\n"),), {}, 422, "YAML"),
        ((("rules", "大.yaml", b"#" * 300_000),), {}, 422, "KiB"),
    ],
)
def test_wrong_files_of_a_plan_are_problems(
    client: TestClient,
    samples: Path,
    beside: tuple[tuple[str, str, bytes], ...],
    fields: dict[str, str],
    status: int,
    words: str,
) -> None:
    """Each is told by its own name."""
    answer = send_plan(client, samples, *beside, **fields)
    assert (answer.status_code, words in answer.json()["detail"]) == (status, True)


@pytest.mark.parametrize(
    ("data", "name", "fields", "status", "words"),
    [
        (b"", "空.docx", {}, 422, "空"),
        (b"%PDF-1.7 broken", "坏.pdf", {}, 422, "坏.pdf"),
        (b"text", "a.txt", {"standard": "999999"}, 400, "999999"),
        (b"text", "a.txt", {"format": "odt"}, 400, "odt"),
        (b"text", "a.txt", {"format": "terminal"}, 400, "terminal"),
        (b"text", "a.txt", {"standard": "../../etc/passwd"}, 400, "没有代码"),
    ],
)
def test_bad_input_is_a_problem(
    client: TestClient, data: bytes, name: str, fields: dict[str, str], status: int, words: str
) -> None:
    """Programs get problem details, browsers a page; both say what is wrong."""
    answer = post(client, data, name, **fields)
    problem = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert problem["status"] == status
    assert problem["title"]
    assert words in problem["detail"]
    page = post(client, data, name, accept="text/html,application/xhtml+xml,*/*;q=0.8", **fields)
    assert (page.status_code, page.headers["content-type"]) == (status, "text/html; charset=utf-8")
    text = lxml.html.fromstring(page.text)
    assert words in text.text_content()
    assert text.xpath("//a[@href='/']")


def test_missing_file_is_a_problem_too(client: TestClient) -> None:
    """A form without a file: problem details for programs, a page in Chinese for a browser."""
    answer = client.post("/api/v1/reports", data={"format": "json"})
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert "file" in answer.json()["detail"]
    empty = {"file": ("", b"")}
    page = client.post("/api/v1/reports", files=empty, data={"format": "html"}, headers={"accept": "text/html"})
    assert page.status_code == 422
    assert "请选择" in lxml.html.fromstring(page.text).text_content()


def test_unknown_address_is_a_problem_too(client: TestClient) -> None:
    """No page of the framework's own shows up."""
    answer = client.get("/nowhere")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    page = client.get("/nowhere", headers={"accept": "text/html"})
    assert "没有这个地址" in lxml.html.fromstring(page.text).text_content()


def test_upload_beyond_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Too many bytes are refused with the limit named, whether their number is told before or counted on the way."""
    monkeypatch.setattr(api.app, "UPLOAD_LIMIT", 1 << 20)
    client = TestClient(create_app(Settings(data=tmp_path)), raise_server_exceptions=False)
    large = b"%PDF-1.7" + bytes((1 << 20) - 8)
    above = post(client, large + b"x", "大.pdf")
    assert (above.status_code, above.json()["detail"]) == (413, "大.pdf：文件超过 1 MB。请拆分后再上传")
    assert post(client, large, "大.pdf").status_code == 422
    page = post(client, large * 2, "大.pdf", accept="text/html")
    assert page.status_code == 413
    assert "文件超过 1 MB" in page.text


def test_upload_of_untold_length_is_counted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A body that tells no length is read up to the limit and not a part further."""
    monkeypatch.setattr(api.app, "UPLOAD_LIMIT", 1 << 20)
    app = create_app(Settings(data=tmp_path))
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
    parts = iter([head, *[bytes(1 << 19)] * 64])
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": next(parts), "more_body": True}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        **{"type": "http", "method": "POST", "path": "/api/v1/reports", "raw_path": b"", "query_string": b""},
        **{"http_version": "1.1", "scheme": "http", "root_path": "", "client": None, "server": None},
        "headers": [(b"content-type", b"multipart/form-data; boundary=b")],
    }
    asyncio.run(app(scope, receive, send))
    assert sent[0]["status"] == 413
    assert len(list(parts)) == 64 - 3


@pytest.mark.parametrize(
    "name",
    ["../../etc/大纲.txt", "..\\..\\windows\\大纲.txt", "/abs/大纲.txt", "大纲\r\nX-Evil: 1.txt", "<b>大纲.txt"],
)
def test_file_names_are_names_only(client: TestClient, name: str) -> None:
    """No folder, no header and no markup of the sender's gets through in a file name."""
    text = "一、课程目标\n掌握用户画像分析方法，能完成用户拉新、留存、促活和转化。\n".encode() * 3
    answer = post(client, text, name, format="csv")
    assert answer.status_code == 200, answer.text
    disposition = answer.headers["content-disposition"]
    assert "x-evil" not in answer.headers
    assert not set(disposition.partition("''")[2]) & set('/\\<>\r\n"')
    assert "%2F" not in disposition
    assert "%5C" not in disposition
    page = post(client, text, name, format="html").text
    assert "大纲" in page
    assert not any(part in page for part in ("<b>大纲", "etc/", "windows\\", "abs/"))


def test_openapi_describes_the_service(client: TestClient) -> None:
    """Title, version and the paths that others call."""
    described = client.get("/api/openapi.json").json()
    assert described["info"]["version"] == __version__
    assert {"/api/v1/reports", "/api/v1/standards", "/healthz"} <= set(described["paths"])
    assert "multipart/form-data" in described["paths"]["/api/v1/reports"]["post"]["requestBody"]["content"]


def test_standards_and_health(client: TestClient) -> None:
    """Programs can ask which standards there are, and whether the service is up."""
    codes = {standard["code"]: standard["name"] for standard in client.get("/api/v1/standards").json()}
    assert codes == {"460301": "机电一体化技术", "530701": "电子商务"}
    assert client.get("/healthz").json() == {"status": "ok", "version": __version__}
