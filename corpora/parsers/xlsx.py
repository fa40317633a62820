"""Reads Excel workbooks (xlsx, xlsm, xlsb, xls) by python-calamine; a sheet is a table.

Values are written as people see them (48, not 48.0; dates as dates; percentages as percentages in xlsx). Rows and
columns without text are trimmed at the borders, merged ranges become spans, struck-out cells of an xlsx are dropped.
Hidden sheets are not read, as hidden text is not in other formats; each is named in an ErrorItem. Hidden rows and
columns are read: calamine does not tell them. Cells far outside any sane sheet are left out with an ErrorItem.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import TYPE_CHECKING

from corpora.document import Document
from corpora.document_builder import CellSpec, DocumentBuilder
from corpora.errors import DamagedDocumentError, EncryptedDocumentError
from corpora.parsers.base import Source
from corpora.parsers.headers import guess_header_rows
from corpora.parsers.xlsx_parts import PLAIN, Look, SheetParts

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

Value = object
Position = tuple[int, int]

MAX_CELLS = 5_000_000
MAX_ROWS, MAX_COLUMNS = 20_000, 250
_PREAMBLE_ROWS = 10
_GENERIC_NAME = re.compile(r"^(?:sheet|工作表|表)\s*\d*$", re.IGNORECASE)
_ADVICE = "请用 Excel/WPS 打开后另存为 xlsx 再试"


class XlsxParser:
    """Parser of the format ``xlsx``."""

    format = "xlsx"
    has_parts = True

    def parse(self, source: Source) -> Document:
        """Read a workbook; see ``corpora.parsers.base.Parser``."""
        from python_calamine import SheetTypeEnum, SheetVisibleEnum

        builder = DocumentBuilder(source.name, source.data, self.format)
        workbook = _open(source)
        parts = SheetParts(source) if self.has_parts else None
        for index, sheet in enumerate(workbook.sheets_metadata):
            if sheet.visible != SheetVisibleEnum.Visible:
                builder.add_error(f"工作表“{sheet.name}”", "隐藏的工作表没有读取")
            elif sheet.typ == SheetTypeEnum.WorkSheet:
                cells, origin = _read_sheet(builder, workbook, index, sheet.name, parts)
                _add_sheet(builder, sheet.name, cells, origin)
        return builder.build()


class XlsParser(XlsxParser):
    """Parser of the format ``xls``, whose parts only calamine reads."""

    format = "xls"
    has_parts = False


def _open(source: Source) -> CalamineWorkbook:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        return CalamineWorkbook.from_filelike(BytesIO(source.data))
    except PasswordError as error:
        raise EncryptedDocumentError(
            "文件有密码保护，无法读取", where=source.name, advice="请去掉密码后另存再试"
        ) from error
    except (CalamineError, OSError, ValueError) as error:
        raise DamagedDocumentError("工作簿已损坏，打不开", where=source.name, advice=_ADVICE) from error


def _read_sheet(
    builder: DocumentBuilder, workbook: CalamineWorkbook, index: int, name: str, parts: SheetParts | None
) -> tuple[list[CellSpec], Position]:
    """The cells of a sheet, its empty border left out, and the position that they begin at."""
    where = f"工作表“{name}”"
    extent = parts.extent(name) if parts else None
    try:
        if parts and extent and extent[0] * extent[1] > MAX_CELLS:
            what = f"单元格延伸到第 {extent[0]} 行第 {extent[1]} 列，只读前 {MAX_ROWS} 行、{MAX_COLUMNS} 列"
            builder.add_error(where, what)
            workbook = type(workbook).from_filelike(BytesIO(parts.trimmed(name, MAX_ROWS, MAX_COLUMNS)))
        sheet = workbook.get_sheet_by_index(index)
        return _cells(_values(sheet), sheet.merged_cell_ranges or [], parts.looks(name) if parts else {})
    except Exception as error:  # calamine raises many kinds; the other sheets are still worth reading
        builder.add_error(where, f"读不出（{type(error).__name__}）")
        return [], (0, 0)


def _values(sheet: CalamineSheet) -> dict[Position, Value]:
    start = sheet.start or (0, 0)
    rows = sheet.to_python(skip_empty_area=True)
    return {
        (start[0] + r, start[1] + c): value for r, row in enumerate(rows) for c, value in enumerate(row) if value != ""
    }


def _cells(
    values: Mapping[Position, Value], merged: list[tuple[Position, Position]], looks: Mapping[Position, Look]
) -> tuple[list[CellSpec], Position]:
    spans = {start: (end[0] - start[0] + 1, end[1] - start[1] + 1) for start, end in merged}
    texts = {}
    for at, value in values.items():
        look = looks.get(at, PLAIN)
        text = "" if look.struck else value_text(value, look.percent_places)
        if text:
            texts[at] = text
    if not texts:
        return [], (0, 0)
    top, left = min(r for r, _ in texts), min(c for _, c in texts)
    bottom, right = max(r for r, _ in texts), max(c for _, c in texts)

    def span(row: int, column: int) -> Position:
        rows, columns = spans.get((row, column), (1, 1))
        return min(rows, bottom - row + 1), min(columns, right - column + 1)

    return [CellSpec(text, r - top, c - left, *span(r, c)) for (r, c), text in sorted(texts.items())], (top, left)


def _add_sheet(builder: DocumentBuilder, name: str, cells: list[CellSpec], origin: Position) -> None:
    if not cells:
        return
    if not _GENERIC_NAME.match(name):
        builder.add("heading", name, level=1)
    first = [c for c in cells if c.row == 0]
    if not builder.title and len(first) == 1:
        builder.title = first[0].text.replace("\n", "")
    header_rows = guess_header_rows(cells, preamble=_PREAMBLE_ROWS)
    builder.add_table(cells, header_rows=header_rows, caption=name, origin=origin)


def value_text(value: Value, percent_places: int | None = None) -> str:
    """A cell's value as a person sees it.

    Parameters
    ----------
    value : what calamine gives.
    percent_places : decimal places of a percentage format, None for other formats.
    """
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number_text(float(value), percent_places)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date | time):
        return value.isoformat() if isinstance(value, date) else value.isoformat("minutes")
    if isinstance(value, timedelta):
        return str(value)
    return str(value).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").strip()


def _number_text(value: float, percent_places: int | None) -> str:
    if percent_places is not None:
        return f"{value * 100:.{percent_places}f}%"
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return f"{value:.10g}"
