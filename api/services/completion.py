"""The end of a job: a result is kept, and the report that asked for it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from api.auth.principal import ConflictError
from api.services.decided import Quotes, apply, decision_rows
from api.services.headline import headline
from api.settings import Settings
from api.store.codec import StaleResultError
from api.store.database import Store
from api.store.models import Report, Result, now
from api.store.removal import clear
from api.store.results import load_document, load_report, result_key_of
from corpora.expressions import load_expressions

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
    if _complete(settings, store, report_id, attempt, key, outcome):
        return True
    clear(store, {outcome.report_blob, outcome.document_blob})
    return False


def _complete(settings: Settings, store: Store, report_id: str, attempt: int, key: str, outcome: Outcome) -> bool:
    with store.alone() as session:
        report = session.get(Report, report_id)
        if report is None or report.attempt != attempt or report.state not in ("queued", "running"):
            return False
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


def take_stored(settings: Settings, store: Store, session: Session, report: Report) -> bool:
    """Finish a report at once with the stored result of its key; whether there is one that can be read."""
    result = session.get(Result, result_key_of(settings, report))
    if result is None or not _whole(store, result):
        return False
    try:
        finish(settings, store, session, report, result)
    except ConflictError:
        return False
    return True


def _unnamed(shown: dict[str, Any], name: str) -> dict[str, Any]:
    """A headline that fits a document of any name."""
    return {**shown, "title": ""} if shown["title"] == name else shown


def _whole(store: Store, result: Result) -> bool:
    return store.blobs.holds(result.report_blob) and store.blobs.holds(result.document_blob)
