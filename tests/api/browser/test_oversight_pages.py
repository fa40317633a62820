"""Standards, comparison, dashboard and reviews as people use them, in a real browser."""

from __future__ import annotations

import re
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

from api.auth.principal import LOCAL
from api.service import Service
from api.services import audits, reviews
from tests.api.reviews.judging import aligned
from tests.conftest import ROOT
from tests.service import incoming, make_settings, work_off

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="没有 chromium，浏览器测试跳过（apt-get install chromium）"),
]

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 375, "height": 780}
STANDARD = ROOT / "tests" / "corpora" / "standards" / "460301.docx"
OLD = "掌握关键词优化知识，能够策划店铺促销活动。能进行用户画像分析。"
NEW = "了解关键词优化知识。制定网店运营目标、推广策略及预算，进行竞品数据分析。"
Open = Callable[..., Any]


def _fill(service: Service) -> dict[str, str]:
    """Two audits of samples, two versions of a syllabus; one of them waits for review."""
    batch = ["互联网销售_课程标准.docx", "社群运营_教学大纲.pdf", "机械制图_课程标准.docx"]
    for name, files in (("春季", batch[:1]), ("秋季", batch)):
        audits.create(service, LOCAL, name=name, files=[incoming(file) for file in files], standard="530701")
        work_off(service)
    old = aligned(service, LOCAL, text=OLD)
    new = aligned(service, LOCAL, text=NEW, previous_id=old.document_id)
    reviews.move(service, LOCAL, new.id, "submitted", "请审")
    return {"old": old.id, "new": new.id}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A running service with reports: its address, and the ids of the two versions."""
    import uvicorn

    from api.app import create_app

    app = create_app(make_settings(tmp_path_factory.mktemp("service")))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        home = f"http://127.0.0.1:{listening.getsockname()[1]}"
        urlopen(f"{home}/help", timeout=60).read()
        yield {"home": home, **_fill(app.state.service)}
        server.should_exit = True
        thread.join(timeout=60)
    assert not thread.is_alive()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium, without its own calls home."""
    from playwright.sync_api import sync_playwright

    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=[*quiet, "--no-first-run"])
        yield started
        started.close()


@pytest.fixture
def open_page(browser: Any, running: dict[str, str]) -> Iterator[Open]:
    """Opens pages of a size; none may complain of anything, ask another machine, or be wider than its window."""
    complaints: list[str] = []
    pages: list[tuple[Any, Any]] = []

    def opened(path: str, size: dict[str, int] = DESKTOP, **options: Any) -> Any:
        context = browser.new_context(viewport=size, locale="zh-CN", accept_downloads=True, **options)
        page = context.new_page()
        pages.append((context, page))
        page.on("console", lambda told: complaints.append(told.text) if told.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda sent: None if "//127.0.0.1:" in sent.url else complaints.append(sent.url))
        page.goto(running["home"] + path)
        page.wait_for_load_state("load")
        return page

    yield opened
    for context, page in pages:
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        complaints.extend([f"{page.url} is {wide} px too wide"] if wide > 0 else [])
        context.close()
    assert complaints == []


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def size(request: pytest.FixtureRequest) -> dict[str, int]:
    """A desktop's and a phone's window."""
    found: dict[str, int] = request.param
    return found


def test_find_in_the_text(open_page: Open, size: dict[str, int]) -> None:
    """Every place is marked and counted; Enter goes on; the elements can be hidden; an empty field clears."""
    page = open_page("/standards/530701", size)
    field = page.get_by_label("在本标准里找")
    field.fill("用户画像")
    expect(page.locator("mark")).to_have_count(2)
    expect(page.locator("[data-count]")).to_have_text("1 / 2")
    field.press("Enter")
    expect(page.locator("[data-count]")).to_have_text("2 / 2")
    expect(page.locator("mark.now")).to_be_visible()
    field.fill("没有这样的词")
    expect(page.locator("mark")).to_have_count(0)
    expect(page.locator("[data-count]")).to_have_text("没有")
    expect(page.locator("#C1\\.R1\\.e1")).to_be_visible()
    page.get_by_label("显示能力要素").uncheck()
    expect(page.locator("#C1\\.R1\\.e1")).to_be_hidden()


def test_the_outline_follows_and_leads(open_page: Open) -> None:
    """It marks the section that is read; an address with an anchor opens there, below what sticks to the top."""
    page = open_page("/standards/530701#C5.R1")
    page.wait_for_selector(".outline a[aria-current]")
    expect(page.locator(".outline a[aria-current]")).to_have_text("8.1.2 专业课程")
    top = page.locator("#C5\\.R1").bounding_box()["y"]
    bar = page.locator(".inpage").bounding_box()
    assert bar["y"] + bar["height"] <= top < 500
    page.get_by_role("link", name="9.2 专业带头人").click()
    expect(page.locator(".outline a[aria-current]")).to_have_text("9.2 专业带头人")


def test_a_standard_is_imported_after_a_look(open_page: Open, size: dict[str, int]) -> None:
    """A file is chosen, what was understood is read, confirmed, and removed again."""
    page = open_page("/standards", size)
    page.get_by_role("link", name="导入一部标准").click()
    page.set_input_files("#file", STANDARD)
    expect(page.locator("[data-chosen]")).to_have_text("460301.docx")
    page.get_by_role("button", name="读取并预览").click()
    expect(page.get_by_role("heading", name="读懂了什么")).to_be_visible()
    expect(page.get_by_text("全部对上")).to_be_visible()
    page.get_by_role("button", name="确认导入").click()
    expect(page.get_by_role("heading", name="机电一体化技术")).to_be_visible()
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="删除这部标准").click()
    page.wait_for_url("**/standards?removed=460301")
    expect(page.get_by_text("已删除标准 460301")).to_be_visible()


def test_search_as_one_types(open_page: Open, size: dict[str, int]) -> None:
    """The list follows the words, the address keeps them, a result leads to its place in the text."""
    page = open_page("/search", size)
    page.get_by_label("在标准里找").fill("哪条要求提到用户画像？")
    page.wait_for_selector("mark")
    page.wait_for_url("**/search?text=*")
    assert page.locator(".hit").first.locator("mark").first.inner_text() == "用户画像"
    page.locator(".hit a.st-id", has_text="C1.R4").click()
    page.wait_for_url("**/standards/530701#C1.R4")
    expect(page.locator("#C1\\.R4")).to_be_visible()


def test_search_from_every_page(open_page: Open) -> None:
    """The box of the frame asks the same."""
    page = open_page("/compare")
    box = page.get_by_role("searchbox", name="搜索标准")
    box.fill("岗位实习")
    box.press("Enter")
    page.wait_for_url("**/search?text=*")
    expect(page.locator("mark", has_text="岗位实习").first).to_be_visible()


def test_pages_work_without_scripts(open_page: Open) -> None:
    """Search, the text, the choice of reports: forms and links do it."""
    page = open_page("/search?text=%E7%94%A8%E6%88%B7%E7%94%BB%E5%83%8F", java_script_enabled=False)
    assert page.locator("mark").count() > 0
    page.locator(".hit a.st-id").first.click()
    expect(page.locator(".text")).to_be_visible()
    page = open_page("/compare", java_script_enabled=False)
    boxes = page.locator("form[data-choose] input[type=checkbox]")
    boxes.nth(0).check()
    boxes.nth(1).check()
    page.get_by_role("button", name="并排比较").click()
    expect(page.locator(".side")).to_have_count(2)


def test_reports_are_chosen_and_compared(open_page: Open, size: dict[str, int]) -> None:
    """The button waits for two; the matrix narrows to what differs; a cell leads to the element's evidence."""
    page = open_page("/compare", size)
    button = page.get_by_role("button", name="并排比较")
    boxes = page.locator("form[data-choose] input[type=checkbox]")
    expect(button).to_be_disabled()
    boxes.nth(2).check()
    expect(button).to_be_disabled()
    boxes.nth(3).check()
    button.click()
    page.wait_for_selector(".matrix")
    everything = page.locator(".matrix td.g").count()
    page.get_by_role("link", name="有差异的").click()
    page.wait_for_url("**only=differ*")
    assert 0 < page.locator(".matrix td.g").count() < everything
    page.locator(".matrix td.g a").first.click()
    page.wait_for_url(re.compile(r"/reports/\w+/elements/"))


def test_two_versions(open_page: Open, running: dict[str, str], size: dict[str, int], tmp_path: Path) -> None:
    """From the choice: what was won and lost with the quotes of both; the workbook is downloaded."""
    page = open_page("/compare", size)
    page.get_by_role("link", name="看变化").click()
    page.wait_for_selector(".change-gone")
    assert running["old"] in page.url
    gone = page.locator(".change-gone .change", has_text="进行用户画像分析")
    expect(gone.locator(".half").first).to_contain_text("能进行用户画像分析")
    expect(gone.locator(".half").last).to_contain_text("未覆盖")
    with page.expect_download() as download:
        page.get_by_role("link", name="xlsx").click()
    target = tmp_path / "download.xlsx"
    download.value.save_as(target)
    assert target.read_bytes().startswith(b"PK")


def test_the_dashboard(open_page: Open, size: dict[str, int]) -> None:
    """The library is loaded when the first chart comes into sight; a course narrows the map; the table has the same."""
    page = open_page("/dashboard", size)
    page.locator("[data-chart=matrix]").scroll_into_view_if_needed()
    page.wait_for_selector("[data-chart=matrix] svg")
    page.locator("[data-chart=trend]").scroll_into_view_if_needed()
    page.wait_for_selector("[data-chart=trend] svg")
    page.get_by_text("看成表格").click()
    expect(page.locator(".heat-table tbody tr")).to_have_count(1 + 5)
    page.get_by_label("看哪门课").select_option("C1")
    page.wait_for_url("**course=C1**")
    expect(page.get_by_role("heading", name="网店运营：")).to_be_visible()
    page.locator("[data-chart=matrix]").scroll_into_view_if_needed()
    page.wait_for_selector("[data-chart=matrix] svg")
    page.get_by_label("批次", exact=True).select_option(label="春季")
    page.wait_for_url("**audit=**")
    page.get_by_text("看成表格").click()
    expect(page.locator(".heat-table tbody tr")).to_have_count(1 + 1)


def test_the_dashboard_prints(open_page: Open) -> None:
    """Without the frame and the filters."""
    page = open_page("/dashboard")
    page.emulate_media(media="print")
    expect(page.locator(".mast")).to_be_hidden()
    expect(page.locator("form.filters")).to_be_hidden()
    expect(page.get_by_role("heading", name="合起来覆盖")).to_be_visible()


def test_the_desk_of_reviews(open_page: Open, running: dict[str, str], size: dict[str, int]) -> None:
    """What waits stands there with its submitter; its name opens the report."""
    page = open_page("/reviews", size)
    expect(page.locator("q", has_text="请审")).to_be_visible()
    page.get_by_role("link", name="已通过").click()
    expect(page.get_by_text("还没有通过的报告")).to_be_visible()
    page.get_by_role("link", name=re.compile("待我审")).click()
    page.locator(".queue a.title").first.click()
    page.wait_for_url(f"**/reports/{running['new']}")


@pytest.mark.parametrize("path", ["/standards", "/standards/530701", "/search", "/compare", "/dashboard", "/reviews"])
def test_pages_stand_in_english_too(open_page: Open, path: str) -> None:
    """Headings and buttons; what is quoted of a standard or a document stays as it is."""
    page = open_page(f"/language/en?back={path}")
    page.wait_for_url(f"**{path}")
    assert page.locator("html").get_attribute("lang") == "en"
    said = page.locator("h2, label, button, .stat span, .tiles span, .tabs a, thead th, .hint").all_inner_texts()
    found = [text for text in said if re.search("[\u3400-\u9fff]", text)]
    quoted = r"电子商务|网店|互联网|数据化|零售门店|社群|网络营销|视觉|^\d+(\.\d+)* ?\D+$|中文|\.(md|docx|pdf)$"
    assert [text for text in found if not re.search(quoted, text)] == []


def test_every_field_has_a_name_and_ids_are_unique(open_page: Open, running: dict[str, str]) -> None:
    """For those who hear the page."""
    pair = f"/compare?report={running['old']}&report={running['new']}"
    for path in ("/standards", "/standards/530701", "/standards/import", "/search", "/compare", pair, "/dashboard"):
        page = open_page(path)
        unnamed = page.evaluate(
            """() => [...document.querySelectorAll('input:not([type=hidden]), select, button, a[href]')]
                 .filter((node) => !(node.labels?.length || node.getAttribute('aria-label') || node.textContent.trim()))
                 .map((node) => node.outerHTML.slice(0, 120))"""
        )
        twice = page.evaluate(
            """() => [...document.querySelectorAll('[id]')].map((node) => node.id)
                 .filter((id, place, all) => all.indexOf(id) !== place)"""
        )
        assert (path, unnamed, twice) == (path, [], [])
