"""The report as one self-contained HTML file: style, charts and script inline, nothing fetched, all text escaped."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alignment.model import GapReport
from api.rendering import charts, decided, words
from api.rendering.agreement import TITLE
from api.rendering.programme.view import PlanView, plan_view
from api.rendering.view import ReportView, Tally, advice

if TYPE_CHECKING:
    from jinja2 import Environment

#: Gaps that stand open on the page and are printed; the rest is folded away.
GAPS_SHOWN = 40
#: Sections of the page of a programme plan.
CONTENTS = {
    "verdict": "审核结论",
    "hours": "学时结构",
    "rules": "逐章核对",
    "contradictions": "内部矛盾",
    "structure": "章节与课程",
    "matrix": "支撑矩阵",
    "annex": "附件课程",
    "table": "课程表",
    "elements": "课程内容",
    "gaps": "修改建议",
}
TEMPLATES = Path(__file__).resolve().parents[1] / "templates"


def render(report: GapReport) -> bytes:
    """The page in UTF-8; it opens from disk, and prints with all evidence of the scope unfolded."""
    return page(report).encode()


def page(report: GapReport, paper: bool = False) -> str:
    """The page's text.

    Parameters
    ----------
    report : what to show.
    paper : for a paged medium: everything unfolded, no filters, no script, only the groups in scope.
    """
    view = ReportView(report)
    plan = plan_view(view)
    template = _environment().get_template("report.html.j2")
    return template.render(
        view=view,
        report=report,
        paper=paper,
        gaps_shown=GAPS_SHOWN,
        agreement_title=TITLE,
        plan=plan,
        **(_of_audit(plan) if plan else {}),
    )


def _of_audit(plan: PlanView) -> dict[str, Any]:
    """What the templates need for a programme plan."""
    from api.rendering.programme import charts as hour_charts
    from api.rendering.programme import rows, sections, wording

    matrix, union = rows.Matrix(plan), rows.Union(plan)
    audit = plan.audit
    shown = {
        "verdict": True,
        "hours": rows.category_bars(plan),
        "structure": audit.chapters or audit.findings,
        "matrix": matrix.rows,
        "annex": audit.annex or union.summary,
    }
    return {
        "rows": rows,
        "wording": wording,
        "support": matrix,
        "union": union,
        "found_chapters": sections.chapters(plan),
        "local_rules": sections.local_rules(plan),
        "split_bar": _markup(hour_charts.split_bar),
        "whole_bar": _markup(hour_charts.whole_bar),
        "contents": [(id, name) for id, name in CONTENTS.items() if shown.get(id, True)],
    }


def _markup(draw: Callable[..., str]) -> Callable[..., Any]:
    """A drawing whose text is markup already."""
    from markupsafe import Markup

    return lambda *arguments: Markup(draw(*arguments))


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    def chart(tally: Tally, id: str, height: int = 16) -> Markup:
        return Markup(charts.bar(tally, id, height))

    def cleaned(value: Any) -> Any:
        return words.clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        finalize=cleaned,
    )
    environment.globals.update(words=words, decided=decided, chart=chart, advice=advice)
    return environment
