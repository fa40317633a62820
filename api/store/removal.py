"""Deletion that really deletes: rows, the blobs that no other row names, the results that no report uses."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from sqlalchemy import delete, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from api.store.database import Store
from api.store.models import Audit, Document, DocumentFile, Report, Result

#: Identifiers in one statement; SQLite takes no more than some thousands.
_MANY = 500
#: Seconds after which a blob without a row belongs to no job that is still at work.
_ABANDONED = 86_400.0


@dataclass
class Removed:
    """What was deleted.

    Parameters
    ----------
    jobs : report and attempt of each job to stop.
    """

    documents: int = 0
    reports: int = 0
    jobs: list[tuple[str, int]] = field(default_factory=list)

    def add(self, other: Removed) -> None:
        """Count what else was deleted."""
        self.documents += other.documents
        self.reports += other.reports
        self.jobs += other.jobs


def remove_documents(session: Session, store: Store, ids: Collection[str]) -> Removed:
    """Delete documents with their reports, decisions and files; to be called inside ``Store.alone``."""
    removed = Removed()
    for some in _portions(ids):
        digests = set(session.scalars(select(DocumentFile.sha256).where(DocumentFile.document_id.in_(some))))
        reports = session.execute(_jobs().where(Report.document_id.in_(some))).all()
        session.execute(delete(Report).where(Report.document_id.in_(some)))
        session.execute(delete(Document).where(Document.id.in_(some)))
        _note(removed, reports)
        removed.documents += len(some)
        remove_unused(session, store, digests, {key for *_, key in reports if key})
    return removed


def remove_reports(session: Session, store: Store, ids: Collection[str]) -> Removed:
    """Delete reports with their review history; decisions stay with their document. Inside ``Store.alone``."""
    removed = Removed()
    for some in _portions(ids):
        reports = session.execute(_jobs().where(Report.id.in_(some))).all()
        session.execute(delete(Report).where(Report.id.in_(some)))
        _note(removed, reports)
        remove_unused(session, store, set(), {key for *_, key in reports if key})
    return removed


def remove_audit(session: Session, store: Store, audit_id: str) -> Removed:
    """Delete an audit with its reports, and the documents that have no report outside it."""
    held = set(session.scalars(select(Report.document_id).where(Report.audit_id == audit_id)))
    elsewhere: set[str] = set()
    for some in _portions(held):
        others = select(Report.document_id).where(
            Report.document_id.in_(some), Report.audit_id.is_distinct_from(audit_id)
        )
        elsewhere.update(session.scalars(others))
    removed = remove_documents(session, store, held - elsewhere)
    rest = remove_reports(session, store, list(session.scalars(select(Report.id).where(Report.audit_id == audit_id))))
    session.execute(delete(Audit).where(Audit.id == audit_id))
    removed.add(rest)
    return removed


def remove_unused(session: Session, store: Store, digests: Collection[str], keys: Collection[str]) -> None:
    """Delete the results of these keys that no report uses; their blobs and those given, where no row names them."""
    digests = set(digests)
    for some in _portions(keys):
        unused = set(some) - set(session.scalars(select(Report.result_key).where(Report.result_key.in_(some))))
        rows = session.execute(select(Result.report_blob, Result.document_blob).where(Result.key.in_(unused))).all()
        session.execute(delete(Result).where(Result.key.in_(unused)))
        digests.update(digest for row in rows for digest in row)
    for some in _portions(digests):
        for digest in set(some) - _named(session, some):
            store.blobs.delete(digest)


def sweep(store: Store, age: float = _ABANDONED) -> int:
    """Delete results that no report uses and blobs that no row names, where they were put long enough ago.

    Parameters
    ----------
    age : seconds; what is younger may belong to a job that has not written its rows yet.

    Returns
    -------
    How many blobs were deleted.
    """
    with store.alone() as session:
        used = select(Report.result_key).where(Report.result_key.is_not(None))
        remove_unused(session, store, set(), session.scalars(select(Result.key).where(Result.key.not_in(used))).all())
    old = [digest for digest in store.blobs.digests() if store.blobs.age(digest) > age]
    deleted = 0
    for some in _portions(old):
        with store.alone() as session:
            for digest in set(some) - _named(session, some):
                if store.blobs.age(digest) > age:  # nobody has put it again meanwhile
                    store.blobs.delete(digest)
                    deleted += 1
    return deleted


def _named(session: Session, digests: Sequence[str]) -> set[str]:
    """Those of the digests that some row names."""
    columns: tuple[InstrumentedAttribute[str], ...] = (DocumentFile.sha256, Result.report_blob, Result.document_blob)
    return {found for column in columns for found in session.scalars(select(column).where(column.in_(digests)))}


def _jobs():  # type: ignore[no-untyped-def]
    return select(Report.id, Report.attempt, Report.state, Report.result_key)


def _note(removed: Removed, reports: Sequence[tuple[str, int, str, str | None]]) -> None:
    removed.reports += len(reports)
    removed.jobs += [(name, attempt) for name, attempt, state, _ in reports if state in ("queued", "running")]


def _portions(items: Collection[str]) -> list[list[str]]:
    listed = sorted(items)
    return [listed[start : start + _MANY] for start in range(0, len(listed), _MANY)]
