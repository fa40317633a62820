"""A dashboard as its page shows it: the map of documents and requirements, elements by course and statement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from alignment.portfolio import Entry, Held, Portfolio
from api.auth.principal import Principal
from api.services.paging import PageRequest
from api.services.reports import list_reports
from corpora.standard import Standard, Statement

if TYPE_CHECKING:
    from api.service import Service

#: Most documents of the chart, and of the lists beside it; exports have all.
CHARTED = 80
LISTED = 200
_LONG = 24


@dataclass(frozen=True)
class HeatRow:
    """A document with its coverage of each column, in 0..1."""

    entry: Entry
    ratios: tuple[float, ...]


@dataclass(frozen=True)
class HeatMap:
    """Documents by requirements.

    Parameters
    ----------
    course : None where the columns are courses and competencies, else the course whose statements they are.
    columns : the statements.
    rows : the documents, those that cover most of the columns first.
    union : coverage of each column by all documents together.
    """

    course: Statement | None
    columns: tuple[Statement, ...]
    rows: tuple[HeatRow, ...]
    union: tuple[float, ...]

    def chart(self) -> dict[str, Any]:
        """What the chart's script reads: columns, rows (report, title) and cells (column, row, per cent)."""
        shown = self.rows[:CHARTED]
        cells = [(x, y, round(100 * ratio)) for y, row in enumerate(shown) for x, ratio in enumerate(row.ratios)]
        return {
            "columns": [[column.id, _short(column)] for column in self.columns],
            "rows": [[row.entry.id, row.entry.title] for row in shown],
            "cells": cells,
            "union": [round(100 * ratio) for ratio in self.union],
        }


@dataclass(frozen=True)
class HeldStatement:
    """A statement with those of its elements that are listed."""

    statement: Statement
    held: tuple[Held, ...]


@dataclass(frozen=True)
class HeldCourse:
    """A course, None for statements of no course, with its listed statements."""

    course: Statement | None
    statements: tuple[HeldStatement, ...]

    @property
    def count(self) -> int:
        """How many elements are listed."""
        return sum(len(item.held) for item in self.statements)


def usual_standard(service: Service, principal: Principal, known: Iterable[str]) -> str:
    """The standard of the latest finished report that the principal sees, else the first of those known."""
    latest = list_reports(service, principal, PageRequest(1), state="done").items
    return latest[0].standard if latest else next(iter(known), "")


def heat_map(portfolio: Portfolio, course_id: str = "") -> HeatMap:
    """The map of a portfolio: courses and competencies, or the statements of one course of the standard."""
    standard = portfolio.standard
    course = next((course for course in standard.core_courses if course.id == course_id), None)
    places = [place for place, s in enumerate(portfolio.statements) if _is_column(standard, s, course)]
    places.sort(key=lambda place: portfolio.statements[place].kind == "competency")
    part = portfolio.matrix[:, places]
    order = np.argsort(-part.sum(axis=1), kind="stable").tolist()
    rows = tuple(HeatRow(portfolio.entries[n], tuple(part[n].tolist())) for n in order)
    columns = tuple(portfolio.statements[place] for place in places)
    return HeatMap(course, columns, rows, tuple(portfolio.union_ratios[places].tolist()))


def _is_column(standard: Standard, statement: Statement, course: Statement | None) -> bool:
    if course is None:
        return statement.kind in ("core_course", "competency")
    return statement.id != course.id and standard.course_of(statement.id) == course.id


def by_course(standard: Standard, found: Iterable[Held]) -> tuple[HeldCourse, ...]:
    """Elements by course and statement, in the order in which they come."""
    courses: dict[str, dict[str, list[Held]]] = {}
    for held in found:
        statement = held.element.statement
        courses.setdefault(standard.course_of(statement) or "", {}).setdefault(statement, []).append(held)
    known = standard.by_id
    return tuple(
        HeldCourse(known.get(course), tuple(HeldStatement(known[id], tuple(items)) for id, items in statements.items()))
        for course, statements in sorted(courses.items(), key=lambda pair: _place(standard, pair[0]))
    )


def _place(standard: Standard, course: str) -> int:
    ids = [item.id for item in standard.core_courses]
    return ids.index(course) if course in ids else len(ids)


def trend_chart(points: Sequence[Any]) -> dict[str, Any]:
    """What the trend's script reads: names, days, and per cent covered, touched or more."""
    return {
        "names": [point.name for point in points],
        "days": [f"{point.at:%Y-%m-%d}" for point in points],
        "covered": [round(100 * point.coverage_ratio, 1) for point in points],
        "reached": [
            round(100 * (point.covered + point.touched) / max(point.covered + point.touched + point.missing, 1), 1)
            for point in points
        ],
    }


def _short(statement: Statement) -> str:
    text = statement.label
    return text if len(text) <= _LONG else text[: _LONG - 1] + "…"
