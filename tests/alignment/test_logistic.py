"""Logistic regression at prediction time."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignment.logistic import LogisticModel, TwinModel, log_odds, sigmoid


def model(weights: list[float], bias: float = 0.5, names: tuple[str, ...] = ("a", "b")) -> LogisticModel:
    """A model with means 1 and 2 and scales 2 and 4."""
    return LogisticModel(
        names, np.array([1, 2], np.float32), np.array([2, 4], np.float32), np.array(weights, np.float32), bias
    )


def test_logits_follow_the_formula() -> None:
    """w . (x - mean) / scale + bias, row by row."""
    rows = np.array([[1, 2], [3, 2], [1, 6]], np.float32)
    assert model([10, 100]).logits(rows) == pytest.approx([0.5, 10.5, 100.5], abs=1e-4)
    assert model([0, 0], bias=0).probabilities(rows) == pytest.approx([0.5, 0.5, 0.5])


def test_a_twin_reads_its_columns_by_name() -> None:
    """Columns may come in any order and with others between them; a missing one is refused."""
    twin = TwinModel(model([1, 2]), model([-1, 0]))
    given_order = np.array([[[3.0, 5.0]]], np.float32)
    shuffled = np.array([[[5.0, 9.0, 3.0]]], np.float32)
    for straight, other in zip(
        twin.logits(given_order, ("a", "b")), twin.logits(shuffled, ("b", "x", "a")), strict=True
    ):
        assert straight.shape == (1, 1)
        assert straight == pytest.approx(other)
    with pytest.raises(ValueError, match="not in"):
        twin.logits(given_order, ("a", "x"))


@given(st.floats(-10, 10), st.floats(-10, 10), st.floats(-5, 5))
def test_json_round_trip_gives_the_same_answers(first: float, second: float, bias: float) -> None:
    """A model written as JSON text and read again decides alike."""
    twin = TwinModel(model([first, second], bias), model([second, first], -bias))
    again = TwinModel.from_json(json.loads(json.dumps(twin.to_json())))
    rows = np.array([[0.3, -2], [8, 1]], np.float32)
    assert again.touch.names == ("a", "b")
    for one, two in zip(twin.logits(rows, ("a", "b")), again.logits(rows, ("a", "b")), strict=True):
        assert one == pytest.approx(two, abs=1e-3)


def test_a_model_of_torn_arrays_is_refused() -> None:
    """As many means, scales and weights as names, or it is no model."""
    data = model([1, 2]).to_json()
    with pytest.raises(ValueError, match="weights"):
        LogisticModel.from_json({**data, "weights": [1.0]})


@given(st.floats(-14, 14))
def test_log_odds_inverts_the_sigmoid(logit: float) -> None:
    """Forth and back within single precision; probabilities stay inside 0..1."""
    p = sigmoid(np.array([logit], np.float32))
    assert 0 < p[0] < 1
    assert log_odds(p)[0] == pytest.approx(logit, abs=0.1 + 1e-7 * np.exp(abs(logit)))


def test_extremes_stay_finite() -> None:
    """Huge logits and probabilities 0 and 1 give numbers."""
    assert np.isfinite(sigmoid(np.array([-1e9, 1e9], np.float32))).all()
    assert np.isfinite(log_odds(np.array([0, 1], np.float32))).all()
