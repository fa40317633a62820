"""The corpus for a process that lives long."""

from __future__ import annotations

from pathlib import Path

from alignment.aligner import Aligner
from alignment.exemplars.live import LiveExemplars
from alignment.exemplars.shipped import sample_exemplars
from alignment.exemplars.store import ExemplarStore
from corpora.parsers import read_document
from corpora.standard import Standard
from index.protocols import Encoder
from tests.alignment.exemplars.conftest import Add


def test_without_a_corpus_of_the_user_the_samples_serve(tmp_path: Path, encoder: Encoder) -> None:
    """For suggestions; a search has the expression banks, too. Nothing is written."""
    live = LiveExemplars(tmp_path / "corpus", encoder)
    assert len(live()) == len(list(sample_exemplars()))
    assert live() is live()
    origins = {item.exemplar.origin for item in live.whole().find("用户画像", 30)}
    assert origins == {"bank", "sample"}
    assert list(tmp_path.iterdir()) == []


def test_it_follows_what_the_user_changes(add: Add, store: ExemplarStore, books: Path, encoder: Encoder) -> None:
    """Opened again after each change and only then."""
    live = LiveExemplars(store.folder, encoder)
    samples = len(live())
    add(books)
    first = live()
    assert first is live() is live.whole()
    assert {item.exemplar.document for item in first.find("修剪果树", 1)} == {"果树.md"}
    store.remove("教材", encoder)
    assert len(live()) == samples


def test_a_corpus_that_cannot_be_used_is_noted_in_the_report(
    add: Add, store: ExemplarStore, books: Path, encoder: Encoder, samples: Path, ecommerce: Standard
) -> None:
    """The report is made all the same."""
    add(books)
    next(store.folder.glob("*.vectors")).write_bytes(b"broken")
    aligner = Aligner.default(encoder, exemplars=LiveExemplars(store.folder, encoder))
    report = aligner.align(read_document(samples / "互联网销售_课程标准.docx"), ecommerce)
    assert report.gaps
    assert not any(gap.suggestion.examples for gap in report.gaps)
    (note,) = report.provenance.notes
    assert "语料库" in note
    assert "corpus rebuild" in note


def test_reports_name_passages_of_the_samples_but_not_of_themselves(
    tmp_path: Path, encoder: Encoder, samples: Path, ecommerce: Standard
) -> None:
    """And say the same twice."""
    aligner = Aligner.default(encoder, exemplars=LiveExemplars(tmp_path, encoder))
    document = read_document(samples / "网店运营_课程标准.docx")
    first, second = aligner.align(document, ecommerce), aligner.align(document, ecommerce)
    assert first.gaps == second.gaps
    examples = [example for gap in first.gaps for example in gap.suggestion.examples]
    assert examples
    assert all("（内置样例）" in example.source and len(example.quote) <= 120 for example in examples)
    assert not any("网店运营" in example.source for example in examples)
