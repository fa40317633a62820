"""Rows and jobs brought together at the start: what was queued and never became a job becomes one."""

from __future__ import annotations

from sqlalchemy import select

from api.service import Service
from api.store.models import Report

_OPEN = ("queued", "running")


def reconcile(service: Service) -> int:
    """Give a job to every report that waits or runs and whose job is unknown or has ended; how many there were.

    A service that is killed between writing a report's row and adding its job, or between the end of a job and writing
    it down, leaves such reports.
    """
    with service.store.read() as session:
        rows = session.execute(select(Report.id, Report.attempt).where(Report.state.in_(_OPEN)))
        waiting = {(row.id, row.attempt) for row in rows}
    lost = service.jobs.lost(waiting) if waiting else set()
    again = [renewed for pair in sorted(lost) if (renewed := _renew(service, *pair)) is not None]
    service.jobs.enqueue_many(again)
    return len(again)


def _renew(service: Service, report_id: str, attempt: int) -> tuple[str, int] | None:
    """The next attempt of a report that still waits; the ended job's name cannot be used again."""
    with service.store.begin() as session:
        report = session.get(Report, report_id)
        if report is None or report.attempt != attempt or report.state not in _OPEN:
            return None
        report.attempt, report.state, report.stage, report.progress = attempt + 1, "queued", "", 0.0
        return report_id, report.attempt
