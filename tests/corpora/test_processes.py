"""Child processes end with the process that started them, also in the middle of their work."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpora.processes import Child

ROOT = Path(__file__).resolve().parents[2]
#: A child that answers its first message with its number, and then computes for ever.
BUSY = """
import os
from corpora.processes import Pipes
def main():
    pipes = Pipes()
    for message in pipes:
        pipes.send(message + str(os.getpid()).encode())
        while message == b"busy":
            pass
"""
#: A parent that has such a child, tells its number and waits.
PARENT = """
import sys
sys.path[:0] = [{root!r}, {folder!r}]
from corpora.processes import Child
child = Child("busy_child")
child.send(b"busy")
print(child.receive().decode(), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Name of a module that a child can run."""
    (tmp_path / "busy_child.py").write_text(BUSY, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    return "busy_child"


@pytest.fixture
def child(module: str) -> Iterator[Child]:
    """A child that is ended with the test."""
    made = Child(module)
    yield made
    made.close()


def gone(pid: int, seconds: float = 10) -> bool:
    """Whether a process ends, or is a corpse that nobody has looked for, within some seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            os.kill(pid, 0)
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.02)
    return False


def test_messages_go_both_ways(child: Child) -> None:
    """Each message is answered, whole, however large."""
    for text in (b"", b"a", b"x" * 3_000_000):
        assert child.send(text)
        assert child.receive() == text + str(child.pid).encode()


def test_a_killed_child_is_silent(child: Child) -> None:
    """Its end is no message, and it takes none any more."""
    child.kill()
    assert child.receive() is None
    assert child.wait() == -signal.SIGKILL
    assert not child.send(b"x" * 1_000_000)
    assert not child.alive


def test_a_closed_pipe_ends_a_busy_child(child: Child) -> None:
    """The end of the input is noticed in the middle of work."""
    child.send(b"busy")
    assert child.receive()
    assert child._process.stdin is not None
    child._process.stdin.close()
    assert gone(child.pid)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals_to_the_whole_group_leave_the_end_to_the_parent(child: Child, number: int) -> None:
    """An interrupt from the terminal does not tear the child out of its work."""
    child.send(b"before")
    assert child.receive()
    os.kill(child.pid, number)
    child.send(b"after")
    assert child.receive() == b"after" + str(child.pid).encode()


def test_a_child_outlives_the_thread_that_started_it(module: str) -> None:
    """Only the end of the whole parent ends it."""
    made: list[Child] = []
    thread = threading.Thread(target=lambda: made.append(Child(module)))
    thread.start()
    thread.join()
    try:
        made[0].send(b"a")
        assert made[0].receive()
        assert made[0].alive
    finally:
        made[0].close()


@pytest.mark.skipif(not Path("/proc").exists(), reason="looks for the process in /proc")
def test_a_killed_parent_leaves_no_busy_child(module: str, tmp_path: Path) -> None:
    """kill -9 of the parent alone ends its child too."""
    del module
    code = PARENT.format(root=str(ROOT), folder=str(tmp_path))
    parent = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline().decode().removeprefix("busy"))
    parent.kill()
    parent.communicate()
    assert gone(pid)
