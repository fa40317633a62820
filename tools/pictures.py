"""Take the pictures of docs/page.md: the pages of the service with the samples, on a desktop and on a phone.

``python tools/pictures.py [FOLDER]`` starts the service on an empty data folder, drives it in Chromium as a teacher and
a reviewer would, and writes PNG files. Needs the ``dev`` extra and chromium.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "corpora" / "samples"
DESKTOP = {"width": 1280, "height": 860}
PHONE = {"width": 390, "height": 844}
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
SYLLABUS = "网店运营_课程标准.docx"
PLAN, SCHEDULE = "直播电商专业_人才培养方案.docx", "直播电商专业_教学进程表.xlsx"
BATCH = ("互联网销售_课程标准.docx", "社群运营_教学大纲.pdf", "数据化运营_授课进度计划.xlsx", "网络营销_教材节选.epub")
QUESTION = "哪条要求提到用户画像？"


@contextmanager
def service(data: str) -> Iterator[str]:
    """A running service on a free port: its address."""
    call = "import sys; sys.argv = ['duibiao', 'serve', '--port', '0']; from api.cli import main; main()"
    environment = {**os.environ, "DUIBIAO_DATA": data, "DUIBIAO_WORKERS": "2", "DUIBIAO_LOG_LEVEL": "warning"}
    running = subprocess.Popen(
        [sys.executable, "-c", call], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    assert running.stdout is not None
    try:
        found = re.search(r"http://[\w.:\[\]]+", running.stdout.readline())
        assert found, "the service did not start"
        yield found[0]
    finally:
        running.terminate()
        running.wait(timeout=30)


class Camera:
    """One browser window, and the folder for what it shows."""

    def __init__(self, browser: Any, address: str, folder: Path, size: dict[str, int], suffix: str) -> None:
        self.page = browser.new_context(viewport=size, locale="zh-CN").new_page()
        self.address, self.folder, self.suffix = address, folder, suffix

    def open(self, path: str, ready: str = "main") -> None:
        """Go to a page of the service and wait for a part of it."""
        self.page.goto(self.address + path)
        self.page.wait_for_selector(ready, timeout=60_000)

    def take(self, name: str) -> None:
        """Write what is on the screen, in 256 colours."""
        self.page.wait_for_timeout(600)  # charts and panels move into place
        image = Image.open(io.BytesIO(self.page.screenshot())).convert("RGB").quantize(256)
        image.save(self.folder / f"{name}{self.suffix}.png", optimize=True)
        print(name + self.suffix)

    def send(self, *names: str, bundle: bool = False) -> str:
        """Drop samples on the first page and start: the path of the report or batch."""
        self.open("/", "#send")
        self.page.locator("#file").set_input_files([SAMPLES / name for name in names])
        if bundle:
            self.page.locator("#together").check()
        if not bundle and len(names) == 1:
            self.take("upload")
        self.page.locator("#send").click()
        self.page.wait_for_url(re.compile("/(reports|audits)/"), timeout=60_000)
        return re.sub(r"[?#].*", "", self.page.url).removeprefix(self.address)

    def ask(self, path: str) -> Any:
        """What the API answers."""
        return self.page.request.get(f"{self.address}/api/v1{path}").json()

    def wait_for_report(self) -> None:
        """Wait until the report stands on the page."""
        self.page.wait_for_selector("[data-open]", timeout=120_000)


def main(folder: Path) -> None:
    """Take all pictures."""
    from playwright.sync_api import sync_playwright

    folder.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with TemporaryDirectory() as data, service(data) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        desktop = Camera(browser, address, folder, DESKTOP, "")
        report = tour_of_a_report(desktop)
        tour_of_a_plan(desktop)
        tour_of_many(desktop)
        tour_of_the_standard(desktop)
        phone = Camera(browser, address, folder, PHONE, "-phone")
        phone.send(SYLLABUS)
        phone.wait_for_report()
        phone.take("report")
        phone.open(f"{report}#C1.R4.e1", "[data-open]")
        phone.take("element")
        browser.close()


def tour_of_a_report(camera: Camera) -> str:
    """A syllabus: progress, conclusion, an element, the document, the map."""
    report = camera.send(SYLLABUS)
    camera.take("progress")
    camera.wait_for_report()
    camera.take("report")
    camera.open(f"{report}#C1.R4.e1", "[data-open]")
    camera.take("element")
    camera.open(f"{report}/document", "[href*=passages]")
    camera.page.locator("[href*=passages]").nth(3).click()
    camera.take("document")
    camera.open(f"{report}/map", "svg text")
    camera.take("map")
    return report


def tour_of_a_plan(camera: Camera) -> None:
    """A programme plan with its workbook: hours and rules."""
    plan = camera.send(PLAN, SCHEDULE, bundle=True)
    camera.wait_for_report()
    for part in ("hours", "rules"):
        camera.open(f"{plan}/plan/{part}")
        camera.take(f"plan-{part}")


def tour_of_many(camera: Camera) -> None:
    """A batch, the dashboard, two documents side by side, the desk of reviews."""
    audit = camera.send(SYLLABUS, *BATCH)
    camera.take("batch")
    identity = audit.rpartition("/")[2]
    while not camera.ask(f"/audits/{identity}")["done"]:
        camera.page.wait_for_timeout(500)
    camera.open(f"/dashboard?audit={identity}", "svg text")
    camera.take("dashboard")
    found = camera.ask(f"/reports?audit={identity}")["items"]
    camera.open("/compare?" + "&".join(f"report={item['id']}" for item in found[:3]))
    camera.take("compare")
    for item in found[:2]:
        camera.page.request.post(
            f"{camera.address}/api/v1/reports/{item['id']}/review", data={"from": "draft", "to": "submitted"}
        )
    camera.open("/reviews")
    camera.take("reviews")


def tour_of_the_standard(camera: Camera) -> None:
    """The standard, and a question put to it."""
    camera.open("/standards/530701")
    camera.take("standard")
    camera.open(f"/search?text={QUESTION}")
    camera.take("search")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "pictures")
