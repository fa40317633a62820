"""Deletion after the time that the settings give, and of blobs that nothing names."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from api.auth.principal import Principal
from api.services.log import entry
from api.services.removing import put_away
from api.settings import Settings
from api.store.database import Store
from api.store.models import Audit, Document, IdempotencyRecord, LogEntry, Report, now
from api.store.removal import Removed, remove_documents, sweep

if TYPE_CHECKING:
    from api.jobs.queue import Jobs

#: How long an answer is kept for a repetition of its request (see ``api.http.idempotency``).
ANSWERS_KEPT = timedelta(hours=24)
#: Documents deleted in one transaction, so that others need not wait long.
_PORTION = 50
#: Who deletes what is too old: the service itself.
_SERVICE = Principal("", "", "到期清理", "admin", method="local")


def expire(settings: Settings, store: Store, jobs: Jobs | None = None) -> Removed:
    """Delete documents older than ``retention_days`` with all that belongs to them, and audits that are empty then.

    Answers that are kept for repetitions go after a day. Blobs that no row names for a day are deleted too, whatever
    the setting: remains of jobs that were broken off.

    Parameters
    ----------
    jobs : where jobs of what is deleted are stopped.
    """
    removed = Removed()
    days = settings.service.retention_days
    if days > 0:
        before = now() - timedelta(days=days)
        old = select(Document.id, Document.department_id, Document.name)
        old = old.where(Document.created_at < before).order_by(Document.id).limit(_PORTION)
        while True:
            with store.alone() as session:
                rows = session.execute(old).all()
                session.add_all(_entry(*row) for row in rows)
                removed.add(remove_documents(session, [row.id for row in rows]))
            if not rows:
                break
        with store.begin() as session:
            held = select(Report.audit_id).where(Report.audit_id.is_not(None))
            empty = select(Audit).where(Audit.created_at < before, Audit.id.not_in(held))
            for audit in session.scalars(empty).unique():
                session.delete(audit)
    with store.begin() as session:
        session.execute(delete(IdempotencyRecord).where(IdempotencyRecord.created_at < now() - ANSWERS_KEPT))
    put_away(store, jobs, removed)
    sweep(store)
    return removed


def _entry(document_id: str, department_id: str | None, name: str) -> LogEntry:
    return entry(_SERVICE, "retention.delete", "document", document_id, department_id, name=name)
