"""The service as its users start it: real processes, for tests that kill them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.api.jobs.working import until

ROOT = Path(__file__).resolve().parents[3]
_CODE = "import sys; sys.argv[0] = 'duibiao'; from api.cli import main; main()"


class Program:
    """A ``duibiao`` process with a group of its own.

    Parameters
    ----------
    arguments : of the command.
    environment : its settings.
    log : file that its errors are added to.
    """

    def __init__(self, arguments: list[str], environment: Mapping[str, str], log: Path) -> None:
        plain = {name: value for name, value in os.environ.items() if not name.startswith("DUIBIAO_")}
        with log.open("ab") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _CODE, *arguments],
                env={**plain, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", **environment},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                start_new_session=True,
            )
        assert self._process.stdout is not None
        self.greeting = self._process.stdout.readline()
        assert self.greeting, log.read_text(encoding="utf-8")

    @property
    def address(self) -> str:
        """Where it serves."""
        return self.greeting.split()[1]

    @property
    def pid(self) -> int:
        """Number of the process."""
        return self._process.pid

    def children(self) -> list[int]:
        """Numbers of the processes that it started, and of those that they started."""
        return descendants(self.pid)

    def kill(self, whole: bool = True) -> None:
        """kill -9, of the whole group or of this process alone."""
        if whole:
            os.killpg(self.pid, signal.SIGKILL)
        else:
            self._process.kill()
        self._process.wait()

    def end(self, number: int = signal.SIGTERM, seconds: float = 30) -> int:
        """Ask it to end; its exit code."""
        self._process.send_signal(number)
        return self._process.wait(seconds)

    def close(self) -> None:
        """End it, whatever it does."""
        if self._process.poll() is None:
            self.kill()
        assert self._process.stdout is not None
        self._process.stdout.close()


def descendants(pid: int) -> list[int]:
    """Numbers of the processes that a process started, and of those that they started."""
    try:
        words = Path(f"/proc/{pid}/task").iterdir()
        direct = [int(one) for task in words for one in (task / "children").read_text().split()]
    except OSError:
        return []
    return [one for child in direct for one in (child, *descendants(child))]


def running(pid: int) -> bool:
    """Whether a process runs."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def all_gone(pids: list[int]) -> None:
    """Wait until none of some processes runs."""
    until(lambda: not any(map(running, pids)), f"the end of {pids}", 15)


@contextmanager
def started(arguments: list[str], environment: Mapping[str, str], log: Path) -> Iterator[Program]:
    """A program that is ended with the ``with``."""
    program = Program(arguments, environment, log)
    try:
        yield program
    finally:
        program.close()
