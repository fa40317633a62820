"""The report as JSON, schema ``duibiao.report/1``."""

from __future__ import annotations

from alignment.model import GapReport
from api.schemas import ReportOut


def render(report: GapReport) -> bytes:
    """UTF-8 JSON, indented, with a line break at its end."""
    return (ReportOut.from_report(report).to_json() + "\n").encode()
