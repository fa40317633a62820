"""Level found and places, from evidence passages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from alignment.depth import TEACHES, DepthReader, roles_of
from alignment.passages import read_passages
from alignment.prepared import PreparedStandard
from corpora.document import Document, Locator, Role, Segment
from corpora.segments import segment
from index.protocols import Encoder

#: Rows of the small standard: required 3 掌握果树修剪方法, required 6 制定病虫害防治方案, required 4 嫁接苹果树苗.
PRUNING, PESTS, GRAFTING = "掌握果树修剪方法", "制定病虫害防治方案", "嫁接苹果树苗"

Found = Callable[..., int | None]


@pytest.fixture
def found(prepared: PreparedStandard, make_document: Callable[..., Document], encoder: Encoder) -> Found:
    """The level found on an element from lines that are all its evidence, under a heading and with or without aims."""

    def level(
        element: str, *lines: str, heading: str = "二、课程内容", aims: bool = True, required: int | None = None
    ) -> int | None:
        goals = ("#一、课程目标", "了解园艺史。", "认识常见树种。", "爱护果园环境。") if aims else ()
        document = make_document(*goals, f"#{heading}", *lines)
        passages = read_passages(segment(document), encoder)
        numbers = [s.number for s in passages.segments if any(s.text in line for line in lines)]
        row = [e.text for e in prepared.elements].index(element)
        elements = [replace(e, level=required or e.level) for e in prepared.elements]
        return DepthReader(replace(prepared, elements=tuple(elements)), passages).level_found(row, numbers)

    return level


@pytest.mark.parametrize(
    ("text", "level"),
    [("了解病虫害防治。", 1), ("掌握病虫害防治。", 3), ("能够分析病虫害。", 5), ("设计防治方案。", 6)],
)
def test_a_stated_verb_decides(found: Found, text: str, level: int) -> None:
    """Whatever the passage's role."""
    assert found(PESTS, text) == found(PESTS, text, heading="三、实训安排") == level


def test_only_the_clause_of_the_element_speaks(found: Found) -> None:
    """A verb of a neighbouring clause in the same line says nothing of the element."""
    line = "了解病虫害防治方案，能够设计包装，掌握烘烤温度。"
    assert found(PESTS, line) == 1


def test_of_several_levels_the_one_nearest_to_the_required_counts(found: Found) -> None:
    """A document that first introduces and later plans reaches planning; where only knowing is asked, that is met."""
    assert found(PESTS, "了解病虫害防治方案。", "制定病虫害防治方案。") == 6
    assert found(PRUNING, "了解果树修剪。", "掌握果树修剪方法。", "分析果树修剪。") == 3
    assert found(PESTS, "了解病虫害防治方案。", "病虫害防治方案") == 1


def test_what_goes_beyond_is_applying_at_most(found: Found) -> None:
    """Where knowing or applying is required, analysing or designing is about something else."""
    assert found(PRUNING, "设计果树修剪机械。") == found(GRAFTING, "评价苹果树苗的嫁接。") == 4
    assert found(PESTS, "设计病虫害防治方案。") == 6


def test_applying_meets_analysing_in_a_syllabus(found: Found) -> None:
    """But not in notes, not designing, and knowing does not meet it."""
    assert found(PESTS, "处理病虫害。", required=5) == found(PESTS, "能够处理病虫害。", required=5) == 5
    assert found(PESTS, "能够处理病虫害。", required=5, aims=False) == 4
    assert found(PESTS, "能够处理病虫害。", required=6) == 4
    assert found(PESTS, "掌握病虫害防治。", required=5) == 3


def test_without_a_verb_the_kind_of_document_decides(found: Found) -> None:
    """A syllabus means its content to be applied, as far as required, and so does practice; notes only explain."""
    assert found(PESTS, "病虫害防治方案") == 4
    assert found(PRUNING, "果树修剪方法") == 3
    assert found(PESTS, "病虫害防治方案", aims=False) == 2
    assert found(PESTS, "病虫害防治方案", heading="三、实训安排", aims=False) == 4


def test_a_lead_in_heading_states_the_level_of_its_list(found: Found) -> None:
    """了解： over a list of subjects."""
    assert found(PESTS, "病虫害防治方案", heading="了解") == 1


def test_no_passages_no_level(found: Found) -> None:
    """Nothing found is None, not the lowest level."""
    assert found(PESTS) is None
    assert roles_of([], []) == ()


def passage(text: str, role: Role) -> Segment:
    """A segment of its own."""
    return Segment(0, text, (Locator(0, len(text), 1),), role)


def test_roles_are_each_named_once_in_order() -> None:
    """Objective, content, practice, assessment; resources and the rest are no places of teaching."""
    roles: tuple[Role, ...] = ("assessment", "content", "resource", "content", "objective", "other")
    assert roles_of([passage("x", role) for role in roles], [1.0] * 6) == ("objective", "content", "assessment")


@pytest.mark.parametrize("role", list(TEACHES))
def test_a_place_needs_its_share_of_the_best_passage(role: Role) -> None:
    """Just below it the place does not count; objectives need the most."""
    assert roles_of([passage("x", role)], [TEACHES[role]]) == (role,)
    assert roles_of([passage("x", role)], [TEACHES[role] * 0.99]) == ()
    assert TEACHES["objective"] == max(TEACHES.values())
