"""A standard made ready for judging."""

from __future__ import annotations

import numpy as np
import pytest

from alignment.prepared import COVERS, MISSES, OWN, TOUCHES, PreparedStandard, prepare
from corpora.expressions import Expression
from corpora.standard import Standard
from corpora.standard_json import standard_sha256
from index.encoders import word_vectors
from index.protocols import Encoder

ELEMENTS = ("Q01.e1", "C1.T1.e1", "C1.R1.e1", "C1.R1.e2", "C2.R1.e1", "C2.R1.e2")


def test_teachable_elements_in_the_standards_order(prepared: PreparedStandard, mini: Standard) -> None:
    """Competencies, tasks and requirements are judged, rooms are not."""
    assert tuple(element.id for element in prepared.elements) == ELEMENTS
    assert prepared.sha256 == standard_sha256(mini)
    assert prepared.course_index.tolist() == [-1, 0, 0, 0, 1, 1]
    assert prepared.statement_index.tolist() == [0, 1, 2, 2, 3, 3]


def test_probes_are_own_wording_and_the_bank(prepared: PreparedStandard, encoder: Encoder) -> None:
    """Text and key of each element, then the bank's expressions by grade, each with its own vector."""
    by_kind = {
        kind: {(ELEMENTS[prepared.probe_element[i]], prepared.probe_texts[i]) for i in rows}
        for kind in (OWN, COVERS, TOUCHES, MISSES)
        if (rows := np.flatnonzero(prepared.probe_kind == kind).tolist())
    }
    assert by_kind[OWN] == {(e.id, text) for e in prepared.elements for text in (e.text, e.key)}
    assert by_kind[TOUCHES] == {("C1.R1.e1", "认识各种枝条")}
    assert by_kind[MISSES] == {("C1.R1.e1", "修剪草坪")}
    assert len(by_kind[COVERS]) == 3
    assert np.allclose(prepared.probe_vectors, encoder.encode(prepared.probe_texts), atol=1e-6)
    assert np.allclose(prepared.text_vectors, encoder.encode([e.text for e in prepared.elements]), atol=1e-6)


def test_bank_serves_what_it_has_covering_expressions_for(
    prepared: PreparedStandard, bankless: PreparedStandard
) -> None:
    """Per element; a standard without a bank is served nowhere."""
    assert prepared.served_by_bank.tolist() == [False, False, True, True, False, False]
    assert prepared.has_bank
    assert not bankless.has_bank
    assert not bankless.served_by_bank.any()


def test_expressions_of_unknown_elements_are_passed_over(mini: Standard, encoder: Encoder) -> None:
    """A bank may speak of elements that are not judged."""
    made = prepare(mini, [Expression("M1.e1", 2, "content", "烤箱")], encoder, word_vectors())
    assert not made.has_bank


def test_context_names_course_statement_and_element(prepared: PreparedStandard) -> None:
    """A competency has no course to name."""
    assert prepared.contexts[3] == "果树栽培 掌握果树修剪方法，制定病虫害防治方案 制定病虫害防治方案"
    assert prepared.contexts[0] == "具有食品安全意识 具有食品安全意识"


def test_background_measures_cosines_between_elements(prepared: PreparedStandard) -> None:
    """Standardised by it, the cosines of different elements have mean 0 and deviation 1."""
    cosines = prepared.text_vectors @ prepared.text_vectors.T
    between = prepared.above_background(cosines[~np.eye(len(cosines), dtype=bool)])
    assert float(between.mean()) == pytest.approx(0, abs=1e-4)
    assert float(between.std()) == pytest.approx(1, abs=1e-4)


def test_a_single_element_has_a_neutral_background(mini: Standard, encoder: Encoder) -> None:
    """Nothing to compare with: cosines stay as they are."""
    one = prepare(Standard("1", "一", statements=mini.statements[:1]), (), encoder, word_vectors())
    assert one.background == (0.0, 1.0)
    assert one.above_background(np.array([0.25], np.float32)).tolist() == [0.25]


def test_rare_words_weigh_more(prepared: PreparedStandard) -> None:
    """A word of many probes weighs less than one of few, an unknown one most."""
    assert prepared.idf("果树") < prepared.idf("酵母") < prepared.idf("从未见过")
    assert prepared.idf("果树") > 0
