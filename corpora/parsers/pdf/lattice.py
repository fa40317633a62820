"""Ruled tables: from horizontal and vertical lines to a grid of cells with spans.

Lines that touch form one table. The grid's boxes are joined over borders that are missing, so merged cells, open outer
borders and lines drawn in pieces come out right.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpora.parsers.pdf.content import Edge

_SNAP = 2.0
_GAP = 3.0
_TOUCH = 2.6
_SHORTEST = 5.0
_BORDER_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell's origin and spans in the grid, from 0."""

    row: int
    column: int
    row_span: int
    column_span: int


@dataclass(frozen=True, slots=True)
class Grid:
    """A ruled table: the positions of its column and row borders (ascending) and its cells."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[GridCell, ...]

    @property
    def box(self) -> tuple[float, float, float, float]:
        """x0, y0, x1, y1."""
        return self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]

    def place(self, x: float, y: float) -> tuple[int, int] | None:
        """Row and column of the grid box at a point, None outside the table."""
        x0, y0, x1, y1 = self.box
        if not (x0 - _SNAP <= x <= x1 + _SNAP and y0 - _SNAP <= y <= y1 + _SNAP):
            return None
        column = min(max(bisect_right(self.xs, x) - 1, 0), len(self.xs) - 2)
        return min(max(bisect_right(self.ys, y) - 1, 0), len(self.ys) - 2), column


def find_grids(edges: Iterable[Edge]) -> list[Grid]:
    """All ruled tables of a page with at least two cells, top down."""
    merged = merge_edges(edges)
    grids = [grid for group in _touching(merged) if (grid := _grid(group)) is not None]
    return sorted(grids, key=lambda grid: (grid.ys[0], grid.xs[0]))


def merge_edges(edges: Iterable[Edge]) -> list[Edge]:
    """Lines drawn in pieces or twice as one line each; scraps are dropped."""
    result: list[Edge] = []
    for vertical in (False, True):
        mine = sorted((e for e in edges if e.vertical is vertical), key=lambda e: e.position)
        for cluster in _clusters(mine):
            position = sum(e.position for e in cluster) / len(cluster)
            result += [
                Edge(vertical, position, start, end)
                for start, end in _intervals((e.start, e.end) for e in cluster)
                if end - start >= _SHORTEST
            ]
    return result


def _clusters(edges: Sequence[Edge]) -> list[list[Edge]]:
    clusters: list[list[Edge]] = []
    for edge in edges:
        if clusters and edge.position - clusters[-1][-1].position <= _SNAP:
            clusters[-1].append(edge)
        else:
            clusters.append([edge])
    return clusters


def _intervals(parts: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    joined: list[tuple[float, float]] = []
    for start, end in sorted(parts):
        if joined and start - joined[-1][1] <= _GAP:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _touching(edges: Sequence[Edge]) -> list[list[Edge]]:
    """Groups of lines connected by crossings."""
    parent = list(range(len(edges)))

    def root(item: int) -> int:
        while parent[item] != item:
            parent[item] = parent[parent[item]]
            item = parent[item]
        return item

    across = [i for i, e in enumerate(edges) if not e.vertical]
    upright = [i for i, e in enumerate(edges) if e.vertical]
    for i in across:
        for j in upright:
            if _cross(edges[i], edges[j]):
                parent[root(i)] = root(j)
    groups: dict[int, list[Edge]] = {}
    for i, edge in enumerate(edges):
        groups.setdefault(root(i), []).append(edge)
    return list(groups.values())


def _cross(across: Edge, upright: Edge) -> bool:
    return (
        upright.start - _TOUCH <= across.position <= upright.end + _TOUCH
        and across.start - _TOUCH <= upright.position <= across.end + _TOUCH
    )


def _grid(edges: Sequence[Edge]) -> Grid | None:
    across, upright = [e for e in edges if not e.vertical], [e for e in edges if e.vertical]
    if not across or not upright:
        return None
    xs = _borders([e.position for e in upright], [v for e in across for v in (e.start, e.end)])
    ys = _borders([e.position for e in across], [v for e in upright for v in (e.start, e.end)])
    if len(xs) < 2 or len(ys) < 2 or len(xs) + len(ys) < 5:
        return None
    cells = _cells(xs, ys, across, upright)
    return Grid(tuple(xs), tuple(ys), tuple(cells)) if len(cells) > 1 else None


def _borders(lines: Sequence[float], ends: Sequence[float]) -> list[float]:
    """Positions of the borders: the lines, and the outermost ends of the crossing lines where a side is open."""
    borders: list[float] = []
    for position in sorted([*lines, min(ends), max(ends)]):
        if not borders or position - borders[-1] > _TOUCH:
            borders.append(position)
    return borders


def _cells(xs: Sequence[float], ys: Sequence[float], across: Sequence[Edge], upright: Sequence[Edge]) -> list[GridCell]:
    rows, columns = len(ys) - 1, len(xs) - 1
    walls, floors = _covered(upright, xs, ys), _covered(across, ys, xs)
    owner = {(r, c): (r, c) for r in range(rows) for c in range(columns)}

    def root(box: tuple[int, int]) -> tuple[int, int]:
        while owner[box] != box:
            box = owner[box]
        return box

    for r in range(rows):
        for c in range(columns):
            if c + 1 < columns and (c + 1, r) not in walls:
                owner[root((r, c + 1))] = root((r, c))
            if r + 1 < rows and (r + 1, c) not in floors:
                owner[root((r + 1, c))] = root((r, c))
    groups: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for box in owner:
        groups.setdefault(root(box), []).append(box)
    return sorted((cell for boxes in groups.values() for cell in _rectangles(boxes)), key=lambda c: (c.row, c.column))


def _covered(edges: Sequence[Edge], positions: Sequence[float], stops: Sequence[float]) -> set[tuple[int, int]]:
    """(border, step) pairs over which a line runs for at least half of the step."""
    found: dict[tuple[int, int], float] = {}
    for edge in edges:
        border = min(range(len(positions)), key=lambda i: abs(positions[i] - edge.position))
        for step in range(len(stops) - 1):
            overlap = min(edge.end, stops[step + 1]) - max(edge.start, stops[step])
            if overlap > 0:
                found[border, step] = found.get((border, step), 0.0) + overlap
    return {key for key, length in found.items() if length >= _BORDER_SHARE * (stops[key[1] + 1] - stops[key[1]])}


def _rectangles(boxes: Sequence[tuple[int, int]]) -> list[GridCell]:
    """A group of joined boxes as one cell, or as several when it is no rectangle."""
    rows, columns = [r for r, _ in boxes], [c for _, c in boxes]
    height, width = max(rows) - min(rows) + 1, max(columns) - min(columns) + 1
    if height * width == len(boxes):
        return [GridCell(min(rows), min(columns), height, width)]
    runs: list[tuple[int, int, int]] = []
    for row, column in sorted(boxes):
        if runs and runs[-1][0] == row and runs[-1][2] == column:
            runs[-1] = (row, runs[-1][1], column + 1)
        else:
            runs.append((row, column, column + 1))
    cells: dict[tuple[int, int], GridCell] = {}
    done: list[GridCell] = []
    for row, start, stop in runs:
        above = cells.get((start, stop))
        if above and above.row + above.row_span == row:
            cells[start, stop] = GridCell(above.row, start, above.row_span + 1, stop - start)
        else:
            if above:
                done.append(above)
            cells[start, stop] = GridCell(row, start, 1, stop - start)
    return [*done, *cells.values()]
