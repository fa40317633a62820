"""Hours and shares of a block as the plan prints them: in its text, in its share table."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass

from alignment.model import Evidence
from alignment.programme.counting.ledger import Ledger, is_stated
from alignment.programme.counting.tally import cell_evidence, plain
from corpora.programme.model import Category, FactKind, Figure, ShareRow

#: The least that a printed share may be off, in percent points.
LEAST_SLACK = 0.06
#: Decimals of the last number of a text.
_DECIMALS = re.compile(r"\d(?:\.(\d+))?(?!.*\d)", re.DOTALL)


@dataclass(frozen=True)
class StatedShare:
    """Hours or a share that the plan prints for the block; ``slack`` is how far its digits let the share be off."""

    hours: float | None
    share: float | None
    figure: Figure
    where: str
    slack: float = LEAST_SLACK


def print_slack(figure: Figure) -> float:
    """Half a unit of a printed share's last digit, in percent points: 0.5 for ``23%``, 0.05 for ``0.235``."""
    match = _DECIMALS.search(figure.text)
    decimals = len(match[1] or "") if match else 2
    if figure.value > 1.5 and re.search(r"(?<!\d)0\.\d+\D*$", figure.text):
        decimals -= 2
    return float(max(0.51 * 10.0 ** -max(decimals, 0), LEAST_SLACK))


def stated_shares(ledger: Ledger, hours: FactKind, percent: FactKind, category: Category | None) -> list[StatedShare]:
    """What the plan prints of a block: in its text, then in its share tables, rows of one split added.

    ``category`` None asks for the electives; practice is no row of its own in these tables but a column.
    """
    facts = [f for f in ledger.programme.facts_of(hours, percent) if is_stated(f)]
    electives = {course.category for course in ledger.courses if course.required is False}
    found = [_fact_stated(f.kind == hours, f.figure, "附件" if f.annex else "正文") for f in facts]
    splits: dict[tuple[int, int], list[ShareRow]] = {}
    for row in ledger.programme.shares:
        splits.setdefault((row.table, row.split), []).append(row)
    for rows in splits.values():
        if category == "practice":
            found += [s for row in rows if row.total and (s := _practice_of(row))]
        elif (of_block := [row for row in rows if _is_of(row, category)]) and (category or _holds(of_block, electives)):
            found += [s] if (s := _added(of_block, not _shares_of_practice(rows))) else []
    return found


def _holds(rows: Sequence[ShareRow], electives: Set[Category]) -> bool:
    """Whether the printed rows of electives can be all of them: one of no category, or one of each category."""
    printed = {row.category for row in rows}
    return None in printed or electives <= printed


def _added(rows: Sequence[ShareRow], of_total: bool) -> StatedShare | None:
    """Rows of one split together; None where they print neither hours nor a share of the hours."""
    hours = [row.hours.value for row in rows if row.hours]
    shares = [row.share.value for row in rows if row.share and of_total and row.share_of != "credits"]
    figure = next((f for row in rows for f in (row.hours, row.share) if f), None)
    complete_hours = sum(hours) if len(hours) == len(rows) else None
    complete_share = sum(shares) if len(shares) == len(rows) else None
    if figure is None or (complete_hours is None and complete_share is None):
        return None
    labels = "＋".join(row.label for row in rows)
    slack = sum(print_slack(row.share) for row in rows if row.share) or LEAST_SLACK
    return StatedShare(complete_hours, complete_share, figure, f"统计表“{labels}”", slack)


def _shares_of_practice(rows: Sequence[ShareRow]) -> bool:
    """Whether the share column of a table tells the practice within each row and not the row within the total."""
    total = next((row.hours.value for row in rows if row.total and row.hours), 0.0)
    of_total = of_itself = 0
    for row in rows:
        if row.share and row.hours and row.hours.value and row.practice and total:
            of_total += abs(row.share.value - 100 * row.hours.value / total) < 1
            of_itself += abs(row.share.value - 100 * row.practice.value / row.hours.value) < 1
    return of_itself > of_total


def _practice_of(total: ShareRow) -> StatedShare | None:
    """The share of practice in a table's sum row, where its share column is one of practice."""
    if not (total.practice and total.hours and total.share and total.hours.value):
        return None
    of_itself = 100 * total.practice.value / total.hours.value
    if total.share.value >= 99.9 or abs(total.share.value - of_itself) > 1:
        return None
    return StatedShare(None, total.share.value, total.share, f"统计表“{total.label}”", print_slack(total.share))


def _fact_stated(in_hours: bool, figure: Figure, where: str) -> StatedShare:
    if in_hours:
        return StatedShare(figure.value, None, figure, where)
    return StatedShare(None, figure.value, figure, where, print_slack(figure))


def _is_of(row: ShareRow, category: Category | None) -> bool:
    if row.total:
        return False
    return row.category == category if category else row.required is False


def printed_text(stated: StatedShare) -> str:
    """``608 学时、23.75%``."""
    parts = [f"{plain(stated.hours)} 学时" if stated.hours is not None else ""]
    parts.append(f"{plain(stated.share)}%" if stated.share is not None else "")
    return "、".join(part for part in parts if part)


def stated_evidence(ledger: Ledger, stated: StatedShare) -> Evidence:
    """The sentence or cell of a printed share."""
    return cell_evidence(ledger.programme.document, stated.figure, stated.where)
