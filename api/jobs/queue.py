"""Durable jobs: one for each attempt at a report, kept in the database until it has ended."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from api.jobs import engine
from api.jobs.pool import Pool
from api.jobs.work import Work

if TYPE_CHECKING:
    from dbos import DBOSClient

    from api.settings import Settings
    from api.store.database import Store

#: DBOS is one for each process.
_ONLY = threading.Lock()
_OPEN = ["ENQUEUED", "DELAYED", "PENDING"]
_PORTION = 200


class Jobs:
    """The jobs of a service: adds and cancels them and, unless ``workers`` is 0, works on them.

    Parameters
    ----------
    client : of the database that keeps the jobs.
    pool, work : the processes and steps of this worker; None where this process only adds jobs.
    """

    def __init__(self, client: DBOSClient, pool: Pool | None, work: Work | None) -> None:
        self._client, self._pool, self._work = client, pool, work

    @classmethod
    def open(cls, settings: Settings, store: Store) -> Jobs:
        """The jobs of the settings' database, those taken up that were left when this worker last ended."""
        if not settings.service.workers:
            return cls(engine.connect(settings), None, None)
        if not _ONLY.acquire(blocking=False):
            raise RuntimeError("this process works on the jobs of another service already")
        try:
            client = engine.connect(settings)
            pool = Pool(settings)
            work = Work(settings, store, pool)
            pool.warm_up()
            engine.launch(settings, work.align, work.finish)
        except BaseException:
            _ONLY.release()
            raise
        return cls(client, pool, work)

    def enqueue(self, report_id: str, attempt: int) -> None:
        """Add the job of an attempt at a report; nothing happens where it was added before."""
        self._client.enqueue(
            {
                "workflow_name": engine.WORKFLOW,
                "queue_name": engine.QUEUE,
                "workflow_id": job_id(report_id, attempt),
                "app_version": engine.VERSION,
            },
            report_id,
            attempt,
        )

    def cancel(self, report_id: str, attempt: int) -> None:
        """Take a job out of the queue, or end the process that works on it."""
        self._client.cancel_workflow(job_id(report_id, attempt))
        self._kill(report_id)

    def forget(self, jobs: Iterable[tuple[str, int]]) -> None:
        """Cancel jobs, and keep nothing of them."""
        names = [job_id(*job) for job in jobs]
        for first in range(0, len(names), _PORTION):
            some = names[first : first + _PORTION]
            self._client.cancel_workflows(some)
            for name in some:
                self._kill(name.partition(":")[0])
            self._client.delete_workflows(some)

    def lost(self, jobs: Collection[tuple[str, int]]) -> set[tuple[str, int]]:
        """Those of some jobs that nobody will work on: unknown ones and those that have ended."""
        names = {job_id(*job): job for job in jobs}
        ordered, open_jobs = list(names), set()
        for first in range(0, len(ordered), _PORTION):
            found = self._client.list_workflows(
                workflow_ids=ordered[first : first + _PORTION], status=_OPEN, load_input=False, load_output=False
            )
            open_jobs |= {status.workflow_id for status in found}
        return {job for name, job in names.items() if name not in open_jobs}

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

    def close(self) -> None:
        """Stop; what is at work is interrupted and taken up at the next start."""
        if self._pool is not None:
            self._pool.close()
            engine.stop()
            _ONLY.release()
        self._client.destroy()


def job_id(report_id: str, attempt: int) -> str:
    """The name of a job."""
    return f"{report_id}:{attempt}"
