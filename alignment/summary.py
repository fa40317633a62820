"""What follows from the matches of a document: coverage of statements, gaps, indices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from alignment.coverage import statement_coverage
from alignment.gaps import find_gaps
from alignment.indices import porter, webb
from alignment.model import Gap, Match, StatementCoverage
from alignment.suggest import Suggester
from corpora.document import DocumentKind, Hours
from corpora.expressions import Expression
from corpora.standard import Standard


@dataclass(frozen=True)
class Summary:
    """The parts of a report that are derived from its matches and nothing else (see ``GapReport``)."""

    statements: tuple[StatementCoverage, ...]
    gaps: tuple[Gap, ...]
    webb: dict[str, float]
    porter: dict[str, float] | None


def summarise(standard: Standard, matches: Sequence[Match], scope: Sequence[str], suggester: Suggester) -> Summary:
    """Derive all of it.

    Parameters
    ----------
    matches : of every teachable element, in the standard's order.
    scope : ids of the core courses that decide gaps and indices.
    suggester : words the suggestions of the gaps.
    """
    scoped = decisive(standard, matches, scope)
    return Summary(statement_coverage(standard, matches), find_gaps(scoped, suggester), webb(scoped), porter(scoped))


def decisive(standard: Standard, matches: Sequence[Match], scope: Sequence[str]) -> tuple[Match, ...]:
    """The matches that decide gaps and indices: those in scope; all where no element belongs to a course."""
    courses = [standard.course_of(match.element.statement) for match in matches]
    if not any(courses):
        return tuple(matches)
    return tuple(match for match, course in zip(matches, courses, strict=True) if course in scope)


def suggester_for(
    expressions: Sequence[Expression], hours: Hours, kind: DocumentKind, scoped: Sequence[Match]
) -> Suggester:
    """The suggester for one document; it proposes hours as the document spends them, of a plan none.

    Parameters
    ----------
    expressions : the standard's bank.
    hours : of the document.
    scoped : the system's matches in scope.
    """
    return Suggester(expressions, None if kind == "plan" else _hours_per_element(hours, scoped))


def _hours_per_element(hours: Hours, scoped: Sequence[Match]) -> float | None:
    """Class hours that the document gives each element it teaches, None where it states no hours."""
    total = hours.stated or hours.table_sum
    taught = sum(match.grade > 0 for match in scoped)
    return total / taught if total and taught else None
