"""The PDF parser on files drawn here: reading order, furniture, paragraphs, tables, faults."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from corpora.document import Document
from corpora.errors import DamagedDocumentError, EmptyDocumentError, EncryptedDocumentError
from corpora.parsers.base import ParserOptions, Source
from corpora.parsers.cleaning import unify
from corpora.parsers.pdf import PdfParser, content, engine

FONT = "STSong-Light"
pdfmetrics.registerFont(UnicodeCIDFont(FONT))
WIDTH, HEIGHT = A4
LONG = "本课程面向电子商务专业学生讲授网店运营的基本方法并通过项目实训使学生掌握选品定价推广与客服等岗位能力"


def drawn(draw: Callable[[Canvas], None], **options: Any) -> bytes:
    """The bytes of a PDF that ``draw`` draws."""
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=options.pop("pagesize", A4), **options)
    draw(canvas)
    canvas.save()
    return buffer.getvalue()


def write(canvas: Canvas, x: float, top: float, text: str, size: float = 12, font: str = FONT) -> None:
    """A line of text whose baseline lies ``top`` points under the page's upper edge."""
    canvas.setFont(font, size)
    canvas.drawString(x, canvas._pagesize[1] - top, text)


def wrapped(canvas: Canvas, x: float, top: float, text: str, letters: int, indent: int = 2) -> float:
    """A paragraph of Chinese text, ``letters`` to the line; returns where the next line would stand."""
    first = letters - indent
    lines = [text[:first], *(text[i : i + letters] for i in range(first, len(text), letters))]
    for number, line in enumerate(lines):
        write(canvas, x + (12 * indent if number == 0 else 0), top, line)
        top += 20
    return top


def grid(canvas: Canvas, xs: list[float], tops: list[float], rows: list[list[str]]) -> None:
    """A fully ruled table; a cell's text may hold line breaks."""
    height = canvas._pagesize[1]
    canvas.grid(xs, [height - top for top in tops])
    for top, row in zip(tops, rows, strict=False):
        for x, text in zip(xs, row, strict=False):
            for number, line in enumerate(text.split("\n")):
                write(canvas, x + 3, top + 14 + 14 * number, line, 10)


def parse(data: bytes, **options: Any) -> Document:
    """The parsed document; every locator is checked to give its text back."""
    document = PdfParser().parse(Source("教学大纲.pdf", data, ParserOptions(**options)))
    assert all(document.resolve(block.locator) == block.text for block in document.blocks)
    assert all(document.text[c.start : c.end] == c.text for table in document.tables for c in table.cells)
    return document


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks]


def test_a_wrapped_paragraph_is_one_block_and_the_next_one_another() -> None:
    """Lines that the page width broke are joined without blanks; an indent starts a new paragraph."""

    def draw(canvas: Canvas) -> None:
        top = wrapped(canvas, 60, 100, LONG + "。", 30)
        wrapped(canvas, 60, top, LONG[::-1] + "。", 30)

    assert texts(parse(drawn(draw))) == [LONG + "。", LONG[::-1] + "。"]


def test_a_sentence_broken_by_the_page_is_joined_and_keeps_its_first_page() -> None:
    """Header, footer and page number between the two halves are dropped."""
    text = LONG * 12

    def draw(canvas: Canvas) -> None:
        lines = [text[:34], *(text[i : i + 36] for i in range(34, len(text), 36))]
        for page, part in enumerate((lines[:9], lines[9:], ["第三页独有的一段话。"]), start=1):
            write(canvas, 200, 40, "示例学院课程标准", 9)
            for number, line in enumerate(part):
                write(canvas, 84 if (page, number) == (1, 0) else 60, 600 + 20 * number, line)
            write(canvas, 290, 815, f"- {page} -", 9)
            canvas.showPage()

    document = parse(drawn(draw))
    assert texts(document) == [text, "第三页独有的一段话。"]
    assert [block.locator.page for block in document.blocks] == [1, 3]
    assert document.pages == 3


def test_a_running_title_that_changes_by_chapter_is_furniture() -> None:
    """It is known by the page number beside it, which counts with the pages."""

    def draw(canvas: Canvas) -> None:
        for page in range(1, 7):
            write(canvas, 60, 40, f"{'选品定价推广'[page - 1] * 3} {page + 10}", 9)
            write(canvas, 60, 200, f"{'甲乙丙丁戊己'[page - 1]}的正文。")
            canvas.showPage()

    assert texts(parse(drawn(draw))) == [f"{name}的正文。" for name in "甲乙丙丁戊己"]


def test_lines_of_a_table_of_contents_stay_apart() -> None:
    """Entries that fill the line are neither joined nor taken for headings."""

    def draw(canvas: Canvas) -> None:
        for number, name in enumerate(("课程性质", "课程目标", "课程内容"), start=1):
            write(canvas, 60, 100 + 20 * number, f"1.{number} {name}" + "." * 90 + f" {number}")

    document = parse(drawn(draw))
    assert [block.kind for block in document.blocks] == ["paragraph"] * 3


def test_a_figure_at_the_begin_of_a_line_is_no_number_of_an_item() -> None:
    """A sentence that goes on with ``5 年`` or ``2.5`` after the line's end stays one paragraph."""

    def draw(canvas: Canvas) -> None:
        write(canvas, 84, 100, "专任教师应当具有相关专业本科及以上学历和扎实的理论功底而且每")
        write(canvas, 60, 120, "5 年累计不少于六个月的企业实践经历，企业导师每周到校授课至少两次即")
        write(canvas, 60, 140, "2.5 学时。")

    [block] = parse(drawn(draw)).blocks
    assert "而且每 5 年累计" in block.text or "而且每5 年累计" in block.text


def test_latin_words_get_a_blank_at_the_line_end_and_hyphens_are_closed() -> None:
    """Only Chinese is joined without a blank."""

    def draw(canvas: Canvas) -> None:
        lines = (
            "Search engine optimisation is the practice of improving pages so that they",
            "rank higher in organic results for the terms that customers are search-",
            "ing for.",
        )
        for number, line in enumerate(lines):
            write(canvas, 60, 100 + 20 * number, line, 11, "Helvetica")

    [block] = parse(drawn(draw)).blocks
    assert "so that they rank higher" in block.text
    assert "customers are searching for." in block.text


def test_two_columns_read_left_column_first() -> None:
    """A title over both columns comes first; rows of the columns are not mixed although they share baselines."""
    left, right = "左" * 100, "右" * 100

    def draw(canvas: Canvas) -> None:
        write(canvas, 200, 80, "双栏课程说明标题横跨两栏", 18)
        wrapped(canvas, 60, 130, left, 18)
        wrapped(canvas, 320, 130, right, 18)

    assert texts(parse(drawn(draw))) == ["双栏课程说明标题横跨两栏", left, right]


def test_headings_and_list_items_are_told_by_number_and_size() -> None:
    """Levels follow the nesting of the numbering styles; the largest text is the title."""

    def draw(canvas: Canvas) -> None:
        write(canvas, 180, 80, "网店运营课程标准", 20)
        write(canvas, 60, 130, "一、课程目标")
        write(canvas, 60, 160, "（一）知识目标")
        write(canvas, 84, 190, "1.掌握关键词优化的方法；")
        write(canvas, 84, 220, "2.理解商品定价的策略。")
        write(canvas, 60, 250, "（二）能力目标")
        write(canvas, 84, 280, "能独立完成店铺开设。")
        write(canvas, 60, 310, "二、课程内容")
        write(canvas, 84, 340, "围绕真实项目展开。")

    document = parse(drawn(draw))
    assert document.title == "网店运营课程标准"
    assert [(b.kind, b.level, b.number) for b in document.blocks] == [
        ("heading", 1, ""),
        ("heading", 2, "一、"),
        ("heading", 3, "（一）"),
        ("list_item", 1, "1."),
        ("list_item", 1, "2."),
        ("heading", 3, "（二）"),
        ("paragraph", 0, ""),
        ("heading", 2, "二、"),
        ("paragraph", 0, ""),
    ]


def test_a_rotated_watermark_is_not_text() -> None:
    """Slanted text over the page is left out."""

    def draw(canvas: Canvas) -> None:
        wrapped(canvas, 60, 100, LONG + "。", 30)
        canvas.saveState()
        canvas.translate(300, 400)
        canvas.rotate(45)
        canvas.setFont(FONT, 50)
        canvas.drawCentredString(0, 0, "内部资料禁止外传")
        canvas.restoreState()

    assert texts(parse(drawn(draw))) == [LONG + "。"]


def test_a_page_set_sideways_is_read_like_an_upright_one() -> None:
    """Text turned by a quarter on an upright page, and a page turned by its /Rotate entry."""

    def sideways(canvas: Canvas) -> None:
        canvas.translate(WIDTH, 0)
        canvas.rotate(90)
        canvas.setFont(FONT, 12)
        for number in range(3):
            canvas.drawString(80, 500 - 30 * number, f"{number + 1}.横排的第{number + 1}条要求；")
        canvas.grid([80, 200, 320], [300, 330, 360])
        canvas.drawString(85, 340, "课程")
        canvas.drawString(205, 340, "学时")
        canvas.drawString(85, 310, "网店运营")
        canvas.drawString(205, 310, "64")

    def rotated(canvas: Canvas) -> None:
        canvas.setPageRotation(90)
        sideways(canvas)

    expected = ["1.横排的第1条要求；", "2.横排的第2条要求；", "3.横排的第3条要求；", "课程\t学时", "网店运营\t64"]
    assert texts(parse(drawn(sideways))) == expected
    assert texts(parse(drawn(rotated))) == expected


def test_struck_out_text_is_dropped() -> None:
    """Characters with a rule through their middle do not count; underlined ones do."""

    def draw(canvas: Canvas) -> None:
        write(canvas, 60, 100, "保留的文字删去的文字")
        canvas.line(120, HEIGHT - 96, 180, HEIGHT - 96)
        write(canvas, 60, 140, "有下划线的文字")
        canvas.line(60, HEIGHT - 142, 140, HEIGHT - 142)

    assert texts(parse(drawn(draw))) == ["保留的文字", "有下划线的文字"]


def test_text_outside_a_clip_is_not_read() -> None:
    """What a clipping path hides (a cell of a spreadsheet cut at the page's print area) is not on the page."""

    def draw(canvas: Canvas) -> None:
        write(canvas, 60, 100, "看得见的一行")
        canvas.saveState()
        path = canvas.beginPath()
        path.rect(50, HEIGHT - 300, 200, 50)
        canvas.clipPath(path, stroke=0)
        write(canvas, 60, 280, "框内文字")
        write(canvas, 60, 400, "框外文字")
        canvas.restoreState()

    assert texts(parse(drawn(draw))) == ["看得见的一行", "框内文字"]


def test_a_table_with_merged_cells() -> None:
    """Missing borders make spans; cell lines are joined, items in a cell stay apart; nothing appears twice."""

    def draw(canvas: Canvas) -> None:
        write(canvas, 60, 80, "表1 教学内容")
        xs, ys = [60.0, 140.0, 300.0, 400.0], [HEIGHT - y for y in (100.0, 130.0, 160.0, 200.0)]
        canvas.setStrokeColor(colors.black)
        for y in (ys[0], ys[3]):
            canvas.line(xs[0], y, xs[3], y)
        canvas.line(xs[1], ys[1], xs[3], ys[1])
        canvas.line(xs[0], ys[2], xs[3], ys[2])
        for x in (xs[0], xs[1], xs[3]):
            canvas.line(x, ys[0], x, ys[3])
        canvas.line(xs[2], ys[1], xs[2], ys[3])
        write(canvas, 63, 133, "项目", 10)
        write(canvas, 180, 118, "内容与要求", 10)
        write(canvas, 180, 148, "内容", 10)
        write(canvas, 320, 148, "学时", 10)
        write(canvas, 63, 175, "选品", 10)
        write(canvas, 143, 175, "①掌握选品方法；", 10)
        write(canvas, 143, 190, "②会写选品报告", 10)
        write(canvas, 303, 175, "4", 10)

    document = parse(drawn(draw))
    [table] = document.tables
    assert [(c.text, c.row, c.column, c.row_span, c.column_span) for c in table.cells] == [
        ("项目", 0, 0, 2, 1),
        ("内容与要求", 0, 1, 1, 2),
        ("内容", 1, 1, 1, 1),
        ("学时", 1, 2, 1, 1),
        ("选品", 2, 0, 1, 1),
        ("①掌握选品方法；\n②会写选品报告", 2, 1, 1, 1),
        ("4", 2, 2, 1, 1),
    ]
    assert table.header_rows == 2
    assert table.caption == "表1 教学内容"
    assert document.text.count("掌握选品方法") == 1


def test_a_table_over_three_pages_is_one() -> None:
    """续表 and the repeated header go, a cell broken by the page is joined, and every row knows its page."""
    header = ["序号", "课程", "主要教学内容"]
    xs = [60.0, 110.0, 250.0, 360.0]

    def draw(canvas: Canvas) -> None:
        grid(canvas, xs, [700.0, 730.0, 780.0], [header, ["1", "网店运营", "掌握关键词优化、用户\n运营"]])
        canvas.showPage()
        write(canvas, 280, 60, "续表")
        grid(canvas, xs, [80.0, 110.0, 140.0, 170.0], [header, ["", "", "与管理等知识"], ["2", "社群运营", "建群"]])
        canvas.showPage()
        grid(canvas, xs, [80.0, 110.0], [["3", "网络营销", "策划活动"]])

    document = parse(drawn(draw))
    [table] = document.tables
    assert texts(document) == [
        "序号\t课程\t主要教学内容",
        "1\t网店运营\t掌握关键词优化、用户运营与管理等知识",
        "2\t社群运营\t建群",
        "3\t网络营销\t策划活动",
    ]
    assert [block.locator.page for block in document.blocks] == [1, 1, 2, 3]
    assert (table.rows, table.header_rows) == (4, 1)


def test_a_merged_cell_cut_by_the_page_spans_on() -> None:
    """The lower half of a merged cell, empty overleaf, belongs to the upper half."""

    def draw(canvas: Canvas) -> None:
        for tops, rows in (([700, 730, 760, 790], ["甲", "乙", "丙"]), ([60, 90, 120], ["丁", "戊"])):
            ys = [HEIGHT - top for top in tops]
            for x in (60, 160, 300):
                canvas.line(x, ys[0], x, ys[-1])
            for y in ys:
                canvas.line(60 if y in (ys[0], ys[-1]) else 160, y, 300, y)
            for top, text in zip(tops, rows, strict=False):
                write(canvas, 165, top + 18, text, 10)
            if len(rows) == 3:
                write(canvas, 65, 745, "专业核心课", 10)
            canvas.showPage()

    [table] = parse(drawn(draw)).tables
    assert table.cells[0].text == "专业核心课"
    assert table.cells[0].row_span == 5


def test_tables_with_other_columns_stay_apart() -> None:
    """A new table at the top of the next page is not taken for the rest of the last one."""

    def draw(canvas: Canvas) -> None:
        grid(canvas, [60.0, 160.0, 300.0], [740.0, 760.0, 780.0], [["课程", "学时"], ["网店运营", "64"]])
        canvas.showPage()
        grid(
            canvas, [60.0, 200.0, 340.0, 500.0], [60.0, 80.0, 100.0], [["编号", "项目", "成果"], ["S1", "选品", "报告"]]
        )

    assert [(t.rows, t.columns) for t in parse(drawn(draw)).tables] == [(2, 2), (2, 3)]


def test_a_table_with_horizontal_rules_only() -> None:
    """三线表: columns are told by the gaps; spaced-out labels are closed up; the text under it is no row."""
    rows = [("网店运营基础", "2.5", "必修"), ("社群运营", "3", "必修"), ("视觉营销设计与制作", "10.5", "选修")]

    def draw(canvas: Canvas) -> None:
        for top in (100, 125, 215):
            canvas.line(60, HEIGHT - top, 500, HEIGHT - top)
        write(canvas, 90, 117, "名   称")
        write(canvas, 305, 117, "学 分")
        write(canvas, 420, 117, "性质")
        for number, (name, credits, kind) in enumerate(rows):
            write(canvas, 70, 145 + 25 * number, name)
            write(canvas, 310, 145 + 25 * number, credits)
            write(canvas, 420, 145 + 25 * number, kind)
        write(canvas, 60, 240, "注：学分以教学计划为准。")

    document = parse(drawn(draw))
    assert texts(document) == ["名称\t学分\t性质", *("\t".join(row) for row in rows), "注：学分以教学计划为准。"]
    assert document.tables[0].header_rows == 1


def test_grid_agrees_with_pdfplumber() -> None:
    """Cells found by our own lattice are those that pdfplumber finds, text included."""
    pdfplumber = pytest.importorskip("pdfplumber")
    rows = [[f"r{r}c{c}" for c in range(4)] for r in range(5)]

    def draw(canvas: Canvas) -> None:
        grid(canvas, [60.0, 150.0, 260.0, 400.0, 500.0], [100.0 + 30 * i for i in range(6)], rows)

    data = drawn(draw)
    [table] = parse(data).tables
    with pdfplumber.open(BytesIO(data)) as pdf:
        [expected] = pdf.pages[0].extract_tables()
    assert [[cell.text for cell in table.row_cells(row)] for row in range(table.rows)] == expected == rows


def test_radicals_and_invisible_characters_become_what_is_seen() -> None:
    """Fonts that map 用 to a radical sign do not make the text unfindable."""

    def draw(canvas: Canvas) -> None:
        write(canvas, 60, 100, "社群运营工具", 12)

    assert unify("⽤户运营⽅法") == "用户运营方法"
    assert texts(parse(drawn(draw))) == ["社群运营工具"]


def test_one_bad_page_is_an_error_item(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rest of the file is read, and the message names the page."""
    read = engine.PdfFile.page

    def page(self: engine.PdfFile, number: int) -> content.PageContent:
        if number == 2:
            raise ValueError("broken stream")
        return read(self, number)

    def draw(canvas: Canvas) -> None:
        for number in range(1, 4):
            write(canvas, 60, 100, f"第{number}部分的正文。")
            canvas.showPage()

    monkeypatch.setattr(engine.PdfFile, "page", page)
    document = parse(drawn(draw))
    assert texts(document) == ["第1部分的正文。", "第3部分的正文。"]
    assert [error.where for error in document.errors] == ["第 2 页"]


def test_pages_beyond_the_limit_are_named() -> None:
    """max_pages bounds the work and says what was left."""

    def draw(canvas: Canvas) -> None:
        for number in range(4):
            write(canvas, 60, 100, f"正文{number}。")
            canvas.showPage()

    document = parse(drawn(draw), max_pages=2)
    assert len(document.blocks) == 2
    assert document.pages == 4
    assert document.errors[0].where == "第 3 页起"


def test_encrypted_damaged_and_empty_files_are_told_apart() -> None:
    """Each has its own error with a Chinese message."""

    def text(canvas: Canvas) -> None:
        write(canvas, 60, 100, "正文。")

    with pytest.raises(EncryptedDocumentError, match="密码"):
        parse(drawn(text, encrypt=StandardEncryption("open", "own")))
    with pytest.raises(DamagedDocumentError, match="损坏"):
        parse(drawn(text)[:200])
    with pytest.raises(EmptyDocumentError, match="没有可读的文字"):
        parse(drawn(lambda canvas: canvas.showPage()))


def test_an_owner_password_alone_does_not_lock_a_file() -> None:
    """A file that opens without a password is read although printing is forbidden."""
    lock = StandardEncryption("", "own", canPrint=0)
    assert texts(parse(drawn(lambda canvas: write(canvas, 60, 100, "可以阅读。"), encrypt=lock))) == ["可以阅读。"]


def test_landscape_pages_and_letters_drawn_twice() -> None:
    """A shadow or a faked bold counts once; narrow letters side by side are no shadow."""

    def draw(canvas: Canvas) -> None:
        write(canvas, 60, 100, "加粗标题")
        write(canvas, 60.3, 100, "加粗标题")
        write(canvas, 60, 140, "College illusion", 12, "Helvetica")

    assert texts(parse(drawn(draw, pagesize=landscape(A4)))) == ["加粗标题", "College illusion"]


@pytest.mark.shared
def test_real_plans(shared: Path) -> None:
    """Two born-digital plans: tables over pages come out whole, no error, page headers gone."""
    plan = parse((shared / "real/pdf/SCU_培养方案.pdf").read_bytes())
    assert [(t.rows > 120, t.columns) for t in plan.tables] == [(True, 16)]
    assert not plan.errors
    other = parse((shared / "real/pdf/NJUCM_培养方案.pdf").read_bytes())
    assert len(other.tables) == 16
    assert "级本科各专业人才培养方案" not in other.text
