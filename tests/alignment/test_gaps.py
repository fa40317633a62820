"""Gaps: what is reported, how heavy, in which order."""

from __future__ import annotations

from dataclasses import replace

import pytest

from alignment.gaps import find_gaps, worst
from alignment.model import Evidence, Grade, Match
from alignment.suggest import Suggester
from corpora.document import Locator, Role
from corpora.standard import Element, Standard

QUOTE = Evidence("修剪", Locator(0, 2, 1), ("二、课程内容",), 0.8, "content")


def match(
    element: Element,
    grade: Grade,
    level: int | None = None,
    where: tuple[Role, ...] = ("content",),
    review: bool = False,
) -> Match:
    """A verdict by hand."""
    evidence = (QUOTE,) if grade else ()
    return Match(element, grade, grade / 2, grade / 4, review, level, where if grade else (), evidence, QUOTE)


@pytest.fixture
def skill(mini: Standard) -> Element:
    """制定病虫害防治方案, level 6."""
    return mini.by_id["C1.R1"].elements[1]


@pytest.fixture
def knowledge(mini: Standard) -> Element:
    """理解酵母发酵原理, level 2."""
    return mini.by_id["C2.R1"].elements[0]


def kinds(*matches: Match) -> list[tuple[str, int]]:
    """(kind, severity) of all gaps."""
    return [(gap.kind, gap.severity) for gap in find_gaps(matches, Suggester((), None))]


def test_missing_and_touched(skill: Element) -> None:
    """A missing piece weighs 3, one less when a person should look first; a touched one 2."""
    assert kinds(match(skill, 0)) == [("missing", 3)]
    assert kinds(match(skill, 0, review=True)) == [("missing", 2)]
    assert kinds(match(skill, 1, 6)) == [("touched", 2)]
    assert kinds(match(skill, 1, 6, review=True)) == [("touched", 2)]


def test_what_is_covered_at_its_level_and_practised_is_no_gap(skill: Element, knowledge: Element) -> None:
    """In content at the required level, nothing else is asked where nothing is assessed by name."""
    assert kinds(match(skill, 2, 6), match(knowledge, 2, 3)) == []


def test_level_short(skill: Element) -> None:
    """Covered below its level is a gap; attitudes have no level to fall short of."""
    assert kinds(match(skill, 2, 3)) == [("level_short", 2)]
    assert kinds(match(replace(skill, affective=True), 2, 3)) == []


def test_skills_have_to_be_practised(skill: Element, knowledge: Element) -> None:
    """A skill in the objectives alone is not practised; knowledge may stay there."""
    assert kinds(match(skill, 2, 6, ("objective",))) == [("not_practised", 1)]
    assert kinds(match(knowledge, 2, 2, ("objective",))) == []


def test_skills_are_assessed_where_others_are(skill: Element, knowledge: Element) -> None:
    """Only a document that assesses something by name can be told what it leaves out."""
    assessed = match(knowledge, 2, 2, ("content", "assessment"))
    assert kinds(match(skill, 2, 6), assessed) == [("not_assessed", 1)]
    assert kinds(match(skill, 2, 6, ("content", "assessment")), assessed) == []


def test_the_heaviest_first_then_the_standards_order(mini: Standard) -> None:
    """Order within one weight is that of the matches; each gap carries its nearest passage and a suggestion."""
    elements = mini.elements
    matches = [match(elements[0], 1), match(elements[1], 0), match(elements[2], 2, 1), match(elements[3], 0)]
    gaps = find_gaps(matches, Suggester((), None))
    assert [gap.element.id for gap in gaps] == [elements[i].id for i in (1, 3, 0, 2)]
    assert all(gap.nearest == QUOTE for gap in gaps)
    assert all(gap.element.text in gap.suggestion.text for gap in gaps)


def test_worst_names_each_statement_once(mini: Standard) -> None:
    """The first gaps, no two of the same statement."""
    gaps = find_gaps([match(element, 0) for element in mini.elements], Suggester((), None))
    assert [gap.element.id for gap in worst(gaps)] == ["Q01.e1", "C1.T1.e1", "C1.R1.e1"]
    assert [gap.element.id for gap in worst(gaps, 9)] == ["Q01.e1", "C1.T1.e1", "C1.R1.e1", "C2.R1.e1"]
    assert worst(()) == ()
