"""The hour structure of a plan as the drawing of the page needs it."""

from __future__ import annotations

from typing import Any

from api.rendering.programme.rows import Bar, category_bars, semester_bars
from api.rendering.programme.view import PlanView


def hour_data(plan: PlanView) -> dict[str, Any]:
    """Hours by category and by semester: label, theory, practice, what is neither, and category."""
    return {"categories": _rows(category_bars(plan)), "terms": _rows(semester_bars(plan))}


def _rows(bars: tuple[Bar, ...]) -> list[list[Any]]:
    return [[bar.cell.label, *_parts(bar), bar.cell.category or ""] for bar in bars]


def _parts(bar: Bar) -> list[float]:
    return [round(value, 1) for value in (bar.cell.theory, bar.cell.practice, bar.rest)]
