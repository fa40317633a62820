"""Results as a table and as JSON."""

from __future__ import annotations

import json

import numpy as np
import pytest

from eval.agreement import Quality, Scored
from eval.details import Details
from eval.elements import ElementMeasures, SpanCounts
from eval.experiment import Results
from eval.tables import results_json, results_text


def quality(system: str, predicted: list[int]) -> Quality:
    """A system's decisions on two documents of grades 2, 1, 0."""
    truth, sure = np.array([2, 1, 0]), {1: np.ones(3, bool), 2: np.ones(3, bool)}
    return Quality(system, tuple(Scored(name, truth, sure, np.array(predicted)) for name in ("甲.docx", "乙.pdf")))


def results(refitted: bool, unavailable: tuple[str, ...] = ()) -> Results:
    """A baseline that is wrong throughout, a product that is right throughout and knows it."""
    details = Details(
        courses=[(frozenset({"C1"}), ("C2", "C1"))],
        certainty=[(2, 2, 3.0, False), (1, 0, 0.1, True)],
        probabilities={1: [(True, 0.9), (False, 0.05)], 2: [(True, 0.75)]},
        seconds=[0.5, 1.5],
    )
    systems = (quality("BM25", [0, 0, 2]), quality("duibiao", [2, 1, 0]))
    return Results("set", "530701", refitted, systems, details, unavailable)


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
    assert "| course top-1 | 0.000 | 1 documents |" in lines
    assert "| course MRR | 0.500 | 1 documents |" in lines
    assert "| evidence hit@1 | — | 0 elements |" in lines
    assert "留一法" not in results_text(results(False)).splitlines()[0]


def test_what_chance_may_do_stands_beside_the_figures() -> None:
    """Intervals of pooled figures and means, tests against every other system, and the smallest p there can be."""
    text = results_text(results(True))
    assert "| duibiao | 1.000 [1.000, 1.000] |" in text
    assert "| BM25 | weighted kappa | 1.800 [1.800, 1.800] |" in text
    assert "2 份文档时，精确检验的 p 最小可到 0.5000" in text


def test_certainty_is_drawn_and_counted() -> None:
    """Calibration of both probabilities, a diagram of each, and what setting the doubtful aside leaves."""
    lines = results_text(results(True)).splitlines()
    assert "| p_touched | 0.075 | 0.075 | 0.006 | 0.250 |" in lines
    assert "| p_covered | 0.250 | 0.250 | 0.062 | 0.000 |" in lines
    assert any(line.startswith("0.700-0.800        1   0.750   1.000  ====") for line in lines)
    assert "| least certain 0% | 0.000 | 0.500 | 0.667 | 0.000 |" in lines
    assert "| review | 0.500 | 1.000 | 0.000 | 1.000 |" in lines


def test_systems_without_thresholds_are_named() -> None:
    """What could not be measured is said at the top; where all could, nothing is."""
    assert "未计：TF-IDF、BM25" in results_text(results(False, ("TF-IDF", "BM25")))
    assert "未计" not in results_text(results(False))


def test_tables_are_well_formed() -> None:
    """Within a table every line has as many cells as its heading."""
    tables = [block for block in results_text(results(True)).split("\n\n") if block.startswith("|")]
    assert len(tables) == 7
    for block in tables:
        assert len({line.count("|") for line in block.splitlines()}) == 1


def test_json_holds_the_same_figures() -> None:
    """It survives JSON, names every system and document, and says whether the judge was refitted."""
    cuts = ElementMeasures({"requirement": SpanCounts(curated=10, predicted=8, matched=6, verbs=3, levels=6)})
    found = json.loads(json.dumps(results_json(results(True, ("TF-IDF",)), cuts), ensure_ascii=False))
    product = found["systems"]["duibiao"]
    assert (product["f1_touched"], product["p_covered"], product["weighted_kappa"]) == (1, 1, 1)
    assert product["pooled"]["f1_covered"] == product["mean"]["f1_covered"] == {"value": 1, "low": 1, "high": 1}
    assert found["systems"]["BM25"]["weighted_kappa"] == pytest.approx(-0.8)
    assert list(found["documents"]) == list(found["systems"]["BM25"]["documents"]) == ["甲.docx", "乙.pdf"]
    assert found["leave_one_out"] is True
    assert found["unavailable"] == ["TF-IDF"]
    assert [test["figure"] for test in found["tests"]] == ["f1_touched", "f1_covered", "weighted_kappa"]
    assert found["tests"][2]["difference"]["value"] == pytest.approx(1.8)
    assert found["tests"][2]["smallest"] == 0.5
    assert found["details"]["course top-1"] == 0
    assert found["details"]["evidence MRR"] is None
    assert found["counts"]["course top-1"] == {"n": 1, "of": "documents"}
    assert found["calibration"]["touched"]["ece_equal_width"] == pytest.approx(0.075)
    assert [each["count"] for each in found["calibration"]["touched"]["equal_width"]] == [1, 1]
    assert found["selective"][0]["accuracy"] == 0.5
    assert found["seconds"] == {"甲.docx": 0.5, "乙.pdf": 1.5}
    assert found["element_cuts"]["precision"] == 0.75
    assert found["element_cuts"]["recall"] == 0.6
    assert found["element_cuts"]["verb_accuracy"] == 0.5
