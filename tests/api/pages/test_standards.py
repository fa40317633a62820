"""Pages of the standards: list, the whole text, import, search, which documents cover a statement."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from fastapi.testclient import TestClient

from api.auth.principal import LOCAL
from corpora.standard_json import load_standard
from tests.api.reviews.judging import aligned
from tests.conftest import ROOT

FILES = ROOT / "tests" / "corpora" / "standards"
SHIPPED = load_standard("530701")


def understood(client: TestClient, name: str = "460301.docx") -> str:
    """Address of the preview of a file."""
    answer = client.post(
        "/standards/import", files={"file": (name, (FILES / name).read_bytes())}, follow_redirects=False
    )
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def test_the_text_has_an_anchor_for_everything(client: TestClient) -> None:
    """Statements, elements, rules and sections, each id once; every link within the page leads somewhere."""
    html = client.get("/standards/530701").text
    ids = Counter(re.findall(r'\bid="([^"]+)"', html))
    wanted = [
        *(s.id for s in SHIPPED.statements),
        *(e.id for e in SHIPPED.elements),
        *(r.id for r in (*SHIPPED.rules, *SHIPPED.other_rules)),
    ]
    assert [id for id in wanted if ids[id] != 1] == []
    assert max(ids.values()) == 1
    assert [link for link in re.findall(r'href="#([^"]+)"', html) if link not in ids] == []


def test_the_text_is_whole(client: TestClient) -> None:
    """Every paragraph and every cell of its tables is on the page."""
    html = client.get("/standards/530701").text
    text = re.sub(r'<a class="st-id"[^>]*>[^<]*</a>', "", html)
    text = re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", text).replace("&#34;", '"').replace("&amp;", "&"))
    for section in SHIPPED.sections[1:]:
        for paragraph in section.paragraphs:
            assert re.sub(r"\s+", "", paragraph.text) in text
    for course in SHIPPED.core_courses:
        assert re.sub(r"\s+", "", course.text) in text


def test_an_import_is_seen_before_it_is_saved(client: TestClient) -> None:
    """The preview shows counts and sections; the confirmation opens the standard."""
    address = understood(client)
    html = client.get(address).text
    assert "机电一体化技术" in html
    assert "全部对上" in html
    assert client.get("/standards/460301").status_code == 404
    done = client.post(address, data={"codes": "460301"}, follow_redirects=False)
    assert (done.status_code, done.headers["location"]) == (303, "/standards/460301?imported=1")
    assert "已导入" in client.get(done.headers["location"]).text
    assert "与已有的相同" in client.get(address).text
    gone = client.post("/standards/460301/remove", follow_redirects=False)
    assert "已删除标准 460301" in client.get(gone.headers["location"]).text


def test_nothing_is_replaced_without_consent(client: TestClient) -> None:
    """The preview comes back with the reason, and the box to tick."""
    exported = client.get("/api/v1/standards/530701/export").json() | {"name": "改名"}
    answer = client.post("/standards/import", files={"file": ("a.json", _bytes(exported))}, follow_redirects=False)
    address = answer.headers["location"]
    refused = client.post(address, data={"codes": "530701"})
    assert (refused.status_code, "已有内容不同的标准" in refused.text) == (409, True)
    assert "没有选择要导入的标准" in client.post(address, data={}).text
    client.post(address, data={"codes": "530701", "replace": "true"})
    assert "改名" in client.get("/standards").text


def _bytes(data: object) -> bytes:
    import json

    return json.dumps(data, ensure_ascii=False).encode()


@pytest.mark.parametrize(
    ("name", "data", "said"), [("a.txt", "你好".encode(), "没有找到培养规格"), ("a.json", b"{", "不是一部标准的 JSON")]
)
def test_what_cannot_be_read_leads_back_to_the_form(client: TestClient, name: str, data: bytes, said: str) -> None:
    """With what is wrong and what to do."""
    answer = client.post("/standards/import", files={"file": (name, data)})
    assert (answer.status_code, said in answer.text) == (422, True)
    assert 'type="file"' in answer.text


def test_search_shows_where_and_why(client: TestClient) -> None:
    """Grouped by standard, with marks and links to the place; htmx gets the list alone."""
    html = client.get("/search", params={"text": "哪条要求提到用户画像？"}).text
    assert "<mark>用户画像</mark>" in html
    assert 'href="/standards/530701#C1.R4"' in html
    part = client.get("/search", params={"text": "用户画像"}, headers={"HX-Request": "true"}).text
    assert "<mark>" in part
    assert "<html" not in part
    assert "没有条目讲到" in client.get("/search", params={"text": "火箭发动机"}).text
    assert "问一句话" in client.get("/search").text
    hostile = client.get("/search", params={"text": "<script>alert(1)</script>"})
    assert (hostile.status_code, "<script>alert" in hostile.text) == (200, False)


def test_documents_that_cover_a_statement(client: TestClient) -> None:
    """The link is there once a report is; the best document first, those without it apart."""
    question = {"text": "关键词优化"}
    assert "哪些文档讲到它" not in client.get("/search", params=question).text
    service = client.app.state.service  # type: ignore[attr-defined]
    none = aligned(service, LOCAL, text="本课程介绍供应链。")
    best = aligned(service, LOCAL, text="掌握 SEO 与 SEM 知识、关键词优化知识、用户运营与管理知识。")
    assert "哪些文档讲到它" in client.get("/search", params=question).text
    html = client.get("/standards/530701/documents", params={"statement": "C1.R1"}).text
    before, _, after = html.partition("<details")
    assert f"/reports/{best.id}" in before
    assert f"/reports/{none.id}" in after
    course = client.get("/standards/530701/documents", params={"statement": "C1"})
    assert course.status_code == 200
    assert client.get("/standards/530701/documents", params={"statement": "C99"}).status_code == 404
    assert client.get("/standards/999999/documents", params={"statement": "C1"}).status_code == 404
