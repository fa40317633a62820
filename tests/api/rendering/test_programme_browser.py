"""The page of a programme audit in a real browser, on a desktop's and a phone's screen."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from alignment.model import GapReport
from api.rendering.html import render

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="没有 chromium，浏览器测试跳过（apt-get install chromium）"),
]


@pytest.fixture(scope="module")
def file(audited_report: GapReport, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page on disk."""
    path = tmp_path_factory.mktemp("page") / "audit.html"
    path.write_bytes(render(audited_report))
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium, without its own calls home."""
    from playwright.sync_api import sync_playwright

    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=[*quiet, "--no-first-run"])
        yield running
        running.close()


@pytest.fixture(params=[1280, 390], ids=["desktop", "phone"])
def page(request: pytest.FixtureRequest, browser: Any, file: Path) -> Iterator[Any]:
    """The page opened at a width."""
    context = browser.new_context(viewport={"width": request.param, "height": 800})
    page = context.new_page()
    page.goto(file.as_uri())
    yield page
    context.close()


def test_page_is_no_wider_than_its_window(page: Any) -> None:
    """Folded and unfolded; the matrix and the course table scroll in their own boxes."""
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) <= 0
    page.evaluate("document.querySelectorAll('details').forEach(item => { item.open = true })")
    assert page.evaluate(wide) <= 0


def test_contents_jump_to_the_section(page: Any) -> None:
    """A press on an entry brings its heading into sight."""
    page.get_by_role("link", name="支撑矩阵").click()
    heading = page.get_by_role("heading", name="培养规格与课程的支撑关系")
    assert heading.bounding_box()["y"] < 200


def test_readings_unfold(page: Any) -> None:
    """The readings that leave the verdict as it is show on a press."""
    summary = page.locator("#r-NR06 summary", has_text="结论不变的其他算法")
    reading = page.locator("#r-NR06").get_by_text("若分母用各行之和 1386")
    assert not reading.is_visible()
    summary.click()
    assert reading.is_visible()


def test_bars_have_their_widths(page: Any) -> None:
    """The longest category fills its box, another one its share of it."""
    boxes = page.locator("#hours .row .bar")
    public, practice = boxes.nth(0), boxes.nth(4)
    filled = practice.locator("rect[fill^='url']").bounding_box()["width"]
    assert filled == pytest.approx(practice.bounding_box()["width"], abs=1)
    solid = public.locator("rect").nth(-2).bounding_box()["width"]
    assert solid == pytest.approx(practice.bounding_box()["width"] * 214 / 600, abs=1)
