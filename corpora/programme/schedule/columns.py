"""Header rows of a course table and what each of its columns holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from corpora.document import Cell, Table
from corpora.programme.model import Unit
from corpora.programme.schedule.cells import flat, has_english, header_text, is_blank, is_numbered, number, weeks_inside
from corpora.programme.schedule.roles import Role, is_bare_nature, role_by_values
from corpora.programme.schedule.semesters import semester_columns

_NAME = re.compile(
    r"(?:课程|科目|课目|学习领域|教学环节|实践环节|实践项目|实训项目|实习项目|环节|项目)(?:[/、(（和及与]?(?:课程|模块|教学环节|实践环节|环节|项目|实训)[)）]?)*(?:名称|名)"
    r"|[\u4e00-\u9fff、/]{0,10}(?:课程|环节|项目|实训|实习|科目)(?:名称|名)"
    r"|课程名.*|课程|名称|科目|课目|课程及(?:教学|实践)?环节|(?:集中|综合|主要)?实践(?:性)?(?:教学)?(?:环节|项目|内容)|实[习训](?:项目|内容|课程)(?:名称)?|教学环节|(?:专业)?\w{0,6}课程名称?"
)
_NAME_BEST = re.compile(r"\w{0,8}课程(?:及环节|或环节)?(?:名称|名)")
_WORD = re.compile(
    r"序号|代码|编码|编号|课程号|类别|性质|类型|学分|学时|课时|理论|实践|考核|考试|考查|学期|学年|周|备注|授课|开课|开设|说明"
)
# (role, pattern of the innermost header text); the first that fits
_LEAVES: tuple[tuple[Role, re.Pattern[str]], ...] = (
    ("serial", re.compile(r"^(?:序号?|No\.?|顺序号?|项目编号)$")),
    ("ignored", re.compile(r"英文(?!代码|缩写)")),
    ("code", re.compile(r"(?:代码|编码|代号|课程号|课号)$|^(?:课程)?编号$")),
    (
        "ignored",
        re.compile(
            r"(?:开课|授课|承担|任课|责任|归口|归属|所属|主讲|组织|实施).{0,2}(?:部门|单位|院|系|教研室|专业|教师)|^部门$|教研室|先修|后续|教材|主要内容"
        ),
    ),
    ("semester_text", re.compile(r"学期[/／]周")),
    (
        "quota",
        re.compile(r"(?:完成|应修|应选|最低|修满|要求|需修|至少).{0,4}学分|学分(?:要求|限制)|选(?:修|课)(?:要求|说明)"),
    ),
    (
        "hours_parts",
        re.compile(
            r"(?:学|课)时数?[(（].{0,8}(?:理论|实[践验训]|讲[授课]).{0,6}[)）]"
            r"|(?:理论|讲[授课])(?:学时|教学)?[+＋/／:：](?:实[践验训])|实[践验训](?:学时|教学)?[+＋/／:：](?:理论|讲[授课])"
        ),
    ),
    ("credits_hours", re.compile(r"学分数?[/(（、与和]总?(?:学|课)时")),
    ("hours_credits", re.compile(r"(?:学|课)时数?[/(（、与和]学分")),
    ("exam_test", re.compile(r"^考试(?:学期|课|科)?$")),
    ("exam_check", re.compile(r"^考[查察](?:学期|课|科)?$")),
    ("exam", re.compile(r"考核|考试|考查|考评|评价方式|成绩评定|[计记]分(?:方式|制)")),
    (
        "ignored",
        re.compile(
            r"(?:授课|教学|上课|开课|学习|组织)(?:方式|形式|模式|手段|地点|场所)|线上/线下|地点|场所|场地|周次|起止"
        ),
    ),
    ("nature", re.compile(r"性质|属性|必修|选修|修读(?!学[期年]|时间)|必选")),
    ("core", re.compile(r"^(?:是否)?为?(?:专业)?核心(?:课程?)?(?:标[识志记注])?$")),
    ("weeks", re.compile(r"周数\)?$|^(?:教学|实践|实训)?周$|^周数?\(")),
    ("note", re.compile(r"^(?:备注|说明|注|备考|其他说明)")),
    ("ignored", re.compile(r"比例|占比|百分比|周(?:学|课)时|周时数|(?:学|课)时/周|时/周|周学$")),
)
_TOTAL = re.compile(
    r"总(?:学|课)?时|总计|合计|小计|共计|总数|^总$|^计$|计划(?:学|课)时|^(?:教学)?(?:学|课)时数?(?:[(（].*)?$|总学$"
)
_THEORY = re.compile(r"理论|讲授|讲课|课堂|授课学时")
_PRACTICE = re.compile(r"实践|实验|实训|上机|实习|实操|操作|技能训练|课程设计|大作业")
_OTHER = re.compile(r"线上|在线|网络|自学|课外|机动|习题|讨论|考核|答疑|一体")
# hours that may be a third part beside theory and practice
_OUTSIDE = re.compile(r"线上|在线|网络|自学|自主|课外|机动|讨论")
_BLOCK = re.compile(r"类别|类型|模块|平台|领域|分类|分组|体系|结构|大类|板块|课程组|课程群|方向|课型|类$|性质")
_SEMESTER_TEXT = re.compile(r"学期|开课时间|开设时间|学年|安排时间|时间安排|开课时段")


@dataclass(frozen=True, slots=True)
class Column:
    """A named column: the grid columns ``first``..``last`` (from 0, inclusive) under one innermost header cell.

    ``semester``, ``unit`` and ``weeks`` are those of a semester column: its name, the unit that its header names, and
    the weeks that its header gives.
    """

    role: Role
    first: int
    last: int
    names: tuple[str, ...]
    semester: str = ""
    unit: Unit | None = None
    weeks: float | None = None

    @property
    def by_mark(self) -> bool:
        """Whether it is one of several columns of which the marked one tells: 必修 | 选修."""
        return self.role == "nature" and len(self.names) > 0 and is_bare_nature(self.names[-1])

    @property
    def width(self) -> int:
        """Number of grid columns."""
        return self.last - self.first + 1


@dataclass(frozen=True)
class Columns:
    """The layout of a course table: header rows ``start``..``end`` (end exclusive) and its columns, left to right."""

    table: Table
    start: int
    end: int
    columns: tuple[Column, ...]

    @cached_property
    def roles(self) -> frozenset[Role]:
        """The roles that occur."""
        return frozenset(column.role for column in self.columns)

    def of(self, *roles: Role) -> tuple[Column, ...]:
        """The columns of some roles, left to right."""
        return tuple(column for column in self.columns if column.role in roles)

    @cached_property
    def name(self) -> Column:
        """The column of course names."""
        return self.of("name")[0]

    @property
    def semesters(self) -> tuple[Column, ...]:
        """The semester columns."""
        return self.of("semester")

    @cached_property
    def titles(self) -> tuple[str, ...]:
        """The texts above the header."""
        texts = (cell.text for row in range(self.start) for cell in self.table.row_cells(row) if cell.row == row)
        return tuple(text for text in texts if text.strip())

    @cached_property
    def signature(self) -> tuple[tuple[str, ...], ...]:
        """The header texts of the columns: equal for tables of the same header."""
        return tuple(column.names for column in self.columns)

    @cached_property
    def bilingual(self) -> bool:
        """Whether most names have an English one below or beside them."""
        tails = [has_english(text) for text in self._names]
        return sum(tail is True for tail in tails) >= max(3.0, 0.6 * sum(tail is not None for tail in tails))

    @cached_property
    def numbered(self) -> bool:
        """Whether most names begin with their place in the list (``3.大学英语``)."""
        return sum(map(is_numbered, self._names)) >= max(3.0, 0.5 * len(self._names))

    @cached_property
    def _names(self) -> tuple[str, ...]:
        """The texts below the header of names."""
        cells = (c for row in range(self.end, self.table.rows) for c in self.table.row_cells(row) if c.row == row)
        over = (c.text for c in cells if self.name.first <= c.column <= self.name.last)
        return tuple(text for text in over if text.strip())

    @property
    def has_hours(self) -> bool:
        """Whether a row tells hours in some way."""
        return bool(self.roles & {"hours", "credits_hours", "hours_credits", "hours_parts", "theory", "practice"})

    @property
    def has_credits(self) -> bool:
        """Whether a row tells credits."""
        return bool(self.roles & {"credits", "credits_hours", "hours_credits"})


def read_columns(table: Table) -> Columns | None:
    """The layout of a table of courses; None for a table whose header names no courses."""
    first = min((cell.row for cell in table.cells), default=0)
    starts = range(first, min(first + 16, table.rows - 1))
    return next((found for start in starts if (found := header_at(table, start)) is not None), None)


def header_at(table: Table, start: int) -> Columns | None:
    """The layout whose header begins in a row; None where none does."""
    cells = _own(table, start)
    if not any(_is_name(cell) for cell in cells) or _words(table, cells) < 2:
        return None
    end = _header_end(table, start)
    columns = tuple(_columns(table, start, end))
    return Columns(table, start, end, columns) if any(column.role == "name" for column in columns) else None


def continued(layout: Columns, table: Table) -> Columns:
    """A layout carried over to a table that goes on without a header of its own."""
    return Columns(table, 0, 0, layout.columns)


def is_name_header(text: str) -> bool:
    """Whether a cell is the header of a column of course names (also of a header repeated inside the table)."""
    plain = flat(header_text(text))
    return plain in ("课程名称", "课程名") or _NAME_BEST.fullmatch(plain) is not None


def _own(table: Table, row: int) -> list[Cell]:
    """The cells that begin in a row and hold text."""
    return [cell for cell in table.row_cells(row) if cell.row == row and cell.text.strip()]


def _is_name(cell: Cell) -> bool:
    return _NAME.fullmatch(flat(header_text(cell.text))) is not None


def _words(table: Table, cells: list[Cell]) -> int:
    """How many cells of a row are header words, beside the name's own; short cells only."""
    named = [cell for cell in cells if len(flat(cell.text)) <= 24 and not _is_name(cell)]
    return sum(_WORD.search(flat(cell.text)) is not None for cell in named if cell.column_span < table.columns)


def _header_end(table: Table, start: int) -> int:
    """The row after the header: what its cells span, and rows below that only name or number sub-columns."""
    cells = [cell for cell in _own(table, start) if _is_name(cell) or _WORD.search(flat(cell.text))]
    end = max((cell.row + min(cell.row_span, 5) for cell in cells), default=start + 1)
    name = next(cell for cell in cells if _is_name(cell))
    while end < min(table.rows, start + 5) and _names_only(table, end, name):
        end += 1
    return end


def _names_only(table: Table, row: int, name: Cell) -> bool:
    """Whether a row goes on with the header: no course name in it, only semesters, weeks and parts of hours."""
    own = [cell for cell in _own(table, row) if cell.column >= name.column]
    under = table.cell_at(row, name.column)
    if not own or (under is not None and under.text.strip() and not _is_name(under)):
        return False
    left = [cell for cell in _own(table, row) if cell.column < name.column]
    return not left and all(_is_header_text(cell.text) for cell in own)


def _is_header_text(text: str) -> bool:
    plain = flat(text)
    value = number(plain)
    in_weeks = value is not None and value <= 26 and value == int(value)
    return in_weeks or weeks_inside(plain) is not None or _WORD.search(plain) is not None or len(plain) <= 3


def _columns(table: Table, start: int, end: int) -> list[Column]:
    groups = list(_groups(table, start, end))
    name = _name_column(groups)
    if name is None:
        return groups
    at = groups.index(name)
    free = [group.names if i != at and not _fixed(group) else () for i, group in enumerate(groups)]
    semesters = semester_columns(free)
    found = []
    for position, group in enumerate(groups):
        if position == at:
            found.append(replace(group, role="name"))
        elif label := semesters.get(position):
            found.append(replace(group, role="semester", semester=label.name, unit=label.unit, weeks=label.weeks))
        else:
            found.append(replace(group, role=_role(group, position < at)))
    return [replace(column, role=_by_values(column, table, end, column.last < name.first)) for column in _single(found)]


def _groups(table: Table, start: int, end: int) -> Iterator[Column]:
    """Neighbouring grid columns under the same header cells."""
    before: tuple[int, ...] | None = None
    first = 0
    names: tuple[str, ...] = ()
    for column in range(table.columns):
        cells = [cell for row in range(start, end) if (cell := table.cell_at(row, column)) and cell.text.strip()]
        cells = [cell for cell in cells if cell.row >= start]
        key = tuple(dict.fromkeys(id(cell) for cell in cells))
        if key != before or not key:
            if before is not None:
                yield Column("ignored", first, column - 1, names)
            before, first = key, column
            names = tuple(dict.fromkeys(header_text(cell.text) for cell in cells))
    if before is not None:
        yield Column("ignored", first, table.columns - 1, names)


def _name_column(groups: list[Column]) -> Column | None:
    named = [group for group in groups if group.names and _NAME.fullmatch(flat(group.names[-1]))]
    best = [group for group in named if _NAME_BEST.fullmatch(flat(group.names[-1]))]
    return next(iter(best or named), None)


def _fixed(group: Column) -> bool:
    """Whether a column's own header already says that it is no semester."""
    return bool(group.names) and any(
        pattern.search(flat(group.names[-1])) for role, pattern in _LEAVES if role != "ignored" and role != "note"
    )


def _role(group: Column, left: bool) -> Role:
    if not group.names:
        return "block" if left else "ignored"
    texts = [flat(text) for text in group.names]
    leaf, joined = texts[-1], "".join(texts)
    for role, pattern in _LEAVES:
        if pattern.search(leaf):
            return role
    if left:
        return "block" if not re.search(r"学分|学时|课时|周数", leaf) else _measure(leaf, joined)
    return _measure(leaf, joined)


def _measure(leaf: str, joined: str) -> Role:
    """The role of a column of figures."""
    if "学分" in joined and not re.search(r"(?:学|课)时", joined):
        return "credits" if "学分" in leaf or _TOTAL.search(leaf) else "ignored"
    if _BLOCK.search(leaf) and not re.search(r"(?:学|课)时", leaf):
        return "block"
    for text in (leaf, joined):
        if _OTHER.search(text) and not _TOTAL.search(leaf):
            return "other_hours" if _OUTSIDE.search(leaf) and re.search(r"(?:学|课)时", joined) else "ignored"
        if _THEORY.search(text) and not _PRACTICE.search(text):
            return "theory"
        if _PRACTICE.search(text) and not _THEORY.search(text):
            return "practice"
        if _TOTAL.search(text):
            return "hours"
    if re.search(r"(?:学|课)时", joined):
        return "hours"
    return "semester_text" if _SEMESTER_TEXT.search(joined) else "ignored"


def _single(columns: list[Column]) -> Iterator[Column]:
    """At most one column of totals of each sort: the one that says so, else the first."""
    for role in ("hours", "credits"):
        same = [column for column in columns if column.role == role]
        if len(same) > 1:
            best = next((c for c in same if re.search(r"总|合计", flat(c.names[-1]))), same[0])
            columns = [replace(c, role="ignored") if c in same and c is not best else c for c in columns]
    yield from columns


def _by_values(column: Column, table: Table, end: int, left: bool) -> Role:
    """The role that a column's cells give it, where its header leaves room."""
    cells = [cell for row in range(end, table.rows) for cell in table.row_cells(row) if cell.row == row]
    texts = [cell.text for cell in cells if column.first <= cell.column <= column.last and not is_blank(cell.text)]
    return role_by_values(column.role, column.names[-1] if column.names else "", texts, left) if texts else column.role
