"""Reading order: splits a page's runs into columns, so that a two-column page reads left column first."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from statistics import median

from corpora.parsers.pdf.lines import Line, Run, line_of, rows_of

_MIN_ROWS = 4
_MIN_LETTERS = 12.0
_FULL_SHARE = 0.5
_START, _END = 3.0, 1.6
_STEPS = 40
_GUTTER = 0.8


@dataclass(frozen=True, slots=True)
class Region:
    """Runs that read straight down, with the left and right margin of their column."""

    runs: tuple[Run, ...]
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class _Band:
    """A stretch of a page, top down: two columns parted at ``gutter``, or one when that is None."""

    runs: tuple[Run, ...]
    gutter: float | None


def lines_in_order(runs: Sequence[Run], page: int, left: float, right: float) -> list[Line]:
    """All lines of a page or of a part of it, in reading order; ``left`` and ``right`` are the page's text margins."""
    return [
        line_of(row, page, region.left, region.right)
        for region in regions(runs, left, right)
        for row in rows_of(region.runs)
    ]


def regions(runs: Sequence[Run], left: float, right: float) -> list[Region]:
    """The parts of a page in reading order; a column is split again where it holds columns itself."""
    gutter = _best_gutter(runs, left, right) if runs else None
    if gutter is None:
        return [Region(tuple(runs), left, right)] if runs else []
    ordered: list[Region] = []
    for band in _bands(_downward(runs), gutter):
        if band.gutter is None:
            ordered.append(Region(band.runs, left, right))
            continue
        for side in _sides(band.runs, band.gutter):
            ordered += regions(side, min(r.x0 for r in side), max(r.x1 for r in side))
    return ordered


def _best_gutter(runs: Sequence[Run], left: float, right: float) -> float | None:
    """The x that parts most runs into two columns of running text, None when there is no such x."""
    letter = median(run.size for run in runs)
    if right - left < 2 * _MIN_LETTERS * letter or len(runs) < 2 * _MIN_ROWS:
        return None
    best, most, stretch = None, 0, [0.0, 0.0]
    downward = _downward(runs)
    for step in range(1, _STEPS):
        x = left + (right - left) * step / _STEPS
        parted = sum(len(band.runs) for band in _bands(downward, x) if band.gutter is not None)
        if parted > most:
            best, most, stretch = x, parted, [x, x]
        elif best is not None and parted == most and abs(x - stretch[1]) < 2 * (right - left) / _STEPS:
            stretch[1] = x
    return None if best is None else (stretch[0] + stretch[1]) / 2


def _downward(runs: Sequence[Run]) -> list[tuple[float, Run]]:
    """Runs with their middles, top down."""
    return sorted(((run.middle, run) for run in runs), key=itemgetter(0))


def _bands(downward: Sequence[tuple[float, Run]], x: float) -> list[_Band]:
    bands: list[_Band] = []
    pending: list[Run] = []
    single: list[Run] = []

    def close() -> None:
        nonlocal pending, single
        if pending and _are_columns(pending, x):
            if single:
                bands.append(_Band(tuple(single), None))
            bands.append(_Band(tuple(pending), x))
            single = []
        else:
            single += pending
        pending = []

    crossed = _stretches([run for _, run in downward if run.x0 < x - _GUTTER < x + _GUTTER < run.x1])
    starts = [start for start, _ in crossed]
    for middle, run in downward:
        at = bisect_left(starts, middle) - 1  # the last stretch that begins above
        if at >= 0 and middle < crossed[at][1]:
            close()
            single.append(run)
        else:
            pending.append(run)
    close()
    return [*bands, _Band(tuple(single), None)] if single else bands


def _stretches(runs: Sequence[Run]) -> list[tuple[float, float]]:
    """Where runs stand, from the top down: open stretches that do not overlap."""
    found: list[tuple[float, float]] = []
    for start, end in sorted((run.y0, run.y1) for run in runs if run.y0 < run.y1):
        if found and start < found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return found


def _sides(runs: Sequence[Run], x: float) -> tuple[list[Run], list[Run]]:
    return [r for r in runs if (r.x0 + r.x1) / 2 < x], [r for r in runs if (r.x0 + r.x1) / 2 >= x]


def _are_columns(runs: Sequence[Run], x: float) -> bool:
    return all(_is_running_text(side) for side in _sides(runs, x))


def _is_running_text(runs: Sequence[Run]) -> bool:
    """Whether at least four rows stand there and half of them fill the width, of twelve letters or more."""
    if len(runs) < _MIN_ROWS:
        return False
    letter = median(run.size for run in runs)
    rows = [(row[0].x0, max(run.x1 for run in row)) for row in rows_of(runs)]
    left, ends = min(start for start, _ in rows), sorted(end for _, end in rows)
    right = ends[len(ends) * 3 // 4]
    if len(rows) < _MIN_ROWS or right - left < _MIN_LETTERS * letter:
        return False
    full = sum(start <= left + _START * letter and end >= right - _END * letter for start, end in rows)
    return full >= _FULL_SHARE * len(rows)
