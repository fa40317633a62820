"""Every route for everybody: who is served, who is sent to sign in, who is refused, who learns nothing."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.routing import iter_route_contexts
from starlette.routing import Mount

from api.auth.forgery import SAFE_METHODS
from tests.api.auth.house import House
from tests.api.auth.matrix import ROWS, WHO, Row
from tests.api.auth.world import World, filled


def routes(house: House) -> set[tuple[str, str]]:
    """Method and path of every route of the application."""
    found = set()
    for route in iter_route_contexts(house.client.app.routes):  # type: ignore[attr-defined]
        mounted = isinstance(route.original_route, Mount)
        methods = {"GET"} if mounted else set(route.methods or ()) - {"HEAD"}
        found |= {(method, route.path) for method in methods}
    return found


def test_no_route_is_missing(world: World) -> None:
    """Whoever adds a route says here who may use it; rows of routes that are gone go too."""
    there, told = routes(world.house), {(row.method, row.path) for row in ROWS}
    assert len(there) > 100
    assert sorted(there - told) == []
    assert sorted(told - there) == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.method} {row.path} {row.needs}".strip())
def test_everybody_gets_what_is_theirs(world: World, row: Row) -> None:
    """As the table says; and whoever is turned away has changed nothing."""
    got = {who: outcome(world, row, who) for who in WHO}
    assert "".join(got.values()) == row.right, got


def outcome(world: World, row: Row, who: str) -> str:
    """What somebody gets, in the table's letters."""
    fresh = row.method not in SAFE_METHODS
    made = world.place(row.needs, fresh)
    path = row.path.format_map(made) + made.get("rest", "")
    before = world.counts() if fresh else {}
    accept = {} if path.startswith(("/api/", "/ims/")) else {"headers": {"Accept": "text/html"}}
    answer = world.house.call(world.who[who], row.method, path, **filled(row.sent, made), **accept)
    world.house.keys.clear()
    letter = letter_of(row, answer)
    if fresh and letter in "34s":
        assert world.counts() == before
    return letter


def letter_of(row: Row, answer: Any) -> str:
    """Served, sign in, forbidden, not found; anything else as its status."""
    if answer.status_code == 401 or (answer.is_redirect and answer.headers["Location"].startswith("/sign-in")):
        return "s"
    if answer.is_success or answer.is_redirect or answer.status_code in row.refused:
        return "+"
    return {403: "3", 404: "4"}.get(answer.status_code, f"[{answer.status_code} {answer.text[:300]}]")
