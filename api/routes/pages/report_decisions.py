"""Forms on the report's pages: decisions on elements and rules, steps of the review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from alignment.model import Evidence, Match, RuleVerdict
from api.auth.principal import Right
from api.http.deps import PrincipalDep, ServiceDep
from api.http.pages import common, see_other
from api.http.problems import problem_of
from api.i18n import mark
from api.routes.pages.report_frame import ReportPage
from api.services import reviews
from api.store.models import Decision, DecisionAction, ReviewState, TargetKind
from corpora.errors import DuibiaoError, UsageError

router = APIRouter()

_SAVED = {
    "accept": mark("已认可系统结论"),
    "override": mark("改判已保存"),
    "withdraw": mark("人工结论已撤回"),
    "confirm": mark("复核意见已保存"),
    "object": mark("异议已保存"),
}


@dataclass(frozen=True, slots=True)
class Given:
    """What a person put into a form; ``offered`` is the number of the passage chosen, None for a pasted one."""

    action: str = ""
    grade: int | None = None
    level: int | None = None
    verdict: str | None = None
    offered: int | None = None
    quote: str = ""
    reason: str = ""

    @property
    def opened(self) -> bool:
        """Whether the form is to be shown open, with what was put in."""
        return self.action == "override"

    def passage(self, offers: Sequence[Evidence]) -> str:
        """The quote that is meant."""
        if self.offered is not None and 0 <= self.offered < len(offers):
            return offers[self.offered].quote
        return self.quote


def given(
    action: Annotated[str, Form()] = "",
    grade: Annotated[str, Form()] = "",
    level: Annotated[str, Form()] = "",
    verdict: Annotated[str, Form()] = "",
    offered: Annotated[str, Form()] = "",
    quote: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "",
) -> Given:
    """A decision's form; a quote pasted is meant though a passage offered is still chosen."""
    chosen = None if quote.strip() else _number(offered)
    return Given(action, _number(grade), _number(level), verdict or None, chosen, quote, reason)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None


@dataclass(frozen=True, slots=True)
class May:
    """Which buttons a reader has on a verdict."""

    accept: bool = False
    override: bool = False
    withdraw: bool = False
    second: bool = False


def may(page: ReportPage, stands: reviews.Standing | None) -> May:
    """Nothing on an approved report; another person's decision is a reviewer's to change and to confirm."""
    if not page.judge or page.row.review_state == "approved":
        return May()
    reviewer = page.principal.may(Right.REVIEW)
    own = stands is None or stands.decision.author_id == page.principal.id
    turn = own or reviewer
    return May(turn and stands is None, turn, turn and stands is not None, reviewer and not own)


def offers_of(item: Match | RuleVerdict) -> tuple[Evidence, ...]:
    """Passages that a decision can rest on: the verdict's own, and the nearest one."""
    nearest = (item.nearest,) if isinstance(item, Match) and item.nearest else ()
    return tuple({evidence.quote: evidence for evidence in (*nearest[::-1], *item.evidence)}.values())[:8]


def judging(page: ReportPage, kind: TargetKind, id: str, item: Match | RuleVerdict) -> dict[str, object]:
    """What the form on a verdict needs."""
    stands = page.standing.get((kind, id))
    proposed: object
    if isinstance(item, Match):
        proposed = item.decided.proposed_grade if item.decided else item.grade
    else:
        proposed = item.decided.proposed_verdict if item.decided else item.verdict
    return {
        "stands": stands,
        "past": past(page, kind, id),
        "may": may(page, stands),
        "proposed": proposed,
        "offers": offers_of(item),
        "given": Given(offered=0 if offers_of(item) and kind == "element" else None),
        "error": None,
    }


def past(page: ReportPage, kind: str, id: str) -> tuple[Decision, ...]:
    """Every decision on a verdict, the last first."""
    return tuple(d for d in page.opened.decisions if (d.target_kind, d.target_id) == (kind, id))[::-1]


def save(page: ReportPage, kind: TargetKind, id: str, item: Match | RuleVerdict, form: Given) -> DuibiaoError | None:
    """Make the decision; what is wrong with it where it cannot be made."""
    try:
        if form.action not in _SAVED:
            raise UsageError("不认识的操作", where=form.action[:20])
        reviews.decide(
            page.service,
            page.principal,
            page.row.id,
            kind,
            id,
            action=cast(DecisionAction, form.action),
            grade=form.grade,
            level=form.level,
            verdict=form.verdict,
            quote=form.passage(offers_of(item)) if form.action == "override" and form.grade != 0 else None,
            reason=form.reason,
        )
    except DuibiaoError as error:
        return error
    return None


def status_of(error: DuibiaoError | None) -> int:
    """Status of a whole page that shows the form again."""
    problem = problem_of(error) if error else None
    return (problem.status or problem.kind.status) if problem else 200


def told(request: Request, form: Given, error: DuibiaoError | None) -> dict[str, object]:
    """What the answer to a form says: that it is saved, or what is wrong with it, with what was put in."""
    if error:
        return {"error": error, "given": form}
    t = common(request)["t"]
    return {"message": t(_SAVED[form.action])}


@router.post("/{report_id}/review")
def move_report(
    report_id: str,
    service: ServiceDep,
    principal: PrincipalDep,
    to: Annotated[str, Form()],
    comment: Annotated[str, Form()] = "",
) -> Response:
    """Submit, return or approve the report, and show it again."""
    reviews.move(service, principal, report_id, cast(ReviewState, to), comment)
    return see_other(f"/reports/{report_id}")
