"""What comes in by the page's form: one document, a plan of several files, a batch; and what is refused, in words."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from api.auth.principal import LOCAL
from api.service import Service
from api.services import audits, documents, intake, reports
from api.services.intake import Wanted, as_one_plan
from api.services.paging import PageRequest
from api.services.samples import SAMPLES
from corpora.errors import DocumentError, DuibiaoError, UsageError
from corpora.parsers.registry import SUFFIXES
from tests.service import incoming, note, work_off

_HTML = {"accept": "text/html"}
_SCRIPT = {"accept": "application/json"}
_COURSE = "网店运营_课程标准.docx"
_PLAN = "直播电商专业_人才培养方案.docx"
_SHEET = "直播电商专业_教学进程表.xlsx"


def _send(client: TestClient, samples: Path, *names: str, headers: dict[str, str] = _HTML, **fields: str) -> Response:
    files = [("file", (name, (samples / name).read_bytes())) for name in names]
    data = {"standard": "530701", **fields}
    return client.post("/upload", data=data, files=files, headers=headers, follow_redirects=False)  # type: ignore[return-value]


def _service(client: TestClient) -> Service:
    return client.app.state.service  # type: ignore[attr-defined, no-any-return]


def _zip(**files: bytes) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


def test_one_file_leads_to_its_report(client: TestClient, samples: Path) -> None:
    """A plain form is sent to the report, a script is told where it is."""
    answer = _send(client, samples, _COURSE)
    assert answer.status_code == 303
    assert re.fullmatch(r"/reports/\w{26}", answer.headers["location"])
    told = _send(client, samples, _COURSE, headers=_SCRIPT)
    assert told.status_code == 201
    assert re.fullmatch(r"/reports/\w{26}", told.json()["address"])


def test_the_report_page_shows_progress_until_it_is_done(client: TestClient, samples: Path) -> None:
    """The name, the state, a refresh for browsers without script; afterwards the report."""
    address = _send(client, samples, _COURSE).headers["location"]
    html = client.get(address, headers=_HTML).text
    assert _COURSE in html
    assert "<noscript><meta http-equiv" in html
    work_off(_service(client))
    done = client.get(address, headers=_HTML)
    assert done.status_code == 200
    assert "http-equiv" not in done.text


def test_several_files_and_a_zip_lead_to_a_batch(client: TestClient, samples: Path) -> None:
    """Each document of the batch becomes a report; what is no document is named."""
    inside = _zip(**{"社群运营_教学大纲.pdf": (samples / "社群运营_教学大纲.pdf").read_bytes(), "说明.exe": b"MZ"})
    files = [("file", (_COURSE, (samples / _COURSE).read_bytes())), ("file", ("一批.zip", inside))]
    answer = client.post(
        "/upload", data={"standard": "530701", "name": "春季"}, files=files, headers=_HTML, follow_redirects=False
    )
    assert re.fullmatch(r"/audits/\w{26}", answer.headers["location"])
    html = client.get(answer.headers["location"], headers=_HTML).text
    for part in ("春季", _COURSE, "社群运营_教学大纲.pdf", "1 个文件没有收下", "说明.exe"):
        assert part in html


def test_files_said_to_be_one_plan_become_one_document(client: TestClient, samples: Path) -> None:
    """Text first, schedule beside it, in whatever order they were chosen."""
    address = _send(client, samples, _SHEET, _PLAN, together="yes").headers["location"]
    report = reports.find_report(_service(client), LOCAL, address.rpartition("/")[2])
    assert [(file.role, file.name) for file in report.document.files] == [("main", _PLAN), ("more", _SHEET)]


def test_a_zip_may_be_one_plan(service: Service, samples: Path) -> None:
    """What a system put beside the documents does not matter; what cannot be read does."""
    both = {name: (samples / name).read_bytes() for name in (_PLAN, _SHEET)}
    wanted = Wanted("530701", together=True)
    report = intake.take(service, LOCAL, [incoming("方案.zip", data=_zip(**both, **{"__MACOSX/x": b"x"}))], wanted)
    assert len(documents.find_document(service, LOCAL, report.document_id).files) == 2  # type: ignore[union-attr]
    with pytest.raises(DocumentError, match="坏文件"):
        intake.take(service, LOCAL, [incoming("方案.zip", data=_zip(**both, **{"坏文件.exe": b"x"}))], wanted)
    with pytest.raises(DuibiaoError):
        intake.take(service, LOCAL, [incoming("空.zip", data=_zip())], wanted)


def test_rules_and_major_are_for_one_plan_only(service: Service) -> None:
    """With several documents that are no plan they are refused, and nothing is kept."""
    files = [note("甲"), note("乙", "二.md")]
    for more, wanted in (
        ([incoming("规则.yaml", "rules", b"rules: []")], Wanted("530701")),
        ([], Wanted("530701", major="电子商务")),
    ):
        with pytest.raises(UsageError, match="只用于一份人才培养方案"):
            intake.take(service, LOCAL, [*files, *more], wanted)
    with pytest.raises(UsageError, match="新版本只能是一份文件"):
        intake.take(service, LOCAL, files, Wanted("530701", previous_id="x"))
    assert not list((service.settings.data / "blobs").rglob("*.*"))


def test_rules_are_no_document() -> None:
    """They come last, whatever was chosen first."""
    files = [incoming("规则.yaml", "rules", b"x"), incoming("表.xlsx", data=b"x"), incoming("方案.pdf", data=b"x")]
    assert [(f.name, f.role) for f in as_one_plan(files)] == [
        ("方案.pdf", "main"),
        ("表.xlsx", "more"),
        ("规则.yaml", "rules"),
    ]


@pytest.mark.parametrize(
    ("name", "data", "fields", "words"),
    [
        ("病毒.exe", b"MZ", {}, "不支持的文件格式"),
        ("空.docx", b"", {}, "文件是空的"),
        ("大纲.md", "# 大纲".encode(), {"standard": "999999"}, "999999"),
        ("大纲.md", "# 大纲".encode(), {"kind": "poem"}, "poem"),
        ("大纲.md", "# 大纲".encode(), {"department": "nowhere"}, "院系"),
        ("大纲.md", "# 大纲".encode(), {"previous": "nothing"}, "没有找到"),
    ],
)
@pytest.mark.parametrize("headers", [_HTML, _SCRIPT], ids=["form", "script"])
def test_what_cannot_be_taken_is_refused_in_words(
    client: TestClient, name: str, data: bytes, fields: dict[str, str], words: str, headers: dict[str, str]
) -> None:
    """What and where, as a page or as a problem; never a server error."""
    form = {"standard": "530701", **fields}
    answer = client.post("/upload", data=form, files=[("file", (name, data))], headers=headers, follow_redirects=False)
    assert 400 <= answer.status_code < 500
    assert words in (answer.text if headers is _HTML else answer.json()["detail"])


def test_a_form_without_a_file_is_refused_in_words(client: TestClient) -> None:
    """As browsers send it without script: a field without a name."""
    answer = client.post(
        "/upload",
        content=b'--x\r\nContent-Disposition: form-data; name="standard"\r\n\r\n530701\r\n'
        b'--x\r\nContent-Disposition: form-data; name="file"; filename=""\r\n'
        b"Content-Type: application/octet-stream\r\n\r\n\r\n--x--\r\n",
        headers={**_HTML, "content-type": "multipart/form-data; boundary=x"},
        follow_redirects=False,
    )
    assert 400 <= answer.status_code < 500
    assert "<h1" in answer.text


def test_unused_fields_of_files_do_no_harm(client: TestClient) -> None:
    """A plain form always sends the field of the rules."""
    answer = client.post(
        "/upload",
        content=b'--x\r\nContent-Disposition: form-data; name="standard"\r\n\r\n530701\r\n'
        b'--x\r\nContent-Disposition: form-data; name="rules"; filename=""\r\n'
        b"Content-Type: application/octet-stream\r\n\r\n\r\n"
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.md"\r\n'
        b"Content-Type: text/markdown\r\n\r\n# a\r\n--x--\r\n",
        headers={**_HTML, "content-type": "multipart/form-data; boundary=x"},
        follow_redirects=False,
    )
    assert answer.status_code == 303


def test_names_never_become_paths(client: TestClient) -> None:
    """Whatever a name is, it is shown as text and nothing is written under it."""
    name = "../../<b>etc</b>.md"
    answer = client.post(
        "/upload", data={"standard": "530701"}, files=[("file", (name, b"# a"))], headers=_HTML, follow_redirects=False
    )
    html = client.get(answer.headers["location"], headers=_HTML).text
    assert "<b>etc" not in html
    data = _service(client).settings.data
    assert all(path.is_relative_to(data) for path in data.rglob("*"))
    assert not list(data.parent.rglob("*etc*"))


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_the_samples_can_be_tried(client: TestClient, name: str) -> None:
    """The first page offers them while it is empty; each becomes a report that gets done."""
    assert f'action="/sample/{name}"' in client.get("/", headers=_HTML).text
    address = client.post(f"/sample/{name}", follow_redirects=False).headers["location"]
    service = _service(client)
    work_off(service)
    report = reports.find_report(service, LOCAL, address.rpartition("/")[2])
    assert (report.state, report.problem) == ("done", None)
    assert "课程标准样例" not in client.get("/", headers=_HTML).text


def test_an_unknown_sample_is_not_found(client: TestClient) -> None:
    """Only the samples' names are addresses."""
    assert client.post("/sample/passwd", headers=_HTML, follow_redirects=False).status_code == 404


def test_the_form_remembers_the_standard_and_knows_the_limits(client: TestClient) -> None:
    """The standard of the last report is chosen; every readable suffix may be picked."""
    html = client.get("/", headers=_HTML).text
    assert '<option value="530701" selected>' in html
    accepted = re.search(r'accept="([^"]*\.zip)"', html)
    assert accepted
    assert {*SUFFIXES, ".zip"} == set(accepted[1].split(","))


def test_a_new_version_is_chained_to_the_one_before(client: TestClient, samples: Path) -> None:
    """The form says whose version it is, and the document's page shows both."""
    first = _send(client, samples, _COURSE).headers["location"]
    service = _service(client)
    document = reports.find_report(service, LOCAL, first.rpartition("/")[2]).document
    html = client.get("/", params={"previous": document.id}, headers=_HTML).text
    assert f'name="previous" value="{document.id}"' in html
    second = _send(client, samples, "互联网销售_课程标准.docx", previous=document.id).headers["location"]
    later = reports.find_report(service, LOCAL, second.rpartition("/")[2]).document
    assert later.previous_id == document.id
    work_off(service)
    page = client.get(f"/documents/{document.id}", headers=_HTML).text
    assert "互联网销售_课程标准.docx" in page
    ids = (first.rpartition("/")[2], second.rpartition("/")[2])
    assert f'href="/compare?report={ids[0]}&amp;report={ids[1]}"' in page


def test_a_batch_without_documents_is_refused(client: TestClient) -> None:
    """And leaves no empty batch behind."""
    files = [("file", ("a.exe", b"x")), ("file", ("b.exe", b"x"))]
    answer = client.post("/upload", data={"standard": "530701"}, files=files, headers=_HTML, follow_redirects=False)
    assert answer.status_code == 422
    service = _service(client)
    assert not audits.list_audits(service, LOCAL, PageRequest()).items
