"""Fusion by exact small numbers and by properties."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.fusion import reciprocal_rank_fusion, weighted_fusion
from index.protocols import NO_ROW, Hits


def hits(ids: list[list[int]], similarities: list[list[float]] | None = None) -> Hits:
    places = np.array(ids, np.int64)
    values = (
        np.array(similarities)
        if similarities
        else np.where(places == NO_ROW, -np.inf, 1.0 - np.arange(places.shape[1]))
    )
    return Hits(places, values.astype(np.float32))


RANKING = st.lists(st.integers(0, 9), unique=True, min_size=4, max_size=4)


def test_reciprocal_ranks_worked() -> None:
    """Row 7 is second and first, row 3 is first only, row 5 third and second."""
    fused = reciprocal_rank_fusion([hits([[3, 7, 5]]), hits([[7, 5, NO_ROW]])], 10)
    assert fused.ids.tolist() == [[7, 5, 3]]
    np.testing.assert_allclose(fused.similarities, [[1 / 62 + 1 / 61, 1 / 63 + 1 / 62, 1 / 61]], rtol=1e-6)


def test_rank_weights_and_constant() -> None:
    """A weight multiplies a result's gains; a weight of 0 leaves its order out."""
    fused = reciprocal_rank_fusion([hits([[1, 2]]), hits([[2, 1]])], 2, constant=1, weights=[3, 1])
    assert fused.ids.tolist() == [[1, 2]]
    np.testing.assert_allclose(fused.similarities, [[3 / 2 + 1 / 3, 3 / 3 + 1 / 2]])


def test_weighted_worked() -> None:
    """Each result is stretched over 0..1 in each query; a row that a result lacks gets nothing from it."""
    dense = hits([[1, 2, 3], [4, 5, NO_ROW]], [[0.9, 0.7, 0.5], [0.8, 0.8, -np.inf]])
    words = hits([[3, 1, NO_ROW], [NO_ROW] * 3], [[12.0, 2.0, -np.inf], [-np.inf] * 3])
    fused = weighted_fusion([dense, words], [0.6, 0.4], 3)
    assert fused.ids.tolist() == [[1, 3, 2], [4, 5, NO_ROW]]
    np.testing.assert_allclose(fused.similarities, [[0.6, 0.4, 0.3], [0.6, 0.6, -np.inf]], rtol=1e-6)


def test_ties_by_id() -> None:
    """Rows of equal sums come by id, and k cuts after that order."""
    assert reciprocal_rank_fusion([hits([[9, 4]]), hits([[4, 9]])], 1).ids.tolist() == [[4]]


@given(st.lists(RANKING, min_size=1, max_size=4), st.integers(1, 12))
def test_same_result_twice_changes_nothing(rankings: list[list[int]], k: int) -> None:
    """Fusing a result with itself keeps its order; the order of the results does not matter."""
    results = [hits([ranking]) for ranking in rankings]
    assert reciprocal_rank_fusion([results[0]] * 3, 4).ids.tolist() == [rankings[0]]
    one, other = reciprocal_rank_fusion(results, k), reciprocal_rank_fusion(results[::-1], k)
    assert sorted(one.ids[0]) == sorted(other.ids[0]) or len({*map(float, one.similarities[0])}) < one.ids.shape[1]
    np.testing.assert_allclose(one.similarities, other.similarities, rtol=1e-6)
    assert (np.diff(one.similarities[0]) <= 0).all()
    assert one.ids.shape[1] == min(k, len({i for ranking in rankings for i in ranking}))


def test_nothing_found_and_wrong_calls() -> None:
    """Empty results fuse to an empty one; results of different queries are refused."""
    assert weighted_fusion([hits([[NO_ROW]])], [1], 3).ids.shape == (1, 0)
    for call in (
        lambda: reciprocal_rank_fusion([], 3),
        lambda: reciprocal_rank_fusion([hits([[1]]), hits([[1], [2]])], 3),
        lambda: weighted_fusion([hits([[1]])], [1, 2], 3),
        lambda: reciprocal_rank_fusion([hits([[1]])], 0),
    ):
        with pytest.raises(ValueError, match=r"results|at least 1"):
            call()
