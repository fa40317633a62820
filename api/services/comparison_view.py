"""Reports side by side as a page shows them: the choice of reports, and elements by statement and course."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from alignment.compare import Change, Comparison, ElementRow, StatementRow
from api.auth.principal import Principal
from api.services.paging import MOST, PageRequest
from api.services.reports import list_reports
from api.store.models import Report
from corpora.standard import Statement

if TYPE_CHECKING:
    from api.service import Service

#: all: every element in scope; differ: those on which the documents differ; gaps: those that none covers.
Only = Literal["all", "differ", "gaps"]


@dataclass(frozen=True)
class Choice:
    """Reports that can be put side by side: versions of one text, the older first, and all others, newest first."""

    versions: tuple[tuple[Report, Report], ...]
    reports: tuple[Report, ...]


@dataclass(frozen=True)
class StatementGroup:
    """A statement with its coverage and its elements."""

    row: StatementRow
    elements: tuple[ElementRow, ...]


@dataclass(frozen=True)
class CourseGroup:
    """A course with its coverage, None for the statements that belong to none, and its statements."""

    course: Statement | None
    row: StatementRow | None
    statements: tuple[StatementGroup, ...]


def choice(service: Service, principal: Principal, text: str = "", chosen: Sequence[str] = ()) -> Choice:
    """The latest finished reports of documents whose name holds a text; those already chosen stand first.

    Versions of the chosen documents stand before other versions.
    """
    found = list_reports(service, principal, PageRequest(MOST), state="done").items
    wanted = text.strip().casefold()
    latest: dict[tuple[str, str], Report] = {}
    for report in found:
        latest.setdefault((report.document_id, report.standard), report)
    pairs = [
        (latest[earlier, report.standard], report)
        for report in latest.values()
        if (earlier := report.document.previous_id or "") and (earlier, report.standard) in latest
    ]
    shown = [r for r in found if r.id in chosen or wanted in r.document.name.casefold()]
    shown.sort(key=lambda report: report.id not in chosen)
    pairs = [pair for pair in pairs if any(wanted in report.document.name.casefold() for report in pair)]
    pairs.sort(key=lambda pair: not {pair[0].id, pair[1].id} & set(chosen))
    return Choice(tuple(pairs), tuple(shown))


def matrix(comparison: Comparison, only: Only = "all") -> tuple[CourseGroup, ...]:
    """The elements in scope by course and statement, in the standard's order; empty groups are left out."""
    standard = comparison.standard
    ratios = {row.statement.id: row for row in comparison.statements}
    courses: dict[str, dict[str, list[ElementRow]]] = {}
    for row in comparison.scoped:
        if _wanted(row, only):
            statement = row.element.statement
            courses.setdefault(standard.course_of(statement) or "", {}).setdefault(statement, []).append(row)
    return tuple(
        CourseGroup(
            standard.by_id.get(course),
            ratios.get(course),
            tuple(StatementGroup(ratios[id], tuple(rows)) for id, rows in statements.items()),
        )
        for course, statements in courses.items()
    )


def _wanted(row: ElementRow, only: Only) -> bool:
    if only == "differ":
        return len(set(row.grades)) > 1
    return only == "all" or max(row.grades) < 2


@dataclass(frozen=True)
class Moves:
    """What changed between two documents, sorted by what a reader asks first."""

    better: tuple[Change, ...]
    gone: tuple[Change, ...]
    worse: tuple[Change, ...]
    raised: tuple[Change, ...]
    lowered: tuple[Change, ...]

    def __iter__(self) -> Iterator[tuple[Change, ...]]:
        return iter((self.gone, self.worse, self.better, self.lowered, self.raised))


def moves(better: Sequence[Change], lost: Sequence[Change], levels: Sequence[Change]) -> Moves:
    """Sort changes: an element whose grade fell to 0 is gone, other falls are worse; levels rose or fell."""
    return Moves(
        tuple(better),
        tuple(change for change in lost if change.after.grade == 0),
        tuple(change for change in lost if change.after.grade > 0),
        tuple(change for change in levels if (change.after.level_found or 0) > (change.before.level_found or 0)),
        tuple(change for change in levels if (change.after.level_found or 0) < (change.before.level_found or 0)),
    )
