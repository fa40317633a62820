"""The engine of this machine: any number of processes gives the same tables, and no document takes others with it."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from alignment.audit.engine import LocalEngine, Seat, Task
from alignment.audit.model import AuditOptions
from corpora.errors import UnknownStandardError
from tests.alignment.audit.conftest import NAMELESS, EngineHere, RunAudit, tables

TEXTS = [f"《网店运营{n}》课程标准\n{NAMELESS}".encode() for n in range(3)]


@pytest.fixture
def local() -> Iterator[LocalEngine]:
    """One process."""
    engine = LocalEngine(AuditOptions(), 1)
    yield engine
    engine.close()


def pid(engine: LocalEngine) -> int:
    """Of its process."""
    child = engine._seats[0]._child
    assert child is not None
    return child.pid


def outcomes(engine: LocalEngine, before: Callable[[int], None]) -> list[tuple[str, str]]:
    """Status and first problem of three documents; ``before`` is called as each is handed out."""

    def tasks() -> Iterator[Task]:
        for number, data in enumerate(TEXTS):
            before(number)
            yield Task(number, f"{number}.txt", data)

    found = {done.number: done.result for done in engine.results(tasks())}
    return [(found[n].document.status, "".join(p.what for p in found[n].problems[:1])) for n in range(3)]


@pytest.mark.parametrize("processes", [1, 2])
def test_processes_give_the_tables_of_this_process(
    batch: Path, tmp_path: Path, here: EngineHere, run_here: RunAudit, processes: int
) -> None:
    """To the byte, whatever their number and the order in which they are done."""
    run_here(batch, tmp_path / "此", here)
    engine = LocalEngine(AuditOptions(), processes)
    try:
        run_here(batch, tmp_path / "果", engine)
    finally:
        engine.close()
    assert tables(tmp_path / "果") == tables(tmp_path / "此")


def test_a_document_whose_process_crashes_fails_alone(local: LocalEngine) -> None:
    """The next documents get a new process; the reason names the exit code."""

    def crash(number: int) -> None:
        if number == 1:
            os.kill(pid(local), signal.SIGSEGV)

    assert outcomes(local, crash) == [("ok", ""), ("failed", "处理进程异常退出（代码 -11）"), ("ok", "")]


def test_a_document_whose_process_was_killed_gets_another(local: LocalEngine) -> None:
    """Somebody else's kill (an operator, a system short of memory) says nothing of the document."""

    def kill(number: int) -> None:
        if number == 1:
            os.kill(pid(local), signal.SIGKILL)

    assert [state for state, _ in outcomes(local, kill)] == ["ok", "ok", "ok"]


def test_a_document_whose_process_hangs_fails_alone(local: LocalEngine) -> None:
    """After its time the process is ended; the others have all theirs."""
    seat: Seat = local._seats[0]

    def hang(number: int) -> None:
        seat._seconds = 600.0
        if number == 1:
            seat._seconds = 0.2
            os.kill(pid(local), signal.SIGSTOP)

    assert outcomes(local, hang) == [("ok", ""), ("failed", "处理超过 0.2 秒，已终止"), ("ok", "")]


def test_no_process_is_left_when_the_caller_stops(local: LocalEngine) -> None:
    """Results that nobody takes any more end the work at once."""
    results = local.results(Task(n, f"{n}.txt", data) for n, data in enumerate(TEXTS))
    next(results)
    child = local._seats[0]._child
    results.close()
    assert child is not None
    assert child.wait() != 0


def test_a_wrong_call_is_told_as_such() -> None:
    """The error of the process is that of the call."""
    engine = LocalEngine(AuditOptions(standard="000000"), 2)
    with pytest.raises(UnknownStandardError, match="000000"):
        _ = engine.identity
