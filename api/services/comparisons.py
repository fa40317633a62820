"""Reports side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from alignment.compare import MOST, Comparison
from alignment.compare import compare as put_together
from api.auth.principal import Principal
from api.services.log import record
from api.services.reports import OpenReport, Rendered, open_report
from api.store.models import Report
from corpora.errors import UsageError

if TYPE_CHECKING:
    from api.service import Service


@dataclass(frozen=True)
class Compared:
    """A comparison with the rows of its reports, in the same order.

    ``versions`` tells whether each document is a later version of the one before it.
    """

    rows: tuple[Report, ...]
    comparison: Comparison

    @property
    def versions(self) -> bool:
        """Whether the reports are versions of one text, the oldest first."""
        before = [row.document_id for row in self.rows[:-1]]
        return [row.document.previous_id for row in self.rows[1:]] == before


def compare(service: Service, principal: Principal, report_ids: Sequence[str]) -> Compared:
    """Put reports side by side, as persons have decided on them; of two versions of a text the older stands first.

    Raises
    ------
    NotFoundError : one of them is not there for the principal.
    ConflictError : one is not done.
    UsageError : too few, too many, or not against the same standard.
    """
    ids = list(dict.fromkeys(report_ids))
    if len(ids) < len(report_ids):
        raise UsageError("同一份报告选了两次", advice="请选择不同的报告")
    if len(ids) > MOST:  # before any is opened: each takes memory and time
        raise UsageError(f"并排比较需要 2 到 {MOST} 份报告，而不是 {len(ids)} 份")
    opened = _in_order([open_report(service, principal, id) for id in ids])
    comparison = put_together(list(zip(names([item.row for item in opened]), [o.report for o in opened], strict=True)))
    for item in opened:
        record(service, principal, "comparison.open", "report", item.row.id, item.row.document.department_id)
    return Compared(tuple(item.row for item in opened), comparison)


def _in_order(opened: list[OpenReport]) -> list[OpenReport]:
    """As asked for; two versions of one text with the older first."""
    if len(opened) == 2 and opened[0].row.document.previous_id == opened[1].row.document_id:
        return opened[::-1]
    return opened


def names(rows: Sequence[Report]) -> list[str]:
    """Names that tell the documents of reports apart: with the day where they are the same, with a number besides."""
    plain = [row.document.name for row in rows]
    times = Counter(plain)
    dated = [
        f"{name}（{row.document.created_at:%Y-%m-%d}）" if times[name] > 1 else name
        for name, row in zip(plain, rows, strict=True)
    ]
    again = Counter(dated)
    return [f"{name} #{number}" if again[name] > 1 else name for number, name in enumerate(dated, 1)]


def export(service: Service, principal: Principal, report_ids: Sequence[str], format: str) -> Rendered:
    """A comparison as a file; raises as ``compare`` does, and UsageError for an unknown format."""
    from api.rendering.portfolio import comparison_renderer

    render = comparison_renderer(format)
    compared = compare(service, principal, report_ids)
    return Rendered(*render(compared))
