"""The stage benchmark on a real document, with the shipped judge."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from alignment.aligner import Aligner
from alignment.model import GapReport
from corpora.standard_json import load_standard
from eval.bench.stages import STAGES, StageResults, measure_stages

NAME = "机械制图_课程标准.docx"


@pytest.fixture(scope="module")
def rendered() -> list[GapReport]:
    """Every report that was given to be rendered."""
    return []


@pytest.fixture(scope="module")
def results(rendered: list[GapReport]) -> StageResults:
    """Two rounds over one sample."""
    aligner = Aligner.default(banks=lambda _: ())
    sample = Path(__file__).resolve().parents[2] / "corpora" / "samples" / NAME
    return measure_stages([sample], load_standard("530701"), aligner, rounds=2, render=rendered.append)


def test_every_stage_is_timed(results: StageResults) -> None:
    """Each stage of the document has a time, and they add up to the total."""
    (document,) = results.documents
    assert (document.name, document.pages) == (NAME, None)
    assert document.chars > 1000
    assert document.segments > 20
    assert tuple(document.stages) == STAGES
    assert all(timing.rounds == 2 and 0 <= timing.low <= timing.high for timing in document.stages.values())
    lows = sum(timing.low for timing in document.stages.values())
    highs = sum(timing.high for timing in document.stages.values())
    assert 0 < lows <= document.total.low <= document.total.high <= highs


def test_rendering_gets_the_reports(results: StageResults, rendered: list[GapReport]) -> None:
    """What renders is called with the report of every run, the unmeasured first one included."""
    assert results.documents
    assert [report.document.name for report in rendered] == [NAME] * 3


def test_output(results: StageResults) -> None:
    """The table has the document and the stages; the JSON holds the same numbers."""
    text, data = results.to_text(), json.loads(json.dumps(results.to_json()))
    assert NAME in text
    assert all(name in text for name in ("解析", "切分", "编码", "检索", "判定", "渲染", "合计"))
    assert data["documents"][0]["total"]["median"] == results.documents[0].total.median
    assert data["encoder"] in text
