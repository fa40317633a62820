"""The report while the service does not answer."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.api.browser.test_report_page import CHROMIUM, browser, reports

__all__ = ["browser", "reports"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="没有 chromium，浏览器测试跳过（apt-get install chromium）"),
]


def test_the_element_shown_stays_the_one_marked(reports: dict[str, str], browser: Any) -> None:
    """Nobody decides on one element while another is marked; a panel with nothing to show closes; all goes on after."""
    from playwright.sync_api import expect

    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    page.goto(reports["syllabus"])
    chips, panel, notice = page.locator(".els .el"), page.locator("#panel"), page.get_by_text("连不上服务").first
    context.set_offline(True)
    chips.nth(3).click()
    notice.wait_for()
    expect(panel).to_be_hidden()
    context.set_offline(False)
    chips.nth(3).click()
    first = chips.nth(3).get_attribute("id")
    panel.locator(f"[data-element='{first}']").wait_for()
    context.set_offline(True)
    chips.nth(5).click()
    expect(chips.nth(3)).to_have_attribute("aria-current", "true")
    expect(page).to_have_url(re.compile(re.escape(f"#{first}") + "$"))
    context.set_offline(False)
    chips.nth(5).click()
    panel.locator(f"[data-element='{chips.nth(5).get_attribute('id')}']").wait_for()
    context.close()
