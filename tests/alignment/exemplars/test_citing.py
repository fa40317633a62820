"""Which passages a suggestion names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from alignment.exemplars.citing import EXAMPLES, cite, reaches
from alignment.exemplars.corpus import Exemplars
from alignment.exemplars.model import Exemplar, Line
from alignment.model import Example, Gap, GapKind, Suggestion
from alignment.prepared import PreparedStandard
from corpora.document import Document, Part, SegmentedDocument
from corpora.segments import segment
from corpora.standard import Element
from index.protocols import Encoder

Make = Callable[..., list[Exemplar]]
Cite = Callable[..., list[Example]]

PRACTISE = "动手练习果树修剪方法，每人完成三株果树的修剪"


@pytest.fixture
def element(prepared: PreparedStandard) -> Element:
    """掌握果树修剪方法, level 3."""
    return prepared.elements[1 + [e.id for e in prepared.elements].index("C1.R1.e1") - 1]


@pytest.fixture
def cited(prepared: PreparedStandard, encoder: Encoder, orchard: Document, element: Element) -> Cite:
    """The passages that one gap gets, of a corpus and for a document."""

    def run(
        corpus: list[Exemplar], kind: GapKind = "missing", of: Element = element, document: Document = orchard
    ) -> list[Example]:
        segmented: SegmentedDocument = segment(document)
        gaps = (Gap(of, kind, 3, Suggestion("写上", sources=(of.statement,))),)
        (gap,) = cite(gaps, prepared, segmented, Exemplars.build(corpus, encoder))
        assert gap.suggestion.text == "写上"
        return list(gap.suggestion.examples)

    return run


def test_a_passage_is_quoted_with_its_place(cited: Cite, passages: Make) -> None:
    """Verbatim, with document, heading and page."""
    line = Line(PRACTISE, "practice", 45, ("第3章 修剪",))
    (found,) = cited(passages(line))
    assert found.quote == PRACTISE
    assert found.source == "《文档a》 第3章 修剪，第 45 页"
    assert found.text == f"《文档a》 第3章 修剪，第 45 页：“{PRACTISE}”"
    assert found.similarity > 0.6


def test_the_document_under_review_is_never_its_own_example(
    cited: Cite, passages: Make, orchard: Document, make_document: Callable[..., Document]
) -> None:
    """By the digest of its file or of one of its parts, nor by wording that it has already."""
    assert cited(passages(PRACTISE, sha256=orchard.sha256)) == []
    joined = replace(orchard, parts=(Part("b.docx", "b" * 64, "docx", 0, 1),))
    assert cited(passages(PRACTISE, sha256="b" * 64), document=joined) == []
    assert cited(passages(PRACTISE), document=make_document("#二、课程内容", PRACTISE)) == []
    assert cited(passages(PRACTISE)) != []


def test_what_is_unlike_the_element_is_not_named(cited: Cite, passages: Make) -> None:
    """Rather none than one that does not fit; a bare name shows nothing either."""
    assert cited(passages("按配方调制蛋糕面糊并装模烘烤", "阅读企业年报并写出摘要")) == []
    assert cited(passages("果树修剪方法")) == []


def test_what_falls_short_of_the_level_is_not_named(cited: Cite, passages: Make, element: Element) -> None:
    """Knowing of it is no example for who has to master it."""
    assert cited(passages("了解果树修剪方法的分类与名称")) == []
    assert [x.quote for x in cited(passages("了解果树修剪方法的分类与名称", PRACTISE))] == [PRACTISE]
    applied = Exemplar("user", "", "a" * 64, 0, "a", "a", True, Line("运用果树修剪方法"))
    assert reaches(applied, replace(element, level=4))
    assert reaches(applied, replace(element, level=5))
    assert not reaches(replace(applied, aims=False), replace(element, level=5))
    assert not reaches(applied, replace(element, level=6))


def test_a_few_of_different_documents(cited: Cite, passages: Make) -> None:
    """One of each, three at most."""
    texts = [f"{PRACTISE}，第 {n} 组" for n in range(6)]
    assert len(cited(passages(*texts))) == 1
    corpus = [x for n, text in enumerate(texts) for x in passages(text, sha256=str(n) * 64)]
    found = cited(corpus)
    assert len(found) == EXAMPLES == len({example.source for example in found})


def test_the_users_own_come_before_the_samples(cited: Cite, passages: Make) -> None:
    """Also where a sample is nearer."""
    corpus = [*passages("掌握果树修剪方法并完成修剪", origin="sample", sha256="5" * 64), *passages(PRACTISE)]
    assert [example.quote for example in cited(corpus)] == [PRACTISE, "掌握果树修剪方法并完成修剪"]


def test_assessment_is_shown_by_assessment(cited: Cite, passages: Make) -> None:
    """What is not assessed elsewhere either shows nothing."""
    line = Line("考核果树修剪方法的掌握程度，现场操作", "assessment")
    assert cited(passages(PRACTISE), "not_assessed") == []
    assert [x.quote for x in cited(passages(PRACTISE, line), "not_assessed")] == [line.text]


def test_practice_is_preferred_for_what_is_not_practised(cited: Cite, passages: Make) -> None:
    """Where two are nearly as near."""
    told = Line("掌握果树修剪方法，会修剪各种果树", "content")
    done = Line("掌握果树修剪方法，会修剪各种果树。", "practice")
    corpus = [*passages(told, sha256="1" * 64), *passages(done, sha256="2" * 64)]
    assert cited(corpus, "not_practised")[0].source == "《文档2》"
    assert cited(corpus[::-1], "not_practised")[0].source == "《文档2》"


def test_all_gaps_are_searched_at_once(
    prepared: PreparedStandard, orchard: Document, passages: Make, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each gets its own passages; the corpus is searched a single time."""
    corpus = Exemplars.build(passages(PRACTISE, "能够调制蛋糕面糊，完成三种口味"), encoder)
    calls: list[int] = []
    search = corpus.nearest
    monkeypatch.setattr(corpus, "nearest", lambda vectors, *rest: calls.append(len(vectors)) or search(vectors, *rest))
    gaps = [Gap(e, kind, 3, Suggestion("x")) for e in prepared.elements for kind in ("missing", "not_practised")]
    found = cite(gaps, prepared, segment(orchard), corpus)
    assert calls == [len(prepared.elements)]
    quoted = {gap.element.id: [x.quote for x in gap.suggestion.examples] for gap in found}
    assert quoted["C1.R1.e1"] == [PRACTISE]
    assert quoted["C2.R1.e2"] == ["能够调制蛋糕面糊，完成三种口味"]
    assert quoted["C2.R1.e1"] == []


def test_nothing_to_cite_changes_nothing(prepared: PreparedStandard, orchard: Document, encoder: Encoder) -> None:
    """No gaps, or an empty corpus."""
    empty = Exemplars.build([], encoder)
    gap = Gap(prepared.elements[0], "missing", 3, Suggestion("x"))
    assert cite([], prepared, segment(orchard), empty) == ()
    assert cite([gap], prepared, segment(orchard), empty) == (gap,)
