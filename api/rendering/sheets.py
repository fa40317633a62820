"""Sheets of a workbook as data: a title, columns with their widths, rows of typed values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Value = str | int | float | None
Line = Sequence[Value]
Columns = Sequence[tuple[str, int]]


@dataclass(frozen=True)
class Sheet:
    """One sheet.

    Parameters
    ----------
    title : its name.
    columns : name and width of each column.
    lines : its rows.
    freeze : the first cell that scrolls.
    shares : numbers of columns, from 0, whose values 0..1 are shown in per cent.
    """

    title: str
    columns: Columns
    lines: tuple[Line, ...]
    freeze: str = "A2"
    shares: frozenset[int] = frozenset()
