"""Labelled documents beside a prepared standard."""

from __future__ import annotations

import pytest

from alignment.labelled import LabelledDocument, judged_elements, read_labelled
from alignment.prepared import PreparedStandard
from corpora.document import Document
from corpora.judgments import Judgment, Judgments
from index.protocols import Encoder


@pytest.fixture(scope="module")
def labelled(orchard: Document, encoder: Encoder) -> LabelledDocument:
    """The orchard's syllabus with three labels, one of them disputed, one of them with a quote that is not there."""
    judgments = Judgments(
        "果树栽培.docx",
        "990001",
        {
            "C1.R1.e1": Judgment(2, None, ("objective", "practice"), (3,), ("掌握果树修剪方法", "到果园动手剪枝")),
            "C1.R1.e2": Judgment(1, (1, 2), ("objective",), (1,), ("了解常见病虫害",)),
            "C1.T1.e1": Judgment(2, None, ("content",), (3,), ("这句话不在文中",)),
        },
        (("C1",), ("C1", "C2")),
    )
    return read_labelled(orchard, judgments, encoder)


def test_quotes_are_found_in_their_segments(labelled: LabelledDocument) -> None:
    """By overlap with the located quote; a quote that is not in the document finds nothing."""
    segments = labelled.passages.segments
    assert {segments[n].text for n in labelled.quoted["C1.R1.e1"]} == {
        "掌握果树修剪方法。",
        "到果园动手剪枝，每人三株。",
    }
    assert labelled.quoted["C1.T1.e1"] == frozenset()


def test_title_and_name(labelled: LabelledDocument) -> None:
    """The title is the document's, the name the file's."""
    assert labelled.title == "《果树栽培》课程标准"
    assert labelled.name == "果树栽培.docx"


def test_scope_is_every_requirement_and_the_competencies_that_the_set_lists(
    labelled: LabelledDocument, prepared: PreparedStandard, orchard: Document, encoder: Encoder
) -> None:
    """Tasks are not judged; a competency is, as soon as one file of the set lists one of its elements."""
    assert judged_elements(prepared, [labelled]) == [False, False, True, True, True, True]
    other = read_labelled(orchard, Judgments("b", "990001", {"Q01.e1": Judgment(1)}), encoder)
    assert judged_elements(prepared, [labelled, other]) == [True, False, True, True, True, True]


def test_grades_decided_and_served(labelled: LabelledDocument, prepared: PreparedStandard) -> None:
    """-1 outside the scope, 0 where nothing is listed; a dispute of 1 against 2 leaves grade 2 open."""
    scope = judged_elements(prepared, [labelled])
    assert labelled.grades(prepared, scope).tolist() == [-1, -1, 2, 1, 0, 0]
    assert labelled.decided(prepared, 1).tolist() == [True] * 6
    assert labelled.decided(prepared, 2).tolist() == [True, True, True, False, True, True]
    assert labelled.serves(prepared).tolist() == [True, True]
