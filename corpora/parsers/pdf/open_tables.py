"""Tables without vertical rules (三线表): rules above and below the header, columns told by the gaps between texts."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from statistics import median

from corpora.document_builder import CellSpec
from corpora.parsers.cleaning import join_lines, one_line, tight
from corpora.parsers.pdf.content import Edge
from corpora.parsers.pdf.lines import Run, join_runs, rows_of
from corpora.parsers.pdf.tables import PageTable

_SAME_RULE = 6.0
_MIN_RULE = 8.0
_MAX_HEADER_ROWS = 3
_COLUMN_GAP = 0.5

_Row = list[Run]


def find_open_tables(rules: Sequence[Edge], runs: Sequence[Run], page: int) -> list[PageTable]:
    """The tables of a page that only horizontal rules mark, top down.

    Parameters
    ----------
    rules : horizontal lines that belong to no grid.
    runs : the page's runs outside grids.
    """
    if len(rules) < 2 or not runs:
        return []
    letter = median(run.size for run in runs)
    long_rules = sorted((r for r in rules if r.end - r.start >= _MIN_RULE * letter), key=lambda r: r.position)
    tables: list[PageTable] = []
    used = -1
    for position in range(len(long_rules) - 1):
        top, below = long_rules[position], long_rules[position + 1]
        if position > used and _alike(top, below):
            found = _table(long_rules, position, runs, letter, page)
            if found:
                tables.append(found[0])
                used = found[1]
    return tables


def _alike(first: Edge, second: Edge) -> bool:
    return abs(first.start - second.start) <= _SAME_RULE and abs(first.end - second.end) <= _SAME_RULE


def _rows_between(runs: Sequence[Run], rule: Edge, top: float, bottom: float) -> list[_Row]:
    inside = [r for r in runs if top <= r.middle <= bottom and rule.start - 4 <= (r.x0 + r.x1) / 2 <= rule.end + 4]
    return rows_of(inside)


def _table(
    rules: Sequence[Edge], position: int, runs: Sequence[Run], letter: float, page: int
) -> tuple[PageTable, int] | None:
    top, under = rules[position], rules[position + 1]
    header = _rows_between(runs, top, top.position, under.position)
    if not 1 <= len(header) <= _MAX_HEADER_ROWS or max(len(_parts(row, letter)) for row in header) < 2:
        return None
    last = position + 2 if position + 2 < len(rules) and _alike(top, rules[position + 2]) else None
    bottom = rules[last].position if last is not None else float("inf")
    between = _rows_between(runs, top, under.position, bottom)
    body, borders = _body(header, between, letter)
    if len(body) < len(between):
        last = None
    if not body or len(borders) < (3 if last is None else 2):
        return None
    return _built(header, body, borders, top, page), last if last is not None else position + 1


def _body(header: list[_Row], rows: list[_Row], letter: float) -> tuple[list[_Row], list[float]]:
    """The rows that stand in the columns, up to the first that does not, and the columns' borders."""
    columnar = [row for row in rows if len(_parts(row, letter)) >= 2]
    first_gap = next((i for i, row in enumerate(rows) if len(_parts(row, letter)) < 2), len(rows))
    borders = _borders([*header, *(rows[:first_gap] or columnar)], letter)
    body: list[_Row] = []
    for row in rows:
        parts = _parts(row, letter)
        if len(parts) < 2 and any(parts[0][0].x0 < border < parts[0][-1].x1 for border in borders[1:]):
            break
        body.append(row)
    while body and len(_parts(body[-1], letter)) < 2 and body[-1][0].x0 < borders[min(1, len(borders) - 1)]:
        body.pop()
    return body, _borders([*header, *body], letter)


def _parts(row: _Row, room: float) -> list[_Row]:
    """A row cut where more than ``room`` points lie between its runs."""
    parts: list[_Row] = []
    for run in row:
        if parts and run.x0 - parts[-1][-1].x1 <= room:
            parts[-1].append(run)
        else:
            parts.append([run])
    return parts


def _borders(rows: Sequence[_Row], letter: float) -> list[float]:
    """Where each column begins: behind every gap that no row's text crosses."""
    spans = sorted((part[0].x0, part[-1].x1) for row in rows for part in _parts(row, _COLUMN_GAP * letter))
    starts, reach = [spans[0][0]], spans[0][1]
    for start, end in spans[1:]:
        if start - reach > _COLUMN_GAP * letter:
            starts.append((start + reach) / 2)
        reach = max(reach, end)
    return starts


def _built(header: list[_Row], body: list[_Row], borders: list[float], rule: Edge, page: int) -> PageTable:
    grid: list[list[str]] = []
    for index, row in enumerate([*header, *body]):
        texts = _texts(row, borders)
        if index > len(header) and not texts[0] and sum(map(bool, texts)) * 2 <= len(texts):
            grid[-1] = [join_lines(above, text) for above, text in zip(grid[-1], texts, strict=True)]
        else:
            grid.append(texts)
    cells = tuple(CellSpec(text, r, c) for r, texts in enumerate(grid) for c, text in enumerate(texts))
    end = max(run.y1 for run in (body or header)[-1])
    xs = (*(x - rule.start for x in borders), rule.end - rule.start)
    box = (rule.start, rule.position, rule.end, end)
    return PageTable(page, box, (0.0, *xs[1:]), cells, (page,) * len(grid), len(header))


def _texts(row: _Row, borders: Sequence[float]) -> list[str]:
    held: list[_Row] = [[] for _ in borders]
    for run in row:
        held[max(bisect_right(borders, (run.x0 + run.x1) / 2) - 1, 0)].append(run)
    return [tight(one_line(join_runs(runs))) if runs else "" for runs in held]
