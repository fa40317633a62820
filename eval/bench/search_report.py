"""Rows of a race as a table, as panels, and as times to compare."""

from __future__ import annotations

from collections.abc import Sequence

from eval.bench.race import Row
from eval.bench.report import Bar, Panel

HEADS = (
    "数据",
    "行数",
    "批量",
    "目标",
    "方法",
    "设置",
    "毫秒/批",
    "最小",
    "最大",
    "次/秒",
    "召回率",
    "建立秒",
    "字节/向量",
)


def cells(row: Row) -> tuple[str, ...]:
    """One row of the table."""
    wanted = "精确" if row.wanted is None and not row.note else f"{row.wanted:.2f}" if row.wanted else "-"
    head = (row.data, f"{row.rows:,}", str(row.batch or "-"), wanted, row.method, row.note or row.setting or "-")
    recall = "-" if row.recall is None else f"{row.recall:.3f}"
    build = "-" if row.build is None else f"{row.build:.1f}"
    size = "-" if row.bytes_per_vector is None else f"{row.bytes_per_vector:.0f}"
    if row.seconds is None:
        return (*head, "-", "-", "-", "-", recall, build, size)
    times = (f"{1e3 * value:.3f}" for value in (row.seconds.median, row.seconds.low, row.seconds.high))
    return (*head, *times, f"{row.rate:,.0f}", recall, build, size)


def panels(rows: Sequence[Row], top: int) -> tuple[Panel, ...]:
    """One panel for each size, batch and target of recall; exact methods stand in every one of their batch."""
    keys = dict.fromkeys((row.data, row.rows, row.batch, row.wanted) for row in rows if row.seconds)
    wanted = {key[3] for key in keys} - {None}
    found = []
    for data, size, batch, target in keys:
        if target is None and wanted:
            continue
        chosen = [r for r in rows if r.seconds and (r.data, r.rows, r.batch) == (data, size, batch)]
        bars = [_bar(r) for r in chosen if r.wanted in (None, target)]
        recall = f"，召回率 ≥ {target}" if target else ""
        found.append(Panel(f"{data}，{size:,} 行，批量 {batch}{recall}，前 {top}", "次/秒", tuple(bars)))
    return tuple(found)


def _bar(row: Row) -> Bar:
    assert row.seconds is not None
    low, high = (row.batch / value for value in (row.seconds.high, row.seconds.low))
    return Bar(row.method, row.rate or 0.0, low, high, row.ours)


def seconds(rows: Sequence[Row], method: str) -> float | None:
    """The shortest median of a method among the rows; None where it was not measured."""
    return min((row.seconds.median for row in rows if row.seconds and row.method == method), default=None)
