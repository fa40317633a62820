"""Pages of one report: the conclusion with every requirement, one element with its evidence, and what belongs to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from alignment.model import Match
from api.auth.principal import NotFoundError
from api.http.deps import PrincipalDep, ServiceDep
from api.http.pages import page, wants_fragment
from api.rendering.reading import wording
from api.rendering.reading.context import Surroundings
from api.rendering.reading.filter import STATES, Filter, states
from api.rendering.view import GroupView
from api.routes.pages import report_decisions, report_document, report_history, report_plan
from api.routes.pages.list_words import standard_names
from api.routes.pages.report_decisions import Given, given, judging, save, status_of, told
from api.routes.pages.report_frame import ReportPage
from api.services import reports

router = APIRouter(prefix="/reports")
for part in (report_decisions, report_document, report_plan, report_history):
    router.include_router(part.router)


def asked(
    status: Annotated[Sequence[str], Query()] = (),
    course: str = "",
    q: str = "",
    scope: str = "",
    section: int = 0,
    st: str = "",
) -> Filter:
    """The filter of the page's address."""
    return Filter.of(status, course, q, scope, section, st)


FilterDep = Annotated[Filter, Depends(asked)]


@router.get("/{report_id}")
def show_report(
    request: Request, report_id: str, service: ServiceDep, principal: PrincipalDep, filter: FilterDep
) -> Response:
    """The report, or how far it is."""
    row = reports.find_report(service, principal, report_id)
    if row.state != "done":
        return page(request, "pages/progress.html.j2", report=row, names=standard_names(service))
    it = ReportPage.open(service, principal, report_id)
    return it.answer(request, "report", **listing(it, filter))


@router.get("/{report_id}/print")
def print_report(request: Request, report_id: str, service: ServiceDep, principal: PrincipalDep) -> Response:
    """The whole report on one page, for paper."""
    it = ReportPage.open(service, principal, report_id)
    context = report_plan.whole(it) if it.plan else {}
    history = report_history.history_of(it)
    return it.answer(request, "print", **listing(it, Filter()), **context, **history)


@router.get("/{report_id}/elements/{element_id}")
def show_element(
    request: Request, report_id: str, element_id: str, service: ServiceDep, principal: PrincipalDep
) -> Response:
    """One element: a part of the page for htmx, else a page of its own."""
    it = ReportPage.open(service, principal, report_id)
    template = "element" if wants_fragment(request) else "element_page"
    return it.answer(request, template, **element(it, element_id))


@router.post("/{report_id}/elements/{element_id}/decision")
def decide_on_element(
    request: Request,
    report_id: str,
    element_id: str,
    service: ServiceDep,
    principal: PrincipalDep,
    form: Annotated[Given, Depends(given)],
) -> Response:
    """Make a decision on an element; the answer shows it, with all on the page that changes."""
    it = ReportPage.open(service, principal, report_id)
    error = save(it, "element", element_id, match_of(it, element_id), form)
    it = ReportPage.open(service, principal, report_id)
    context = element(it, element_id) | told(request, form, error)
    if wants_fragment(request):
        return it.answer(request, "element", **context, **({} if error else changed(it, element_id)))
    return it.answer(request, "element_page", status=status_of(error), **context)


def match_of(it: ReportPage, element_id: str) -> Match:
    """The verdict on an element; raises NotFoundError where the report has none."""
    match = it.opened.report.match_of.get(element_id)
    if match is None:
        raise NotFoundError("报告中没有这个要素", element_id[:40])
    return match


def listing(it: ReportPage, filter: Filter) -> dict[str, Any]:
    """What the list of requirements needs."""
    everything = filter.everything or not it.opened.report.scope
    groups = it.view.groups if everything else it.view.scoped
    rows = [(m, e.statement, g.id) for g in groups for e in g.statements for m in e.matches]
    counts = Counter(state for match, _, _ in rows for state in states(match))
    shown = sum(filter.shows(m, s, group, it.sections_of(m.element.id)) for m, s, group in rows)
    chapters = {section.number: section.title for section in it.outline.chapters.sections}
    return {
        "filter": replace(filter, everything=everything),
        "filter_states": STATES,
        "groups": groups,
        "counts": counts,
        "shown": shown,
        "total": len(rows),
        "section_title": chapters.get(filter.section, ""),
    }


def element(it: ReportPage, element_id: str) -> dict[str, Any]:
    """What one element's part of the page needs."""
    match = match_of(it, element_id)
    surroundings, statement = Surroundings(it.document), it.view.statement_of(element_id)
    start, end = match.element.span
    text = statement.text
    nearest = match.nearest if match.nearest and not match.evidence else None
    return {
        "match": match,
        "course": it.opened.report.standard.course_title(statement.id),
        "law": (text[:start], text[start:end], text[end:]),
        "quotes": [(evidence, surroundings.of(evidence)) for evidence in match.evidence],
        "nearest": (nearest, surroundings.of(nearest)) if nearest else None,
        "certainty": wording.certainty(match),
        "gaps": [gap for gap in it.opened.report.gaps if gap.element.id == element_id],
        **judging(it, "element", element_id, match),
    }


def changed(it: ReportPage, element_id: str) -> dict[str, Any]:
    """What else on the page a decision on an element changes."""
    statement = it.view.statement_of(element_id).id

    def holds(group: GroupView) -> bool:
        return any(entry.statement.id == statement for entry in group.statements)

    group = next(group for group in it.view.groups if holds(group))
    entry = next(entry for entry in group.statements if entry.statement.id == statement)
    return {"oob": True, "group": group, "entry": entry, "filter": Filter()}
