"""Practice that stands in no course table but in a table of weeks with hours: 军事技能 2 周 112 学时, 岗位实习."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from corpora.document import Cell, Document, Locator, Table
from corpora.programme.model import Category, Figure, PlanCourse, SemesterCell
from corpora.programme.schedule.cells import flat, label, number, semester_numbers, weeks
from corpora.programme.schedule.table_rows import locate

_PRACTICE = re.compile(r"实习|实训|军事技能|军训|社会实践|毕业(?:设计|论文)|认识|见习|入学教育|劳动")
_HOURS = re.compile(r"(?:学|课)时数?$")
_TOTAL = re.compile(r"合计|总计|小计|总")
_MILITARY = re.compile(r"军事|军训|入学教育|劳动|社会实践")
_SENTENCE_CREDITS = r"[^。；;\n]{0,24}?(\d{1,2}(?:\.\d)?)\s*个?学分"
# 认识实习 and 认知实习, 岗位实习 and 顶岗实习 are the same activity
_SAME = (("认识", "认知"), ("岗位", "顶岗"))


@dataclass
class _Activity:
    """A column of weeks with the column of its hours."""

    name: str
    column: int
    group: str
    hours_column: int
    cells: list[tuple[str, Cell, Cell | None]] = field(default_factory=list)


def week_courses(document: Document, table: Table, start: int, end: int) -> tuple[PlanCourse, ...]:
    """The practice that a table of weeks gives hours to; () for a table that is none, or gives weeks only.

    Parameters
    ----------
    start, end : the stretch of the text that is about the major: credits are looked up there when the table's own
        notes do not give them.
    """
    header = _header_rows(table)
    activities = _activities(table, header) if header else []
    if not activities:
        return ()
    for row in range(header, table.rows):
        _read_row(table, row, activities)
    found = [activity for activity in activities if activity.cells]
    return tuple(_course(document, table, activity, start, end) for activity in found)


def _header_rows(table: Table) -> int:
    """Rows above the first semester; 0 for a table whose rows are no semesters."""
    first = next((row for row in range(1, min(table.rows, 8)) if _semester(table, row)), 0)
    semesters = sum(bool(_semester(table, row)) for row in range(first, table.rows)) if first else 0
    return first if semesters >= 3 else 0


def _semester(table: Table, row: int) -> str:
    for column in range(min(2, table.columns)):
        cell = table.cell_at(row, column)
        if cell is not None and _TOTAL.search(flat(cell.text)):
            break
        if cell is not None and cell.row_span == 1 and len(names := semester_numbers(cell.text)) == 1:
            return names[0]
    return ""


def _activities(table: Table, header: int) -> list[_Activity]:
    """Columns of weeks that have a column of hours: their own (军事技能学时) or their group's (实习学时)."""
    heads = {column: _names(table, column, header) for column in range(2, table.columns)}
    hours = {c: names[-1] for c, names in heads.items() if names and _HOURS.search(names[-1])}
    found = []
    for column, names in heads.items():
        if not names or column in hours or not _PRACTICE.search(names[-1]):
            continue
        group = names[-2] if len(names) > 1 else ""
        own = next((c for c, text in hours.items() if _HOURS.sub("", text) == names[-1]), None)
        shared = next((c for c, text in hours.items() if group and _HOURS.sub("", text) == group), None)
        if (place := own if own is not None else shared) is not None:
            found.append(_Activity(names[-1], column, group, place))
    return found


def _names(table: Table, column: int, header: int) -> list[str]:
    cells = (table.cell_at(row, column) for row in range(header))
    texts = (label(cell.text) for cell in cells if cell is not None and cell.column_span < table.columns)
    return list(dict.fromkeys(text for text in texts if text))


def _read_row(table: Table, row: int, activities: Sequence[_Activity]) -> None:
    semester = _semester(table, row)
    if not semester:
        return
    filled = [(a, cell) for a in activities if (cell := table.cell_at(row, a.column)) and _value(cell)]
    for activity, cell in filled:
        alone = [a for a, _ in filled if a.hours_column == activity.hours_column] == [activity]
        hours = table.cell_at(row, activity.hours_column) if alone else None
        activity.cells.append((semester, cell, hours))


def _value(cell: Cell) -> float | None:
    return number(cell.text) or weeks(cell.text)


def _course(document: Document, table: Table, activity: _Activity, start: int, end: int) -> PlanCourse:
    hours = _hours(document, table, activity)
    credits = _credits(document, table, activity, start, end)
    in_credits = credits is not None and _sums_to(activity, credits.value) and _weeks_said(document, table, activity)
    cells = tuple(
        SemesterCell(
            semester,
            cell.text.strip(),
            locate(document, table, cell),
            "credits" if in_credits else "weeks",
            _value(cell),
        )
        for semester, cell, _ in activity.cells
    )
    category: Category = "practice"
    total = sum(cell.value or 0.0 for cell in cells)
    head = next(
        cell
        for row in range(table.rows)
        if (cell := table.cell_at(row, activity.column)) and label(cell.text) == activity.name
    )
    return PlanCourse(
        name=activity.name,
        category=category,
        category_text="/".join(part for part in ("实践教学", activity.group) if part),
        table=table.number,
        row=activity.cells[0][1].row + 1,
        locator=locate(document, table, head),
        category_alt="public" if _MILITARY.search(activity.name) else None,
        credits=credits,
        hours=hours,
        theory=Figure(0.0, hours.text, hours.locator) if hours else None,
        practice=hours,
        theory_derived=True,
        weeks=None if in_credits else Figure(total, cells[0].text, cells[0].locator),
        semesters=cells,
        note="列在教学周安排表中，学时取自该表",
    )


def _hours(document: Document, table: Table, activity: _Activity) -> Figure | None:
    cells = [cell for _, _, cell in activity.cells if cell is not None and number(cell.text)]
    if not cells or len(cells) < len(activity.cells):
        return None
    value = sum(number(cell.text) or 0.0 for cell in cells)
    if len(cells) == 1:
        return Figure(value, cells[0].text.strip(), locate(document, table, cells[0]))
    place = locate(document, table, cells[0])
    whole = Locator(cells[0].start, cells[-1].end, place.paragraph, place.page, place.table, place.row, place.cell)
    return Figure(value, document.resolve(whole), whole)


def _credits(document: Document, table: Table, activity: _Activity, start: int, end: int) -> Figure | None:
    """Credits that the table's notes or the plan's text give to the activity."""
    names = "|".join(map(re.escape, _spellings(activity.name)))
    pattern = re.compile(rf"(?:{names}){_SENTENCE_CREDITS}")
    first, last = table.cells[0].start, table.cells[-1].end
    for low, high in ((first, last), (start, end)):
        # 24周（每周0.5学分），共计12个学分: the last of a sentence is the sum
        for match in pattern.finditer(document.text, low, high):
            sentence = re.split(r"[。；;\n]", document.text[match.start() : match.end() + 40])[0]
            stated = [
                m for m in re.finditer(r"(?:(每周?|1周)\D{0,4})?(\d{1,2}(?:\.\d)?)\s*个?学分", sentence) if not m[1]
            ]
            if stated:
                place = _place(document, match.start(), match.start() + stated[0].end())
                return Figure(float(stated[0][2]), document.resolve(place), place)
    return None


def _place(document: Document, start: int, end: int) -> Locator:
    return document.block_at(start).locator.slice(start, end)


def _spellings(name: str) -> Iterator[str]:
    yield name
    for one, other in _SAME:
        if one in name:
            yield name.replace(one, other)
        elif other in name:
            yield name.replace(other, one)


def _sums_to(activity: _Activity, credits: float) -> bool:
    return sum(_value(cell) or 0.0 for _, cell, _ in activity.cells) == credits


def _weeks_said(document: Document, table: Table, activity: _Activity) -> bool:
    """Whether a note of the table gives the activity another number of weeks than its cells add up to."""
    text = document.text[table.cells[0].start : table.cells[-1].end]
    total = sum(_value(cell) or 0.0 for _, cell, _ in activity.cells)
    names = "|".join(map(re.escape, _spellings(activity.name)))
    said = re.findall(rf"(?:{names})[^。；;\n]{{0,24}}?(\d{{1,2}})\s*个?周", flat(text))
    return any(float(value) != total for value in said)
