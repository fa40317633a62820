"""The baselines that the product is measured against."""

from __future__ import annotations

import numpy as np
import pytest

from alignment.passages import Passages, read_passages
from alignment.prepared import PreparedStandard, prepare
from corpora.document_builder import DocumentBuilder
from corpora.segments import segment
from corpora.standard import Element, Standard, Statement
from corpora.tokens import content_tokens
from eval.baselines import BASELINES, naive_cosine, tfidf
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
