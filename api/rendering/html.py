"""The report as one self-contained HTML file: style, charts and script inline, nothing fetched, all text escaped."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alignment.model import GapReport
from api.rendering import charts, words
from api.rendering.agreement import TITLE
from api.rendering.view import ReportView, Tally, advice

if TYPE_CHECKING:
    from jinja2 import Environment

#: Gaps that stand open on the page and are printed; the rest is folded away.
GAPS_SHOWN = 40
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
    template = _environment().get_template("report.html.j2")
    return template.render(
        view=ReportView(report), report=report, paper=paper, gaps_shown=GAPS_SHOWN, agreement_title=TITLE
    )


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
    environment.globals.update(words=words, chart=chart, advice=advice)
    return environment
