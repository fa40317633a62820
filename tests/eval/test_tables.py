"""Results as a table and as JSON."""

from __future__ import annotations

import json

import numpy as np
import pytest

from eval.elements import ElementMeasures, SpanCounts
from eval.experiment import Details, Quality, Results, Scored
from eval.tables import results_json, results_text


def quality(system: str, predicted: list[int]) -> Quality:
    """A system's decisions on two documents of grades 2, 1, 0."""
    truth, sure = np.array([2, 1, 0]), {1: np.ones(3, bool), 2: np.ones(3, bool)}
    return Quality(system, tuple(Scored(name, truth, sure, np.array(predicted)) for name in ("甲.docx", "乙.pdf")))


def results(refitted: bool) -> Results:
    """A baseline that is wrong throughout, a product that is right throughout."""
    return Results("set", "530701", refitted, (quality("BM25", [0, 0, 2]), quality("duibiao", [2, 1, 0])), Details())


def test_every_system_and_document_has_its_row() -> None:
    """Figures with three digits, the product document by document below."""
    lines = results_text(results(True)).splitlines()
    assert "2 份文档" in lines[0]
    assert "留一法" in lines[0]
    assert "| BM25 | 0.000 | 0.000 | 0.000 | 0.000 | 0.000 | 0.000 | -0.800 |" in lines
    perfect = "1.000 | 1.000 | 1.000 | 1.000 | 1.000 | 1.000 | 1.000 |"
    assert [line for line in lines if line.endswith(perfect)] == [
        f"| {name} | {perfect}" for name in ("duibiao", "甲.docx", "乙.pdf")
    ]
    assert "| course top-1 | 0.000 |" in lines
    assert "留一法" not in results_text(results(False)).splitlines()[0]


def test_tables_are_well_formed() -> None:
    """Within a table every line has as many cells as its heading."""
    for block in results_text(results(True)).split("\n\n")[1:]:
        assert len({line.count("|") for line in block.splitlines()}) == 1


def test_json_holds_the_same_figures() -> None:
    """It survives JSON, names every system and document, and says whether the judge was refitted."""
    cuts = ElementMeasures({"requirement": SpanCounts(curated=10, predicted=8, matched=6, verbs=3, levels=6)})
    found = json.loads(json.dumps(results_json(results(True), cuts), ensure_ascii=False))
    assert found["systems"]["duibiao"] == {"f1_touched": 1, "f1_covered": 1, "weighted_kappa": 1}
    assert found["systems"]["BM25"]["weighted_kappa"] == pytest.approx(-0.8)
    assert list(found["documents"]) == ["甲.docx", "乙.pdf"]
    assert found["leave_one_out"] is True
    assert found["details"]["course top-1"] == 0
    assert found["element_cuts"]["precision"] == 0.75
    assert found["element_cuts"]["recall"] == 0.6
    assert found["element_cuts"]["verb_accuracy"] == 0.5
