"""Many documents against one standard at once: what a whole programme, department or audit covers, and who does."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from corpora.document import DocumentKind
from corpora.standard import TEACHABLE, Element, Standard, Statement

Grades = NDArray[np.int8]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

#: Documents that teach an element from which it is a repetition worth looking at.
REPEATED = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """One document as far as a portfolio looks at it.

    Parameters
    ----------
    id, title : of the document, as a reader finds it.
    kind : what it is.
    grades : 0..2 by element id; elements left out are missing.
    courses : ids of the core courses that it serves.
    taught : ids of elements that its content or practice teaches; None where that is not known.
    short : ids of covered elements that it teaches below the required level.
    failed, undetermined : ids of rules that a plan breaks, and that could not be checked.
    """

    id: str
    title: str
    kind: DocumentKind
    grades: Mapping[str, int]
    courses: tuple[str, ...] = ()
    taught: frozenset[str] | None = None
    short: frozenset[str] = frozenset()
    failed: tuple[str, ...] = ()
    undetermined: tuple[str, ...] = ()


@dataclass(frozen=True)
class Held:
    """An element and the documents that hold it: those that cover it, and those that only touch it."""

    element: Element
    covering: tuple[Entry, ...] = ()
    touching: tuple[Entry, ...] = ()

    @property
    def grade(self) -> int:
        """The best grade of any document."""
        return 2 if self.covering else 1 if self.touching else 0


@dataclass(frozen=True)
class BrokenRule:
    """A rule with the plans that break it and those where it could not be checked."""

    id: str
    failed: tuple[Entry, ...]
    undetermined: tuple[Entry, ...]


@dataclass(frozen=True)
class Portfolio:
    """What n documents hold of a standard's E teachable elements.

    Parameters
    ----------
    standard : the standard.
    entries : the documents.
    elements : the elements, in the standard's order.
    grades : (n, E) grade of each element in each document.
    statements : the S statements that have elements, courses with those of their tasks and requirements.
    matrix : (n, S) mean of grade / 2 over each statement's elements, in 0..1.
    members : (S, E) which elements belong to each statement.
    """

    standard: Standard
    entries: tuple[Entry, ...]
    elements: tuple[Element, ...]
    grades: Grades
    statements: tuple[Statement, ...]
    matrix: Floats
    members: Flags = field(repr=False)

    @cached_property
    def union(self) -> Grades:
        """(E,) best grade of each element over the documents."""
        return self.grades.max(axis=0, initial=0)

    @cached_property
    def union_ratios(self) -> Floats:
        """(S,) coverage of each statement by all documents together, in 0..1."""
        ratios: Floats = _ratios(self.union[None], self.members)[0]
        return ratios

    @cached_property
    def decisive(self) -> Flags:
        """(E,) which elements decide the headline: those of core courses, or all where none belongs to a course."""
        courses = {course.id for course in self.standard.core_courses}
        of_course: Flags = np.any(self.members[[s.id in courses for s in self.statements]], axis=0)
        return of_course if bool(of_course.any()) else np.ones(len(self.elements), dtype=np.bool_)

    @cached_property
    def counts(self) -> tuple[int, int, int]:
        """How many of the decisive elements nobody, somebody in passing, and somebody properly teaches."""
        missing, touched, covered = np.bincount(self.union[self.decisive], minlength=3).tolist()
        return missing, touched, covered

    @property
    def coverage_ratio(self) -> float:
        """Share of the decisive elements that at least one document covers, in 0..1."""
        return self.counts[2] / max(sum(self.counts), 1)

    @cached_property
    def held(self) -> tuple[Held, ...]:
        """Every element with the documents that cover and touch it."""
        covering, touching = self._who(self.grades == 2), self._who(self.grades == 1)
        return tuple(map(Held, self.elements, covering, touching))

    @cached_property
    def orphans(self) -> tuple[Held, ...]:
        """Elements that no document teaches or touches; all of them where there is no document."""
        return self._picked(self.union == 0)

    @cached_property
    def thin(self) -> tuple[Held, ...]:
        """Elements that are only touched, or that a single document covers, the former first."""
        rows = self._picked((self.union == 1) | ((self.grades == 2).sum(axis=0) == 1))
        return tuple(sorted(rows, key=lambda held: held.grade))

    @cached_property
    def repeated(self) -> tuple[Held, ...]:
        """Elements that at least ``REPEATED`` documents teach in content or practice, the most repeated first.

        A document of which only grades are known counts where it covers the element. Plans do not count: they are made
        of their courses.
        """
        teaches = self._teaches
        often = teaches.sum(axis=0) >= REPEATED
        rows = map(Held, self.elements, self._who(teaches & often))
        return tuple(sorted((row for row in rows if row.covering), key=lambda held: -len(held.covering)))

    @cached_property
    def _teaches(self) -> Flags:
        """(n, E) which document teaches which element in its content, plans aside."""
        teaches: Flags = self.grades == 2
        for row, entry in enumerate(self.entries):
            if entry.kind == "plan":
                teaches[row] = False
            elif entry.taught is not None:
                taught = np.zeros(len(self.elements), dtype=np.bool_)
                taught[self._columns(entry.taught)] = True
                teaches[row] &= taught
        return teaches

    @cached_property
    def shortfalls(self) -> tuple[Held, ...]:
        """Covered elements that every covering document teaches below the required level."""
        at_level: Flags = self.grades == 2
        for row, entry in enumerate(self.entries):
            at_level[row, self._columns(entry.short)] = False
        return self._picked((self.union == 2) & ~at_level.any(axis=0))

    @cached_property
    def _place(self) -> dict[str, int]:
        return {element.id: column for column, element in enumerate(self.elements)}

    def _columns(self, ids: Collection[str]) -> list[int]:
        """Columns of elements; those that the standard does not have are left out."""
        return [self._place[id] for id in ids if id in self._place]

    def _picked(self, wanted: Flags) -> tuple[Held, ...]:
        return tuple(self.held[column] for column in np.flatnonzero(wanted).tolist())

    def _who(self, flags: Flags) -> list[tuple[Entry, ...]]:
        """Of each column of (n, E) flags, the documents where it is set."""
        rows = np.nonzero(flags.T)[1].tolist()
        ends = np.cumsum(flags.sum(axis=0)).tolist()
        return [
            tuple(self.entries[row] for row in rows[start:end])
            for start, end in zip([0, *ends[:-1]], ends, strict=True)
        ]

    @cached_property
    def broken_rules(self) -> tuple[BrokenRule, ...]:
        """Rules that a plan breaks or that could not be checked, the most often broken first."""
        ids = dict.fromkeys(id for entry in self.entries for id in (*entry.failed, *entry.undetermined))
        rules = [
            BrokenRule(
                id,
                tuple(entry for entry in self.entries if id in entry.failed),
                tuple(entry for entry in self.entries if id in entry.undetermined),
            )
            for id in ids
        ]
        return tuple(sorted(rules, key=lambda rule: (-len(rule.failed), rule.id)))

    @cached_property
    def homeless(self) -> tuple[Entry, ...]:
        """Documents that fit no core course, plans aside."""
        return tuple(entry for entry in self.entries if not entry.courses and entry.kind != "plan")

    @cached_property
    def course_documents(self) -> dict[str, tuple[Entry, ...]]:
        """By core course, the documents that serve it, plans aside; courses that none serves have an empty list."""
        served = [entry for entry in self.entries if entry.kind != "plan"]
        return {
            course.id: tuple(entry for entry in served if course.id in entry.courses)
            for course in self.standard.core_courses
        }


def portfolio(standard: Standard, entries: Sequence[Entry]) -> Portfolio:
    """Put documents together.

    Parameters
    ----------
    standard : that all of them were held against.
    entries : the documents; grades of elements that the standard does not have are left out.
    """
    elements = tuple(e for statement in standard.of_kind(*TEACHABLE) for e in statement.elements)
    grades = _grades([entry.grades for entry in entries], [element.id for element in elements])
    statements, members = _members(standard, elements)
    return Portfolio(standard, tuple(entries), elements, grades, statements, _ratios(grades, members), members)


def _grades(found: Sequence[Mapping[str, int]], ids: Sequence[str]) -> Grades:
    pick = itemgetter(*ids) if len(ids) > 1 else lambda given: [given[id] for id in ids]
    rows = []
    for given in found:
        try:
            rows.append(bytes(pick(given)))
        except KeyError:  # an older text of the standard
            rows.append(bytes(given.get(id, 0) for id in ids))
    return np.frombuffer(b"".join(rows), dtype=np.int8).reshape(len(found), len(ids))


def _members(standard: Standard, elements: Sequence[Element]) -> tuple[tuple[Statement, ...], Flags]:
    """The statements that have elements, and (S, E) which."""
    owners = [{element.statement, standard.course_of(element.statement)} for element in elements]
    wanted = {owner for pair in owners for owner in pair}
    statements = tuple(statement for statement in standard.statements if statement.id in wanted)
    place = {statement.id: row for row, statement in enumerate(statements)}
    members = np.zeros((len(statements), len(elements)), dtype=bool)
    for column, pair in enumerate(owners):
        members[[place[owner] for owner in pair if owner], column] = True
    return statements, members


def _ratios(grades: Grades, members: Flags) -> Floats:
    """(n, S) mean of grade / 2 over each statement's elements."""
    sums = grades.astype(np.float32) @ members.T.astype(np.float32)
    return sums.astype(np.float64) / (2 * np.maximum(members.sum(axis=1), 1))
