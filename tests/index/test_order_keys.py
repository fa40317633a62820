"""Keys that keep an order."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.order_keys import APPEND, FIRST, HIGHEST, LOWEST, keys_between, spread


def insert(keys: np.ndarray, at: int, count: int) -> tuple[np.ndarray, int]:
    """The keys with new ones in between, and how many of the old ones were changed."""
    left, right = (int(keys[n]) if 0 <= n < len(keys) else None for n in (at - 1, at))
    new = keys_between(left, right, count)
    if new is not None:
        return np.insert(keys, at, new), 0
    moved, new = spread(keys, at, count)
    return np.concatenate([keys[: moved.start], new, keys[moved.stop :]]), moved.stop - moved.start


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(1, 50)), max_size=60))
def test_any_insertion_keeps_the_order(steps: list[tuple[float, int]]) -> None:
    """However rows get in, keys rise strictly within their bounds."""
    keys = np.empty(0, np.int64)
    for where, count in steps:
        before = len(keys)
        keys, _ = insert(keys, int(where * before), count)
        assert len(keys) == before + count
        assert (np.diff(keys) > 0).all()
        assert not len(keys) or (keys[0] > LOWEST and keys[-1] < HIGHEST)


def test_the_end_of_a_group_takes_many_rows_without_moving_others() -> None:
    """Rows that come again and again before the same neighbour find room 4,000 times."""
    keys = np.array([FIRST, FIRST + APPEND])
    for turn in range(4_000):
        keys, changed = insert(keys, turn + 1, 1)
        assert changed == 0


def test_a_gap_that_is_used_up_moves_few_rows() -> None:
    """In front of always the same row the gap halves; when it is gone, only its neighbours get new keys."""
    keys = FIRST + APPEND * np.arange(10_000)
    changes = []
    for _ in range(100):
        keys, changed = insert(keys, 1, 1)
        changes.append(changed)
    assert (np.diff(keys) > 0).all()
    assert 0 < sum(changes) < 200


def test_the_last_key_is_not_passed() -> None:
    """Behind a row at the very end there is no room; the rows are spread then."""
    keys = np.array([5, HIGHEST - 1])
    assert keys_between(HIGHEST - 1, None, 1) is None
    keys, changed = insert(keys, 2, 3)
    assert changed == 2
    assert (np.diff(keys) > 0).all()
    assert keys[-1] < HIGHEST
