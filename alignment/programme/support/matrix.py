"""Which courses support which competencies of the standard: by the plan's own matrix, and by what its courses teach.

From content, a course supports a competency when its subject is one that the competency names (体育 and a competency on
sport, by the data files), or when what it teaches comes near enough to the competency's elements: its name, what the
plan says of its content, and what the standard demands of the courses that it serves. The probability is a logistic
curve over the mean closeness of the best elements; its middle was set by reading the matrices of two plans, since no
labelled matrix is at hand, so it orders cells well and is no measured frequency.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log2

import numpy as np
from numpy.typing import NDArray

from alignment.model import Evidence
from alignment.pieces import pieces_of
from alignment.prepared import COVERS, OWN, PreparedStandard
from alignment.programme.courses.content import read_course_texts, texts_by_course
from alignment.programme.courses.matches import WHOLLY, hits_by_course, match_courses
from alignment.programme.courses.mentions import name_evidence
from alignment.programme.courses.names import topics_of
from alignment.programme.model import CourseMatch, Support, SupportMatrix
from alignment.programme.support.table import StatedMark, is_weak, stated_marks
from corpora.document import Locator
from corpora.programme.model import PlanCourse, Programme
from corpora.standard import Standard
from index.protocols import Encoder

Floats = NDArray[np.float32]

#: Mean closeness of the best elements at which support is as likely as not, how fast it rises, and how much more is
#: asked of a course for each doubling of its texts over ``FEW``: the best of many is near to anything by chance.
MIDDLE, WIDTH, MORE, FEW = 0.68, 0.05, 0.02, 8

#: Compulsory activities that serve the whole of the objective, so that no single competency need name them.
_GENERAL = re.compile(r"实习|毕业|社会实践|入学教育|军训|素质拓展|综合实践")

#: Elements of a competency that count, and the probability of a tie by subject.
BEST, BY_SUBJECT = 2, 0.9

#: Closeness of a requirement of the plan to a competency from which it is taken for it.
SAME_REQUIREMENT = 0.45

#: Differences that are told one by one.
TOLD = 20


@dataclass(frozen=True)
class _Source:
    """One text that tells what a course teaches, with its place in the plan (None when it is the standard's)."""

    course: int
    text: str
    locator: Locator | None


def support_matrix(
    programme: Programme,
    standard: Standard,
    prepared: PreparedStandard,
    encoder: Encoder,
    matches: Sequence[CourseMatch] | None = None,
) -> SupportMatrix:
    """The matrix 培养规格 x courses of a plan.

    Parameters
    ----------
    programme : a read plan.
    standard : gives the competencies.
    prepared : their elements with the expression bank.
    encoder : gives the vectors of names and contents.
    matches : what ``match_courses`` found, found here when None.
    """
    competencies = standard.competencies
    courses = tuple(n for n, course in enumerate(programme.schedule.courses) if not course.placeholder)
    if not competencies or not courses:
        return SupportMatrix(competencies, courses)
    matches = match_courses(programme, standard, encoder, prepared) if matches is None else matches
    look = _Look(programme, standard, prepared, encoder, matches)
    marks = stated_marks(programme)
    stated = look.stated(marks)
    cells = tuple(look.cells(courses, stated))
    marked = {(cell.competency, cell.course) for cell in cells if cell.stated}
    counted = marked | {(cell.competency, cell.course) for cell in cells if cell.supports}
    return SupportMatrix(
        competencies,
        courses,
        cells,
        bool(marks),
        tuple(s.id for s in competencies if not any(id == s.id for id, _ in counted)),
        tuple(n for n in courses if _expected(programme.schedule.courses[n]) and n not in {c for _, c in counted}),
        tuple(look.differences(cells)) if marked else _not_matched(marks),
    )


def _expected(course: PlanCourse) -> bool:
    """Whether a course should support a competency of its own."""
    return course.required is True and not (course.category == "practice" and _GENERAL.search(course.name))


def _not_matched(marks: Sequence[StatedMark]) -> tuple[str, ...]:
    """What to say of a matrix none of whose requirements is found among the standard's competencies."""
    if not marks:
        return ()
    labels = list(dict.fromkeys(mark.requirement for mark in marks))
    named = "、".join(label[:12] for label in labels[:3])
    more = f" 等 {len(labels)} 项" if len(labels) > 3 else ""
    return (f"方案矩阵中的要求（{named}{more}）与标准的培养规格对不上，下面按课程内容核对",)


class _Look:
    """One plan beside the competencies of one standard."""

    def __init__(
        self,
        programme: Programme,
        standard: Standard,
        prepared: PreparedStandard,
        encoder: Encoder,
        matches: Sequence[CourseMatch],
    ) -> None:
        self.programme, self.standard, self.prepared, self.encoder = programme, standard, prepared, encoder
        self.served = hits_by_course(matches)
        rows = {statement.id: n for n, statement in enumerate(standard.competencies)}
        self.owner = np.array([rows.get(e.statement, -1) for e in prepared.elements], np.int64)
        kinds = np.isin(prepared.probe_kind, (OWN, COVERS))
        self.probes = np.flatnonzero(kinds & (self.owner[prepared.probe_element] >= 0))

    def cells(self, courses: Sequence[int], stated: dict[tuple[int, int], StatedMark]) -> list[Support]:
        """Every cell that the plan marks or the content supports."""
        sources = self._sources(courses)
        closeness = self._closeness([source.text for source in sources])
        found: list[Support] = []
        for course in courses:
            mine = [n for n, source in enumerate(sources) if source.course == course]
            best = closeness[mine].max(axis=0)
            for row, statement in enumerate(self.standard.competencies):
                members = np.flatnonzero(self.owner == row)
                chance = _chance(np.sort(best[members])[-BEST:], len(mine)) if len(members) else 0.0
                if subject := self._by_subject(course, statement.text):
                    chance = max(chance, BY_SUBJECT)
                mark = stated.get((row, course))
                if mark is None and chance < 0.5:
                    continue
                evidence = self._evidence(course, mark, sources, mine, closeness, members, bool(subject))
                found.append(Support(statement.id, course, mark.mark if mark else "", chance, chance >= 0.5, evidence))
        return found

    def stated(self, marks: Sequence[StatedMark]) -> dict[tuple[int, int], StatedMark]:
        """The plan's marks by competency and course; requirements are matched with competencies by their texts."""
        labels = list(dict.fromkeys(mark.requirement for mark in marks))
        if not labels or not len(self.probes):
            return {}
        rows = dict(zip(labels, self._competencies_of(labels), strict=True))
        found: dict[tuple[int, int], StatedMark] = {}
        for mark in marks:
            for row in rows[mark.requirement]:
                known = found.get((row, mark.course))
                if known is None or (is_weak(known.mark) and not is_weak(mark.mark)):
                    found[row, mark.course] = mark
        return found

    def differences(self, cells: Sequence[Support]) -> list[str]:
        """Where the plan's matrix and the content part, in Chinese; courses that it leaves out in one line."""
        courses = self.programme.schedule.courses
        listed = {cell.course for cell in cells if cell.stated}
        told = [*self._left_out(listed), *self._not_worded(cells)]
        for cell in (cell for cell in cells if cell.course in listed):
            name = "".join(courses[cell.course].name.split())
            described = any(e.role == "content" for e in cell.evidence)
            if cell.stated and not cell.supports and described and not is_weak(cell.stated):
                told.append(f"矩阵标明“{name}”支撑 {cell.competency}（{cell.stated}），课程内容中未见相应内容")
            elif cell.supports and not cell.stated and cell.probability >= WHOLLY:
                told.append(f"“{name}”的内容支撑 {cell.competency}，矩阵未标出")
        more = len(told) - TOLD
        return [*told[:TOLD], f"另有 {more} 处"] if more > 0 else told

    def _left_out(self, listed: set[int]) -> list[str]:
        """Compulsory courses that the plan's matrix does not mark."""
        courses = self.programme.schedule.courses
        names = [
            "".join(c.name.split())
            for n, c in enumerate(courses)
            if n not in listed and _expected(c) and not c.placeholder
        ]
        shown = "、".join(names[:TOLD]) + (" 等" if len(names) > TOLD else "")
        return [f"矩阵没有标出 {len(names)} 门必修课程支撑什么：{shown}"] if names else []

    def _not_worded(self, cells: Sequence[Support]) -> list[str]:
        """Competencies that the plan's matrix has no requirement for, although courses teach them."""
        marked = {cell.competency for cell in cells if cell.stated}
        taught = {cell.competency for cell in cells if cell.supports} - marked
        return [f"矩阵中没有与标准 {'、'.join(sorted(taught))} 对应的标记，按课程内容有课程支撑"] if taught else []

    def _competencies_of(self, labels: Sequence[str]) -> list[list[int]]:
        """Competencies (rows) that each requirement of the plan words."""
        pieces = [pieces_of(label) for label in labels]
        closeness = self._closeness([piece for part in pieces for piece in part])
        starts = np.cumsum([0, *map(len, pieces)])
        rows = []
        for start, end in pairwise(starts.tolist()):
            best = closeness[start:end].max(axis=0)
            values = np.array(
                [
                    float(np.sort(best[self.owner == row])[-BEST:].mean()) if (self.owner == row).any() else 0.0
                    for row in range(len(self.standard.competencies))
                ]
            )
            top = float(values.max())
            rows.append([int(r) for r in np.flatnonzero(values >= max(SAME_REQUIREMENT, top - 0.02))][:2])
        return rows

    def _sources(self, courses: Sequence[int]) -> list[_Source]:
        """Name, described content, and what the standard demands of the core courses that each course serves wholly."""
        texts = texts_by_course(self.programme, read_course_texts(self.programme))
        sources: list[_Source] = []
        for number in courses:
            course = self.programme.schedule.courses[number]
            sources.append(_Source(number, course.name, course.locator))
            for text in texts.get(number, ()):
                sources += [_Source(number, i, p) for i, p in zip(text.items, text.locators, strict=True)]
            for match, hit in self.served.get(number, ()):
                if hit.probability >= WHOLLY:
                    sources += [_Source(number, text, None) for text in self._demands(match.statement.id)]
        return sources

    def _demands(self, course: str) -> list[str]:
        elements = [e.text for e in self.prepared.elements if self.standard.course_of(e.statement) == course]
        return [self.standard.by_id[course].title, *elements]

    def _closeness(self, texts: Sequence[str]) -> Floats:
        """(n, E) closeness of each text to each element's best probe; 0 for elements of no competency."""
        best = np.zeros((len(texts), len(self.prepared.elements)), np.float32)
        if texts and len(self.probes):
            near = self.encoder.encode(list(texts)) @ self.prepared.probe_vectors[self.probes].T
            elements = self.prepared.probe_element[self.probes]
            order = np.argsort(elements, kind="stable")
            starts = np.flatnonzero(np.r_[True, np.diff(elements[order]) > 0])
            best[:, elements[order][starts]] = np.maximum.reduceat(near[:, order], starts, axis=1)
        return best

    def _by_subject(self, course: int, competency: str) -> bool:
        mine = self.served.get(course, ())
        topics = [t for match, hit in mine if hit.probability >= WHOLLY for t in topics_of(match.statement)]
        return any(word in competency for topic in topics for word in topic.serves)

    def _evidence(
        self,
        course: int,
        mark: StatedMark | None,
        sources: Sequence[_Source],
        mine: Sequence[int],
        closeness: Floats,
        members: NDArray[np.int64],
        by_subject: bool,
    ) -> tuple[Evidence, ...]:
        """The mark, then what of the course's own content comes nearest."""
        quotes: list[Evidence] = []
        if mark:
            quotes.append(Evidence(mark.mark, mark.locator, (mark.requirement,), 1.0))
        name = self.programme.schedule.courses[course].name
        own = [n for n in mine if sources[n].locator is not None and sources[n].text != name]
        if own and len(members):
            near = closeness[own][:, members].max(axis=1)
            best = own[int(near.argmax())]
            place = sources[best].locator
            if place is not None:
                quotes.append(Evidence(sources[best].text, place, (name,), float(near.max()), "content"))
        if not quotes or by_subject:
            quotes += name_evidence(self.programme, name, course, 1.0)
        return tuple(quotes)


def _chance(closeness: Floats, texts: int) -> float:
    middle = MIDDLE + MORE * max(0.0, log2(texts / FEW))
    return float(1 / (1 + np.exp(-(float(closeness.mean()) - middle) / WIDTH)))
