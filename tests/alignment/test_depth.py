"""Level found and places, from evidence passages."""

from __future__ import annotations

import pytest

from alignment.depth import UNSTATED, level_found, roles_of
from corpora.document import Locator, Role, Segment


def passage(text: str, role: Role = "content") -> Segment:
    """A segment of its own."""
    return Segment(0, text, (Locator(0, len(text), 1),), role)


@pytest.mark.parametrize(
    ("text", "level"), [("了解病虫害。", 1), ("掌握修剪方法。", 3), ("能够分析销售数据。", 5), ("设计活动方案。", 6)]
)
def test_a_stated_verb_decides(text: str, level: int) -> None:
    """Whatever the passage's role."""
    assert level_found([passage(text, "objective")]) == level_found([passage(text, "practice")]) == level


def test_the_highest_stated_level_counts() -> None:
    """A document that first introduces and later designs reaches design; a passage without a verb changes nothing."""
    assert level_found([passage("了解活动方案。"), passage("设计活动方案。"), passage("活动方案", "practice")]) == 6
    assert level_found([passage("了解活动方案。"), passage("活动方案", "practice")]) == 1


@pytest.mark.parametrize("role", list(UNSTATED))
def test_without_a_verb_the_role_decides(role: Role) -> None:
    """Practice implies more than a line of content."""
    assert level_found([passage("活动方案", role)]) == UNSTATED[role]
    assert UNSTATED["practice"] == max(UNSTATED.values())


def test_no_passages_no_level() -> None:
    """Nothing found is None, not the lowest level."""
    assert level_found([]) is None
    assert roles_of([]) == ()


def test_roles_are_each_named_once_in_order() -> None:
    """Objective, content, practice, assessment; resources and the rest are no places of teaching."""
    roles: tuple[Role, ...] = ("assessment", "content", "resource", "content", "objective", "other")
    assert roles_of([passage("x", role) for role in roles]) == ("objective", "content", "assessment")
