"""Dashboards and comparisons as JSON: what the API gives."""

from __future__ import annotations

from api.schemas.comparison import ComparisonOut
from api.schemas.portfolio import DashboardOut
from api.services.comparisons import Compared
from api.services.dashboards import Dashboard


def dashboard(found: Dashboard) -> bytes:
    """UTF-8 JSON, indented, with a line break at its end."""
    return (DashboardOut.of(found).model_dump_json(indent=2) + "\n").encode()


def comparison(found: Compared) -> bytes:
    """UTF-8 JSON, indented, with a line break at its end."""
    return (ComparisonOut.of(found).model_dump_json(indent=2) + "\n").encode()
