"""Ruled lines of a PDF page: path objects, those inside forms too, as horizontal and vertical edges."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

from corpora.parsers.pdf.content import Edge

_PATH, _IMAGE, _FORM = 2, 3, 5
_FORM_DEPTH = 4
_MOVE = 2
_THIN = 2.6
_WHITE = 248
_MAX_PATHS = 60_000

Matrix = tuple[float, float, float, float, float, float]
Point = tuple[float, float]
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class PathReader:
    """Walks the objects of one page.

    Parameters
    ----------
    raw : pdfium's functions, handed in by the engine.
    page : pdfium's handle of the page.
    box : left, bottom, width and height of the page's crop box, in points.

    ``pictured`` is, after ``edges``, the part of the page that its largest picture covers, in 0..1.
    """

    def __init__(self, raw: Any, page: Any, box: tuple[float, float, float, float]) -> None:
        self._raw, self._page = raw, page
        self._left, self._bottom, self._width, self._height = box
        self._paths, self.pictured = 0, 0.0

    def edges(self, turn: Callable[[float, float], Point]) -> Iterator[Edge]:
        """All ruled lines; ``turn`` maps the page's own axes to those of reading."""
        raw = self._raw
        for index in range(raw.FPDFPage_CountObjects(self._page)):
            yield from self._object_edges(raw.FPDFPage_GetObject(self._page, index), _IDENTITY, turn, 0)

    def _object_edges(self, item: Any, outer: Matrix, turn: Any, depth: int) -> Iterator[Edge]:
        raw = self._raw
        kind = raw.FPDFPageObj_GetType(item)
        if kind == _FORM and depth < _FORM_DEPTH:
            inner = _product(self._matrix(item), outer)
            for index in range(raw.FPDFFormObj_CountObjects(item)):
                yield from self._object_edges(raw.FPDFFormObj_GetObject(item, index), inner, turn, depth + 1)
        elif kind == _IMAGE:
            self._measure(item)
        elif kind == _PATH and self._paths < _MAX_PATHS:
            self._paths += 1
            fill, stroke = ctypes.c_int(), ctypes.c_int()
            raw.FPDFPath_GetDrawMode(item, fill, stroke)
            stroked = bool(stroke.value) and self._visible(item, raw.FPDFPageObj_GetStrokeColor)
            if stroked or (fill.value and self._visible(item, raw.FPDFPageObj_GetFillColor)):
                for points in self._subpaths(item, _product(self._matrix(item), outer)):
                    yield from _edges_of([turn(x, y) for x, y in points], stroked)

    def _measure(self, picture: Any) -> None:
        sides = [ctypes.c_float() for _ in range(4)]
        if self._raw.FPDFPageObj_GetBounds(picture, *sides):
            left, bottom, right, top = (side.value for side in sides)
            share = (right - left) * (top - bottom) / max(self._width * self._height, 1.0)
            self.pictured = max(self.pictured, min(share, 1.0))

    def _visible(self, item: Any, color_of: Any) -> bool:
        red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
        if not color_of(item, red, green, blue, alpha):
            return True
        return alpha.value > 0 and min(red.value, green.value, blue.value) < _WHITE

    def _matrix(self, item: Any) -> Matrix:
        matrix = self._raw.FS_MATRIX()
        if not self._raw.FPDFPageObj_GetMatrix(item, matrix):
            return _IDENTITY
        return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f

    def _subpaths(self, item: Any, matrix: Matrix) -> Iterator[list[Point]]:
        raw, points = self._raw, list[Point]()
        x, y = ctypes.c_float(), ctypes.c_float()
        for index in range(raw.FPDFPath_CountSegments(item)):
            segment = raw.FPDFPath_GetPathSegment(item, index)
            if raw.FPDFPathSegment_GetType(segment) == _MOVE and points:
                yield points
                points = []
            raw.FPDFPathSegment_GetPoint(segment, x, y)
            points.append(self._on_page(x.value, y.value, matrix))
            if raw.FPDFPathSegment_GetClose(segment):
                points.append(points[0])
        if points:
            yield points

    def _on_page(self, x: float, y: float, matrix: Matrix) -> Point:
        a, b, c, d, e, f = matrix
        return a * x + c * y + e - self._left, b * x + d * y + f - self._bottom


def _product(first: Matrix, second: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def _edges_of(points: list[Point], stroked: bool) -> Iterator[Edge]:
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    width, height = max(xs) - min(xs), max(ys) - min(ys)
    if height <= _THIN or width <= _THIN:
        if max(width, height) > 0.2:
            vertical = height > width
            middle = (min(xs) + max(xs)) / 2 if vertical else (min(ys) + max(ys)) / 2
            yield Edge(vertical, middle, min(ys if vertical else xs), max(ys if vertical else xs))
    elif stroked:
        for (x0, y0), (x1, y1) in pairwise(points):
            if abs(x0 - x1) < 0.5 < abs(y0 - y1):
                yield Edge(True, (x0 + x1) / 2, min(y0, y1), max(y0, y1))
            elif abs(y0 - y1) < 0.5 < abs(x0 - x1):
                yield Edge(False, (y0 + y1) / 2, min(x0, x1), max(x0, x1))
