"""Course rows of a plan as read, beside its truth: rows found, and their cells compared one by one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from corpora.programme.model import Figure, PlanCourse, SemesterCell
from eval.plan_truth import CATEGORIES, PlanTruth

_BRACKETS = str.maketrans({"（": "(", "）": ")", "，": ",", "：": ":", "－": "-", "—": "-"})
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True)
class RowScores:
    """Rows and cells of one plan.

    ``right``/``cells`` count the cells of the rows that were found; ``wrong`` names each cell that differs, ``missed``
    and ``invented`` the rows.
    """

    truth: int
    found: int
    matched: int
    cells: int
    right: int
    wrong: tuple[str, ...] = field(default=(), repr=False)
    missed: tuple[str, ...] = field(default=(), repr=False)
    invented: tuple[str, ...] = field(default=(), repr=False)

    @property
    def recall(self) -> float:
        """Share of the truth's rows that were found; 1 without any."""
        return self.matched / self.truth if self.truth else 1.0

    @property
    def precision(self) -> float:
        """Share of the rows found that the truth has; 1 without any."""
        return self.matched / self.found if self.found else 1.0

    @property
    def cell_accuracy(self) -> float:
        """Share of the compared cells that agree; 1 without any."""
        return self.right / self.cells if self.cells else 1.0


def score_rows(truth: PlanTruth, courses: Sequence[PlanCourse]) -> RowScores:
    """Pair the rows by name and, among equal names, by place and figures; compare the cells of the pairs."""
    pairs, missed, left = _pair(truth.courses, list(courses))
    wrong: list[str] = []
    cells = 0
    for raw, course in pairs:
        for name, expected, found in _cells(raw, course):
            cells += 1
            if not _same(expected, found):
                wrong.append(f"{raw['name']} {name}: {expected!r} / {found!r}")
    return RowScores(
        truth=len(truth.courses),
        found=len(courses),
        matched=len(pairs),
        cells=cells,
        right=cells - len(wrong),
        wrong=tuple(wrong),
        missed=tuple(raw["name"] for raw in missed),
        invented=tuple(course.name for course in left),
    )


def _pair(
    raws: Sequence[dict[str, Any]], courses: list[PlanCourse]
) -> tuple[list[tuple[dict[str, Any], PlanCourse]], list[dict[str, Any]], list[PlanCourse]]:
    """Named rows first, then rows without a name by their figures."""
    pairs: list[tuple[dict[str, Any], PlanCourse]] = []
    missed: list[dict[str, Any]] = []
    for raw in sorted(raws, key=_unnamed):
        fitting = [c for c in courses if (c.placeholder if _unnamed(raw) else flat(c.name) == flat(raw["name"]))]
        best = max(fitting, key=lambda course: _likeness(raw, course), default=None)
        if best is None:
            missed.append(raw)
            continue
        pairs.append((raw, best))
        courses.remove(best)
    return pairs, missed, courses


def _unnamed(raw: dict[str, Any]) -> bool:
    return "未命名" in raw["name"]


def _likeness(raw: dict[str, Any], course: PlanCourse) -> int:
    """How many cells agree, the place counting most."""
    place = raw["locator"].get("row") == course.row and raw["locator"].get("table") == course.table
    return 10 * place + sum(_same(expected, found) for _, expected, found in _cells(raw, course))


def _cells(raw: dict[str, Any], course: PlanCourse) -> Iterator[tuple[str, Any, Any]]:
    """(name of the cell, what the truth has, what was read); a second defensible category counts as agreed."""
    yield "code", raw.get("code") or "", course.code
    accepted = {CATEGORIES[raw["category"]], CATEGORIES.get(raw.get("category_alt", ""))}
    yield "category", raw["category"], raw["category"] if course.category in accepted else course.category
    yield "required", raw["required"], course.required
    yield "credits", raw.get("credits"), _value(course.credits)
    yield "hours", raw.get("hours_total"), _value(course.hours)
    yield "theory", raw.get("hours_theory"), _value(course.theory)
    yield "practice", raw.get("hours_practice"), _value(course.practice)
    yield "semesters", _expected_semesters(raw["semesters"]), _read_semesters(raw["semesters"], course.semesters)
    if raw.get("exam"):
        yield "exam", raw["exam"], course.exam


def _value(figure: Figure | None) -> float | None:
    return figure.value if figure else None


def _same(expected: Any, found: Any) -> bool:
    if isinstance(expected, str) and isinstance(found, str):
        return flat(expected) == flat(found)
    return bool(expected == found)


def flat(text: str) -> str:
    """Text without spaces, with half-width brackets."""
    return "".join(text.split()).translate(_BRACKETS)


def _expected_semesters(raw: dict[str, Any]) -> dict[str, str]:
    return {_key(key): flat(str(value)) for key, value in raw.items()}


def _read_semesters(raw: dict[str, Any], cells: Sequence[SemesterCell]) -> dict[str, str]:
    """As printed; a truth that words a cell (``2 周``, ``4 学分 192 学时``) is met by any of its numbers."""
    worded = {_key(key): flat(str(value)) for key, value in raw.items()}
    found = {}
    for cell in cells:
        key, text = _key(cell.semester), flat(cell.text)
        numbers = _NUMBER.findall(text)
        expected = worded.get(key, "")
        agrees = numbers and numbers[0] in _NUMBER.findall(expected) and len(expected) > len(text)
        found[key] = expected if agrees and ("周" in expected or "学" in expected) else text
    return found


def _key(semester: str) -> str:
    return re.split(r"[(（]", semester)[0]
