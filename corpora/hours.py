"""Class hours of a document: the total it states, and the sum over its schedule tables."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from corpora.document import Cell, Document, DocumentKind, Hours, Table
from corpora.table_layout import Layout, layouts_of

_NUMBER = r"(\d{1,4}(?:\.\d)?)"
_FILL = r"[ \t\u3000:：为共计约是数（(]*"
_STATED = (
    re.compile(rf"学\s*时\s*[/／、]\s*学\s*分{_FILL}{_NUMBER}\s*(?:学时)?\s*[/／、]"),
    re.compile(rf"学\s*分\s*[/／、]\s*学\s*时{_FILL}\d{{1,2}}(?:\.\d)?\s*(?:学分)?\s*[/／、]\s*{_NUMBER}"),
    re.compile(
        rf"(?:总\s*学\s*时|总\s*课\s*时|计划学时|(?<![（(])参考学时|课程学时|学时总|学时合计){_FILL}{_NUMBER}(?![\d%％]|学分)"
    ),
    re.compile(
        rf"(?<![论践验训外内线周讲授机习修每位/])(?<![（(]参考)(?<![（(])(?:学|课)\s*时{_FILL}{_NUMBER}"
        r"(?![\d%％.\-/]| ?学分| ?[分周])"
    ),
)
_HOURS_AFTER = re.compile(rf"(?<![\d.\-/~～、]){_NUMBER}\s*个?(?:学|课)时")
_PART_BEFORE = re.compile(
    r"(?:理论|实践|实训|实验|讲授|上机|每周|每次|课外|每个?|其中|自学|机动|不少于|至少)[^\d，。；]{0,6}$"
)
_TOTAL_CONTEXT = re.compile(r"学分|本课程|本门课|课程总|总|共|全课程|课程.{0,12}安排")
_LEADING = re.compile(r"\s*(\d{1,4}(?:\.\d)?)\s*(?:个?(?:学|课)时|节|[hH])?\s*")
_WEEKLY = re.compile(r"\s*\d{1,2}\s*[/／]\s*(\d{2,3})\s*")
_PRODUCT = re.compile(r"\s*(\d{1,2})\s*[*×xX]\s*(\d{1,2})\s*")
_SUM = re.compile(r"\s*(\d{1,3})\s*[+＋]\s*(\d{1,3})\s*")
_BRACKET = re.compile(r"[（(][^（()）]*[）)]\s*$")

_COURSE_NAME = re.compile(r"(?:课程|科目)(?:名称|名|（.*）)?$")
_MINIMUM = 4.0
_PLAN_MINIMUM = 1000.0


def parse_hours(text: str) -> float | None:
    """The hours that a schedule cell states.

    Parameters
    ----------
    text : the cell's text: ``6``, ``48学时``, ``64（理论32+实践32）``, ``6（8）``, ``3/48``, ``4*2``, ``2+2``.

    Returns
    -------
    The number before a bracket (what stands in brackets is a part or an alternative); the second of ``3/48`` (hours a
    week / hours in all); the product of ``4*2``; the sum of ``2+2``; None for anything else, ranges and weeks included.
    """
    if match := _WEEKLY.fullmatch(text):
        return float(match[1])
    text = _BRACKET.sub("", text)
    if match := _PRODUCT.fullmatch(text):
        return float(match[1]) * float(match[2])
    if match := _SUM.fullmatch(text):
        return float(match[1]) + float(match[2])
    match = _LEADING.fullmatch(text)
    return float(match[1]) if match else None


def row_hours(layout: Layout, row: int) -> float | None:
    """The hours of one table row; None when it states none, or shares one merged number with other rows."""
    found = [_value(cell) for cell in _hours_cells(layout, row) if cell.row_span == 1]
    values = [value for value in found if value is not None]
    return sum(values) if values else None


def hours_of(document: Document, layouts: Sequence[Layout] | None = None, kind: DocumentKind = "syllabus") -> Hours:
    """Stated and summed hours of a document, ``Hours.contradict`` telling whether they differ.

    Parameters
    ----------
    document : the document.
    layouts : the layouts of its tables, where they are read already.
    kind : what the document is. A programme plan has thousands of hours; smaller numbers are those of a course. Its
        table may list alternatives of which only some are taken; the programme's rules tell them apart, this sum not.
    """
    layouts = layouts_of(document) if layouts is None else layouts
    if kind != "plan":
        stated = stated_hours(document)
        return Hours(stated, table_hours(layouts, stated))
    layouts = [layout for layout in layouts if _lists_courses(layout)]
    stated = stated_hours(document, _PLAN_MINIMUM) or _total_row(layouts)
    total = table_hours(layouts, stated)
    return Hours(stated, total if total and total >= _PLAN_MINIMUM else None)


def stated_hours(document: Document, minimum: float = _MINIMUM) -> float | None:
    """The total of class hours that a document states in words or in its cover table; None when it states none.

    Parameters
    ----------
    document : the document.
    minimum : smaller numbers are hours of a part, not the total.
    """
    text = document.text
    for pattern in _STATED:
        for match in pattern.finditer(text):
            if float(match[1]) >= minimum:
                return float(match[1])
    for match in _HOURS_AFTER.finditer(text):
        line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
        context = line + text[match.end() : match.end() + 30].partition("\n")[0]
        above = text[max(0, match.start() - len(line) - 30) : match.start() - len(line)].rsplit("\n", 2)[-2:]
        if "\t" in line or _PART_BEFORE.search(line) or float(match[1]) < max(minimum, 8):
            continue
        if _TOTAL_CONTEXT.search(context) or "学时" in "".join(above):
            return float(match[1])
    return None


def table_hours(layouts: Sequence[Layout], stated: float | None = None) -> float | None:
    """The hours summed over a document's schedule.

    Totals, subtotals and repeated headers are left out; a merged number counts once. Of several schedule tables, the
    one that reaches the stated total counts; a detailed table that repeats a summary counts once; tables that continue
    one another are added.

    Parameters
    ----------
    layouts : the layouts of the document's tables.
    stated : the total that it states.
    """
    sums: list[tuple[tuple[tuple[str, ...], ...], float]] = []
    for layout in layouts:
        total = _sum_of(layout)
        if total:
            sums.append((layout.names, total))
    if not sums:
        return None
    values = [value for _, value in sums]
    if stated in values:
        return stated
    repeated, times = Counter(values).most_common(1)[0]
    if times > 1 and len(values) == 2:
        return repeated
    by_names: dict[tuple[tuple[str, ...], ...], float] = {}
    for names, value in sums:
        by_names[names] = by_names.get(names, 0.0) + value
    return stated if stated in by_names.values() else max(by_names.values())


def _lists_courses(layout: Layout) -> bool:
    return any(_COURSE_NAME.match("".join(name.split())) for names in layout.names for name in names)


def _total_row(layouts: Sequence[Layout]) -> float | None:
    """The largest number that a total row of a programme's course tables gives."""
    cells = (
        cell
        for layout in layouts
        for row in range(layout.header_rows, layout.table.rows)
        if layout.is_total(row)
        for cell in _hours_cells(layout, row)
    )
    values = [value for cell in cells if (value := _value(cell)) and value >= _PLAN_MINIMUM]
    return max(values, default=None)


def _sum_of(layout: Layout) -> float:
    """Sum over the rows of a schedule table; 0 for a table that is none."""
    if not layout.hours or layout.table.rows - layout.header_rows < 2:
        return 0.0
    seen: dict[int, Cell] = {}
    for row in range(layout.header_rows, layout.table.rows):
        if not layout.is_total(row) and not layout.is_header(row):
            seen.update((id(cell), cell) for cell in _hours_cells(layout, row))
    return sum(_value(cell) or 0.0 for cell in seen.values())


def _hours_cells(layout: Layout, row: int) -> list[Cell]:
    cells = (_cell(layout.table, row, column) for column in layout.hours)
    return [cell for cell in cells if cell is not None]


def _cell(table: Table, row: int, column: int) -> Cell | None:
    cell = table.cell_at(row, column)
    return cell if cell is not None and cell.column == column else None


def _value(cell: Cell) -> float | None:
    return parse_hours(cell.text)
