"""From characters to runs, and from runs to lines of text. OCR enters at the runs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from corpora.parsers.cleaning import is_cjk, is_ideograph
from corpora.parsers.pdf.content import Char

_BASELINE = 0.3
_BACKWARD = 0.6
_FORWARD = 0.45
_LATIN_BLANK = 0.16
_REAL_BLANK = 0.12
_MIXED_BLANK = 0.2
_CJK_BLANK = 0.45
_OVERLAP = 0.5


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring characters of one line, as the file gives them or as OCR found them; ``spaced`` as of ``Char``."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    bold: bool = False
    spaced: bool = False

    @property
    def middle(self) -> float:
        """The vertical centre."""
        return (self.y0 + self.y1) / 2


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text with its box and the left and right margin of the column it stands in."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    bold: bool
    page: int
    left: float
    right: float

    @property
    def slack(self) -> float:
        """Room left between the line's end and the column's right margin, in letters of the line."""
        return (self.right - self.x1) / self.size

    @property
    def indent(self) -> float:
        """Distance of the line's begin from the column's left margin, in letters of the line."""
        return (self.x0 - self.left) / self.size


def runs_of(chars: Iterable[Char]) -> list[Run]:
    """Runs in the file's order; what was drawn twice (a shadow, a faked bold) counts once."""
    groups: list[list[Char]] = []
    for char in chars:
        last = groups[-1][-1] if groups else None
        if last and _same_spot(last, char):
            continue
        if last and _follows(last, char):
            groups[-1].append(char)
        else:
            groups.append([char])
    seen: set[tuple[str, int, int]] = set()
    runs = []
    for group in groups:
        run = _run(group)
        key = (run.text, round(run.x0 / 2), round(run.y0 / 2))
        if key not in seen:
            seen.add(key)
            runs.append(run)
    return runs


def _same_spot(last: Char, char: Char) -> bool:
    near = min(0.3 * char.size, 0.5 * (char.x1 - char.x0))
    return char.text == last.text and abs(char.x0 - last.x0) < near and abs(char.baseline - last.baseline) < near


def _follows(last: Char, char: Char) -> bool:
    size = max(last.size, char.size)
    on_line = abs(char.baseline - last.baseline) <= _BASELINE * min(last.size, char.size)
    return on_line and -_BACKWARD * size <= char.x0 - last.x1 <= _FORWARD * size


def _run(chars: Sequence[Char]) -> Run:
    text = chars[0].text
    for last, char in pairwise(chars):
        text += _blank(text[-1], char.text, (char.x0 - last.x1) / max(last.size, 0.1), char.spaced) + char.text
    bold = sum(c.bold for c in chars) * 2 > len(chars)
    size = median(c.size for c in chars)
    return Run(
        text, chars[0].x0, min(c.y0 for c in chars), chars[-1].x1, max(c.y1 for c in chars), size, bold, chars[0].spaced
    )


def _blank(last: str, first: str, gap: float, spaced: bool) -> str:
    """The blank between two characters that stand ``gap`` letters apart, with a blank in the file or without."""
    if spaced:
        return " " if gap > _REAL_BLANK else ""
    if is_ideograph(last) is not is_ideograph(first) and (last + first).isalnum():
        return " " if gap > _MIXED_BLANK else ""
    limit = _CJK_BLANK if is_cjk(last) or is_cjk(first) else _LATIN_BLANK
    return " " if gap > limit else ""


def rows_of(runs: Sequence[Run]) -> list[list[Run]]:
    """Runs grouped into rows that share a height, top down, each left to right."""
    rows: list[list[Run]] = []
    for run in sorted(runs, key=lambda r: r.middle):
        if rows and _beside(rows[-1], run):
            rows[-1].append(run)
        else:
            rows.append([run])
    return [sorted(row, key=lambda r: r.x0) for row in rows]


def _beside(row: Sequence[Run], run: Run) -> bool:
    top, bottom = median(r.y0 for r in row), median(r.y1 for r in row)
    overlap = min(bottom, run.y1) - max(top, run.y0)
    return overlap >= _OVERLAP * min(bottom - top, run.y1 - run.y0)


def join_runs(row: Sequence[Run]) -> str:
    """The text of a row of runs, with blanks where there is room for one."""
    text = row[0].text
    for last, run in pairwise(row):
        text += _blank(text[-1], run.text[0], (run.x0 - last.x1) / max(run.size, 0.1), run.spaced) + run.text
    return text


def line_of(row: Sequence[Run], page: int, left: float, right: float) -> Line:
    """A row of runs as a line of a column."""
    weight = [run for run in row for _ in run.text]
    bold = sum(run.bold for run in weight) * 5 > len(weight) * 4
    size = max(median(run.size for run in weight), 0.1)
    top, bottom = min(r.y0 for r in row), max(r.y1 for r in row)
    return Line(join_runs(row), row[0].x0, top, max(r.x1 for r in row), bottom, size, bold, page, left, right)
