"""How sure a figure is: intervals and paired tests over documents, the unit that was drawn and labelled as a whole.

Elements of one document are not independent of each other, so it is documents that are drawn again, all their elements
with them. With few documents intervals are rough and the bootstrap is too hopeful; the exact test of ``compare`` is
valid for any number, but cannot be smaller than ``smallest``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
#: Counts summed over documents, (..., F) -> a figure of each sum, (...).
Figure = Callable[[Floats], Floats]

#: Draws of documents, seed of the draws, and share of the draws inside an interval.
DRAWS, SEED, INSIDE = 10_000, 20260, 0.95

#: Up to this many documents every exchange of two systems is gone through, 2 ** 12 of them.
EXACT = 12


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with the ends of its 95 % interval; the ends are None for fewer than two documents."""

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """One system less another, on the same documents.

    Parameters
    ----------
    difference : of the pooled figures, with its interval.
    p_bootstrap : two-sided, from the draws in which the difference has the other sign; too small with few documents,
        None for one.
    p_exchange : two-sided, of the exact test.
    smallest : the least that ``p_exchange`` can be with this many documents.
    """

    difference: Interval
    p_bootstrap: float | None
    p_exchange: float
    smallest: float


def pooled_interval(counts: Floats, figure: Figure) -> Interval:
    """Percentile bootstrap of a figure of counts pooled over documents (Efron & Tibshirani 1993, chapter 13).

    Parameters
    ----------
    counts : (D, F), of each document.
    """
    value = float(figure(counts.sum(axis=0)))
    if len(counts) < 2:
        return Interval(value)
    return Interval(value, *_ends(figure(_draws(len(counts)) @ counts)))


def mean_interval(values: Floats) -> Interval | None:
    """The same of the mean over documents of (D,) figures; NaN is undefined and left out, None where all are."""
    values = values[~np.isnan(values)]
    if not len(values):
        return None
    if len(values) < 2:
        return Interval(float(values[0]))
    return Interval(float(values.mean()), *_ends(_draws(len(values)) @ values / len(values)))


def compare(first: Floats, second: Floats, figure: Figure) -> Comparison:
    """Paired tests of two systems on D documents: does ``figure`` of the pooled counts differ?

    Bootstrap: documents are drawn for both systems alike; the share of draws without the observed sign is doubled
    (Efron & Tibshirani 1993, chapter 15; Koehn 2004, Statistical Significance Tests for Machine Translation).
    Exchange: were the systems alike, their answers to a document could change places; p is the share of all 2 ** D
    exchanges that differ at least as much as the observed one (Fisher 1935; Noreen 1989, Computer-Intensive Methods for
    Testing Hypotheses). For a figure that is a mean over documents this is the sign-flip test. Beyond ``EXACT``
    documents exchanges are drawn, the observed one counted among them.

    Parameters
    ----------
    first, second : (D, F) counts of the two systems.
    """
    observed = float(figure(first.sum(axis=0)) - figure(second.sum(axis=0)))
    kept = _exchanges(len(first))
    exchanged = figure(kept @ first + (1 - kept) @ second) - figure(kept @ second + (1 - kept) @ first)
    return Comparison(
        *_redrawn(observed, first, second, figure),
        float((np.abs(exchanged) >= abs(observed) - 1e-12).mean()),
        2 / len(kept) if len(first) <= EXACT else 1 / len(kept),
    )


def _redrawn(observed: float, first: Floats, second: Floats, figure: Figure) -> tuple[Interval, float | None]:
    """The interval of a difference and its two-sided p, by the bootstrap."""
    if len(first) < 2:
        return Interval(observed), None
    draws = _draws(len(first))
    differences = figure(draws @ first) - figure(draws @ second)
    beyond = min(int((differences <= 0).sum()), int((differences >= 0).sum()))
    return Interval(observed, *_ends(differences)), min(1.0, 2 * (beyond + 1) / (len(draws) + 1))


def _draws(documents: int) -> Floats:
    """(DRAWS, D) how often each document is drawn."""
    generator = np.random.default_rng(SEED)
    return generator.multinomial(documents, np.full(documents, 1 / documents), size=DRAWS).astype(np.float64)


def _exchanges(documents: int) -> Floats:
    """(X, D) 1 where the systems stay in place for a document, 0 where they change; the first row changes none."""
    if documents <= EXACT:
        changed = (np.arange(2**documents)[:, None] >> np.arange(documents)) & 1
        return (1 - changed).astype(np.float64)
    drawn = np.random.default_rng(SEED).integers(0, 2, size=(DRAWS, documents)).astype(np.float64)
    return np.concatenate([np.ones((1, documents)), drawn])


def _ends(values: Floats) -> tuple[float, float]:
    low, high = np.quantile(values, [(1 - INSIDE) / 2, (1 + INSIDE) / 2])
    return float(low), float(high)
