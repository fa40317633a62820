"""A batch survives kill -9 at any moment: nothing is lost, nothing that was done is done again."""

from __future__ import annotations

import os
import re
import signal
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.api.jobs.programs import Program, all_gone, started
from tests.api.jobs.working import until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks for processes in /proc"),
]

COUNT = 50
POISONED = "第07号课程标准.docx"
_WORDS = "网店推广 商品采编 客户服务 直播运营 数据分析 供应链管理 跨境电商 农产品营销 视觉设计 社群运营"
TOPICS = tuple(_WORDS.split(" "))
#: Seconds for a whole batch on a slow machine with other things to do.
LONG = 280.0


class Service:
    """The running programs of one service, and the address of its page."""

    def __init__(self, programs: list[Program]) -> None:
        self.programs = programs
        self.http = httpx2.Client(base_url=programs[0].address, timeout=60)

    def kill(self) -> None:
        """kill -9 of everything at once."""
        children = [child for program in self.programs for child in program.children()]
        for program in self.programs:
            program.kill()
        self.http.close()
        all_gone(children)

    def counts(self, audit: str) -> Counter[str]:
        """How many reports of a batch are in which state."""
        return Counter(self.http.get(f"/api/v1/audits/{audit}").raise_for_status().json()["counts"])

    def reports(self, audit: str) -> dict[str, Any]:
        """The reports of a batch by the name of their document."""
        found = self.http.get("/api/v1/reports", params={"audit": audit, "limit": 200}).raise_for_status().json()
        return {item["document_name"]: item for item in found["items"]}


def texts() -> Iterator[tuple[str, bytes]]:
    """Fifty short syllabi, no two alike, one of them poisoned."""
    for number in range(COUNT):
        first, second = TOPICS[number % 10], TOPICS[(number * 3 + 1) % 10]
        name = f"第{number:02}号课程标准.md"
        text = (
            f"# {first}课程标准（{number}）\n\n## 一、课程目标\n\n能完成{first}的方案设计，掌握{second}的基本方法。\n\n"
            f"## 二、教学内容\n\n项目一 {first}实务，{number + 2} 学时；项目二 {second}综合训练。\n"
        )
        yield (POISONED, b"PK\x03\x04 poison") if number == 7 else (name, text.encode())


def upload(http: httpx2.Client) -> str:
    """Send the batch; its id."""
    files = [("files", (name, data)) for name, data in texts()]
    answer = http.post("/api/v1/audits", files=files, data={"name": "五十份", "standard": "530701"})
    return str(answer.raise_for_status().json()["id"])


@pytest.fixture(params=["serve", "serve and worker"])
def open_service(request: pytest.FixtureRequest, tmp_path: Path, database: str) -> Callable[[], Any]:
    """Starts the service, each time on the same data: one process that does all, or a page and a worker."""
    environment = {"DUIBIAO_DATA": str(tmp_path / "data"), "DUIBIAO_DATABASE": database, "DUIBIAO_WORKERS": "2"}
    log = tmp_path / "log"

    @contextmanager
    def opened() -> Iterator[Service]:
        with ExitStack() as stack:
            page = ["serve", "--port", "0"]
            if request.param == "serve":
                programs = [stack.enter_context(started(page, environment, log))]
            else:
                programs = [
                    stack.enter_context(started([*page, "--no-worker"], environment, log)),
                    stack.enter_context(started(["worker"], environment, log)),
                ]
            yield Service(programs)

    return opened


def alignments(log: Path) -> Counter[str]:
    """How often each report was aligned, by what the service said of it."""
    return Counter(re.findall(r"report (\w+) aligned in attempt", log.read_text(encoding="utf-8")))


@pytest.mark.timeout(600)
def test_a_batch_survives_kill_9(open_service: Callable[[], Any], tmp_path: Path) -> None:
    """Killed in the middle and started again, all are done, each once, and the poisoned one tells why it failed."""
    with open_service() as service:
        audit = upload(service.http)
        until(lambda: service.counts(audit)["done"] >= 12, "a part of the batch", LONG)
        before = service.reports(audit)
        service.kill()
    finished = {name: item for name, item in before.items() if item["state"] == "done"}
    assert 12 <= len(finished) < COUNT - 1, "killed in the middle"
    with open_service() as service:
        until(lambda: not service.counts(audit)["queued"] + service.counts(audit)["running"], "the batch", LONG)
        after = service.reports(audit)
    assert Counter(item["state"] for item in after.values()) == {"done": COUNT - 1, "failed": 1}
    assert after[POISONED]["problem"]["where"] == POISONED
    assert after[POISONED]["problem"]["advice"]
    for name, item in finished.items():
        assert (after[name]["finished_at"], after[name]["attempt"]) == (item["finished_at"], item["attempt"])
    times = alignments(tmp_path / "log")
    assert {times[item["id"]] for item in finished.values()} == {1}
    assert set(times) == {item["id"] for item in after.values() if item["state"] == "done"}
    again = [one for one, count in times.items() if count > 1]  # aligned, and killed before it was written down
    assert len(again) <= 2
    assert max(times.values()) <= 2


@pytest.mark.timeout(600)
def test_killing_children_fails_nothing(tmp_path: Path) -> None:
    """The aligning processes alone are killed, again and again, while a batch runs: every report is done."""
    environment = {"DUIBIAO_DATA": str(tmp_path / "data"), "DUIBIAO_WORKERS": "2"}
    with started(["serve", "--port", "0"], environment, tmp_path / "log") as program:
        service = Service([program])
        audit = upload(service.http)
        until(lambda: service.counts(audit)["done"] >= 3, "the first reports", LONG)
        held = memory(program.pid)
        for wanted in (5, 10, 15):
            until(lambda wanted=wanted: service.counts(audit)["done"] >= wanted, f"{wanted} reports", LONG)
            for child in program.children()[:1]:
                os.kill(child, signal.SIGKILL)
        until(lambda: not service.counts(audit)["queued"] + service.counts(audit)["running"], "the batch", LONG)
        assert Counter(item["state"] for item in service.reports(audit).values()) == {"done": COUNT - 1, "failed": 1}
        service.http.close()
        assert memory(program.pid) - held < 80  # a batch does not pile up in the main process


def memory(pid: int) -> float:
    """Most memory that a process has held so far, MB."""
    line = next(one for one in Path(f"/proc/{pid}/status").read_text().splitlines() if one.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def test_killing_the_service_alone_leaves_no_orphan(tmp_path: Path) -> None:
    """kill -9 of the main process while documents are aligned: its children end with it."""
    environment: Mapping[str, str] = {"DUIBIAO_DATA": str(tmp_path / "data"), "DUIBIAO_WORKERS": "2"}
    with started(["serve", "--port", "0"], environment, tmp_path / "log") as program:
        service = Service([program])
        audit = upload(service.http)
        until(lambda: service.counts(audit)["running"], "a running report", LONG)
        service.http.close()
        children = program.children()
        assert children
        program.kill(whole=False)
        all_gone(children)
