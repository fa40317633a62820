"""Reads the layout of a table in a teaching document: column names, row labels, groups, totals, repeated headers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from statistics import median

from corpora.document import Cell, Document, Table

_HEADER_WORD = re.compile(
    r"序\s*号|编号|内容|学时|课时|项目|任务|目标|要求|模块|单元|情境|章节|名称|方法|活动|考核|评价|权重|占比|比例|重点|难点|周次|学分|备注|课程|标准|分值|资源|步骤"
)
_FORM_WORD = re.compile(
    r"(?:课程|项目|任务|模块|单元|专业|中文|英文)?(?:名称|代码|编码|编号|类别|类型|性质|目标)|学分数?|总?[学课]时数?|(?:适用|开课|授课)\w{2,4}|先修课程|前导课程|"
    r"后续课程|开课\w{2}|考核(?:方式|形式|性质)|制定人|制订人|执笔人|审核人|(?:教学|学习|知识|能力|技能|素质|思政)(?:目标|内容|重点|难点|方法|条件|过程|任务|要求)|"
    r"使用教材|教材|参考(?:书目|资料|学时)|上课(?:时间|地点)|任课教师|主讲教师|教师|班级|学期|开设学期|日期|备注|理论|实践|重点|难点|作业|小结|反思"
)
_TEACHING_FIELD = re.compile(r"目标|内容|重点|难点|过程|任务|要求|作业|小结|反思|(?:项目|任务|模块|单元)名称")
_FORM_SPLIT = re.compile(r"[/／、]")
_LABEL_NAME = re.compile(
    r"^(?:(?:教学|学习|工作|实训|考核|考评|课程|典型|子)*(?:项目|模块|单元|情境|情景|任务|章节|主题|名称|类别|范围|子模块|子项目|领域|阶段|类型|课题|章|节)"
    r"(?:名称|类别|[（(][^（()）]{1,6}[）)])?)+$"
)
_SKIP_NAME = re.compile(
    r"^(?:序\s*号|编\s*号|代\s*码|课程代码|课程编码|周\s*[次数别]|星期|日\s*期|时\s*间|节次|权重|占比|比例|比重|分值|满分|得分|分数|成绩比例|地点|上课地点|"
    r"教师|主讲教师|任课教师|授课教师|主讲人|学分|学期|开课学期|评价主体|评价人|页码|数量|单位|课型|授课类型|项目满分|考试|考查|姓名|性别|职称|职务|职称/职务|"
    r"学历|学位|单位|工作单位|电话|联系电话|联系方式|专业技术职务)(?:[（(].{0,6}[）)])?$"
)
_MANNER_NAME = re.compile(r"^(?:授课|教学|上课|组织)(?:形式|方式|方法|手段|地点|场所)$")
_HOURS_NAME = re.compile(r"(?:学|课)时|时数|(?:学|课)\s时")
_HOURS_NOT = re.compile(r"周学时|周课时|学时比|比例|占比|学时数?/周|课外")
_HOURS_TOTAL = re.compile(r"总|合计|小计|共")
_HOURS_PART = re.compile(r"理论|实践|实训|实验|讲授|讲课|上机|讨论|习题|课内|线上|线下|其[他它]|自学|机动")
_TOTAL_ROW = re.compile(
    r"^.{0,10}(?:合|总|小|共|累)计$|^(?:合|总|小|共)计[\W\d]|^(?:总|合计)(?:学时|课时|学分)|^(?:学时|课时|学分)(?:合计|总计|小计)"
)
_NUMBERS = re.compile(
    r"[\d\s.,，、%％/／（）()+＋\-—–~～*×√✓☆★:：≥≤<>]*(?:(?:学时|课时|学分|分|周|节|次|个|W|w)[\s）);；。]*)?"
    r"|[一二三四五六七八九十]{1,3}"
)


@dataclass(frozen=True)
class Layout:
    """How a table is to be read.

    Parameters
    ----------
    table : the table.
    header_rows : number of leading rows that name the columns, or are its title.
    names : names of each column, top down, the merged title rows left out.
    labels : columns that name the row (project, module, task).
    skipped : columns that hold no statements (serial numbers, weights, places, one of two or three values).
    hours : columns whose numbers, added, are the row's hours.
    is_form : names and values side by side, as in a cover table, instead of columns.
    rows : the cells over each row, those that span down from above included.
    """

    table: Table
    header_rows: int
    names: tuple[tuple[str, ...], ...]
    labels: frozenset[int]
    skipped: frozenset[int]
    hours: tuple[int, ...]
    is_form: bool
    rows: tuple[tuple[Cell, ...], ...]

    @cached_property
    def _header_texts(self) -> frozenset[tuple[str, ...]]:
        return frozenset(_texts(self.rows[row]) for row in range(self.header_rows))

    def is_header(self, row: int) -> bool:
        """Whether a row is a header or repeats one."""
        if row < self.header_rows:
            return True
        return len(self.rows[row]) > 1 and bool(self._header_texts) and _texts(self.rows[row]) in self._header_texts

    def is_total(self, row: int) -> bool:
        """Whether a row holds a total or subtotal."""
        return any(_TOTAL_ROW.match(_flat(cell.text)) for cell in self.rows[row][:3])

    def group(self, row: int) -> Cell | None:
        """The cell of a row that is one cell over the whole width; None for other rows."""
        cells = [cell for cell in self.rows[row] if cell.text.strip()]
        wide = len(cells) == 1 and cells[0].column_span >= max(2, self.table.columns - 1)
        return cells[0] if wide else None

    def form_label(self, cell: Cell) -> Cell | None:
        """In a form, the nearest cell to the left that names the cell; None for a name itself and outside forms."""
        if not self.is_form or is_form_name(cell.text):
            return None
        left = [other for other in self.rows[cell.row] if other.column < cell.column]
        return next((other for other in reversed(left) if is_form_name(other.text)), None)

    def label_cells(self, row: int) -> Iterator[Cell]:
        """The cells that name a row, left to right, those merged over it included."""
        for cell in self.rows[row]:
            if cell.column in self.labels and cell.text.strip() and not is_number(cell.text):
                yield cell


@lru_cache(maxsize=4096)
def is_form_name(text: str) -> bool:
    """Whether a cell of a form is the name of a field (课程名称, 教学目标, 学时 / 学分)."""
    return all(_FORM_WORD.fullmatch(part) for part in _FORM_SPLIT.split(_flat(text).rstrip(":：")))


def is_cover_field(text: str) -> bool:
    """Whether a field of a form is administrative (课程代码, 学分, 适用专业): its value teaches nothing."""
    flat = _flat(text).rstrip(":：")
    return is_form_name(flat) and _TEACHING_FIELD.search(flat) is None


@lru_cache(maxsize=4096)
def is_number(text: str) -> bool:
    """Whether a cell holds only numbers, signs and units (hours, serials, weights)."""
    return _NUMBERS.fullmatch(text) is not None


def layouts_of(document: Document) -> tuple[Layout, ...]:
    """The layouts of a document's tables, in their order."""
    return tuple(layout_of(table) for table in document.tables)


def layout_of(table: Table) -> Layout:
    """Read the layout of a table."""
    rows = tuple(table.row_cells(row) for row in range(table.rows))
    form = _is_form(table, rows)
    header_rows = 0 if form else table.header_rows or _guess_header_rows(rows)
    names = tuple(_names(table, column, header_rows) for column in range(table.columns))
    skipped = frozenset(
        column
        for column, name in enumerate(names)
        if _holds_no_statements(table, column, header_rows, _flat(name[-1]) if name else "")
    )
    hours = _hours_columns(names)
    labels = _label_columns(table, header_rows, names, skipped | frozenset(hours))
    return Layout(table, header_rows, names, labels, skipped, hours, form, rows)


def _flat(text: str) -> str:
    return "".join(text.split())


def _texts(cells: Sequence[Cell]) -> tuple[str, ...]:
    return tuple(_flat(cell.text) for cell in cells)


def _is_form(table: Table, rows: Sequence[Sequence[Cell]]) -> bool:
    """Whether the table is a form: names in the first column (and others), values beside them."""
    first = [cell for cell in table.cells if cell.column == 0]
    texts = [_flat(cell.text).rstrip(":：") for cell in first if cell.text.strip()]
    named = sum(is_form_name(text) for text in texts)
    top = [cell for cell in rows[0] if cell.text.strip()] if rows else []
    values = sum(not is_form_name(cell.text) for cell in top)
    return table.columns > 1 and named >= max(1, len(texts) * 0.6) and (values > 0 or len(texts) > 2)


def _guess_header_rows(rows: Sequence[Sequence[Cell]]) -> int:
    """Header rows under a merged title row, which the parsers' heuristic does not count."""
    for row, cells in enumerate(rows[: min(3, len(rows) - 1)]):
        texts = [text for text in _texts(cells) if text]
        if len(texts) >= 2 and all(len(text) <= 24 for text in texts):
            named = sum(_HEADER_WORD.search(text) is not None and not is_number(text) for text in texts)
            return row + 1 if named * 2 >= len(texts) else 0
    return 0


def _names(table: Table, column: int, header_rows: int) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for row in range(header_rows):
        cell = table.cell_at(row, column)
        if cell and cell.text.strip() and (cell.column_span < table.columns or table.columns == 1):
            found.setdefault(" ".join(cell.text.split()))
    return tuple(found)


def _hours_columns(names: tuple[tuple[str, ...], ...]) -> tuple[int, ...]:
    joined = {column: "".join(name) for column, name in enumerate(names)}
    columns = [c for c, name in joined.items() if _HOURS_NAME.search(name) and not _HOURS_NOT.search(name)]
    for wanted in (
        lambda c: _HOURS_TOTAL.search(names[c][-1]),
        lambda c: not _HOURS_PART.search(names[c][-1]),
    ):
        found = [c for c in columns if wanted(c)]
        if found:
            return (found[0],)
    return tuple(columns)


def _label_columns(
    table: Table, header_rows: int, names: tuple[tuple[str, ...], ...], skipped: frozenset[int]
) -> frozenset[int]:
    """Columns that name the rows: by their own name, or short cells left of longer ones."""
    lengths = [_typical_length(table, column, header_rows) for column in range(table.columns)]
    usable = [column for column in range(table.columns) if column not in skipped and lengths[column]]
    found: set[int] = set()
    for position, column in enumerate(usable):
        named = bool(names[column]) and _LABEL_NAME.match(_flat(names[column][-1])) is not None
        rest = max((lengths[other] for other in usable[position + 1 :]), default=0.0)
        short = lengths[column] <= 14 and rest >= 1.5 * lengths[column]
        by_name = named or (short and position < 2 and not names[column])
        by_length = position == 0 and short and rest >= 2 * lengths[column]
        if rest and ((by_name and lengths[column] <= 30) or by_length):
            found.add(column)
        else:
            break
    return frozenset(found)


def _holds_no_statements(table: Table, column: int, header_rows: int, name: str) -> bool:
    if _SKIP_NAME.match(name) or _is_category(table, column, header_rows):
        return True
    return _MANNER_NAME.match(name) is not None and _typical_length(table, column, header_rows) <= 10


def _is_category(table: Table, column: int, header_rows: int) -> bool:
    """Whether a column only chooses between a few short words (必选, 教师记录)."""
    texts = [cell.text for cell in table.cells if cell.column == column and cell.row >= header_rows and cell.text]
    few = len(texts) >= 6 and len(set(texts)) * 4 <= len(texts)
    return few and max(map(len, texts)) <= 12


def _typical_length(table: Table, column: int, header_rows: int) -> float:
    texts = (cell.text for cell in table.cells if cell.column == column and cell.row >= header_rows)
    lengths = [len(text) for text in texts if text and not is_number(text)]
    return median(lengths) if lengths else 0.0
