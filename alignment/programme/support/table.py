"""The plan's own matrix of requirements and courses: found, and read into marks.

A matrix is a table whose one side names courses of the plan and whose other side names requirements (培养规格,
毕业要求, 能力, indicator points); its body holds marks (√, ●, H/M/L, 强/中/弱, weights). Both layouts are read, and
lists that put the supporting courses beside each requirement (毕业要求 | 支撑课程).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from alignment.programme.courses.names import plain_name
from corpora.document import Cell, Locator, Table
from corpora.programme.model import Programme

#: Marks of a body cell: ticks and dots, grades, words, weights of at most one.
_MARK = re.compile(r"^(?:[√✓✔☑●○◎★☆▲△■◆◇⊙]+|[HMLhml]|[强中弱高低]|0?\.\d{1,2}|1\.0+)$")
_WEAK = re.compile(r"^(?:[LlMm弱低中△○☆◇]|0?\.[0-2]\d?)$")
#: What a requirement's label, its table's caption or its corner cell speaks of.
_REQUIREMENT = re.compile(r"规格|毕业要求|能力|素质|知识|指标|培养目标|技能|素养")
#: Heading of a column that lists the courses which support a requirement.
_LISTS = re.compile(r"(?:支撑|对应|相关|开设|主要|设置|支持|实现)(?:的)?(?:专业|主要)?课程|课程(?:支撑|设置|名称与)")
_LISTED_FOR = re.compile(r"毕业要求|培养规格|规格要求|能力要求|素质要求|知识要求|职业能力|指标点|核心能力|专业能力")
_NAMES = re.compile(r"[、，,；;\n/]+|》\s*《|[《》]")
#: A short label that stands for a requirement put elsewhere: 毕业要求3, 1.2, K2, (4).
_REFERENCE = re.compile(
    r"^(?:毕业要求|指标点?|规格|能力|知识|素质|目标|[A-Za-z]{1,3})?\s*[（(]?\d{1,2}(?:[.．\-－]\d{1,2})*[)）]?$"
)
#: The number of a list before such a label where the requirement itself stands: （1）规格 1：…
_ITEM = r"(?:[（(]?\s*[\d一二三四五六七八九十]{1,3}\s*[)）.．、]\s*|[①-⑳]\s*)?"
#: Share of marks among the filled cells between known courses and labels, and number of marks of a matrix.
MARKED, FEWEST = 0.7, 4

#: Rows or columns from the top left in which the names of courses are looked for.
_HEAD = 4


@dataclass(frozen=True)
class StatedMark:
    """One mark: the requirement as the matrix words it (its text where the plan gives it), the course, the mark."""

    requirement: str
    course: int
    mark: str
    locator: Locator


@dataclass(frozen=True)
class _Entry:
    label: str
    course: int
    cell: Cell
    mark: str


def stated_marks(programme: Programme) -> tuple[StatedMark, ...]:
    """All marks of the plan's own matrices; empty when it has none."""
    names: dict[str, int] = {}
    for number, course in enumerate(programme.schedule.courses):
        names.setdefault(plain_name(course.name), number)
    document, scheduled = programme.document, set(programme.schedule.tables)
    end = programme.end or len(document.text)
    rows = {(b.locator.table, b.locator.row): b.locator for b in document.blocks if b.locator.table}
    found: list[StatedMark] = []
    for table in document.tables if names else ():
        if table.number in scheduled or not table.cells or not programme.start <= table.cells[0].start < end:
            continue
        entries = _marked(table, names) or _listed(table, names)
        texts = {label: _put_elsewhere(label, programme) for label in {entry.label for entry in entries}}
        found += [
            StatedMark(
                texts[e.label], e.course, e.mark, _place(e.cell, rows.get((table.number, e.cell.row + 1)), table)
            )
            for e in entries
        ]
    return tuple(found)


def is_weak(mark: str) -> bool:
    """Whether a mark says that a course supports a requirement only a little."""
    return bool(_WEAK.match(mark))


def _marked(table: Table, names: Mapping[str, int]) -> list[_Entry]:
    """Entries of a matrix with marks; empty for any other table."""
    if sum(bool(_MARK.match(_squeezed(cell.text))) for cell in table.cells) < FEWEST:
        return []
    grid = [[table.cell_at(r, c) for c in range(table.columns)] for r in range(table.rows)]
    turned = [list(column) for column in zip(*grid, strict=True)]
    head, across = _line_of_courses(grid, names)
    side, down = _line_of_courses(turned, names)
    if max(len(across), len(down)) < 2:
        return []
    entries = list(_body(grid, head, across) if len(across) >= len(down) else _body(turned, side, down))
    marks = [entry for entry in entries if _MARK.match(entry.mark)]
    about = " ".join((table.caption, _squeezed(table.cells[0].text), *(entry.label for entry in marks)))
    whole = len(marks) >= max(FEWEST, MARKED * len(entries))
    return marks if whole and _REQUIREMENT.search(about) else []


def _line_of_courses(grid: Sequence[Sequence[Cell | None]], names: Mapping[str, int]) -> tuple[int, dict[int, int]]:
    """The line among the first ones that names most courses, and the course of each place in it."""
    best: tuple[int, dict[int, int]] = (0, {})
    for number, line in enumerate(grid[:_HEAD]):
        named = {place: names[key] for place, cell in enumerate(line) if (key := _key(cell)) in names}
        if len(set(named.values())) > len(set(best[1].values())):
            best = (number, named)
    return best


def _key(cell: Cell | None) -> str:
    return plain_name(cell.text) if cell and cell.text.strip() else ""


def _body(grid: Sequence[Sequence[Cell | None]], head: int, courses: Mapping[int, int]) -> Iterator[_Entry]:
    """What stands under the line of courses, each with the label before it in its own line."""
    first = min(courses)
    for line in grid[head + 1 :]:
        label = _label(line[:first])
        for place, course in courses.items():
            cell = line[place]
            if label and cell and (mark := _squeezed(cell.text)):
                yield _Entry(label, course, cell, mark)


def _label(cells: Sequence[Cell | None]) -> str:
    """The texts of header cells, outermost first, each once, running numbers left out when there is more."""
    texts = list(dict.fromkeys(" ".join(cell.text.split()) for cell in cells if cell and cell.text.strip()))
    telling = [text for text in texts if not text.isdigit()]
    return " ".join(telling or texts)


def _listed(table: Table, names: Mapping[str, int]) -> list[_Entry]:
    """Entries of a table that lists the supporting courses beside each requirement."""
    heads = {c: _squeezed(cell.text) for c in range(table.columns) if (cell := table.cell_at(0, c))}
    lists = [c for c, text in heads.items() if _LISTS.search(text)]
    labels = [c for c, text in heads.items() if _LISTED_FOR.search(text) and c not in lists]
    entries: list[_Entry] = []
    for row in range(1, table.rows) if lists and labels else ():
        label = _label([table.cell_at(row, c) for c in labels])
        cells = {id(cell): cell for c in lists if (cell := table.cell_at(row, c)) and cell.row == row}
        for cell in cells.values():
            found = dict.fromkeys(names[key] for name in _NAMES.split(cell.text) if (key := plain_name(name)) in names)
            entries += [_Entry(label, course, cell, "√") for course in found if label]
    return entries if len(entries) >= FEWEST else []


def _put_elsewhere(label: str, programme: Programme) -> str:
    """The text of a requirement that a label only refers to, from the plan's body; the label where there is none."""
    for opening in _openings(label):
        for block in programme.document.blocks:
            if (
                block.locator.table is None
                and block.locator.start >= programme.start
                and (found := opening.match(block.text))
            ):
                return f"{label} {found[1]}"
    return label


def _openings(label: str) -> Iterator[re.Pattern[str]]:
    """How a paragraph begins that holds the requirement which a label refers to by its end (规格 1; 1.2)."""
    words = label.split(" ")
    for last in dict.fromkeys((" ".join(words[-2:]), words[-1])):
        if _REFERENCE.match(last):
            item = "" if last[0] in "0123456789(（" else _ITEM
            spaced = r"\s*".join(map(re.escape, _squeezed(last)))
            yield re.compile(rf"^\s*{item}{spaced}(?![\d.．])\s*[:：.、．]?\s*([^\s:：.、．].{{3,}})")


def _place(cell: Cell, row: Locator | None, table: Table) -> Locator:
    home = row or Locator(cell.start, cell.end, 1, table=table.number, row=cell.row + 1)
    return replace(home, start=cell.start, end=cell.end, cell=cell.column + 1)


def _squeezed(text: str) -> str:
    return "".join(text.split())
