"""Deletion that really deletes: rows, then the blobs that no other row names.

Rows go inside a transaction of ``Store.alone``; blobs go by ``clear`` when it is committed, so that an error on the way
never leaves a row without its bytes.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from api.store.database import Store
from api.store.models import Audit, Document, DocumentFile, IdempotencyRecord, Report, Result

#: Identifiers in one statement; SQLite takes no more than some thousands.
_MANY = 500
#: Seconds after which a blob without a row belongs to no job that is still at work.
_ABANDONED = 86_400.0


@dataclass
class Removed:
    """What was deleted.

    Parameters
    ----------
    jobs : report and attempt of each job there was.
    digests : of blobs that may be unused now.
    """

    documents: int = 0
    reports: int = 0
    jobs: list[tuple[str, int]] = field(default_factory=list)
    digests: set[str] = field(default_factory=set)

    def add(self, other: Removed) -> None:
        """Count what else was deleted."""
        self.documents += other.documents
        self.reports += other.reports
        self.jobs += other.jobs
        self.digests |= other.digests


def remove_documents(session: Session, ids: Collection[str]) -> Removed:
    """Delete documents with their reports, decisions and results."""
    removed = Removed()
    for some in _portions(ids):
        files = select(DocumentFile.sha256).where(DocumentFile.document_id.in_(some))
        removed.digests.update(session.scalars(files))
        removed.add(_remove_reports(session, _facts().where(Report.document_id.in_(some))))
        session.execute(delete(Document).where(Document.id.in_(some)))
        _forget_answers(session, some)
        removed.documents += len(some)
    return removed


def remove_reports(session: Session, ids: Collection[str]) -> Removed:
    """Delete reports with their review history; documents and decisions stay."""
    removed = Removed()
    for some in _portions(ids):
        removed.add(_remove_reports(session, _facts().where(Report.id.in_(some))))
    return removed


def remove_audit(session: Session, audit_id: str) -> Removed:
    """Delete an audit with its reports, and the documents that have no report outside it."""
    held = set(session.scalars(select(Report.document_id).where(Report.audit_id == audit_id)))
    outside = Report.audit_id.is_distinct_from(audit_id)
    elsewhere = {
        document
        for some in _portions(held)
        for document in session.scalars(select(Report.document_id).where(Report.document_id.in_(some), outside))
    }
    removed = remove_documents(session, held - elsewhere)
    removed.add(_remove_reports(session, _facts().where(Report.audit_id == audit_id)))
    session.execute(delete(Audit).where(Audit.id == audit_id))
    _forget_answers(session, [audit_id])
    return removed


def release_results(session: Session, keys: Collection[str]) -> set[str]:
    """Delete those of the results that no report uses; the digests of their blobs."""
    digests: set[str] = set()
    for some in _portions(keys):
        unused = set(some) - set(session.scalars(select(Report.result_key).where(Report.result_key.in_(some))))
        rows = session.execute(select(Result.report_blob, Result.document_blob).where(Result.key.in_(unused))).all()
        session.execute(delete(Result).where(Result.key.in_(unused)))
        digests.update(digest for row in rows for digest in row)
    return digests


def clear(store: Store, digests: Collection[str], age: float = 0.0) -> int:
    """Delete those of the blobs that no row names and that are old enough; how many there were.

    Parameters
    ----------
    age : seconds since a blob was last put.
    """
    deleted = 0
    for some in _portions(digests):
        with store.alone() as session:
            for digest in set(some) - _named(session, some):
                store.recent.drop(digest)
                if store.blobs.age(digest) >= age:
                    store.blobs.delete(digest)
                    deleted += 1
    return deleted


def sweep(store: Store, age: float = _ABANDONED) -> int:
    """Delete results that no report uses, and blobs that no row names for some time; how many blobs there were.

    Parameters
    ----------
    age : seconds; what is younger may belong to a job that has not written its rows yet.
    """
    with store.alone() as session:
        used = select(Report.result_key).where(Report.result_key.is_not(None))
        digests = release_results(session, session.scalars(select(Result.key).where(Result.key.not_in(used))).all())
    return clear(store, digests) + clear(store, list(store.blobs.digests()), age)


def _remove_reports(session: Session, wanted: Select[str, int, str | None]) -> Removed:
    """Delete the reports of a query, and the results that no other report uses."""
    rows = session.execute(wanted).all()
    for some in _portions([row.id for row in rows]):
        session.execute(delete(Report).where(Report.id.in_(some)))
        _forget_answers(session, some)
    jobs = [(row.id, attempt) for row in rows for attempt in range(1, row.attempt + 1)]
    digests = release_results(session, {row.result_key for row in rows if row.result_key})
    return Removed(0, len(rows), jobs, digests)


def _forget_answers(session: Session, ids: Sequence[str]) -> None:
    """Delete the answers, kept for repetitions, that show what is deleted: they tell names of files."""
    shown = IdempotencyRecord.body["id"].as_string()
    session.execute(delete(IdempotencyRecord).where(shown.in_(ids)))


def _facts() -> Select[str, int, str | None]:
    return select(Report.id, Report.attempt, Report.result_key)


def _named(session: Session, digests: Sequence[str]) -> set[str]:
    """Those of the digests that some row names."""
    columns: tuple[InstrumentedAttribute[str], ...] = (DocumentFile.sha256, Result.report_blob, Result.document_blob)
    return {found for column in columns for found in session.scalars(select(column).where(column.in_(digests)))}


def _portions(items: Collection[str]) -> list[list[str]]:
    listed = sorted(items)
    return [listed[start : start + _MANY] for start in range(0, len(listed), _MANY)]
