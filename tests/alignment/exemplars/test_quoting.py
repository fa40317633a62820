"""What of a passage is quoted, and at which level it teaches."""

from __future__ import annotations

import pytest

from alignment.exemplars.model import Exemplar, Line
from alignment.exemplars.quoting import QUOTE_CHARS, quote, stated_level

LONG = "，".join(
    ["先认识常见的工具与材料的名称和用途", "再到果园动手修剪果树并记录每株的用时"] + ["然后整理场地归还工具"] * 12
)


def made(text: str, *, aims: bool = False, role: str = "content", path: tuple[str, ...] = ()) -> Exemplar:
    """A passage of one document."""
    return Exemplar("user", "", "a" * 64, 0, "a.docx", "甲", aims, Line(text, role, None, path))  # type: ignore[arg-type]


def test_a_short_passage_is_quoted_whole() -> None:
    """As it is."""
    assert quote("到果园动手修剪果树", "修剪") == "到果园动手修剪果树"


@pytest.mark.parametrize("wanted", ["修剪果树", "认识工具与材料", "整理场地"])
def test_a_long_passage_is_quoted_around_what_is_wanted(wanted: str) -> None:
    """Verbatim, short, and with the clause that speaks of it."""
    found = quote(LONG, wanted)
    assert found in LONG
    assert len(found) <= QUOTE_CHARS
    assert wanted[-2:] in found


def test_a_clause_longer_than_a_quote_is_cut() -> None:
    """At the bound."""
    assert quote("修剪果树" * 60, "修剪") == ("修剪果树" * 60)[:QUOTE_CHARS]


def test_the_clause_that_speaks_of_it_states_the_level() -> None:
    """Not the highest verb of the passage."""
    item = made("了解果树的种类，能够制定病虫害防治方案", aims=True)
    assert stated_level(item, "果树的种类") == 1
    assert stated_level(item, "病虫害防治方案") == 6


def test_what_only_names_its_subject_is_read_by_its_place() -> None:
    """Explained in a textbook, applied in practice and where aims are stated; a list's lead-in speaks for its items."""
    assert stated_level(made("果树的修剪工具"), "修剪工具") == 2
    assert stated_level(made("果树的修剪工具", role="practice"), "修剪工具") == 4
    assert stated_level(made("果树的修剪工具", aims=True), "修剪工具") == 4
    assert stated_level(made("果树的修剪工具", aims=True, path=("了解：",)), "修剪工具") == 1
