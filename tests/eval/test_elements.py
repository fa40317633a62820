"""The measure of element cuts, and what the decomposition reaches."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpora.elements import Cut, decompose
from corpora.standard import Element
from corpora.standard_json import load_standard
from eval.elements import SpanCounts, compare, match_spans, measure_elements, span_overlap


def test_overlap_is_intersection_over_union() -> None:
    """Equal spans overlap by 1, disjoint ones by 0, a span with one character more of five by 0.8."""
    assert span_overlap((0, 4), (0, 4)) == 1
    assert span_overlap((0, 4), (4, 8)) == 0
    assert span_overlap((0, 4), (0, 5)) == 0.8
    assert span_overlap((0, 0), (0, 0)) == 0


def test_matching_is_one_to_one_best_first() -> None:
    """Two predictions over one curated span: the better one is matched, the other is a false positive."""
    assert match_spans([(0, 10)], [(0, 9), (0, 10)]) == [(0, 1)]


def test_counts_by_hand() -> None:
    """Two curated, two predicted, one matched with its level right and its verb wrong."""
    curated = [Element("a", "s", "", "", (0, 4), "制定", 6), Element("b", "s", "", "", (5, 9), "分析", 5)]
    predicted = [Cut("", "", (0, 4), "能制定", 6), Cut("", "", (9, 12), "分析", 5)]
    counts = compare(curated, predicted)
    assert counts == SpanCounts(curated=2, predicted=2, matched=1, verbs=0, levels=1)
    assert (counts.precision, counts.recall, counts.f1) == (0.5, 0.5, 0.5)
    assert (counts.verb_accuracy, counts.level_accuracy) == (0, 1)


def test_nothing_predicted_is_no_division_by_zero() -> None:
    """Empty counts give zeros."""
    empty = SpanCounts()
    assert (empty.precision, empty.recall, empty.f1, empty.verb_accuracy) == (0, 0, 0, 0)


def test_the_curated_standard() -> None:
    """On 530701, which the rules were made with: F1 of spans above 0.95, levels above 0.98, verbs above 0.85."""
    measures = measure_elements(load_standard("530701"))
    assert measures.overall.curated == 363
    assert measures.overall.f1 >= 0.95
    assert measures.overall.level_accuracy >= 0.98
    assert measures.overall.verb_accuracy >= 0.85
    assert [row[0] for row in measures.rows()] == ["kind", "competency", "task", "requirement", "all"]


def test_sentences_of_other_fields() -> None:
    """On sentences of accounting, hotels, building, farming and teaching, cut by hand: F1 and levels above 0.9."""
    total = SpanCounts()
    for case in json.loads((Path(__file__).parent / "element_cuts.json").read_text("utf-8")):
        total += compare(list(curated(case)), decompose(case["text"], case["kind"]))
    assert total.curated == 89
    assert total.f1 >= 0.9
    assert total.level_accuracy >= 0.9


def curated(case: dict[str, list]) -> list[Element]:
    elements, place = [], 0
    for key, level in zip(case["keys"], case["levels"], strict=True):
        start = case["text"].index(key, place)
        place = start + len(key)
        elements.append(Element("", "", key, key, (start, place), "", level))
    return elements


@pytest.mark.parametrize("column", ["precision", "recall", "F1", "verb", "level"])
def test_the_table_names_its_columns(column: str) -> None:
    """The printed table names each measure."""
    assert column in str(measure_elements(load_standard("530701")))
