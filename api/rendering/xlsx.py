"""The report as a workbook: 总览, 要求×证据, 差距, 规则. The only file that imports openpyxl for writing."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from math import ceil
from typing import Any

from alignment.model import GapReport, Match, RuleVerdict
from api.rendering import decided, words
from api.rendering.agreement import TITLE
from api.rendering.programme.view import PlanView, plan_view
from api.rendering.programme.wording import AGREES, STATUS_GRADES, STATUSES
from api.rendering.sheets import Sheet, Value
from api.rendering.view import GroupView, ReportView, StatementView

_FONT = "微软雅黑"
_FILLS = {"已覆盖": "E0F3EA", "部分涉及": "FFF0D2", "未覆盖": "FDE9EA"}
_FILLS |= {"符合": "E0F3EA", "无法判定": "FFF0D2", "不符合": "FDE9EA", "层次不足": "FFF0D2", words.REVIEW: "EBECFC"}
_FILLS |= {name: _FILLS[words.GRADES[STATUS_GRADES[status]]] for status, name in STATUSES.items()}
_FILLS |= {name: _FILLS[words.GRADES[grade]] for name, grade in AGREES.values()}
_FILLS |= {"具备": "E0F3EA", "未见": "FDE9EA", "未列出": "FDE9EA"}
_VERDICTS = frozenset(_FILLS)
_FILLS |= {"label": "F3F5F8", "header": "1F4E79"}
_SHARES = ("占比", "覆盖率")  # columns of tables that are shown in per cent
_LONGEST = 32_000  # Excel holds 32,767 characters in a cell
_FORMULA = ("=", "+", "-", "@")
_A3 = 8
_LINE, _TALLEST = 15.0, 405.0  # points

_OVERVIEW = (22, 72, 9, 9, 9, 9, 9)

_MATCHES = (
    *(("课程", 14), ("条目", 9), ("类型", 10), ("标准要求", 36), ("要素编号", 12), ("要素", 26), ("结论", 10)),
    *(("复核", 13), ("要求层次", 9), ("文中层次", 9), ("层次", 10), ("所在部分", 12), ("证据", 46)),
    *(("证据位置", 30), ("涉及概率", 9), ("覆盖概率", 9)),
)
_GAPS = (
    *(("序号", 6), ("重要程度", 9), ("问题", 13), ("条目", 9), ("要素编号", 12), ("要素", 28), ("建议", 50)),
    *(("写在哪里", 26), ("学时", 7), ("最接近的原文", 40), ("位置", 28), ("依据", 24)),
)
#: Further columns of a report on which persons have decided.
_DECIDED = (("人工结论", 14), ("审定", 60))
_DECISIONS = tuple(zip(decided.HEADER, (12, 34, 22, 16, 22, 46, 30), strict=True))
_RULES = (
    *(("编号", 8), ("结论", 11), ("约束", 9), ("标准要求", 30), ("标准原文", 40), ("文中数值", 14)),
    *(("计算", 36), ("说明", 30), ("证据", 40), ("证据位置", 26)),
)


def render(report: GapReport) -> bytes:
    """The bytes of an xlsx file; no text in it is a formula."""
    from openpyxl import Workbook

    view = ReportView(report)
    book = Workbook(write_only=True)
    sheets = _Sheets(book)
    plan = plan_view(view)
    if plan is not None:
        _plan_sheets(sheets, plan)
    sheets.overview(view)
    more = _DECIDED if view.decided else ()
    sheets.table("要求×证据", (*_MATCHES, *more), list(_match_rows(view)), freeze="G2")
    sheets.table("差距", _GAPS, list(_gap_rows(view)))
    if plan is None:
        sheets.table("规则", (*_RULES, *more), list(_rule_rows(view)))
    if view.decisions:
        sheets.table(decided.TITLE, _DECISIONS, [list(line.cells) for line in view.decisions])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def workbook(sheets: Iterable[Sheet]) -> bytes:
    """The bytes of an xlsx file of such sheets; no text in it is a formula."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    written = _Sheets(book)
    for sheet in sheets:
        written.table(sheet.title, sheet.columns, [list(line) for line in sheet.lines], sheet.freeze, sheet.shares)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _plan_sheets(sheets: _Sheets, plan: PlanView) -> None:
    from api.rendering.programme.xlsx import sheets as of_audit

    for sheet in of_audit(plan):
        sheets.table(sheet.title, sheet.columns, [list(line) for line in sheet.lines], sheet.freeze)


class _Sheets:
    """Writes sheets of one book; each look is made once and shared."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._styles: dict[tuple[str, bool], Any] = {}

    def overview(self, view: ReportView) -> None:
        """Facts of the document, then the counts of each course."""
        sheet = self._sheet("总览", _OVERVIEW)
        sheet.append([self._cell(sheet, f"对标报告：{view.title}", "title")])
        sheet.append([])
        for place, (name, value) in enumerate(_facts(view), 3):
            sheet.row_dimensions[place].height = _height([name, value], _OVERVIEW)
            sheet.append([self._cell(sheet, name, "label"), self._cell(sheet, value)])
        sheet.append([])
        header = ("课程", "说明", "要素数", "已覆盖", "部分涉及", "未覆盖", "覆盖率")
        sheet.append([self._cell(sheet, name, "header") for name in header])
        for group in view.groups:
            cells = [self._cell(sheet, value) for value in _counts(view, group)]
            cells[-1].number_format = "0%"
            sheet.append(cells)

    def table(
        self,
        title: str,
        columns: Sequence[tuple[str, int]],
        rows: list[list[Value]],
        freeze: str = "A2",
        shares: frozenset[int] = frozenset(),
    ) -> None:
        """A sheet with a frozen header, a filter and coloured verdicts."""
        from openpyxl.utils import get_column_letter

        sheet = self._sheet(title, [width for _, width in columns])
        sheet.freeze_panes = freeze
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{max(len(rows), 1) + 1}"
        sheet.print_title_rows = "1:1"
        sheet.append([self._cell(sheet, name, "header") for name, _ in columns])
        shown: list[list[Value]] = rows or [["（无）"]]
        for place, row in enumerate(shown, 2):
            sheet.row_dimensions[place].height = _height(row, [width for _, width in columns])
            cells = [self._cell(sheet, value) for value in row]
            for column, ((name, _), cell) in enumerate(zip(columns, cells, strict=False)):
                if (name in _SHARES or column in shares) and isinstance(cell.value, float):
                    cell.number_format = "0.0%"
            sheet.append(cells)

    def _sheet(self, title: str, widths: Sequence[int]) -> Any:
        from openpyxl.utils import get_column_letter

        sheet = self._book.create_sheet(title)
        for number, width in enumerate(widths, 1):
            sheet.column_dimensions[get_column_letter(number)].width = width
        sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", _A3
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.oddFooter.center.text = "第 &P 页，共 &N 页"
        return sheet

    def _cell(self, sheet: Any, value: Value, look: str = "") -> Any:
        """A cell in a look: ``""``, ``label``, ``header`` or ``title``; text is never a formula."""
        from openpyxl.cell import WriteOnlyCell

        text = words.clean(value)[:_LONGEST] if isinstance(value, str) else value
        cell: Any = WriteOnlyCell(sheet, text)
        quoted = False
        if isinstance(text, str):
            cell.data_type = "s"
            quoted = text.lstrip().startswith(_FORMULA)
            look = look or (text if text in _VERDICTS else "")
        key = (look, quoted)
        if key not in self._styles:
            self._dress(cell, *key)
            self._styles[key] = cell._style
        cell._style = copy(self._styles[key])
        return cell

    def _dress(self, cell: Any, look: str, quoted: bool) -> None:
        from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

        strong, head = look in ("label", "header", "title"), look == "header"
        cell.font = Font(name=_FONT, size=16 if look == "title" else 10, bold=strong, color="FFFFFF" if head else None)
        cell.quotePrefix = quoted
        if look in _FILLS:
            cell.fill = PatternFill("solid", fgColor=_FILLS[look])
        if look != "title":
            side = Side(style="thin", color="D0D7DE")
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.border = Border(left=side, right=side, top=side, bottom=side)


def _height(row: Sequence[Value], widths: Sequence[int]) -> float:
    """Height in points that shows the row's wrapped texts whole; a Chinese character is two columns wide."""
    lines = [_lines(value, width) for value, width in zip(row, widths, strict=False) if isinstance(value, str)]
    return min(_LINE * max(lines, default=1) + 3, _TALLEST)


def _lines(text: str, width: int) -> int:
    columns = (
        sum(1.8 if character > "\u2e7f" or character in "“”…—" else 1 for character in line)
        for line in text.split("\n")
    )
    return sum(max(1, ceil(count / (width - 2))) for count in columns)


def _facts(view: ReportView) -> Iterator[tuple[str, Value]]:
    report = view.report
    yield "文件", report.document.name
    yield "类型与篇幅", view.size
    yield "对照标准", view.standard_name
    yield "对应课程", view.courses
    if view.maybe:
        yield "也可能涉及", view.maybe
    yield "学时", view.hours or "未载明"
    yield "结论", view.summary()
    for error in report.document.errors:
        yield "未能读取", f"{error.where}：{error.what}"
    for note in report.provenance.notes:
        yield "判定说明", note
    yield TITLE, "".join(view.agreement)
    yield "文件指纹（SHA-256）", report.document.sha256
    yield "生成", f"{words.date(report.generated_at)}，duibiao 对标 {report.provenance.version}"


def _counts(view: ReportView, group: GroupView) -> list[Value]:
    tally = group.tally
    notes = ["计入覆盖率"] if group.in_scope or not view.report.scope else ["不在范围内"]
    if group.probability is not None:
        notes.append(f"对应概率 {words.percent(group.probability)}")
    if tally.review:
        notes.append(f"{tally.review} 项建议人工复核")
    return [group.title, "，".join(notes), tally.total, tally.covered, tally.touched, tally.missing, tally.ratio]


def _match_rows(view: ReportView) -> Iterator[list[Value]]:
    for group in view.groups:
        for entry in group.statements:
            for match in entry.matches:
                yield _match_row(view, group, entry, match)


def _match_row(view: ReportView, group: GroupView, entry: StatementView, match: Match) -> list[Value]:
    element, statement = match.element, entry.statement
    return [
        *(group.title, statement.id, words.STATEMENT_KINDS.get(statement.kind, statement.kind), statement.text),
        *(element.id, element.text, words.GRADES[match.grade], words.REVIEW if match.review else None),
        *(words.level(element.level), words.level(match.level_found) if match.level_found else None),
        "层次不足" if match.level_short else None,
        words.roles(match.where),
        "\n".join(words.flat(item.quote) for item in match.evidence),
        "\n".join(view.whole_place(item) for item in match.evidence),
        *(round(match.p_touched, 3), round(match.p_covered, 3)),
        *decided_cells(view, match),
    ]


def decided_cells(view: ReportView, item: Match | RuleVerdict) -> list[Value]:
    """What a person decided on a verdict; no cells where nobody decided anything on the report."""
    return [decided.tag(item), decided.told(item)] if view.decided else []


def _gap_rows(view: ReportView) -> Iterator[list[Value]]:
    for number, gap in enumerate(view.report.gaps, 1):
        element, advice, near = gap.element, gap.suggestion, gap.nearest
        yield [
            *(number, words.SEVERITY[gap.severity], words.GAPS[gap.kind], element.statement, element.id, element.text),
            *(advice.text, advice.where, advice.hours),
            *((words.flat(near.quote), view.whole_place(near)) if near else (None, None)),
            "\n".join(["；".join(advice.sources), *(words.flat(example.text) for example in advice.examples)]),
        ]


def _rule_rows(view: ReportView) -> Iterator[list[Value]]:
    for rule in view.report.rules:
        number = rule.value if isinstance(rule.value, int | float) else words.plain(rule.value)
        yield [
            *(rule.id, words.VERDICTS[rule.verdict], words.FORCES[rule.force], rule.expected, view.rule_text(rule)),
            *(number, rule.arithmetic, rule.note),
            "\n".join(words.flat(item.quote) for item in rule.evidence),
            "\n".join(view.whole_place(item) for item in rule.evidence),
            *decided_cells(view, rule),
        ]
