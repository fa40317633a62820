"""The numpy oracle: its promise beyond the contract is the order of ties."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from index.exact import ExactBackend, top_k


def test_ties_come_by_id() -> None:
    """Rows of equal similarity are answered in the order of their ids, whatever their positions."""
    backend = ExactBackend(2)
    backend.add(np.array([9, 4, 7, 1]), np.array([[1, 0], [1, 0], [0, 1], [1, 0]], np.float32))
    hits = backend.search(np.array([[1, 0]], np.float32), 3)
    assert hits.ids.tolist() == [[1, 4, 9]]
    assert hits.similarities.tolist() == [[1, 1, 1]]
    assert backend.search(np.array([[1, 0]], np.float32), 2).ids.tolist() == [[1, 4]]


@given(arrays(np.float32, (3, 7), elements=st.integers(-2, 2)), st.permutations(range(7)), st.integers(1, 7))
def test_top_k_is_a_sort(similarities: np.ndarray, ids: list[int], k: int) -> None:
    """Top-k equals sorting every column by falling similarity, then by id."""
    hits = top_k(similarities, np.array(ids), k)
    for row, found, values in zip(similarities, hits.ids, hits.similarities, strict=True):
        expected = sorted(zip(-row, ids, strict=True))[:k]
        assert found.tolist() == [i for _, i in expected]
        assert values.tolist() == [-s for s, _ in expected]


def test_more_queries_than_a_block() -> None:
    """Queries beyond one block are answered in their order."""
    backend = ExactBackend(2)
    backend.add(np.array([0, 1]), np.eye(2, dtype=np.float32))
    queries = np.eye(2, dtype=np.float32)[np.arange(2500) % 2]
    assert backend.search(queries, 1).ids[:, 0].tolist() == [n % 2 for n in range(2500)]
