"""Child processes that may crash, hang or be killed without harm to the caller: fresh interpreters behind two pipes.

A message is bytes behind their length (8 bytes, little-endian). Nothing of the caller's memory, threads or libraries
gets into a child. A child ends at once when its input ends, also in the middle of its work, and so never outlives the
process that started it.
"""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

_ROOT = Path(__file__).resolve().parents[1]
_START = "import sys; sys.path[:] = {paths!r}; from {module} import main; main()"
_SIZE = 8
_PARENT = "DUIBIAO_PARENT_PROCESS"
_PR_SET_PDEATHSIG = 1


def read_message(stream: BinaryIO) -> bytes | None:
    """The next message of a pipe, None when it was closed or cut off."""
    head = stream.read(_SIZE)
    if len(head) < _SIZE:
        return None
    size = int.from_bytes(head, "little")
    body = stream.read(size)
    return body if len(body) == size else None


def write_message(stream: BinaryIO, message: bytes) -> None:
    """Send one message through a pipe."""
    stream.write(len(message).to_bytes(_SIZE, "little"))
    stream.write(message)
    stream.flush()


class Child:
    """A process that runs the function ``main`` of a module.

    Parameters
    ----------
    module : by its full name; the child finds the very modules that the caller finds, whatever the folder.
    environment : variables that the child has besides the caller's.
    """

    def __init__(self, module: str, environment: Mapping[str, str] | None = None) -> None:
        command = [sys.executable, "-P", "-c", _START.format(paths=[*sys.path, str(_ROOT)], module=module)]
        self._process = _SPAWNER.start(command, {**os.environ, **(environment or {}), _PARENT: str(os.getpid())})

    def send(self, message: bytes) -> bool:
        """Give the child a message; whether it could be given."""
        assert self._process.stdin is not None
        try:
            write_message(self._process.stdin, message)  # type: ignore[arg-type]
        except (OSError, ValueError):
            return False
        return True

    def receive(self) -> bytes | None:
        """Wait for a message of the child; None when it has ended."""
        assert self._process.stdout is not None
        try:
            return read_message(self._process.stdout)  # type: ignore[arg-type]
        except (OSError, ValueError):
            return None

    @property
    def pid(self) -> int:
        """Number of the process."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def kill(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()

    def wait(self) -> int:
        """Wait for the end of the process: its exit code, negative for a signal."""
        return self._process.wait()

    def close(self) -> None:
        """End the process and close its pipes."""
        self.kill()
        self.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()


class Pipes:
    """The child's side: jobs come in, answers go out.

    The pipes are moved away from 0 and 1, where a library might print. A thread of its own waits for the next message,
    so that the end of the input ends the process even while it works.
    """

    def __init__(self) -> None:
        _die_with_parent()
        self._jobs = os.fdopen(os.dup(0), "rb")
        self._answers = os.fdopen(os.dup(1), "wb")
        null = os.open(os.devnull, os.O_RDWR)
        os.dup2(null, 0)
        os.dup2(2, 1)
        sys.stdin = open(os.devnull)  # noqa: SIM115, PTH123
        self._waiting: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        threading.Thread(target=self._listen, daemon=True).start()

    def __iter__(self) -> Iterator[bytes]:
        """The messages, one after the other; the end of the input ends the process."""
        while True:
            yield self._waiting.get()

    def send(self, message: bytes) -> None:
        """Give the parent a message."""
        write_message(self._answers, message)

    def _listen(self) -> None:
        try:
            while (message := read_message(self._jobs)) is not None:
                self._waiting.put(message)
        finally:
            os._exit(0)


def _die_with_parent() -> None:
    """Leave it to the parent to end this process; where the system can, be killed by it when the parent dies.

    An interrupt from the terminal and the end that a service manager wishes all processes of a service concern the
    parent, which then ends its children.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)  # a handler, unlike SIG_IGN, is not passed on to what this one starts
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
        if os.environ.get(_PARENT, str(os.getppid())) != str(os.getppid()):
            os._exit(0)  # it died before the line above


_Wish = tuple["Future[subprocess.Popen[bytes]]", list[str], Mapping[str, str]]


class _Spawner:
    """Starts processes from one thread that lives as long as this process.

    The system counts a child's parent as dead when the thread that started it has ended.
    """

    _thread: threading.Thread | None
    _wishes: queue.SimpleQueue[_Wish]

    def __init__(self) -> None:
        self._forget()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._forget)

    def start(self, command: list[str], environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
        """A new process with pipes for its input and output."""
        answer: Future[subprocess.Popen[bytes]] = Future()
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, args=[self._wishes], daemon=True)
                self._thread.start()
            self._wishes.put((answer, command, environment))
        return answer.result()

    def _forget(self) -> None:
        """A forked copy has no such thread."""
        self._lock, self._thread, self._wishes = threading.Lock(), None, queue.SimpleQueue()

    @staticmethod
    def _work(wishes: queue.SimpleQueue[_Wish]) -> None:
        while True:
            answer, command, environment = wishes.get()
            try:
                process = subprocess.Popen(
                    command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    env=dict(environment),
                )
            except OSError as error:
                answer.set_exception(error)
            else:
                answer.set_result(process)


_SPAWNER = _Spawner()
