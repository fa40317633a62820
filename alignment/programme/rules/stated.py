"""Hours and shares of a block as the plan prints them: in its text, in its share table."""

from __future__ import annotations

from dataclasses import dataclass

from alignment.model import Evidence
from alignment.programme.ledger import Ledger, is_norm
from alignment.programme.tally import cell_evidence, plain
from corpora.programme.model import Category, FactKind, Figure, ShareRow


@dataclass(frozen=True)
class StatedShare:
    """Hours or a share that the plan prints for the block."""

    hours: float | None
    share: float | None
    figure: Figure
    where: str


def stated_shares(ledger: Ledger, hours: FactKind, percent: FactKind, category: Category | None) -> list[StatedShare]:
    """What the plan prints: facts first, then the sum over a share table, then its single rows."""
    facts = [f for f in ledger.programme.facts_of(hours, percent) if not is_norm(f) and f.operator in ("=", "~")]
    found = [_fact_stated(f.kind == hours, f.figure, "附件" if f.annex else "正文") for f in facts]
    rows = [row for row in ledger.programme.shares if _is_of(row, category)]
    summed = [(row.hours, row.share) for row in rows]
    if len(rows) > 1 and len({row.table for row in rows}) == 1:
        whole_hours = sum(h.value for h, _ in summed if h) if all(h for h, _ in summed) else None
        whole_share = sum(s.value for _, s in summed if s) if all(s for _, s in summed) else None
        figure = rows[0].hours or rows[0].share
        if figure and (whole_hours or whole_share):
            labels = "＋".join(row.label for row in rows)
            found.append(StatedShare(whole_hours, whole_share, figure, f"统计表“{labels}”"))
    elif len(rows) == 1 and (figure := rows[0].share or rows[0].hours):
        hours_figure, share_figure = rows[0].hours, rows[0].share
        found.append(
            StatedShare(
                hours_figure.value if hours_figure else None,
                share_figure.value if share_figure else None,
                figure,
                f"统计表“{rows[0].label}”",
            )
        )
    return found


def _fact_stated(in_hours: bool, figure: Figure, where: str) -> StatedShare:
    return StatedShare(figure.value if in_hours else None, None if in_hours else figure.value, figure, where)


def _is_of(row: ShareRow, category: Category | None) -> bool:
    if row.total or (category == "practice"):
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
