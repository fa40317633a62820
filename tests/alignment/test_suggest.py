"""Suggestions for gaps."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from alignment.model import GapKind, Match
from alignment.suggest import LEVEL_NAMES, Suggester
from corpora.expressions import Expression
from corpora.standard import Element, Standard


@pytest.fixture
def element(mini: Standard) -> Element:
    """掌握果树修剪方法, level 3."""
    return mini.by_id["C1.R1"].elements[0]


def match(element: Element, level: int | None = None) -> Match:
    """A verdict whose home is a section of the content."""
    return Match(element, 0, 0.1, 0.0, level_found=level, home=("二、课程内容", "项目一"))


@pytest.mark.parametrize("kind", get_args(GapKind))
def test_every_kind_names_element_place_and_source(kind: GapKind, element: Element) -> None:
    """What to add, in which section of this document, and which statement asks for it."""
    found = Suggester((), 3.0).suggest(match(element, 1), kind)
    assert element.text in found.text
    assert found.where == "二、课程内容 > 项目一"
    assert found.sources == ("C1.R1",)
    assert (found.hours is not None) == (kind in ("missing", "touched"))


@pytest.mark.parametrize("level", range(1, 7))
def test_each_level_asks_for_another_task(level: int, element: Element) -> None:
    """The wording of the task follows the required level."""
    others = {
        Suggester((), None).suggest(match(replace(element, level=n)), "missing").text for n in range(1, 7) if n != level
    }
    assert Suggester((), None).suggest(match(replace(element, level=level)), "missing").text not in others


def test_attitudes_go_into_the_objectives(element: Element) -> None:
    """Nobody drills an attitude."""
    found = Suggester((), None).suggest(match(replace(element, affective=True)), "missing")
    assert "素质目标" in found.text


def test_bank_serves_as_example(bank: tuple[Expression, ...], mini: Standard) -> None:
    """The bank's covering wording, content for knowledge, practice for skills; nothing where it is silent."""
    knowledge, plan = mini.by_id["C1.R1"].elements
    suggester = Suggester(bank, None)
    assert suggester.suggest(match(knowledge), "missing").text.endswith("可参考写法：冬季怎样剪枝")
    assert suggester.suggest(match(replace(knowledge, level=4)), "missing").text.endswith("到果园动手剪枝")
    assert suggester.suggest(match(plan), "missing").text.endswith("会写防虫防病的计划")
    silent = suggester.suggest(match(mini.by_id["C2.R1"].elements[0]), "missing")
    assert "可参考写法" not in silent.text


def test_level_short_names_both_levels(element: Element) -> None:
    """What the document asks for and what the standard does."""
    text = Suggester((), None).suggest(match(element, 1), "level_short").text
    assert "了解" in text
    assert "掌握" in text
    assert LEVEL_NAMES[element.level] == "掌握"


@pytest.mark.parametrize(
    ("share", "missing", "touched"), [(0.2, 1, 1), (2.4, 2, 1), (3.6, 4, 2), (40.0, 4, 2), (None, None, None)]
)
def test_hours_follow_the_documents_pace(
    share: float | None, missing: float | None, touched: float | None, element: Element
) -> None:
    """About what the document gives an element, one to four hours, half of it for what it touches already."""
    suggester = Suggester((), share)
    assert suggester.suggest(match(element), "missing").hours == missing
    assert suggester.suggest(match(element), "touched").hours == touched
