"""Do the probabilities mean what they say, and are the doubtful ones the wrong ones?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eval.measures import weighted_kappa

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

#: Bins of a reliability diagram.
BINS = 10

#: Characters of the text diagram from 0 to 1.
WIDTH = 40


@dataclass(frozen=True, slots=True)
class Bin:
    """Items of like probability.

    Parameters
    ----------
    low, high : the probabilities it reaches over.
    count : its items.
    said : their mean probability.
    true : share of them that is true.
    """

    low: float
    high: float
    count: int
    said: float
    true: float


def equal_width_bins(truth: Bools, probabilities: Floats, bins: int = BINS) -> tuple[Bin, ...]:
    """The reliability diagram over equal parts of 0..1, without empty ones (DeGroot & Fienberg 1983)."""
    place = np.minimum((probabilities * bins).astype(int), bins - 1)
    found = [(number, np.flatnonzero(place == number)) for number in range(bins)]
    return tuple(
        _bin(number / bins, (number + 1) / bins, truth[rows], probabilities[rows])
        for number, rows in found
        if len(rows)
    )


def equal_mass_bins(truth: Bools, probabilities: Floats, bins: int = BINS) -> tuple[Bin, ...]:
    """The same over groups of equal size by rising probability (Nguyen & O'Connor 2015)."""
    order = np.argsort(probabilities, kind="stable")
    groups = [rows for rows in np.array_split(order, bins) if len(rows)]
    return tuple(
        _bin(float(probabilities[rows[0]]), float(probabilities[rows[-1]]), truth[rows], probabilities[rows])
        for rows in groups
    )


def _bin(low: float, high: float, truth: Bools, probabilities: Floats) -> Bin:
    return Bin(low, high, len(truth), float(probabilities.mean()), float(truth.mean()))


def expected_calibration_error(bins: Sequence[Bin]) -> float | None:
    """Mean over bins of |share true - mean probability|, weighted by size (Naeini, Cooper & Hauskrecht 2015).

    None without any item.
    """
    total = sum(each.count for each in bins)
    return sum(each.count * abs(each.true - each.said) for each in bins) / total if total else None


def brier_score(truth: Bools, probabilities: Floats) -> float | None:
    """Mean of (probability - truth) ** 2 (Brier 1950); None without any item."""
    return float(((probabilities - truth) ** 2).mean()) if len(truth) else None


def base_rate_brier(truth: Bools) -> float | None:
    """Brier score of always saying the share that is true, q (1 - q): what has to be beaten."""
    return float(truth.mean() * (1 - truth.mean())) if len(truth) else None


def diagram(bins: Sequence[Bin]) -> list[str]:
    """A line of text for each bin: what was said (|) beside the bar of what was true (=)."""
    lines = [f"{'probability':<15}{'n':>5}{'said':>8}{'true':>8}  0{'.5':^{WIDTH - 2}}1"]
    for each in bins:
        bar = list("=" * round(each.true * WIDTH) + " " * (WIDTH - round(each.true * WIDTH)))
        bar[min(int(each.said * WIDTH), WIDTH - 1)] = "|"
        place = f"{each.low:.3f}-{each.high:.3f}"
        lines.append(f"{place:<15}{each.count:>5}{each.said:>8.3f}{each.true:>8.3f}  {''.join(bar)}".rstrip())
    return lines


@dataclass(frozen=True)
class Decisions:
    """Grades given to undisputed elements of all documents, with how sure they are.

    Parameters
    ----------
    truth, predicted : (n,) grades.
    distance : (n,) log odds between an element's probabilities and the nearer threshold, the distance that sets review.
    review : (n,) whether a person is asked to look.
    """

    truth: Ints
    predicted: Ints
    distance: Floats
    review: Bools


@dataclass(frozen=True, slots=True)
class Selective:
    """What remains when some decisions are left to a person (selective classification, El-Yaniv & Wiener 2010).

    Parameters
    ----------
    name : which ones are set aside.
    aside : share of all decisions set aside.
    accuracy : share of the others with exactly the labelled grade.
    kappa : quadratic weighted kappa of the others.
    errors : share of all wrong grades that is among those set aside; None where no grade is wrong.
    """

    name: str
    aside: float
    accuracy: float
    kappa: float
    errors: float | None


def selective(decisions: Decisions, shares: Sequence[float] = (0, 0.1, 0.2, 0.3)) -> tuple[Selective, ...]:
    """With the least certain shares set aside, over all documents together, and with those under review."""
    count = len(decisions.truth)
    if not count:
        return ()
    order = np.argsort(decisions.distance, kind="stable")
    rows = []
    for share in shares:
        aside = np.zeros(count, bool)
        aside[order[: round(share * count)]] = True
        rows.append(_selective(f"least certain {share:.0%}", decisions, aside))
    return (*rows, _selective("review", decisions, decisions.review))


def _selective(name: str, decisions: Decisions, aside: Bools) -> Selective:
    wrong = decisions.truth != decisions.predicted
    kept = ~aside
    return Selective(
        name,
        float(aside.mean()),
        float(1 - wrong[kept].mean()) if kept.any() else 0.0,
        weighted_kappa(decisions.truth[kept], decisions.predicted[kept]),
        float((wrong & aside).sum() / wrong.sum()) if wrong.any() else None,
    )
