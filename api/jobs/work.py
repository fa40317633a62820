"""The two steps of a job: align a document, and write down how it ended."""

from __future__ import annotations

import logging
import threading
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import update
from sqlalchemy.exc import DBAPIError

from api.jobs.pool import Pool, TaskBugError, TaskFailedError
from api.jobs.task import STAGES, Outcome, Task, TaskFile
from api.store.codec import StaleResultError
from api.store.models import Report, now
from api.store.results import find_result, result_key_of

if TYPE_CHECKING:
    from api.settings import Settings
    from api.store.database import Store

_LOG = logging.getLogger(__name__)
_OPEN = ("queued", "running")
_BUG = "程序处理这份文件时出错"
_BUG_ADVICE = "请重试；仍不行时请把文件另存为 docx 或 pdf 再上传，或联系管理员查看日志"

#: How a job ended, as plain data that is kept with it: ``{"outcome", "key"}``, ``{"problem"}``, or nothing to write.
Ended = dict[str, Any]


class Work:
    """Does the steps.

    Parameters
    ----------
    settings, store : of the service.
    pool : the aligning processes.
    """

    def __init__(self, settings: Settings, store: Store, pool: Pool) -> None:
        self._settings, self._store, self._pool = settings, store, pool
        self._lock = threading.Lock()
        #: Alignments of this process and their seconds, by stage.
        self.seconds: dict[str, tuple[int, float]] = {}

    def align(self, report_id: str, attempt: int) -> Ended:
        """Align the document of a report, unless the job was cancelled or its result is there already.

        Raises
        ------
        DBAPIError : the database does not answer.
        """
        try:
            return self._align(report_id, attempt)
        except TaskFailedError as error:
            _LOG.warning("report %s failed in attempt %d", report_id, attempt)
            return {"problem": {"what": error.what, "where": error.where, "advice": error.advice}}
        except TaskBugError as error:
            _LOG.error("report %s failed unexpectedly in attempt %d\n%s", report_id, attempt, error)
        except DBAPIError:
            raise
        except Exception:
            _LOG.exception("report %s failed unexpectedly in attempt %d", report_id, attempt)
        return {"problem": {"what": _BUG, "where": "", "advice": _BUG_ADVICE}}

    def finish(self, report_id: str, attempt: int, ended: Ended) -> bool:
        """Write down how a job ended, in one transaction; False where the document is to be aligned again.

        Raises
        ------
        DBAPIError : the database does not answer.
        """
        from api.services.completion import complete

        if "outcome" in ended:
            outcome = Outcome(**ended["outcome"])
            try:
                complete(self._settings, self._store, report_id, attempt, ended["key"], outcome)
            except StaleResultError:
                return False
        elif "problem" in ended:
            values = {"state": "failed", "stage": "", "problem": ended["problem"], "finished_at": now()}
            self._update(report_id, attempt, _OPEN, values)
        return True

    def _align(self, report_id: str, attempt: int) -> Ended:
        while (begun := self._begin(report_id, attempt)) is not None:
            task, key = begun
            outcome = self._stored(key) or self._run(task, attempt)
            if self._key(report_id) in (key, ""):
                return {"outcome": asdict(outcome), "key": key}
            # the standard was imported anew while the document was aligned with the one before
        return {}

    def _begin(self, report_id: str, attempt: int) -> tuple[Task, str] | None:
        """Mark a report as running: its task and the key of its result; None where nobody waits for it."""
        with self._store.begin() as session:
            report = session.get(Report, report_id)
            if report is None or report.attempt != attempt or report.state not in _OPEN:
                return None
            report.state, report.stage, report.progress = "running", "", 0.0
            return _task(report), result_key_of(self._settings, report)

    def _key(self, report_id: str) -> str:
        """The key of a report's result as it is now, "" where the report is gone."""
        with self._store.read() as session:
            report = session.get(Report, report_id)
            return result_key_of(self._settings, report) if report is not None else ""

    def _stored(self, key: str) -> Outcome | None:
        """The result of the same bytes, standard, model and options, where somebody has made it since."""
        with self._store.read() as session:
            found = find_result(session, key)
        if found is None or not all(map(self._store.blobs.holds, (found.report_blob, found.document_blob))):
            return None
        return Outcome(found.report_blob, found.document_blob, found.seconds, {}, found.headline)

    def _run(self, task: Task, attempt: int) -> Outcome:
        def on_stage(name: str) -> None:
            self._update(task.report_id, attempt, ("running",), {"stage": name, "progress": STAGES[name]})

        outcome = self._pool.run(task, on_stage, lambda: self._wanted(task.report_id, attempt))
        _LOG.info("report %s aligned in attempt %d, %.2f s", task.report_id, attempt, outcome.seconds)
        with self._lock:
            for stage, seconds in outcome.stages.items():
                count, total = self.seconds.get(stage, (0, 0.0))
                self.seconds[stage] = count + 1, total + seconds
        return outcome

    def _update(self, report_id: str, attempt: int, states: tuple[str, ...], values: dict[str, Any]) -> None:
        with self._store.begin() as session:
            session.execute(
                update(Report)
                .where(Report.id == report_id, Report.attempt == attempt, Report.state.in_(states))
                .values(**values)
            )

    def _wanted(self, report_id: str, attempt: int) -> bool:
        with self._store.read() as session:
            report = session.get(Report, report_id)
            return report is not None and report.attempt == attempt and report.state == "running"


def _task(report: Report) -> Task:
    document = report.document
    return Task(
        report_id=report.id,
        files=tuple(TaskFile(file.name, file.role, file.sha256) for file in document.files),
        standard=report.standard,
        courses=tuple(report.courses),
        kind=document.kind,
        major=document.major,
    )
