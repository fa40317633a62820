"""Agreement of a system's grades with the labels: per document and pooled, with what chance may have to do with it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from alignment.fitting import TrainingDocument
from eval.measures import PrecisionRecall, kappa_of_tables, precision_recall, weighted_kappa
from eval.resampling import Comparison, Figure, Interval, compare, mean_interval, pooled_interval

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Scored:
    """One document's truth beside one system's decisions, over the elements that labels judge.

    ``grades`` and ``predicted`` are (n,); ``decided`` holds (n,) for the thresholds 1 and 2.
    """

    name: str
    grades: Ints
    decided: dict[int, Bools]
    predicted: Ints

    @classmethod
    def of(cls, document: TrainingDocument, predicted: Ints) -> Scored:
        """A labelled document beside (E,) grades of all its elements."""
        judged = document.grades >= 0
        decided = {threshold: mask[judged] for threshold, mask in document.decided.items()}
        return cls(document.labelled.name, document.grades[judged], decided, predicted[judged])

    def at(self, threshold: int) -> PrecisionRecall:
        """Precision and recall of grade >= threshold, disputed elements left out."""
        mask = self.decided[threshold]
        return precision_recall(self.grades[mask] >= threshold, self.predicted[mask] >= threshold)

    @property
    def undisputed(self) -> Bools:
        """(n,) whether both labellers give the same grade."""
        return self.decided[1] & self.decided[2]

    @cached_property
    def counts(self) -> Floats:
        """(15,) what adds up over documents: TP, predicted and actual at both grades, and the 3 x 3 table of grades."""
        table = np.zeros((3, 3))
        np.add.at(table, (self.grades[self.undisputed], self.predicted[self.undisputed]), 1)
        sides = [(x.true_positives, x.predicted, x.actual) for x in (self.at(1), self.at(2))]
        return np.concatenate([np.ravel(sides), table.ravel()])


def _f1(first: int) -> Figure:
    def figure(counts: Floats) -> Floats:
        both = counts[..., first + 1] + counts[..., first + 2]
        f1: Floats = 2 * counts[..., first] / np.where(both > 0, both, 1)
        return f1

    return figure


def _kappa(counts: Floats) -> Floats:
    return kappa_of_tables(counts[..., 6:].reshape(*counts.shape[:-1], 3, 3))


#: The figures that intervals and tests are given for, each of summed ``Scored.counts``.
FIGURES: dict[str, Figure] = {"f1_touched": _f1(0), "f1_covered": _f1(3), "weighted_kappa": _kappa}


@dataclass(frozen=True)
class Quality:
    """Agreement of one system with the labels."""

    system: str
    documents: tuple[Scored, ...]

    def at(self, threshold: int) -> PrecisionRecall:
        """Precision and recall of grade >= threshold pooled over documents."""
        parts = [document.at(threshold) for document in self.documents]
        return PrecisionRecall(
            sum(p.true_positives for p in parts), sum(p.predicted for p in parts), sum(p.actual for p in parts)
        )

    @property
    def kappa(self) -> float:
        """Quadratic weighted kappa pooled over documents, disputed elements left out."""
        truth = np.concatenate([d.grades[d.undisputed] for d in self.documents])
        return weighted_kappa(truth, np.concatenate([d.predicted[d.undisputed] for d in self.documents]))

    @cached_property
    def counts(self) -> Floats:
        """(D, 15) ``Scored.counts`` of each document."""
        return np.array([document.counts for document in self.documents])

    def pooled(self, figure: str) -> Interval:
        """One of ``FIGURES`` over all documents together."""
        return pooled_interval(self.counts, FIGURES[figure])

    def mean(self, figure: str) -> Interval | None:
        """Its mean over documents, without those where it is undefined: nothing to find and nothing claimed."""
        values = FIGURES[figure](self.counts)
        return mean_interval(np.where(_defined(self.counts, figure), values, np.nan))

    def against(self, other: Quality, figure: str) -> Comparison:
        """Paired tests of this system less another on the same documents."""
        return compare(self.counts, other.counts, FIGURES[figure])


def _defined(counts: Floats, figure: str) -> Bools:
    if figure == "weighted_kappa":
        table = counts[:, 6:].reshape(-1, 3, 3)
        return (table.sum(axis=1) + table.sum(axis=2) > 0).sum(axis=1) > 1
    first = 3 * (figure == "f1_covered")
    defined: Bools = counts[:, first + 1 : first + 3].sum(axis=1) > 0
    return defined
