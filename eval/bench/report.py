"""What a benchmark says, all from the same numbers: a table, verdicts on its targets, JSON, the panels of a plot."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from eval.bench.environment import Environment
from eval.bench.text import table


@dataclass(frozen=True)
class Verdict:
    """A target and what was measured.

    Parameters
    ----------
    target : what is asked, in Chinese.
    wanted : at least so much.
    measured : None where it was not measured.
    unit : after the numbers.
    gated : whether it must be reached; others are reported only.
    """

    target: str
    wanted: float
    measured: float | None
    unit: str = " 倍"
    gated: bool = True

    @property
    def reached(self) -> bool | None:
        """Whether the target was reached; None where nothing was measured."""
        return None if self.measured is None else self.measured >= self.wanted

    def line(self) -> str:
        """For people."""
        found = "未测" if self.measured is None else f"{self.measured:.2f}{self.unit}"
        result = {None: "无法判断", True: "达到", False: "未达到"}[self.reached]
        return f"目标 {self.target} ≥ {self.wanted:g}{self.unit}　实测 {found}　{result}"


@dataclass(frozen=True)
class Bar:
    """One bar of a panel: value, with the lowest and highest of the rounds."""

    label: str
    value: float
    low: float
    high: float
    ours: bool = False


@dataclass(frozen=True)
class Panel:
    """Bars side by side under a title; ``unit`` names the axis."""

    title: str
    unit: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Report:
    """A benchmark's results.

    Parameters
    ----------
    name : of the benchmark.
    title : one line.
    notes : lines on what was measured and how.
    environment : what it ran on.
    heads, cells : the table.
    records : the same rows as plain values.
    verdicts : on the targets.
    remarks : lines under the table, computed from the rows.
    panels : of the plot.
    settings : plain values that the run was asked with.
    """

    name: str
    title: str
    notes: tuple[str, ...]
    environment: Environment
    heads: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    records: tuple[dict[str, Any], ...]
    verdicts: tuple[Verdict, ...] = ()
    remarks: tuple[str, ...] = ()
    panels: tuple[Panel, ...] = ()
    settings: dict[str, Any] = field(default_factory=dict)

    def to_text(self) -> str:
        """A table for people, the verdicts below it."""
        head = [self.title, *self.notes, *self.environment.lines(), ""]
        lines = [*head, table(self.heads, self.cells)] if self.cells else [*head, "（没有一种方法可测）"]
        if self.remarks:
            lines += ["", *self.remarks]
        if self.verdicts:
            lines += ["", *(verdict.line() for verdict in self.verdicts)]
        return "\n".join(lines)

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "title": self.title,
            "settings": self.settings,
            "environment": self.environment.to_json(),
            "rows": list(self.records),
            "verdicts": [{**asdict(verdict), "reached": verdict.reached} for verdict in self.verdicts],
            "remarks": list(self.remarks),
        }


def ratio(slower: float | None, faster: float | None) -> float | None:
    """How many times as long the slower takes; None where either is missing."""
    return slower / faster if slower is not None and faster else None
