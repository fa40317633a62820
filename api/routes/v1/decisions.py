"""Persons' judgement: decisions on verdicts, the review of a report, its history, decisions as labelled data."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from api.http.deps import PageDep, PrincipalDep, ServiceDep
from api.http.lists import page_out
from api.http.openapi import files, problems
from api.schemas.reviews import (
    DecisionOut,
    DecisionsOut,
    ElementDecisionRequest,
    HistoryOut,
    ReviewRequest,
    RuleDecisionRequest,
    SecondRequest,
)
from api.schemas.service import PageOut, ReportJobOut
from api.services import reviews
from api.services.sent import attachment
from api.store.models import TargetKind

router = APIRouter(tags=["审核"])

ReportId = Annotated[str, Path(description="报告的编号", max_length=64)]
ElementId = Annotated[str, Path(description="要素的编号，如 C5.R1.e2", max_length=64)]
RuleId = Annotated[str, Path(description="规定的编号，如 NR04", max_length=200)]
Why = Annotated[str, Query(description="撤回的理由", max_length=1000)]

_ZIP = files("标注集：docs/ 与 labels/", "application/zip")
_STALE = problems(409, 412)


@router.get("/reports/{report_id}/decisions", summary="列出人工结论")
def list_decisions(report_id: ReportId, service: ServiceDep, principal: PrincipalDep) -> DecisionsOut:
    """All decisions on the report's document against its standard, those that no longer stand too."""
    return DecisionsOut.from_rows(reviews.decisions(service, principal, report_id))


@router.put("/reports/{report_id}/elements/{element_id}/decision", summary="确认或改判一项要素", responses=_STALE)
def decide_element(
    report_id: ReportId,
    element_id: ElementId,
    body: ElementDecisionRequest,
    service: ServiceDep,
    principal: PrincipalDep,
) -> DecisionOut:
    """Accept or override the verdict on an element; a grade above the system's needs a quote from the document."""
    row = reviews.decide(service, principal, report_id, "element", element_id, **body.model_dump())
    return DecisionOut.from_row(row, stands=True)


@router.put("/reports/{report_id}/rules/{rule_id}/decision", summary="确认或改判一条规定", responses=_STALE)
def decide_rule(
    report_id: ReportId, rule_id: RuleId, body: RuleDecisionRequest, service: ServiceDep, principal: PrincipalDep
) -> DecisionOut:
    """Accept or override the verdict on a rule of a programme plan."""
    row = reviews.decide(service, principal, report_id, "rule", rule_id, **body.model_dump())
    return DecisionOut.from_row(row, stands=True)


@router.delete("/reports/{report_id}/elements/{element_id}/decision", summary="撤回对要素的结论", status_code=204)
def withdraw_element(
    report_id: ReportId, element_id: ElementId, service: ServiceDep, principal: PrincipalDep, reason: Why = ""
) -> None:
    """Go back to the system's verdict; the decision stays in the history."""
    reviews.decide(service, principal, report_id, "element", element_id, action="withdraw", reason=reason)


@router.delete("/reports/{report_id}/rules/{rule_id}/decision", summary="撤回对规定的结论", status_code=204)
def withdraw_rule(
    report_id: ReportId, rule_id: RuleId, service: ServiceDep, principal: PrincipalDep, reason: Why = ""
) -> None:
    """Go back to the system's verdict; the decision stays in the history."""
    reviews.decide(service, principal, report_id, "rule", rule_id, action="withdraw", reason=reason)


@router.post("/reports/{report_id}/elements/{element_id}/decision/second", summary="复核对要素的结论")
def second_element(
    report_id: ReportId, element_id: ElementId, body: SecondRequest, service: ServiceDep, principal: PrincipalDep
) -> DecisionOut:
    """Confirm another person's decision, or object to it: an objection opens the verdict again."""
    return _second(service, principal, report_id, "element", element_id, body)


@router.post("/reports/{report_id}/rules/{rule_id}/decision/second", summary="复核对规定的结论")
def second_rule(
    report_id: ReportId, rule_id: RuleId, body: SecondRequest, service: ServiceDep, principal: PrincipalDep
) -> DecisionOut:
    """Confirm another person's decision, or object to it: an objection opens the verdict again."""
    return _second(service, principal, report_id, "rule", rule_id, body)


def _second(
    service: ServiceDep, principal: PrincipalDep, report_id: str, kind: TargetKind, target: str, body: SecondRequest
) -> DecisionOut:
    action = reviews.CONFIRM if body.agree else reviews.OBJECT
    row = reviews.decide(service, principal, report_id, kind, target, action=action, reason=body.reason)
    return DecisionOut.from_row(row)


@router.post("/reports/{report_id}/review", summary="提交、退回或通过", responses=_STALE)
def move_report(report_id: ReportId, body: ReviewRequest, service: ServiceDep, principal: PrincipalDep) -> ReportJobOut:
    """Move a report from ``from`` to ``to``: 草稿 → 待审 → 退回 or 通过; 退回 → 待审; 通过 → 退回."""
    row = reviews.move(service, principal, report_id, body.to, body.comment, body.seen)
    return ReportJobOut.from_row(row)


@router.get("/reports/{report_id}/history", summary="查看报告的经过")
def get_history(report_id: ReportId, service: ServiceDep, principal: PrincipalDep) -> HistoryOut:
    """Runs of the job, decisions and steps of the review, the oldest first."""
    return HistoryOut.of(reviews.history(service, principal, report_id))


@router.get("/reviews", summary="列出待审的报告")
def list_waiting(
    request: Request, response: Response, service: ServiceDep, principal: PrincipalDep, page: PageDep
) -> PageOut[ReportJobOut]:
    """Reports that wait for the caller's review, newest first."""
    return page_out(request, response, reviews.waiting(service, principal, page), ReportJobOut.from_row)


@router.get(
    "/decisions/export", summary="导出人工结论（标注集）", response_class=Response, responses=_ZIP | problems(404)
)
def export_decisions(
    service: ServiceDep,
    principal: PrincipalDep,
    standard: Annotated[str, Query(description="标准的专业代码", max_length=64)] = "530701",
    department: Annotated[str, Query(description="院系的编号", max_length=64)] = "",
) -> Response:
    """Decisions with their quotes and documents, in the form that ``duibiao eval --set`` reads."""
    data = reviews.export_labels(service, principal, standard=standard, department_id=department or None)
    return Response(data, media_type="application/zip", headers=attachment(f"{standard}.labels.zip"))
