"""The rows of a course table: courses, totals, rows that name a category, notes; with the block labels of each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from corpora.document import Cell
from corpora.programme.schedule.categories import category_of, is_direction, means_category
from corpora.programme.schedule.cells import clean_name, flat, is_blank, label, number
from corpora.programme.schedule.columns import Column, Columns, is_name_header
from corpora.programme.schedule.grid import assign
from corpora.programme.schedule.labels import block_labels
from corpora.programme.schedule.roles import VALUES, Role

RowKind = Literal["course", "total", "group", "note", "header", "blank"]

_TOTAL = re.compile(
    r".{0,16}(?:小计|合计|总计|共计|累计).{0,12}|.{0,10}(?:总学时|总课时|总学分)数?(?:[(（].{0,8})?|(?:学分|学时|课时)数?"
)
# lines below the courses that count something else: 门数, 周学时
_STATISTIC = re.compile(
    r"门数|门次|周(?:学|课)时|平均|比例|占总|占比|百分比|周数|最低.{0,6}学分|毕业.{0,4}学分|^考[试查察]$"
)
_NOTE = re.compile(r"备注|说明|注[:：]|^注|参见|详见|见附|具体|^[①-⑳]|^\*|^※|^★")
_GROUP = re.compile(
    r"课$|课程|模块|环节|平台|领域|方向|实践|必修|选修|任选|限选|类$|部分|教育$|基础$|核心$|拓展$|^[一二三四五六七八九十]+、"
)
# a category that is no course: 专业核心课, 公共基础课程（必修）, 实践性教学环节
_HEAD = re.compile(r"(?:课|课程|模块|环节|平台|领域|部分|类|方向)(?:[（(].*)?$")
_NUMERAL = re.compile(r"[(（]?[一二三四五六七八九十Ⅰ-Ⅹ]{1,2}[)）]?[、.．]?")
_LEVELS = (
    re.compile(r"^(?:第?[一二三四五六七八九十]+[、.．]|[A-Z][、.．]|[ⅠⅡⅢⅣⅤⅥ][、.．]?)"),
    re.compile(r"^(?:[(（][一二三四五六七八九十]+[)）][、.]?|\d{1,2}[、.．](?!\d))"),
    re.compile(r"^(?:[(（]\d{1,2}[)）]|\d{1,2}[.．]\d{1,2}|[①-⑳])"),
)


@dataclass(frozen=True)
class Row:
    """One row of a course table.

    Parameters
    ----------
    index : grid row, from 0.
    kind : what it is.
    label : the course's name, the total's label, the category; "" where the row has none.
    path : block labels that the row stands in, outermost first.
    name : the cell that holds the label.
    cells : (column, cell) of the row's other cells, left to right.
    covers : whether a total's label covers columns of block labels: it sums the outer block.
    grouped : how many of the labels come from rows above that name a category, or from the table's heading.
    """

    index: int
    kind: RowKind
    label: str = ""
    path: tuple[str, ...] = ()
    name: Cell | None = None
    cells: tuple[tuple[Column, Cell], ...] = field(default=(), repr=False)
    covers: bool = False
    grouped: int = 0

    def first(self, *roles: Role) -> Cell | None:
        """The first filled cell of a role."""
        return next((cell for column, cell in self.cells if column.role in roles and not is_blank(cell.text)), None)

    def all(self, *roles: Role) -> tuple[Cell, ...]:
        """The filled cells of some roles."""
        return tuple(cell for column, cell in self.cells if column.role in roles and not is_blank(cell.text))


def read_rows(layout: Columns) -> tuple[Row, ...]:
    """The rows below a table's header, each with its kind and block labels."""
    labels = block_labels(layout)
    groups: list[tuple[int, str]] = []
    found: list[Row] = []
    for index in range(layout.end, layout.table.rows):
        row = _row(layout, index, labels[index])
        if row.kind == "group":
            level = _level(row.label, groups)
            groups = [(n, text) for n, text in groups if n < level] + [(level, without_number(row.label))]
        elif groups:
            row = within(row, tuple(text for _, text in groups))
        found.append(row)
    return tuple(_split_totals(layout, found))


def within(row: Row, groups: tuple[str, ...]) -> Row:
    """A row with the labels of the groups that it stands in before its own."""
    return replace(row, path=tuple(dict.fromkeys((*groups, *row.path))), grouped=len(groups))


def _row(layout: Columns, index: int, path: tuple[str, ...]) -> Row:
    cells = layout.table.row_cells(index)
    filled = [cell for cell in cells if not is_blank(cell.text)]
    over_name = [c for c in filled if _overlaps(c, layout.name)]
    if any(is_name_header(cell.text) for cell in over_name):
        return Row(index, "header")
    if not [cell for cell in filled if cell.row == index]:
        return Row(index, "blank")
    if (single := _wide(layout, filled, index)) is not None:
        return Row(index, "group" if _is_group(single.text) else "note", label(single.text), path, single)
    if (head := _head(layout, filled, index)) is not None:
        return Row(index, "group", head[1], path, head[0])
    if (found := _total_label(layout, filled, index)) is not None:
        return _total(layout, index, path, found, cells)
    return _course(layout, index, path, cells)


def _overlaps(cell: Cell, column: Column) -> bool:
    return cell.column <= column.last and column.first <= cell.column + cell.column_span - 1


def _wide(layout: Columns, filled: Sequence[Cell], index: int) -> Cell | None:
    """The cell of a row that is one text over names and figures, with nothing beside it but block labels."""
    own = [cell for cell in filled if cell.row == index and cell.column_span > 1]
    for cell in own:
        last = cell.column + cell.column_span - 1
        figures = [c for c in layout.columns if c.role in VALUES and c.first <= last and c.first >= cell.column]
        others = [c for c in filled if c is not cell and c.row == index and c.column > cell.column]
        wide = len(figures) >= 3 or len(figures) >= max(1, len(layout.of(*VALUES)) - 1)
        if wide and _overlaps(cell, layout.name) and not others and number(cell.text) is None:
            return cell
    return None


def _head(layout: Columns, filled: Sequence[Cell], index: int) -> tuple[Cell, str] | None:
    """A category, with its number, in the column of names (or left of it) alone in its row, or behind 一, 二."""
    own = [cell for cell in filled if cell.row == index]
    text = own[-1] if len(own) == len(filled) <= 2 else None
    numeral = next((c for c in own if c.column < layout.name.first and _NUMERAL.fullmatch(flat(c.text))), None)
    if numeral is not None:  # 一 | 公共基础课 | 20 | 320: the row may sum what follows
        text = next((cell for cell in own if _overlaps(cell, layout.name)), None)
        if text is not None and _is_group(text.text) and _counts_otherwise(layout, numeral):
            return text, f"{label(numeral.text).rstrip('、.．')}、{label(text.text)}"
        return None
    if text is not None and (len(own) > 1 or text.column > layout.name.last):
        return None
    if text is None or text.row_span > 1 or not _is_group(text.text) or not _HEAD.search(flat(text.text)):
        return None
    return text, label(text.text)


def _counts_otherwise(layout: Columns, numeral: Cell) -> bool:
    """Whether other rows are numbered 1, 2, 3 where one is numbered 一."""
    cells = (layout.table.cell_at(row, numeral.column) for row in range(layout.end, layout.table.rows))
    return any(cell is not None and number(cell.text) is not None for cell in cells)


def _is_group(text: str) -> bool:
    plain = flat(text)
    if len(plain) > 30 or "。" in plain or _NOTE.search(plain):
        return False
    return _GROUP.search(plain) is not None or means_category(without_number(plain))


def _total_label(layout: Columns, filled: Sequence[Cell], index: int) -> Cell | None:
    """The cell that makes a row a total or a statistic; a block label counts only where the row has no course."""
    for cell in filled:
        if cell.column > layout.name.last:
            break
        plain = flat(cell.text)
        if len(plain) > 26:
            continue
        if _STATISTIC.search(plain) and cell.column < layout.name.first and cell.row_span <= 4:
            return cell
        if _TOTAL.fullmatch(plain) and (cell.row == index or cell.row_span <= 4):
            return cell
    return None


def _total(layout: Columns, index: int, path: tuple[str, ...], found: Cell, cells: Sequence[Cell]) -> Row:
    text = label(found.text)
    if _STATISTIC.search(flat(text)):
        return Row(index, "note", text, path, found)
    rest = [cell for cell in cells if cell.column >= found.column + found.column_span]
    named = [c for c in rest if _overlaps(c, layout.name) and not is_blank(c.text) and number(c.text) is None]
    if named:  # 总学时数 | one of two majors
        text = f"{text} {label(named[0].text)}"
    pairs = tuple((column, cell) for column, cell in assign(layout.columns, rest) if _within_one(layout, column, cell))
    blocks = layout.of("block")
    covers = any(_overlaps(found, column) for column in blocks)
    own_path = tuple(part for part in path if part != label(found.text))
    return Row(index, "total", text, own_path, found, pairs, covers)


def _within_one(layout: Columns, column: Column, cell: Cell) -> bool:
    """Whether a total's figure stands under one column only, not under several of different roles."""
    over = {other.role for other in layout.columns if _overlaps(cell, other)}
    return column.role != "name" and len(over) == 1


def _course(layout: Columns, index: int, path: tuple[str, ...], cells: Sequence[Cell]) -> Row:
    pairs = assign(layout.columns, cells)
    names = [cell for column, cell in pairs if column.role == "name"]
    rest = tuple((column, cell) for column, cell in pairs if column.role != "name")
    name = names[-1] if names else None
    inner = tuple(label(cell.text) for cell in names[:-1] if not is_blank(cell.text))
    path = tuple(dict.fromkeys((*path, *inner)))
    text = (
        clean_name(name.text, layout.bilingual, layout.numbered) if name is not None and not is_blank(name.text) else ""
    )
    if number(text) is not None or (_NOTE.match(text) and len(text) > 12):
        text, name = "", None
    row = Row(index, "course", text, path, name, rest)
    if name is not None and name.row != index:
        return Row(index, "blank") if not text else Row(index, "course", text, path, name, rest)
    if not text and not _has_figures(row):
        return Row(index, "blank", path=path)
    return row


def _has_figures(row: Row) -> bool:
    """Whether a row without a name has hours or credits of its own."""
    own = [
        c for column, c in row.cells if column.role in ("credits", "hours", "theory", "practice") and c.row_span == 1
    ]
    return any((number(cell.text) or 0) > 0 for cell in own)


def _split_totals(layout: Columns, rows: Sequence[Row]) -> Iterator[Row]:
    """Totals over two rows, names above figures (总计 | 理论课 | 实践课): the figures get the columns of the names."""
    names: Row | None = None
    for row, following in zip(rows, [*rows[1:], None], strict=True):
        below = following is not None and row.kind == following.kind == "total" and row.name is following.name
        if below and _only_names(layout, row):
            names = row
        elif names is not None and row.name is names.name:
            cells = tuple(_named_figures(layout, row, names.index))
            yield replace(row, cells=cells)
        else:
            yield row


def _only_names(layout: Columns, row: Row) -> bool:
    """Whether what stands beside a total's label are the names of figures below it."""
    texts = [cell.text for cell in layout.table.row_cells(row.index) if cell is not row.name and cell.text.strip()]
    return sum(_figure_role(text) is not None for text in texts) >= max(1, len(texts) - 1)


def _named_figures(layout: Columns, row: Row, names: int) -> Iterator[tuple[Column, Cell]]:
    """The figures of a row under the names of an earlier one."""
    for cell in layout.table.row_cells(row.index):
        head = layout.table.cell_at(names, cell.column)
        role = _figure_role(head.text) if head is not None and head is not cell else None
        if role:
            yield Column(role, cell.column, cell.column, ()), cell


def _figure_role(text: str) -> Role | None:
    plain = flat(text)
    if number(plain) is not None or len(plain) > 12:
        return None
    roles: tuple[tuple[str, Role], ...] = (
        ("理论", "theory"),
        ("实践", "practice"),
        ("学分", "credits"),
        ("时", "hours"),
    )
    return next((role for word, role in roles if word in plain), None)


def _level(text: str, groups: Sequence[tuple[int, str]]) -> int:
    """How deep a heading stands: by its number; a short one without number is inside, unless of another category."""
    plain = flat(text)
    numbered = next((level for level, pattern in enumerate(_LEVELS, 1) if pattern.match(plain)), 0)
    if numbered or len(plain) >= 5:
        return numbered or 1
    own = category_of((plain,)).category
    outer = {category_of((name,)).category for level, name in groups if level == 1}
    return 2 if not outer or own == "other" or own in outer or is_direction(plain) else 1


def without_number(text: str) -> str:
    """A heading without its leading number: ``（一）公共基础课`` is ``公共基础课``."""
    plain = label(text)
    match = next((found for pattern in _LEVELS if (found := pattern.match(plain))), None)
    return (plain[match.end() :] if match else plain) or plain
