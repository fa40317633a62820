"""Which columns of a course table are semesters, and which semester each of them is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpora.programme.model import Unit
from corpora.programme.schedule.cells import flat, ordinal, weeks_inside

_SUMMER = re.compile(r"暑|夏季|小学期|短学期|寒假|^假期?$|^短\d?$")
_YEAR = re.compile(r"第?([一二三四五1-5])(?:学年|年级)|大([一二三四])")
_HALF = re.compile(
    r"[（(]?(上|下|秋|春)(?:学期|季|半年)?[）)]?|(?:第?([一二三四五1-5Ⅰ-Ⅴ])(?:学年)?)?(上|下|秋|春)(?:学期)?"
)
_BRACKET = re.compile(r"[（(\[【][^（）()\[\]【】]*[）)\]】]?")
_WEEKS = re.compile(r"\d+(?:\.\d+)?个?(?:周|[wW]).*$")
_CONTEXT = re.compile(r"学期|学年|周|时|进程|分配|安排|开课|开设|教学")
# columns numbered for something else: a matrix of requirements
_OTHER = re.compile(r"毕业要求|指标|能力|素质|目标|规格|任务|岗位")
# semester and its weeks: 1/15, 一/16周; year and its half: 一（2）, 2-1, Ⅱ.2
_SEMESTER_WEEKS = re.compile(r"(.{1,4}?)[/／](?:[89]|1\d|2[0-6])(?:周|[wW])?")
_YEAR_HALF = re.compile(r"([1-5一二三四五Ⅰ-Ⅴ])(?:[-－—.·/／]([1-3一二三])|[(]([1-3一二三])[)])")
# （一）第二学期课程安排, 第一学年第2学期（16周）
_HEADING = re.compile(
    r"(?:.{0,10}[、.．)）:：])?(?:第?(?P<year>[一二三四五1-5])学年)?[,，]?第?(?P<number>[一二三四五六七八九1-9]|十|10)学期"
    r"(?:[（(].*[)）])?(?:课程|教学|安排|设置|开设|计划|进程|进度|一览|表)*[:：]?"
)
_TIMES = {"上": 1, "秋": 1, "下": 2, "春": 2}


@dataclass(frozen=True, slots=True)
class SemesterLabel:
    """A semester column: its name (``1``, ``暑假1``), the unit its header names, the weeks its header gives."""

    name: str
    unit: Unit | None
    weeks: float | None


def semester_heading(text: str) -> str:
    """The semester that a heading names as a whole (``（一）第二学期课程安排``), "" for any other text."""
    match = _HEADING.fullmatch(flat(text)) if len(text) <= 40 else None
    number = ordinal(match["number"]) if match else None
    if match is None or number is None:
        return ""
    year = ordinal(match["year"]) if match["year"] else None
    return str((year - 1) * 2 + number if year and number <= 2 else number)


@dataclass(frozen=True, slots=True)
class _Label:
    number: int | None
    year: int | None
    summer: bool


def semester_columns(names: Sequence[tuple[str, ...]]) -> dict[int, SemesterLabel]:
    """The semester columns among a table's columns.

    Parameters
    ----------
    names : header texts of each column, top down, verbatim; () for a column that cannot be one.

    Returns
    -------
    Label by position in ``names``. Columns count as semesters where at least two of them carry numbers that begin with
    1 or stand under a heading of semesters or years; a second run of the same numbers (credits beside hours) is left
    out unless it is the one whose header names hours.
    """
    labels = {position: label for position, column in enumerate(names) if (label := _label(column))}
    runs = _runs(labels, names)
    if not runs:
        return {}
    best = max(runs, key=lambda run: (len(run) >= 4, _rank(names[run[0]]), len(run)))
    return _named(best, labels, names)


def _label(names: tuple[str, ...]) -> _Label | None:
    """The first header text that names a semester, with the year named above it."""
    year: int | None = None
    for text in names:
        plain = flat(text)
        core = flat(_BRACKET.sub("", text))
        if match := _YEAR_HALF.fullmatch(plain):
            return _Label(ordinal(match[2] or match[3]), ordinal(match[1]), False)
        if match := _YEAR.fullmatch(core):
            year = ordinal(match[1] or match[2])
        elif _SUMMER.search(plain) and len(plain) <= 12:
            return _Label(None, year, True)
        elif (found := _number(text, core, year)) is not None:
            return _Label(found[0], found[1], False)
    return None


def _number(text: str, core: str, year: int | None) -> tuple[int, int | None] | None:
    for candidate in (core, *(flat(line) for line in text.splitlines()), _WEEKS.sub("", core)):
        plain = match[1] if (match := _SEMESTER_WEEKS.fullmatch(candidate)) else candidate
        if match := _YEAR.match(plain):
            year, plain = ordinal(match[1] or match[2]), plain[match.end() :]
        if match := _HALF.fullmatch(plain):
            year = ordinal(match[2]) if match[2] else year
            return _TIMES[match[1] or match[3]], year
        value = ordinal(re.sub(r"学期|期$", "", plain))
        if value is not None and 1 <= value <= 12:
            return value, year
    return None


def _runs(labels: dict[int, _Label], names: Sequence[tuple[str, ...]]) -> list[list[int]]:
    """Stretches of neighbouring semester columns, cut where the numbers begin again (years of two apart)."""
    runs: list[list[int]] = []
    for position in sorted(labels):
        if runs and _neighbours(runs[-1][-1], position, names) and not _restarts(runs[-1], position, labels):
            runs[-1].append(position)
        else:
            runs.append([position])
    return [run for run in runs if _is_run(run, labels, names)]


def _neighbours(first: int, second: int, names: Sequence[tuple[str, ...]]) -> bool:
    """Whether two columns stand side by side, or with only columns of the same heading between them."""
    between = [names[first][0], *(column[0] if column else "" for column in names[first + 1 : second])]
    return second - first == 1 or (second - first <= 2 and set(between) == {names[second][0]})


def _restarts(run: Sequence[int], position: int, labels: dict[int, _Label]) -> bool:
    """Whether a column begins a second list of semesters: number 1 again after at least three others."""
    numbers = {labels[p].number for p in run if labels[p].number}
    label = labels[position]
    return label.year is None and label.number == 1 and len(numbers) >= 3


def _is_run(run: Sequence[int], labels: dict[int, _Label], names: Sequence[tuple[str, ...]]) -> bool:
    numbers = [number for p in run if (number := labels[p].number)]
    if len(set(numbers)) < 2 and not any(labels[p].year for p in run):
        return False
    headings = [flat(text) for p in run for text in names[p]]
    if any(map(_OTHER.search, headings)) or max(numbers) > 12:
        return False
    years = {label.year for p in run if (label := labels[p]).year}
    if any(map(_CONTEXT.search, headings)) or len(years) > 1:
        return True
    # bare numbers: from 1, or in a row from a later semester (the upper part of five years)
    in_a_row = all(b - a == 1 for a, b in pairwise(numbers))
    return len(set(numbers)) >= 3 and (numbers[0] == 1 or (in_a_row and len(numbers) >= 4))


def _rank(names: tuple[str, ...]) -> int:
    """Hours before credits, where both have a list of semesters."""
    unit = _unit(names)
    return 0 if unit == "credits" else 2 if unit == "hours" else 1


def _named(run: Sequence[int], labels: dict[int, _Label], names: Sequence[tuple[str, ...]]) -> dict[int, SemesterLabel]:
    """Names of the semesters of a run: numbers that start again in each year are counted through."""
    numbers = [labels[p].number for p in run]
    plain = [number for number in numbers if number]
    yearly = any(b < a for a, b in pairwise(plain))
    found: dict[int, SemesterLabel] = {}
    summers, count = 0, 0
    before: tuple[int | None, int | None] = (None, None)
    for position in run:
        label = labels[position]
        if label.summer:
            summers += 1
            name = f"暑假{summers}"
        else:
            here = (label.year, label.number)
            count += here != before
            before = here
            number = label.number
            if yearly:
                number = (label.year - 1) * 2 + number if label.year and number and number <= 2 else count
            name = str(number)
        found[position] = SemesterLabel(name, _unit(names[position]), _weeks(names[position]))
    return found


def _unit(names: tuple[str, ...]) -> Unit | None:
    """The unit that the header names, the innermost text first."""
    for text in reversed(names):
        plain = flat(text)
        if re.search(r"周(?:学|课)?时|(?:学|课)?时/周", plain):
            return "hours_per_week" if "学分" not in plain else "credits"
        if re.search(r"(?:学|课)时", plain):
            return "hours" if "学分" not in plain else None
        if "学分" in plain:
            return "credits"
        if re.fullmatch(r"(?:教学)?周数", plain):
            return "weeks"
    return None


def _weeks(names: tuple[str, ...]) -> float | None:
    """Weeks of the semester: ``1（16w）``, or a number of its own below the semester's."""
    for text in names:
        if (found := weeks_inside(text)) is not None:
            return found
    last = flat(names[-1])
    if _SEMESTER_WEEKS.fullmatch(last):
        return float(re.findall(r"\d+", last)[-1])
    return float(last) if len(names) > 1 and re.fullmatch(r"[89]|1\d|2[0-6]", last) else None
