"""Measures on cases worked out by hand, and beside scikit-learn where it has them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score, f1_score  # type: ignore[import-untyped]

from eval.measures import (
    hit_at,
    kappa_of_tables,
    precision_recall,
    reciprocal_rank,
    weighted_kappa,
)

GRADES = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=3, max_size=40)


@given(GRADES)
def test_kappa_agrees_with_scikit_learn(pairs: list[tuple[int, int]]) -> None:
    """Quadratic weighted kappa equals the library's wherever that one is defined."""
    truth, predicted = zip(*pairs, strict=True)
    if len(set(truth)) > 1 or len(set(predicted)) > 1:
        expected = cohen_kappa_score(truth, predicted, weights="quadratic", labels=[0, 1, 2])
        assert weighted_kappa(truth, predicted) == pytest.approx(expected, abs=1e-9)


@given(GRADES)
def test_f1_agrees_with_scikit_learn(pairs: list[tuple[int, int]]) -> None:
    """F1 equals the library's, 0 where undefined."""
    truth, predicted = (np.array(side) > 0 for side in zip(*pairs, strict=True))
    assert precision_recall(truth, predicted).f1 == pytest.approx(f1_score(truth, predicted, zero_division=0))


def test_kappa_of_one_constant_grade_is_zero() -> None:
    """No variation, no agreement beyond chance."""
    assert weighted_kappa([1, 1], [1, 1]) == 0


def test_kappas_of_many_tables_at_once() -> None:
    """A stack of tables gives the kappa of each; a table without any item gives 0."""
    pairs = [([0, 1, 2, 2], [0, 1, 1, 2]), ([0, 0, 1], [1, 0, 0])]
    tables = np.zeros((2, 2, 3, 3))
    for number, (truth, predicted) in enumerate(pairs):
        np.add.at(tables[0, number], (truth, predicted), 1)
    assert kappa_of_tables(tables)[0] == pytest.approx([weighted_kappa(*pair) for pair in pairs])
    assert kappa_of_tables(tables)[1].tolist() == [0, 0]


def test_ranks() -> None:
    """Hits at k and the mean reciprocal rank count a missing answer as zero."""
    assert hit_at(1, [1, 2, None]) == pytest.approx(1 / 3)
    assert hit_at(3, [1, 2, None]) == pytest.approx(2 / 3)
    assert reciprocal_rank([1, 2, None]) == pytest.approx(0.5)
