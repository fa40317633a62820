"""Sums and quotients with their text and cells: what the counts of hours, shares and credits are made of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import isinf

from alignment.model import Evidence
from alignment.programme.counting.ledger import Ledger
from alignment.programme.counting.tally import Measure, Read, Tally, added, cell_evidence, plain, unique
from alignment.programme.rules.outcome import Count
from corpora.programme.model import Figure


@dataclass(frozen=True)
class Amount:
    """A number of hours or credits, as text (``608+112``) and with its cells.

    ``high`` is the most it can be where options differ; ``open`` what rows without a figure can add to a total.
    """

    value: float
    high: float
    text: str
    evidence: tuple[Evidence, ...] = ()
    open: float = 0.0

    def __add__(self, other: Amount) -> Amount:
        evidence = unique((*self.evidence, *other.evidence))
        text = f"({other.text})" if "-" in other.text else other.text
        return Amount(self.value + other.value, self.high + other.high, f"{self.text}+{text}", evidence, self.open)

    def __sub__(self, other: Amount) -> Amount:
        taken = f"({other.text})" if "+" in other.text or "-" in other.text else other.text
        evidence = unique((*self.evidence, *other.evidence))
        return Amount(self.value - other.high, self.high - other.value, f"{self.text}-{taken}", evidence, self.open)

    @property
    def compound(self) -> bool:
        """Whether the text is a sum."""
        return "+" in self.text or "-" in self.text

    @property
    def sum(self) -> str:
        """``608+112=720``."""
        return added(self.text, self.value)


def amount_of(ledger: Ledger, tallied: Tally) -> Amount:
    """A sum over rows as an amount."""
    return Amount(tallied.low, tallied.high, tallied.sum_text, tallied.evidence(ledger.programme))


def own(ledger: Ledger, rows: Iterable[int], measure: Measure = "hours") -> Amount:
    """What the plan counts of the rows."""
    return amount_of(ledger, ledger.own(rows, measure))


def printed(ledger: Ledger, rows: Iterable[int], measure: Measure = "hours", read: Read | None = None) -> Amount:
    """What the rows give, whether or not the plan counts them."""
    return amount_of(ledger, ledger.rows(rows, measure, read))


def figure_amount(ledger: Ledger, figure: Figure, *path: str) -> Amount:
    """A printed number."""
    evidence = (cell_evidence(ledger.programme.document, figure, *path),)
    return Amount(figure.value, figure.value, plain(figure.value), evidence)


def total_amount(ledger: Ledger, measure: Measure = "hours") -> Amount | None:
    """The plan's total; None when there is none."""
    total = ledger.total(measure)
    if total.value is None:
        return None
    if total.stated:
        return figure_amount(ledger, total.stated.figure, total.stated.where)
    evidence = total.computed.evidence(ledger.programme) if total.computed else ()
    high = total.computed.high if total.computed else total.value
    return Amount(total.value, high, plain(total.value), evidence, ledger.open_amount(measure))


def share(numerator: Amount, denominator: Amount, label: str = "") -> Count:
    """A share in percent: ``(608+112)÷(2560+112)=720÷2672=26.95%``."""
    if denominator.value <= 0:
        return Count(
            None, f"{numerator.sum}；总数为 0，不能求比", numerator.evidence, label, verdict="cannot_determine"
        )
    value = 100 * numerator.value / denominator.value
    low, high = _bounds(numerator, denominator)
    text = f"{quotient(numerator, denominator)}={plain(value)}%"
    if denominator.open:
        text += f"（有的行没有学时，实际在 {plain(low)}%~{plain(high)}%）"
    elif high > value:
        text += f"（最多 {plain(high)}%）"
    evidence = unique((*numerator.evidence, *denominator.evidence))
    return Count(round(value, 2), text, evidence, label, low=low, high=high)


def _bounds(numerator: Amount, denominator: Amount) -> tuple[float, float]:
    """The least and the most that the share can be: what is open may lie in the block or beside it."""
    if isinf(denominator.open):
        return 0.0, 100.0
    low = 100 * numerator.value / (denominator.value + denominator.open)
    high = 100 * (numerator.high + denominator.open) / (denominator.value + denominator.open)
    return low, min(high, 100.0) if denominator.open else high


def quotient(numerator: Amount, denominator: Amount) -> str:
    """``a÷b``, sums in brackets and then added up."""
    plainly = f"{plain(numerator.value)}÷{plain(denominator.value)}"
    if not numerator.compound and not denominator.compound:
        return plainly
    return f"{_bracket(numerator)}÷{_bracket(denominator)}={plainly}"


def _bracket(amount: Amount) -> str:
    return f"({amount.text})" if amount.compound else amount.text
