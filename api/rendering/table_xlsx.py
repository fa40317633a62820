"""One long table as a workbook, written row by row: memory stays the same, however long it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import IO

from api.rendering import words

Value = str | int | float | None

#: Rows of one sheet besides its header; Excel takes 1,048,576.
_ROWS = 1_000_000
_LONGEST = 32_000  # Excel holds 32,767 characters in a cell
_FORMULA = ("=", "+", "-", "@")


def write_table(
    file: IO[bytes], title: str, header: Sequence[tuple[str, int]], rows: Iterable[Sequence[Value]]
) -> None:
    """Write a table; further sheets take what one cannot hold, and no text in it is a formula.

    Parameters
    ----------
    header : name and width of each column.
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = None
    for number, row in enumerate(rows):
        if number % _ROWS == 0:
            sheet = _sheet(book, title, header, number // _ROWS)
        sheet.append([_cell(sheet, value) for value in row])  # type: ignore[union-attr]
    if sheet is None:
        _sheet(book, title, header, 0)
    book.save(file)


def _sheet(book, title: str, header: Sequence[tuple[str, int]], number: int):  # type: ignore[no-untyped-def]
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(f"{title} {number + 1}" if number else title)
    sheet.freeze_panes = "A2"
    for column, (_, width) in enumerate(header, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.append([name for name, _ in header])
    return sheet


def _cell(sheet, value: Value):  # type: ignore[no-untyped-def]
    if not isinstance(value, str):
        return value
    text = words.clean(value)[:_LONGEST]
    if not text.startswith(_FORMULA):
        return text
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    return cell
