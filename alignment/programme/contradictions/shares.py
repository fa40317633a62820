"""The table that splits hours by category: its quotients and its sums."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from alignment.programme.contradictions.counting import UNITS, Amount
from alignment.programme.contradictions.plan import Finding, Plan, differs, listed, number, plain
from alignment.programme.quantities import QuantityName
from corpora.programme.model import Figure, ShareRow

_TURNS: tuple[QuantityName, ...] = ("total_hours", "public_share", "practice_share", "elective_share")
#: From which part of the shares that are no quotient of the total on the column is taken for one of practice.
_MOSTLY = 0.6
_HOURS = re.compile(r"学时|课时")
_AMOUNTS: tuple[Amount, ...] = ("hours", "credits", "theory", "practice")


def find(plan: Plan) -> Iterator[Finding]:
    """Shares that are no quotient, columns that do not add up."""
    for rows in splits_of(plan).values():
        yield from _mislabelled(plan, rows)
        yield from _quotients(plan, rows)
        yield from _sums(plan, rows)


def splits_of(plan: Plan) -> dict[tuple[int, int], list[ShareRow]]:
    """Rows that split one total, by table and number of the split."""
    found: dict[tuple[int, int], list[ShareRow]] = {}
    for row in plan.programme.shares:
        found.setdefault((row.table, row.split), []).append(row)
    return found


def tolerance(share: Figure) -> float:
    """How far a printed share may be from its quotient: one unit of its last digit, in percent points."""
    digits = share.text.strip().rstrip("%％ ")
    decimals = len(digits.partition(".")[2])
    fraction = share.value > 1.5 and digits.startswith("0.")
    places = decimals - 2 if fraction else decimals
    return max(10.0 ** -min(max(places, 0), 2), 0.01) + 1e-6


def whole_of(rows: Sequence[ShareRow]) -> ShareRow | None:
    """The grand total of one split: the total row with the most hours (or credits), None without one."""
    totals = [row for row in rows if row.total and (row.hours or row.credits)]
    return max(totals, key=lambda row: _size(row), default=None)


def _size(row: ShareRow) -> float:
    return (row.hours or row.credits).value if (row.hours or row.credits) else 0.0  # type: ignore[union-attr]


def _mislabelled(plan: Plan, rows: Sequence[ShareRow]) -> Iterator[Finding]:
    """Credits that stand under a head of hours."""
    figures = [(row, row.credits) for row in rows if row.credits and row.credits.locator.cell]
    tables = [table for table in plan.document.tables if table.number == rows[0].table]
    if not figures or not tables:
        return
    column = (figures[0][1].locator.cell or 1) - 1
    top = min(figure.locator.row or 1 for _, figure in figures) - 1
    heads = [cell for row in range(top) if (cell := tables[0].cell_at(row, column)) and cell.text.strip()]
    names = "".join(cell.text for cell in heads)
    if heads and _HOURS.search(names) and "学分" not in names:
        shown = listed([f"{plain(row.label)}{number(figure.value)}" for row, figure in figures], 3)
        what = f"{plan.table_name(rows[0].table)}“{plain(heads[-1].text)}”一栏所写是学分，不是学时：{shown}"
        quotes = (plan.quote_span(heads[-1].start, heads[-1].end), *plan.quotes(*(figure for _, figure in figures)))
        yield Finding("tables", what, "", quotes, ("total_hours", "public_share"))


def _quotients(plan: Plan, rows: Sequence[ShareRow]) -> Iterator[Finding]:
    whole = whole_of(rows)
    shared = [row for row in rows if row.share]
    if whole is None:
        return
    off = [(row, text) for row in shared if (text := _off(row, whole))]
    of_practice = [row for row, _ in off if _practice_share(row)]
    if len(of_practice) > 2 and len(of_practice) > _MOSTLY * len(off):
        yield from _practice_findings(plan, of_practice, [row for row, _ in off if row not in of_practice])
    elif off and len(off) <= max(len(shared) // 2, 1):
        what = f"{plan.table_name(rows[0].table)}所写比例与其数字不符：{listed([shown for _, shown in off])}"
        sources = [source for row, _ in off for source in (row.share, row.hours or row.credits)]
        evidence = plan.quotes(*sources, whole.hours or whole.credits)
        yield Finding("share", what, "；".join(shown for _, shown in off), evidence, _TURNS[1:])


def _off(row: ShareRow, whole: ShareRow) -> str:
    """How a printed share differs from the quotient it should be, "" when it does not or cannot be told."""
    tried = list(_tried(row, whole))
    if not row.share or not tried:
        return ""
    share = row.share
    if any(not differs(value, share.value, tolerance(share)) for value, _ in tried):
        return ""
    return f"{plain(row.label)} {tried[0][1]}={number(tried[0][0])}%≠{number(share.value)}%"


def _practice_share(row: ShareRow) -> bool:
    """Whether a share is that of practice in the row's own hours."""
    if not row.share or not row.practice or not row.hours or not row.hours.value:
        return False
    return not differs(100 * row.practice.value / row.hours.value, row.share.value, 10 * tolerance(row.share))


def _practice_findings(plan: Plan, rows: Sequence[ShareRow], others: Sequence[ShareRow]) -> Iterator[Finding]:
    """That the column tells the practice within each row, and which rows do not even tell that."""
    shown = [text for row in rows if (text := _practice_quotient(row))]
    place = plan.table_name(rows[0].table)
    what = f"{place}标为占总学时比例的各数，其实是各类课程中实践学时占本类学时的比例：{listed(shown, 3)}"
    sources = [source for row in rows for source in (row.share, row.practice, row.hours)]
    yield Finding("share", what, "；".join(shown), plan.quotes(*sources), _TURNS[1:])
    wrong = [row for row in (*rows, *others) if row.share and differs(_of_itself(row), row.share.value, _half(row))]
    if wrong:
        shown = [f"{_practice_quotient(row)}≠{number(row.share.value)}%" for row in wrong if row.share]
        what = f"{place}所写实践学时占本类学时的比例与其数字不符：{listed(shown)}"
        sources = [source for row in wrong for source in (row.share, row.practice, row.hours)]
        yield Finding("share", what, "；".join(shown), plan.quotes(*sources), _TURNS[1:])


def _of_itself(row: ShareRow) -> float:
    """Practice in percent of the row's own hours; the printed share where it cannot be told."""
    if row.practice and row.hours and row.hours.value:
        return 100 * row.practice.value / row.hours.value
    return row.share.value if row.share else 0.0


def _half(row: ShareRow) -> float:
    return 0.51 * tolerance(row.share) + 0.01 if row.share else 0.0


def _practice_quotient(row: ShareRow) -> str:
    if not (row.practice and row.hours and row.hours.value and row.share):
        return ""
    quotient = f"{number(row.practice.value)}÷{number(row.hours.value)}"
    exact = not differs(_of_itself(row), row.share.value, _half(row))
    return f"{plain(row.label)} {quotient}={number(row.share.value if exact else _of_itself(row))}%"


def _tried(row: ShareRow, total: ShareRow) -> Iterator[tuple[float, str]]:
    """Quotients that the printed share can be: of hours or of credits, whichever the table says."""
    for of, part, whole in (("hours", row.hours, total.hours), ("credits", row.credits, total.credits)):
        if part and whole and whole.value and row.share_of in ("", of):
            yield 100 * part.value / whole.value, f"{number(part.value)}÷{number(whole.value)}"


def _sums(plan: Plan, rows: Sequence[ShareRow]) -> Iterator[Finding]:
    """The grand total against its rows; nothing is said where some rows may be parts or sums of others."""
    whole = whole_of(rows)
    parts = [row for row in rows if not row.total]
    if whole is None or len(parts) < 2:
        return
    apart = any(_all_make(parts, whole, amount) for amount in _AMOUNTS)
    for amount in (*_AMOUNTS, "share"):
        figures = [figure for row in parts if (figure := getattr(row, amount))]
        stated: Figure | None = getattr(whole, amount)
        if stated is None or len(figures) < len(parts) - 1 or len(figures) < 2:
            continue
        if amount == "share" and any(_off(row, whole) for row in rows):
            continue
        total = sum(figure.value for figure in figures)
        slack = sum(0.51 * tolerance(figure) for figure in figures) if amount == "share" else 0.011
        if differs(total, stated.value, max(slack, 0.011)) and (apart or not _repeats(figures, stated)):
            arithmetic = f"{'+'.join(number(f.value) for f in figures)}={number(total)}≠{number(stated.value)}"
            unit = "%" if amount == "share" else UNITS[amount]  # type: ignore[index]
            place = plan.table_name(rows[0].table)
            what = f"{place}{plain(whole.label)}写{number(stated.value)}{unit}，各行合计{number(total)}{unit}"
            yield Finding("sum", what, arithmetic, plan.quotes(stated, *figures), _TURNS)


def _all_make(parts: Sequence[ShareRow], whole: ShareRow, amount: Amount) -> bool:
    """Whether all rows, none of them empty but for an amount of 0, make the stated total: none is part of another."""
    stated: Figure | None = getattr(whole, amount)
    figures = [figure for row in parts if (figure := getattr(row, amount))]
    filled = sum(figure.value > 0 for figure in figures) >= len(parts) - 1
    return bool(stated and filled) and not differs(sum(f.value for f in figures), stated.value if stated else 0.0)


def _repeats(figures: Sequence[Figure], stated: Figure) -> bool:
    """Whether some rows look like parts or sums of others: leaving a stretch of rows out gives the stated total."""
    values = [figure.value for figure in figures]
    for start in range(len(values)):
        for end in range(start + 1, len(values) + 1):
            if not differs(sum(values[:start]) + sum(values[end:]), stated.value):
                return True
    return sum(values) >= 1.8 * stated.value
