"""Where documents are audited: the seam for engines, and the one of this machine, a process for each core."""

from __future__ import annotations

import pickle
import queue
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from alignment.audit.model import AuditedDocument, AuditOptions, Identity, ProblemRow, content_digest
from alignment.audit.work import failed
from corpora.errors import DuibiaoError
from corpora.processes import Child

_KILL = -int(getattr(signal, "SIGKILL", 9))
_ADVICE = "请用 duibiao report 单独对照这份文件；仍不行时请拆分文件，或用原软件打开后另存再试"


@dataclass(frozen=True, slots=True)
class Task:
    """A document to audit: its number among the documents, the file's name, its bytes."""

    number: int
    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class AuditedResult:
    """What became of a task."""

    number: int
    result: AuditedDocument


class Engine(Protocol):
    """Audits documents somewhere; the same rows everywhere, because ``Auditor`` makes them."""

    @property
    def identity(self) -> Identity:
        """What its verdicts rest on; known before any document is given.

        Raises
        ------
        DuibiaoError : there is no such standard or encoder.
        """
        ...

    def results(self, tasks: Iterator[Task]) -> Iterator[AuditedResult]:
        """Results in any order; tasks are taken as they can be worked on. It may be called again with further tasks."""
        ...

    def close(self) -> None:
        """End all that it started."""
        ...


class LocalEngine:
    """Processes on this machine. One that dies or hangs over a document takes nothing else with it.

    Parameters
    ----------
    options : for the auditors.
    processes : how many documents at the same time, >= 1.
    seconds : after which a document is given up.
    """

    def __init__(self, options: AuditOptions, processes: int, seconds: float = 600.0) -> None:
        self._options, self._seconds = options, seconds
        self._seats = [Seat(options, seconds) for _ in range(processes)]

    @property
    def identity(self) -> Identity:
        """See ``Engine``; of the first process, which is started for it."""
        return self._seats[0].identity

    def results(self, tasks: Iterator[Task]) -> Iterator[AuditedResult]:
        """See ``Engine``; when the caller stops taking results, all processes are ended."""
        run = _Run(tasks, self._seats)
        try:
            yield from run.results()
        finally:
            run.stop()

    def close(self) -> None:
        """See ``Engine``."""
        for seat in self._seats:
            seat.close()


class _Run:
    """One pass over tasks: a thread for each seat, results in one queue."""

    def __init__(self, tasks: Iterator[Task], seats: list[Seat]) -> None:
        self._tasks, self._seats = tasks, seats
        self._lock, self._stopped = threading.Lock(), threading.Event()
        self._found: queue.Queue[AuditedResult | BaseException | None] = queue.Queue(2 * len(seats))
        self._threads = [threading.Thread(target=self._serve, args=[seat], daemon=True) for seat in seats]

    def results(self) -> Iterator[AuditedResult]:
        """The results as they come; raises what a seat or the tasks raised."""
        for thread in self._threads:
            thread.start()
        working = len(self._threads)
        while working:
            found = self._found.get()
            if isinstance(found, BaseException):
                raise found
            if found is None:
                working -= 1
            else:
                yield found
        for thread in self._threads:
            thread.join()

    def stop(self) -> None:
        """End the pass; processes that are still at work are killed."""
        self._stopped.set()
        while any(thread.is_alive() for thread in self._threads):
            for seat in self._seats:
                seat.interrupt()
            while not self._found.empty():
                self._found.get()
            for thread in self._threads:
                thread.join(0.05)

    def _serve(self, seat: Seat) -> None:
        try:
            while not self._stopped.is_set() and (task := self._next()) is not None:
                result = seat.audit(task, self._stopped)
                if not self._stopped.is_set():
                    self._found.put(AuditedResult(task.number, result))
            self._found.put(None)
        except BaseException as error:
            self._found.put(error)

    def _next(self) -> Task | None:
        with self._lock:
            return next(self._tasks, None)


class Seat:
    """A place for one auditing process, filled when first needed and again after an accident.

    Parameters
    ----------
    options : for the auditor.
    seconds : after which a document is given up.
    """

    def __init__(self, options: AuditOptions, seconds: float) -> None:
        self._options, self._seconds = options, seconds
        self._child: Child | None = None
        self._identity: Identity | None = None

    @property
    def identity(self) -> Identity:
        """Of the process's auditor."""
        self._filled()
        assert self._identity is not None
        return self._identity

    def audit(self, task: Task, stopped: threading.Event) -> AuditedDocument:
        """The rows of a document; one whose process was killed by somebody else gets a second process."""
        found = self._once(task)
        if found == _KILL and not stopped.is_set():
            found = self._once(task)
        if isinstance(found, AuditedDocument):
            return found
        what = f"处理超过 {self._seconds:g} 秒，已终止" if found is None else f"处理进程异常退出（代码 {found}）"
        problem = ProblemRow("accident", "", what, _ADVICE)
        return failed(self.identity, task.name, content_digest(task.data), len(task.data), problem)

    def interrupt(self) -> None:
        """Kill the process, whatever it does."""
        if self._child is not None:
            self._child.kill()

    def close(self) -> None:
        """End the process."""
        if self._child is not None:
            self._child.close()
            self._child = None

    def _once(self, task: Task) -> AuditedDocument | int | None:
        """The rows, or the exit code of a process that died, or None for one that took too long."""
        child = self._filled()
        expired = threading.Event()
        timer = threading.Timer(self._seconds, _expire, [child, expired])
        timer.daemon = True
        timer.start()
        try:
            child.send(pickle.dumps((task.name, task.data), pickle.HIGHEST_PROTOCOL))
            message = child.receive()
        finally:
            timer.cancel()
        if message is not None:
            found: AuditedDocument = pickle.loads(message)
            return found
        code = child.wait()
        self.close()
        return None if expired.is_set() else code

    def _filled(self) -> Child:
        if self._child is None:
            # one thread: sums of more are added in another order, and a process for each core keeps all of them busy
            names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
            child = Child("alignment.audit.child", dict.fromkeys(names, "1"))
            child.send(pickle.dumps(self._options, pickle.HIGHEST_PROTOCOL))
            answer = child.receive()
            found: Any = pickle.loads(answer) if answer else None
            if not isinstance(found, Identity):
                code = child.wait() if answer is None else 0
                child.close()
                raise found or DuibiaoError(f"审核进程无法启动（代码 {code}）", advice="请运行 duibiao doctor 检查安装")
            self._child, self._identity = child, found
        return self._child


def _expire(child: Child, expired: threading.Event) -> None:
    expired.set()
    child.kill()
