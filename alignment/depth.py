"""Level found: how deep a document goes on an element, read from the verbs of its evidence.

Of each evidence passage the clause nearest to the element speaks, by the verb that governs it. Evidence at several
levels counts at the one nearest to what the standard requires: that passage speaks of this skill, the others of what
leads to it or builds on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from math import inf

from alignment.passages import Passages
from alignment.prepared import PreparedStandard
from corpora.document import Role, Segment
from corpora.stated_level import APPLIED, clauses_of, governing_level, lead_in_level

#: Objectives from which a document counts as one that states aims, as syllabuses do and notes do not.
AIMS = 3

#: Level of analysing.
ANALYSED = 5

#: Level of a passage that only names its subject, in a document that states no aims: explained, to be understood.
NAMED = 2

#: Share of the best passage's probability from which a passage proves that its place teaches the element. Objectives
#: are worded most like standards, so that their neighbours come near too; what assessments say is the least alike.
TEACHES: dict[Role, float] = {"objective": 0.4, "content": 0.1, "practice": 0.1, "assessment": 0.05}


class DepthReader:
    """Reads levels off the passages of one document.

    Parameters
    ----------
    prepared : the standard.
    passages : the document.
    """

    def __init__(self, prepared: PreparedStandard, passages: Passages) -> None:
        self._prepared, self._passages = prepared, passages
        self._clauses: dict[int, tuple[str, ...]] = {}
        self._levels: dict[tuple[int, int], int | None] = {}

    @cached_property
    def states_aims(self) -> bool:
        """Whether the document has a part that tells its objectives."""
        return sum(segment.role == "objective" for segment in self._passages.segments) >= AIMS

    def level_found(self, row: int, numbers: Sequence[int]) -> int | None:
        """The level 1..6 that the document reaches on an element.

        Parameters
        ----------
        row : the element's row in the prepared standard.
        numbers : of its evidence passages.

        Returns
        -------
        The stated level nearest to the required one, of two equally near ones the higher; where no passage states
        one, applying (4, or less if less is required) in a document that states aims or for practice, else
        understanding (2). Higher than both the required level and 4 it never is: what goes beyond is about something
        else. Where aims are stated, applying meets a requirement of analysing: reviewers hold that who handles cases
        analyses them. None without passages.
        """
        if not numbers:
            return None
        required = self._prepared.elements[row].level
        stated = [level for n in numbers if (level := self._stated(row, n)) is not None]
        nearest = min(stated, key=lambda level: (abs(level - required), -level), default=None)
        level = self._unstated(numbers, required) if nearest is None else min(nearest, max(required, APPLIED))
        return required if self.states_aims and (level, required) == (APPLIED, ANALYSED) else level

    def _unstated(self, numbers: Sequence[int], required: int) -> int:
        practised = any(self._passages.segments[n].role == "practice" for n in numbers)
        return min(APPLIED, required) if self.states_aims or practised else NAMED

    def _stated(self, row: int, number: int) -> int | None:
        """The level that governs the clause of a passage nearest to an element, else that of the list's lead-in.

        Many elements are near to the same passage: what each of its clauses states is read once.
        """
        if number not in self._clauses:
            self._clauses[number] = clauses_of(self._passages.segments[number].text)
        place = number, self._nearest(row, number, self._clauses[number])
        if place not in self._levels:
            self._levels[place] = self._governing(*place)
        return self._levels[place]

    def _governing(self, number: int, place: int) -> int | None:
        clauses, path = self._clauses[number], self._passages.segments[number].heading_path
        level = governing_level(clauses, place, subjects=self.states_aims) if clauses else None
        return lead_in_level(path[-1]) if level is None and path else level

    def _nearest(self, row: int, number: int, clauses: Sequence[str]) -> int:
        """Which of a passage's clauses has the vector nearest to the element's."""
        if len(clauses) < 2:
            return 0
        pieces = self._passages.pieces
        rows = slice(pieces.starts[number], pieces.starts[number + 1])
        cosines = pieces.vectors[rows] @ self._prepared.text_vectors[row]
        near = dict(zip(pieces.texts[rows], cosines.tolist(), strict=True))
        return max(range(len(clauses)), key=lambda n: near.get(clauses[n], -1.0))


def roles_of(segments: Iterable[Segment], shares: Iterable[float]) -> tuple[Role, ...]:
    """Where in the document an element is taught: objective, content, practice, assessment, in that order.

    Parameters
    ----------
    segments : its candidate passages.
    shares : of each, its probability over that of the best one, 0..1; ``TEACHES`` says how much each place needs.
    """
    found = {s.role for s, share in zip(segments, shares, strict=True) if share >= TEACHES.get(s.role, inf)}
    return tuple(role for role in TEACHES if role in found)
