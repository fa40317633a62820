"""The rows of an audit's page: in the order asked for, and kept up to date while the audit runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from fastapi import Request

from api.http.live import Turn
from api.http.pages import render
from api.i18n import mark
from api.routes.pages.list_words import REVIEW_NAMES
from api.service import Service
from api.services import shelf
from api.store.models import Audit, Report

#: Most rows of one page.
PER_PAGE = 200
#: What one look may miss because another process wrote its time before it committed.
_OVERLAP = timedelta(seconds=3)

Key = Callable[[Report], Any]


def _figure(name: str) -> Key:
    return lambda report: (report.headline or {}).get(name) or 0


#: Columns that can be sorted by: name in the address -> title and key.
COLUMNS: dict[str, tuple[str, Key]] = {
    "name": (mark("文件"), lambda report: report.document.name),
    "state": (mark("状态"), lambda report: (report.state, report.document.name)),
    "coverage": (mark("覆盖率"), _figure("coverage_ratio")),
    "missing": (mark("未覆盖"), _figure("missing")),
    "review": (mark("待复核"), _figure("review")),
}


def arranged(reports: Sequence[Report], sort: str, state: str, text: str) -> list[Report]:
    """The reports of a state and with a text in their names, sorted by a column; ``-`` before it turns the order."""
    wanted = text.strip().lower()
    found = [r for r in reports if (not state or r.state == state) and wanted in r.document.name.lower()]
    column = COLUMNS.get(sort.removeprefix("-"))
    if column is None:
        return found
    return sorted(found, key=column[1], reverse=sort.startswith("-"))


class Watch:
    """What has changed of an audit since the last look, as the rows and the summary of its page.

    Parameters
    ----------
    request : of the reader, for the language and the forms.
    since : seconds since 1970 of the last change that the page shows.
    changeable : whether the reader may cancel and retry.
    """

    def __init__(self, request: Request, service: Service, audit: Audit, since: float, changeable: bool) -> None:
        self.request, self.service, self.audit, self.changeable = request, service, audit, changeable
        self._shown = self._since = datetime.fromtimestamp(since, UTC)
        self._told: dict[str, tuple[object, ...]] = {}
        self._summary = ""

    def __call__(self) -> Turn:
        """One look."""
        counts = shelf.counts(self.service, self.audit.id)  # before the rows: a row may be newer than its count
        rows = shelf.changed(self.service, self.audit.id, self._since - _OVERLAP)
        news = [row for row in rows if self._is_news(row)]
        self._since = max([self._since, *(row.changed_at for row in rows)])
        html = "".join(self._row(row) for row in news)
        summary = render(self.request, "pages/audits/summary.html.j2", counts=counts, audit=self.audit)
        if summary != self._summary:
            html, self._summary = html + summary, summary
        return Turn(html, not any(counts.get(state) for state in shelf.OPEN_STATES))

    def _is_news(self, row: Report) -> bool:
        """Whether it differs from what was told last, or, where nothing was told, is newer than the page."""
        told = (row.attempt, row.state, row.stage, row.progress)
        before, self._told[row.id] = self._told.get(row.id), told
        return told != before if before else row.changed_at > self._shown

    def _row(self, row: Report) -> str:
        context = {"report": row, "changeable": self.changeable, "reviews": REVIEW_NAMES, "audit": self.audit}
        return render(self.request, "pages/audits/row.html.j2", **context)
