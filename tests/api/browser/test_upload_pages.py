"""Files come in and are followed, as in life: by mouse, by keyboard, on a phone, without script."""

from __future__ import annotations

import io
import re
import shutil
import socket
import statistics
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from tests.service import make_settings

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="没有 chromium，浏览器测试跳过（apt-get install chromium）"),
]

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 780}
COURSE = "网店运营_课程标准.docx"
OUTLINE = "社群运营_教学大纲.pdf"
#: Milliseconds that a document may take on a busy machine.
PATIENCE = 90_000

OpenPage = Callable[..., Any]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running service with a worker on a free port of this machine."""
    import uvicorn

    from api.app import create_app

    app = create_app(make_settings(tmp_path_factory.mktemp("service"), workers=1))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        home = f"http://127.0.0.1:{listening.getsockname()[1]}"
        urlopen(home, timeout=60).read()  # its socket takes connections before it is up
        yield home
        server.should_exit = True
        thread.join(timeout=60)
    assert not thread.is_alive()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium, without its own calls home."""
    from playwright.sync_api import sync_playwright

    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=[*quiet, "--no-first-run"])
        yield running
        running.close()


@pytest.fixture
def open_page(browser: Any, address: str) -> Iterator[OpenPage]:
    """Opens a page of the service; none may complain of anything, or ask anything of another machine."""
    complaints: list[str] = []
    contexts = []

    def opened(path: str = "/", size: dict[str, int] = DESKTOP, **options: Any) -> Any:
        context = browser.new_context(viewport=size, locale="zh-CN", **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda told: complaints.append(told.text) if told.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda sent: None if sent.url.startswith(address) else complaints.append(sent.url))
        page.goto(address + path)
        return page

    opened.complaints = complaints  # type: ignore[attr-defined]
    yield opened
    for context in contexts:
        context.close()
    assert [text for text in complaints if not text.startswith(("data:", "blob:"))] == []


def _overflow(page: Any) -> int:
    """Pixels that the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def _choose(page: Any, *files: str | Path | dict[str, Any]) -> None:
    """Choose files, those of the disk first: what is chosen later is added."""
    for some in ([f for f in files if not isinstance(f, dict)], [f for f in files if isinstance(f, dict)]):
        if some:
            page.set_input_files("#file", some)


def _names(page: Any) -> list[str]:
    """Names of the chosen files, also of rows below the window, which have no inner text there."""
    return [str(name) for name in page.locator("#files .name").all_text_contents()]


def _file(name: str, data: bytes) -> dict[str, Any]:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": data}


def _zip(samples: Path, *names: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name in names:
            archive.write(samples / name, f"材料/{name}")
    return data.getvalue()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_one_file_becomes_a_report(open_page: OpenPage, samples: Path, size: dict[str, int]) -> None:
    """Chosen, listed, sent, followed by itself to the report."""
    page = open_page(size=size)
    _choose(page, samples / COURSE)
    assert _names(page) == [COURSE]
    assert _overflow(page) == 0
    page.get_by_role("button", name="开始对标").click()
    page.wait_for_url(re.compile(r"/reports/\w{26}$"))
    page.locator("#working").wait_for(state="detached", timeout=PATIENCE)
    assert re.search(r"/reports/\w{26}$", page.url)
    assert "网店运营" in page.locator("main").inner_text()
    assert _overflow(page) == 0


def test_many_files_and_a_zip_become_a_batch(open_page: OpenPage, samples: Path) -> None:
    """Each has its row and its progress; a bad one fails alone, in words; what was no document is named."""
    page = open_page()
    inside = _zip(samples, OUTLINE, "互联网销售_课程标准.docx")
    _choose(page, samples / COURSE, _file("一批.zip", inside), _file("坏.docx", b"PK\x03\x04 no document"))
    page.get_by_role("button", name="批量对标").click()
    page.wait_for_url(re.compile(r"/audits/\w{26}$"))
    assert page.locator("tbody tr").count() == 4
    page.locator("[data-live]").wait_for(state="detached", timeout=PATIENCE)
    rows = {row.locator(".title").inner_text(): row for row in page.locator("tbody tr").all()}
    bad = rows.pop("坏.docx")
    assert "没有完成" in bad.inner_text()
    assert bad.locator(".trouble b").inner_text()
    assert bad.get_by_role("button", name="重试").is_visible()
    for row in rows.values():
        assert "完成" in row.inner_text()
        assert re.search(r"\d+%", row.locator(".cover").inner_text())
    page.get_by_role("link", name="覆盖率").click()
    assert page.locator("th[aria-sort=ascending]").inner_text().startswith("覆盖率")
    page.get_by_label("状态").select_option("failed")
    page.wait_for_url(re.compile("state=failed"))
    assert page.locator("tbody tr").count() == 1


def test_rows_change_while_one_looks(open_page: OpenPage, samples: Path) -> None:
    """A row of a running batch is put in place without loading the page; the one in focus stays in focus."""
    page = open_page()
    _choose(page, samples / "网络营销_教材节选.epub", samples / "电子商务专业_人才培养方案.docx")
    page.get_by_role("button", name="批量对标").click()
    page.wait_for_url(re.compile(r"/audits/\w{26}$"))
    page.evaluate("window.loaded = 'once'")
    page.locator("tbody tr:last-child button").focus()
    focused = page.evaluate("document.activeElement.id")
    page.locator("tbody tr:first-child .chip-done, tbody tr:first-child progress").first.wait_for(timeout=PATIENCE)
    assert page.evaluate("window.loaded") == "once"
    assert page.evaluate("document.activeElement.id") == focused
    page.locator("[data-live]").wait_for(state="detached", timeout=PATIENCE)
    assert page.locator(".chip-done").count() == 2


def test_what_cannot_be_sent_is_said_before_sending(open_page: OpenPage, samples: Path) -> None:
    """By type and size, in words; files can be taken off the list, and the focus stays in it."""
    page = open_page()
    page.get_by_role("button", name="开始对标").click()
    assert page.get_by_role("alert").inner_text() == "请先选择要对照的文件"
    _choose(page, samples / COURSE, _file("程序.exe", b"MZ"), _file("空.docx", b""), _file("~$临时.docx", b"x"))
    assert _names(page) == [COURSE, "程序.exe", "空.docx"]
    assert page.locator("#files .why").all_inner_texts() == ["不支持这种格式，不会上传", "文件是空的，不会上传"]
    assert page.locator("#chosen-count").inner_text().startswith("已选 1 个文件")
    assert page.get_by_role("alert").is_hidden()
    _choose(page, samples / COURSE, samples / OUTLINE)  # the same file again is not taken twice
    assert _names(page).count(COURSE) == 1
    page.get_by_role("button", name="移除 程序.exe").press("Enter")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "移除 空.docx"
    assert page.get_by_text("这些文件合起来是一份").is_visible()
    page.get_by_role("button", name="全部移除").click()
    assert page.locator("#chosen").is_hidden()
    assert page.get_by_text("这些文件合起来是一份").is_hidden()


_TRANSFER = """(names) => { const transfer = new DataTransfer();
    for (const name of names) transfer.items.add(new File(["# 网店运营"], name)); return transfer; }"""


def test_files_are_dropped_and_pasted(open_page: OpenPage) -> None:
    """Anywhere on the page; the box shows that it would take them."""
    page = open_page()
    transfer = page.evaluate_handle(_TRANSFER, ["甲.md", "乙.md"])
    page.dispatch_event("main", "dragenter", {"dataTransfer": transfer})
    assert page.locator("#drop.over").count() == 1
    page.dispatch_event("main", "drop", {"dataTransfer": transfer})
    page.locator("#files li").nth(1).wait_for()
    assert page.locator("#drop.over").count() == 0
    page.evaluate(f"""() => {{ const clipboardData = ({_TRANSFER})(["丙.md"]);
        document.dispatchEvent(new ClipboardEvent("paste", {{bubbles: true, clipboardData}})); }}""")
    assert _names(page) == ["甲.md", "乙.md", "丙.md"]


def test_an_upload_that_is_cut_off_loses_nothing(open_page: OpenPage, samples: Path) -> None:
    """It is said in words, the files are still chosen, and the next try goes through."""
    page = open_page()
    _choose(page, samples / COURSE)
    page.route("**/upload", lambda route: route.abort())
    page.get_by_role("button", name="开始对标").click()
    page.get_by_role("alert").get_by_text("上传中断").wait_for()
    assert _names(page) == [COURSE]
    open_page.complaints.clear()  # type: ignore[attr-defined]  # of the request that this test cut off
    page.unroute("**/upload")
    page.get_by_role("button", name="开始对标").click()
    page.wait_for_url(re.compile(r"/reports/\w{26}$"))


def test_a_refusal_of_the_service_is_said_in_the_form(open_page: OpenPage) -> None:
    """Its words stand by the button, in the language of the page; the files are still chosen."""
    page = open_page()
    _choose(page, _file("a.md", b"# a"))
    page.evaluate("document.getElementById('standard').options[0].value = '999999'")
    page.evaluate("document.getElementById('standard').selectedIndex = 0")
    page.get_by_role("button", name="开始对标").click()
    page.get_by_role("alert").get_by_text("999999").wait_for()
    assert _names(page) == ["a.md"]
    open_page.complaints.clear()  # type: ignore[attr-defined]  # the browser tells of every 4xx


def test_all_of_it_by_keyboard(open_page: OpenPage, samples: Path) -> None:
    """The first stop leads to the content; the box opens the choice of files; Enter sends."""
    page = open_page()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到正文"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "file"
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Space")
    chooser.value.set_files(samples / COURSE)
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "send":
            break
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/reports/\w{26}$"))


def test_all_of_it_without_script(open_page: OpenPage, samples: Path) -> None:
    """The plain form sends, the page of the report loads itself again until it is done."""
    page = open_page(java_script_enabled=False)
    assert page.get_by_text("这些文件合起来是一份").is_visible()
    _choose(page, samples / "机械制图_课程标准.docx")
    page.get_by_role("button", name="开始对标").click()
    assert re.search(r"/reports/\w{26}$", page.url)
    page.locator("#working").wait_for(state="detached", timeout=PATIENCE)
    assert "机械制图" in page.locator("main").inner_text()


def test_the_page_in_english(open_page: OpenPage) -> None:
    """One click there, one back, on the same page; the form's script speaks it too."""
    page = open_page()
    page.get_by_role("link", name="English").click()
    assert page.locator("html").get_attribute("lang") == "en"
    page.get_by_role("button", name="Align").click()
    assert page.get_by_role("alert").inner_text() == "Please choose a file first"
    assert re.search("[\u4e00-\u9fff]", page.locator(".hero").inner_text()) is None
    page.get_by_role("link", name="中文").click()
    assert page.locator("html").get_attribute("lang") == "zh-CN"


@pytest.mark.parametrize("path", ["/", "/documents", "/audits", "/help", "/nothing"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_pages_fit_a_phone(open_page: OpenPage, path: str, lang: str) -> None:
    """No scrolling sideways at 360 pixels; what is pressed is large enough for a finger."""
    page = open_page("/language/" + lang, PHONE, has_touch=True)
    page.goto(page.url.rstrip("/") + path)
    assert _overflow(page) == 0
    small = page.evaluate(
        """[...document.querySelectorAll("main .button, main select, .nav a, .brand, main input:not([type=hidden])")]
        .map(part => [part.id || part.textContent.trim(), part.getBoundingClientRect()])
        .filter(([name, box]) => box.width > 0 && box.height > 1 && box.height < 35.9).map(([name]) => name)"""
    )
    assert [name for name in small if name not in ("together",)] == []
    open_page.complaints.clear() if path == "/nothing" else None  # type: ignore[attr-defined]


def test_a_document_is_deleted_only_after_a_yes(open_page: OpenPage) -> None:
    """The question can be answered with no."""
    page = open_page()
    _choose(page, _file("要删的.md", "# 网店运营课程标准".encode()))
    page.get_by_role("button", name="开始对标").click()
    page.wait_for_url(re.compile(r"/reports/"))
    page.goto(page.url.split("/reports/")[0] + "/documents")
    row = page.locator("tr", has_text="要删的.md")
    row.get_by_role("link", name="详情").click()
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.locator(".page-head").get_by_role("button", name="删除").click()
    assert re.search(r"/documents/\w+$", page.url)
    page.once("dialog", lambda dialog: dialog.accept())
    page.locator(".page-head").get_by_role("button", name="删除").click()
    page.wait_for_url(re.compile(r"/documents$"))
    assert page.get_by_text("要删的.md").count() == 0


def test_paper_shows_the_content_only(open_page: OpenPage) -> None:
    """Navigation and buttons are not printed."""
    page = open_page("/help")
    page.emulate_media(media="print")
    assert page.locator("header").is_hidden()
    assert page.locator("footer").is_hidden()
    assert page.get_by_role("heading", name="有多可靠").is_visible()


def test_the_first_page_can_be_used_within_a_second(open_page: OpenPage) -> None:
    """Less than 300 KB over the wire, and the form's script ready in under a second: the middle of three."""
    ready, sizes = [], []
    for _ in range(3):
        page = open_page()
        page.locator("#upload[data-ready]").wait_for()
        timing = page.evaluate("performance.getEntriesByType('navigation')[0].toJSON()")
        resources = page.evaluate("performance.getEntriesByType('resource').map(item => item.transferSize)")
        ready.append(timing["domContentLoadedEventEnd"])  # deferred scripts have run by then
        sizes.append(timing["transferSize"] + sum(resources))
    assert statistics.median(ready) < 1000
    assert max(sizes) < 300_000
