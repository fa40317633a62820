"""Identifiers sort by the time they were made, and nobody can guess the next one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest

from api.store import ids
from api.store.ids import new_id


def test_identifiers_sort_by_time() -> None:
    """Thousands within a few milliseconds too."""
    made = [new_id() for _ in range(5_000)]
    assert made == sorted(set(made))
    assert all(len(name) == 26 and name.isalnum() and name == name.lower() for name in made)


def test_a_clock_that_goes_back_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next one still sorts behind."""
    before = new_id()
    monkeypatch.setattr(ids.time, "time_ns", lambda: 1)
    assert new_id() > before


def test_threads_never_get_the_same() -> None:
    """However many ask at once."""
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: new_id(), range(4_000)))
    assert len(set(made)) == len(made)


def test_neighbours_are_far_apart() -> None:
    """Within one millisecond the next one is some 2^39 away on the average: it is no counter."""
    letters = "0123456789abcdefghjkmnpqrstvwxyz"
    values = [sum(letters.index(c) << 5 * n for n, c in enumerate(reversed(new_id()))) for _ in range(200)]
    assert sum(later - earlier > 1 << 32 for earlier, later in pairwise(values)) > 150
