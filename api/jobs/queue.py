"""Durable jobs: one for each attempt at a report, kept in the database until it has ended."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from time import monotonic, sleep
from typing import TYPE_CHECKING

from api.jobs import engine
from api.jobs.names import HeldName, hold
from api.jobs.pool import Pool
from api.jobs.work import Work
from corpora.errors import UsageError

if TYPE_CHECKING:
    from dbos import DBOSClient
    from sqlalchemy import Engine

    from api.settings import Settings
    from api.store.database import Store

#: DBOS is one for each process.
_ONLY = threading.Lock()
_OPEN = ["ENQUEUED", "DELAYED", "PENDING"]
_ENDED = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
_PORTION = 200
#: Seconds that another worker may need to take over the jobs of one that it thinks dead.
_TAKEOVER = 1.0


class Jobs:
    """The jobs of a service: adds and cancels them and, unless ``workers`` is 0, works on them.

    Parameters
    ----------
    client, database : of the jobs.
    settings, store : of the service.
    name, pool, work : the name, processes and steps of this worker; None where this process only adds jobs.
    """

    def __init__(
        self,
        client: DBOSClient,
        database: Engine,
        settings: Settings,
        store: Store,
        name: HeldName | None = None,
        pool: Pool | None = None,
        work: Work | None = None,
    ) -> None:
        self._client, self._database, self._settings, self._store = client, database, settings, store
        self._name, self._pool, self._work = name, pool, work

    @classmethod
    def open(cls, settings: Settings, store: Store) -> Jobs:
        """The jobs of the settings' database, those taken up that were left when this worker last ended.

        Raises
        ------
        UsageError : another process works under this worker's name.
        """
        jobs = cls(*engine.connect(settings), settings, store)
        if settings.service.workers:
            try:
                jobs._start()
            except BaseException:
                jobs.close()
                raise
        return jobs

    def _start(self) -> None:
        """Work on jobs in this process."""
        if not _ONLY.acquire(blocking=False):
            raise RuntimeError("this process works on the jobs of another service already")
        self._name = _own_name(self._settings, self._store)
        if self._name is None:
            _ONLY.release()
            what = f"名为“{self._settings.service.worker_name}”的处理进程已在运行"
            raise UsageError(what, where="DUIBIAO_WORKER_NAME", advice="请先停掉它，或给这个进程换一个名称")
        self._pool = Pool(self._settings)
        self._work = Work(self._settings, self._store, self._pool)
        self._pool.warm_up()
        engine.launch(self._settings, self._work.align, self._work.finish)

    def enqueue(self, report_id: str, attempt: int) -> None:
        """Add the job of an attempt at a report; nothing happens where it was added before."""
        self.enqueue_many([(report_id, attempt)])

    def enqueue_many(self, jobs: Iterable[tuple[str, int]]) -> None:
        """Add jobs in one transaction."""
        with self._database.begin() as connection:
            for job in jobs:
                self._client.enqueue_in_transaction(
                    connection,
                    {
                        "workflow_name": engine.WORKFLOW,
                        "queue_name": engine.QUEUE,
                        "workflow_id": job_id(*job),
                        "app_version": engine.VERSION,
                    },
                    *job,
                )

    def cancel(self, report_id: str, attempt: int) -> None:
        """Take a job out of the queue, or end the process that works on it."""
        self.cancel_many([(report_id, attempt)])

    def cancel_many(self, jobs: Iterable[tuple[str, int]]) -> None:
        """Take jobs out of the queue, or end the processes that work on them."""
        for some in _portions(jobs):
            self._client.cancel_workflows([job_id(*job) for job in some])
            for report_id, _ in some:
                self._kill(report_id)

    def forget(self, jobs: Collection[tuple[str, int]]) -> None:
        """Cancel jobs, and keep nothing of them."""
        self.cancel_many(jobs)
        for some in _portions(jobs):
            self._client.delete_workflows([job_id(*job) for job in some])

    def lost(self, jobs: Collection[tuple[str, int]]) -> set[tuple[str, int]]:
        """Those of some jobs that nobody will work on: unknown ones and those that have ended."""
        found: set[str] = set()
        for some in _portions(jobs):
            names = [job_id(*job) for job in some]
            waiting = self._client.list_workflows(workflow_ids=names, status=_OPEN, load_input=False, load_output=False)
            found.update(status.workflow_id for status in waiting)
        return {job for job in jobs if job_id(*job) not in found}

    @property
    def seconds(self) -> dict[str, tuple[int, float]]:
        """How often each stage was gone through in this process, and how many seconds it took in all."""
        return dict(self._work.seconds) if self._work is not None else {}

    def _kill(self, report_id: str) -> None:
        if self._pool is not None:
            self._pool.kill(report_id)

    def healthy(self) -> bool:
        """Whether jobs can be added and, where this process works on them, are worked on."""
        try:
            self._client.check_connection()
        except Exception:
            return False
        return self._pool is None or any(t.name == f"queue-worker-{engine.QUEUE}" for t in threading.enumerate())

    def adopt(self) -> int:
        """Put jobs back into the queue whose worker died and did not come back; how many."""
        if self._name is None:
            return 0
        begun = self._client.list_workflows(status="PENDING", load_input=False, load_output=False)
        own = self._settings.service.worker_name
        by_worker: dict[str, list[str]] = {}
        for status in begun:
            if status.executor_id and status.executor_id != own:
                by_worker.setdefault(status.executor_id, []).append(status.workflow_id)
        return sum(self._adopt(name, names) for name, names in by_worker.items())

    def _adopt(self, worker: str, names: list[str]) -> int:
        held = hold(self._store, self._settings.data, worker)
        if held is None:
            return 0
        try:
            self._client.resume_workflows(names, queue_name=engine.QUEUE)
        finally:
            held.release()
        return len(names)

    def sweep(self) -> None:
        """Delete what is kept of jobs that ended more than a day ago."""
        before = (datetime.now(UTC) - timedelta(days=1)).isoformat()
        while ended := self._client.list_workflows(
            status=_ENDED, completed_before=before, limit=_PORTION, load_input=False, load_output=False
        ):
            self._client.delete_workflows([status.workflow_id for status in ended])

    def close(self) -> None:
        """Stop; what is at work is interrupted and taken up at the next start."""
        if self._pool is not None:
            self._pool.close()
        if self._name is not None:
            engine.stop()
            self._name.release()
            self._name = None
            _ONLY.release()
        self._client.destroy()
        self._database.dispose()


def _own_name(settings: Settings, store: Store) -> HeldName | None:
    """This worker's name; another one may hold it for a moment while it takes over jobs."""
    deadline = monotonic() + _TAKEOVER
    while (held := hold(store, settings.data, settings.service.worker_name)) is None and monotonic() < deadline:
        sleep(0.1)
    return held


def _portions(jobs: Iterable[tuple[str, int]]) -> Iterator[list[tuple[str, int]]]:
    """Jobs in lists that a query can hold."""
    rest = iter(jobs)
    while some := list(islice(rest, _PORTION)):
        yield some


def job_id(report_id: str, attempt: int) -> str:
    """The name of a job."""
    return f"{report_id}:{attempt}"
