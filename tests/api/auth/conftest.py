"""Services with accounts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.auth.house import House, housing
from tests.api.auth.world import World
from tests.service import People, make_people


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A fresh service with accounts and nobody in it."""
    with housing(tmp_path) as opened:
        yield opened


@pytest.fixture
def crowd(house: House) -> People:
    """Users of every role in two departments of the fresh service."""
    return make_people(house.service.store)


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One service with rows of every kind, for all that ask it many things."""
    with housing(tmp_path_factory.mktemp("world"), uploads_per_minute=10_000) as house:
        yield World(house)
