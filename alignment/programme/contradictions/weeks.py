"""The table of weeks against itself, and against the schedule's weeks of internship and practice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from alignment.programme.contradictions.plan import Finding, Plan, differs, listed, number, plain
from alignment.programme.quantities import QuantityName
from corpora.programme.model import Figure, PlanCourse, WeekRow

#: Columns that sum others of the same row.
_SUM = re.compile(r"小\s*计|合\s*计|总\s*计|总\s*周\s*数|学期周数|^周数$")
#: Columns that others divide (理论教学, 综合实训 … within 教学周数).
_GROSS = re.compile(r"教学周|教学总?周数|教学时间|教学活动")
#: Columns that hold practice of any kind.
_PRACTICE = re.compile(r"实习|实训|实践|设计|军训|军事")
#: Columns of a week table that are practice at a company.
_INTERNSHIP = re.compile(r"(?:顶岗|岗位|毕业|跟岗|综合|生产)实习|^实习$")
#: A course of that kind in the schedule, and one that is something else under a like name.
_INTERNSHIP_COURSE = re.compile(r"(?:顶岗|岗位|跟岗)实习|毕业实习|^实习$|综合实习|生产实习")
_COGNITION = re.compile(r"认[知识]|见习|参观")
#: Most columns among which the summed ones are sought, and the share of rows that must bear it out.
_COLUMNS, _BORNE_OUT = 10, 0.5
#: Weeks that lie outside the semester.
_VACATION = re.compile(r"[（(].*[暑寒假]")
_TURNS: tuple[QuantityName, ...] = ("internship_months", "internship_weeks")


def find(plan: Plan) -> Iterator[Finding]:
    """Rows and columns that do not add up, and internship weeks that differ from the schedule's."""
    tables: dict[int, list[WeekRow]] = {}
    for row in plan.programme.weeks:
        tables.setdefault(row.table, []).append(row)
    for rows in tables.values():
        yield from _columns(plan, rows)
        yield from _rows(plan, rows)
        yield from _internship(plan, rows)
    if not any(_internship_figures(rows) for rows in tables.values()):
        yield from _internship_told(plan)


def _columns(plan: Plan, rows: Sequence[WeekRow]) -> Iterator[Finding]:
    totals = [row for row in rows if row.total]
    semesters = [row for row in rows if not row.total]
    if len(totals) != 1 or len(semesters) < 2:
        return
    off: list[tuple[str, Figure, list[Figure]]] = []
    for kind in ("weeks", "hours"):
        for name, stated in getattr(totals[0], kind).items():
            figures = [figure for row in semesters if (figure := getattr(row, kind).get(name))]
            total = sum(figure.value for figure in figures)
            if figures and differs(total, stated.value):
                added = "+".join(number(f.value) for f in figures)
                added = f"{added}={number(total)}" if len(figures) > 1 else added
                arithmetic = f"{added}≠{number(stated.value)}"
                off.append((f"{plain(name)} {arithmetic}", stated, figures))
    if off:
        shown = [text for text, _, _ in off]
        what = f"{plan.table_name(rows[0].table)}（周数分配）合计行与各学期之和不符：{listed(shown)}"
        sources = [source for _, stated, figures in off for source in (stated, *figures)]
        yield Finding("weeks", what, "；".join(shown), plan.quotes(*sources))


def _rows(plan: Plan, rows: Sequence[WeekRow]) -> Iterator[Finding]:
    semesters = [row for row in rows if not row.total]
    names = list(dict.fromkeys(name for row in semesters for name in row.weeks))
    sums = [name for name in names if _SUM.search(plain(name))]
    if len(sums) != 1 or len(semesters) < 4 or len(names) > _COLUMNS + 1:
        return
    parts = _summed(semesters, [name for name in names if name != sums[0]], sums[0])
    off = [row for row in semesters if sums[0] in row.weeks and parts and not _adds_up(row, parts, sums[0])]
    yield from _left_out(plan, semesters, [name for name in names if name not in (*parts, sums[0])], parts)
    if off:
        shown = [_row_arithmetic(row, parts, sums[0]) for row in off]
        place = f"{plan.table_name(rows[0].table)}（周数分配）"
        what = f"{place}{len(off)}个学期各项之和与{plain(sums[0])}不符：{listed(shown)}"
        sources = [figure for row in off for figure in (row.weeks[sums[0]], *_figures(row, parts))]
        yield Finding("weeks", what, "；".join(shown), plan.quotes(*sources))


def _left_out(plan: Plan, rows: Sequence[WeekRow], rest: Sequence[str], parts: Sequence[str]) -> Iterator[Finding]:
    """Columns that the row's sum leaves out: parts of one summed column, or weeks that nothing counts."""
    if not parts or not rest:
        return
    filled = [row for row in rows if any(figure.value for figure in _figures(row, rest))]
    for whole in parts:
        if not _GROSS.search(plain(whole)):
            continue
        equal = [row for row in filled if whole in row.weeks and _adds_up(row, rest, whole)]
        if len(equal) >= 2:
            off = [row for row in filled if whole in row.weeks and row not in equal]
            if off:
                shown = [_row_arithmetic(row, rest, whole) for row in off]
                place = f"{plan.table_name(rows[0].table)}（周数分配）"
                what = f"{place}{len(off)}个学期{plain(whole)}与其中各项之和不符：{listed(shown)}"
                sources = [figure for row in off for figure in (row.weeks[whole], *_figures(row, rest))]
                yield Finding("weeks", what, "；".join(shown), plan.quotes(*sources))
            return
    practice = [name for name in rest if _PRACTICE.search(plain(name))]
    extra = [
        (row, figure, name) for row in rows for name in practice if (figure := row.weeks.get(name)) and figure.value
    ]
    if extra and len(practice) == len(rest):
        shown = [f"第{row.semester}学期{plain(name)}{number(figure.value)}周" for row, figure, name in extra]
        what = f"{plan.table_name(rows[0].table)}（周数分配）的学期总周数已由其他各项占满，没有计入{listed(shown)}"
        arithmetic = "；".join(f"第{row.semester}学期 {_with(row, parts, figure)}" for row, figure, _ in extra)
        yield Finding("weeks", what, arithmetic, plan.quotes(*(figure for _, figure, _ in extra)), _TURNS)


def _with(row: WeekRow, parts: Sequence[str], more: Figure) -> str:
    """The row's own summands and one more."""
    values = [figure.value for figure in _figures(row, parts) if figure.value]
    return f"{'+'.join(map(number, [*values, more.value]))}={number(sum(values) + more.value)}≠{number(sum(values))}"


def _summed(rows: Sequence[WeekRow], names: Sequence[str], total: str) -> tuple[str, ...]:
    """The columns that make the total in the most rows, the most columns of those; none when too few bear it out."""
    best: tuple[int, int, tuple[str, ...]] = (0, 0, ())
    for size in range(2, len(names) + 1):
        for chosen in combinations(names, size):
            right = sum(total in row.weeks and _adds_up(row, chosen, total) for row in rows)
            used = sum(any(name in row.weeks and row.weeks[name].value for row in rows) for name in chosen)
            best = max(best, (right, used, chosen), key=lambda item: item[:2])
    right, _, chosen = best
    return chosen if right >= max(2, _BORNE_OUT * len(rows)) else ()


def _adds_up(row: WeekRow, names: Sequence[str], total: str) -> bool:
    return not differs(sum(figure.value for figure in _figures(row, names)), row.weeks[total].value)


def _figures(row: WeekRow, names: Sequence[str]) -> list[Figure]:
    """A row's weeks in some columns, without those of the vacation (``1（假期）``), which no semester counts."""
    return [row.weeks[name] for name in names if name in row.weeks and not _VACATION.search(row.weeks[name].text)]


def _row_arithmetic(row: WeekRow, names: Sequence[str], total: str) -> str:
    values = [figure.value for figure in _figures(row, names)]
    added = [number(value) for value in values if value]
    shown = f"{'+'.join(added)}={number(sum(values))}" if len(added) > 1 else number(sum(values))
    return f"第{row.semester}学期 {shown}≠{number(row.weeks[total].value)}"


def _internship(plan: Plan, rows: Sequence[WeekRow]) -> Iterator[Finding]:
    """Weeks of internship in the schedule and in the text against the week table's."""
    figures = _internship_figures(rows)
    if not figures:
        return
    in_table = sum(figure.value for _, _, figure in figures)
    added = "+".join(number(figure.value) for _, _, figure in figures)
    added = f"{added}={number(in_table)}" if len(figures) > 1 else added
    for source, weeks, cells in _internship_weeks(plan):
        if differs(weeks, in_table):
            name = plain(figures[0][1])
            parts = "+".join(number(cell.value) for cell in cells)
            shown = f"{parts}={number(weeks)}" if len(cells) > 1 else number(weeks)
            what = f"岗位实习周数不一致：{source}为{number(weeks)}周，周数分配表“{name}”只有{number(in_table)}周"
            if in_table > weeks:
                what = what.replace("只有", "有")
            if any(not differs(f.figure.value, in_table) for f in plan.programme.facts_of("internship_credits")):
                what += "（与其学分数相同，像是把学分写成了周数）"
            elsewhere = _elsewhere(rows, weeks - in_table, {plain(n) for _, n, _ in figures})
            evidence = plan.quotes(*cells, *(figure for _, _, figure in figures))
            yield Finding("weeks", what + elsewhere, f"{shown}≠{added}", evidence, _TURNS)


def _internship_figures(rows: Sequence[WeekRow]) -> list[tuple[WeekRow, str, Figure]]:
    """The week table's weeks of internship, semester by semester."""
    return [
        (row, name, figure)
        for row in rows
        if not row.total
        for name, figure in row.weeks.items()
        if _INTERNSHIP.search(plain(name)) and figure.value
    ]


def _internship_told(plan: Plan) -> Iterator[Finding]:
    """Weeks of internship that the text states against those of the schedule."""
    told = dict(_internship_sources(plan))
    if len(told) == 2 and differs(*(sum(cell.value for cell in cells) for cells in told.values())):
        (schedule, cells), (text, stated) = told.items()
        weeks = sum(cell.value for cell in cells)
        parts = "+".join(number(cell.value) for cell in cells)
        shown = f"{parts}={number(weeks)}" if len(cells) > 1 else number(weeks)
        what = f"岗位实习周数不一致：{text}写{number(stated[0].value)}周，{schedule}为{shown}周"
        yield Finding("weeks", what, f"{number(stated[0].value)}≠{shown}", plan.quotes(*stated, *cells), _TURNS)


def _elsewhere(rows: Sequence[WeekRow], missing: float, taken: set[str]) -> str:
    """Where the missing weeks may stand: another practice column of one semester with exactly so many."""
    found = [
        f"第{row.semester}学期“{plain(name)}”{number(figure.value)}周"
        for row in rows
        if not row.total
        for name, figure in row.weeks.items()
        if not differs(figure.value, missing) and re.search(r"实训|实习|实践|设计", name) and plain(name) not in taken
    ]
    return f"（{found[0]}正好是差额）" if len(found) == 1 else ""


def _internship_weeks(plan: Plan) -> Iterator[tuple[str, float, list[Figure]]]:
    """Who states weeks of internship, how many, and where; the text only where it differs from the schedule."""
    known: float | None = None
    for source, cells in _internship_sources(plan):
        weeks = sum(cell.value for cell in cells)
        if known is None or differs(known, weeks):
            yield source, weeks, cells
        known = weeks


def _internship_sources(plan: Plan) -> Iterator[tuple[str, list[Figure]]]:
    """The schedule's cells, then the text's figure where it states one."""
    courses = [course for course in plan.schedule.courses if _is_internship(course)]
    cells = [
        Figure(cell.value, cell.text, cell.locator)
        for course in courses
        for cell in course.semesters
        if cell.unit == "weeks" and cell.value
    ]
    if cells:
        names = "、".join(dict.fromkeys(course.name for course in courses))
        yield f"教学进程表“{names}”", cells
    stated = {f.figure.value: f for f in plan.programme.facts_of("internship_weeks") if not f.annex}
    if len(stated) == 1 and (fact := next(iter(stated.values()))) and fact.operator == "=":
        yield "正文", [fact.figure]


def _is_internship(course: PlanCourse) -> bool:
    name = plain(course.name)
    return bool(_INTERNSHIP_COURSE.search(name)) and not _COGNITION.search(name)
