"""Measures as small functions, each with its definition and source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class PrecisionRecall:
    """Precision TP / (TP + FP), recall TP / (TP + FN) and F1, their harmonic mean; 0 where undefined."""

    true_positives: int
    predicted: int
    actual: int

    @property
    def precision(self) -> float:
        """TP / predicted."""
        return self.true_positives / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """TP / actual."""
        return self.true_positives / self.actual if self.actual else 0.0

    @property
    def f1(self) -> float:
        """2 TP / (predicted + actual)."""
        both = self.predicted + self.actual
        return 2 * self.true_positives / both if both else 0.0


def precision_recall(truth: Bools, predicted: Bools) -> PrecisionRecall:
    """Of a binary decision over items, arrays (n,)."""
    return PrecisionRecall(int((truth & predicted).sum()), int(predicted.sum()), int(truth.sum()))


def weighted_kappa(truth: Sequence[int] | Ints, predicted: Sequence[int] | Ints, grades: int = 3) -> float:
    """Quadratic weighted kappa (Cohen 1968) of two gradings 0..grades-1.

    1 - sum(w o) / sum(w e) with w = (i - j)^2, o the observed and e the chance-expected table; 1 is full agreement, 0
    that of chance. 0 when both give one and the same grade throughout.
    """
    observed = np.zeros((grades, grades))
    np.add.at(observed, (np.asarray(truth), np.asarray(predicted)), 1)
    return float(kappa_of_tables(observed))


def kappa_of_tables(tables: Floats) -> Floats:
    """Quadratic weighted kappa of tables of counts (..., g, g), true grade by given grade, as (...)."""
    grades = tables.shape[-1]
    total = tables.sum(axis=(-2, -1))[..., None, None]
    expected = tables.sum(axis=-1)[..., :, None] * tables.sum(axis=-2)[..., None, :] / np.maximum(total, 1)
    steps = np.arange(grades)
    weights = (steps[:, None] - steps[None, :]) ** 2
    observed, chance = ((weights * table).sum(axis=(-2, -1)) for table in (tables, expected))
    kappa: Floats = np.where(chance > 0, 1 - observed / np.where(chance > 0, chance, 1), 0.0)
    return kappa


def hit_at(k: int, ranks: Sequence[int | None]) -> float:
    """Share of items whose first right answer stands among the first k; ranks count from 1, None is not found."""
    return sum(rank is not None and rank <= k for rank in ranks) / len(ranks) if ranks else 0.0


def reciprocal_rank(ranks: Sequence[int | None]) -> float:
    """Mean of 1 / rank of the first right answer, 0 for not found (Voorhees 1999)."""
    return sum(1 / rank for rank in ranks if rank) / len(ranks) if ranks else 0.0
