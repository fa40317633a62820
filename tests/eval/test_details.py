"""Further figures of the product, over one document and verdicts made by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from alignment.fitting import TrainingDocument, training_documents
from alignment.labelled import read_labelled
from alignment.model import CourseFit, Evidence, Match
from alignment.prepared import PreparedStandard, prepare
from corpora.document import Segment
from corpora.document_builder import DocumentBuilder
from corpora.judgments import Judgment, Judgments
from corpora.standard import Element, Standard, Statement
from eval.details import CUTS, Details, Judged, Row
from index.encoders import load_encoder, word_vectors

TEXTS = ("掌握果树修剪方法", "制定病虫害防治方案", "调制蛋糕面糊", "热爱劳动")
LINES = ("冬季练习果树修剪，注意剪口平整。", "了解病虫害防治的要点。", "本课程在第三学期开设。")


@pytest.fixture(scope="module")
def prepared() -> PreparedStandard:
    """Four competencies of level 3, the last one an attitude, and a course."""
    statements = tuple(
        Statement(
            f"Q{n}",
            "competency",
            text,
            elements=(Element(f"Q{n}.e1", f"Q{n}", text, text, (0, len(text)), "", 3, affective=n == 3),),
        )
        for n, text in enumerate(TEXTS)
    )
    return prepare(Standard("990001", "四项", statements=statements), (), load_encoder(), word_vectors())


@pytest.fixture(scope="module")
def document(prepared: PreparedStandard) -> TrainingDocument:
    """Three paragraphs; two elements covered, the second below its level, one disputed."""
    builder = DocumentBuilder("材料.txt", b"", "text")
    for line in LINES:
        builder.add("paragraph", line)
    judgments = Judgments(
        "材料.txt",
        "990001",
        {
            "Q0.e1": Judgment(2, None, ("practice",), (3, 4), ("练习果树修剪",)),
            "Q1.e1": Judgment(2, None, ("objective",), (1, 2), ("了解病虫害防治的要点",)),
            "Q2.e1": Judgment(1, (1, 2)),
            "Q3.e1": Judgment(0),
        },
        (("C1",), ("C2", "C1")),
    )
    return training_documents(prepared, [read_labelled(builder.build(), judgments, load_encoder())])[0]


def evidence(segment: Segment) -> Evidence:
    """A passage as a quote."""
    return Evidence(segment.text, segment.locators[0], (), 0.9)


def judged(prepared: PreparedStandard, document: TrainingDocument, *courses: str) -> Judged:
    """The first element rightly covered with its second quote, the second one covered and short, the rest missing."""
    first, second, third = document.labelled.passages.segments
    a, b, c, d = prepared.elements
    fits = tuple(CourseFit(Statement(course, "course", course), 0.9) for course in courses)
    matches = (
        Match(a, 2, 0.9, 0.8, False, 4, ("practice", "content"), (evidence(third), evidence(first))),
        Match(b, 2, 0.6, 0.55, True, 2, ("objective",), (evidence(second),)),
        Match(c, 0, 0.2, 0.1),
        Match(d, 0, 0.1, 0.0),
    )
    return Judged(matches, fits, np.array([2, 0.1, 1, 3], np.float32), 0.25)


def figures(prepared: PreparedStandard, document: TrainingDocument, made: Judged) -> dict[str, Row]:
    """Rows by name, of this one document."""
    details = Details()
    details.add(prepared, document, made)
    return {row.name: row for row in details.rows()}


def test_evidence_counts_by_the_rank_of_the_first_right_quote(
    prepared: PreparedStandard, document: TrainingDocument
) -> None:
    """One element is proved by its first quote, the other by its second."""
    found = figures(prepared, document, judged(prepared, document))
    assert found["evidence hit@1"] == ("evidence hit@1", 0.5, 2, "elements")
    assert found["evidence hit@3"].value == 1
    assert found["evidence MRR"].value == 0.75


def test_recall_is_of_the_taught_elements_with_quotes(prepared: PreparedStandard, document: TrainingDocument) -> None:
    """Of three passages each labelled one is found at every cut; the element without quotes is left out."""
    found = figures(prepared, document, judged(prepared, document))
    for cut in CUTS:
        assert found[f"first stage recall@{cut}"] == (f"first stage recall@{cut}", 1, 2, "elements")
        assert found[f"first stage any@{cut}"].value == 1


def test_two_ways_to_count_recall() -> None:
    """Half of one element's passages and none of another's: a quarter of them, one element of two."""
    partly, nothing = dict.fromkeys(CUTS, 1), dict.fromkeys(CUTS, 0)
    rows = {row.name: row.value for row in Details(found=[(partly, 2), (nothing, 3)]).rows()}
    assert rows["first stage recall@20"] == 0.25
    assert rows["first stage any@20"] == 0.5


def test_levels_against_the_median_and_either_labeller(prepared: PreparedStandard, document: TrainingDocument) -> None:
    """4 against 3 and 4, whose median 3.5 rounds to 4; 2 against 1 and 2, whose median rounds to 2."""
    found = figures(prepared, document, judged(prepared, document))
    assert found["level exact"].value == found["level within one"].value == 1
    assert found["level exact, either labeller"].value == 1
    made = judged(prepared, document)
    off = replace(made, matches=(replace(made.matches[0], level_found=5), *made.matches[1:]))
    found = figures(prepared, document, off)
    assert (found["level exact"].value, found["level within one"].value) == (0.5, 1)
    assert found["level exact, either labeller"].value == 0.5


def test_short_is_found_where_the_document_asks_less(prepared: PreparedStandard, document: TrainingDocument) -> None:
    """The second element is short for both; called missing it is not found, though no pair remains that both cover."""
    found = figures(prepared, document, judged(prepared, document))
    assert (found["short, precision"].value, found["short, recall"].value) == (1, 1)
    made = judged(prepared, document)
    missed = replace(made, matches=(made.matches[0], replace(made.matches[1], grade=0), *made.matches[2:]))
    found = figures(prepared, document, missed)
    assert (found["short, precision"].value, found["short, recall"].value) == (None, 0)
    assert found["short where both cover, recall"].value is None


def test_where_by_place(prepared: PreparedStandard, document: TrainingDocument) -> None:
    """Practice and objective are right, content was claimed and is not labelled, of assessment nobody speaks."""
    found = figures(prepared, document, judged(prepared, document))
    places = ("objective", "content", "practice", "assessment")
    assert [found[f"where F1, {place}"].value for place in places] == [1, 0, 1, None]
    assert found["where F1"].value == pytest.approx(4 / 5)


def test_courses_by_rank_and_by_claim(prepared: PreparedStandard, document: TrainingDocument) -> None:
    """A right course in second place, after one that no labeller names; none claimed is no hit."""
    found = figures(prepared, document, judged(prepared, document, "C3", "C1"))
    assert (found["course top-1"].value, found["course MRR"].value) == (0, 0.5)
    assert (found["course, precision"].value, found["course, recall"].value) == (0.5, 0.5)
    assert figures(prepared, document, judged(prepared, document))["course MRR"].value == 0
    assert found["documents without a course left alone"].value is None


def test_abstention_on_documents_of_no_course() -> None:
    """Two courses claimed of one such document, none of another."""
    rows = {row.name: row for row in Details(courses=[(frozenset(), ("C1", "C2")), (frozenset(), ())]).rows()}
    assert rows["courses claimed where none is served, mean"] == (
        "courses claimed where none is served, mean",
        1,
        2,
        "documents",
    )
    assert rows["documents without a course left alone"].value == 0.5
    assert rows["course top-1"].value is None


def test_certainty_leaves_disputes_out(prepared: PreparedStandard, document: TrainingDocument) -> None:
    """The third element is disputed between 1 and 2: it says nothing of grades, nor of covered, only of touched."""
    details = Details()
    details.add(prepared, document, judged(prepared, document))
    made = details.decisions
    assert made.truth.tolist() == [2, 2, 0]
    assert made.predicted.tolist() == [2, 2, 0]
    assert made.distance.tolist() == pytest.approx([2, 0.1, 3])
    assert made.review.tolist() == [False, True, False]
    assert [side.tolist() for side in details.calibration(1)] == [[True, True, True, False], [0.9, 0.6, 0.2, 0.1]]
    assert [side.tolist() for side in details.calibration(2)] == [[True, True, False], [0.8, 0.55, 0.0]]
    assert details.seconds == [0.25]


def test_nothing_to_measure_is_none() -> None:
    """A set without any labelled element has all rows, none of them a figure."""
    assert {(row.value, row.over) for row in Details().rows()} == {(None, 0)}
    assert not len(Details().decisions.truth)
