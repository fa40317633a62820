"""The practice rooms that a plan names, in tables of rooms and in its text, each with what is said of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from alignment.programme.stretches import Stretch, within
from corpora.document import Block, Cell, Document, Table

#: What a room's name ends in.
_KIND = (
    r"(?:实训|实验|实践|教学|技能|创新|创业|研发|仿真|体验|服务|运营|培训)*"
    r"(?:实训室|实验室|机房|工作室|工作坊|工坊|直播间|演播[室厅]|录播室|摄影棚|实训场|实训区|实训车间|(?:实训|实验|实践|研究|运营|体验|创业|创新)中心|实训基地|实验实训基地)"
)
_ROOM = re.compile(rf"[^，。；、：:\n\t（）()]{{0,24}}?{_KIND}")
#: 网络营销、数据分析、智能客服等 3 个实训室
_LIST = re.compile(
    rf"(?P<items>(?:[^，。；：:\n\t（）()、]{{2,18}}、)+[^，。；：:\n\t（）()、]{{2,18}}?)\s*等?\s*[\d一二三四五六七八九十两多]*\s*个?\s*{_KIND}"
)
#: what stands before a name in a sentence
_BEFORE = re.compile(
    r"^.*(?:建有|拥有|现有|设有|配有|配备|包括|包含|包括有|建成|建设|打造|搭建|建立|利用|依托|通过|还有|以及|例如|如|为|在|有|于|成了?|"
    r"[\d一二三四五六七八九十两多]+\s*[个间所])"
)
_NUMBER = re.compile(r"^\s*(?:[（(]?[一二三四五六七八九十\d]{1,3}[）)]?[、.．:：]?\s*|[①-⑳]\s*)")
#: names that name no room in particular
_GENERAL = re.compile(
    r"(?:本?专业|校内外?|校外|各|相关|相应|专用|多个|一批|学院|学校|系部?|专业群|实践教学|生产性|共享|开放|的|和|及|与|、|等|主要|所有|该|每个?|"
    r"综合|一体化|理实|多功能|[\d一二三四五六七八九十]+[个间]?)*"
)
_NAME_HEAD = re.compile(
    r"(?:实训|实验|实践)?(?:教学)?(?:室|场所|基地|中心|场地|分室|实训室?)(?:名称)?|^名称$|实[训验]项目"
)
_DETAIL_HEAD = re.compile(r"设备|设施|软件|仪器|课程|功能|项目|工位|面积|配置|用途|任务|要求|内容")
_LONGEST = 800


@dataclass(frozen=True)
class PlanRoom:
    """One room of a plan: its name, all that is said of it, and the stretches (start, end) of both."""

    name: str
    text: str
    spans: tuple[tuple[int, int], ...]


def plan_rooms(document: Document, stretches: Sequence[Stretch]) -> tuple[PlanRoom, ...]:
    """The rooms named in a plan's body: rows of tables of rooms, then paragraphs, a room once for each place."""
    rooms = [room for table in document.tables for room in _of_table(table) if within(stretches, room.spans[0][0])]
    for start, end in stretches:
        rooms += _of_text([b for b in document.blocks if start <= b.locator.start < end], document.text)
    return tuple(rooms)


def _of_table(table: Table) -> Iterator[PlanRoom]:
    """Rooms of a table that has a column of rooms beside what they hold or are for."""
    heads = {row: table.row_cells(row) for row in range(min(2, table.rows))}
    for row, cells in heads.items():
        names = [cell for cell in cells if _NAME_HEAD.search("".join(cell.text.split())) and len(cell.text) <= 16]
        details = [cell for cell in cells if _DETAIL_HEAD.search(cell.text)]
        if names and any(cell is not names[0] for cell in details):
            yield from _rows(table, row + 1, _name_column(table, row + 1, names))
            return


def _name_column(table: Table, first: int, names: Sequence[Cell]) -> int:
    """Of several columns that may hold the names, the one with most names of rooms."""

    def rooms(cell: Cell) -> int:
        below = (table.cell_at(row, cell.column) for row in range(first, table.rows))
        return sum(bool(c and _ROOM.search(c.text)) for c in below)

    return max(names, key=rooms).column


def _rows(table: Table, first: int, column: int) -> Iterator[PlanRoom]:
    row = first
    while row < table.rows:
        name = table.cell_at(row, column)
        if name is None:
            row += 1
            continue
        last = max(row + 1, name.row + name.row_span)
        cells = [c for r in range(row, min(last, table.rows)) for c in table.row_cells(r) if c.row >= row]
        cells = [cell for cell in dict.fromkeys(cells) if cell.text.strip()]
        if name.text.strip() and name in cells and not name.text.strip().isdigit():
            told = "；".join(cell.text for cell in cells)
            others = tuple((cell.start, cell.end) for cell in cells if cell is not name)
            yield PlanRoom("".join(name.text.split()), told, ((name.start, name.end), *others))
        row = last


def _of_text(blocks: Sequence[Block], text: str) -> Iterator[PlanRoom]:
    """Rooms named in paragraphs; what is said of one goes up to the next one, or to the end of its paragraph."""
    lines = [block for block in blocks if not (block.kind == "table_row" and block.locator.table)]
    for i, block in enumerate(lines):
        found = list(_names(block))
        for position, (name, start, end) in enumerate(found):
            stop = found[position + 1][1] if position + 1 < len(found) else block.locator.end
            spans = [(start, max(stop, end))]
            if position + 1 == len(found) and len(block.text) <= 40:
                spans += _under(lines[i + 1 : i + 8])
            told = "；".join(text[a:b] for a, b in spans)
            yield PlanRoom(name, told[:_LONGEST], tuple(spans))


def _names(block: Block) -> Iterator[tuple[str, int, int]]:
    """(name, start, end) of the rooms that a paragraph names."""
    base, listed = block.locator.start, set[int]()
    found: list[tuple[str, int, int]] = []
    for match in _LIST.finditer(block.text):
        listed.update(range(*match.span()))
        begin = match.start("items")
        for item in match["items"].split("、"):
            name = _cleaned(item)
            if name and not _GENERAL.fullmatch(name):
                found.append((name, base + begin, base + match.end()))
            begin += len(item) + 1
    for match in _ROOM.finditer(block.text):
        name = _cleaned(match[0])
        core = re.sub(f"{_KIND}$", "", name)
        if match.start() not in listed and core and not _GENERAL.fullmatch(core):
            found.append((name, base + match.end() - len(name), base + match.end()))
    yield from sorted(found, key=lambda room: room[1])


def _cleaned(name: str) -> str:
    name = _NUMBER.sub("", name).strip('“”"《》 　')
    return _BEFORE.sub("", name).strip('“”"《》 　')


def _under(blocks: Sequence[Block]) -> Iterator[tuple[int, int]]:
    """The paragraphs under a line that is a room's name, up to the next heading or room."""
    length = 0
    for block in blocks:
        if block.kind == "heading" or length > _LONGEST or _begins_with_room(block):
            return
        length += len(block.text)
        yield block.locator.start, block.locator.end


def _begins_with_room(block: Block) -> bool:
    """Whether a paragraph's first words are the name of a room."""
    first = next(_names(block), None)
    return first is not None and first[1] - block.locator.start <= 8
