"""The tables of a plan whose headers name courses, each with its rows and the headings above it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from corpora.document import Block, Cell, Document, Table
from corpora.programme.model import SemesterCell
from corpora.programme.schedule.categories import names_category
from corpora.programme.schedule.cells import label, number
from corpora.programme.schedule.columns import Columns, continued, read_columns
from corpora.programme.schedule.row_semesters import semester_unit
from corpora.programme.schedule.rows import Row, read_rows, within, without_number
from corpora.programme.schedule.sections import sections
from corpora.programme.schedule.semesters import semester_heading
from corpora.programme.schedule.table_rows import TableRows, locate

_TITLE_NOISE = re.compile(r"^(?:附?表|图)\s*[\d一二三四五六七八九十.\-－—–]+[:：.、]?|（续）|\(续\)|续表")
# 专业核心课程设置一览表: the table is no part of the block's name
_TABLE = re.compile(r"(?:设置|教学|课程)?(?:安排|进程|计划|一览|设置|情况|明细|列|分配)+表?$")
# a title that ends in the name of a major (市场营销专业) says nothing of its courses
_MAJOR = re.compile(r"[一-鿿]{2,}专业(?:群)?(?:[（(].*)?$")
_HEADING = 60


def read_sources(document: Document, tables: Sequence[Table]) -> list[TableRows]:
    """Every table whose header names courses, and those that go on with one before without a header of their own.

    A table that holds several, one below the other (a sheet of a workbook), is read as several.
    """
    return list(_sources(document, tables))


def _sources(document: Document, tables: Sequence[Table]) -> Iterator[TableRows]:
    before: Columns | None = None
    for table in (section for whole in tables for section in sections(whole)):
        layout = read_columns(table)
        if layout is None and before is not None and _continues(before, table):
            layout = continued(before, table)
        before = layout if layout is not None else None
        if layout is not None and (layout.has_hours or layout.has_credits or layout.semesters):
            context = _context(document, layout)
            rows = _headed(read_rows(layout), context)
            semester = None if layout.of("semester", "semester_text") else _semester_above(document, layout)
            yield TableRows(document, layout, rows, semester_unit(layout, rows), context, semester)


def _headed(rows: tuple[Row, ...], context: tuple[str, ...]) -> tuple[Row, ...]:
    """Rows of a table without block labels stand in the category that its heading names."""
    if not context or any(row.path for row in rows):
        return rows
    return tuple(within(row, context[:1]) for row in rows)


def _continues(before: Columns, table: Table) -> bool:
    """Whether a table without header has the columns of the table before it, with figures where these have them."""
    if table.columns != before.table.columns or table.number != before.table.number + 1 or not before.semesters:
        return False
    figures = [c.first for c in before.of("credits", "hours")]
    cells = [
        cell for row in range(table.rows) for c in figures if (cell := table.cell_at(row, c)) and cell.text.strip()
    ]
    return bool(cells) and sum(number(cell.text) is not None for cell in cells) >= 0.8 * len(cells)


def _context(document: Document, layout: Columns) -> tuple[str, ...]:
    """Titles over the header, the caption, and the nearest short lines above the table that name a category."""
    return _naming([*reversed(layout.titles), *_lines_above(document, layout.table)])


def headings(document: Document, table: Table) -> tuple[str, ...]:
    """The nearest short lines above a table that name a category, without their numbers."""
    return _naming(_lines_above(document, table))


def _naming(texts: Sequence[str]) -> tuple[str, ...]:
    """Headings that name a category, without their numbers."""
    plain = (_TABLE.sub("", without_number(_TITLE_NOISE.sub("", label(text)))) for text in texts)
    kept = (text for text in plain if len(text) <= 40 and not _MAJOR.search(text) and names_category(text))
    return tuple(dict.fromkeys(kept))


def _lines_above(document: Document, table: Table) -> list[str]:
    """The caption and the nearest short lines above a table."""
    above: list[str] = []
    for block in _blocks_before(document, table.cells[0].start):
        if block.locator.table is not None or len(above) >= 3:
            break
        if len(block.text) <= _HEADING:
            above.append(block.text)
    return [table.caption, *above]


def _blocks_before(document: Document, offset: int) -> Iterator[Block]:
    low, high = 0, len(document.blocks)
    while low < high:
        middle = (low + high) // 2
        if document.blocks[middle].locator.start < offset:
            low = middle + 1
        else:
            high = middle
    yield from (document.blocks[n] for n in range(low - 1, max(-1, low - 7), -1))


def _semester_above(document: Document, layout: Columns) -> SemesterCell | None:
    """The semester that the title above a table's header, or the line above the table, names."""
    cells: list[Cell] = [c for row in range(layout.start) for c in layout.table.row_cells(row) if c.row == row]
    for cell in reversed(cells):
        if name := semester_heading(cell.text):
            return SemesterCell(name, cell.text.strip(), locate(document, layout.table, cell), "text", None)
    block = next(_blocks_before(document, layout.table.cells[0].start), None)
    name = semester_heading(block.text) if block is not None and block.locator.table is None else ""
    return SemesterCell(name, block.text.strip(), block.locator, "text", None) if block and name else None
