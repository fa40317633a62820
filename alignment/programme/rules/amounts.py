"""Sums and quotients with their text and cells: what the counts of hours, shares and credits are made of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from alignment.model import Evidence
from alignment.programme.ledger import Ledger
from alignment.programme.rules.outcome import Count
from alignment.programme.tally import Measure, Read, Tally, added, cell_evidence, plain, unique
from corpora.programme.model import Figure


@dataclass(frozen=True)
class Amount:
    """A number of hours or credits, as text (``608+112``) and with its cells; ``high`` where options differ."""

    value: float
    high: float
    text: str
    evidence: tuple[Evidence, ...] = ()

    def __add__(self, other: Amount) -> Amount:
        evidence = unique((*self.evidence, *other.evidence))
        text = f"({other.text})" if "-" in other.text else other.text
        return Amount(self.value + other.value, self.high + other.high, f"{self.text}+{text}", evidence)

    def __sub__(self, other: Amount) -> Amount:
        taken = f"({other.text})" if "+" in other.text or "-" in other.text else other.text
        evidence = unique((*self.evidence, *other.evidence))
        return Amount(self.value - other.high, self.high - other.value, f"{self.text}-{taken}", evidence)

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
    return Amount(total.value, total.value, plain(total.value), evidence)


def share(numerator: Amount, denominator: Amount, label: str = "") -> Count:
    """A share in percent: ``(608+112)÷(2560+112)=720÷2672=26.95%``."""
    if denominator.value <= 0:
        return Count(
            None, f"{numerator.sum}；总数为 0，不能求比", numerator.evidence, label, verdict="cannot_determine"
        )
    value, high = (100 * part / denominator.value for part in (numerator.value, numerator.high))
    text = f"{quotient(numerator, denominator)}={plain(value)}%"
    if high > value:
        text += f"（选项不同，最多 {plain(high)}%）"
    evidence = unique((*numerator.evidence, *denominator.evidence))
    return Count(round(value, 2), text, evidence, label, low=value, high=high)


def quotient(numerator: Amount, denominator: Amount) -> str:
    """``a÷b``, sums in brackets and then added up."""
    plainly = f"{plain(numerator.value)}÷{plain(denominator.value)}"
    if not numerator.compound and not denominator.compound:
        return plainly
    return f"{_bracket(numerator)}÷{_bracket(denominator)}={plainly}"


def _bracket(amount: Amount) -> str:
    return f"({amount.text})" if amount.compound else amount.text
