"""The truth of labelled programme plans: their courses, figures, rule verdicts, contradictions, as people read them.

A folder of plans holds one JSON file a plan (``P1.json``) beside the documents' folder. ``programme_of`` makes a
``Programme`` of a truth's own courses and figures, so that the rule engine is measured apart from the reading.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpora.document import Document, Locator
from corpora.errors import UsageError
from corpora.programme.model import (
    Category,
    Choice,
    Exam,
    Fact,
    FactKind,
    Figure,
    PlanCourse,
    Programme,
    Schedule,
    SemesterCell,
    StatedTotal,
    Unit,
)

DEFAULT_FOLDER = Path(__file__).resolve().parents[2] / "shared" / "gold" / "plans"
CATEGORIES: dict[str, Category] = {
    "公共基础": "public",
    "专业基础": "foundation",
    "专业核心": "core",
    "专业拓展": "extension",
    "实践": "practice",
    "other": "other",
}

#: Which fact a figure of ``stated`` or ``faculty`` is, and its unit.
_FACTS: tuple[tuple[str, str, FactKind, Unit], ...] = (
    ("total_hours", "value", "total_hours", "hours"),
    ("total_credits", "value", "total_credits", "credits"),
    ("theory_hours", "value", "theory_hours", "hours"),
    ("practice_hours", "value", "practice_hours", "hours"),
    ("practice_share_pct", "value", "practice_share", "percent"),
    ("public_hours", "value", "public_hours", "hours"),
    ("public_share_pct", "value", "public_share", "percent"),
    ("elective_hours", "value", "elective_hours", "hours"),
    ("elective_credits", "value", "elective_credits", "credits"),
    ("internship", "months", "internship_months", "months"),
    ("internship", "weeks", "internship_weeks", "weeks"),
    ("internship", "weeks_time_table", "internship_weeks", "weeks"),
    ("internship", "credits", "internship_credits", "credits"),
    ("double_qualified_share", "value_pct", "double_qualified_share", "percent"),
    ("senior_share", "value_pct", "senior_share", "percent"),
)
#: The amounts of a course, a choice or a total, and their keys in the truth.
_AMOUNTS = {
    "credits": "credits",
    "hours": "hours_total",
    "theory": "hours_theory",
    "practice": "hours_practice",
}
_QUOTA = re.compile(r"(\d+) cr / (\d+) h counted")
_NOWHERE = Locator(0, 0, 1)


@dataclass(frozen=True)
class PlanTruth:
    """What people found in one plan; ``data`` is the JSON as it stands."""

    id: str
    data: dict[str, Any]

    @property
    def files(self) -> tuple[str, ...]:
        """Names of the plan's files, the plan itself first."""
        return tuple(name for name in (self.data["file"], self.data.get("workbook")) if name)

    @property
    def courses(self) -> list[dict[str, Any]]:
        """The course rows."""
        return list(self.data["courses"])

    @property
    def rules(self) -> dict[str, dict[str, Any]]:
        """Verdicts on the numeric and the other rules, by rule id."""
        return {**self.data["rules"], **self.data["other_rules"]}


def load_truth(name: str, folder: Path = DEFAULT_FOLDER) -> PlanTruth:
    """The truth of one plan.

    Raises
    ------
    UsageError : the folder holds none of this name.
    """
    path = folder / f"{name}.json"
    if not path.is_file():
        raise UsageError("没有这个方案的标注", where=str(path), advice="请检查标注文件夹")
    return PlanTruth(name, json.loads(path.read_text("utf-8")))


def load_truths(folder: Path = DEFAULT_FOLDER) -> tuple[PlanTruth, ...]:
    """All truths of a folder, by name."""
    return tuple(load_truth(path.stem, folder) for path in sorted(folder.glob("*.json")))


def programme_of(truth: PlanTruth, document: Document | None = None) -> Programme:
    """The programme that the truth's own rows and figures make.

    ``document`` is the plan as read; without it the figures' locators are bare table and row numbers.
    """
    document = document or Document(truth.files[0], "", "truth", ())
    courses = tuple(_course(raw, document) for raw in truth.courses)
    return Programme(
        document=document,
        name=truth.data["major"],
        code=truth.data["code"],
        grade=str(truth.data["grade"]),
        end=len(document.text),
        annex_start=len(document.text),
        schedule=Schedule(courses, _choices(truth.courses), _totals(truth, len(courses))),
        facts=tuple(_facts(truth)),
    )


def _course(raw: dict[str, Any], document: Document) -> PlanCourse:
    place = _place(raw["locator"], document)
    semesters = tuple(_semester(key, value, place) for key, value in raw["semesters"].items())
    weeks = [cell.value for cell in semesters if cell.unit == "weeks" and cell.value]
    exam: Exam = "考试" if raw.get("exam") == "考试" else "考查" if raw.get("exam") else ""
    return PlanCourse(
        name=raw["name"],
        category=CATEGORIES[raw["category"]],
        category_text=raw["category_text"],
        table=place.table or 0,
        row=place.row or 0,
        locator=place,
        code=raw.get("code") or "",
        category_note=raw.get("category_note", ""),
        category_alt=CATEGORIES.get(raw.get("category_alt", "")),
        required=raw["required"],
        credits=_figure(raw.get("credits"), place),
        hours=_figure(raw.get("hours_total"), place),
        theory=_figure(raw.get("hours_theory"), place),
        practice=_figure(raw.get("hours_practice"), place),
        theory_derived=bool(raw.get("theory_derived")),
        weeks=_figure(sum(weeks), place) if weeks else None,
        semesters=semesters,
        alternative_semesters=bool(raw.get("semesters_alternative")),
        exam=exam,
        placeholder=bool(raw.get("placeholder")),
    )


def _place(raw: dict[str, Any], document: Document) -> Locator:
    table, row = raw.get("table", 0), raw.get("row", 0)
    rows = (b.locator for b in document.blocks if b.locator.table == table and b.locator.row == row)
    return next(rows, Locator(0, 0, 1, table=table or None, row=row or None))


def _figure(value: float | None, place: Locator) -> Figure | None:
    return None if value is None else Figure(float(value), f"{value:g}", place)


def _semester(key: str, value: Any, place: Locator) -> SemesterCell:
    text = str(value)
    numbers = [float(number) for number in re.findall(r"\d+(?:\.\d+)?", text)]
    in_weeks = re.search(r"[wW周]", text) is not None
    unit: Unit = "weeks" if in_weeks else "hours_per_week" if isinstance(value, str) and "/" not in text else "hours"
    number = sum(numbers) if "+" in text else numbers[-1] if numbers else None
    return SemesterCell(key, text, place, unit, number)


def _choices(raw: list[dict[str, Any]]) -> tuple[Choice, ...]:
    groups: dict[str, list[int]] = {}
    for number, course in enumerate(raw):
        if course.get("group"):
            groups.setdefault(course["group"], []).append(number)
    directions = {name: rows for name, rows in groups.items() if name.startswith("方向")}
    merged = (_merged(name, rows, raw) for name, rows in groups.items() if name not in directions)
    return (*_direction(directions, raw), *merged, *_quota(raw))


def _direction(directions: dict[str, list[int]], raw: list[dict[str, Any]]) -> Iterator[Choice]:
    if directions:
        options = tuple(map(tuple, directions.values()))
        first = [raw[number] for number in options[0]]
        sums = {name: float(sum(course[key] or 0 for course in first)) for name, key in _AMOUNTS.items()}
        yield Choice("方向", "direction", options, 1, basis="几个方向只选一个", **sums)


def _merged(name: str, rows: list[int], raw: list[dict[str, Any]]) -> Choice:
    first = raw[rows[0]]
    values = {amount: first[key] for amount, key in _AMOUNTS.items()}
    return Choice(name, "merged", tuple((row,) for row in rows), 1, basis="几行共用一个合并单元格", **values)


def _quota(raw: list[dict[str, Any]]) -> Iterator[Choice]:
    found = {n: _QUOTA.search(course.get("required_note") or "") for n, course in enumerate(raw)}
    rows = [n for n, match in found.items() if match]
    if rows and (match := found[rows[0]]):
        credits, hours = float(match[1]), float(match[2])
        share = hours / sum(raw[n]["hours_total"] for n in rows)
        theory, practice = (share * sum(raw[n][key] for n in rows) for key in ("hours_theory", "hours_practice"))
        basis = "小计只计其中一部分"
        yield Choice("限选", "quota", tuple((n,) for n in rows), None, credits, hours, theory, practice, basis)


def _totals(truth: PlanTruth, courses: int) -> tuple[StatedTotal, ...]:
    stated = truth.data["stated"]
    credits, hours, theory, practice = (
        _figure(stated[key]["value"], _NOWHERE)
        for key in ("total_credits", "total_hours", "theory_hours", "practice_hours")
    )
    return (StatedTotal("总计", "", 0, tuple(range(courses)), 0, 0, _NOWHERE, credits, hours, theory, practice),)


def _facts(truth: PlanTruth) -> Iterator[Fact]:
    yield Fact("years", Figure(float(truth.data["years"]), truth.data["years_quote"], _NOWHERE), "years")
    both = {**truth.data["stated"], **truth.data["faculty"]}
    for name, key, kind, unit in _FACTS:
        raw = both.get(name)
        value = raw.get(key) if isinstance(raw, dict) else None
        if isinstance(raw, dict) and value is not None:
            text = raw.get("quote") or f"{value:g}"
            yield Fact(kind, Figure(float(value), text, _NOWHERE), unit, raw.get("operator", "="))
