"""Matches: the judge's probabilities turned into grades, evidence, places and levels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from alignment.depth import DepthReader, roles_of
from alignment.judge import Thresholds, Verdicts
from alignment.model import CourseFit, Evidence, Grade, Match
from alignment.passages import Passages
from alignment.prepared import PreparedStandard
from corpora.document import Segment

Floats = NDArray[np.float32]

#: How many quotes an element shows at most.
QUOTES = 3

#: Share of the best passage's probability that a further passage needs to be shown.
SHOWN = 0.2

#: The same for a passage whose verbs may set the level found.
LEADING = 0.5


def make_matches(
    prepared: PreparedStandard, passages: Passages, verdicts: Verdicts, thresholds: Thresholds
) -> tuple[Match, ...]:
    """One Match per element, in the standard's order."""
    close = thresholds.distance(verdicts.p_touched, verdicts.p_covered) < thresholds.review_margin
    depth = DepthReader(prepared, passages)
    return tuple(
        _match(prepared, passages.segments, verdicts, thresholds, bool(review), row, depth)
        for row, review in enumerate(close)
    )


def fitting_courses(prepared: PreparedStandard, verdicts: Verdicts, thresholds: Thresholds) -> tuple[CourseFit, ...]:
    """The core courses that the document serves, best first; empty when none is likely enough."""
    courses = prepared.standard.core_courses
    order = np.argsort(-verdicts.courses, kind="stable")
    return tuple(
        CourseFit(courses[i], float(verdicts.courses[i])) for i in order if verdicts.courses[i] >= thresholds.course
    )


def grade_of(p_touched: float, p_covered: float, thresholds: Thresholds) -> Grade:
    """The decision: 2 covered, 1 touched, 0 missing."""
    if p_covered >= thresholds.covered:
        return 2
    return 1 if p_touched >= thresholds.touched else 0


def _match(
    prepared: PreparedStandard,
    segments: Sequence[Segment],
    verdicts: Verdicts,
    thresholds: Thresholds,
    review: bool,
    row: int,
    depth: DepthReader,
) -> Match:
    touched, covered = float(verdicts.p_touched[row]), float(verdicts.p_covered[row])
    grade = grade_of(touched, covered, thresholds)
    numbers = verdicts.segments[row].tolist()
    if not numbers:
        return Match(prepared.elements[row], 0, touched, covered)
    near = [segments[n] for n in numbers]
    home = _home(near, prepared.elements[row].affective)
    if not grade:
        nearest = _evidence(near[0], float(verdicts.similarity[row, 0]))
        return Match(prepared.elements[row], 0, touched, covered, review, nearest=nearest, home=home)
    shares = (verdicts.passage[row] / max(float(verdicts.passage[row][0]), 1e-9)).tolist()
    shown = min(sum(share >= SHOWN for share in shares), QUOTES)
    quotes = [_evidence(near[i], float(verdicts.similarity[row, i])) for i in range(max(shown, 1))]
    leading = [n for n, share in zip(numbers, shares, strict=True) if share >= LEADING]
    return Match(
        prepared.elements[row],
        grade,
        touched,
        covered,
        review,
        depth.level_found(row, leading),
        roles_of(near, shares),
        tuple(quotes[:shown]),
        quotes[0],
        home,
    )


def _home(near: Sequence[Segment], affective: bool) -> tuple[str, ...]:
    """Headings of the nearest passage of the part that teaches: objectives for attitudes, else content and practice."""
    wanted = ("objective",) if affective else ("content", "practice")
    return next((segment.heading_path for segment in near if segment.role in wanted), near[0].heading_path)


def _evidence(segment: Segment, similarity: float) -> Evidence:
    """The passage as a quote: its first stretch, verbatim."""
    locator = segment.locators[0]
    quote = segment.text[: locator.end - locator.start]
    return Evidence(quote, locator, segment.heading_path, similarity, segment.role)
