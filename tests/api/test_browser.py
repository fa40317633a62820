"""The page as a person uses it, in a real browser: choose a file, press the button, read the report."""

from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="没有 chromium，浏览器测试跳过（apt-get install chromium）"),
]

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 375, "height": 780}
SYLLABUS = "网店运营_课程标准.docx"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running service on a free port of this machine; its socket takes connections before it is up."""
    import uvicorn

    from api.app import create_app
    from api.settings import Settings

    app = create_app(Settings(data=tmp_path_factory.mktemp("data")))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        service = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        service.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        service.join(timeout=30)
    assert not service.is_alive()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium, without its own calls home."""
    from playwright.sync_api import sync_playwright

    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=[*quiet, "--no-first-run"])
        yield running
        running.close()


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def page(request: pytest.FixtureRequest, browser: Any) -> Iterator[Any]:
    """A page of a desktop's or a phone's size, which may complain of nothing and ask nothing of another machine."""
    context = browser.new_context(viewport=request.param, locale="zh-CN")
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda sent: None if "//127.0.0.1:" in sent.url else complaints.append(sent.url))
    yield page
    context.close()
    assert [text for text in complaints if not text.startswith("data:") and "422" not in text] == []


def overflow(page: Any) -> int:
    """Pixels that the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def send(page: Any, address: str, file: Path) -> None:
    """Open the page, choose a file by the label that a person reads, press the button."""
    page.goto(address)
    page.get_by_label("文档").set_input_files(file)
    page.get_by_role("button", name="生成报告").click()
    page.wait_for_load_state()


def test_upload_page_fits_its_window(page: Any, address: str, tmp_path: Path) -> None:
    """The form is there whole, without scrolling sideways, and the button is in reach of the keyboard."""
    page.goto(address)
    page.screenshot(path=tmp_path / "upload.png", full_page=True)
    assert overflow(page) <= 0
    for label in ("文档", "专业教学标准", "报告"):
        assert page.get_by_label(label, exact=True).is_visible()
    order = []
    for _ in range(5):
        page.keyboard.press("Tab")
        order.append(page.evaluate("document.activeElement.id || document.activeElement.tagName"))
    assert order == ["file", "standard", "format", "SUMMARY", "BUTTON"]


def test_button_without_a_file_sends_nothing(page: Any, address: str) -> None:
    """The browser itself asks for the file."""
    page.goto(address)
    page.get_by_role("button", name="生成报告").click()
    assert page.url.rstrip("/") == address
    assert page.evaluate("document.getElementById('file').validity.valueMissing")


def test_a_syllabus_becomes_a_report(page: Any, address: str, samples: Path, tmp_path: Path) -> None:
    """The report is shown in the same window, fits it, and its evidence opens."""
    send(page, address, samples / SYLLABUS)
    page.screenshot(path=tmp_path / "report.png")
    text = page.inner_text("body")
    for words in ("网店运营", "530701", "已覆盖", "未覆盖", "供应链管理"):
        assert words in text
    assert overflow(page) <= 0
    closed = page.locator("details:not([open]) > summary")
    assert closed.count() > 0
    first = closed.first.element_handle()
    first.click()
    assert first.evaluate("summary => summary.parentElement.open")


def test_a_broken_file_is_explained(page: Any, address: str, tmp_path: Path) -> None:
    """What is wrong, in Chinese, on a page that leads back to the form."""
    broken = tmp_path / "一个名字相当长的课程标准文件_最终版_修订三_请以此为准_不要再改了.docx"
    broken.write_bytes(b"PK\x03\x04 not a document at all")
    send(page, address, broken)
    page.screenshot(path=tmp_path / "problem.png")
    assert "未能生成报告" in page.inner_text("h1")
    assert broken.name in page.inner_text("main")
    assert overflow(page) <= 0
    page.get_by_role("link", name="返回").click()
    assert page.get_by_role("button", name="生成报告").is_visible()


def test_word_report_is_downloaded(page: Any, address: str, samples: Path, tmp_path: Path) -> None:
    """Chosen as Word, the report arrives as a file under the document's name."""
    page.goto(address)
    page.get_by_label("文档").set_input_files(samples / SYLLABUS)
    page.get_by_label("报告", exact=True).select_option("docx")
    with page.expect_download() as coming:
        page.get_by_role("button", name="生成报告").click()
    assert coming.value.suggested_filename == "网店运营_课程标准.report.docx"
    target = tmp_path / "report.docx"
    coming.value.save_as(target)
    assert target.read_bytes().startswith(b"PK")
