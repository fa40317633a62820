"""Small plans of many layouts, drawn as text in ``layouts/``, with what they say; and files of several formats of them.

A file has a title line, then paragraphs and tables (rows with bars, drawn as in ``plan_tables``; a blank line or a
paragraph ends a table), then ``--- rows``: name, code, category, required, credits, hours, theory, practice,
semesters, exam; ``/`` for nothing, and ``公/实`` where two categories can be defended; then ``--- counted``: sums
of all rows with choices counted once.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any

import docx
import openpyxl
from docx.enum.section import WD_ORIENT
from docx.shared import Pt

from corpora.document import Document
from corpora.document_builder import CellSpec
from eval.plan_truth import PlanTruth
from tests.corpora.programme.plan_tables import grid, plan, specs

FOLDER = Path(__file__).with_name("layouts")
_CATEGORIES = {"公": "公共基础", "基": "专业基础", "核": "专业核心", "拓": "专业拓展", "实": "实践", "他": "other"}
_REQUIRED = {"必": True, "选": False, "向": None}
_FIGURES = ("credits", "hours_total", "hours_theory", "hours_practice")


@dataclass(frozen=True)
class Layout:
    """One drawn plan: ``parts`` are its paragraphs and tables in order."""

    name: str
    title: str
    parts: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    counted: dict[str, float]

    @cached_property
    def truth(self) -> PlanTruth:
        """The course rows as a labelled plan has them."""
        return PlanTruth(self.name, {"courses": [_course(row) for row in self.rows]})

    @property
    def document(self) -> Document:
        """The plan without any file."""
        return plan(*self.parts)


def load_layouts() -> list[Layout]:
    """All layouts, by name."""
    return [_layout(path) for path in sorted(FOLDER.glob("*.txt"))]


def _layout(path: Path) -> Layout:
    drawn, rows, counted = _sections(path.read_text("utf-8"))
    title, *lines = drawn
    sums = dict(line.split() for line in counted)
    truth = tuple(tuple(line.split("|")) for line in rows)
    return Layout(path.stem, title, tuple(_parts(lines)), truth, {key: float(value) for key, value in sums.items()})


def _sections(text: str) -> tuple[list[str], list[str], list[str]]:
    drawn, _, rest = text.partition("\n--- rows\n")
    rows, _, counted = rest.partition("\n--- counted\n")
    return drawn.splitlines(), rows.splitlines(), counted.splitlines()


def _parts(lines: list[str]) -> Iterator[str]:
    table: list[str] = []
    for line in [*lines, ""]:
        if "|" in line:
            table.append(line)
            continue
        if table:
            yield "\n".join(table)
            table = []
        if line:
            yield line


def _course(row: tuple[str, ...]) -> dict[str, Any]:
    name, code, category, required, *figures, semesters, exam = row
    first, _, second = category.partition("/")
    course: dict[str, Any] = {
        "name": name,
        "code": "" if code == "/" else code,
        "category": _CATEGORIES[first],
        "required": _REQUIRED[required],
        "semesters": dict(part.split(":", 1) for part in semesters.split()),
        "exam": exam,
        "locator": {},
    }
    if second:
        course["category_alt"] = _CATEGORIES[second]
    return course | {key: _number(text) for key, text in zip(_FIGURES, figures, strict=True)}


def _number(text: str) -> float | None:
    return None if text == "/" else float(text)


def _cells(part: str) -> tuple[list[CellSpec], int, int]:
    rows = grid(part)
    return specs(rows), len(rows), max(map(len, rows))


def as_docx(layout: Layout) -> bytes:
    """A landscape Word file with merged cells."""
    file = docx.Document()
    section = file.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width
    for part in layout.parts:
        if "|" not in part:
            file.add_paragraph(part)
            continue
        cells, rows, columns = _cells(part)
        table = file.add_table(rows, columns, style="Table Grid")
        for spec in cells:
            cell = table.cell(spec.row, spec.column)
            if spec.row_span > 1 or spec.column_span > 1:
                cell = cell.merge(table.cell(spec.row + spec.row_span - 1, spec.column + spec.column_span - 1))
            cell.text = spec.text
            for paragraph in cell.paragraphs:
                for run in paragraph.runs:
                    run.font.size = Pt(7)
        file.add_paragraph("")
    return _saved(file.save)


def as_xlsx(layout: Layout) -> bytes:
    """A workbook with one sheet: paragraphs as merged rows above the tables."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    width = max(_cells(part)[2] for part in layout.parts if "|" in part)
    top = 1
    for part in layout.parts:
        if "|" not in part:
            sheet.cell(top, 1, part)
            sheet.merge_cells(start_row=top, end_row=top, start_column=1, end_column=width)
            top += 1
            continue
        cells, rows, _ = _cells(part)
        for spec in cells:
            row, column = top + spec.row, spec.column + 1
            sheet.cell(row, column, _typed(spec.text))
            if spec.row_span > 1 or spec.column_span > 1:
                end_row, end_column = row + spec.row_span - 1, column + spec.column_span - 1
                sheet.merge_cells(start_row=row, start_column=column, end_row=end_row, end_column=end_column)
        top += rows
    return _saved(book.save)


def _typed(text: str) -> float | str | None:
    try:
        return float(text) if text != "" and not (text.startswith("0") and len(text) > 1) else text or None
    except ValueError:
        return text


def as_html(layout: Layout) -> bytes:
    """A web page."""
    body = "".join(_html_table(part) if "|" in part else f"<p>{escape(part)}</p>" for part in layout.parts)
    page = (
        f'<!DOCTYPE html><html lang="zh"><head><meta charset="utf-8"><title>x</title></head><body>{body}</body></html>'
    )
    return page.encode()


def _html_table(part: str) -> str:
    cells, rows, _ = _cells(part)
    lines = []
    for row in range(rows):
        own = sorted((spec for spec in cells if spec.row == row), key=lambda spec: spec.column)
        lines.append("<tr>" + "".join(map(_html_cell, own)) + "</tr>")
    return "<table>" + "".join(lines) + "</table>"


def _html_cell(spec: CellSpec) -> str:
    text = "<br>".join(map(escape, spec.text.split("\n")))
    return f'<td rowspan="{spec.row_span}" colspan="{spec.column_span}">{text}</td>'


def _saved(save: Callable[[io.BytesIO], object]) -> bytes:
    stream = io.BytesIO()
    save(stream)
    return stream.getvalue()


FORMATS: dict[str, Callable[[Layout], bytes]] = {"docx": as_docx, "xlsx": as_xlsx, "html": as_html}
