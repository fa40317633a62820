"""Documents side by side against one standard, and two versions of one: who covers what, what was won and lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from alignment.model import GapReport, Match, RuleVerdict
from corpora.errors import UsageError
from corpora.standard import Element, Standard, Statement

#: Most documents side by side.
MOST = 6


@dataclass(frozen=True)
class ElementRow:
    """One element with its match in each document."""

    matches: tuple[Match, ...]

    @property
    def element(self) -> Element:
        """The element."""
        return self.matches[0].element

    @property
    def grades(self) -> tuple[int, ...]:
        """Its grade in each document."""
        return tuple(match.grade for match in self.matches)

    @property
    def covering(self) -> tuple[int, ...]:
        """Numbers of the documents that cover it, from 0."""
        return tuple(place for place, match in enumerate(self.matches) if match.grade == 2)

    @property
    def best(self) -> tuple[int, ...]:
        """Numbers of the documents that do best on it; of equal grades those that reach the required level."""
        ranks = [(match.grade, match.grade == 2 and not match.level_short) for match in self.matches]
        return _highest(ranks) if max(ranks)[0] else ()


@dataclass(frozen=True)
class StatementRow:
    """A statement or a course with its coverage in each document: mean of grade / 2, in 0..1."""

    statement: Statement
    ratios: tuple[float, ...]

    @property
    def best(self) -> tuple[int, ...]:
        """Numbers of the documents that cover it best; none where nobody does."""
        return _highest(self.ratios) if max(self.ratios) else ()


@dataclass(frozen=True)
class Comparison:
    """Two to six documents against the same standard.

    Parameters
    ----------
    names : of the documents, as a reader knows them.
    reports : one each.
    """

    names: tuple[str, ...]
    reports: tuple[GapReport, ...]

    @property
    def standard(self) -> Standard:
        """The standard."""
        return self.reports[0].standard

    @cached_property
    def scope(self) -> tuple[str, ...]:
        """Core courses that any of the documents serves, in the standard's order."""
        served = {course for report in self.reports for course in report.scope}
        return tuple(course.id for course in self.standard.core_courses if course.id in served)

    @cached_property
    def elements(self) -> tuple[ElementRow, ...]:
        """Every element of the standard."""
        columns = [[report.match_of[match.element.id] for match in self.reports[0].matches] for report in self.reports]
        return tuple(ElementRow(matches) for matches in zip(*columns, strict=True))

    @cached_property
    def scoped(self) -> tuple[ElementRow, ...]:
        """Elements of the courses in scope; all where no course fits."""
        if not self.scope:
            return self.elements
        return tuple(row for row in self.elements if self.standard.course_of(row.element.statement) in self.scope)

    @cached_property
    def statements(self) -> tuple[StatementRow, ...]:
        """Every statement that was judged, courses too."""
        ratios = [{item.statement.id: item.ratio for item in report.statements} for report in self.reports]
        return tuple(
            StatementRow(item.statement, tuple(found.get(item.statement.id, 0.0) for found in ratios))
            for item in self.reports[0].statements
        )

    @cached_property
    def courses(self) -> tuple[StatementRow, ...]:
        """The courses in scope."""
        return tuple(row for row in self.statements if row.statement.id in self.scope)

    @cached_property
    def counts(self) -> tuple[tuple[int, int, int], ...]:
        """Of each document, how many elements in scope are missing, touched and covered."""
        columns = list(zip(*(row.grades for row in self.scoped), strict=True)) or [()] * len(self.reports)
        return tuple((column.count(0), column.count(1), column.count(2)) for column in columns)

    @cached_property
    def ratios(self) -> tuple[float, ...]:
        """Of each document, the share of the elements in scope that it covers, in 0..1."""
        return tuple(covered / max(len(self.scoped), 1) for _, _, covered in self.counts)

    @property
    def best(self) -> tuple[int, ...]:
        """Numbers of the documents that cover most of the scope; none where nobody covers anything."""
        return _highest(self.ratios) if max(self.ratios) else ()

    @cached_property
    def common_gaps(self) -> tuple[ElementRow, ...]:
        """Elements in scope that no document covers, those that none even touches first."""
        rows = (row for row in self.scoped if not row.covering)
        return tuple(sorted(rows, key=lambda row: max(row.grades)))

    def unique(self, number: int) -> tuple[ElementRow, ...]:
        """Elements in scope that one document covers and no other."""
        return tuple(row for row in self.scoped if row.covering == (number,))

    @cached_property
    def shared(self) -> tuple[ElementRow, ...]:
        """Elements in scope that more than one document covers, the most often covered first."""
        rows = (row for row in self.scoped if len(row.covering) > 1)
        return tuple(sorted(rows, key=lambda row: -len(row.covering)))

    @cached_property
    def overlap(self) -> tuple[tuple[float, ...], ...]:
        """Of each two documents, what both cover over what either covers (Jaccard), in 0..1; 0 where neither does."""
        covered = [{row.element.id for row in self.scoped if place in row.covering} for place in range(len(self.names))]
        return tuple(tuple(len(a & b) / len(a | b) if a | b else 0.0 for b in covered) for a in covered)

    @cached_property
    def changes(self) -> tuple[Changes, ...]:
        """What changed from each document to the next one, as between versions of one text."""
        return tuple(Changes(self, place, place + 1) for place, _ in enumerate(pairwise(self.reports)))


@dataclass(frozen=True)
class RuleChange:
    """A rule with its verdict in both versions; None where a version was not checked for it."""

    before: RuleVerdict | None
    after: RuleVerdict | None

    @property
    def rule(self) -> RuleVerdict:
        """The rule as the later version has it, else as the earlier one."""
        rule = self.after or self.before
        assert rule is not None
        return rule

    @property
    def same(self) -> bool:
        """Whether both versions have the same verdict and value."""
        before, after = self.before, self.after
        return bool(before and after and (before.verdict, before.value) == (after.verdict, after.value))


@dataclass(frozen=True)
class Change:
    """An element before and after."""

    before: Match
    after: Match

    @property
    def element(self) -> Element:
        """The element."""
        return self.after.element


@dataclass(frozen=True)
class Changes:
    """From one document of a comparison to another.

    Parameters
    ----------
    comparison : both are in it.
    first, second : their numbers.
    """

    comparison: Comparison
    first: int
    second: int

    @cached_property
    def _pairs(self) -> tuple[Change, ...]:
        return tuple(Change(row.matches[self.first], row.matches[self.second]) for row in self.comparison.scoped)

    def _where(self, wanted: Callable[[Match, Match], bool]) -> tuple[Change, ...]:
        return tuple(pair for pair in self._pairs if wanted(pair.before, pair.after))

    @cached_property
    def better(self) -> tuple[Change, ...]:
        """Elements in scope whose grade rose."""
        return self._where(lambda before, after: after.grade > before.grade)

    @cached_property
    def lost(self) -> tuple[Change, ...]:
        """Elements in scope whose grade fell."""
        return self._where(lambda before, after: after.grade < before.grade)

    @cached_property
    def levels(self) -> tuple[Change, ...]:
        """Skills in scope covered in both, at another level."""
        return self._where(
            lambda before, after: (
                before.grade == after.grade == 2
                and before.level_found != after.level_found
                and not after.element.affective
            )
        )

    @cached_property
    def rules(self) -> tuple[RuleChange, ...]:
        """Rules whose verdict or value changed."""
        before, after = (
            {rule.id: rule for rule in self.comparison.reports[place].rules} for place in (self.first, self.second)
        )
        changes = (RuleChange(before.get(id), after.get(id)) for id in dict.fromkeys((*before, *after)))
        return tuple(change for change in changes if not change.same)

    @property
    def coverage(self) -> tuple[float, float]:
        """Share of the common scope that each covers, in 0..1."""
        return self.comparison.ratios[self.first], self.comparison.ratios[self.second]

    @property
    def gained(self) -> float:
        """By how much the coverage rose, in -1..1."""
        before, after = self.coverage
        return after - before


def compare(reports: Sequence[tuple[str, GapReport]]) -> Comparison:
    """Put documents side by side.

    Parameters
    ----------
    reports : two to ``MOST``, each with the name that a reader knows the document by; of versions the older first.

    Raises
    ------
    UsageError : too few or too many, or they are not against the same text of the same standard.
    """
    if not 2 <= len(reports) <= MOST:
        raise UsageError(f"并排比较需要 2 到 {MOST} 份报告，而不是 {len(reports)} 份")
    codes = list(dict.fromkeys(report.standard.code for _, report in reports))
    if len(codes) > 1:
        raise UsageError(f"这些报告对照的不是同一个标准：{'、'.join(codes)}", advice="请选择对照同一标准的报告")
    texts = {tuple((m.element.id, m.element.text) for m in report.matches) for _, report in reports}
    if len(texts) > 1:
        what = f"标准 {codes[0]} 在这些报告之间有过改动"
        raise UsageError(what, advice="请用现在的标准重新对照较早的文档，再作比较")
    return Comparison(tuple(name for name, _ in reports), tuple(report for _, report in reports))


def _highest(values: Sequence[object]) -> tuple[int, ...]:
    best = max(values)  # type: ignore[type-var]
    return tuple(place for place, value in enumerate(values) if value == best)
