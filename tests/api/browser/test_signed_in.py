"""The frame with accounts: signing in leads back, the menu offers what the role may, forms carry their token."""

from __future__ import annotations

import re
import shutil
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from api.auth.principal import LOCAL
from tests.service import make_settings

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="没有 chromium，浏览器测试跳过（apt-get install chromium）"),
]

PASSWORD = "一个够长的口令-2026"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running service with accounts: a department with a teacher and an auditor."""
    import uvicorn

    from api.app import create_app
    from api.services.accounts import create_user
    from api.services.departments import create_department

    app = create_app(make_settings(tmp_path_factory.mktemp("service"), auth=True))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        home = f"http://127.0.0.1:{listening.getsockname()[1]}"
        urlopen(f"{home}/sign-in", timeout=60).read()
        service = app.state.service
        place = [create_department(service, LOCAL, "电子商务学院").id]
        for login, name, role in (("wang", "王老师", "teacher"), ("li", "李督导", "auditor")):
            create_user(service, LOCAL, login=login, name=name, role=role, password=PASSWORD, departments=place)
        yield home
        server.should_exit = True
        thread.join(timeout=60)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield running
        running.close()


def _sign_in(browser: Any, address: str, login: str, path: str = "/", **options: Any) -> Any:
    page = browser.new_context(locale="zh-CN", **options).new_page()
    page.goto(address + path)
    page.get_by_label("登录名").fill(login)
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    return page


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_a_teacher_uploads_and_an_auditor_sees(browser: Any, address: str, samples: Path, script: bool) -> None:
    """The form goes through with its token; the department of the teacher is chosen; the auditor may not delete."""
    teacher = _sign_in(browser, address, "wang", java_script_enabled=script)
    assert teacher.locator("#department option:checked").inner_text() == "电子商务学院"
    teacher.set_input_files("#file", samples / "网店运营_课程标准.docx")
    teacher.get_by_role("button", name="开始对标").click()
    teacher.wait_for_url(re.compile(r"/reports/\w{26}$"), wait_until="commit")
    teacher.get_by_role("button", name="取消").click()
    teacher.locator("main").get_by_text("已取消").first.wait_for()
    auditor = _sign_in(browser, address, "li", "/documents", java_script_enabled=script)
    auditor.wait_for_url(re.compile(r"/documents$"))
    auditor.get_by_role("link", name="详情").first.click()
    assert auditor.get_by_text("王老师 · 电子商务学院").is_visible()
    assert auditor.get_by_role("button", name="删除").count() == 0
    for page in (teacher, auditor):
        page.context.close()


def test_the_menu_is_opened_and_closed_by_keyboard(browser: Any, address: str) -> None:
    """It holds what the role may, Escape closes it, and signing out is its last entry."""
    page = _sign_in(browser, address, "li")
    menu = page.locator("details.menu")
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    assert menu.get_by_role("link").all_inner_texts() == ["我的账号", "操作日志"]
    page.keyboard.press("Escape")
    assert not menu.evaluate("menu => menu.open")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    page.keyboard.press("Enter")
    menu.get_by_role("button", name="退出登录").click()
    page.wait_for_url(re.compile("/sign-in"))
    page.goto(address + "/documents")
    assert re.search("/sign-in", page.url)
    assert page.get_by_role("navigation", name="主导航").count() == 0
    page.context.close()
