"""Features of pairs and of elements."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from alignment.candidates import find_candidates
from alignment.features import (
    BANK_FEATURES,
    ELEMENT_FEATURES,
    NOTHING,
    PAIR_FEATURES,
    PairFeatures,
    _any,
    element_features,
    pair_features,
)
from alignment.passages import Passages
from alignment.prepared import COVERS, PreparedStandard


@pytest.fixture(scope="module")
def pairs(prepared: PreparedStandard, orchard_passages: Passages) -> PairFeatures:
    """All pairs of the orchard's syllabus."""
    return pair_features(prepared, orchard_passages, find_candidates(prepared, orchard_passages))


def column(pairs: PairFeatures, name: str) -> np.ndarray:
    """(E, K) values of one feature."""
    return pairs.values[..., PAIR_FEATURES.index(name)]


def at(passages: Passages, pairs: PairFeatures, element: int, part: str) -> tuple[int, int]:
    """Position (element, candidate) of the first passage that holds a text."""
    number = next(s.number for s in passages.segments if part in s.text)
    return element, pairs.segments[element].tolist().index(number)


def test_shapes_and_ranges(pairs: PairFeatures, prepared: PreparedStandard) -> None:
    """One finite row a pair; shares and similarities lie in 0..1."""
    assert pairs.values.shape == (*pairs.segments.shape, len(PAIR_FEATURES))
    assert len(pairs.segments) == len(prepared.elements)
    assert np.isfinite(pairs.values).all()
    shares = [column(pairs, name) for name in ("words", "soft", "soft_reverse", "words_headed", "soft_headed", "bm25")]
    for values in (*shares, pairs.similarity):
        assert values.min() >= 0
        assert values.max() <= 1 + 1e-5


def test_a_verbatim_passage_is_nearest(pairs: PairFeatures, orchard_passages: Passages) -> None:
    """The element's own words, its keys and the similarity all peak at the passage that repeats them."""
    place = at(orchard_passages, pairs, 2, "掌握果树修剪方法")
    for name in ("own", "words", "own_above_document"):
        assert column(pairs, name)[2].argmax() == place[1]
    assert column(pairs, "words")[place] == pytest.approx(1)
    assert pairs.similarity[place] > 0.9


def test_covers_is_the_nearest_covering_expression(
    pairs: PairFeatures, prepared: PreparedStandard, orchard_passages: Passages
) -> None:
    """Best and second best of the bank's expressions of an element, by plain loops."""
    probes = np.flatnonzero((prepared.probe_kind == COVERS) & (prepared.probe_element == 2))
    for k, number in enumerate(pairs.segments[2].tolist()):
        cosines = sorted((orchard_passages.vectors[number] @ prepared.probe_vectors[probes].T).tolist(), reverse=True)
        expected = prepared.above_background(np.maximum(np.array(cosines[:2], np.float32), 0))
        assert column(pairs, "covers")[2, k] == pytest.approx(expected[0], abs=1e-3)
        assert column(pairs, "covers_second")[2, k] == pytest.approx(expected[1], abs=1e-3)


def test_bank_features_are_zero_where_the_bank_is_silent(
    pairs: PairFeatures, bankless: PreparedStandard, orchard_passages: Passages
) -> None:
    """For elements that it does not serve, and for all of a standard without one."""
    plain = pair_features(bankless, orchard_passages, find_candidates(bankless, orchard_passages))
    for name in BANK_FEATURES - {"covers*soft"}:
        assert not column(pairs, name)[[0, 1, 4, 5]].any()
        assert not column(plain, name).any()
    assert column(pairs, "covers")[2].any()


def test_role_and_kind_flags(pairs: PairFeatures, orchard_passages: Passages) -> None:
    """A passage has the flag of its role, an element that of its statement's kind."""
    assert column(pairs, "role_objective")[at(orchard_passages, pairs, 2, "掌握果树修剪方法")] == 1
    assert column(pairs, "role_practice")[at(orchard_passages, pairs, 2, "每人三株")] == 1
    assert column(pairs, "role_objective")[at(orchard_passages, pairs, 2, "每人三株")] == 0
    assert column(pairs, "is_task")[:, 0].tolist() == [0, 1, 0, 0, 0, 0]
    assert column(pairs, "is_competency")[:, 0].tolist() == [1, 0, 0, 0, 0, 0]


def test_no_passages_no_pairs_no_warning(prepared: PreparedStandard, no_passages: Passages) -> None:
    """A document without text has features of width zero, and numpy has nothing to complain of."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = pair_features(prepared, no_passages, find_candidates(prepared, no_passages))
        nothing = np.zeros((6, 0), np.float32)
        elements = element_features(prepared, nothing, nothing, np.zeros(2, np.float32))
    assert found.values.shape == (6, 0, len(PAIR_FEATURES))
    assert np.isfinite(elements).all()
    assert elements[:, ELEMENT_FEATURES.index("touch_1")].tolist() == [NOTHING] * 6


def test_element_features_summarise_their_pairs(prepared: PreparedStandard) -> None:
    """Best logits in falling order, siblings without oneself, the course's probability, the noisy-or above the best."""
    touch = np.array([[0, -1], [2, 1], [-3, 4], [1, 0], [-5, -6], [-7, -8]], np.float32)
    found = element_features(prepared, touch, touch - 1, np.array([0.9, 0.1], np.float32))
    row = dict(zip(ELEMENT_FEATURES, found[2].tolist(), strict=True))
    assert [row["touch_1"], row["touch_2"], row["touch_3"]] == pytest.approx([4, -3, NOTHING])
    assert [row["cover_1"], row["cover_2"]] == pytest.approx([3, -4])
    assert [row["siblings_best"], row["siblings_mean"]] == pytest.approx([1, 1])
    assert row["course_mean"] == pytest.approx((2 + 1) / 2)
    assert row["course"] == pytest.approx(0.9)
    assert row["touch_any"] >= row["touch_1"] - 0.01
    assert row["document_mean"] == pytest.approx((0 + 2 + 4 + 1 - 5 - 7) / 6)
    competency = dict(zip(ELEMENT_FEATURES, found[0].tolist(), strict=True))
    assert competency["course"] == pytest.approx(0.9)
    assert competency["siblings_best"] == pytest.approx(0)


def test_many_likely_passages_give_finite_log_odds() -> None:
    """Thirty near certain passages make an element certain, not infinitely so."""
    with np.errstate(all="raise"):
        odds = _any(np.full((1, 30), 12, np.float32))
    assert np.isfinite(odds).all()
    assert odds[0] > 50
