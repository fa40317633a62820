"""What was read last stays in memory, no more of it than asked for."""

from __future__ import annotations

from api.store.recent import Recent


def test_the_last_ones_stay() -> None:
    """A value is made once; the one that nobody asked for longest goes first."""
    recent, made = Recent(2), []

    def ask(key: str) -> str:
        return str(recent.get(key, lambda: made.append(key) or key))  # type: ignore[func-returns-value]

    assert [ask(key) for key in "abab"] == list("abab")
    assert made == ["a", "b"]
    ask("c")
    ask("b")
    ask("a")
    assert made == ["a", "b", "c", "a"]


def test_what_is_dropped_is_made_again() -> None:
    """Dropping what is not there does no harm; an error keeps nothing."""
    recent, made = Recent(2), []
    recent.drop("a")
    for _ in range(2):
        recent.get("a", lambda: made.append(1))
        recent.drop("a")
    assert made == [1, 1]
