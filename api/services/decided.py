"""Decisions as rows, and what they make of a report: which one stands on each target, and who objects to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from alignment import review
from alignment.model import Evidence, GapReport
from alignment.review import ElementDecision, FindQuote, QuoteFinder, RuleDecision
from api.auth.principal import ConflictError
from api.services.banks import bank
from api.store.models import Decision, Report, Result, TargetKind
from api.store.results import load_document, load_report
from corpora.document import Document
from corpora.expressions import Expression

if TYPE_CHECKING:
    from api.service import Service

Target = tuple[TargetKind, str]

#: Actions that set a verdict, and those of a second reviewer.
SETS = frozenset(("accept", "override"))
SECONDS = frozenset(("confirm", "object"))


@dataclass(frozen=True)
class Standing:
    """The decision that stands on a target, and the words of second reviewers since, in time order."""

    decision: Decision
    words: tuple[Decision, ...] = ()

    @cached_property
    def second(self) -> Decision | None:
        """The word that counts: an objection until its author confirms, else the last confirmation."""
        last = list({word.author_id: word for word in self.words}.values())
        counting = [word for word in last if word.action == "object"] or last
        return counting[-1] if counting else None

    @property
    def disputed(self) -> bool:
        """Whether a second reviewer objects."""
        return self.second is not None and self.second.action == "object"


def decision_rows(session: Session, document_id: str, standard: str) -> tuple[Decision, ...]:
    """All decisions on a document against a standard, in time order."""
    query = select(Decision).where(Decision.document_id == document_id, Decision.standard == standard)
    return tuple(session.scalars(query.order_by(Decision.created_at, Decision.id)))


def settled(rows: Iterable[Decision]) -> dict[Target, Standing]:
    """What stands on each target after all rows, which come in time order."""
    found: dict[Target, Standing] = {}
    for row in rows:
        target = (cast(TargetKind, row.target_kind), row.target_id)
        if row.action in SETS:
            found[target] = Standing(row)
        elif row.action == "withdraw":
            found.pop(target, None)
        elif target in found:
            found[target] = Standing(found[target].decision, (*found[target].words, row))
    return found


def standing(rows: Iterable[Decision]) -> dict[Target, Decision]:
    """The decision that stands on each target."""
    return {target: found.decision for target, found in settled(rows).items()}


@dataclass(frozen=True)
class Held:
    """A finished report with what it was made of, each read when it is first asked for.

    Parameters
    ----------
    service : the running service.
    row : a report that is done.
    result : its result.
    """

    service: Service
    row: Report
    result: Result

    @classmethod
    def of(cls, service: Service, session: Session, row: Report) -> Held:
        """Of a report's row.

        Raises
        ------
        ConflictError : the report is not done.
        """
        result = session.get(Result, row.result_key) if row.state == "done" and row.result_key else None
        if result is None:
            raise ConflictError("报告还没有完成", advice="请等比对完成后再试")
        return cls(service, row, result)

    @cached_property
    def report(self) -> GapReport:
        """As the system made it."""
        return load_report(self.service.store, self.result, self.row.document)

    @cached_property
    def quotes(self) -> Quotes:
        """Finds quotes in its document."""
        return Quotes(lambda: load_document(self.service.store, self.result, self.row.document))

    def revised(self, rows: Sequence[Decision]) -> GapReport:
        """With the decisions that stand put into effect; the same object where there are none."""
        return apply(self.report, rows, lambda: bank(self.service.settings, self.row.standard), self.quotes)


def apply(
    report: GapReport,
    rows: Sequence[Decision],
    expressions: Callable[[], Sequence[Expression]],
    quotes: FindQuote,
) -> GapReport:
    """The report with the decisions that stand put into effect; itself where there are none.

    Parameters
    ----------
    report : as the system made it.
    rows : decisions on its document against its standard, in time order.
    expressions : gives the standard's bank.
    quotes : finds quotes in its document; asked only where the report does not hold one.
    """
    stands = settled(rows)
    if not stands:
        return report
    decisions = [_element(s) if kind == "element" else _rule(s) for (kind, _), s in stands.items()]
    return review.revise(report, decisions, expressions(), quotes)


class Quotes:
    """Finds quotes in a document that is read when the first one is asked for."""

    def __init__(self, document: Callable[[], Document]) -> None:
        self._document = document

    @cached_property
    def _finder(self) -> QuoteFinder:
        return QuoteFinder(self._document())

    def __call__(self, quote: str, start: int | None = None) -> Evidence | None:
        """The quote as it stands in the document; see ``QuoteFinder``."""
        return self._finder(quote, start)


def _element(stands: Standing) -> ElementDecision:
    row = stands.decision
    return ElementDecision(element=row.target_id, grade=row.grade or 0, level=row.level, **_common(stands))  # type: ignore[arg-type]


def _rule(stands: Standing) -> RuleDecision:
    row = stands.decision
    return RuleDecision(rule=row.target_id, verdict=row.verdict or "cannot_determine", **_common(stands))  # type: ignore[arg-type]


def _common(stands: Standing) -> dict[str, Any]:
    row, second = stands.decision, stands.second
    return {
        "text": row.target_text,
        "action": row.action,
        "author": row.author_name,
        "at": row.created_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "quote": row.quote or "",
        "start": row.start,
        "reason": row.reason,
        "second": second.author_name if second else "",
        "agrees": not stands.disputed,
        "second_reason": second.reason if second else "",
    }
