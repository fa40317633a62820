"""Audits on a Ray cluster: the same work on many machines; the only file that imports ray (extra ``cluster``).

The runner's documents go to Ray Data as a stream: a feed keeps what is under way, a pool of actors, each with a
process that has its own model and standard, turns it into rows, and the runner here keeps them. Bytes are
shipped, so machines need no shared file system; they need the same version of this program, and where a standard, a
model or a corpus of the user's own is asked for, its folder under the same path.

A document that kills or hangs its process gets the reason as its row, as it does without a cluster; when an actor or a
machine dies, its work is done again elsewhere.
"""

from __future__ import annotations

import asyncio
import logging
import os
import pickle
import shutil
import signal
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

from alignment.audit.engine import AuditedResult, Seat, Task
from alignment.audit.model import AuditOptions, Identity
from corpora.errors import DuibiaoError, MissingExtraError, UsageError

#: Documents under way for each actor: one at work, one that waits there, the rest on the way.
_UNDER_WAY = 4
#: Bytes under way at most; a single document may be larger.
_BYTES = 256 * 2**20
#: Memory of a local cluster's store, in bytes.
_STORE = 512 * 2**20
#: Times in a row that the cluster may fail without a result.
_ATTEMPTS = 3
#: Ray's sockets lie in its folder, and their paths may have 107 bytes.
_SHORT = "/tmp"
_ADDRESS = "请在集群的一台机器上运行，地址写 auto 或 主机:6379"
_SAME = "请在每台机器上安装同一版本的 duibiao，放好同样的标准"
_INSTALL = "请运行 pip install 'duibiao[cluster]'"


def load_ray() -> Any:
    """The ray module with ray.data, silent but for errors.

    Raises
    ------
    MissingExtraError : it is not installed.
    """
    try:
        os.putenv("RAY_BACKEND_LOG_LEVEL", "fatal")  # for this process alone: what its C++ side tells is not for users
        import ray
        import ray.data
    except ImportError as error:
        raise MissingExtraError(f"没有安装 Ray（{error}）", advice=_INSTALL) from error
    for name in ("ray", "ray.data"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return ray


class RayEngine:
    """The engine of an audit (see ``alignment.audit.engine.Engine``) on a cluster, or on a small one of its own here.

    Parameters
    ----------
    options : how documents are audited.
    processes : actors at most; every processor of the cluster by default.
    seconds : after which a document is given up.
    address : of a node of a running cluster (``host:6379``, or ``auto`` on one of its machines); "" starts one on this
        machine, without a dashboard and without statistics, and ends it on ``close``.

    Raises
    ------
    MissingExtraError : ray is not installed.
    UsageError : the cluster cannot be reached or started, or a machine has another version, model or standard.
    DuibiaoError : there is no such standard or encoder.
    """

    def __init__(
        self, options: AuditOptions, processes: int | None = None, seconds: float = 600.0, address: str = ""
    ) -> None:
        self._options = replace(options, cache=None) if address else options  # machines do not share its folder
        self._ray, self._seconds, self._folder = load_ray(), seconds, ""
        self._start(address, processes)
        try:
            self.identity = self._agreed()
            processors = int(self._ray.cluster_resources().get("CPU", 1))
            self._processes = max(1, min(processes or processors, processors))
        except BaseException:
            self.close()
            raise

    def results(self, tasks: Iterator[Task]) -> Iterator[AuditedResult]:
        """The rows of each document, in any order; tasks are pulled as results come out.

        Raises
        ------
        DuibiaoError : the cluster fails again and again.
        """
        fruitless = 0
        while (first := next(tasks, None)) is not None:
            under_way: dict[int, Task] = {}
            reason: Exception | None = None
            try:
                for result in self._stream(chain([first], tasks), under_way):
                    fruitless = 0
                    yield result
            except self._ray.exceptions.RayError as error:
                _raise_own(error)
                reason = error
            fruitless += 1
            if fruitless > _ATTEMPTS:
                raise _broken(reason) from reason
            tasks = chain(list(under_way.values()), tasks)  # what was under way when a machine was lost

    def close(self) -> None:
        """Leave the cluster; end the one that was started here, with all its processes and files."""
        self._ray.shutdown()
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _start(self, address: str, processes: int | None) -> None:
        if address.startswith("ray://"):
            raise UsageError("不支持 ray:// 地址", where=address, advice=_ADDRESS)
        quiet = {"log_to_driver": False, "logging_level": logging.CRITICAL}
        on_end = signal.getsignal(signal.SIGTERM)  # Ray puts its own in the place of the caller's
        where: dict[str, Any] = {"address": address}
        if not address:
            self._folder = tempfile.mkdtemp(prefix="ray", dir=_SHORT if Path(_SHORT).is_dir() else None)
            where = {"address": "local", "include_dashboard": False, "num_cpus": processes or os.cpu_count()}
            where |= {"object_store_memory": _STORE, "_temp_dir": self._folder}
        try:
            with _muted():
                self._ray.init(**where, **quiet)
        except (ConnectionError, OSError, RuntimeError, ValueError) as error:
            self.close()
            reason = " ".join(str(error).split())[:200]
            advice = f"请确认集群已启动（ray start --head），{_ADDRESS}" if address else "请检查内存和临时文件夹"
            what = "连不上 Ray 集群" if address else "Ray 在本机启动失败"
            raise UsageError(f"{what}（{reason}）", where=address, advice=advice) from error
        finally:
            if threading.current_thread() is threading.main_thread():
                signal.signal(signal.SIGTERM, on_end)

    def _agreed(self) -> Identity:
        """What every machine of the cluster would judge by."""
        ray = self._ray
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy as On

        nodes = [node for node in ray.nodes() if node["Alive"] and node["Resources"].get("CPU")]
        ask = ray.remote(num_cpus=0, max_retries=1)(_identity)
        places = [On(node["NodeID"], soft=False) for node in nodes]
        asked = [ask.options(scheduling_strategy=place).remote(self._options) for place in places]
        try:
            answers = ray.get(asked)
        except ray.exceptions.RayError as error:
            _raise_own(error)
            what = f"集群的机器上无法载入对标程序（{_told(error)}）"
            raise UsageError(what, advice=_SAME) from error
        for node, answer in zip(nodes, answers, strict=True):
            if answer != answers[0]:
                what = f"与 {nodes[0]['NodeManagerAddress']} 上的程序版本、标准或模型不同"
                raise UsageError(what, where=node["NodeManagerAddress"], advice=_SAME)
        return answers[0]

    def _stream(self, tasks: Iterator[Task], under_way: dict[int, Task]) -> Iterator[AuditedResult]:
        """Results of tasks; when it fails, ``under_way`` has those that were taken and got no result."""
        feed = self._ray.remote(num_cpus=0)(_Feed).remote()
        rows: Iterator[dict[str, Any]] | None = None
        more, most = True, _UNDER_WAY * self._processes
        try:
            while True:
                while more and (not under_way or (len(under_way) < most and _size(under_way) < _BYTES)):
                    task = next(tasks, None)
                    if task is None:
                        more = False
                        feed.end.remote()
                    else:
                        under_way[task.number] = task
                        feed.put.remote(pickle.dumps(task))
                rows = rows or iter(self._dataset(feed).iter_rows())
                row = next(rows, None)
                if row is None:
                    return
                result = pickle.loads(row["result"])
                if under_way.pop(result.number, None) is not None:  # work that was done twice comes twice
                    yield result
        finally:
            self._ray.kill(feed)

    def _dataset(self, feed: Any) -> Any:
        """One row for each document, as soon as it is done."""
        data = self._ray.data
        context = data.DataContext.get_current()
        context.enable_progress_bars = False
        context.target_min_block_size = context.target_max_block_size = 1  # a document a block: none waits for others
        pool = data.ActorPoolStrategy(min_size=1, max_size=self._processes, max_tasks_in_flight_per_actor=2)
        fed = data.from_items([{"feed": 0}], override_num_blocks=1).map_batches(
            _pull, fn_kwargs={"feed": feed}, batch_size=None, num_cpus=0
        )
        return fed.map(
            _Worker,
            fn_constructor_kwargs={"options": self._options, "seconds": self._seconds, "identity": self.identity},
            compute=pool,
            num_cpus=1,
        )


class _Feed:
    """An actor beside the runner: hands out documents one by one, until the end."""

    def __init__(self) -> None:
        self._tasks: deque[bytes] = deque()
        self._changed, self._ended = asyncio.Event(), False

    async def put(self, task: bytes) -> None:
        """One more."""
        self._tasks.append(task)
        self._changed.set()

    async def end(self) -> None:
        """No more will come."""
        self._ended = True
        self._changed.set()

    async def get(self) -> bytes | None:
        """The next one, None after the end."""
        while not self._tasks:
            if self._ended:
                return None
            self._changed.clear()
            await self._changed.wait()
        return self._tasks.popleft()


def _pull(_: Any, feed: Any) -> Iterator[dict[str, list[bytes]]]:
    """Batches of one document each; pickles end in a full stop, so that no array cuts off bytes of zero."""
    import ray

    while (task := ray.get(feed.get.remote())) is not None:
        yield {"task": [task]}


class _Worker:
    """An actor's work: its process loads model and standard once, and may die of a document without harm."""

    def __init__(self, options: AuditOptions, seconds: float, identity: Identity) -> None:
        self._seat = Seat(options, seconds)
        if self._seat.identity != identity:
            raise UsageError("一台机器上的程序版本、标准或模型与其他机器不同", advice=_SAME)

    def __call__(self, row: dict[str, Any]) -> dict[str, Any]:
        task = pickle.loads(row["task"])
        return {"result": pickle.dumps(AuditedResult(task.number, self._seat.audit(task, threading.Event())))}


def _identity(options: AuditOptions) -> Identity:
    seat = Seat(options, seconds=60.0)
    try:
        return seat.identity
    finally:
        seat.close()


@contextmanager
def _muted() -> Iterator[None]:
    """Within it, nothing gets to the terminal's error stream: Ray tells there which level of log it has."""
    sys.stderr.flush()
    kept = os.dup(2)
    try:
        with open(os.devnull, "wb") as null:  # noqa: PTH123
            os.dup2(null.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def _size(tasks: dict[int, Task]) -> int:
    return sum(len(task.data) for task in tasks.values())


def _raise_own(error: Any) -> None:
    """Raise the error of ours that a worker met, if it was one."""
    cause = getattr(error, "cause", None)
    if isinstance(cause, DuibiaoError):
        raise cause from error


def _told(error: Exception) -> str:
    lines = [line for line in str(getattr(error, "cause", error)).splitlines() if line.strip()]
    return lines[-1].strip()[:200] if lines else type(error).__name__


def _broken(error: Exception | None) -> DuibiaoError:
    what = f"Ray 集群连续 {_ATTEMPTS} 次中断（{_told(error) if error else '结果丢失'}）"
    return DuibiaoError(what, advice="请检查各机器的内存和网络后重新运行，已完成的部分会保留")
