"""Runs parses in child processes that may crash, hang or run out of memory without harm to the caller.

A worker (``corpora.parsers.worker``) is a fresh interpreter behind two pipes, started when first needed and used again
for the next file; nothing of the caller's memory, threads or libraries gets into it. After a crash, a limit or a
timeout it is thrown away. Memory and CPU limits are set inside the worker where the system has them; the wall clock is
kept here and works everywhere.
"""

from __future__ import annotations

import atexit
import io
import logging
import os
import pickle
import threading
from collections.abc import Callable
from typing import Any

from corpora.document import Document
from corpora.errors import DamagedDocumentError, DuibiaoError, ParserLimitError
from corpora.parsers.base import Source
from corpora.processes import Child

_LOG = logging.getLogger(__name__)
_JOBS_PER_WORKER = 200
_SIGXCPU_CODES = (-24, 152)
_ADVICE = "请拆分文件，或用原软件打开后另存再试"


class _Answers(pickle.Unpickler):
    """Unpickles answers; a parser process gone wrong cannot make the caller load anything but our own types."""

    def find_class(self, module: str, name: str) -> Any:
        if module.split(".", 1)[0] == "corpora":
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"unexpected type {module}.{name}")


def unpickled(message: bytes) -> tuple[str, Any]:
    """A worker's answer; one that holds anything but our own types counts as a death of the worker."""
    try:
        answer: tuple[str, Any] = _Answers(io.BytesIO(message)).load()
    except (pickle.UnpicklingError, AttributeError, EOFError) as error:
        return "died", f"答复无法识别：{error}"
    return answer


class Worker:
    """One parsing process."""

    def __init__(self) -> None:
        self.jobs = 0
        self._process = Child("corpora.parsers.worker")

    def run(self, source: Source) -> tuple[str, Any]:
        """Do one job: the worker's answer, or ("died", exit code or reason), or ("timeout", seconds)."""
        self.jobs += 1
        seconds = source.options.limits.wall_seconds
        expired = threading.Event()
        timer = threading.Timer(seconds, self._expire, [expired])
        timer.daemon = True
        timer.start()
        try:
            message = self._exchange(source)
        finally:
            timer.cancel()
        if message is not None:
            return unpickled(message)
        return ("timeout", seconds) if expired.is_set() else ("died", self._process.wait())

    def _expire(self, expired: threading.Event) -> None:
        expired.set()
        self._process.kill()

    def _exchange(self, source: Source) -> bytes | None:
        self._process.send(pickle.dumps(source, pickle.HIGHEST_PROTOCOL))
        return self._process.receive()

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.alive

    def close(self) -> None:
        """End the process."""
        self._process.close()


class Sandbox:
    """A pool of workers: as many as there are parses at the same time, at most ``keep`` of them kept idle.

    Parameters
    ----------
    keep : idle workers kept for the next files.
    start : makes a worker.
    """

    def __init__(self, keep: int = 2, start: Callable[[], Worker] = Worker) -> None:
        self._keep, self._start = keep, start
        self._lock = threading.Lock()
        self._idle: list[Worker] = []
        self._owner = os.getpid()

    def warm_up(self) -> None:
        """Start a worker without waiting for it, so that its start overlaps with other work."""
        worker = self._take()
        self._give_back(worker)

    def parse(self, source: Source) -> Document:
        """Read one file in a worker.

        Raises
        ------
        DuibiaoError : what the parser says of the file, whole.
        ParserLimitError : memory, CPU time or elapsed time ran out, or the process died.
        DamagedDocumentError : the parser fell over the file's content.
        """
        worker = self._take()
        kind, value = "died", 0
        try:
            kind, value = worker.run(source)
        finally:
            if kind in ("document", "error", "bug"):
                self._give_back(worker)
            else:
                worker.close()
        if kind == "document":
            document: Document = value
            return document
        raise _error(kind, value, source)

    def close(self) -> None:
        """End all idle workers."""
        with self._lock:
            idle, self._idle = self._idle, []
        for worker in idle:
            worker.close()

    def _take(self) -> Worker:
        with self._lock:
            if self._owner != os.getpid():  # a forked copy must not share its parent's pipes
                self._idle, self._owner = [], os.getpid()
            while self._idle:
                worker = self._idle.pop()
                if worker.alive:
                    return worker
        return self._start()

    def _give_back(self, worker: Worker) -> None:
        with self._lock:
            if len(self._idle) < self._keep and worker.jobs < _JOBS_PER_WORKER:
                self._idle.append(worker)
                return
        worker.close()


def _error(kind: str, value: Any, source: Source) -> DuibiaoError:
    limits = source.options.limits
    if kind == "error":
        error: DuibiaoError = value
        return error
    if kind == "bug":
        _LOG.warning("parser failed on %s:\n%s", source.name, value)
        last = str(value).strip().rsplit("\n", 1)[-1]
        return DamagedDocumentError(f"文件内容有误，解析中断（{last[:120]}）", where=source.name, advice=_ADVICE)
    if kind == "timeout":
        what = f"解析超过 {value:g} 秒，已终止"
    elif kind == "limit":
        what = f"解析所需内存超过 {limits.memory_bytes >> 20} MB，已终止"
    elif value in _SIGXCPU_CODES:
        what = f"解析占用 CPU 超过 {limits.cpu_seconds:g} 秒，已终止"
    else:
        what = f"解析进程异常退出（代码 {value}），文件可能已损坏或过于复杂"
    return ParserLimitError(what, where=source.name, advice=_ADVICE)


_SANDBOX = Sandbox()
atexit.register(_SANDBOX.close)


def shared_sandbox() -> Sandbox:
    """The sandbox of this process."""
    return _SANDBOX
