"""Searching the corpus."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from alignment.exemplars.corpus import Exemplars
from alignment.exemplars.model import Exemplar
from index.protocols import Encoder

Make = Callable[..., list[Exemplar]]


@pytest.fixture
def corpus(passages: Make, encoder: Encoder) -> Exemplars:
    """Two documents of the user, one of them filed under a standard, and a bank; one text stands in both documents."""
    return Exemplars.build(
        [
            *passages("到果园动手修剪果树", "讲解酵母发酵的原理", "型号 KX-4711 的操作规程"),
            *passages("讲解酵母发酵的原理", "制作面包并烘烤", sha256="b" * 64, standard="990001"),
            *passages("会给果树剪枝", sha256="c" * 64, origin="bank", standard="990001"),
        ],
        encoder,
    )


def test_the_nearest_comes_first_with_its_similarity(corpus: Exemplars) -> None:
    """As the encoder sees it, in -1..1."""
    found = corpus.find("修剪果树", 3)
    assert found[0].exemplar.line.text == "到果园动手修剪果树"
    assert 0 < found[0].similarity <= 1


def test_a_text_that_stands_twice_is_named_once(corpus: Exemplars) -> None:
    """However many documents have it."""
    texts = [item.exemplar.line.text for item in corpus.find("酵母发酵", 9)]
    assert texts.count("讲解酵母发酵的原理") == 1
    assert len(texts) == len(set(texts)) == len(corpus) - 1


def test_words_find_what_vectors_blur(passages: Make, encoder: Encoder) -> None:
    """A rare name among many passages that are nearer by vector; its similarity is the encoder's all the same."""
    asked = "启动机器以前确认供电正常，代号缙云"
    named = "按配方调制蛋糕面糊并装模烘烤，冷却后脱模，记录温度与时间，最后把成品送到缙云的门店试销"
    others = [f"第 {n} 项：通电前查看电源" for n in range(200)]
    corpus = Exemplars.build(passages(*others, named), encoder)
    vectors = encoder.encode([asked, named])
    nearest = corpus.nearest(vectors[:1], 20, -1.0, ("user",))[0]
    assert named not in [item.exemplar.line.text for item in nearest]
    found = {item.exemplar.line.text: item.similarity for item in corpus.find(asked, 5)}
    assert found[named] == pytest.approx(float(vectors[0] @ vectors[1]), abs=1e-4)


def test_a_standard_and_an_origin_can_be_searched_alone(corpus: Exemplars) -> None:
    """By vectors and by words."""
    assert {x.exemplar.sha256[0] for x in corpus.find("果树发酵", 9, "990001")} == {"b", "c"}
    assert {x.exemplar.origin for x in corpus.find("果树发酵", 9, "", ("user",))} == {"user"}
    assert {x.exemplar.sha256[0] for x in corpus.find("果树发酵", 9, "990001", ("user",))} == {"b"}
    assert corpus.find("果树", 9, "000000") == []


def test_many_are_searched_at_once(corpus: Exemplars, encoder: Encoder) -> None:
    """Each with what is like it enough, of the origins asked for."""
    vectors = encoder.encode(["修剪果树", "酵母发酵的原理", "量子力学"])
    trees, yeast, nothing = corpus.nearest(vectors, 3, 0.6, ("user",))
    assert [item.exemplar.line.text for item in trees] == ["到果园动手修剪果树"]
    assert [item.exemplar.line.text for item in yeast] == ["讲解酵母发酵的原理"]
    assert nothing == []
    assert all(item.similarity >= 0.6 for item in trees + yeast)


def test_an_empty_corpus_finds_nothing(encoder: Encoder) -> None:
    """And does not fail."""
    empty = Exemplars.build([], encoder)
    assert empty.find("果树") == []
    assert empty.nearest(encoder.encode(["果树"]), 3, 0.5, ("user",)) == [[]]
