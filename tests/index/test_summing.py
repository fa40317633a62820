"""Sums of groups of rows."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from index.summing import sums

ROWS = np.random.default_rng(1).standard_normal((50, 16)).astype(np.float32)


def one_by_one(places: list[int]) -> np.ndarray:
    """Rows added in their order, one after the other."""
    total = np.zeros(16, np.float32)
    for place in places:
        total += ROWS[place]
    return total


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(st.integers(0, 49), max_size=9), max_size=12))
def test_adds_in_order(groups: list[list[int]]) -> None:
    """Every group's sum is that of adding its rows one by one, to the last bit, whatever the other groups are."""
    places = np.array([place for group in groups for place in group], np.int64)
    counts = np.array([len(group) for group in groups], np.int64)
    found = sums(lambda numbers: ROWS[numbers], places, counts, 16)
    assert found.dtype == np.float32
    assert np.array_equal(found, np.array([one_by_one(group) for group in groups], np.float32).reshape(-1, 16))


def test_a_long_group_among_short_ones() -> None:
    """A group of thousands beside short ones has the same sum as alone."""
    long = (np.arange(5000) * 7 % 50).tolist()
    groups = [[1, 2], long, [3], [], long[:700]]
    counts = np.array([len(group) for group in groups], np.int64)
    found = sums(lambda numbers: ROWS[numbers], np.array([p for group in groups for p in group]), counts, 16)
    assert np.array_equal(found, np.array([one_by_one(group) for group in groups]))
