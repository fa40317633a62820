"""The plan's own courses looked at one beside the other: orphans, duplicates, merged and split courses.

- ``orphan`` a course of the major that serves nothing of the standard, by name and (where described) by content;
- ``duplicate`` the same name or code in two rows that a student would both take, parts of one course aside;
- ``near_duplicate`` two courses of the major with nearly the same name or the same content;
- ``merged`` one course that is the only one to serve several courses of the standard wholly;
- ``split`` one course of the standard that several courses serve wholly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from alignment.model import Evidence
from alignment.programme.courses.content import read_course_texts, texts_by_course
from alignment.programme.courses.matches import MAJOR_KINDS, WHOLLY, hits_by_course
from alignment.programme.courses.mentions import name_evidence
from alignment.programme.courses.names import PairWeights, plain_name, stem
from alignment.programme.model import CourseFinding, CourseHit, CourseMatch
from corpora.programme.model import PlanCourse, Programme
from corpora.standard import Standard
from index.protocols import Encoder

Floats = NDArray[np.float32]

#: Likeness and cosine of two names, and cosine of two contents, from which two courses are nearly the same.
ALIKE, NEAR, SAME_CONTENT = 0.6, 0.9, 0.9

_PRACTICAL = re.compile(r"(?:综合)?(?:课程设计|实验|实训|实习|实践|上机)")

#: Closeness from which a course serves an element: of its name to the nearest one; of its items, on average.
SERVING_NAME, SERVING_CONTENT = 0.7, 0.5


def find_course_findings(
    programme: Programme, standard: Standard, matches: Sequence[CourseMatch], encoder: Encoder
) -> tuple[CourseFinding, ...]:
    """All findings, duplicates first.

    Parameters
    ----------
    programme : a read plan.
    standard : its elements tell whether the content of a course that no title meets serves it all the same.
    matches : what ``match_courses`` found.
    encoder : gives the vectors of names and contents.
    """
    look = _Look(programme, standard, matches, encoder)
    return (*look.duplicates(), *look.near_duplicates(), *look.merged(), *look.split(), *look.orphans())


class _Look:
    """One plan looked at."""

    def __init__(
        self, programme: Programme, standard: Standard, matches: Sequence[CourseMatch], encoder: Encoder
    ) -> None:
        self.programme, self.standard, self.matches, self.encoder = programme, standard, matches, encoder
        self.courses = programme.schedule.courses
        self.served = hits_by_course(matches)
        texts = texts_by_course(programme, read_course_texts(programme))
        self.items = {n: [i for text in mine for i in text.items] for n, mine in texts.items()}

    def duplicates(self) -> Iterator[CourseFinding]:
        """Rows of one name or one code."""
        for label, key in (("课程名称", lambda c: _full_name(c.name)), ("课程代码", lambda c: _code(c.code))):
            groups: dict[str, list[int]] = {}
            for number, course in enumerate(self.courses):
                if not course.placeholder and key(course):
                    groups.setdefault(key(course), []).append(number)
            for group in groups.values():
                names = {_full_name(self.courses[n].name) for n in group}
                if len(group) < 2 or self._one_taken(group) or (label == "课程代码") != (len(names) > 1):
                    continue
                if label == "课程名称" and self._continued(group):
                    continue
                places = "；".join(f"“{_block(self.courses[n])}”的“{_shown(self.courses[n])}”" for n in group)
                yield self._finding("duplicate", group, f"{label}相同，列了 {len(group)} 次：{places}")

    def near_duplicates(self) -> Iterator[CourseFinding]:
        """Pairs of courses of the major with almost one name, or with the same content."""
        majors = [n for n in self._majors() if len(plain_name(self.courses[n].name)) > 2]
        if len(majors) < 2:
            return
        names = [self.courses[n].name for n in majors]
        weights, vectors, contents = PairWeights(names), self.encoder.encode(names), self._contents()
        cosines = vectors @ vectors.T
        for i, j in combinations(range(len(majors)), 2):
            first, second = majors[i], majors[j]
            if _theme(names[i]) == _theme(names[j]) or self._one_taken([first, second]):
                continue
            likeness = weights.likeness(names[i], names[j])
            by_name = stem(names[i]) == stem(names[j]) or (likeness >= ALIKE and cosines[i, j] >= NEAR)
            content = float(contents[first] @ contents[second]) if first in contents and second in contents else 0.0
            if by_name or content >= SAME_CONTENT:
                why = f"名称相近（相似度 {cosines[i, j]:.2f}）" if by_name else f"内容相近（相似度 {content:.2f}）"
                what = f"“{_shown(self.courses[first])}”与“{_shown(self.courses[second])}”{why}，请核对是否重复开设"
                yield self._finding("near_duplicate", [first, second], what)

    def merged(self) -> Iterator[CourseFinding]:
        """Courses that alone stand for several foundation or core courses of the standard."""
        alone: dict[str, set[str]] = {}
        rows: dict[str, list[int]] = {}
        for match in self.matches:
            names = {plain_name(hit.name) for hit in _whole(match)}
            if match.statement.kind in MAJOR_KINDS and len(names) == 1:
                (name,) = names
                alone.setdefault(name, set()).add(match.statement.id)
                rows.setdefault(name, []).extend(hit.course for hit in _whole(match) if hit.course is not None)
        for name, ids in alone.items():
            if len(ids) > 1 and rows[name]:
                courses = sorted(set(rows[name]))
                ordered = [s for s in self.standard.statements if s.id in ids]
                titles = "、".join(s.label for s in ordered)
                what = f"“{_shown(self.courses[courses[0]])}”一门课对应标准的 {len(ids)} 门课：{titles}"
                yield self._finding("merged", courses, what, tuple(s.id for s in ordered))

    def split(self) -> Iterator[CourseFinding]:
        """Foundation and core courses of the standard that several courses of the plan stand for."""
        for match in self.matches:
            whole = {plain_name(hit.name): hit for hit in reversed(_whole(match)) if hit.course is not None}
            if match.statement.kind in MAJOR_KINDS and len(whole) > 1:
                courses = sorted(hit.course for hit in whole.values() if hit.course is not None)
                names = "、".join(_shown(self.courses[n]) for n in courses)
                what = f"标准的“{match.statement.label}”由 {len(courses)} 门课承担：{names}"
                yield self._finding("split", courses, what, (match.statement.id,))

    def orphans(self) -> Iterator[CourseFinding]:
        """Courses of the major that neither name nor content ties to the standard."""
        left = [n for n in self._majors() if not self._serves(n)]
        elements = [element.text for element in self.standard.elements]
        if not left or not elements:
            return
        keys = [element.key for element in self.standard.elements]
        probes = self.encoder.encode([*elements, *keys])
        named = (self.encoder.encode([self.courses[n].name for n in left]) @ probes.T).max(axis=1)
        texts = probes[: len(elements)].T
        for number, by_name in zip(left, named.tolist(), strict=True):
            items = self.items.get(number)
            content = float((self.encoder.encode(items) @ texts).max(axis=1).mean()) if items else 0.0
            if by_name < SERVING_NAME and content < SERVING_CONTENT:
                course = self.courses[number]
                told = f"所述内容与标准要素的平均相似度 {content:.2f}" if items else "方案未说明其内容"
                near = f"名称相似度 {by_name:.2f}，{told}"
                what = f"“{_shown(course)}”（{_block(course)}）与标准的课程和要素都不对应：{near}"
                yield self._finding("orphan", [number], what)

    def _serves(self, number: int) -> bool:
        """Whether a course was found to serve a course of the standard (a cross-cutting topic only wholly)."""
        mine = self.served.get(number, ())
        return any(m.statement.kind != "cross_cutting" or hit.probability >= WHOLLY for m, hit in mine)

    def _majors(self) -> list[int]:
        return [
            n
            for n, course in enumerate(self.courses)
            if course.category in ("foundation", "core", "extension") and not course.placeholder and stem(course.name)
        ]

    def _contents(self) -> dict[int, Floats]:
        """Unit vector of the whole content of each described course."""
        described = [n for n, items in self.items.items() if len(items) > 2]
        if not described:
            return {}
        vectors = self.encoder.encode(["；".join(self.items[n]) for n in described])
        return dict(zip(described, vectors, strict=True))

    def _one_taken(self, group: Sequence[int]) -> bool:
        """Whether the rows are alternatives of one choice, each of another option."""
        choices = {id(choice) for n in group if (choice := self.programme.in_choice.get(n))}
        if len(choices) != 1 or any(n not in self.programme.in_choice for n in group):
            return False
        choice = self.programme.in_choice[group[0]]
        holders = [next(i for i, option in enumerate(choice.options) if n in option) for n in group]
        return len(set(holders)) == len(group)

    def _continued(self, group: Sequence[int]) -> bool:
        """Whether the rows are terms of one course: one block, one after the other, different semesters."""
        rows = [self.courses[n] for n in group]
        semesters = [{cell.semester for cell in row.semesters} for row in rows]
        apart = all(not one & other for one, other in combinations(semesters, 2)) and all(semesters)
        return apart and len({row.category_text for row in rows}) == 1 and len({row.category for row in rows}) == 1

    def _finding(self, kind: str, courses: Sequence[int], what: str, statements: tuple[str, ...] = ()) -> CourseFinding:
        evidence: list[Evidence] = []
        for number in courses:
            evidence += name_evidence(self.programme, self.courses[number].name, number, 1.0)
        return CourseFinding(kind, tuple(courses), what, statements, tuple(evidence))  # type: ignore[arg-type]


def _theme(name: str) -> str:
    """A name without what makes a course the practical half of another (课程设计, 实验)."""
    return _PRACTICAL.sub("", plain_name(name))


def _whole(match: CourseMatch) -> list[CourseHit]:
    """Hits that serve the statement wholly, when it is offered at all."""
    return [hit for hit in match.hits if hit.probability >= WHOLLY] if match.status.startswith("offered") else []


def _full_name(name: str) -> str:
    """A name with its part numbers and brackets: what makes 体育Ⅰ and 体育Ⅱ two courses."""
    return "".join(name.split()).replace("（", "(").replace("）", ")").strip("*※★☆")


def _code(code: str) -> str:
    bare = "".join(code.split())
    return bare if len(bare) > 3 else ""


def _block(course: PlanCourse) -> str:
    return course.category_text or "课程表"


def _shown(course: PlanCourse) -> str:
    return "".join(course.name.split())
