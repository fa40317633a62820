"""Tables of weeks: 教学时间分配表, 教学活动周数表, one row a semester (or one column a semester)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from corpora.document import Cell, Document, Table
from corpora.programme.model import Figure, WeekRow
from corpora.programme.schedule.cells import flat, ordinal
from corpora.programme.tables.table_places import TablePlaces

_COURSES = re.compile(r"课程名称?|课程代码|课程编[号码]|学分|序号.*课程|姓名|任务|证书名称")
#: What weeks are spent on.
_ACTIVITY = re.compile(
    r"教学|周数|考试|考核|机动|军|入学|毕业|实习|实训|实践|劳动|社会|课堂|理论|假期|寒|暑|合计|小计|总计|总周|其[他它]|设计|运动会|答辩|活动|节假日"
)
_HOURS = re.compile(r"学时|课时")
_TOTAL = re.compile(r"合计|总计|小计|共计|总数|总周数?|合|计")
_SEMESTER = re.compile(
    r"(?:第?(?P<year>[一二三四五1-5])学年)?(?:第)?(?P<n>10|[1-9一二三四五六七八九十]|[ⅠⅡⅢⅣⅤⅥ]+)(?:学?期)?(?:[（(].*)?"
)
_HALF = re.compile(r"(?:第?(?P<year>[一二三四五1-5])(?:学年|年级)?)?[（(]?(?P<half>上|下|秋|春)(?:学期|季)?[）)]?")
_YEAR = re.compile(r"第?([一二三四五1-5])(?:学年|年级)?")
_WEEKS = re.compile(r"(\d+(?:\.\d+)?)(?:个?周|[wW])?(?:[+＋](\d+(?:\.\d+)?)(?:周|[wW])?)*")
#: What a bracket behind a number says of it.
_REMARK = re.compile(r"(?<=[\d周wW])[（(][^\d（）()]+[)）]$")
_ADDENDS = re.compile(r"\d+(?:\.\d+)?")
#: More semesters than a plan has: a calendar of weeks.
_MOST = 10
_MAX_WEEKS, _MAX_TOTAL = 60, 320


def read_weeks(document: Document, start: int, end: int) -> tuple[WeekRow, ...]:
    """The rows of all tables of weeks in a stretch of the document, one a semester and one for their sums.

    Parameters
    ----------
    document : the document.
    start, end : the stretch, offsets into ``Document.text``.
    """
    places = TablePlaces(document, start, end)
    return tuple(row for table in places for row in _rows_of(places, table))


def _rows_of(places: TablePlaces, table: Table) -> Sequence[WeekRow]:
    if table.columns < 3 or table.rows < 3 or _lists_courses(table):
        return ()
    return _by_rows(places, table) or _by_columns(places, table)


def _lists_courses(table: Table) -> bool:
    return any(_COURSES.search(flat(cell.text)) for cell in table.cells if cell.row < 6 and len(cell.text) < 12)


def _by_rows(places: TablePlaces, table: Table) -> Sequence[WeekRow]:
    """Semesters in rows: the label columns are those left of the first activity."""
    rows = _semester_rows(table)
    if not _is_run([name for _, name, _ in rows]):
        return ()
    top = rows[0][0]
    if not _heads_semesters(table, rows):
        return ()
    label_columns = max(cell.column + cell.column_span for _, _, cell in rows if cell.column_span < table.columns / 2)
    columns = _names(table, range(top), range(label_columns, table.columns))
    if sum(bool(_ACTIVITY.search(name)) for name in columns.values()) < 2:
        return ()
    found = [
        _row(places, table, name, cell, [(column, row) for column in columns], columns) for row, name, cell in rows
    ]
    return [row for row in found if row.weeks or row.hours]


def _heads_semesters(table: Table, rows: Sequence[tuple[int, str, Cell]]) -> bool:
    """Whether the label column is headed by 学期 (and not by 序号 or 周次), or its cells say so themselves."""
    top, _, label = rows[0]
    heads = [flat(cell.text) for row in range(top) if (cell := table.cell_at(row, label.column))]
    return any(re.search("学期|学年", text) for text in (*heads, flat(label.text))) and "序号" not in "".join(heads)


def _semester_rows(table: Table) -> list[tuple[int, str, Cell]]:
    """(row, semester or 合计, its label cell) of the rows that begin with a semester."""
    found = []
    for row in range(1, table.rows):
        cells = [cell for column in range(min(4, table.columns)) if (cell := table.cell_at(row, column))]
        cells = [cell for cell in dict.fromkeys(cells) if flat(cell.text)]
        if label := _label(cells, row):
            found.append((row, *label))
    return found


def _label(cells: Sequence[Cell], row: int) -> tuple[str, Cell] | None:
    """The semester that a row's first cells name: 一 | 1, 第一学年 | 上, 第3学期, 合计."""
    year = None
    for cell in cells[:2]:
        text = flat(cell.text)
        if _TOTAL.fullmatch(text) or text == "合计":
            return "合计", cell
        if cell.row_span > 1 or ("学年" in text and "学期" not in text):
            match = _YEAR.fullmatch(text)
            year = ordinal(match[1]) if match else None
            if match:
                continue
        name = semester_name(text, year)
        return (name, cell) if name and cell.row == row else None
    return None


def semester_name(text: str, year: int | None = None) -> str:
    """``1`` for 一, 第一学期, 1（16周）; ``3`` for 上 of the second year; "" for no semester."""
    plain = flat(text)
    if match := _HALF.fullmatch(plain):
        of = ordinal(match["year"]) if match["year"] else year
        return str(2 * of - (1 if match["half"] in "上秋" else 0)) if of else ""
    if not (match := _SEMESTER.fullmatch(plain)):
        return ""
    number = ordinal(match["n"])
    return str(number) if number and number <= _MOST else ""


def _is_run(names: Sequence[str]) -> bool:
    """Whether semesters run 1, 2, 3 … (their sum may come last)."""
    numbers = [int(name) for name in names if name.isdigit()]
    return len(numbers) >= 3 and numbers == list(range(numbers[0], numbers[0] + len(numbers))) and numbers[0] == 1


def _names(table: Table, rows: Sequence[int], columns: Sequence[int]) -> dict[int, str]:
    """The innermost header text of each column; outer texts go before it where two columns would be named alike."""
    paths: dict[int, list[str]] = {}
    seen: list[Cell] = []
    for column in columns:
        cells = [cell for row in rows if (cell := table.cell_at(row, column)) and flat(cell.text)]
        cells = [cell for cell in dict.fromkeys(cells) if cell.column_span < table.columns - 1]
        if cells and cells[-1] not in seen:
            paths[column] = [flat(cell.text) for cell in cells]
            seen.append(cells[-1])
    last = [path[-1] for path in paths.values()]
    return {c: path[-1] if last.count(path[-1]) == 1 else "".join(path[-2:]) for c, path in paths.items()}


def _row(
    places: TablePlaces, table: Table, name: str, label: Cell, cells: Sequence[tuple[int, int]], names: dict[int, str]
) -> WeekRow:
    """One semester of figures; ``cells`` are (key into ``names``, row) for rows, see ``_by_columns`` for columns."""
    weeks: dict[str, Figure] = {}
    hours: dict[str, Figure] = {}
    for column, row in cells:
        cell = table.cell_at(row, column)
        value = None if cell is None else _value(cell)
        if cell is None or value is None or (cell.row_span > 1 and cell.row != row):
            continue
        figure = Figure(value, cell.text, places.locator(table, cell))
        if _HOURS.search(names[column]):
            hours.setdefault(names[column], figure)
        elif value <= (_MAX_TOTAL if name == "合计" else _MAX_WEEKS):
            weeks.setdefault(names[column], figure)
    return WeekRow(name, table.number, places.locator(table, label), name == "合计", weeks, hours)


def _value(cell: Cell) -> float | None:
    """The weeks of a cell: ``16``, ``2周``, ``1+2`` (their sum), ``1（假期）``; None for marks, brackets and words."""
    plain = _REMARK.sub("", flat(cell.text))
    if not _WEEKS.fullmatch(plain):
        return None
    return sum(float(part) for part in _ADDENDS.findall(plain))


def _by_columns(places: TablePlaces, table: Table) -> Sequence[WeekRow]:
    """Semesters in columns, activities in rows."""
    head = _semester_head(table)
    if head is None:
        return ()
    top, columns = head
    activities = dict(_activities(table, top + 1, min(columns)))
    if sum(bool(_ACTIVITY.search(name)) for name in activities.values()) < 3:
        return ()
    found = []
    for column, (name, cell) in columns.items():
        weeks: dict[str, Figure] = {}
        hours: dict[str, Figure] = {}
        for row, activity in activities.items():
            own = table.cell_at(row, column)
            value = None if own is None or own.row != row or own.column != column else _value(own)
            if own is not None and value is not None and value <= _MAX_TOTAL:
                target = hours if _HOURS.search(activity) else weeks
                target.setdefault(activity, Figure(value, own.text, places.locator(table, own)))
        found.append(WeekRow(name, table.number, places.locator(table, cell), name == "合计", weeks, hours))
    return [row for row in found if row.weeks or row.hours]


def _semester_head(table: Table) -> tuple[int, dict[int, tuple[str, Cell]]] | None:
    """The row whose cells are semesters, and the semester of each of its columns."""
    for row in range(min(4, table.rows)):
        columns: dict[int, tuple[str, Cell]] = {}
        for column in range(1, table.columns):
            cell = table.cell_at(row, column)
            if cell is None or cell.column != column:
                continue
            text = flat(cell.text)
            name = "合计" if _TOTAL.fullmatch(text) else semester_name(text)
            if name and name not in [other for other, _ in columns.values()]:
                columns[column] = (name, cell)
        names = [name for name, _ in columns.values()]
        if _is_run(names) and len(names) <= _MOST + 1:
            return row, columns
    return None


def _activities(table: Table, first: int, label_end: int) -> Iterator[tuple[int, str]]:
    """(row, name) of the activities below the semesters."""
    for row in range(first, table.rows):
        cells = [cell for column in range(label_end) if (cell := table.cell_at(row, column)) and flat(cell.text)]
        names = [flat(cell.text) for cell in dict.fromkeys(cells) if not flat(cell.text).isdigit()]
        if names and len(names[-1]) <= 20:
            yield row, names[-1] if not _TOTAL.fullmatch(names[-1]) else "合计"
