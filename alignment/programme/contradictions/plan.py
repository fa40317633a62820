"""A programme with what every check of contradictions needs: places in words, verbatim quotes, comparable names."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from alignment.model import Evidence
from alignment.programme.model import ContradictionKind
from alignment.programme.quantities import QuantityName
from corpora.document import Block, Document, Locator, Table
from corpora.programme.model import Figure, ListedCourse, PlanCourse, Programme, Schedule

#: Longest quote that evidence carries whole, in characters; longer cells and sentences are narrowed to their figure.
QUOTE_CHARS = 160
#: Characters of a file's name that are shown.
FILE_CHARS = 12
#: Most rows that one finding lists by name; the rest are counted.
LISTED = 12
_SPACE = re.compile(r"\s+")
#: What stands around a name and is no part of it: title marks, quotes, footnote stars, a number in front.
_AROUND = re.compile(r"^\d{1,2}[.、．]\s*|[《》“”\"'*＊※★▲△●]|[：:，,。；;]+$")
_ROMAN = str.maketrans({"Ⅰ": "I", "Ⅱ": "II", "Ⅲ": "III", "Ⅳ": "IV", "Ⅴ": "V", "Ⅵ": "VI"})


Source = Figure | Locator | PlanCourse | ListedCourse | Block


@dataclass(frozen=True)
class Finding:
    """A contradiction not yet numbered; ``turns`` are the quantities whose rules may turn on it."""

    kind: ContradictionKind
    what: str
    arithmetic: str
    evidence: tuple[Evidence, ...]
    turns: tuple[QuantityName, ...] = ()


@dataclass(frozen=True)
class Plan:
    """One programme under examination."""

    programme: Programme

    @property
    def document(self) -> Document:
        """The document that the programme was read from."""
        return self.programme.document

    @property
    def schedule(self) -> Schedule:
        """The schedule of courses."""
        return self.programme.schedule

    def in_body(self, start: int) -> bool:
        """Whether an offset lies in the plan's own text: in this major's stretch and in no annex."""
        programme = self.programme
        end = programme.annex_start or programme.end or len(self.document.text)
        return programme.start <= start < end

    @cached_property
    def body_blocks(self) -> tuple[Block, ...]:
        """Blocks of the plan's own text."""
        return tuple(block for block in self.document.blocks if self.in_body(block.locator.start))

    @cached_property
    def body_tables(self) -> tuple[Table, ...]:
        """Tables of the plan's own text that are not its schedule."""
        own = set(self.schedule.tables)
        tables = (table for table in self.document.tables if table.number not in own and table.cells)
        return tuple(table for table in tables if self.in_body(table.cells[0].start))

    @cached_property
    def courses_by_name(self) -> dict[str, tuple[int, ...]]:
        """Indices of the schedule's courses by comparable name."""
        found: dict[str, list[int]] = {}
        for index, course in enumerate(self.schedule.courses):
            if not course.placeholder:
                found.setdefault(plain(course.name), []).append(index)
        return {name: tuple(indices) for name, indices in found.items()}

    @cached_property
    def _headings(self) -> tuple[tuple[int, ...], tuple[tuple[str, ...], ...]]:
        starts: list[int] = []
        paths: list[tuple[str, ...]] = []
        open_: list[tuple[int, str]] = []
        for block in self.document.blocks:
            if block.kind == "heading":
                open_ = [(level, text) for level, text in open_ if level < block.level]
                open_.append((block.level, block.text.strip()))
                starts.append(block.locator.start)
                paths.append(tuple(text for _, text in open_))
        return tuple(starts), tuple(paths)

    def quote(self, source: Source) -> Evidence:
        """The verbatim text at a place; a long cell or sentence is narrowed to the figure's own text."""
        locator = source if isinstance(source, Locator) else source.locator
        text = self.document.resolve(locator)
        known = (
            source.text
            if isinstance(source, Figure)
            else source.name
            if isinstance(source, PlanCourse | ListedCourse)
            else text
        )
        if not text:
            return Evidence(known, locator, (), 1.0)
        if len(text) > QUOTE_CHARS and len(known) < len(text) and (at := text.find(known)) >= 0:
            locator = locator.slice(locator.start + at, locator.start + at + len(known))
            text = known
        return Evidence(text, locator, self._path(locator.start), 1.0)

    def quotes(self, *sources: Source | None) -> tuple[Evidence, ...]:
        """Quotes of several places in their order, each place once."""
        found: dict[tuple[int, int, int | None, int | None, int | None], Evidence] = {}
        for source in sources:
            if source is not None:
                evidence = self.quote(source)
                where = evidence.locator
                found.setdefault((where.start, where.end, where.table, where.row, where.cell), evidence)
        return tuple(found.values())

    def quote_span(self, start: int, end: int) -> Evidence:
        """The verbatim text between two offsets of the document, within one block."""
        starts = self._block_starts
        block = self.document.blocks[max(bisect_right(starts, start) - 1, 0)]
        return Evidence(self.document.text[start:end], block.locator.slice(start, end), self._path(start), 1.0)

    @cached_property
    def _block_starts(self) -> tuple[int, ...]:
        return tuple(block.locator.start for block in self.document.blocks)

    def _path(self, start: int) -> tuple[str, ...]:
        starts, paths = self._headings
        at = bisect_right(starts, start) - 1
        return paths[at] if at >= 0 else ()

    def place(self, locator: Locator) -> str:
        """Where something stands, in words: file (when there are several), table and row, or paragraph."""
        file, tables, paragraphs = self._part(locator)
        if locator.table is None:
            return f"{file}第{locator.paragraph - paragraphs}段"
        row = "" if locator.row is None else f"第{locator.row}行"
        return f"{file}表{locator.table - tables}{row}"

    def section(self, locator: Locator) -> str:
        """The heading that something stands under, "" before the first one."""
        path = self._path(locator.start)
        return f"{path[-1]} " if path else ""

    def table_name(self, number: int) -> str:
        """A table's number in its own file, in words."""
        tables = [table for table in self.document.tables if table.number == number and table.cells]
        if not tables:
            return f"表{number}"
        start = tables[0].cells[0].start
        return self.place(Locator(start, start, 1, table=number))

    def _part(self, locator: Locator) -> tuple[str, int, int]:
        """The file that something stands in (no name for the first one), and how many tables, paragraphs precede it."""
        for number, part in enumerate(self.document.parts):
            if part.start <= locator.start < part.end:
                stem, dot, suffix = part.name.rpartition(".")
                short = part.name if len(stem) <= FILE_CHARS else f"{stem[:FILE_CHARS]}…{dot}{suffix}"
                return f"《{short}》" if number else "", part.tables, part.paragraphs
        return "", 0, 0

    def part_of(self, locator: Locator) -> str:
        """The file that something stands in: "" for the first one, else its name."""
        return self._part(locator)[0]


def plain(name: str) -> str:
    """A course name made comparable: NFKC, no spaces, no title marks, no footnote stars."""
    text = unicodedata.normalize("NFKC", name.translate(_ROMAN))
    return _AROUND.sub("", _SPACE.sub("", text)).casefold()


def number(value: float) -> str:
    """A number as people write it: whole or with at most two decimals."""
    return f"{round(value, 2):g}" if abs(value) < 1e6 else f"{value:.0f}"


def plus(values: Iterable[float]) -> str:
    """Summands joined by plus signs."""
    return "+".join(number(value) for value in values)


def listed(items: Sequence[str], most: int = LISTED) -> str:
    """Items joined by ``、``, cut off with their count when there are many."""
    shown = "、".join(items[:most])
    return shown if len(items) <= most else f"{shown}等{len(items)}项"


def differs(left: float, right: float, tolerance: float = 0.011) -> bool:
    """Whether two figures differ by more than rounding."""
    return abs(left - right) > tolerance


def unique(items: Iterable[Figure]) -> Iterator[Figure]:
    """Figures without those that several rows share through a merged cell."""
    seen: set[tuple[int, int, int | None, int | None, int | None, float]] = set()
    for figure in items:
        at = figure.locator
        key = (at.start, at.end, at.table, at.row, at.cell, figure.value)
        if at.end == at.start or key not in seen:
            seen.add(key)
            yield figure
