"""Renderers: one report, eight formats, each module imported only when its format is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from alignment.model import GapReport
from corpora.errors import UsageError

Renderer = Callable[[GapReport], bytes]


@dataclass(frozen=True, slots=True)
class Format:
    """A format: the module that renders it, its file suffix and media type."""

    module: str
    suffix: str
    media_type: str


FORMATS = {
    "terminal": Format("terminal", ".txt", "text/plain; charset=utf-8"),
    "json": Format("json", ".json", "application/json"),
    "html": Format("html", ".html", "text/html; charset=utf-8"),
    "docx": Format("docx", ".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xlsx": Format("xlsx", ".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "pdf": Format("pdf", ".pdf", "application/pdf"),
    "md": Format("markdown", ".md", "text/markdown; charset=utf-8"),
    "csv": Format("csv", ".csv", "text/csv; charset=utf-8"),
}


def renderer(format: str) -> Renderer:
    """The renderer of a format: a function from a report to the bytes of a file.

    Raises
    ------
    UsageError : there is no such format.
    """
    if format not in FORMATS:
        raise UsageError(f"没有“{format}”这种格式", advice=f"可用：{'、'.join(FORMATS)}。")
    module = import_module(f"{__name__}.{FORMATS[format].module}")
    render: Renderer = module.render
    return render
