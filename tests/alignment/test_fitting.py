"""Fitting: thresholds, the logistic learner, and a judge that recovers a planted signal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignment.fitting import (
    JudgeFitter,
    best_f1_threshold,
    choose_thresholds,
    fit_logistic,
    steady_f1_threshold,
    training_documents,
)
from alignment.judge import Judge, JudgeModel
from alignment.labelled import LabelledDocument, read_labelled
from alignment.prepared import PreparedStandard
from corpora.document import Document
from corpora.errors import UsageError
from corpora.judgments import Judgment, Judgments
from index.protocols import Encoder

TAUGHT = {
    "Q01.e1": "做食品要讲卫生、讲安全，人人有食品安全意识。",
    "C1.R1.e1": "果树修剪的方法要掌握，学会疏枝与短截。",
    "C1.R1.e2": "为果园制定一份病虫害防治方案。",
    "C2.R1.e1": "酵母为什么会发酵，理解其中的原理。",
    "C2.R1.e2": "亲手调制一份蛋糕面糊。",
}
FILLER = ("教材选用高职规划教材。", "教师应准备好多媒体课件。", "学生成绩按百分制计算。", "每周安排一次课外活动。")


def f1(truth: np.ndarray, values: np.ndarray, threshold: float) -> float:
    """F1 of calling positive what reaches the threshold."""
    called = values >= threshold
    return 2 * float((truth & called).sum()) / float(truth.sum() + called.sum())


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 6)), min_size=1, max_size=25))
def test_best_threshold_agrees_with_brute_force(pairs: list[tuple[bool, int]]) -> None:
    """No observed value gives a higher F1, ties included."""
    truth = np.array([t for t, _ in pairs])
    values = np.array([v / 8 for _, v in pairs], np.float32)
    found = best_f1_threshold(truth, values)
    assert found in values
    assert f1(truth, values, found) == pytest.approx(max(f1(truth, values, v) for v in values))


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 6)), min_size=1, max_size=25))
def test_steady_threshold_costs_little(pairs: list[tuple[bool, int]]) -> None:
    """F1 at the steady threshold is within two percent of the best."""
    truth = np.array([t for t, _ in pairs])
    values = np.array([v / 8 for _, v in pairs], np.float32)
    best = max(f1(truth, values, v) for v in values)
    assert f1(truth, values, steady_f1_threshold(truth, values)) >= 0.98 * best - 1e-6


def test_steady_threshold_is_half_the_best_f1_of_calibrated_probabilities() -> None:
    """Where many thresholds are as good; the place of the highest F1 may be anywhere among them."""
    truth = np.array([False] * 4 + [True] * 4)
    values = np.array([0.1, 0.1, 0.2, 0.2, 0.9, 0.9, 0.95, 0.95], np.float32)
    assert steady_f1_threshold(truth, values) == pytest.approx(0.55)
    assert best_f1_threshold(truth, values) == pytest.approx(0.9)


def test_the_learner_recovers_planted_weights() -> None:
    """Directions and sizes of two weights, a feature of no use near zero, one without variation harmless."""
    random = np.random.default_rng(5)
    rows = np.column_stack([random.normal(size=(4000, 3)), np.ones(4000)]).astype(np.float32)
    p = 1 / (1 + np.exp(-(2 * rows[:, 0] - rows[:, 1] + 0.5)))
    model = fit_logistic(("up", "down", "idle", "flat"), rows, random.random(4000) < p, strength=10)
    assert model.weights / model.scale == pytest.approx([2, -1, 0, 0], abs=0.2)
    assert model.probabilities(rows) == pytest.approx(p, abs=0.08)


@pytest.mark.parametrize("target", [True, False])
def test_labels_that_are_all_alike_are_refused(target: bool) -> None:
    """There is nothing to learn from them, and the error says so."""
    with pytest.raises(UsageError, match="只有一种结果"):
        fit_logistic(("a",), np.zeros((4, 1), np.float32), np.full(4, target), 1)


@pytest.fixture(scope="module")
def write(make_document: Callable[..., Document], encoder: Encoder) -> Callable[[Sequence[str]], LabelledDocument]:
    """Elements -> a syllabus that teaches exactly these, with its labels."""

    def made(elements: Sequence[str]) -> LabelledDocument:
        lines = [TAUGHT[element] for element in elements]
        document = make_document("#材料", "#一、课程内容", *lines, "#二、其他", *FILLER, name="+".join(elements))
        labels = {e: Judgment(2, None, ("content",), (3,), (TAUGHT[e],)) for e in elements}
        served = [c for c in ("C1", "C2") if any(e.startswith(c) for e in elements)]
        return read_labelled(document, Judgments(document.name, "990001", labels, (tuple(served),)), encoder)

    return made


@pytest.fixture(scope="module")
def fitted(
    write: Callable[[Sequence[str]], LabelledDocument], bankless: PreparedStandard, encoder: Encoder
) -> JudgeModel:
    """Models fitted on the ten documents that teach two of the five elements."""
    documents = training_documents(bankless, [write(pair) for pair in combinations(TAUGHT, 2)])
    return JudgeFitter(bankless, encoder, bank=False).fit(documents).model_


@pytest.mark.parametrize("elements", [*combinations(TAUGHT, 3), ()])
def test_a_fitted_judge_knows_what_unseen_documents_teach(
    elements: tuple[str, ...],
    fitted: JudgeModel,
    write: Callable[[Sequence[str]], LabelledDocument],
    bankless: PreparedStandard,
    encoder: Encoder,
) -> None:
    """Documents that teach three elements, or none: those reach the threshold and the others do not."""
    found = Judge(encoder, fitted, fitted).judge(bankless, write(elements).passages, "材料")
    reached = {
        element.id
        for element, p in zip(bankless.elements, found.p_covered.tolist(), strict=True)
        if p >= fitted.thresholds.covered and element.id in TAUGHT
    }
    assert reached == set(elements)


def test_fitting_is_deterministic(
    fitted: JudgeModel,
    write: Callable[[Sequence[str]], LabelledDocument],
    bankless: PreparedStandard,
    encoder: Encoder,
) -> None:
    """The same documents give the same numbers."""
    documents = training_documents(bankless, [write(pair) for pair in combinations(TAUGHT, 2)])
    assert JudgeFitter(bankless, encoder, bank=False).fit(documents).model_.to_json() == fitted.to_json()


def test_without_a_bank_no_bank_features(fitted: JudgeModel) -> None:
    """Pair models of a standard without a bank read none of its features."""
    assert not any(name.startswith(("covers", "touches", "misses")) for name in fitted.pair.citation.names)
    assert fitted.pair == fitted.plain


def test_thresholds_split_what_can_be_split(
    write: Callable[[Sequence[str]], LabelledDocument], bankless: PreparedStandard
) -> None:
    """With perfect probabilities, decisions at the chosen thresholds are the labels."""
    documents = training_documents(bankless, [write(pair) for pair in combinations(TAUGHT, 2)])
    perfect = [(np.where(d.grades > 0, 0.8, 0.3).astype(np.float32),) * 2 for d in documents]
    found = choose_thresholds(documents, perfect)
    for d, (touched, covered) in zip(documents, perfect, strict=True):
        assert ((touched >= found.touched) == (d.grades > 0)).all()
        assert ((covered >= found.covered) == (d.grades > 1)).all()
    assert found.review_margin >= 0


def test_training_documents_mark_quoted_passages(
    write: Callable[[Sequence[str]], LabelledDocument], bankless: PreparedStandard
) -> None:
    """Exactly the candidate that holds the labelled quote."""
    document = training_documents(bankless, [write(("C1.R1.e1", "Q01.e1"))])[0]
    row = [element.id for element in bankless.elements].index("C1.R1.e1")
    quoted = document.pairs.segments[row][document.quoted[row]].tolist()
    assert [document.labelled.passages.segments[n].text for n in quoted] == [TAUGHT["C1.R1.e1"]]
    assert document.quoted.sum() == 2
