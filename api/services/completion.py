"""The end of a job: a result is kept, and the report that asked for it is done."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from api.auth.principal import ConflictError
from api.services.decided import Quotes, apply, decision_rows
from api.services.headline import headline
from api.settings import Settings
from api.store.blobs import BlobError
from api.store.codec import StaleResultError, decode_document
from api.store.database import Store
from api.store.models import Report, Result, now
from api.store.removal import clear
from api.store.results import load_document, load_report, own_key, result_key_of
from corpora.document import Document as ReadDocument
from corpora.expressions import load_expressions
from corpora.kinds import document_title, kind_of
from corpora.programme.majors import split_majors

if TYPE_CHECKING:
    from api.jobs.task import Outcome


def complete(settings: Settings, store: Store, report_id: str, attempt: int, key: str, outcome: Outcome) -> bool:
    """Write a finished result and the report that asked for it, in one transaction.

    Returns
    -------
    Whether the report was still waiting for it; False where it is deleted, cancelled or tried again.

    Raises
    ------
    StaleResultError : the blobs are gone, for another report of the same document was deleted meanwhile: align again.
    """
    named = name_counts(_decoded(store, outcome))
    if _complete(settings, store, report_id, attempt, key, outcome, named):
        return True
    clear(store, {outcome.report_blob, outcome.document_blob})
    return False


def _complete(
    settings: Settings, store: Store, report_id: str, attempt: int, key: str, outcome: Outcome, named: bool
) -> bool:
    with store.alone() as session:
        report = session.get(Report, report_id)
        if report is None or report.attempt != attempt or report.state not in ("queued", "running"):
            return False
        if named and len(report.document.files) == 1:
            key = own_key(key, report.document.name)
        result = session.get(Result, key)
        if result is None or not _whole(store, result):
            result = result or Result(key=key)
            result.report_blob, result.document_blob = outcome.report_blob, outcome.document_blob
            result.seconds, result.headline = outcome.seconds, _unnamed(outcome.headline, report.document.name)
            if not _whole(store, result):
                raise StaleResultError()
            session.add(result)
            session.flush()
        finish(settings, store, session, report, result)
    return True


def finish(settings: Settings, store: Store, session: Session, report: Report, result: Result) -> None:
    """Mark a report's row as done, with a headline that tells what persons have decided on the document before.

    Raises
    ------
    StaleResultError : the result is needed for that and cannot be read.
    """
    rows = decision_rows(session, report.document_id, report.standard)
    shown = {**result.headline, "title": result.headline["title"] or report.document.name}
    if rows:
        read = apply(
            load_report(store, result, report.document),
            rows,
            lambda: load_expressions(report.standard, settings.standards),
            Quotes(lambda: load_document(store, result, report.document)),
        )
        shown = headline(read)
    report.state, report.stage, report.progress, report.problem = "done", "", 1.0, None
    report.result_key, report.headline, report.finished_at = result.key, shown, now()


def take_stored(settings: Settings, store: Store, session: Session, report: Report, *, check: bool = True) -> bool:
    """Finish a report at once with the stored result of its key; whether there is one.

    Parameters
    ----------
    check : whether to read the result first; one that cannot be read is thrown away, to be made again.
    """
    key = result_key_of(settings, report)
    result = session.get(Result, key) or session.get(Result, own_key(key, report.document.name))
    if result is None or not _whole(store, result) or (check and not _readable(store, result)):
        return False
    try:
        finish(settings, store, session, report, result)
    except ConflictError:
        return False
    return True


def name_counts(document: ReadDocument) -> bool:
    """Whether a report would be another one if the document's only file had another name.

    That is so where the name stands in for a title, tells what kind of document or which year's plan it is, or is told
    by an error.
    """
    other = replace(document, name=f"0{PurePath(document.name).suffix}")
    if any(document.name in (error.where, error.what) for error in document.errors):
        return True
    kind = kind_of(document)
    if (document_title(document), kind) != (document_title(other), kind_of(other)):
        return True
    return kind == "plan" and split_majors(document) != split_majors(other)


def _decoded(store: Store, outcome: Outcome) -> ReadDocument:
    """The document of an outcome; raises StaleResultError where it is gone."""
    try:
        return decode_document(store.blobs.read(outcome.document_blob))
    except BlobError:
        raise StaleResultError() from None


def _unnamed(shown: dict[str, Any], name: str) -> dict[str, Any]:
    """A headline that fits a document of any name."""
    return {**shown, "title": ""} if shown["title"] == name else shown


def _readable(store: Store, result: Result) -> bool:
    """Whether a result can be read; its blobs are deleted where it cannot, so that nobody takes it for whole."""
    try:
        load_report(store, result)
        load_document(store, result)
    except StaleResultError:
        for digest in (result.report_blob, result.document_blob):
            store.recent.drop(digest)
            store.blobs.delete(digest)
        return False
    return True


def _whole(store: Store, result: Result) -> bool:
    return store.blobs.holds(result.report_blob) and store.blobs.holds(result.document_blob)
