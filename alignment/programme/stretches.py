"""Which stretches of a document are the plan itself, and which only annexed to it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from alignment.programme.annex.parts import file_parts
from corpora.document import Table
from corpora.programme.model import Programme

Stretch = tuple[int, int]
_MAJOR = re.compile(r"(?:所含|所属|对应)?专业(?:名称)?")
_SEPARATOR = re.compile(r"[、，,；;/\n]")
_BRACKET = re.compile(r"[（(][^（()）]*[)）]$")


def body_stretches(programme: Programme) -> tuple[Stretch, ...]:
    """Where the plan itself speaks, in document order, without overlaps.

    The major's own stretch up to its annex (course standards, reports), and those that it shares with other majors of
    the file, without course standards handed in as files of their own and without rows of shared tables that are
    about another major; the whole text for a programme without a stretch.
    """
    end = programme.end or len(programme.document.text)
    own = (programme.start, programme.annex_start if programme.start < programme.annex_start < end else end)
    joined: list[Stretch] = []
    for start, stop in sorted((own, *programme.shared)):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(stop, joined[-1][1]))
        elif stop > start:
            joined.append((start, stop))
    holes = [(part.start, part.end) for part in file_parts(programme)]
    return tuple(_without(joined, [*holes, *foreign_rows(programme)]))


def foreign_rows(programme: Programme) -> Iterator[Stretch]:
    """Rows of shared tables whose column of majors names another one and not this.

    A table counts as one of majors when its column 专业 or 专业名称 names this major in some row.
    """
    own = _bare(programme.name)
    if not own or not programme.shared:
        return
    tables = {table.number: table for table in programme.document.tables}
    columns = {number: _major_column(table, own) for number, table in tables.items()}
    for block in programme.document.blocks:
        number, row = block.locator.table, block.locator.row
        column = columns.get(number) if number and within(programme.shared, block.locator.start) else None
        if number is None or row is None or column is None or row <= 1:
            continue
        cell = tables[number].cell_at(row - 1, column)
        if cell is not None and cell.text.strip() and own not in _names(cell.text):
            yield block.locator.start, block.locator.end


def _major_column(table: Table, own: str) -> int | None:
    """The column of a table that names majors, this one among them."""
    for column in range(table.columns):
        head = table.cell_at(0, column)
        cells = {id(cell): cell for row in range(1, table.rows) if (cell := table.cell_at(row, column))}
        if head and _MAJOR.fullmatch("".join(head.text.split())):
            return column if any(own in _names(cell.text) for cell in cells.values()) else None
    return None


def _names(text: str) -> set[str]:
    return {_bare(part) for part in _SEPARATOR.split(text) if part.strip()}


def _bare(name: str) -> str:
    """A major's name without its kind of entrants in brackets and without 专业."""
    return _BRACKET.sub("", "".join(name.split())).removesuffix("专业")


def _without(stretches: Sequence[Stretch], holes: Sequence[Stretch]) -> list[Stretch]:
    """The stretches with holes cut out of them."""
    left = list(stretches)
    for first, last in holes:
        cut = [((start, min(end, first)), (max(start, last), end)) for start, end in left]
        left = [part for pair in cut for part in pair if part[0] < part[1]]
    return left


def within(stretches: Sequence[Stretch], offset: int) -> bool:
    """Whether a character offset lies in one of the stretches."""
    return any(start <= offset < end for start, end in stretches)
