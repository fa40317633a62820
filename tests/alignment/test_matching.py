"""Matches from verdicts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignment.judge import Thresholds, Verdicts
from alignment.matching import QUOTES, SHOWN, fitting_courses, grade_of, make_matches
from alignment.model import Match
from alignment.passages import Passages
from alignment.prepared import PreparedStandard

THRESHOLDS = Thresholds(touched=0.4, covered=0.6, course=0.5, review_margin=0.2)


@pytest.fixture
def judged(prepared: PreparedStandard, orchard_passages: Passages) -> Callable[..., tuple[Match, ...]]:
    """Matches of the orchard's syllabus from probabilities given by hand."""
    count, width = len(prepared.elements), len(orchard_passages.segments)

    def make(touched: float = 0.9, covered: float = 0.8, **given: Any) -> tuple[Match, ...]:
        passage = given.get("passage", [1.0] + [0.0] * (width - 1))
        order = given.get("order", list(range(width)))
        verdicts = Verdicts(
            np.full(count, touched, np.float32),
            np.full(count, covered, np.float32),
            np.zeros(2, np.float32),
            np.tile(np.array(order, np.int64), (count, 1)),
            np.tile(np.array(passage, np.float32), (count, 1)),
            np.full((count, width), 0.7, np.float32),
        )
        return make_matches(prepared, orchard_passages, verdicts, THRESHOLDS)

    return make


@given(st.floats(0, 1), st.floats(0, 1))
def test_grades_follow_the_thresholds(first: float, second: float) -> None:
    """2 from the covered threshold on, 1 from the touched one on, else 0; more probability never lowers a grade."""
    touched, covered = max(first, second), min(first, second)
    grade = grade_of(touched, covered, THRESHOLDS)
    assert (grade == 2) == (covered >= 0.6)
    assert (grade >= 1) == (touched >= 0.4)
    assert grade_of(1, covered, THRESHOLDS) >= grade
    assert grade_of(touched, touched, THRESHOLDS) >= grade


def test_one_match_an_element_in_order(judged: Callable[..., tuple[Match, ...]], prepared: PreparedStandard) -> None:
    """Whatever the verdict."""
    for matches in (judged(), judged(0.1, 0.05)):
        assert tuple(match.element for match in matches) == prepared.elements


def test_grade_zero_has_a_nearest_passage_but_no_evidence(judged: Callable[..., tuple[Match, ...]]) -> None:
    """What proves nothing is shown as the nearest, not as evidence; no level, no place."""
    match = judged(0.1, 0.05)[2]
    assert (match.grade, match.evidence, match.level_found, match.where) == (0, (), None, ())
    assert match.nearest is not None
    assert match.nearest.quote == "掌握果树修剪方法。"


def test_evidence_is_the_convincing_passages(
    judged: Callable[..., tuple[Match, ...]], orchard_passages: Passages
) -> None:
    """Best first, at most three, none much less convincing than the best; quotes stand at their locators."""
    width = len(orchard_passages.segments)
    one = judged(passage=[1.0, SHOWN / 2] + [0.0] * (width - 2))[2]
    many = judged(passage=[1.0] * width, order=list(reversed(range(width))))[2]
    assert [item.quote for item in one.evidence] == ["掌握果树修剪方法。"]
    assert len(many.evidence) == QUOTES
    assert many.evidence[0].quote == orchard_passages.segments[-1].text
    for item in (*one.evidence, *many.evidence):
        assert orchard_passages.segmented.document.resolve(item.locator) == item.quote


def test_places_and_level_come_from_the_convincing_passages(
    judged: Callable[..., tuple[Match, ...]], orchard_passages: Passages
) -> None:
    """An objective 掌握 … alone is level 3 in the objectives; with all passages every role is there."""
    width = len(orchard_passages.segments)
    alone = judged()[2]
    assert (alone.where, alone.level_found) == (("objective",), 3)
    assert judged(passage=[1.0] * width)[2].where == ("objective", "content", "practice", "assessment")


def test_home_is_where_it_would_be_taught(judged: Callable[..., tuple[Match, ...]], orchard_passages: Passages) -> None:
    """The nearest section of content or practice, also when an objective is nearer."""
    path = judged(0.1, 0.05)[2].home
    contents = [s.heading_path for s in orchard_passages.segments if s.role == "content"]
    assert path == contents[0]


@pytest.mark.parametrize(("touched", "covered", "review"), [(0.41, 0.01, True), (0.9, 0.61, True), (0.95, 0.05, False)])
def test_close_calls_are_for_review(
    judged: Callable[..., tuple[Match, ...]], touched: float, covered: float, review: bool
) -> None:
    """Within the margin of either threshold, on either side."""
    assert judged(touched, covered)[0].review is review


def test_without_passages_all_is_missing(prepared: PreparedStandard, no_passages: Passages) -> None:
    """Grade 0 whatever the probabilities: there is nothing to quote."""
    nothing = np.zeros((6, 0), np.float32)
    certain = np.ones(6, np.float32)
    verdicts = Verdicts(certain, certain, np.zeros(2, np.float32), nothing.astype(np.int64), nothing, nothing)
    for match in make_matches(prepared, no_passages, verdicts, THRESHOLDS):
        assert (match.grade, match.evidence, match.nearest, match.home) == (0, (), None, ())


def test_courses_that_fit_come_best_first(prepared: PreparedStandard) -> None:
    """Those from the threshold on; none when all lie below."""

    def fits(*courses: float) -> list[str]:
        some = np.zeros(6, np.float32)
        pairs = np.zeros((6, 0), np.float32)
        verdicts = Verdicts(some, some, np.array(courses, np.float32), pairs.astype(np.int64), pairs, pairs)
        return [fit.course.id for fit in fitting_courses(prepared, verdicts, THRESHOLDS)]

    assert fits(0.6, 0.9) == ["C2", "C1"]
    assert fits(0.5, 0.4) == ["C1"]
    assert fits(0.1, 0.2) == []
