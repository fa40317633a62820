"""Dashboards and comparisons as workbooks."""

from __future__ import annotations

from api.rendering.portfolio import comparison_rows, rows
from api.rendering.xlsx import workbook
from api.services.comparisons import Compared
from api.services.dashboards import Dashboard


def dashboard(found: Dashboard) -> bytes:
    """Figures, documents, documents by statements, elements, what is wrong, rules, the trend."""
    return workbook(rows.sheets(found))


def comparison(found: Compared) -> bytes:
    """Figures, statements and elements by documents, common gaps, what changed."""
    return workbook(comparison_rows.sheets(found))
