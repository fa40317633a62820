"""The rows of a table that splits a total: categories in rows or in columns, quantities the other way."""

from __future__ import annotations

import itertools
import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from corpora.document import Cell, Table
from corpora.programme.schedule.categories import names_category
from corpora.programme.schedule.cells import flat, is_blank
from corpora.programme.schedule.columns import read_columns
from corpora.programme.tables.table_places import plain_number

Name = Literal["hours", "credits", "theory", "practice", "share", "other"]
Of = Literal["hours", "credits", ""]

_COURSES = re.compile(r"课程名称?|课程代码|课程编[号码]|名称|姓名|教材|实训室|任务|证书")
_LABEL_HEAD = re.compile(r"课程|类别|性质|分类|结构|体系|平台|领域|项目|模块|学分|类型")
_LABEL_COLUMN = re.compile(r"类别|分类|性质|类型$")
_TOTAL = re.compile(r"(?:.{0,8}(?:合计|总计|小计|共计)(?:[（(].*)?|总(?:学时|学分|课时|数|和)?数?|合|计)")
_SHARE = re.compile(r"比例|占比|百分比|比重|比率|[%％]")
_THEORY = re.compile(r"理论|讲授|课堂教学|讲课")
_PRACTICE = re.compile(r"实践|实训|实验|上机")
_CREDITS = re.compile(r"学分")
_HOURS = re.compile(r"学时|课时|时数")
_OTHER = re.compile(r"门数|门次|课程数|选修|必修|周学时|学期|学年|序号|备注|说明|周数")


@dataclass(frozen=True)
class Quantity:
    name: Name
    of: Literal["hours", "credits", ""] = ""


@dataclass
class SplitRow:
    """A row (or column) of a split: its labels, outermost first, its own label's cell, its figures."""

    path: tuple[str, ...]
    cell: Cell
    figures: dict[Name, tuple[Cell, str]]
    whole: bool = False

    @property
    def percents(self) -> bool:
        """Whether its numbers are shares of the sums above it (比例 | 100% | 45% | 55%)."""
        return _SHARE.search(self.path[-1]) is not None

    @property
    def total(self) -> bool:
        """Whether it is a sum or subtotal."""
        return self.whole or _TOTAL.fullmatch(self.path[-1]) is not None


def lists_courses(table: Table) -> bool:
    heads = (flat(cell.text) for cell in table.cells if cell.row < 12 and len(cell.text) < 12)
    if any(_COURSES.fullmatch(text) for text in heads):
        return True
    layout = read_columns(table)
    return layout is not None and len(layout.semesters) > 1


def splits_of(table: Table) -> Iterator[list[SplitRow]]:
    """The ways in which a table splits the total, top down."""
    heading: list[int] = []
    reader: _Reader | None = None
    for row in range(table.rows):
        cells = [cell for cell in table.row_cells(row) if flat(cell.text)]
        numbers = sum(_numeric(cell) for cell in cells if cell.row == row)
        if len(cells) == 1 and table.columns > 2:
            yield from _finished(reader)
            reader, heading = None, []
        elif not numbers:
            if reader is None or sum(_heads(cell) for cell in cells) > 1:
                heading.append(row)
        elif pairs := _pairs(table, row):
            yield from _finished(reader)
            reader, heading = None, []
            yield _paired(pairs)
        else:
            if heading:
                yield from _finished(reader)
                reader = _reader(table, heading)
                heading = []
            if reader is None or not reader.read(row):
                yield from _finished(reader)
                reader = None
    yield from _finished(reader)


def _heads(cell: Cell) -> bool:
    """Whether a cell names a column of quantities."""
    quantity = _quantity(flat(cell.text))
    return quantity is not None and quantity.name != "other"


def _pairs(table: Table, row: int) -> list[tuple[Cell, Cell]]:
    """The labels and values of a row like 总课时数 2820 理论课时数 1370; [] for any other row."""
    cells = [cell for cell in table.row_cells(row) if flat(cell.text)]
    pairs = [(a, b) for a, b in itertools.pairwise(cells) if not _numeric(a) and _numeric(b)]
    named = [pair for pair in pairs if _quantity(flat(pair[0].text))]
    numbers = sum(_numeric(cell) for cell in cells)
    return pairs if len(named) > 1 and len(named) == numbers else []


def _paired(pairs: Sequence[tuple[Cell, Cell]]) -> list[SplitRow]:
    """Rows of a split that is printed as labels and values; parts of one total are put together."""
    rows: list[SplitRow] = []
    for label, value in pairs:
        text = flat(label.text)
        quantity = _quantity(text) or Quantity("other")
        whole = _TOTAL.match(text) is not None
        if quantity.name in ("hours", "credits") or not rows:
            rows.append(SplitRow((text,), label, {}, whole))
        if quantity.name != "other":
            rows[-1].figures.setdefault(quantity.name, (value, quantity.of))
    return rows


def _finished(reader: _Reader | None) -> Iterator[list[SplitRow]]:
    rows = [row for row in reader.rows if row.figures] if reader is not None else []
    if rows:
        yield rows


def _numeric(cell: Cell) -> bool:
    return plain_number(cell.text) is not None and "周" not in cell.text


class _Reader(ABC):
    """Reads the rows under one heading."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.rows: list[SplitRow] = []

    @abstractmethod
    def read(self, row: int) -> bool:
        """Takes a row in; False when it does not belong to this split any more."""


class _ByRows(_Reader):
    """Categories in rows, quantities in columns."""

    def __init__(self, table: Table, columns: dict[int, Quantity]) -> None:
        super().__init__(table)
        self.columns = columns
        self.first = min(columns)

    def read(self, row: int) -> bool:
        """See ``_Reader``."""
        labels = [cell for c in range(self.first) if (cell := self.table.cell_at(row, c)) is not None]
        labels = [cell for cell in dict.fromkeys(labels) if not is_blank(cell.text) and not _numeric(cell)]
        path = tuple(dict.fromkeys(flat(cell.text) for cell in labels))
        if not path or len(path[-1]) > 40:
            return bool(self.rows)
        figures: dict[Name, tuple[Cell, str]] = {}
        for column, quantity in self.columns.items():
            cell = self.table.cell_at(row, column)
            new = cell is not None and all(cell is not other for other, _ in figures.values())
            if cell is not None and new and _numeric(cell) and quantity.name != "other":
                figures.setdefault(quantity.name, (cell, quantity.of))
        if figures:
            self.rows.append(SplitRow(path, labels[-1], figures))
        return True


class _ByColumns(_Reader):
    """Categories in columns, quantities in rows."""

    def __init__(self, table: Table, columns: dict[int, tuple[tuple[str, ...], Cell]]) -> None:
        super().__init__(table)
        self.columns = columns
        self.rows = [SplitRow(path, cell, {}) for path, cell in columns.values()]

    def read(self, row: int) -> bool:
        """See ``_Reader``."""
        first = min(self.columns)
        heads = [cell for c in range(first) if (cell := self.table.cell_at(row, c)) is not None]
        quantity = _quantity("".join(flat(cell.text) for cell in dict.fromkeys(heads)))
        cells = [self.table.cell_at(row, column) for column in self.columns]
        if quantity is None or any(cell and flat(cell.text) and not _numeric(cell) for cell in cells):
            return False
        for target, column in zip(self.rows, self.columns, strict=True):
            cell = self.table.cell_at(row, column)
            if cell is not None and _numeric(cell):
                target.figures.setdefault(quantity.name, (cell, quantity.of))
        return True


def _reader(table: Table, heading: Sequence[int]) -> _Reader | None:
    """The reader for rows under a heading; None where the heading names no split."""
    names: dict[int, tuple[list[str], Cell]] = {}
    for column in range(table.columns):
        cells = dict.fromkeys(cell for row in heading if (cell := table.cell_at(row, column)) and flat(cell.text))
        if cells:
            names[column] = ([flat(cell.text) for cell in cells], list(cells)[-1])
    by_rows = _quantity_columns(names)
    heads = "".join(text for column, (texts, _) in names.items() if column < min(by_rows, default=0) for text in texts)
    if by_rows and min(by_rows) > 0 and _LABEL_HEAD.search(heads):
        return _ByRows(table, by_rows)
    by_columns: dict[int, tuple[tuple[str, ...], Cell]] = {}
    for column, (path, cell) in names.items():
        known = cell in [other for _, other in by_columns.values()]
        if column and not known and (names_category(path[-1]) or _TOTAL.fullmatch(path[-1])):
            by_columns[column] = (tuple(path), cell)
    return _ByColumns(table, by_columns) if len(by_columns) >= 3 else None


def _quantity_columns(names: dict[int, tuple[list[str], Cell]]) -> dict[int, Quantity]:
    """Columns that hold quantities; {} unless hours or credits and one more are among them."""
    found: dict[int, Quantity] = {}
    cells: list[Cell] = []
    for column, (texts, cell) in names.items():
        quantity = _quantity(texts[-1], "".join(texts[:-1]))
        if quantity is None or cell in cells or _LABEL_COLUMN.search(texts[-1]):
            continue
        if quantity.name == "other" and not found:
            continue  # 序号, 门数 before the quantities
        if quantity.name in ("hours", "credits") and quantity.name in {q.name for q in found.values()}:
            quantity = Quantity("other")
        found[column] = quantity
        cells.append(cell)
    named = {quantity.name for quantity in found.values()}
    return found if named & {"hours", "credits"} and len(found) >= 2 else {}


def _quantity(text: str, above: str = "") -> Quantity | None:
    """What a column or row counts, by its own name and the names above it; None for a category or anything else."""
    if len(text) > 16 or not text:
        return None
    whole = above + text
    if _SHARE.search(text):
        if _THEORY.search(text) or _PRACTICE.search(text):
            return Quantity("other")
        return Quantity("share", "credits" if _CREDITS.search(whole) else "hours" if _HOURS.search(whole) else "")
    if _OTHER.search(text):
        return Quantity("other")
    for name, pattern in (("theory", _THEORY), ("practice", _PRACTICE)):
        if pattern.search(text) and (_HOURS.search(whole) or len(text) <= 4):
            return Quantity(name)  # type: ignore[arg-type]
    if _CREDITS.search(text):
        return Quantity("credits")
    if _HOURS.search(text) or (_HOURS.search(above) and re.fullmatch("总数?|合计|小计|总计|数", text)):
        return Quantity("hours")
    return None
