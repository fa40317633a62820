"""Course standards annexed to a plan, each aligned as a syllabus of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

from alignment.courses import named_courses
from alignment.judge import Thresholds, Verdicts
from alignment.matching import fitting_courses, make_matches
from alignment.model import CourseFit, Match
from alignment.passages import Passages
from alignment.prepared import PreparedStandard
from alignment.programme.annex.parts import AnnexPart, annex_parts
from alignment.programme.model import AnnexCourse
from alignment.programme.slices import passages_between
from corpora.programme.model import Programme, Schedule
from corpora.standard import Standard

#: What may differ between a course's name in the schedule and in its standard: brackets, numerals, spaces, marks.
_ASIDE = re.compile(r"[（(\[【][^）)\]】]*[）)\]】]|[ⅠⅡⅢⅣⅤIVX]+$|[\W_]+")


class PassageJudge(Protocol):
    """Gives the verdicts on passages: what ``alignment.judge.Judge`` does."""

    def judge(self, prepared: PreparedStandard, passages: Passages, title: str) -> Verdicts:
        """Verdicts on every element of the standard."""
        ...


def align_annex(
    programme: Programme,
    standard: Standard,
    prepared: PreparedStandard,
    passages: Passages,
    judge: PassageJudge,
    thresholds: Thresholds,
) -> tuple[AnnexCourse, ...]:
    """Every annexed course standard aligned with the standard, in the plan's order; empty for a plan without any.

    Parameters
    ----------
    passages : of the whole document, encoded once; each course takes its stretch of them.
    judge, thresholds : as for a syllabus.
    """
    found = []
    for part in annex_parts(programme):
        own = passages_between(passages, part.start, part.end)
        if own.segments:
            verdicts = judge.judge(prepared, own, part.title)
            matches = make_matches(prepared, own, verdicts, thresholds)
            fits = fitting_courses(prepared, verdicts, thresholds)
            found.append(_course(programme.schedule, standard, part, matches, fits))
    return tuple(found)


def scope_of(standard: Standard, title: str, fits: Sequence[CourseFit]) -> tuple[str, ...]:
    """The core courses that an annexed course serves: those its title names, else those it rather serves than not.

    A course of a programme may well serve none (体育), so the likeliest one is not taken at any probability.
    """
    served = {fit.course.id for fit in fits if fit.probability >= 0.5}
    return named_courses(standard, title) or tuple(c.id for c in standard.core_courses if c.id in served)


def _course(
    schedule: Schedule, standard: Standard, part: AnnexPart, matches: tuple[Match, ...], fits: Sequence[CourseFit]
) -> AnnexCourse:
    scope = scope_of(standard, part.title, fits)
    scoped = [m for m in matches if standard.course_of(m.element.statement) in scope] or matches
    covered = sum(match.grade == 2 for match in scoped)
    return AnnexCourse(
        part.title,
        part.locator,
        scope,
        covered / len(scoped) if scoped else 0.0,
        matches,
        part.end - part.start,
        _scheduled(schedule, part.title),
    )


def _scheduled(schedule: Schedule, title: str) -> int | None:
    """Index of the schedule's course of this name: the same but for brackets and marks, else the one that holds it."""
    names = [_bare(course.name) for course in schedule.courses]
    wanted = _bare(title)
    if not wanted:
        return None
    if wanted in names:
        return names.index(wanted)
    near = [i for i, name in enumerate(names) if len(name) > 3 and (name in wanted or wanted in name)]
    return near[0] if len(near) == 1 else None


def _bare(name: str) -> str:
    return _ASIDE.sub("", name)
