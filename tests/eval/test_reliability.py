"""Calibration by bins and what remains when doubtful decisions are set aside."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from sklearn.calibration import calibration_curve  # type: ignore[import-untyped]
from sklearn.metrics import brier_score_loss  # type: ignore[import-untyped]

from eval.reliability import (
    WIDTH,
    Bin,
    Decisions,
    base_rate_brier,
    brier_score,
    diagram,
    equal_mass_bins,
    equal_width_bins,
    expected_calibration_error,
    selective,
)

RANDOM = np.random.default_rng(5)
PROBABILITIES = RANDOM.random(500) ** 2
TRUTH = RANDOM.random(500) < PROBABILITIES


@pytest.mark.parametrize(("bins", "strategy"), [(equal_width_bins, "uniform"), (equal_mass_bins, "quantile")])
def test_bins_agree_with_scikit_learn(bins, strategy) -> None:  # type: ignore[no-untyped-def]
    """What is said and what is true of each bin equal the library's reliability curve."""
    true, said = calibration_curve(TRUTH, PROBABILITIES, n_bins=10, strategy=strategy)
    found = bins(TRUTH, PROBABILITIES)
    assert [each.true for each in found] == pytest.approx(list(true))
    assert [each.said for each in found] == pytest.approx(list(said))
    assert sum(each.count for each in found) == len(TRUTH)


def test_calibration_error_weighs_bins_by_size() -> None:
    """Three items at .95 of which two are true, one at .05 that is false; the last bin holds 1 itself."""
    bins = equal_width_bins(np.array([True, True, False, False]), np.array([0.95, 0.95, 0.95, 0.05]))
    assert expected_calibration_error(bins) == pytest.approx((3 * abs(2 / 3 - 0.95) + 1 * 0.05) / 4)
    assert equal_width_bins(np.array([True]), np.array([1.0])) == (Bin(0.9, 1.0, 1, 1.0, 1.0),)


def test_bins_of_equal_mass_are_of_like_size() -> None:
    """Ten groups of 500 in rising order, whatever the probabilities."""
    bins = equal_mass_bins(TRUTH, PROBABILITIES)
    assert {each.count for each in bins} == {50}
    assert all(a.high <= b.low for a, b in pairwise(bins))


def test_brier_agrees_with_scikit_learn_and_has_its_yardstick() -> None:
    """The score equals the library's; always saying the base rate has the score q (1 - q)."""
    assert brier_score(TRUTH, PROBABILITIES) == pytest.approx(brier_score_loss(TRUTH, PROBABILITIES))
    assert base_rate_brier(TRUTH) == pytest.approx(brier_score(TRUTH, np.full(500, TRUTH.mean())))


def test_nothing_to_measure_is_none() -> None:
    """Empty arrays have no bins and no scores."""
    nothing = np.zeros(0, bool), np.zeros(0)
    assert equal_width_bins(*nothing) == equal_mass_bins(*nothing) == ()
    assert expected_calibration_error(()) is brier_score(*nothing) is base_rate_brier(nothing[0]) is None
    assert selective(decisions([], [], [])) == ()


def test_the_diagram_shows_said_beside_true() -> None:
    """A bar as long as the share that is true, a mark where it was said to be; both at the very ends too."""
    heading, below, exact, full = diagram(
        (Bin(0.2, 0.3, 8, 0.25, 0.5), Bin(0.5, 0.6, 4, 0.5, 0.5), Bin(0.9, 1.0, 2, 1.0, 1.0))
    )
    start = heading.index(" 0", 20) + 1
    assert below[start:] == "=" * 10 + "|" + "=" * 9
    assert exact[start:] == "=" * 20 + "|"
    assert full[start:] == "=" * (WIDTH - 1) + "|"
    assert below.split()[1:4] == ["8", "0.250", "0.500"]
    assert len(heading) == start + WIDTH


def decisions(truth: list[int], predicted: list[int], distance: list[float], review: float = 0) -> Decisions:
    """Decisions of which those nearer than ``review`` are flagged."""
    far = np.array(distance, float)
    return Decisions(np.array(truth, np.int64), np.array(predicted, np.int64), far, far < review)


def test_setting_aside_the_doubtful_leaves_the_right_ones() -> None:
    """Ten decisions, wrong at the two nearest: without them all is right, and both errors were set aside."""
    made = decisions([0, 1, 2] * 3 + [0], [1, 0, 2] + [0, 1, 2] * 2 + [0], [0.1, 0.2, *range(1, 9)], review=0.15)
    whole, tenth, fifth, third, review = selective(made)
    assert (whole.aside, whole.accuracy, whole.errors) == (0, 0.8, 0)
    assert (tenth.aside, tenth.errors) == (0.1, 0.5)
    assert tenth.accuracy == pytest.approx(8 / 9)
    assert (fifth.aside, fifth.accuracy, fifth.kappa, fifth.errors) == (0.2, 1, 1, 1)
    assert third.accuracy == 1
    assert (review.name, review.aside, review.errors) == ("review", 0.1, 0.5)


def test_without_errors_there_is_no_share_of_them() -> None:
    """All right: the share is None; all set aside: no accuracy is claimed."""
    made = decisions([0, 1], [0, 1], [1, 2], review=5)
    assert selective(made)[0].errors is None
    assert selective(made)[-1].accuracy == 0
