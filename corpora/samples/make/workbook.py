"""Lays a sample's markup out as a workbook: a first-level heading is a sheet, a title or paragraph a merged row."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from corpora.samples.make.markup import Block, Grid, Source, parse
from corpora.samples.make.packing import repack

_THIN = Side(style="thin", color="000000")
_BORDER = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_SHADE = PatternFill("solid", fgColor="D9E2F3")
_WIDE = Alignment(wrap_text=True, vertical="center", horizontal="left")
_MID = Alignment(wrap_text=True, vertical="center", horizontal="center")
_DATE = datetime(2025, 9, 1, 8)
_STAMP = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")


class WorkbookWriter:
    """Turns one source into the bytes of a workbook."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.book = Workbook()
        self.book.remove(self.book.worksheets[0])
        self._row = 1

    def write(self) -> bytes:
        """The file's bytes, its dates fixed."""
        blocks = self.source.blocks
        starts = [n for n, block in enumerate(blocks) if block.kind == "heading"]
        for start, end in zip(starts, [*starts[1:], len(blocks)], strict=True):
            self._sheet(blocks[start].text, blocks[start + 1 : end])
        properties = self.book.properties
        properties.title, properties.creator, properties.created = (
            self.source.settings["title"],
            self.source.settings["author"],
            _DATE,
        )
        out = io.BytesIO()
        self.book.save(out)
        return _with_fixed_stamp(out.getvalue())

    def _sheet(self, name: str, blocks: list[Block]) -> None:
        sheet = self.book.create_sheet(name)
        self._row = 1
        columns = max(len(block.grid.rows[0]) for block in blocks if block.grid)
        for block in blocks:
            if block.grid:
                self._grid(sheet, block.grid)
            else:
                self._line(sheet, block, columns)
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True

    def _line(self, sheet: Worksheet, block: Block, columns: int) -> None:
        cell = sheet.cell(self._row, 1, block.text)
        is_title = block.kind == "title"
        cell.font = Font(name="黑体" if is_title else "宋体", size=16 if is_title else 11, bold=is_title)
        cell.alignment = _MID if is_title else _WIDE
        sheet.merge_cells(start_row=self._row, end_row=self._row, start_column=1, end_column=columns)
        sheet.row_dimensions[self._row].height = 32 if is_title else 22
        self._row += 1

    def _grid(self, sheet: Worksheet, grid: Grid) -> None:
        top = self._row
        for column, width in enumerate(grid.widths, start=1):
            sheet.column_dimensions[get_column_letter(column)].width = width
        for row in range(len(grid.rows)):
            for column in range(1, len(grid.widths) + 1):
                sheet.cell(top + row, column).border = _BORDER
        for cell in grid.cells():
            place = sheet.cell(top + cell.row, cell.column + 1, _value("\n".join(cell.lines)))
            is_header = cell.row < grid.header_rows
            is_sum = "计" in grid.rows[cell.row][0]
            place.font = Font(name="宋体", size=10, bold=is_header or is_sum)
            is_long = cell.column in grid.long_columns and cell.column_span == 1
            place.alignment = _WIDE if is_long and not is_header else _MID
            if is_header:
                place.fill = _SHADE
            if cell.row_span > 1 or cell.column_span > 1:
                sheet.merge_cells(
                    start_row=top + cell.row,
                    start_column=cell.column + 1,
                    end_row=top + cell.row + cell.row_span - 1,
                    end_column=cell.column + cell.column_span,
                )
        for row, height in enumerate(_heights(grid)):
            sheet.row_dimensions[top + row].height = height
        self._row += len(grid.rows)


def _heights(grid: Grid) -> list[float]:
    """Row heights in points: 14 a line of the fullest unmerged cell."""
    lines = [1] * len(grid.rows)
    for cell in grid.cells():
        if cell.row_span == cell.column_span == 1:
            room = max(1, int(grid.widths[cell.column] / 2))
            lines[cell.row] = max(lines[cell.row], sum(-(-len(line) // room) or 1 for line in cell.lines))
    return [max(20.0, 14.0 * n + 6) for n in lines]


def _value(text: str) -> str | int | None:
    if not text:
        return None
    return int(text) if text.isdecimal() else text


def _with_fixed_stamp(data: bytes) -> bytes:
    """The same workbook with the time of saving, which openpyxl always writes, replaced."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        core = archive.read("docProps/core.xml")
    fixed = _STAMP.sub(rb"\g<1>" + _DATE.strftime("%Y-%m-%dT%H:%M:%SZ").encode(), core)
    return repack(data, replace={"docProps/core.xml": fixed})


def workbook_bytes(text: str) -> bytes:
    """Lay out a sample's markup as a workbook."""
    return WorkbookWriter(parse(text)).write()
