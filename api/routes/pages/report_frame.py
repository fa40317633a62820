"""What all pages of one report share: its row, its view, who may do what with it, and its tabs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from api.auth.principal import Principal, may_change, may_judge, may_review
from api.http.pages import page, wants_fragment, with_query
from api.i18n import mark
from api.rendering import FORMATS, words
from api.rendering.programme import wording as plan_wording
from api.rendering.programme.view import PlanView, plan_view
from api.rendering.reading import filter, wording
from api.rendering.reading.outline import Outline
from api.rendering.view import ReportView, advice
from api.service import Service
from api.services import log, reports, reviews
from api.services.paging import PageRequest
from api.store.models import Report, TargetKind
from corpora.document import Document

#: Formats to download, the most asked for first, with what they are.
DOWNLOADS = {
    "docx": mark("Word 审核意见"),
    "xlsx": mark("Excel 工作簿"),
    "pdf": mark("PDF 文件"),
    "html": mark("网页（单个文件）"),
    "md": mark("Markdown 文本"),
    "csv": mark("CSV 表格"),
    "json": mark("JSON 数据"),
}
#: Parts of a plan's audit, each a tab of its own.
PLAN_TABS = {
    "rules": mark("规定核算"),
    "hours": mark("学时结构"),
    "contradictions": mark("内部矛盾"),
    "courses": mark("课程对照"),
    "support": mark("支撑矩阵"),
    "structure": mark("章节与条款"),
    "annex": mark("附件与合力"),
    "table": mark("课程表"),
}


@dataclass(frozen=True)
class ReportPage:
    """One finished report for one reader.

    Parameters
    ----------
    service, principal : the service, and who reads.
    opened : the report with the decisions on it.
    """

    service: Service
    principal: Principal
    opened: reports.OpenReport

    @classmethod
    def open(cls, service: Service, principal: Principal, report_id: str) -> ReportPage:
        """Raises NotFoundError, and ConflictError where the report is not done."""
        return cls(service, principal, reports.open_report(service, principal, report_id))

    @property
    def row(self) -> Report:
        """The report's row."""
        return self.opened.row

    @cached_property
    def view(self) -> ReportView:
        """The report arranged for readers."""
        return ReportView(self.opened.report)

    @cached_property
    def plan(self) -> PlanView | None:
        """The audit, of a programme plan."""
        return plan_view(self.view)

    @cached_property
    def document(self) -> Document:
        """The document as it was read."""
        return reports.read_document(self.service, self.principal, self.row.id)

    @cached_property
    def outline(self) -> Outline:
        """Its headings."""
        return Outline.of(self.document)

    @cached_property
    def standing(self) -> dict[tuple[TargetKind, str], reviews.Standing]:
        """Decisions that stand, by target."""
        return reviews.settled(self.opened.decisions)

    @property
    def judge(self) -> bool:
        """Whether the reader may decide on verdicts."""
        return may_judge(self.principal, self.row.document)

    @cached_property
    def moves(self) -> tuple[str, ...]:
        """States of review that the reader may move the report to."""
        document = self.row.document
        rights = {
            "owner": may_change(self.principal, document) and self.judge,
            "reviewer": may_review(self.principal, document),
        }
        return tuple(to for (at, to), who in reviews.MOVES.items() if at == self.row.review_state and rights[who])

    @property
    def tabs(self) -> tuple[tuple[str, str], ...]:
        """Address and name of each tab."""
        home = f"/reports/{self.row.id}"
        plan = [(f"{home}/plan/{name}", title) for name, title in PLAN_TABS.items()] if self.plan else []
        return (
            (home, mark("结论与要求")),
            *plan,
            (f"{home}/document", mark("原文")),
            (f"{home}/map", mark("分布图")),
            (f"{home}/history", mark("记录")),
        )

    @property
    def downloads(self) -> tuple[tuple[str, str], ...]:
        """Format and name of each file that can be had."""
        return tuple((name, title) for name, title in DOWNLOADS.items() if name in FORMATS and _available(name))

    @property
    def versus(self) -> str:
        """Address of the comparison with the earlier version's report; of the choice of another one without it."""
        row, earlier = self.row, self.row.document.previous_id
        before = ""
        if earlier:
            found = reports.list_reports(
                self.service, self.principal, PageRequest(1), document_id=earlier, standard=row.standard, state="done"
            )
            before = next((other.id for other in found.items), "")
        return with_query("/compare", report=[name for name in (before, row.id) if name])

    @cached_property
    def decided(self) -> int:
        """How many verdicts a person decided."""
        report = self.opened.report
        return sum(m.decided is not None for m in report.matches) + sum(r.decided is not None for r in report.rules)

    def sections_of(self, element: str) -> tuple[int, ...]:
        """Numbers of the chapters that hold an element's quotes."""
        evidence = self.opened.report.match_of[element].evidence
        return tuple(dict.fromkeys(self.outline.chapters.at(e.locator.start).number for e in evidence))

    def answer(self, request: Request, template: str, *, status: int = 200, **context: Any) -> HTMLResponse:
        """A page, or a part of one, with all this in its context; reading is logged, of parts once an hour."""
        part = wants_fragment(request) and log.lately(self.service, self.principal, "report.open", self.row.id)
        if request.method == "GET" and not part:
            place, name = self.row.document.department_id, self.row.document.name
            log.record(self.service, self.principal, "report.open", "report", self.row.id, place, name=name)
        return page(request, f"pages/report/{template}.html.j2", status=status, **{**self._context(), **context})

    def _context(self) -> dict[str, Any]:
        return {
            "it": self,
            "row": self.row,
            "report": self.opened.report,
            "view": self.view,
            "plan": self.plan,
            "home": f"/reports/{self.row.id}",
            "words": words,
            "wording": wording,
            "plan_wording": plan_wording,
            "states": filter.states,
            "advice": advice,
        }


def _available(name: str) -> bool:
    return name != "pdf" or find_spec("weasyprint") is not None
