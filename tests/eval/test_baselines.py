"""The baselines that the product is measured against."""

from __future__ import annotations

import numpy as np
import pytest

from alignment.fitting import TrainingDocument, training_documents
from alignment.labelled import read_labelled
from alignment.passages import Passages, read_passages
from alignment.prepared import PreparedStandard, prepare
from corpora.document_builder import DocumentBuilder
from corpora.judgments import Judgment, Judgments
from corpora.segments import segment
from corpora.standard import Element, Standard, Statement
from corpora.tokens import content_tokens
from eval.baselines import BASELINES, by_bands, by_thresholds, first_stage, naive_cosine, tfidf
from index.encoders import load_encoder, word_vectors

TEXTS = ("掌握果树修剪方法", "制定病虫害防治方案", "调制蛋糕面糊")


@pytest.fixture(scope="module")
def prepared() -> PreparedStandard:
    """A standard of three competencies."""
    statements = tuple(
        Statement(
            f"Q{n}", "competency", text, elements=(Element(f"Q{n}.e1", f"Q{n}", text, text, (0, len(text)), "", 3),)
        )
        for n, text in enumerate(TEXTS)
    )
    return prepare(Standard("990001", "三项", statements=statements), (), load_encoder(), word_vectors())


def passages(*lines: str) -> Passages:
    """A document of paragraphs."""
    builder = DocumentBuilder("材料.txt", b"", "text")
    for line in lines:
        builder.add("paragraph", line)
    return read_passages(segment(builder.build()), load_encoder())


@pytest.mark.parametrize("name", list(BASELINES))
def test_the_taught_element_is_highest(name: str, prepared: PreparedStandard) -> None:
    """One number an element; the one whose words the document holds leads."""
    values = BASELINES[name](prepared, passages("本课程概述。", "冬季掌握果树修剪的方法，注意安全。"))
    assert values.shape == (3,)
    assert np.isfinite(values).all()
    assert values.argmax() == 0


@pytest.mark.parametrize("name", list(BASELINES))
def test_without_text_all_is_zero(name: str, prepared: PreparedStandard) -> None:
    """A document without passages teaches nothing."""
    assert BASELINES[name](prepared, passages()).tolist() == [0, 0, 0]


def test_cosines_of_a_verbatim_passage_are_one(prepared: PreparedStandard) -> None:
    """TF-IDF and averaged vectors alike, whatever else the document holds."""
    document = passages("无关的一段话在这里。", *TEXTS[1:])
    for baseline in (tfidf, naive_cosine):
        assert baseline(prepared, document)[1:] == pytest.approx([1, 1], abs=1e-3)


def test_tfidf_by_hand(prepared: PreparedStandard) -> None:
    """ltc weights (1 + ln is ln(1 + tf) here) and cosines, by plain loops over words."""
    document = passages("果树果树方法防治。", "蛋糕与面糊。")
    bags = [content_tokens(text) for text in (*TEXTS, *(s.text for s in document.segments))]
    frequency = {word: sum(word in bag for bag in bags) for bag in bags for word in bag}

    def vector(bag: list[str]) -> dict[str, float]:
        weights = {w: np.log1p(bag.count(w)) * np.log(len(bags) / frequency[w]) for w in bag}
        norm = np.sqrt(sum(v * v for v in weights.values()))
        return {w: v / norm for w, v in weights.items()}

    vectors = [vector(list(bag)) for bag in bags]
    expected = [max(sum(e[w] * p.get(w, 0) for w in e) for p in vectors[3:]) for e in vectors[:3]]
    assert tfidf(prepared, document) == pytest.approx(expected, abs=1e-5)


def labelled(prepared: PreparedStandard, *grades: tuple[int, int, int]) -> list[TrainingDocument]:
    """Documents of one paragraph with grades of the three elements."""
    documents = []
    for number, row in enumerate(grades):
        builder = DocumentBuilder(f"{number}.txt", b"", "text")
        builder.add("paragraph", TEXTS[0])
        judged = {f"Q{n}.e1": Judgment(grade) for n, grade in enumerate(row)}  # type: ignore[arg-type]
        documents.append(read_labelled(builder.build(), Judgments("x", "990001", judged), load_encoder()))
    return training_documents(prepared, documents)


def test_bands_are_the_customary_ones(prepared: PreparedStandard) -> None:
    """From .70 covered, from .50 touched, at the bounds too; .85 is no further grade."""
    documents = labelled(prepared, (0, 0, 0), (0, 0, 0))
    values = [np.array(row, np.float32) for row in ((0.49, 0.5, 0.69), (0.7, 0.84, 0.9))]
    scored = by_bands("x", documents, values).documents
    assert [each.predicted.tolist() for each in scored] == [[0, 1, 1], [2, 2, 2]]


def test_thresholds_come_from_the_other_documents(prepared: PreparedStandard) -> None:
    """Each document by what separates the others' grades, not by its own labels; only the first ones are scored.

    For the second one F1 is highest from .1 on (10/11) at grade 1 and from .5 on (6/7) at grade 2.
    """
    documents = labelled(prepared, (2, 2, 2), (2, 1, 0), (2, 1, 0))
    values = [np.array(row, np.float32) for row in ((0.9, 0.5, 0.1), (0.8, 0.6, 0.2), (0.9, 0.4, 0.3))]
    first, second = by_thresholds("x", documents, values, 2).documents
    assert first.predicted.tolist() == [2, 1, 0]
    assert second.predicted.tolist() == [2, 2, 1]


def test_the_first_stage_alone_ranks_by_closeness(prepared: PreparedStandard) -> None:
    """The element that the one passage words has closeness 1, the others less; a document without text 0."""
    (document,) = labelled(prepared, (2, 0, 0))
    values = first_stage(document)
    assert values[0] == pytest.approx(1, abs=1e-3)
    assert values[1:].max() < 0.9
    empty = read_labelled(DocumentBuilder("leer.txt", b"", "text").build(), Judgments("x", "990001"), load_encoder())
    assert first_stage(training_documents(prepared, [empty])[0]).tolist() == [0, 0, 0]
