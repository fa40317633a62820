"""What the records of a metafile draw: runs of characters and ruled lines, in one coordinate system.

EMF and WMF are lists of GDI calls. Only what tells text and tables is kept: strings with their places, straight lines,
thin filled boxes (spreadsheet programs draw their rules so) and outlines of boxes. Slanted lines, colours and clipping
are left out; what is drawn in white is not seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from math import cos, hypot, radians, sin
from statistics import median

from corpora.parsers.pdf.content import Char, Edge, PageContent

Point = tuple[float, float]
Affine = tuple[float, float, float, float, float, float]

IDENTITY: Affine = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
WHITE = 0xFFFFFF
_UPDATE_POSITION, _RIGHT, _CENTRE, _BASELINE, _BOTTOM = 1, 2, 6, 24, 8
_TEXT_MODE, _FREE_MODES = 1, (7, 8)
_ASCENT = 0.86
_LETTER = 10.0
_THIN = 0.3
_SLANT = 0.02
_MOST_CHARS, _MOST_EDGES = 100_000, 20_000


@dataclass(frozen=True, slots=True)
class Font:
    """A font: height of its letters in logical units, direction of its lines in degrees, whether it is bold."""

    size: float = 12.0
    angle: float = 0.0
    bold: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """What ``SaveDC`` saves. ``pen`` and ``brush`` tell whether what they draw can be seen."""

    world: Affine = IDENTITY
    mode: int = _TEXT_MODE
    window_origin: Point = (0.0, 0.0)
    window_extent: Point = (1.0, 1.0)
    viewport_origin: Point = (0.0, 0.0)
    viewport_extent: Point = (1.0, 1.0)
    font: Font = field(default_factory=Font)
    pen: bool = True
    brush: bool = False
    align: int = 0
    at: Point = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class TextRun:
    """A string as drawn, in device units: begin of its baseline, direction, letters with where each begins and ends."""

    origin: Point
    direction: Point
    letters: tuple[tuple[str, float, float], ...]
    size: float
    bold: bool


class Canvas:
    """Collects what the calls draw."""

    def __init__(self) -> None:
        self.state = State()
        self._saved: list[State] = []
        self._runs: list[TextRun] = []
        self._lines: list[tuple[Point, Point]] = []
        self._boxes: list[tuple[Point, Point]] = []
        self._path: list[list[Point]] | None = None
        self._letters = 0

    def set(self, **changes: object) -> None:
        """Change the state."""
        self.state = replace(self.state, **changes)  # type: ignore[arg-type]

    def save(self) -> None:
        """Keep the state."""
        self._saved.append(self.state)

    def restore(self, which: int) -> None:
        """Go back to a kept state: -1 for the last one, a positive number for that one counted from 1."""
        keep = len(self._saved) + which if which < 0 else which - 1
        if 0 <= keep < len(self._saved):
            self.state = self._saved[keep]
            del self._saved[keep:]

    def transform(self, matrix: Affine, mode: int) -> None:
        """``ModifyWorldTransform``: 1 reset, 2 multiply from the left, 3 from the right, 4 set."""
        world = self.state.world
        made = {1: IDENTITY, 2: _times(matrix, world), 3: _times(world, matrix), 4: matrix}.get(mode, world)
        self.set(world=made)

    def point(self, x: float, y: float) -> Point:
        """A logical point in device units."""
        a, b, c, d, e, f = self.state.world
        return self._page(a * x + c * y + e, b * x + d * y + f)

    def _page(self, x: float, y: float) -> Point:
        state, (sx, sy) = self.state, self._scale()
        (wx, wy), (vx, vy) = state.window_origin, state.viewport_origin
        return (x - wx) * sx + vx, (y - wy) * sy + vy

    def _scale(self) -> Point:
        state = self.state
        if state.mode in _FREE_MODES:
            (wx, wy), (vx, vy) = state.window_extent, state.viewport_extent
            return vx / (wx or 1.0), vy / (wy or 1.0)
        return (1.0, 1.0) if state.mode == _TEXT_MODE else (1.0, -1.0)

    def _vector(self, x: float, y: float) -> Point:
        a, b, c, d, _, _ = self.state.world
        sx, sy = self._scale()
        return (a * x + c * y) * sx, (b * x + d * y) * sy

    def move(self, x: float, y: float) -> None:
        """Set the place that the next line begins at."""
        self.set(at=(x, y))
        if self._path is not None:
            self._path.append([self.point(x, y)])

    def line_to(self, x: float, y: float) -> None:
        """A line from the current place."""
        begin, end = self.point(*self.state.at), self.point(x, y)
        self.set(at=(x, y))
        if self._path is None:
            self._stroke([begin, end])
            return
        if not self._path:
            self._path.append([begin])
        self._path[-1].append(end)

    def polyline(self, points: Sequence[Point], closed: bool = False) -> None:
        """A line through points; a closed one is filled too."""
        drawn = [self.point(*p) for p in points]
        if closed and drawn:
            drawn.append(drawn[0])
        if self._path is not None:
            self._path.append(drawn)
            return
        self._stroke(drawn)
        if closed:
            self._fill(drawn)

    def box(self, x0: float, y0: float, x1: float, y1: float, outlined: bool = True) -> None:
        """A rectangle, filled, and outlined with the pen."""
        corners = [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
        drawn = [self.point(*c) for c in (*corners, corners[0])]
        if self._path is not None:
            self._path.append(drawn)
            return
        if outlined:
            self._stroke(drawn)
        self._fill(drawn)

    def begin_path(self) -> None:
        """What follows is collected, not drawn."""
        self._path = []

    def end_path(self, stroke: bool, fill: bool) -> None:
        """Draw the collected path."""
        for figure in self._path or []:
            if stroke:
                self._stroke(figure)
            if fill:
                self._fill(figure)
        self._path = None

    def close_figure(self) -> None:
        """Close the path's last figure."""
        if self._path and self._path[-1]:
            self._path[-1].append(self._path[-1][0])

    def _stroke(self, points: Sequence[Point]) -> None:
        if self.state.pen and len(self._lines) < _MOST_EDGES:
            self._lines += pairwise(points)

    def _fill(self, points: Sequence[Point]) -> None:
        if self.state.brush and 4 <= len(points) <= 5 and len(self._boxes) < _MOST_EDGES:
            xs, ys = [x for x, _ in points], [y for _, y in points]
            self._boxes.append(((min(xs), min(ys)), (max(xs), max(ys))))

    def text(self, x: float, y: float, text: str, advances: Sequence[float]) -> None:
        """A string at a reference point; ``advances`` are the letters' widths in logical units (guessed if missing)."""
        font, align = self.state.font, self.state.align
        if align & _UPDATE_POSITION:
            x, y = self.state.at
        widths = list(advances) if len(advances) == len(text) else [_guess(c) * font.size for c in text]
        turn = radians(font.angle)
        along, down = (cos(turn), -sin(turn)), (sin(turn), cos(turn))
        length = sum(widths)
        if align & _UPDATE_POSITION:
            self.set(at=(x + along[0] * length, y + along[1] * length))
        back = length if align & _CENTRE == _RIGHT else length / 2 if align & _CENTRE == _CENTRE else 0.0
        drop = {_BASELINE: 0.0, _BOTTOM: _ASCENT - 1.0}.get(align & _BASELINE, _ASCENT) * font.size
        origin = self.point(x - along[0] * back + down[0] * drop, y - along[1] * back + down[1] * drop)
        self._add_run(origin, self._vector(*along), hypot(*self._vector(*down)) * font.size, text, widths)

    def _add_run(self, origin: Point, step: Point, size: float, text: str, widths: Sequence[float]) -> None:
        unit = hypot(*step)
        if not unit or not size or self._letters > _MOST_CHARS:
            return
        self._letters += len(text)
        letters, offset = [], 0.0
        for character, width in zip(text, widths, strict=True):
            letters.append((character, offset * unit, (offset + width) * unit))
            offset += width
        direction = step[0] / unit, step[1] / unit
        self._runs.append(TextRun(origin, direction, tuple(letters), size, self.state.font.bold))

    @property
    def letters(self) -> str:
        """All text drawn, in the file's order."""
        return "".join(c for run in self._runs for c, _, _ in run.letters)

    def content(self, page: int) -> PageContent:
        """Text and lines as of a page, so scaled that the usual letter is 10 points high."""
        sizes = [run.size for run in self._runs for c, _, _ in run.letters if not c.isspace()]
        usual = median(sizes) if sizes else _LETTER
        lines = [*self._lines, *_rules(self._boxes, usual)]
        places = [p for line in lines for p in line] + [run.origin for run in self._runs]
        left, top = min((x for x, _ in places), default=0.0), min((y for _, y in places), default=0.0) - usual
        scale = _LETTER / usual
        chars = [c for run in self._runs for c in _chars(run, scale, left, top)]
        edges = [edge for line in lines if (edge := _edge(*line, scale, left, top))]
        width = max((*(c.x1 for c in chars), *(e.end if not e.vertical else e.position for e in edges)), default=1.0)
        height = max((*(c.y1 for c in chars), *(e.end if e.vertical else e.position for e in edges)), default=1.0)
        return PageContent(page, width, height, tuple(chars), tuple(edges))


def _times(first: Affine, second: Affine) -> Affine:
    """The transform that does the first, then the second."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def _guess(character: str) -> float:
    return 1.0 if ord(character) > 0x2E80 else 0.5


def _rules(boxes: Iterable[tuple[Point, Point]], letter: float) -> list[tuple[Point, Point]]:
    """Filled boxes that are so thin that they are lines."""
    rules = []
    for (x0, y0), (x1, y1) in boxes:
        thin, long = sorted((x1 - x0, y1 - y0))
        if thin <= _THIN * letter and long > 2 * thin:
            middle = ((x0 + x1) / 2, (y0 + y1) / 2)
            wide = x1 - x0 > y1 - y0
            rules.append(((x0, middle[1]), (x1, middle[1])) if wide else ((middle[0], y0), (middle[0], y1)))
    return rules


def _edge(begin: Point, end: Point, scale: float, left: float, top: float) -> Edge | None:
    x0, x1 = sorted(((begin[0] - left) * scale, (end[0] - left) * scale))
    y0, y1 = sorted(((begin[1] - top) * scale, (end[1] - top) * scale))
    if y1 - y0 <= _SLANT * (x1 - x0):
        return Edge(False, (y0 + y1) / 2, x0, x1)
    if x1 - x0 <= _SLANT * (y1 - y0):
        return Edge(True, (x0 + x1) / 2, y0, y1)
    return None


def _chars(run: TextRun, scale: float, left: float, top: float) -> Iterable[Char]:
    """The letters of a run; those of an upright run one below the other in reading order, whichever way it runs."""
    (x, y), size = run.origin, run.size * scale
    x, y = (x - left) * scale, (y - top) * scale
    upright = abs(run.direction[1]) > abs(run.direction[0])
    length = max((end for _, _, end in run.letters), default=0.0) * scale
    spaced = False
    for character, start, end in run.letters:
        if character.isspace():
            spaced = True
            continue
        start, end = start * scale, end * scale
        if upright:
            begin = y if run.direction[1] > 0 else y - length
            x0 = x - (0.14 if run.direction[1] > 0 else _ASCENT) * size
            yield Char(character, x0, begin + start, x0 + size, begin + end, begin + end - 0.14 * size, size, run.bold)
        else:
            yield Char(
                character,
                x + start * run.direction[0],
                y - _ASCENT * size,
                x + end * run.direction[0],
                y + (1 - _ASCENT) * size,
                y,
                size,
                run.bold,
                spaced,
            )
        spaced = False
