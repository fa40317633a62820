"""An audit as one long table, a row for each document and requirement, made while it is sent.

Reports are opened one after the other, each let go of before the next, so that memory does not grow with the batch.
"""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any, Literal

from alignment.model import Match
from api.auth.principal import ConflictError, NotFoundError, Principal
from api.rendering import FORMATS, words
from api.rendering.csv import safe
from api.rendering.table_xlsx import write_table
from api.rendering.view import ReportView
from api.service import Service
from api.services import audits, reports
from api.services.log import record
from api.services.reports import OpenReport
from api.store.models import Audit

ExportFormat = Literal["csv", "xlsx", "json"]

#: Names and widths of the columns, in the order of ``Row``.
_HEADER = (
    *(("文档", 36), ("文档编号", 28), ("报告编号", 28), ("标准", 9), ("课程", 9), ("条目", 10), ("要素编号", 12)),
    *(("要素", 30), ("属于本课程", 11), ("结论", 10), ("覆盖概率", 9), ("涉及概率", 9), ("建议复核", 9)),
    *(("要求层次", 9), ("文中层次", 9), ("层次不足", 9), ("人工结论", 10), ("证据", 46), ("证据位置", 30)),
)
_PIECE = 1 << 16


@dataclass(frozen=True, slots=True)
class Row:
    """One element of the standard in one document; ``decided`` names who decided, "" where nobody did."""

    document: str
    document_id: str
    report: str
    standard: str
    course: str
    statement: str
    element: str
    text: str
    in_scope: bool
    grade: int
    p_covered: float
    p_touched: float
    review: bool
    level_required: int
    level_found: int | None
    level_short: bool
    decided: str
    quote: str
    place: str


@dataclass(frozen=True, slots=True)
class Export:
    """A file on its way: its bytes come piece by piece."""

    pieces: Iterator[bytes]
    media_type: str
    filename: str


def export(service: Service, principal: Principal, audit_id: str, format: ExportFormat) -> Export:
    """The finished reports of an audit, with persons' decisions, as a table.

    Raises
    ------
    NotFoundError : there is no such audit for the principal.
    """
    found = audits.progress(service, principal, audit_id)
    done = [report.id for report in found.reports if report.state == "done"]
    record(service, principal, "audit.export", "audit", audit_id, found.audit.department_id, format=format)
    rows = (row for report_id in done for row in _rows_of(service, principal, report_id))
    pieces = {"csv": _csv, "xlsx": _xlsx, "json": _json}[format](rows, found.audit)
    return Export(pieces, FORMATS[format].media_type, f"{found.audit.name}.{format}")


def _rows_of(service: Service, principal: Principal, report_id: str) -> Iterator[Row]:
    """The rows of one report; none where it was deleted or is made anew since the export began."""
    try:
        opened = reports.open_report(service, principal, report_id)
    except (NotFoundError, ConflictError):
        return
    view, scope = ReportView(opened.report), {match.element.id for match in opened.report.scoped_matches}
    for match in opened.report.matches:
        yield _row(opened, view, match, match.element.id in scope)


def _row(opened: OpenReport, view: ReportView, match: Match, in_scope: bool) -> Row:
    element, standard = match.element, opened.report.standard
    first = match.evidence[0] if match.evidence else None
    return Row(
        document=opened.row.document.name,
        document_id=opened.row.document_id,
        report=opened.row.id,
        standard=standard.code,
        course=standard.course_of(element.statement) or "",
        statement=element.statement,
        element=element.id,
        text=element.text,
        in_scope=in_scope,
        grade=match.grade,
        p_covered=round(match.p_covered, 4),
        p_touched=round(match.p_touched, 4),
        review=match.review,
        level_required=element.level,
        level_found=match.level_found,
        level_short=match.level_short,
        decided=match.decided.author if match.decided else "",
        quote=first.quote if first else "",
        place=view.whole_place(first) if first else "",
    )


def _cells(row: Row) -> list[Any]:
    """A row in the words of a reader."""
    values = {field.name: getattr(row, field.name) for field in fields(Row)}
    values["grade"] = words.GRADES[row.grade]
    values["level_required"] = words.level(row.level_required)
    values["level_found"] = words.level(row.level_found) if row.level_found else ""
    return [("是" if value else "") if isinstance(value, bool) else value for value in values.values()]


def _csv(rows: Iterator[Row], audit: Audit) -> Iterator[bytes]:  # noqa: ARG001
    """UTF-8 with a byte order mark, so that Excel reads Chinese; no cell can be taken for a formula."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow([name for name, _ in _HEADER])
    for row in rows:
        writer.writerow([safe(cell) if isinstance(cell, str) else cell for cell in _cells(row)])
        if buffer.tell() >= _PIECE:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def _json(rows: Iterator[Row], audit: Audit) -> Iterator[bytes]:
    about = {"audit": audit.id, "name": audit.name, "standard": audit.standard}
    text = json.dumps(about, ensure_ascii=False)[:-1] + ', "rows": ['
    before = "\n"
    for row in rows:
        values = {field.name: getattr(row, field.name) for field in fields(Row)}
        text += before + json.dumps(values, ensure_ascii=False)
        before = ",\n"
        if len(text) >= _PIECE:
            yield text.encode()
            text = ""
    yield (text + "\n]}\n").encode()


def _xlsx(rows: Iterator[Row], audit: Audit) -> Iterator[bytes]:  # noqa: ARG001
    """A workbook is complete only at its end: it is written to a file of its own first, which goes with the answer."""
    with tempfile.TemporaryFile() as file:
        write_table(file, "要素", _HEADER, map(_cells, rows))
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece
