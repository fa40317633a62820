"""Where a document teaches what: its chapters beside the requirements, or beside the courses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from api.rendering import words
from api.rendering.reading.outline import Outline, Section
from api.rendering.view import GroupView, ReportView

By = Literal["statement", "course"]
#: More requirements than this in scope, and the map begins with the courses.
MOST_COLUMNS = 40


@dataclass(frozen=True, slots=True)
class Column:
    """A requirement or a course: its id, a short label and its whole text."""

    id: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class HeatCell:
    """How many elements of a column a chapter covers, and how many it only touches."""

    covered: int = 0
    touched: int = 0

    @property
    def total(self) -> int:
        """Both together."""
        return self.covered + self.touched

    @property
    def shade(self) -> int:
        """How dark the cell is, 0 to 4."""
        weight = self.covered + self.touched / 2
        return 0 if weight == 0 else 1 if weight < 1 else 2 if weight < 2 else 3 if weight < 4 else 4


EMPTY = HeatCell()


@dataclass(frozen=True)
class HeatMap:
    """Chapters x requirements.

    Parameters
    ----------
    view, outline : the report, and the document's chapters.
    by : what the columns are.
    """

    view: ReportView
    outline: Outline
    by: By

    @classmethod
    def of(cls, view: ReportView, outline: Outline, by: By | None = None) -> HeatMap:
        """The map by requirements where they are few enough, else by courses."""
        few = sum(len(group.statements) for group in view.scoped) <= MOST_COLUMNS
        return cls(view, outline, by or ("statement" if few else "course"))

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """Requirements of the scope, or all courses."""
        if self.by == "course":
            groups: Sequence[GroupView] = self.view.groups
            return tuple(Column(group.id, words.flat(group.title, 12), group.title) for group in groups)
        statements = (entry.statement for group in self.view.scoped for entry in group.statements)
        return tuple(Column(s.id, s.id, words.flat(s.text, 120)) for s in statements)

    @cached_property
    def rows(self) -> tuple[tuple[Section, tuple[HeatCell, ...]], ...]:
        """Each chapter with its cells."""
        return tuple(
            (section, tuple(self._cells.get((section.number, column.id), EMPTY) for column in self.columns))
            for section in self.outline.sections
            if section.title or any(number == section.number for number, _ in self._cells)
        )

    @cached_property
    def totals(self) -> tuple[HeatCell, ...]:
        """Each column over the whole document."""
        found: dict[str, list[int]] = {}
        for match in self._matches():
            found.setdefault(self._column(match.element.statement), []).append(match.grade)
        return tuple(HeatCell(found.get(c.id, []).count(2), found.get(c.id, []).count(1)) for c in self.columns)

    def data(self) -> dict[str, Any]:
        """What the drawing needs: labels, and ``[column, row, weight]`` of the cells that are not empty."""
        return {
            "by": self.by,
            "columns": [[column.id, column.label, column.text] for column in self.columns],
            "rows": [[section.number, section.title, section.depth] for section, _ in self.rows],
            "cells": [
                [x, y, cell.covered, cell.touched]
                for y, (_, cells) in enumerate(self.rows)
                for x, cell in enumerate(cells)
                if cell.total
            ],
            "totals": [[cell.covered, cell.touched] for cell in self.totals],
        }

    def _matches(self) -> Any:
        groups = self.view.groups if self.by == "course" else self.view.scoped
        return (m for group in groups for entry in group.statements for m in entry.matches if m.grade)

    def _column(self, statement: str) -> str:
        if self.by == "statement":
            return statement
        standard = self.view.report.standard
        return standard.course_of(statement) or standard.by_id[statement].kind

    @cached_property
    def _cells(self) -> dict[tuple[int, str], HeatCell]:
        counts: dict[tuple[int, str], list[int]] = {}
        for match in self._matches():
            column = self._column(match.element.statement)
            for number in {self.outline.at(e.locator.start).number for e in match.evidence}:
                counts.setdefault((number, column), []).append(match.grade)
        return {key: HeatCell(grades.count(2), grades.count(1)) for key, grades in counts.items()}
