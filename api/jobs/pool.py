"""A pool of aligning processes: so many at most, kept warm, each thrown away after an accident or many tasks."""

from __future__ import annotations

import json
import os
import pickle
import signal
import threading
from collections.abc import Callable
from time import monotonic
from typing import Any

from api.jobs.task import Outcome, Task
from api.settings import Settings
from corpora.errors import DuibiaoError
from corpora.processes import Child

_TASKS_PER_CHILD = 100
#: Seconds between two looks at the clock and at whether the task is still wanted.
_WATCH = 0.5
_ADVICE = "请重试；仍不行时请拆分文件，或用原软件另存后再上传"


class TaskFailedError(DuibiaoError):
    """A task failed: its document cannot be aligned, or the process that tried did not live through it."""


class TaskBugError(Exception):
    """The program fell over a task; the message is the traceback, without any text."""


class InterruptedTask(BaseException):
    """A task was cancelled or the pool closed. No ``Exception``, so that nobody takes it for an outcome."""


class Pool:
    """Aligning processes for one service.

    Parameters
    ----------
    settings : for the aligner, the data folder, ``workers`` and ``job_seconds``.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._slots = threading.Semaphore(max(1, settings.service.workers))
        self._lock = threading.Lock()
        self._idle: list[_AligningChild] = []
        self._busy: dict[str, _Run] = {}
        self._closing = threading.Event()

    def run(self, task: Task, on_stage: Callable[[str], None], wanted: Callable[[], bool]) -> Outcome:
        """Do a task in a process, and once more in a fresh one when somebody else ended the first.

        Parameters
        ----------
        on_stage : is told each stage.
        wanted : whether the task is still wanted; asked now and then.

        Raises
        ------
        TaskFailedError : with what a person should know.
        TaskBugError : with what a developer should know.
        InterruptedTask : the task was cancelled, or the pool closed.
        """
        with self._slots:
            try:
                return self._once(task, on_stage, wanted)
            except _KilledError:
                return self._once(task, on_stage, wanted)

    def kill(self, report_id: str) -> None:
        """End the process that works for a report, if there is one."""
        with self._lock:
            run = self._busy.get(report_id)
        if run is not None:
            run.end("cancelled")

    def warm_up(self) -> None:
        """Start a process ahead of the first task."""
        child = self._take()
        with self._lock:
            self._idle.append(child)

    def close(self) -> None:
        """End all processes; tasks at work are interrupted."""
        self._closing.set()
        with self._lock:
            idle, self._idle = self._idle, []
            busy = list(self._busy.values())
        for run in busy:
            run.end("closing")
        for child in idle:
            child.close()

    def _once(self, task: Task, on_stage: Callable[[str], None], wanted: Callable[[], bool]) -> Outcome:
        if self._closing.is_set():
            raise InterruptedTask
        child = self._take()
        run = _Run(child, self._settings.service.job_seconds, wanted)
        with self._lock:
            self._busy[task.report_id] = run
        answer: dict[str, Any] = {}
        try:
            answer = run.exchange(task, on_stage)
        finally:
            with self._lock:
                self._busy.pop(task.report_id, None)
            self._give_back(child, sound="outcome" in answer or "problem" in answer)
        if self._closing.is_set() and "outcome" not in answer:
            raise InterruptedTask
        return _outcome(answer)

    def _take(self) -> _AligningChild:
        with self._lock:
            while self._idle:
                child = self._idle.pop()
                if child.alive:
                    return child
                child.close()
        return _AligningChild(self._settings)

    def _give_back(self, child: _AligningChild, sound: bool) -> None:
        with self._lock:
            if sound and child.tasks < _TASKS_PER_CHILD and not self._closing.is_set():
                self._idle.append(child)
                return
        child.close()


class _AligningChild(Child):
    """An aligning process that counts its tasks."""

    def __init__(self, settings: Settings) -> None:
        threads = max(1, (os.cpu_count() or 1) // max(1, settings.service.workers))
        names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
        super().__init__("api.jobs.child", {name: os.environ.get(name, str(threads)) for name in names})
        self.tasks = 0
        self.send(pickle.dumps(settings, pickle.HIGHEST_PROTOCOL))


class _KilledError(TaskFailedError):
    """Somebody else ended the process."""


class _Run:
    """One task in one process, with somebody who watches the clock."""

    def __init__(self, child: _AligningChild, seconds: float, wanted: Callable[[], bool]) -> None:
        self._child, self._seconds, self._wanted = child, seconds, wanted
        self._reason = ""
        self._over = threading.Event()

    def end(self, reason: str) -> None:
        """End the process for a reason: cancelled, closing or timeout; the first one counts."""
        self._reason = self._reason or reason
        self._child.kill()

    def exchange(self, task: Task, on_stage: Callable[[str], None]) -> dict[str, Any]:
        """Give the process the task; its last answer, or why there is none."""
        self._child.tasks += 1
        watcher = threading.Thread(target=self._watch, daemon=True)
        watcher.start()
        try:
            self._child.send(pickle.dumps(task, pickle.HIGHEST_PROTOCOL))
            while (message := self._child.receive()) is not None:
                answer: dict[str, Any] = json.loads(message)
                if "stage" not in answer:
                    return answer
                on_stage(answer["stage"])
        finally:
            self._over.set()
            watcher.join()
        return {"ended": self._reason or "died", "code": self._child.wait(), "seconds": self._seconds}

    def _watch(self) -> None:
        deadline = monotonic() + self._seconds
        while not self._over.wait(_WATCH):
            if monotonic() > deadline:
                self.end("timeout")
            elif not self._wanted():
                self.end("cancelled")


def _outcome(answer: dict[str, Any]) -> Outcome:
    """The outcome in an answer, or its error."""
    if "outcome" in answer:
        return Outcome(**answer["outcome"])
    if "problem" in answer:
        raise TaskFailedError(**answer["problem"])
    if "bug" in answer:
        raise TaskBugError(answer["bug"])
    if answer.get("ended") in ("cancelled", "closing"):
        raise InterruptedTask
    raise _accident(answer)


def _accident(answer: dict[str, Any]) -> TaskFailedError:
    code = answer.get("code", 0)
    if "limit" in answer:
        return TaskFailedError("处理所需的内存超过上限，已终止", advice=_ADVICE)
    if answer.get("ended") == "timeout":
        return TaskFailedError(f"处理超过 {answer['seconds']:g} 秒，已终止", advice=_ADVICE)
    what = f"处理进程异常退出（代码 {code}）"
    if code in (-signal.SIGTERM, -getattr(signal, "SIGKILL", 9)):
        return _KilledError(what, advice=_ADVICE)
    return TaskFailedError(what, advice=_ADVICE)
