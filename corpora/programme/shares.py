"""Tables that split the plan's hours and credits by categories (学时学分分配表), whichever way they are turned."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from corpora.document import Cell, Document, Locator, Table
from corpora.programme.categories import category_of, names_category, required_by
from corpora.programme.cells import flat
from corpora.programme.model import Category, Figure, ShareRow
from corpora.programme.table_places import TablePlaces, plain_number

Name = Literal["hours", "credits", "theory", "practice", "share", "other"]

_COURSES = re.compile(r"课程名称?|课程代码|课程编[号码]|名称|姓名|教材|实训室|任务|证书")
_LABEL_HEAD = re.compile(r"课程|类别|性质|分类|结构|体系|平台|领域|项目|模块|学分|类型")
_LABEL_COLUMN = re.compile(r"类别|分类|性质|类型$")
_NO_CATEGORY = re.compile(r"(?:选修|必修|任选|限选|专业|理论|技能)?课?(?:程)?(?:教学)?")
_TOTAL = re.compile(r"(?:.{0,8}(?:合计|总计|小计|共计)(?:[（(].*)?|总(?:学时|学分|课时|数|和)?数?|合|计)")
_SHARE = re.compile(r"比例|占比|百分比|比重|比率|[%％]")
_THEORY = re.compile(r"理论|讲授|课堂教学|讲课")
_PRACTICE = re.compile(r"实践|实训|实验|上机")
_CREDITS = re.compile(r"学分")
_HOURS = re.compile(r"学时|课时|时数")
_OTHER = re.compile(r"门数|门次|课程数|选修|必修|周学时|学期|学年|序号|备注|说明|周数")
#: A split of a whole plan has at least so many hours or credits in its largest row.
_MIN_HOURS, _MIN_CREDITS = 400.0, 40.0


@dataclass(frozen=True)
class _Quantity:
    name: Name
    of: Literal["hours", "credits", ""] = ""


@dataclass
class _Row:
    """A row of a split while it is put together."""

    path: tuple[str, ...]
    cell: Cell
    figures: dict[Name, tuple[Cell, str]]
    whole: bool = False

    @property
    def total(self) -> bool:
        """Whether it is a sum or subtotal."""
        return self.whole or _TOTAL.fullmatch(self.path[-1]) is not None


def read_shares(document: Document, start: int, end: int) -> tuple[ShareRow, ...]:
    """The rows of all tables of shares in a stretch of the document.

    Parameters
    ----------
    document : the document.
    start, end : the stretch, offsets into ``Document.text``.
    """
    places = TablePlaces(document, start, end)
    return tuple(row for table in places for row in _rows_of(places, table))


def _rows_of(places: TablePlaces, table: Table) -> Iterator[ShareRow]:
    if table.columns < 2 or table.rows < 2 or _lists_courses(table):
        return
    for split, rows in enumerate(split for split in _splits(table) if _counts(split)):
        scale = _percent_scale(rows)
        for row in rows:
            yield _share_row(places, table, row, split, scale)


def _lists_courses(table: Table) -> bool:
    heads = (flat(cell.text) for cell in table.cells if cell.row < 12 and len(cell.text) < 12)
    return any(_COURSES.fullmatch(text) for text in heads)


def _splits(table: Table) -> Iterator[list[_Row]]:
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


def _paired(pairs: Sequence[tuple[Cell, Cell]]) -> list[_Row]:
    """Rows of a split that is printed as labels and values; parts of one total are put together."""
    rows: list[_Row] = []
    for label, value in pairs:
        text = flat(label.text)
        quantity = _quantity(text) or _Quantity("other")
        whole = _TOTAL.match(text) is not None
        if quantity.name in ("hours", "credits") or not rows:
            rows.append(_Row((text,), label, {}, whole))
        if quantity.name != "other":
            rows[-1].figures.setdefault(quantity.name, (value, quantity.of))
    return rows


def _finished(reader: _Reader | None) -> Iterator[list[_Row]]:
    rows = [row for row in reader.rows if row.figures] if reader is not None else []
    if rows:
        yield rows


def _numeric(cell: Cell) -> bool:
    return plain_number(cell.text) is not None and "周" not in cell.text


class _Reader:
    """Reads the rows under one heading."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.rows: list[_Row] = []

    def read(self, row: int) -> bool:
        """Takes a row in; False when it does not belong to this split any more."""
        raise NotImplementedError


class _ByRows(_Reader):
    """Categories in rows, quantities in columns."""

    def __init__(self, table: Table, columns: dict[int, _Quantity]) -> None:
        super().__init__(table)
        self.columns = columns
        self.first = min(columns)

    def read(self, row: int) -> bool:
        """See ``_Reader``."""
        labels = [cell for c in range(self.first) if (cell := self.table.cell_at(row, c)) is not None]
        labels = [cell for cell in dict.fromkeys(labels) if flat(cell.text) and not _numeric(cell)]
        path = tuple(dict.fromkeys(flat(cell.text) for cell in labels))
        if not path or _SHARE.search(path[-1]) or len(path[-1]) > 40:
            return bool(self.rows)
        figures: dict[Name, tuple[Cell, str]] = {}
        for column, quantity in self.columns.items():
            cell = self.table.cell_at(row, column)
            new = cell is not None and all(cell is not other for other, _ in figures.values())
            if cell is not None and new and _numeric(cell) and quantity.name != "other":
                figures.setdefault(quantity.name, (cell, quantity.of))
        if figures:
            self.rows.append(_Row(path, labels[-1], figures))
        return True


class _ByColumns(_Reader):
    """Categories in columns, quantities in rows."""

    def __init__(self, table: Table, columns: dict[int, tuple[tuple[str, ...], Cell]]) -> None:
        super().__init__(table)
        self.columns = columns
        self.rows = [_Row(path, cell, {}) for path, cell in columns.values()]

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
    if by_rows and min(by_rows) > 0 and _LABEL_HEAD.search("".join(names.get(0, ([""], None))[0])):
        return _ByRows(table, by_rows)
    by_columns: dict[int, tuple[tuple[str, ...], Cell]] = {}
    for column, (path, cell) in names.items():
        known = cell in [other for _, other in by_columns.values()]
        if column and not known and (names_category(path[-1]) or _TOTAL.fullmatch(path[-1])):
            by_columns[column] = (tuple(path), cell)
    return _ByColumns(table, by_columns) if len(by_columns) >= 3 else None


def _quantity_columns(names: dict[int, tuple[list[str], Cell]]) -> dict[int, _Quantity]:
    """Columns that hold quantities; {} unless hours or credits and one more are among them."""
    found: dict[int, _Quantity] = {}
    cells: list[Cell] = []
    for column, (texts, cell) in names.items():
        quantity = _quantity(texts[-1], "".join(texts[:-1]))
        if quantity is None or cell in cells or _LABEL_COLUMN.search(texts[-1]):
            continue
        if quantity.name == "share" and not quantity.of:
            left = [q.name for q in found.values() if q.name in ("hours", "credits")]
            quantity = _Quantity("share", "credits" if left and left[-1] == "credits" else "hours" if left else "")
        if quantity.name in ("hours", "credits") and quantity.name in {q.name for q in found.values()}:
            quantity = _Quantity("other")
        found[column] = quantity
        cells.append(cell)
    named = {quantity.name for quantity in found.values()}
    return found if named & {"hours", "credits"} and len(found) >= 2 else {}


def _quantity(text: str, above: str = "") -> _Quantity | None:
    """What a column or row counts, by its own name and the names above it; None for a category or anything else."""
    if len(text) > 16 or not text:
        return None
    whole = above + text
    if _SHARE.search(text):
        if _THEORY.search(text) or _PRACTICE.search(text):
            return _Quantity("other")
        return _Quantity("share", "credits" if _CREDITS.search(whole) else "hours" if _HOURS.search(whole) else "")
    if _OTHER.search(text):
        return _Quantity("other")
    for name, pattern in (("theory", _THEORY), ("practice", _PRACTICE)):
        if pattern.search(text) and (_HOURS.search(whole) or len(text) <= 4):
            return _Quantity(name)  # type: ignore[arg-type]
    if _CREDITS.search(text):
        return _Quantity("credits")
    if _HOURS.search(text) or (_HOURS.search(above) and re.fullmatch("总数?|合计|小计|总计|数", text)):
        return _Quantity("hours")
    return None


def _counts(rows: Sequence[_Row]) -> bool:
    """Whether rows are a split of a plan's total: categories, with enough hours or credits."""
    named = [row for row in rows if names_category(row.path[-1]) or row.total]
    large = any(
        (plain_number(row.figures[name][0].text) or 0) >= least
        for row in rows
        for name, least in (("hours", _MIN_HOURS), ("credits", _MIN_CREDITS))
        if name in row.figures
    )
    return bool(named) and len(named) >= len(rows) / 2 and large


def _percent_scale(rows: Sequence[_Row]) -> float:
    """100 where shares are printed as fractions of one."""
    shares = [row.figures["share"][0].text for row in rows if "share" in row.figures]
    values = [plain_number(text) or 0.0 for text in shares]
    return 100.0 if values and max(values) <= 1.0 and not any("%" in flat(text) for text in shares) else 1.0


def _category(path: Sequence[str]) -> Category | None:
    """The category that a row's labels mean; None for rows like 必修课, 专业课 that are none."""
    plain = [re.sub(r"[（(].*", "", text) for text in path]
    plain = [re.sub(r"(?:总)?(?:学时|课时|学分)数?$", "", text) for text in plain if text]
    if not plain or not names_category(plain[-1]) or _NO_CATEGORY.fullmatch(plain[-1]):
        return None
    return category_of(plain).category


def _share_row(places: TablePlaces, table: Table, row: _Row, split: int, scale: float) -> ShareRow:
    total = row.total
    locator: Locator = places.locator(table, row.cell)
    category: Category | None = None if total else _category(row.path)
    figures: dict[str, Figure | None] = {
        name: places.figure(table, cell, scale if name == "share" else 1.0) for name, (cell, _) in row.figures.items()
    }
    return ShareRow(
        label="/".join(row.path),
        table=table.number,
        locator=locator,
        category=category,
        required=None if total else required_by(row.path),
        total=total,
        hours=figures.get("hours"),
        credits=figures.get("credits"),
        theory=figures.get("theory"),
        practice=figures.get("practice"),
        share=figures.get("share"),
        share_of=row.figures["share"][1] if "share" in row.figures else "",  # type: ignore[arg-type]
        split=split,
    )
