"""The terminal, Markdown and CSV reports, and the words that all formats share."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from rich.cells import cell_len
from rich.console import Console

from alignment.model import GapReport
from api.rendering import charts, words
from api.rendering.csv import render as render_csv
from api.rendering.markdown import escape
from api.rendering.markdown import render as render_markdown
from api.rendering.terminal import render as render_terminal
from api.rendering.terminal import show
from api.rendering.view import ReportView, Tally
from corpora.document import Locator


def test_terminal_tells_the_main_things(report: GapReport) -> None:
    """Document, course with probability, coverage, hours, review, marks for each element, gaps with advice, levels."""
    text = render_terminal(report).decode()
    for expected in (
        "网络营销课程标准.docx（课程教学文件，12,345 字）",
        "网络营销（C5，概率 97%）",
        "  76%",
        "已覆盖 22，部分涉及 2，未覆盖 5，共 29 项要素",
        "载明 64 学时，教学安排表合计 60 学时，两者不一致",
        "有 3 项接近判定界限",
        "×开展整合营销　√?开展广告投放",
        "先补这些（共 8 处，列出前 5 处）",
        "写入“二、教学内容与学时安排”，约 2 学时",
        "掌握各类平台的运营规则：要求掌握，文中了解",
    ):
        assert expected in text, expected


def test_terminal_text_fits_80_columns_without_colour(any_report: GapReport) -> None:
    """No line is wider than 80 columns, and there are no escape sequences."""
    text = render_terminal(any_report).decode()
    assert "\x1b" not in text
    assert max(cell_len(line) for line in text.splitlines()) <= 80
    text.encode("gbk")


def test_terminal_shows_errors_and_rules_of_a_plan(plan_report: GapReport) -> None:
    """Failed rules come first; unread parts are named; courses stand in one table."""
    text = render_terminal(plan_report).decode()
    assert "第 7 页：页面损坏，未能读取（没有读出的内容不参加比对）" in text
    assert text.index("NR04") < text.index("OR01") < text.index("NR06")
    assert "全部 8 门专业核心课程" in text


def test_terminal_does_not_read_markup_in_texts(hostile_report: GapReport) -> None:
    """Square brackets in a document are printed as they are."""
    console = Console(file=io.StringIO(), width=80, record=True)
    show(hostile_report, console)
    assert "+cmd|' /C calc'!A0" in console.export_text()


def test_terminal_says_why_nothing_was_found(empty_report: GapReport) -> None:
    """A scan without text is recognised as such."""
    text = render_terminal(empty_report).decode()
    assert "文件中没有可以比对的文字" in text
    assert "未识别出对应的专业核心课程" in text


def test_markdown_tables_keep_their_columns(any_report: GapReport) -> None:
    """Every row of a table has as many cells as its header, whatever the texts hold."""
    columns = 0
    for line in render_markdown(any_report).decode().splitlines():
        bars = line.replace("\\\\", "").replace("\\|", "").count("|")
        if not line.startswith("|"):
            columns = 0
        else:
            columns = columns or bars
            assert bars == columns, line


def test_markdown_holds_quotes_with_their_place(report: GapReport) -> None:
    """A row shows verdict, levels, and the quote with heading path and position."""
    text = render_markdown(report).decode()
    assert (
        "| 掌握各类平台的运营规则 | 已覆盖 | 要求掌握，文中了解（层次不足） | "
        "“了解搜索引擎、信息流等各类平台的推广规则。”（一、课程目标 第4段） |"
    ) in text
    assert "| 网络营销 | 22 | 2 | 5 | 3 | 76% |" in text


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("<script>", "\\<script\\>"),
        ("a|b\n*c*", "a\\|b \\*c\\*"),
        ("1. 一", "1\\. 一"),
        ("- 一", "\\- 一"),
        ("# 一", "\\# 一"),
    ],
)
def test_markdown_escapes(text: str, escaped: str) -> None:
    """What would be markup is shown as it is."""
    assert escape(text) == escaped


def test_csv_has_one_line_an_element_and_opens_in_excel(any_report: GapReport) -> None:
    """A byte order mark, a header, 363 lines, all of the same width; an audit's rules and contradictions below."""
    data = render_csv(any_report)
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    audit = any_report.programme
    assert len(rows) == 364 + (len(any_report.rules) + len(audit.contradictions) if audit else 0)
    assert {len(row) for row in rows} == {20}


def test_csv_line_of_a_covered_element(report: GapReport) -> None:
    """Verdict, levels, quote and place are in their columns."""
    rows = list(csv.DictReader(io.StringIO(render_csv(report).decode("utf-8-sig"))))
    row = next(row for row in rows if row["要素编号"] == "C5.R1.e5")
    assert (row["课程编号"], row["课程"], row["条目类型"]) == ("C5", "网络营销", "教学要求")
    assert (row["结论"], row["要求层次"], row["文中层次"], row["层次不足"]) == ("已覆盖", "掌握", "了解", "是")
    assert row["证据"] == "了解搜索引擎、信息流等各类平台的推广规则。"
    assert row["证据位置"] == "一、课程目标　第4段"
    assert row["问题"] == "层次不足"
    assert next(row for row in rows if row["要素编号"] == "Q01.e1")["课程编号"] == ""


def test_csv_blocks_formula_injection(hostile_report: GapReport) -> None:
    """No cell begins with a character that makes a spreadsheet calculate."""
    rows = list(csv.reader(io.StringIO(render_csv(hostile_report).decode("utf-8-sig"))))
    texts = [cell for row in rows for cell in row]
    assert not [text for text in texts if text.lstrip().startswith(("=", "+", "-", "@"))]
    assert {'\'=HYPERLINK("x","y")', "'+cmd|' /C calc'!A0", "'@SUM(1)"} <= set(texts)


@pytest.mark.parametrize(
    ("locator", "name", "phrase"),
    [
        (Locator(0, 1, 3), "a.docx", "第3段"),
        (Locator(0, 1, 3, 5), "a.pdf", "第5页 第3段"),
        (Locator(0, 1, 3, None, 2, 4, 2), "a.docx", "表2 行4 列2"),
        (Locator(0, 1, 3, 5, 2, 4), "a.pdf", "第5页 表2 行4"),
        (Locator(0, 1, 3, None, 1, 4, 2), "a.XLSX", "工作表1 行4 列2"),
    ],
)
def test_place_of_a_quote_in_words(locator: Locator, name: str, phrase: str) -> None:
    """Page, paragraph, table, row and column, as far as they are known."""
    assert words.place(locator, name) == phrase


@pytest.mark.parametrize(
    ("ratio", "text"), [(0, "0%"), (0.001, "1%"), (0.5, "50%"), (0.755, "76%"), (0.999, "99%"), (1, "100%")]
)
def test_percent_is_whole_only_when_exact(ratio: float, text: str) -> None:
    """100% means all of it, 0% means nothing."""
    assert words.percent(ratio) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "—"), (2480, "2480"), (26.2048, "26.2048"), (16.0, "16"), ((16, 18), "16、18"), (True, "是"), ((), "—")],
)
def test_rule_values_in_words(value: object, text: str) -> None:
    """Numbers without needless zeros, several joined, nothing as a dash."""
    assert words.plain(value) == text


def test_courses_in_scope_come_first_and_competencies_last(report: GapReport) -> None:
    """Groups: the course served, the other courses in order, then the competencies."""
    groups = ReportView(report).groups
    assert [group.id for group in groups] == ["C5", "C1", "C2", "C3", "C4", "C6", "C7", "C8", "competency"]
    assert [group.in_scope for group in groups] == [True] + [False] * 8
    assert sum(group.tally.total for group in groups) == 363


def test_title_within_marks_is_not_marked_twice(report: GapReport, plan_report: GapReport) -> None:
    """《》 within a title become 〈〉; a file name loses its suffix."""
    marked = replace(report, document=replace(report.document, title="《网络营销》课程标准"))
    assert ReportView(marked).quoted_title == "《〈网络营销〉课程标准》"
    assert ReportView(plan_report).quoted_title == "《电子商务专业人才培养方案（2026 级）》"


def test_bar_of_nothing_has_no_parts() -> None:
    """A course without elements draws an empty bar instead of dividing by zero."""
    assert charts.bar(Tally(0, 0, 0, 0), "x").count("<rect") == 2
