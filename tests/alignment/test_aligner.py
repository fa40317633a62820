"""The facade: reports of documents made by hand, and of standards with and without a bank."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from alignment.aligner import Aligner
from alignment.coverage import coverage_of
from alignment.model import GapReport
from corpora.document import Document
from corpora.errors import UsageError
from corpora.standard import TEACHABLE, Standard
from index.encoders import load_encoder

MakeDocument = Callable[..., Document]
LESSON = (
    "#《网店运营》课程标准",
    "#一、课程目标",
    "掌握关键词优化知识，能够独立完成商品标题优化。",
    "能够进行店铺装修与商品发布。",
    "#二、课程内容",
    "项目一 网店开设：店铺定位、选品、店铺注册。",
    "项目二 网店推广：直通车推广、活动报名。",
    "#三、考核方式",
    "考核商品发布与店铺装修的实际操作。",
)


def check(report: GapReport, document: Document) -> None:
    """What holds of every report, whatever the document and the standard."""
    standard = report.standard
    teachable = [e.id for s in standard.statements if s.kind in TEACHABLE for e in s.elements]
    assert [match.element.id for match in report.matches] == teachable
    for match in report.matches:
        assert 0 <= match.p_covered <= match.p_touched <= 1
        assert bool(match.evidence) == (match.grade > 0)
        assert (match.level_found is not None) == (match.grade > 0)
        for item in (*match.evidence, *filter(None, [match.nearest])):
            assert item.quote
            assert document.resolve(item.locator) == item.quote
            assert 0 <= item.similarity <= 1
    for found in report.statements:
        course = found.statement.kind == "core_course"
        grades = [
            m.grade
            for m in report.matches
            if m.element.statement == found.statement.id
            or (course and standard.course_of(m.element.statement) == found.statement.id)
        ]
        assert (found.coverage, found.ratio) == coverage_of(grades)
    scoped = {match.element.id for match in report.scoped_matches}
    assert all(gap.element.id in scoped for gap in report.gaps)
    assert [gap.severity for gap in report.gaps] == sorted((gap.severity for gap in report.gaps), reverse=True)
    assert 0 <= report.coverage_ratio <= 1


@pytest.fixture(scope="module")
def lesson(make_document: MakeDocument) -> Document:
    """A short syllabus of 网店运营."""
    return make_document(*LESSON, name="网店运营.docx")


@pytest.fixture(scope="module")
def report(aligner: Aligner, lesson: Document, ecommerce: Standard) -> GapReport:
    """Its report."""
    return aligner.align(lesson, ecommerce)


def test_a_report_is_consistent(report: GapReport, lesson: Document) -> None:
    """Every element in order, quotes verbatim at their places, evidence exactly where there is a grade."""
    check(report, lesson)
    assert report.document.sha256 == lesson.sha256
    assert report.document.title == "《网店运营》课程标准"
    assert report.document.kind == "syllabus"


def test_what_is_said_is_found_and_what_is_not_is_missing(report: GapReport) -> None:
    """Keyword optimisation is taught in the standard's own words; of supply-chain and live streaming it is silent."""
    keyword = next(m for m in report.matches if m.element.text == "掌握关键词优化知识")
    assert keyword.grade == 2
    assert keyword.evidence[0].quote.startswith("掌握关键词优化知识")
    assert "objective" in keyword.where
    assert report.scope == ("C1",)
    assert report.courses[0].course.id == "C1"
    missing = [gap for gap in report.gaps if gap.kind == "missing"]
    assert missing
    assert report.gaps[0].severity == 3 or all(m.review for m in report.scoped_matches if m.grade == 0)


def test_aligning_twice_gives_equal_reports(report: GapReport, lesson: Document, ecommerce: Standard) -> None:
    """With the same and with another instance; only time stamps and seconds differ."""
    for other in (Aligner.default(), Aligner.default()):
        again = other.align(lesson, ecommerce)
        same = replace(
            again,
            generated_at=report.generated_at,
            provenance=replace(again.provenance, seconds=report.provenance.seconds),
        )
        assert same == report


@pytest.mark.parametrize("kind", [None, "syllabus", "plan", "textbook"])
def test_an_empty_document_covers_nothing(
    kind: str | None, aligner: Aligner, make_document: MakeDocument, ecommerce: Standard
) -> None:
    """Grade 0 everywhere, no course, coverage 0, no quote; and numpy has nothing to warn of."""
    document = make_document(name="空.docx")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = aligner.align(document, ecommerce, kind=kind)  # type: ignore[arg-type]
    check(found, document)
    assert {match.grade for match in found.matches} == {0}
    assert found.courses == ()
    assert found.coverage_ratio == 0
    assert all(match.nearest is None and match.home == () for match in found.matches)
    assert max(match.p_touched for match in found.matches) < 0.01


def test_headings_alone_prove_nothing(aligner: Aligner, make_document: MakeDocument, ecommerce: Standard) -> None:
    """A title without a text below it names its course and covers none of it: all of it is missing."""
    document = make_document("#《网店运营》课程标准")
    found = aligner.align(document, ecommerce)
    check(found, document)
    assert found.scope == ("C1",)
    assert found.coverage_ratio == 0
    assert {gap.kind for gap in found.gaps} == {"missing"}
    assert len(found.gaps) == len(found.scoped_matches)


def test_a_single_passage_is_enough(aligner: Aligner, make_document: MakeDocument, ecommerce: Standard) -> None:
    """A document of one sentence is judged like any other."""
    document = make_document("掌握关键词优化知识。")
    found = aligner.align(document, ecommerce)
    check(found, document)
    assert max(found.matches, key=lambda m: m.p_covered).element.text == "掌握关键词优化知识"
    assert sum(m.grade > 0 for m in found.matches) < 5


def test_a_standard_without_a_bank_works(aligner: Aligner, make_document: MakeDocument, mechatronics: Standard) -> None:
    """A document that repeats the first course of an imported standard serves it and covers most of it."""
    course = mechatronics.core_courses[0]
    texts = [s.text for s in mechatronics.children(course.id) if s.elements]
    document = make_document(f"#《{course.title}》课程标准", "#一、课程目标", *texts)
    assert not aligner.prepare(mechatronics).has_bank
    found = aligner.align(document, mechatronics)
    check(found, document)
    assert found.scope == (course.id,)
    assert found.courses[0].course == course
    assert sum(m.grade > 0 for m in found.scoped_matches) >= 0.8 * len(found.scoped_matches)
    others = [m for m in found.matches if mechatronics.course_of(m.element.statement) not in (None, course.id)]
    assert sum(m.grade > 0 for m in others) <= 0.2 * len(others)


def test_hand_made_standards_work(
    orchard: Document, mini: Standard, aligner: Aligner, bank: tuple[object, ...]
) -> None:
    """Six elements, with a bank given by the caller and without."""
    for banks in (lambda _: bank, lambda _: ()):
        found = Aligner(aligner.encoder, aligner.judge, banks).align(orchard, mini)  # type: ignore[arg-type]
        check(found, orchard)
        assert found.scope == ("C1",)
        assert found.match_of["C1.R1.e1"].grade == 2
        assert found.match_of["C2.R1.e1"].grade == found.match_of["C2.R1.e2"].grade == 0


def test_scope_can_be_given(aligner: Aligner, lesson: Document, ecommerce: Standard) -> None:
    """The caller's courses decide the headline; an unknown one is a wrong call that names the choices."""
    found = aligner.align(lesson, ecommerce, courses=("C4",))
    assert found.scope == ("C4",)
    assert {ecommerce.course_of(gap.element.statement) for gap in found.gaps} == {"C4"}
    with pytest.raises(UsageError, match=r"C99.*C1、C2"):
        aligner.align(lesson, ecommerce, courses=("C4", "C99"))


def test_a_plan_answers_for_every_core_course(aligner: Aligner, lesson: Document, ecommerce: Standard) -> None:
    """Whatever courses it seems to serve."""
    found = aligner.align(lesson, ecommerce, kind="plan")
    assert found.scope == tuple(course.id for course in ecommerce.core_courses)
    assert found.document.kind == "plan"


def test_provenance_says_what_a_verdict_rests_on(aligner: Aligner, report: GapReport) -> None:
    """Encoder, standard, thresholds, and the seconds of every stage."""
    assert report.provenance.encoder == aligner.encoder.fingerprint
    assert len(report.provenance.standard_sha256) == 64
    assert set(report.provenance.thresholds) == {"touched", "covered", "course", "review_margin"}
    assert set(report.provenance.seconds) == {"segment", "prepare", "encode", "judge", "report"}


def test_prepared_standards_are_kept_until_the_standard_changes(aligner: Aligner, mini: Standard) -> None:
    """The same object is prepared once; another one of the same code replaces it."""
    first = aligner.prepare(mini)
    assert aligner.prepare(mini) is first
    assert aligner.prepare(replace(mini, statements=mini.statements[:1])).elements == first.elements[:1]


def test_a_standard_without_elements_is_a_wrong_call(aligner: Aligner, lesson: Document) -> None:
    """There is nothing to align with, and the error says which standard."""
    with pytest.raises(UsageError, match="990002"):
        aligner.align(lesson, Standard("990002", "空"))


def test_any_transformer_works(
    tmp_path_factory: pytest.TempPathFactory, lesson: Document, ecommerce: Standard, mini: Standard, orchard: Document
) -> None:
    """A tiny BERT with random weights goes the whole way: its verdicts may be poor, its report is consistent."""
    import torch
    from transformers import BertConfig, BertModel, BertTokenizerFast  # type: ignore[attr-defined]

    folder: Path = tmp_path_factory.mktemp("tiny")
    characters = sorted({c for e in ecommerce.elements for c in e.text} | {c for line in LESSON for c in line})
    vocabulary = folder / "vocab.txt"
    vocabulary.write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *characters]), encoding="utf-8")
    BertTokenizerFast(str(vocabulary)).save_pretrained(folder)
    torch.manual_seed(3)
    shape = BertConfig(
        vocab_size=len(characters) + 5, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32
    )
    BertModel(shape).save_pretrained(folder)
    encoder = load_encoder(str(folder))
    small = Aligner.default(encoder=encoder, banks=lambda _: ())
    for document, standard in ((lesson, ecommerce), (orchard, mini)):
        found = small.align(document, standard)
        check(found, document)
        assert found.provenance.encoder == encoder.fingerprint
