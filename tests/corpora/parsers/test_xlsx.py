"""Workbooks: sheets are tables, values are written as people see them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from corpora.document import Document
from corpora.errors import DamagedDocumentError
from corpora.parsers.base import Source
from corpora.parsers.xlsx import XlsxParser, value_text

Fill = Callable[[Worksheet], object]


def saved(fill: Fill, title: str = "授课计划", also: Callable[[Workbook], object] | None = None) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    fill(sheet)
    if also is not None:
        also(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def read(fill: Fill, title: str = "授课计划", also: Callable[[Workbook], object] | None = None) -> Document:
    return XlsxParser().parse(Source("计划.xlsx", saved(fill, title, also)))


def plan(sheet: Worksheet) -> None:
    sheet["B2"] = "《网店运营》授课计划"
    sheet.merge_cells("B2:D2")
    for row, values in enumerate((("周次", "教学内容", "学时"), (1, "店铺开设", 4.0), (2, None, 2.5)), 3):
        for column, value in enumerate(values, 2):
            sheet.cell(row, column, value)
    sheet.merge_cells("C4:C5")


def test_sheet_is_a_table_with_spans() -> None:
    """A sheet is one table named by it; borders are trimmed, merges are spans, headers stand below the title."""
    document = read(plan)
    [table] = document.tables
    assert (table.caption, table.rows, table.columns, table.header_rows) == ("授课计划", 4, 3, 2)
    assert document.title == "《网店运营》授课计划"
    assert [b.text for b in document.blocks] == [
        "授课计划", "《网店运营》授课计划", "周次\t教学内容\t学时", "1\t店铺开设\t4", "2\t2.5",
    ]  # fmt: skip
    merged = table.cell_at(3, 1)
    assert merged is not None
    assert merged.text == "店铺开设"
    assert table.header(1) == ("《网店运营》授课计划", "教学内容")


def test_generic_sheet_names_are_no_headings() -> None:
    """Sheet1 says nothing and is no heading."""
    assert [b.kind for b in read(plan, "Sheet1").blocks] == ["table_row"] * 4


def test_hidden_sheets_are_named_not_read() -> None:
    """A hidden sheet is not read, and an ErrorItem says so."""

    def hide(book: Workbook) -> None:
        hidden = book.create_sheet("旧版")
        hidden["A1"] = "旧内容"
        hidden.sheet_state = "hidden"

    document = read(plan, also=hide)
    assert "旧内容" not in document.text
    assert [(e.where, e.what) for e in document.errors] == [("工作表“旧版”", "隐藏的工作表没有读取")]


def test_percentages_dates_and_struck_cells() -> None:
    """Percentages show as such, dates as dates, and a struck-out cell is gone."""

    def fill(sheet: Worksheet) -> None:
        sheet.append(["考核", 0.3, 0.125, datetime(2025, 9, 1), "删去"])
        sheet["B1"].number_format, sheet["C1"].number_format = "0%", "0.0%"
        sheet["E1"].font = Font(strike=True)

    assert read(fill).blocks[1].text == "考核\t30%\t12.5%\t2025-09-01"


def test_far_cell_does_not_end_the_run() -> None:
    """A stray value in the very last cell of a sheet is left out and named; the rest is read, merges included."""

    def fill(sheet: Worksheet) -> None:
        plan(sheet)
        sheet["XFD1048576"] = "远"

    document = read(fill)
    assert "第 1048576 行" in document.errors[0].what
    assert [(t.rows, t.columns) for t in document.tables] == [(4, 3)]
    assert document.blocks[3].text == "1\t店铺开设\t4"


def test_merge_over_whole_columns_is_bounded() -> None:
    """A merged range far larger than the text does not make a table of a million rows."""

    def fill(sheet: Worksheet) -> None:
        sheet["A1"], sheet["B2"] = "总计", "5"
        sheet.merge_cells("A1:A2")

    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved(fill))) as given, zipfile.ZipFile(stream, "w") as target:
        for name in given.namelist():
            target.writestr(name, given.read(name).replace(b"A1:A2", b"A1:A1048576"))
    document = XlsxParser().parse(Source("计划.xlsx", stream.getvalue()))
    assert [(c.text, c.row_span) for c in document.tables[0].cells] == [("总计", 2), ("5", 1)]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (48.0, "48"), (2.5, "2.5"), (0.1 + 0.2, "0.3"), (1e20, "1e+20"), (-3, "-3"), (True, "TRUE"), (False, "FALSE"),
        (datetime(2025, 9, 1), "2025-09-01"), (datetime(2025, 9, 1, 8, 30), "2025-09-01 08:30"),
        (date(2025, 9, 1), "2025-09-01"),
        (time(8, 0), "08:00"), (timedelta(hours=2), "2:00:00"), (" a\r\nb\tc ", "a\nb c"),
    ],
)  # fmt: skip
def test_values_as_people_see_them(value: object, text: str) -> None:
    """Whole numbers have no .0, midnight is a date, line breaks stay."""
    assert value_text(value) == text


def test_no_workbook_is_damaged() -> None:
    """A container without a workbook is one clear error."""
    with pytest.raises(DamagedDocumentError, match=r"坏\.xlsx：工作簿已损坏"):
        XlsxParser().parse(Source("坏.xlsx", b"PK\x03\x04 nothing"))
