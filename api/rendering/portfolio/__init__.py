"""Dashboards and comparisons as files: workbook, table, paper to sign, JSON; modules imported when asked for."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

from api.rendering import FORMATS
from corpora.errors import UsageError

if TYPE_CHECKING:
    from api.services.comparisons import Compared
    from api.services.dashboards import Dashboard

#: Formats in which both can be had.
OFFERED = ("xlsx", "csv", "docx", "json")

#: What a renderer gives: the bytes, their media type, and a name for the file.
Made = tuple[bytes, str, str]


def dashboard_renderer(format: str) -> Callable[[Dashboard], Made]:
    """The renderer of dashboards in a format.

    Raises
    ------
    UsageError : there is none.
    """
    render = _function(format, "dashboard")

    def made(found: Dashboard) -> Made:
        place = found.audit or found.department
        name = "".join(("总览_", found.standard.code, f"_{place.name}" if place else "", FORMATS[format].suffix))
        return render(found), FORMATS[format].media_type, name

    return made


def comparison_renderer(format: str) -> Callable[[Compared], Made]:
    """The renderer of comparisons in a format; raises as ``dashboard_renderer`` does."""
    render = _function(format, "comparison")

    def made(found: Compared) -> Made:
        name = (
            f"{'修订对照' if found.versions else '并排比较'}_{found.comparison.standard.code}{FORMATS[format].suffix}"
        )
        return render(found), FORMATS[format].media_type, name

    return made


def _function(format: str, name: str) -> Callable[[Any], bytes]:
    if format not in OFFERED:
        raise UsageError(f"没有“{format}”这种格式", advice=f"可用：{'、'.join(OFFERED)}。")
    render: Callable[[Any], bytes] = getattr(import_module(f"{__name__}.{format}"), name)
    return render
