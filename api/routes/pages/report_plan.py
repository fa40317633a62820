"""The audit of a programme plan as pages: rules with their arithmetic, hours, courses, support, annex."""

from __future__ import annotations

from typing import Annotated, Any, cast

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from alignment.model import RuleVerdict
from api.auth.principal import NotFoundError
from api.http.deps import PrincipalDep, ServiceDep
from api.http.pages import wants_fragment
from api.rendering.programme import rows, sections
from api.rendering.programme.view import PlanView, RuleView
from api.rendering.reading.hours import hour_data
from api.routes.pages.report_decisions import Given, given, judging, save, status_of, told
from api.routes.pages.report_frame import PLAN_TABS, ReportPage

router = APIRouter()


@router.get("/{report_id}/plan/{part}")
def show_part(request: Request, report_id: str, part: str, service: ServiceDep, principal: PrincipalDep) -> Response:
    """One part of the audit."""
    it = ReportPage.open(service, principal, report_id)
    plan_of(it)
    if part not in PLAN_TABS:
        raise NotFoundError("报告没有这一部分", part[:40])
    return it.answer(request, "plan_page", part=part, part_title=PLAN_TABS[part], **whole(it))


@router.get("/{report_id}/rules/{rule_id}")
def show_rule(request: Request, report_id: str, rule_id: str, service: ServiceDep, principal: PrincipalDep) -> Response:
    """One rule: a part of the page for htmx, else a page of its own."""
    it = ReportPage.open(service, principal, report_id)
    template = "rule" if wants_fragment(request) else "rule_page"
    return it.answer(request, template, **rule(it, rule_id))


@router.post("/{report_id}/rules/{rule_id}/decision")
def decide_on_rule(
    request: Request,
    report_id: str,
    rule_id: str,
    service: ServiceDep,
    principal: PrincipalDep,
    form: Annotated[Given, Depends(given)],
) -> Response:
    """Make a decision on a rule; the answer shows it."""
    it = ReportPage.open(service, principal, report_id)
    error = save(it, "rule", rule_id, rule_of(it, rule_id).rule, form)
    it = ReportPage.open(service, principal, report_id)
    context = rule(it, rule_id) | told(request, form, error)
    if wants_fragment(request):
        return it.answer(request, "rule", **context, oob=not error)
    return it.answer(request, "rule_page", status=status_of(error), **context)


def plan_of(it: ReportPage) -> PlanView:
    """The audit; raises NotFoundError for a report without one."""
    if it.plan is None:
        raise NotFoundError("这份报告不是人才培养方案的审核")
    return it.plan


def rule_of(it: ReportPage, rule_id: str) -> RuleView:
    """A rule's verdict; raises NotFoundError where the report has none."""
    found = next((rule for rule in plan_of(it).rules if rule.rule.id == rule_id), None)
    if found is None:
        raise NotFoundError("报告中没有这条规定", rule_id[:40])
    return found


def rule(it: ReportPage, rule_id: str) -> dict[str, Any]:
    """What one rule's part of the page needs."""
    found = rule_of(it, rule_id)
    return {"rule": found, "unfolded": True, **judged(it, found.rule)}


def judged(it: ReportPage, found: RuleVerdict) -> dict[str, Any]:
    """What the form on a rule needs."""
    return {"affecting": _affecting(it, found.id), **judging(it, "rule", found.id, found)}


def _affecting(it: ReportPage, rule_id: str) -> list[str]:
    return [item.what for item in plan_of(it).contradictions if rule_id in item.affects]


def whole(it: ReportPage) -> dict[str, Any]:
    """What all parts of the audit need."""
    plan = plan_of(it)
    return {
        "rows": rows,
        "chapters": sections.chapters(plan),
        "local_rules": sections.local_rules(plan),
        "support": rows.Matrix(plan),
        "union": rows.Union(plan),
        "serves": serves(plan),
        "hour_data": hour_data(plan),
        "categories": rows.category_bars(plan),
        "terms": rows.semester_bars(plan),
        "judged": lambda found: judged(it, cast(RuleVerdict, found)),
    }


def serves(plan: PlanView) -> dict[int, tuple[str, ...]]:
    """Labels of the standard's courses that each course of the schedule serves, by its index."""
    found: dict[int, list[str]] = {}
    for match in plan.audit.courses:
        for hit in match.hits:
            if hit.course is not None:
                found.setdefault(hit.course, []).append(match.statement.label)
    return {index: tuple(dict.fromkeys(labels)) for index, labels in found.items()}
