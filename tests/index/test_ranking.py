"""The best columns of every row."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import ranking
from index.ranking import ranked

NEAR = 1 + 2.0**-40
VALUES = st.sampled_from([-2.0, -0.0, 0.0, 0.5, 1.0, NEAR, 1 + 2.0**-50, 3.0])


@given(st.lists(st.lists(VALUES, min_size=7, max_size=7), min_size=1, max_size=5), st.integers(0, 7), st.booleans())
def test_as_a_stable_sort_orders_them(rows: list[list[float]], k: int, double: bool) -> None:
    """Highest first, equal ones by column, doubles that one single stands for told apart, 0 and -0 equal."""
    values = np.array(rows, np.float64 if double else np.float32)
    expected = np.argsort(-values, axis=1, kind="stable")[:, :k]
    assert ranked(values, k).tolist() == expected.tolist()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_wide_rows_are_cut_before_they_are_sorted(dtype: type, monkeypatch: pytest.MonkeyPatch) -> None:
    """With many columns and many equal values, the same order."""
    values = np.random.default_rng(5).integers(0, 40, (6, 900)).astype(dtype) / 7
    expected = np.argsort(-values, axis=1, kind="stable")[:, :30]
    assert ranked(values, 30).tolist() == expected.tolist()
    monkeypatch.setattr(ranking, "_MANY", 10**6)
    assert ranked(values, 30).tolist() == expected.tolist()


def test_no_rows_and_no_columns() -> None:
    """Empty matrices have empty orders."""
    assert ranked(np.zeros((0, 4), np.float32), 2).shape == (0, 2)
    assert ranked(np.zeros((3, 0)), 0).shape == (3, 0)
