"""The leader of a major (专业带头人) and the title that a table of people gives: staff, authors of the plan."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import nan

from corpora.document import Cell, Document, Table
from corpora.programme.facts.titles import rank_of
from corpora.programme.model import Fact, Figure
from corpora.programme.schedule.cells import flat
from corpora.programme.tables.table_places import TablePlaces

_LEADER = re.compile(r"(?:专业|专业群|学科)?(?:负责人|带头人)")
_PERSON = re.compile(r"(?:教师)?姓\s*名")
_MAJOR = re.compile(r"(?:对应|所属|所在|负责)?专业(?:名称)?")
_TITLE_HEAD = re.compile(r"(?:专业)?技术?(?:职称|职务)|职称")
_BRACKET = re.compile(r"[（(].*?[）)]$")


def leader_facts(document: Document, start: int, end: int, name: str) -> Iterator[Fact]:
    """Leaders with their titles in tables behind the plan's own text.

    Parameters
    ----------
    document : the document.
    start, end : the stretch, offsets into ``Document.text``: annexes, sheets of authors.
    name : the major's name; a table with a column of majors gives the leader of this one only.
    """
    places = TablePlaces(document, start, end)
    for table in places:
        heads = {column: flat(cell.text) for column in range(table.columns) if (cell := table.cell_at(0, column))}
        if any(_PERSON.fullmatch(text) for text in heads.values()):
            yield from _leaders(places, table, heads, name)


def _leaders(places: TablePlaces, table: Table, heads: dict[int, str], name: str) -> Iterator[Fact]:
    majors = [column for column, text in heads.items() if _MAJOR.fullmatch(text)]
    titles = [column for column, text in heads.items() if _TITLE_HEAD.fullmatch(text)]
    for row in range(1, table.rows):
        if majors and not _is_of(table.cell_at(row, majors[0]), name):
            continue
        cells = [cell for cell in table.row_cells(row) if _LEADER.match(flat(cell.text)) and cell.row == row]
        for cell in cells[:1]:
            title = cell if rank_of(cell.text) else table.cell_at(row, titles[0]) if titles else None
            if title is not None and rank_of(title.text):
                figure = Figure(nan, title.text, places.locator(table, title))
                yield Fact("leader_title", figure, "text", annex=True, words=title.text.strip())


def _is_of(cell: Cell | None, name: str) -> bool:
    """Whether a cell names the major, whatever brackets (普通类) its own name ends with."""
    bare = _BRACKET.sub("", flat(name)).removesuffix("专业")
    named = re.split(r"[\n、，,；;/]", cell.text) if cell else []
    return any(bare and flat(text).removesuffix("专业") == bare for text in named)
