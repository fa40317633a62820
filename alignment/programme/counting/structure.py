"""The plan's hours as bars: by category, by semester, and in all, choices counted once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from alignment.programme.counting.ledger import Ledger
from alignment.programme.counting.tally import Measure, effective_choices, options_taken
from alignment.programme.model import HourCell, HourStructure
from corpora.programme.model import (
    CATEGORY_NAMES,
    Category,
    Choice,
    Figure,
    PlanCourse,
    Programme,
    SemesterCell,
    WeekRow,
)

MEASURES: tuple[Measure, ...] = ("hours", "credits", "theory", "practice")
#: Hours a week in practice weeks where the row does not say; Chinese colleges count 24 to 30.
WEEK_HOURS = 26.0
#: Teaching weeks of a semester where no table of weeks says otherwise.
TEACHING_WEEKS = 16.0
UNPLACED = "未注明学期"
_TEACHING = re.compile(r"课堂教学|理论教学|教学周|上课|课程教学|授课")
_NUMBER = re.compile(r"\d+")
_CHINESE = dict(zip("一二三四五六七八九十", range(1, 11), strict=True))


def hour_structure(programme: Programme, ledger: Ledger | None = None) -> HourStructure:
    """Hours by category and by semester, with the total that the rules use."""
    ledger = ledger or Ledger(programme)
    if not ledger.courses:
        stated = ledger.total("hours").stated
        return HourStructure(stated_total=stated.figure if stated else None)
    return HourStructure(
        categories=tuple(_categories(ledger)),
        semesters=tuple(_semesters(ledger)),
        total=_total(ledger),
        stated_total=stated.figure if (stated := ledger.total("hours").stated) else None,
    )


def _total(ledger: Ledger) -> HourCell:
    return _cell("合计", [ledger.total(measure).value or 0.0 for measure in MEASURES])


def _categories(ledger: Ledger) -> Iterator[HourCell]:
    for category, name in CATEGORY_NAMES.items():
        rows = ledger.pick(category)
        if rows:
            yield _cell(name, [ledger.own(rows, measure).low for measure in MEASURES], category)


def _cell(label: str, values: Sequence[float], category: Category | None = None) -> HourCell:
    hours, credits, theory, practice = (round(value, 2) for value in values)
    return HourCell(label, hours, credits, theory, practice, category)


def counted_shares(ledger: Ledger) -> dict[int, float]:
    """What part of each row is counted: 1, 0 for an option not taken or a row left out, a fraction within a quota."""
    shares = {n: 0.0 if n in ledger.left_out else 1.0 for n in range(len(ledger.courses))}
    for choice in effective_choices(ledger.schedule, "hours"):
        shares.update(_choice_shares(choice, ledger.courses))
    return shares


def taken_rows(ledger: Ledger) -> tuple[int, ...]:
    """Rows that are taught to one student, in order: of each choice only the options that are taken."""
    shares = dict.fromkeys(range(len(ledger.courses)), 1.0)
    for choice in effective_choices(ledger.schedule, "hours"):
        shares.update(_choice_shares(choice, ledger.courses))
    return tuple(n for n, share in shares.items() if share > 0)


def _choice_shares(choice: Choice, courses: Sequence[PlanCourse]) -> Iterator[tuple[int, float]]:
    take = options_taken(choice, courses)
    if take is not None and choice.kind != "quota":
        yield from ((n, float(place < take)) for place, option in enumerate(choice.options) for n in option)
        return
    printed = sum(_value(courses[n].hours) for n in choice.courses)
    part = take / len(choice.options) if take else 1.0
    share = choice.hours / printed if choice.hours is not None and printed else part
    yield from ((n, min(share, 1.0)) for n in choice.courses)


@dataclass
class _Bar:
    hours: float = 0.0
    credits: float = 0.0
    theory: float = 0.0
    practice: float = 0.0

    def add(self, course: PlanCourse, hours: float, part: float) -> None:
        """Add a part of a course: ``hours`` as placed, the rest in the same proportion."""
        self.hours += hours
        self.credits += _value(course.credits) * part
        self.theory += _value(course.theory) * part
        self.practice += _value(course.practice) * part


@dataclass
class _Bars:
    by_label: dict[str, _Bar] = field(default_factory=dict)

    def at(self, label: str) -> _Bar:
        return self.by_label.setdefault(label, _Bar())


def _semesters(ledger: Ledger) -> list[HourCell]:
    bars, shares = _Bars(), counted_shares(ledger)
    weeks = _teaching_weeks(ledger.programme.weeks)
    for number, course in enumerate(ledger.courses):
        if share := shares[number]:
            for label, hours, part in _placed(course, weeks):
                semester = semester_number(label)
                bars.at(str(semester) if semester else label).add(course, hours * share, part * share)
    cells = (
        _cell(_label(key), (bar.hours, bar.credits, bar.theory, bar.practice))
        for key, bar in sorted(bars.by_label.items(), key=lambda item: semester_key(item[0]))
    )
    return [cell for cell in cells if cell.hours or cell.credits]


def _placed(course: PlanCourse, weeks: dict[str, float]) -> Iterator[tuple[str, float, float]]:
    """(semester, hours, part of the course) of each filled cell; one cell only where several are alternatives.

    Weekly hours become the semester's through the row's own total, so that the bars add up to it; without a total they
    are multiplied by the semester's teaching weeks.
    """
    cells = [cell for cell in course.semesters if cell.unit != "credits"]
    cells = cells[:1] if course.alternative_semesters else cells
    sizes = [_size(cell, weeks) for cell in cells]
    known = [size for size in sizes if size is not None]
    whole = sum(known)
    total = course.hours.value if course.hours else whole
    if not cells or not (whole or len(known) < len(cells)):
        yield UNPLACED, total, 1.0
        return
    if not whole:  # marks only: in equal parts
        yield from ((cell.semester, total / len(cells), 1 / len(cells)) for cell in cells)
        return
    for cell, size in zip(cells, sizes, strict=True):
        if size:
            yield cell.semester, total * size / whole, size / whole


def _size(cell: SemesterCell, weeks: dict[str, float]) -> float | None:
    """Hours of a cell; weekly hours times teaching weeks, weeks times the hours of a practice week."""
    if cell.value is None:
        return None
    if cell.unit == "hours_per_week":
        return cell.value * weeks.get(str(semester_number(cell.semester)), TEACHING_WEEKS)
    return cell.value * WEEK_HOURS if cell.unit == "weeks" else cell.value


def _teaching_weeks(rows: Iterable[WeekRow]) -> dict[str, float]:
    found: dict[str, float] = {}
    for row in rows:
        for name, figure in row.weeks.items():
            if not row.total and _TEACHING.search(name) and 4 <= figure.value <= 22:
                found.setdefault(str(semester_number(row.semester) or row.semester), figure.value)
    return found


def semester_number(text: str) -> int | None:
    """The number in ``1``, ``第一学期``, ``一``; None for summer terms and the like."""
    if "暑" in text or "寒" in text or "假" in text:
        return None
    if found := _NUMBER.search(text):
        return int(found.group())
    return next((_CHINESE[character] for character in text if character in _CHINESE), None)


def semester_key(text: str) -> tuple[float, str]:
    """Order of semesters; a summer term stands after the semester it follows, what has no semester stands last."""
    if text == UNPLACED:
        return 99.0, text
    number = semester_number(text)
    if number is not None:
        return float(number), text
    found = _NUMBER.search(text)
    return (2 * int(found.group()) + 0.5 if found else 98.0), text


def _label(key: str) -> str:
    return f"第{key}学期" if key.isdigit() else key


def _value(figure: Figure | None) -> float:
    return figure.value if figure else 0.0
