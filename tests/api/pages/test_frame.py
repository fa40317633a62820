"""The frame around all pages: navigation, language, files that pages load, what the page's policy allows."""

from __future__ import annotations

import gzip
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.auth.principal import LOCAL
from api.http.assets import STATIC, static
from api.http.pages import local_address, with_query
from api.i18n import formats
from tests.conftest import ROOT

_HTML = {"accept": "text/html"}
_TEMPLATES = sorted((ROOT / "api" / "templates").rglob("*.j2"))
_PAGES = ["/", "/documents", "/audits", "/help"]


@pytest.mark.parametrize("path", _PAGES)
def test_a_page_has_landmarks_a_title_and_one_heading(client: TestClient, path: str) -> None:
    """Banner, navigation, main and footer; a way to skip to the content; exactly one first heading."""
    html = client.get(path, headers=_HTML).text
    for part in ('<html lang="zh-CN">', "<header", "<nav", '<main id="main"', "<footer", 'href="#main"'):
        assert part in html
    assert len(re.findall(r"<h1\b", html)) == 1
    assert re.search(r"<title>\S.* · 对标</title>", html)


@pytest.mark.parametrize("path", _PAGES)
def test_a_page_stands_in_both_languages_at_the_same_address(client: TestClient, path: str) -> None:
    """The switch leads back to the page, which is then in English and says so."""
    address = f"{path}?q=x"
    link = re.search(r'href="(/language/en[^"]*)"', client.get(address, headers=_HTML).text)
    assert link
    answer = client.get(link[1].replace("&amp;", "&"), headers=_HTML, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, address)
    html = client.get(address, headers=_HTML).text
    assert '<html lang="en">' in html
    assert "Documents</a>" in html
    assert 'href="/language/zh' in html


@pytest.mark.parametrize(
    "back", ["https://other.example/", "//other.example", "/\\other.example", "javascript:alert(1)", "", "/a\r\nX: y"]
)
def test_the_switch_leads_to_no_other_place(client: TestClient, back: str) -> None:
    """An address that is not this server's becomes the first page."""
    answer = client.get("/language/en", params={"back": back}, follow_redirects=False)
    assert answer.headers["location"] == "/"
    assert local_address(back) == "/"


def test_an_unknown_language_is_chinese(client: TestClient) -> None:
    """Whatever the address says, only known languages are kept."""
    client.get("/language/xx", follow_redirects=False)
    assert client.cookies["lang"] == "zh"


def test_pages_may_run_and_show_only_what_is_theirs(client: TestClient) -> None:
    """The policy of every page allows no inline script or style, and the templates have none."""
    policy = client.get("/", headers=_HTML).headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("path", _TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "api" / "templates")))
def test_templates_of_pages_have_no_inline_script_or_style(path: Path) -> None:
    """No script but by address or as data, no style element or attribute, no handler in an attribute."""
    if not {"pages", "parts", "layout.html.j2"} & set(path.parts):
        pytest.skip("文件报告的模板，不是页面")
    text = path.read_text("utf-8")
    assert not re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", text)
    assert not re.findall(
        r"<style\b|\sstyle=|\son(?:click|change|load|error|submit|input|key\w+|focus|blur)=|hx-on|javascript:",
        text,
    )


def test_the_navigation_marks_where_one_is(client: TestClient) -> None:
    """The current entry says so to screen readers."""
    assert re.search(r'href="/documents" aria-current="page"', client.get("/documents", headers=_HTML).text)


def test_a_missing_page_is_a_page_in_words(client: TestClient) -> None:
    """404 in the frame, in either language."""
    answer = client.get("/nothing", headers=_HTML)
    assert answer.status_code == 404
    assert "没有这个地址" in answer.text
    assert "回到首页" in answer.text
    client.cookies["lang"] = "en"
    assert "Back to the start" in client.get("/nothing", headers=_HTML).text


def test_static_files_are_kept_for_good_under_the_address_of_their_content(client: TestClient) -> None:
    """The right digest: for good; any other: to be asked for again; compressed where the browser takes it."""
    answer = client.get(static("app.css"), headers={"accept-encoding": "gzip"})
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["content-type"].startswith("text/css")
    assert client.get("/static/0000000000/app.css").headers["cache-control"] == "no-cache"
    again = client.get(static("app.css"), headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    "name", ["../pages.py", "%2e%2e/pages.py", "..%2fpages.py", "", "vendor", "no.css", "//etc/passwd"]
)
def test_static_files_are_those_of_the_folder_only(client: TestClient, name: str) -> None:
    """Nothing outside, no listing."""
    assert client.get(f"/static/0000000000/{name}").status_code in (404, 405)
    assert client.get(f"/static/{name}").status_code in (404, 405)


def test_the_first_page_is_light(client: TestClient) -> None:
    """Page, styles and scripts of the first page take less than 80 KB over the wire."""
    html = client.get("/", headers=_HTML).text
    files = re.findall(r'(?:href|src)="/static/[0-9a-f]+/([^"]+)"', html)
    assert {"app.css", "app.js", "upload.css", "upload.js", "vendor/htmx.min.js"} <= set(files)
    assert not any("echarts" in name for name in files)
    wire = [len(gzip.compress((STATIC / name).read_bytes(), 6)) for name in files]
    assert len(gzip.compress(html.encode(), 6)) + sum(wire) < 80 * 1024


@pytest.mark.parametrize(
    ("value", "expected"), [(0, "0%"), (1, "100%"), (0.999, "99%"), (0.001, "1%"), (0.5, "50%"), (None, "—")]
)
def test_percent(value: float | None, expected: str) -> None:
    """Neither nothing nor all is said where it is not so."""
    assert formats.percent(value) == expected


@pytest.mark.parametrize(
    ("count", "expected"), [(0, "0 B"), (1023, "1023 B"), (1536, "1.5 KB"), (20 << 20, "20 MB"), (3 << 30, "3.0 GB")]
)
def test_size(count: int, expected: str) -> None:
    """The unit that reads best."""
    assert formats.size(count) == expected


def test_numbers_times_and_spans() -> None:
    """Thousands apart; dates of the reader's language; minutes where there are any."""
    assert (formats.number(12345), formats.number(1234.5)) == ("12,345", "1,234.5")
    at = datetime(2026, 1, 5, 12, 3, tzinfo=UTC)
    assert re.fullmatch(r"2026年1月\d日 \d\d:03", formats.moment(at))
    assert re.fullmatch(r"2026-01-0\d \d\d:03", formats.moment(at, "en"))
    assert (formats.moment(None), formats.duration(61), formats.duration(5, "en")) == ("—", "1 分 1 秒", "5 s")


def test_addresses_with_queries() -> None:
    """Empty values are left out, several of a name are repeated, and everything is escaped."""
    assert with_query("/a", q="", n=None) == "/a"
    assert with_query("/a", q="甲 乙&", report=["1", "2"]) == "/a?q=%E7%94%B2%20%E4%B9%99%26&report=1&report=2"


def test_the_menu_offers_what_the_role_may() -> None:
    """A teacher sees neither dashboard nor users; an admin sees all."""
    from api.http.pages import MENU, NAVIGATION, _shown

    teacher = replace(LOCAL, role="teacher")
    own = ["/", "/documents", "/audits", "/standards", "/compare", "/reviews"]
    assert [path for path, _ in _shown(NAVIGATION, teacher)] == own
    assert [path for path, _ in _shown(MENU, teacher)] == ["/account"]
    assert len(_shown([*NAVIGATION, *MENU], LOCAL)) == len(NAVIGATION) + len(MENU)
    assert _shown(NAVIGATION, None) == []
