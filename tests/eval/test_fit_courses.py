"""The fitted probability that a course serves a statement: what it learns, and the labelled plans it was made for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from alignment.aligner import Aligner
from alignment.programme.courses.features import MODEL, PAIR_FEATURES
from alignment.programme.courses.matches import match_courses
from alignment.programme.courses.set_rules import judge_sets
from corpora.parsers import read_document
from corpora.standard_json import load_standard
from eval.fit_courses import fit, worth
from eval.plan_truth import load_truth, programme_of


def test_what_tells_right_from_wrong_gets_the_weight() -> None:
    """A feature that decides is weighted, one that is noise hardly."""
    random = np.random.default_rng(0)
    features = random.random((400, len(PAIR_FEATURES)))
    right = (features[:, 1] > 0.8).astype(float)
    model = fit(features, right)
    assert model.weights[1] > 5 * max(abs(model.weights[0]), abs(model.weights[2]))
    found, _, total, *_ = worth(model, features, right).split()
    assert int(total) == int(right.sum())
    assert int(found) > 0.9 * right.sum()


def test_a_feature_that_never_varies_does_no_harm() -> None:
    """A constant column (no plan described its courses) leaves finite weights."""
    features = np.column_stack([np.linspace(0, 1, 50), np.linspace(0, 1, 50), np.zeros(50)])
    model = fit(features, (features[:, 0] > 0.7).astype(float))
    assert np.isfinite(model.weights).all()
    assert model.probabilities(np.array([[1, 1, 0]], np.float32))[0] > 0.5


def test_every_feature_of_the_shipped_model_speaks_for_a_pair() -> None:
    """More likeness, closeness or content never lowers the probability."""
    assert (MODEL.weights > 0).all()
    assert MODEL.names == PAIR_FEATURES


@pytest.mark.shared
@pytest.mark.parametrize(("name", "missing"), [("P1", 8), ("P4", 4)])
def test_labelled_plans(name: str, missing: int, shared: Path) -> None:
    """Every foundation and core course of two real plans has the status that people gave it; so have the set rules."""
    truth = load_truth(name, shared / "gold" / "plans")
    document = read_document(shared / "real" / "plans" / truth.files[0])
    programme = programme_of(truth, document)
    programme = replace(programme, annex_start=max(document.text.find("附件1   "), 0) or len(document.text))
    standard, aligner = load_standard("530701"), Aligner.default()
    matches = match_courses(programme, standard, aligner.encoder, aligner.prepare(standard))
    said = {id: raw["status"] for id, raw in truth.data["foundation_and_core"].items()}
    assert {m.statement.id: m.status for m in matches if m.statement.id in said} == said
    verdicts = {verdict.id: verdict for verdict in judge_sets(standard, matches, programme)}
    assert {id: verdicts[id].verdict for id in ("OR01", "OR02", "OR03")} == {
        id: truth.rules[id]["verdict"] for id in ("OR01", "OR02", "OR03")
    }
    assert len(verdicts["OR02"].value) == missing
    wanted = " ".join(truth.rules["OR02"]["value"]["missing"])
    assert all(title in wanted for title in verdicts["OR02"].value)
