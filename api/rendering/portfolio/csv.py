"""Dashboards and comparisons as CSV: one line an element."""

from __future__ import annotations

import csv
import io

from api.rendering.csv import safe
from api.rendering.portfolio.comparison_rows import element_sheet as compared_elements
from api.rendering.portfolio.rows import element_sheet
from api.rendering.sheets import Sheet
from api.services.comparisons import Compared
from api.services.dashboards import Dashboard


def dashboard(found: Dashboard) -> bytes:
    """Each element with the documents that cover it, and what is wrong with that."""
    return _table(element_sheet(found))


def comparison(found: Compared) -> bytes:
    """Each element with its grade and level in each document."""
    return _table(compared_elements(found.comparison))


def _table(sheet: Sheet) -> bytes:
    """UTF-8 with a byte order mark, so that Excel reads Chinese; no cell can be taken for a formula."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow([safe(name) for name, _ in sheet.columns])
    for line in sheet.lines:
        writer.writerow([safe(value) if isinstance(value, str) else value for value in line])
    return buffer.getvalue().encode("utf-8-sig")
