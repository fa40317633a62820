"""The judge: models as data, and verdicts on one document."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from alignment.judge import Judge, JudgeModel, Thresholds, best_probability, load_judge, pair_logits
from alignment.logistic import LogisticModel, PairModel, TwinModel
from alignment.passages import Passages
from alignment.prepared import PreparedStandard
from corpora.errors import IndexFormatError
from index.protocols import Encoder

SHIPPED = Path(str(files("alignment") / "data" / "judge.json"))


def constant(bias: float, names: tuple[str, ...] = ("own",)) -> LogisticModel:
    """A model that says the same of everything."""
    ones = np.ones(len(names), np.float32)
    return LogisticModel(names, ones * 0, ones, ones * 0, bias)


@pytest.fixture(scope="module")
def judge(encoder: Encoder) -> Judge:
    """The shipped models."""
    shipped = load_judge()
    return Judge(encoder, shipped.bank, shipped.bankless)


def test_shipped_models_name_the_documents_they_have_seen() -> None:
    """As sha256 strings, so that no one scores them on these by mistake."""
    documents = load_judge().documents
    assert documents
    assert all(re.fullmatch(r"[0-9a-f]{64}", digest) for digest in documents)


def test_shipped_thresholds_are_probabilities() -> None:
    """Of both models; the margin for review is no negative number."""
    shipped = load_judge()
    for thresholds in (shipped.bank.thresholds, shipped.bankless.thresholds):
        assert all(0 < value < 1 for value in (thresholds.touched, thresholds.covered, thresholds.course))
        assert thresholds.review_margin >= 0


def test_model_json_round_trip() -> None:
    """A model read back from its own JSON is the same model."""
    model = load_judge().bank
    again = JudgeModel.from_json(json.loads(json.dumps(model.to_json())))
    assert again.to_json() == model.to_json()
    assert again.thresholds == model.thresholds


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: json.dumps(data)[: len(json.dumps(data)) // 2],
        lambda _: "",
        lambda _: "[]",
        lambda data: json.dumps({**data, "schema": "duibiao.judge/99"}),
        lambda data: json.dumps({**data, "models": {"bank": data["models"]["bank"]}}),
        lambda data: json.dumps({**data, "models": 3}),
        lambda data: json.dumps({key: value for key, value in data.items() if key != "documents"}),
        lambda data: json.dumps(data).replace('"bias": ', '"bias": "x", "was": ', 1),
        lambda data: json.dumps(data).replace('"weights": [', '"weights": [1.0, ', 1),
        lambda data: json.dumps(data).replace('"touched": ', '"tuoched": ', 1),
    ],
)
def test_a_damaged_file_is_named(damage: Any, tmp_path: Path) -> None:
    """Cut off, empty, of another version, without a part, with wrong numbers: one clear error, no traceback."""
    file = tmp_path / "judge.json"
    file.write_text(damage(json.loads(SHIPPED.read_bytes())), encoding="utf-8")
    with pytest.raises(IndexFormatError, match=r"judge\.json：判定模型无法读取.*重新安装"):
        load_judge(file)


def test_an_undamaged_copy_is_read_and_a_missing_file_named(tmp_path: Path) -> None:
    """The damages above are what is refused; a file that is not there is, too."""
    copy = tmp_path / "judge.json"
    copy.write_bytes(SHIPPED.read_bytes())
    assert load_judge(copy).bank.to_json() == load_judge().bank.to_json()
    with pytest.raises(IndexFormatError, match="nowhere"):
        load_judge(tmp_path / "nowhere.json")


def test_verdicts_are_probabilities_in_order(
    judge: Judge, prepared: PreparedStandard, bankless: PreparedStandard, orchard_passages: Passages
) -> None:
    """covered <= touched, all in 0..1; passages of each element by falling conviction, each once."""
    for standard in (prepared, bankless):
        found = judge.judge(standard, orchard_passages, "果树栽培")
        assert (found.p_covered <= found.p_touched).all()
        assert found.p_covered.min() >= 0
        assert found.p_touched.max() <= 1
        assert (np.diff(found.passage, axis=1) <= 0).all()
        assert found.courses.shape == (2,)
        everything = list(range(len(orchard_passages.segments)))
        assert [sorted(row) for row in found.segments.tolist()] == [everything] * 6


def test_what_is_taught_is_likelier_than_what_is_not(
    judge: Judge, prepared: PreparedStandard, orchard_passages: Passages
) -> None:
    """Pruning is taught and yeast is not; the orchard is its course and the bakery is not."""
    found = judge.judge(prepared, orchard_passages, "《果树栽培》课程标准")
    assert found.p_touched[1:3].min() > 10 * found.p_touched[4:].max()
    assert found.courses[0] > 0.5 > found.courses[1]
    assert orchard_passages.segments[found.segments[2, 0]].text in (
        "掌握果树修剪方法。",
        "冬季怎样剪枝，幼树怎样整形。",
    )


def test_without_passages_nothing_is_likely(judge: Judge, prepared: PreparedStandard, no_passages: Passages) -> None:
    """Probabilities of a document without text are near zero."""
    found = judge.judge(prepared, no_passages, "")
    assert found.segments.shape == (6, 0)
    assert found.p_touched.max() < 0.01


def test_models_follow_the_bank(judge: Judge, prepared: PreparedStandard, bankless: PreparedStandard) -> None:
    """A standard with a bank is judged by the models that know banks."""
    shipped = load_judge()
    assert judge.model_for(prepared).to_json() == shipped.bank.to_json()
    assert judge.model_for(bankless).to_json() == shipped.bankless.to_json()


def test_served_elements_are_judged_by_their_own_pair_model(
    prepared: PreparedStandard, orchard_passages: Passages
) -> None:
    """Two of six elements are served by the bank; the rest get the plain model."""
    from alignment.candidates import find_candidates
    from alignment.features import pair_features

    pairs = pair_features(prepared, orchard_passages, find_candidates(prepared, orchard_passages))
    served, plain = (
        PairModel(TwinModel(constant(bias), constant(bias - 1)), constant(bias - 2)) for bias in (5.0, -5.0)
    )
    touch, cover, cite = pair_logits(served, plain, prepared, pairs)
    assert touch[:, 0].tolist() == [-5, -5, 5, 5, -5, -5]
    assert np.allclose(cover, touch - 1)
    assert np.allclose(cite, touch - 2)


def test_best_probability() -> None:
    """Of each element's best pair; 0 without candidates."""
    assert best_probability(np.array([[-9, 0], [0, -9]], np.float32)).tolist() == [0.5, 0.5]
    assert best_probability(np.zeros((3, 0), np.float32)).tolist() == [0, 0, 0]


def test_distance_is_to_the_nearer_threshold() -> None:
    """In log odds; zero on a threshold."""
    thresholds = Thresholds(touched=0.5, covered=0.5)
    p = np.array([0.5, 0.9, 0.9], np.float32)
    found = thresholds.distance(p, np.array([0.1, 0.5, 0.1], np.float32))
    assert found == pytest.approx([0, 0, np.log(9)], abs=1e-4)
    assert replace(thresholds, covered=0.1).distance(p[2:], np.array([0.1], np.float32)) == pytest.approx([0], abs=1e-4)
