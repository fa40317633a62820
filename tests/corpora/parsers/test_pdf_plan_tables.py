"""Course schedules in PDF files drawn here: what the page cut, vertical text, titles repeated on each page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO

import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from corpora.document import Document, Table
from corpora.document_builder import CellSpec
from corpora.parsers.base import Source
from corpora.parsers.pdf import PdfParser
from corpora.parsers.pdf.cut_labels import spans_joined
from corpora.programme.schedule.reader import read_schedule

FONT = "STSong-Light"
pdfmetrics.registerFont(UnicodeCIDFont(FONT))
PAGE = (600.0, 400.0)
XS = (40.0, 70.0, 130.0, 250.0, 300.0, 350.0, 400.0, 450.0)
HEADER = ("类别", "课程代码", "课程名称", "学分", "总学时", "第1学期", "第2学期")
TITLE = "表1 教学进程安排表"


def parse(draw: Callable[[Canvas], None]) -> Document:
    """What the parser reads of a drawing."""
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=PAGE)
    draw(canvas)
    canvas.save()
    return PdfParser().parse(Source("人才培养方案.pdf", buffer.getvalue()))


def write(canvas: Canvas, x: float, top: float, text: str, size: float = 10) -> None:
    """Text at a distance from the upper edge; line breaks begin new lines."""
    canvas.setFont(FONT, size)
    for number, line in enumerate(text.split("\n")):
        canvas.drawString(x, PAGE[1] - top - 12 * number, line)


def page(
    canvas: Canvas,
    rows: Sequence[Sequence[str]],
    labels: Sequence[tuple[int, int, str]],
    top: float = 60,
    step: float = 30,
) -> None:
    """One page of a schedule: rows without their labels, and labels merged over rows (first, last + 1, text)."""
    bottom = top + step * len(rows)
    for x in XS:
        canvas.line(x, PAGE[1] - top, x, PAGE[1] - bottom)
    merged = {row for first, last, _ in labels for row in range(first + 1, last)}
    for line in range(len(rows) + 1):
        y = PAGE[1] - top - step * line
        canvas.line(XS[1] if line in merged else XS[0], y, XS[-1], y)
    for number, row in enumerate(rows):
        for x, text in zip(XS[len(HEADER) - len(row) :], row, strict=False):
            write(canvas, x + 3, top + step * number + 13, text)
    for first, last, text in labels:
        write(canvas, XS[0] + 3, top + step * (first + last) / 2, text)
    canvas.showPage()


def course(number: int, name: str, hours: int = 32) -> tuple[str, ...]:
    return f"ZY{number:03d}", name, str(hours // 16), str(hours), "2", ""


def texts(table: Table, column: int) -> list[tuple[str, int]]:
    """Texts and spans of the cells that begin in a column, below the header."""
    return [(c.text, c.row_span) for c in table.cells if c.column == column and c.row >= table.header_rows]


TOTAL = ("", "小计", "4", "64", "", "")


def test_a_label_that_the_page_cut_is_whole() -> None:
    """The label's first half stands on one page, its second half on the next."""

    def draw(canvas: Canvas) -> None:
        first = [HEADER, course(1, "大学语文"), course(2, "应用数学"), TOTAL, course(3, "商务礼仪")]
        page(canvas, first, [(1, 4, "公共\n课程"), (4, 5, "专业")])
        page(canvas, [course(4, "经济基础"), course(5, "市场营销"), TOTAL], [(0, 3, "平台\n课程")])

    [table] = parse(draw).tables
    assert texts(table, 0) == [("公共课程", 3), ("专业平台课程", 4)]


def test_another_block_on_the_next_page_stays_another() -> None:
    """A block that begins with the page is not taken for the rest of the one above."""

    def draw(canvas: Canvas) -> None:
        page(canvas, [HEADER, course(1, "大学语文"), course(2, "应用数学")], [(1, 3, "公共\n基础")])
        page(canvas, [course(4, "经济基础"), course(5, "市场营销")], [(0, 2, "专业\n核心")])

    [table] = parse(draw).tables
    assert texts(table, 0) == [("公共基础", 2), ("专业核心", 2)]


def test_a_course_name_broken_by_the_page_is_whole() -> None:
    """The row overleaf holds the last letters of a name beside a label that goes on, and no course of its own."""

    def draw(canvas: Canvas) -> None:
        long = ("ZY003", "新媒体视觉营销与创意设", "4", "64", "2", "2")
        page(canvas, [HEADER, course(1, "大学语文"), long], [(1, 3, "专业\n基础")])
        page(canvas, [("", "计", "", "", "", ""), course(4, "经济基础")], [(0, 2, "")])

    document = parse(draw)
    [table] = document.tables
    assert [c.text for c in table.cells if c.column == 2] == [
        "课程名称",
        "大学语文",
        "新媒体视觉营销与创意设计",
        "经济基础",
    ]
    assert texts(table, 0) == [("专业基础", 3)]
    assert [(c.name, c.hours and c.hours.value) for c in read_schedule(document).courses] == [
        ("大学语文", 32),
        ("新媒体视觉营销与创意设计", 64),
        ("经济基础", 32),
    ]


def test_a_course_without_a_code_is_no_rest_of_the_row_above() -> None:
    """Its leading cell is empty, but it has figures of its own."""

    def draw(canvas: Canvas) -> None:
        page(canvas, [HEADER, course(1, "大学语文")], [(1, 2, "选修")])
        page(canvas, [("", "任选课程", "2", "32", "", ""), course(4, "经济基础")], [(0, 2, "")])

    [table] = parse(draw).tables
    assert [text for text, _ in texts(table, 2)] == ["大学语文", "任选课程", "经济基础"]


def test_a_title_once_more_over_each_page_does_not_end_the_table() -> None:
    """Title and header stand on every page; the table is one, its header read once."""

    def draw(canvas: Canvas) -> None:
        for number, title in enumerate((TITLE, "续" + TITLE, TITLE + "（续）", TITLE)):
            write(canvas, 200, 110, title, 12)
            page(canvas, [HEADER, course(number, f"课程{'甲乙丙丁'[number]}")], [(1, 2, "核心")], top=130)

    [table] = parse(draw).tables
    assert [text for text, _ in texts(table, 2)] == ["课程甲", "课程乙", "课程丙", "课程丁"]


def test_text_turned_by_a_quarter_is_read_in_its_cell_only() -> None:
    """A label that runs up the cell and a mark that runs down are read; a stamp beside the table is not."""

    def draw(canvas: Canvas) -> None:
        for x, top, angle, text in ((60, 150, 90, "专业核心课"), (432, 105, 270, "4"), (560, 300, 90, "内部资料")):
            canvas.saveState()
            canvas.translate(x, PAGE[1] - top)
            canvas.rotate(angle)
            canvas.setFont(FONT, 10)
            canvas.drawString(0, 0, text)
            canvas.restoreState()
        page(canvas, [HEADER, course(1, "网店运营"), course(2, "客户服务")], [(1, 3, "")])

    document = parse(draw)
    [table] = document.tables
    assert texts(table, 0) == [("专业核心课", 2)]
    assert texts(table, 6) == [("4", 1), ("", 1)]
    assert "内部资料" not in document.text


def test_vertical_writing_in_two_columns_reads_the_right_one_first() -> None:
    """Upright letters set downward, the second column left of the first."""

    def draw(canvas: Canvas) -> None:
        for x, word in ((56, "公共基础"), (43, "课程")):
            for number, letter in enumerate(word):
                write(canvas, x, 105 + 11 * number, letter)
        page(canvas, [HEADER, course(1, "网店运营"), course(2, "客户服务")], [(1, 3, "")])

    assert texts(parse(draw).tables[0], 0) == [("公共基础课程", 2)]


def test_a_watermark_over_the_table_is_in_no_cell() -> None:
    """Letters higher than a row belong to none."""

    def draw(canvas: Canvas) -> None:
        write(canvas, 100, 140, "征求意见稿", 60)
        page(canvas, [HEADER, course(1, "网店运营"), course(2, "客户服务")], [(1, 3, "核心")])

    [table] = parse(draw).tables
    assert [text for text, _ in texts(table, 2)] == ["网店运营", "客户服务"]


def test_numbers_of_low_pages_are_no_text() -> None:
    """A footer an inch above the edge of a low page parts no table."""

    def draw(canvas: Canvas) -> None:
        for number in range(3):
            write(canvas, 270, PAGE[1] - 58, f"第 {number + 1} 页 共 3 页")
            page(canvas, [HEADER, course(number, f"课程{'甲乙丙'[number]}")], [(1, 2, "核心")])

    document = parse(draw)
    assert len(document.tables) == 1
    assert "共 3 页" not in document.text


@pytest.mark.parametrize(
    ("above", "below", "joined"),
    [
        ("公共基础", "课程", "公共基础课程"),
        ("专业", "核心课程", "专业核心课程"),
        ("", "公共选修", "公共选修"),
        ("公共选修", "", "公共选修"),
        ("必修", "选修", None),
        ("公共基础课", "专业基础课", None),
        ("德育", "专业课", None),
    ],
)
def test_parts_of_labels(above: str, below: str, joined: str | None) -> None:
    """What is one label in two parts, and what are two labels."""
    upper = [CellSpec(above, 0, 0, 2, 1), CellSpec("语文", 0, 1), CellSpec("数学", 1, 1)]
    lower = [CellSpec(below, 0, 0, 2, 1), CellSpec("英语", 0, 1), CellSpec("体育", 1, 1)]
    cells, rest = spans_joined(upper, lower, 2, 0)
    assert (cells[0].text, cells[0].row_span, len(rest)) == ((above, 2, 3) if joined is None else (joined, 4, 2))


def test_no_label_goes_on_below_a_subtotal() -> None:
    """An unnamed block that ends in a subtotal does not take the name of the next page's first block."""
    upper = [CellSpec("", 0, 0, 2, 1), CellSpec("语文", 0, 1), CellSpec("小计", 1, 1)]
    lower = [CellSpec("专业课程", 0, 0, 2, 1), CellSpec("英语", 0, 1), CellSpec("小计", 1, 1)]
    cells, rest = spans_joined(upper, lower, 2, 0)
    assert (cells[0].row_span, len(rest)) == (2, 3)


def test_a_figure_over_rows_overleaf_is_none_of_the_blank_row_above() -> None:
    """The last course of the page has no hours; those of the next page share theirs."""
    upper = [CellSpec("语文", 0, 1), CellSpec("", 0, 2)]
    lower = [CellSpec("英语", 0, 1), CellSpec("32", 0, 2, 2, 1), CellSpec("日语", 1, 1)]
    cells, rest = spans_joined(upper, lower, 1, 0)
    assert (cells, rest) == (upper, lower)
