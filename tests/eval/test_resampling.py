"""Intervals and paired tests over documents."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from eval.agreement import FIGURES
from eval.resampling import DRAWS, EXACT, compare, mean_interval, pooled_interval


def mean(counts: np.ndarray) -> np.ndarray:
    """First count over the second: with ones in the second, the mean over documents."""
    return counts[..., 0] / counts[..., 1]


def of(*values: float) -> np.ndarray:
    """Documents whose figure ``mean`` is their value."""
    return np.array([(value, 1.0) for value in values])


def test_an_interval_holds_the_figure_and_is_the_same_every_time() -> None:
    """Ends lie within the documents' own values, around the pooled one, and do not change from run to run."""
    found = pooled_interval(of(0.2, 0.4, 0.9, 0.5), mean)
    assert found.value == pytest.approx(0.5)
    assert found.low is not None
    assert found.high is not None
    assert 0.2 <= found.low < found.value < found.high <= 0.9
    assert pooled_interval(of(0.2, 0.4, 0.9, 0.5), mean) == found


def test_the_interval_of_many_documents_is_that_of_the_normal_approximation() -> None:
    """Of 400 documents it reaches 1.96 standard errors to each side."""
    values = np.random.default_rng(1).normal(0.5, 0.1, 400)
    found = pooled_interval(of(*values), mean)
    error = values.std() / 20
    assert found.low == pytest.approx(values.mean() - 1.96 * error, abs=error / 10)
    assert found.high == pytest.approx(values.mean() + 1.96 * error, abs=error / 10)


def test_pooling_weighs_documents_by_size_and_a_mean_does_not() -> None:
    """1 of 1 and 0 of 9 are a tenth together, a half on average."""
    counts = np.array([(1.0, 1.0), (0.0, 9.0)])
    assert pooled_interval(counts, mean).value == pytest.approx(0.1)
    averaged = mean_interval(mean(counts))
    assert averaged is not None
    assert averaged.value == pytest.approx(0.5)


def test_one_document_has_no_interval() -> None:
    """The figure stands alone; undefined figures are left out, and where all are there is none."""
    assert pooled_interval(of(0.3), mean).low is None
    single = mean_interval(np.array([0.3, np.nan]))
    assert single is not None
    assert (single.value, single.high) == (0.3, None)
    assert mean_interval(np.array([np.nan])) is None


def test_one_document_tells_no_two_systems_apart() -> None:
    """A difference without interval or bootstrap; the exact test can say nothing below 1."""
    found = compare(of(0.9), of(0.1), mean)
    assert (found.difference.low, found.p_bootstrap) == (None, None)
    assert found.p_exchange == found.smallest == 1


def test_the_exchange_test_goes_through_all_sign_flips() -> None:
    """For means over documents its p is the share of sign patterns whose sum is as far from zero, by plain loops."""
    first, second = (0.9, 0.4, 0.7, 0.6, 0.5, 0.3), (0.5, 0.5, 0.3, 0.5, 0.1, 0.4)
    differences = np.subtract(first, second)
    sums = [abs(np.dot(signs, differences)) for signs in product((1, -1), repeat=6)]
    found = compare(of(*first), of(*second), mean)
    assert found.p_exchange == pytest.approx(np.mean(np.array(sums) >= abs(differences.sum()) - 1e-12))
    assert found.difference.value == pytest.approx(differences.mean())


def test_the_smallest_p_is_reached_when_every_document_agrees() -> None:
    """Six wins out of six: 2 of 64 exchanges; the bootstrap never sees the other sign."""
    found = compare(of(*[0.9] * 6), of(0.5, 0.6, 0.4, 0.5, 0.3, 0.2), mean)
    assert found.p_exchange == found.smallest == 2 / 64
    assert found.p_bootstrap == pytest.approx(2 / (DRAWS + 1))
    assert found.difference.low is not None
    assert found.difference.low > 0


def test_like_systems_do_not_differ() -> None:
    """No difference, p of 1, in both tests."""
    found = compare(of(0.2, 0.8, 0.5), of(0.2, 0.8, 0.5), mean)
    assert (found.difference.value, found.p_bootstrap, found.p_exchange) == (0, 1, 1)


def test_many_documents_are_exchanged_at_random() -> None:
    """Beyond the exact limit p agrees with the normal approximation of the sign-flip test."""
    differences = np.random.default_rng(2).normal(0.02, 0.1, 10 * EXACT)
    found = compare(of(*(0.5 + differences)), of(*[0.5] * len(differences)), mean)
    flips = np.random.default_rng(3).choice([-1, 1], size=(50_000, len(differences))) @ differences
    assert found.p_exchange == pytest.approx(np.mean(np.abs(flips) >= abs(differences.sum())), abs=0.02)
    assert found.smallest == 1 / (DRAWS + 1)


def test_no_document_at_all_scores_like_none() -> None:
    """Counts that are all zero give figures of 0, not errors."""
    assert {float(figure(np.zeros(15))) for figure in FIGURES.values()} == {0}
