"""What a plan says of the content of its courses.

Three forms are read: tables that list courses with their content (课程名称 | 主要教学内容, 平台课程 | 学习情境 1 …,
or a sheet 课程名称 / 教学内容 for each course); paragraphs that begin with a course's name; and course standards in an
annex, headed 《…》课程标准. Each becomes a ``CourseText`` of short items, every one with its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from alignment.programme.courses.names import plain_name, stem
from corpora.document import Block, Cell, Locator, Table
from corpora.programme.model import Programme

#: Items of one course that are kept, and characters of one item.
MOST_ITEMS, MOST_CHARACTERS = 60, 120

#: Heading of a column (or label of a cell) that names courses.
_NAME = re.compile(
    r"^(?:(?:专业|群|公共|核心|基础|平台|模块|方向|拓展|选修|主干|必修|主要|学习领域|（群）|\(群\))*课程(?:名称)?|学习领域(?:名称)?)$"
)
#: Heading of a column (or label of a cell) that tells what a course is about.
_CONTENT = re.compile(
    r"学习情境|学习项目|教学项目|项目[（(]?\d|主要(?:教学)?内容|教学内容|课程内容|学习内容|内容简介|课程(?:描述|简介|介绍|目标)"
    r"|工作任务|教学目标|能力目标|知识目标|培养能力|能力要求|教学要求|教学任务|知识点|内容描述|目标描述|内容(?:与|及|和)(?:教学)?要求"
)
_STANDARD = re.compile(
    r"《([^》]{2,40})》\s*(?:课程)?(?:标准|教学大纲)|^[（(]?[\d一二三四五六七八九十]*[)）.、．]?\s*([^《》]{2,30}?)\s*课程标准(?:[（(]|$)"
)
#: A paragraph about one course: its name in title marks, or before a stop, after an optional number.
_LEAD = re.compile(
    r"^[—\-·●\s]*[（(]?[\d一二三四五六七八九十]{0,3}[)）.、．]?\s*"
    r"(?:《([^》]{2,40})》(?:课程)?[：:。，,]?|([^。：:，,（(《]{2,30}?)\s*(?:课程)?(?:[：:。，,\s]|(?=[（(])))"
)
_SPLIT = re.compile(r"[\n；;。！？]+|(?<=[^\d])\s*[（(]?\d{1,2}[)）.、．](?!\d)")
_NUMBER = re.compile(r"^[\s（(]*[\d一二三四五六七八九十]{0,3}[)）.、．:：\s]+|^[•●\-—\s]+")
_EMPTY = re.compile(r"^[\s—\-–.…/\\无]*$")
#: Items that tell nothing of a course's content: labels, hours and credits, addresses.
_IDLE = re.compile(
    r"^(?:(?:知识|能力|素质|思政|技能|教学|学习|课程|双创|认证|情感|态度)*(?:目标|知识点|重点|难点|要求|内容|情境|情景|项目|任务|单元|模块|章节?)"
    r"\s*[\d一二三四五六七八九十]*[:：]?|.{0,24}\d\s*(?:学时|学分|课时|周).{0,24}|.*https?://.*|.{0,8}第.{1,6}学期.{0,10})$"
)


@dataclass(frozen=True)
class CourseText:
    """What one place of the plan says of one course.

    Parameters
    ----------
    name : as that place calls it.
    items : short texts, each a stretch of the document, in order.
    locators : the place of each item.
    form : where it stands.
    table : number of the table, 0 outside tables.
    """

    name: str
    items: tuple[str, ...]
    locators: tuple[Locator, ...]
    form: Literal["table", "paragraph", "annex"]
    table: int = 0


def read_course_texts(programme: Programme) -> tuple[CourseText, ...]:
    """All course descriptions of a plan, those of its body before those of its annex."""
    document = programme.document
    end = programme.end or len(document.text)
    body_end = min(programme.annex_start or end, end)
    tables = _tables_within(programme, programme.start, body_end)
    found = [text for table in tables for text in _of_table(table, _block_of(document.blocks))]
    found += _paragraphs(programme, programme.start, body_end)
    found += _annexed(programme, programme.start, end)
    return tuple(text for text in found if text.items)


def texts_by_course(programme: Programme, texts: Sequence[CourseText]) -> dict[int, tuple[CourseText, ...]]:
    """The descriptions of each scheduled course, by its index.

    A description belongs to the courses of its plain name; without one to those of its stem; and where one block of
    the schedule and one table still have a single course each whose stems begin alike (管理学, 管理技巧), to these.
    """
    courses = programme.schedule.courses
    by_plain, by_stem = _index(map(plain_name, _names(programme))), _index(map(stem, _names(programme)))
    owned: dict[int, list[CourseText]] = {}
    left: list[CourseText] = []
    for text in texts:
        owners = by_plain.get(plain_name(text.name)) or by_stem.get(stem(text.name))
        for owner in owners or ():
            owned.setdefault(owner, []).append(text)
        if not owners:
            left.append(text)
    for text in left:
        alike = [n for n, course in enumerate(courses) if n not in owned and _begin_alike(course.name, text.name)]
        if len({plain_name(courses[n].name) for n in alike}) == 1:
            owned.update({n: [text] for n in alike})
    return {owner: tuple(mine) for owner, mine in owned.items()}


def _names(programme: Programme) -> list[str]:
    return [course.name for course in programme.schedule.courses]


def _index(keys: Iterable[str]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for number, key in enumerate(keys):
        places.setdefault(key, []).append(number)
    return places


def _begin_alike(first: str, second: str) -> bool:
    one, other = stem(first), stem(second)
    return len(one) > 1 and len(other) > 1 and one[:2] == other[:2]


def _tables_within(programme: Programme, start: int, end: int) -> list[Table]:
    scheduled = set(programme.schedule.tables)
    return [
        table
        for table in programme.document.tables
        if table.number not in scheduled and table.cells and start <= table.cells[0].start < max(end, start + 1)
    ]


def _block_of(blocks: Sequence[Block]) -> dict[tuple[int, int], Locator]:
    """The locator of each table row, by table and row number."""
    return {(b.locator.table, b.locator.row): b.locator for b in blocks if b.locator.table and b.locator.row}


def _of_table(table: Table, rows: dict[tuple[int, int], Locator]) -> Iterator[CourseText]:
    header = _header(table)
    if header is None:
        yield from _sheets(table, rows)
        return
    row, name_column, content_columns = header
    for number in range(row + 1, table.rows):
        cell = table.cell_at(number, name_column)
        if cell is None or cell.row != number or _EMPTY.match(cell.text) or _NAME.match(_squeezed(cell.text)):
            continue
        span = range(number, min(number + cell.row_span, table.rows))
        cells = [table.cell_at(r, c) for r in span for c in content_columns]
        name = " ".join(cell.text.split("\n")[:1]) if len(cell.text) > 40 else cell.text.replace("\n", "")
        yield _course_text(name, _distinct(cells), table, rows, "table")


def _header(table: Table) -> tuple[int, int, list[int]] | None:
    """Row of the headings, the column of names, the columns of content."""
    for row in range(min(3, table.rows)):
        cells = [table.cell_at(row, column) for column in range(table.columns)]
        texts = [_squeezed(cell.text) if cell else "" for cell in cells]
        names = [c for c, text in enumerate(texts) if _NAME.match(text)]
        content = [c for c, text in enumerate(texts) if _CONTENT.search(text) and c not in names]
        if names and content and table.rows > row + 1:
            return row, names[0], content
    return None


def _sheets(table: Table, rows: dict[tuple[int, int], Locator]) -> Iterator[CourseText]:
    """Courses of a table of labels and values: 课程名称 | X, then 教学内容 | text."""
    name, cells = "", list[Cell]()
    for row in range(table.rows):
        pairs = table.row_cells(row)
        for label, value in pairwise(pairs):
            words = _squeezed(label.text)
            if _NAME.match(words) and 1 < len(_squeezed(value.text)) <= 30 and not _CONTENT.search(value.text):
                if name and cells:
                    yield _course_text(name, _distinct(cells), table, rows, "table")
                name, cells = value.text.replace("\n", ""), []
            elif name and len(words) <= 14 and _CONTENT.search(words):
                cells.append(value)
    if name and cells:
        yield _course_text(name, _distinct(cells), table, rows, "table")


def _course_text(
    name: str,
    cells: Sequence[Cell],
    table: Table,
    rows: dict[tuple[int, int], Locator],
    form: Literal["table", "annex"],
) -> CourseText:
    items = [item for cell in cells for item in _of_cell(cell, table, rows)]
    return _made(name, items, form, table.number)


def _of_cell(cell: Cell, table: Table, rows: dict[tuple[int, int], Locator]) -> Iterator[tuple[str, Locator]]:
    home = rows.get((table.number, cell.row + 1)) or Locator(cell.start, cell.end, 1, table=table.number)
    home = replace(home, cell=cell.column + 1)
    yield from ((item, home.slice(cell.start + at, cell.start + at + len(item))) for at, item in _items(cell.text))


def _of_block(block: Block, after: int = 0) -> Iterator[tuple[str, Locator]]:
    place, start = block.locator, block.locator.start + after
    yield from ((item, place.slice(start + at, start + at + len(item))) for at, item in _items(block.text[after:]))


def _made(
    name: str, items: Iterable[tuple[str, Locator]], form: Literal["table", "paragraph", "annex"], table: int = 0
) -> CourseText:
    """The items each once, evenly thinned out to ``MOST_ITEMS``."""
    distinct = list({item: (item, place) for item, place in reversed(list(items))}.values())[::-1]
    step = max(1.0, len(distinct) / MOST_ITEMS)
    kept = [distinct[int(n * step)] for n in range(min(len(distinct), MOST_ITEMS))]
    return CourseText(name.strip(), tuple(i for i, _ in kept), tuple(p for _, p in kept), form, table)


def _items(text: str) -> Iterator[tuple[int, str]]:
    """Short texts of a cell or paragraph with their offsets, numbers and empty ones left out."""
    at = 0
    for cut in (*_SPLIT.finditer(text), None):
        piece = text[at : cut.start() if cut else len(text)]
        lead = _NUMBER.match(piece)
        start = lead.end() if lead else 0
        words = piece[start:].rstrip()
        start += len(words) - len(words.lstrip())
        words = words.strip()[:MOST_CHARACTERS]
        if len(words) > 1 and not _EMPTY.match(words) and not _IDLE.match(words) and not words.isdigit():
            yield at + start, words
        at = cut.end() if cut else at


def _paragraphs(programme: Programme, start: int, end: int) -> Iterator[CourseText]:
    """Paragraphs and headings that begin with the name of a scheduled or listed course."""
    schedule = programme.schedule
    known = {plain_name(n) for n in (*_names(programme), *(listed.name for listed in schedule.listed))}
    blocks = [b for b in programme.document.blocks if b.locator.table is None and start <= b.locator.start < end]
    for number, block in enumerate(blocks):
        lead = _course_at(block, known)
        if lead is not None:
            name, after = lead
            items = list(_of_block(block, after)) or [
                pair for below in _below(blocks, number, known) for pair in _of_block(below)
            ]
            yield _made(name, items, "paragraph")


def _course_at(block: Block, known: set[str]) -> tuple[str, int] | None:
    """The known course that a block begins with, and where its name ends."""
    lead = _LEAD.match(block.text + "\n")
    name = next(filter(None, lead.groups()), "") if lead else ""
    return (name, lead.end()) if lead and name and plain_name(name) in known else None


def _below(blocks: Sequence[Block], number: int, known: set[str]) -> Iterator[Block]:
    """The paragraphs under a block that only names a course, until the next heading or named course."""
    for block in blocks[number + 1 : number + 9]:
        if block.kind == "heading" or _course_at(block, known):
            return
        yield block


def _annexed(programme: Programme, start: int, end: int) -> Iterator[CourseText]:
    """Course standards: the content columns of their tables, else their list items and short paragraphs."""
    document = programme.document
    blocks = [b for b in document.blocks if start <= b.locator.start < end]
    heads = [(n, name) for n, b in enumerate(blocks) if (name := _standard_of(b))]
    rows = _block_of(document.blocks)
    ends = [*(n for n, _ in heads), len(blocks)][1:]
    for (at, name), until in zip(heads, ends, strict=True):
        inside = blocks[at + 1 : until]
        numbers = dict.fromkeys(b.locator.table for b in inside if b.locator.table)
        cells = [c for n in numbers for c in _content_cells(document.tables[n - 1])]
        if cells:
            items = [pair for t, cell in cells for pair in _of_cell(cell, document.tables[t - 1], rows)]
        else:
            items = [pair for b in inside if b.locator.table is None for pair in _of_block(b)]
        yield _made(name, items, "annex")


def _standard_of(block: Block) -> str:
    """The course that a heading opens the standard of, else empty."""
    if (
        block.locator.table is not None
        or len(block.text) > 60
        or not ("课程标准" in block.text or "大纲" in block.text)
    ):
        return ""
    match = _STANDARD.search(block.text)
    if match is None or (match[1] is None and block.kind != "heading"):
        return ""
    name = match[1] or match[2] or ""
    return "" if re.match(r"^(?:附件|附录|专业|各|本|核心)", name) else name


def _content_cells(table: Table) -> list[tuple[int, Cell]]:
    """Cells under the content headings of a table that has such, with the table's number."""
    headings = [(column, table.cell_at(0, column)) for column in range(table.columns)]
    columns = [column for column, cell in headings if cell and _CONTENT.search(_squeezed(cell.text))]
    cells = _distinct([table.cell_at(row, column) for row in range(1, table.rows) for column in columns])
    return [(table.number, cell) for cell in cells if cell.row]


def _distinct(cells: Iterable[Cell | None]) -> list[Cell]:
    return list({(cell.row, cell.column): cell for cell in cells if cell is not None}.values())


def _squeezed(text: str) -> str:
    return "".join(text.split())
