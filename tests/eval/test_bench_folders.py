"""Whole documents: the naive pipeline does what it says, and both ways work through the same folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpora.standard_json import load_standard
from eval.bench.folders import KINDER, NAIVE, OURS, measure_folders
from eval.bench.naive_pipeline import CHUNK, OVERLAP, NaivePipeline, split_recursively

SAMPLE = Path(__file__).resolve().parents[2] / "corpora" / "samples" / "网店运营_课程标准.docx"


def test_short_text_is_one_chunk() -> None:
    """What fits is not cut."""
    assert split_recursively("一句话。\n另一句。") == ["一句话。\n另一句。"]


def test_chunks_are_bounded_overlap_and_lose_nothing() -> None:
    """Chunks are cut at sentence ends where they can be, have a little in common, and hold the whole text."""
    text = "".join(f"这是第{number}句话，说的是另一件事。" for number in range(200))
    chunks = split_recursively(text)
    assert all(len(chunk) <= CHUNK and chunk.endswith("。") for chunk in chunks)
    place = 0
    for chunk in chunks:
        found = text.index(chunk, max(0, place - OVERLAP))
        assert found <= place
        place = found + len(chunk)
    assert place == len(text)


def test_text_without_a_place_to_cut() -> None:
    """A long run of characters is cut between characters."""
    chunks = split_recursively("字" * (2 * CHUNK + 10))
    assert len(chunks[0]) == CHUNK
    assert all(len(chunk) <= CHUNK for chunk in chunks)


def test_naive_pipeline_grades_every_element() -> None:
    """Every element of the standard gets a grade, a chunk where it is above 0; embedding once changes no grade."""
    standard = load_standard("530701")
    found = NaivePipeline(standard).read(SAMPLE)
    assert len(found.grades) == len(standard.elements)
    assert {*found.grades} >= {0, 1}
    assert all(bool(chunk) == (grade > 0) for grade, chunk in zip(found.grades, found.evidence, strict=True))
    assert NaivePipeline(standard, embed_once=True).read(SAMPLE) == found


def test_measure() -> None:
    """Three ways over the same documents; the verdicts are ratios of the medians."""
    report = measure_folders(2, 1, Path("nowhere"))
    rates = {row["method"]: row["rates"][0] for row in report.records}
    assert list(rates) == [NAIVE, KINDER, OURS]
    assert [verdict.measured for verdict in report.verdicts] == [
        pytest.approx(rates[OURS] / rates[name]) for name in (NAIVE, KINDER)
    ]
    assert [verdict.gated for verdict in report.verdicts] == [True, False]
    assert "每次都重新编码" in report.to_text()
    assert "没有标注集，未测" in report.to_text()
