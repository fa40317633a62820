"""Logistic regression at prediction time: a standardised dot product, without a learning library."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class LogisticModel:
    """p = 1 / (1 + exp(-(w . (x - mean) / scale + bias))).

    Parameters
    ----------
    names : names of the F features, in column order.
    mean, scale, weights : arrays (F,).
    bias : intercept.
    """

    names: tuple[str, ...]
    mean: Floats
    scale: Floats
    weights: Floats
    bias: float

    def logits(self, features: Floats) -> Floats:
        """Log odds of rows (n, F) as an array (n,)."""
        scaled = self.weights / self.scale
        return features @ scaled + np.float32(self.bias - float(self.mean @ scaled))

    def probabilities(self, features: Floats) -> Floats:
        """Probabilities of rows (n, F) as an array (n,) in 0..1."""
        return sigmoid(self.logits(features))

    def to_json(self) -> dict[str, Any]:
        """Plain numbers, rounded to seven significant digits."""
        arrays = {name: [float(f"{v:.7g}") for v in getattr(self, name)] for name in ("mean", "scale", "weights")}
        return {"names": list(self.names), **arrays, "bias": float(f"{self.bias:.7g}")}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> LogisticModel:
        """The inverse of ``to_json``.

        Raises
        ------
        ValueError : an array has not one number for each name.
        """
        arrays = {name: np.array(data[name], dtype=np.float32) for name in ("mean", "scale", "weights")}
        for name, values in arrays.items():
            if values.shape != (len(data["names"]),):
                raise ValueError(f"{name} has the shape {values.shape} for {len(data['names'])} features")
        return cls(tuple(data["names"]), bias=float(data["bias"]), **arrays)


@dataclass(frozen=True)
class TwinModel:
    """Two models over the same features: of being touched (grade >= 1) and of being covered (grade 2)."""

    touch: LogisticModel
    cover: LogisticModel

    def logits(self, features: Floats, names: Sequence[str]) -> tuple[Floats, Floats]:
        """Log odds (touch, cover), each (...,), of features (..., F) whose columns are ``names``.

        Raises
        ------
        ValueError : a feature that the models read is not among ``names``.
        """
        values = features[..., [names.index(name) for name in self.touch.names]]
        return self.touch.logits(values), self.cover.logits(values)

    def to_json(self) -> dict[str, Any]:
        """Plain numbers."""
        return {"touch": self.touch.to_json(), "cover": self.cover.to_json()}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> TwinModel:
        """The inverse of ``to_json``."""
        return cls(LogisticModel.from_json(data["touch"]), LogisticModel.from_json(data["cover"]))


@dataclass(frozen=True)
class PairModel:
    """Models of a pair (element, passage): touched, covered, and whether a reviewer would cite the passage.

    ``verdict`` tells elements that a document teaches from those it does not; ``citation`` tells apart the passages of
    one taught element.
    """

    verdict: TwinModel
    citation: LogisticModel

    def logits(self, features: Floats, names: Sequence[str]) -> tuple[Floats, Floats, Floats]:
        """Log odds (touch, cover, cite), each (...,), of features (..., F) whose columns are ``names``.

        Raises
        ------
        ValueError : a feature that the models read is not among ``names``.
        """
        values = features[..., [names.index(name) for name in self.citation.names]]
        return *self.verdict.logits(features, names), self.citation.logits(values)

    def to_json(self) -> dict[str, Any]:
        """Plain numbers."""
        return {**self.verdict.to_json(), "cite": self.citation.to_json()}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> PairModel:
        """The inverse of ``to_json``."""
        return cls(TwinModel.from_json(data), LogisticModel.from_json(data["cite"]))


def sigmoid(logits: Floats) -> Floats:
    """The logistic function, safe for large values."""
    clipped: Floats = np.clip(logits, -30, 30)
    return (1 / (1 + np.exp(-clipped))).astype(np.float32)


def log_odds(probabilities: Floats | np.float32) -> Floats:
    """ln(p / (1 - p)), the inverse of ``sigmoid``."""
    clipped = np.clip(probabilities, 1e-7, 1 - 1e-7)
    odds: Floats = np.log(clipped / (1 - clipped))
    return odds
