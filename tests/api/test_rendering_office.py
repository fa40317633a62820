"""The Word and Excel reports, opened again by the libraries that write and read them."""

from __future__ import annotations

import io
import zipfile

import pytest
from docx import Document
from docx.oxml.ns import qn
from lxml import etree
from openpyxl import load_workbook

from alignment.model import GapReport
from api.rendering.docx import render as render_docx
from api.rendering.xlsx import render as render_xlsx


def word(report: GapReport):  # type: ignore[no-untyped-def]
    """The report as a python-docx document."""
    return Document(io.BytesIO(render_docx(report)))


def cells(table) -> list[list[str]]:  # type: ignore[no-untyped-def]
    """A table's texts."""
    return [[cell.text for cell in row.cells] for row in table.rows]


def workbook(report: GapReport):  # type: ignore[no-untyped-def]
    """The report as an openpyxl workbook, formulas visible."""
    return load_workbook(io.BytesIO(render_xlsx(report)))


def test_opinion_has_its_sections_in_order(report: GapReport) -> None:
    """Facts, conclusion, comparison, gaps, levels and hours, signatures, evidence; rules only for a plan."""
    headings = [p.text for p in word(report).paragraphs if p.style.name.startswith("Heading")]
    assert headings == [
        "一、审核对象",
        "二、总体结论",
        "三、逐条对照",
        "网络营销（C5）",
        "四、差距与修改建议",
        "五、层次与学时核对",
        "六、审核人意见",
        "附录　证据摘录",
        "附录　与标注的一致程度",
    ]


def test_conclusion_is_official_chinese_with_the_numbers(report: GapReport) -> None:
    """One paragraph tells course, counts, levels, review, hours, and what to mend first."""
    text = next(p.text for p in word(report).paragraphs if p.text.startswith("将《"))
    assert text == (
        "将《网络营销课程标准》与《高等职业教育专科电子商务专业教学标准》（530701）逐条比对。"
        "该文件对应核心课程：网络营销（C5，概率 97%），共含教学要素 29 项。"
        "其中已覆盖 22 项（76%），部分涉及 2 项，未覆盖 5 项。"
        "另有 1 项虽已覆盖，但教学层次低于标准要求。3 项结论接近判定界限，建议人工复核。"
        "学时：载明 64 学时，教学安排表合计 60 学时，两者不一致，请核对。"
        "建议优先完善：掌握营销推广工具的使用方法；开展整合营销；跟踪、监控线下营销活动。"
    )


def test_comparison_lists_each_element_with_numbered_evidence(report: GapReport) -> None:
    """29 elements of the course, the statement's cell merged, evidence numbers that the appendix resolves."""
    tables = word(report).tables
    comparison = cells(tables[2])
    assert comparison[0] == ["标准要求", "要素", "结论", "证据", "层次"]
    assert len(comparison) == 30
    rules = next(row for row in comparison if row[1] == "掌握各类平台的运营规则")
    assert rules[2] == "已覆盖"
    assert rules[4] == "要求掌握\n文中了解\n层次不足"
    number, _, quote = rules[3].removeprefix("证").partition("　")
    appendix = {row[0]: row for row in cells(tables[-1])}
    assert appendix[number][1:] == [quote, "一、课程目标　第4段", "C5.R1.e5"]
    merges = [row._tr.tc_lst[0].vMerge for row in tables[2].rows[1:]]
    assert merges.count("restart") == 8
    assert {row[0] for row in comparison[10:19]} == {comparison[10][0]}


def test_gaps_say_what_to_write_and_where(report: GapReport) -> None:
    """Each gap has its number, kind, weight, suggestion and place."""
    rows = cells(word(report).tables[3])
    assert len(rows) == 1 + len(report.gaps)
    assert rows[1] == [
        "1",
        "掌握营销推广工具的使用方法\n（C5.R1.e4）",
        "未覆盖\n重要程度高",
        "在项目三中增加一个任务：掌握营销推广工具的使用方法，并要求提交成果。",
        "写入“二、教学内容与学时安排”，约 2 学时",
    ]


def test_word_layout_is_a4_with_chinese_fonts_repeated_headers_and_page_numbers(any_report: GapReport) -> None:
    """A4; 宋体 for text and 黑体 for headings; header rows repeat; rows do not break; the footer counts pages."""
    document = word(any_report)
    section = document.sections[0]
    assert (round(section.page_width.cm, 1), round(section.page_height.cm, 1)) == (21.0, 29.7)
    fonts = {name: document.styles[name].element.rPr.rFonts for name in ("Normal", "Title", "Heading 1", "Heading 2")}
    assert [font.get(qn("w:eastAsia")) for font in fonts.values()] == ["宋体", "黑体", "黑体", "黑体"]
    assert all(font.get(qn("w:asciiTheme")) is None for font in fonts.values())
    for table in document.tables:
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
    assert document.tables[1].rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    fields = [field.get(qn("w:instr")) for field in section.footer._element.iter(qn("w:fldSimple"))]
    assert fields == ["PAGE", "NUMPAGES"]


def test_plan_has_its_rules_and_unread_parts_in_word(plan_report: GapReport) -> None:
    """Rules stand in a table of their own; a page that could not be read is named among the facts."""
    document = word(plan_report)
    facts = cells(document.tables[0])
    assert ["未能读取", "第 7 页：页面损坏，未能读取"] in facts
    assert ["对应课程", "全部 8 门专业核心课程"] in facts
    rules = next(cells(t) for t in document.tables if t.rows[0].cells[0].text == "编号" and len(t.columns) == 5)
    assert rules[1][0] == "NR04"
    assert rules[1][3] == "不符合"
    assert rules[2][4] == "650 ÷ 2480 = 26.2%\n“12”（表1 行2 列3）"


def test_word_for_a_document_that_fits_nothing(empty_report: GapReport) -> None:
    """No comparison and no excerpts; the reason is given."""
    text = "\n".join(p.text for p in word(empty_report).paragraphs)
    assert "未识别出对应的专业核心课程，逐条结果从略" in text
    assert "证据摘录" not in text
    assert "附录　与标注的一致程度" in text


def test_hostile_text_leaves_word_well_formed(hostile_report: GapReport) -> None:
    """Control characters are dropped, markup is text, and every part of the package is XML."""
    data = render_docx(hostile_report)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            if name.endswith((".xml", ".rels")):
                etree.fromstring(package.read(name))
    appendix = cells(word(hostile_report).tables[-1])
    assert "<script>alert(1)</script> =SUM(A1) |a|b|*粗*" in [row[1] for row in appendix]


def test_workbook_has_its_sheets_with_headers_filters_and_frozen_rows(any_report: GapReport) -> None:
    """总览, 要求×证据, 差距, 规则 (those of an audit come first); tables filter and keep their header in sight."""
    book = workbook(any_report)
    of_elements = ["总览", "要求×证据", "差距"]
    if any_report.programme is None:
        assert book.sheetnames == [*of_elements, "规则"]
    else:
        assert book.sheetnames[-3:] == of_elements
    for sheet in (sheet for sheet in book.worksheets if sheet.title != "总览"):
        assert sheet.auto_filter.ref.startswith("A1:")
        assert sheet.freeze_panes in ("A2", "C2", "D2", "E2", "G2")
        assert sheet["A2"].alignment.wrap_text
    assert book["要求×证据"].max_row == 364
    assert book["要求×证据"].column_dimensions["M"].width == 46


def test_workbook_rows_hold_verdict_evidence_and_place(report: GapReport) -> None:
    """A covered element has its quotes, one a line, with a place for each, and its colour."""
    sheet = workbook(report)["要求×证据"]
    header = [cell.value for cell in sheet[1]]
    rows = {row[4].value: dict(zip(header, row, strict=True)) for row in sheet.iter_rows(min_row=2)}
    row = rows["C5.T1.e1"]
    assert row["结论"].value == "已覆盖"
    assert row["结论"].fill.fgColor.rgb == "00E0F3EA"
    assert row["证据"].value == "市场环境分析\n分析目标市场"
    assert row["证据位置"].value == "二、教学内容与学时安排　表1 行2 列2\n一、课程目标　第2段"
    assert rows["C5.R1.e5"]["层次"].value == "层次不足"
    assert rows["C5.R1.e3"]["复核"].value == "建议人工复核"
    assert rows["C1.T1.e1"]["结论"].value == "未覆盖"


def test_workbook_overview_counts_each_course(report: GapReport) -> None:
    """Numbers are numbers, and the ratio is a percentage."""
    rows = {row[0].value: row for row in workbook(report)["总览"].iter_rows()}
    course = rows["网络营销"]
    assert [cell.value for cell in course[2:6]] == [29, 22, 2, 5]
    assert course[6].value == pytest.approx(22 / 29)
    assert course[6].number_format == "0%"
    assert rows["互联网销售"][1].value == "不在范围内，对应概率 31%"


def test_tall_texts_get_tall_rows(report: GapReport) -> None:
    """A row is as high as its longest wrapped text needs, so that no cell is cut."""
    book = workbook(report)
    heights = {
        row[1].value: book["要求×证据"].row_dimensions[row[0].row].height for row in book["要求×证据"].iter_rows()
    }
    assert heights["C5.R1"] >= 4 * 15
    assert heights["C5.R2"] < heights["C5.R1"]


def test_no_cell_is_a_formula(hostile_report: GapReport) -> None:
    """Texts that begin with = + - @ are stored as text, marked so that editing does not make them formulas."""
    book = workbook(hostile_report)
    found = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value]
    assert not [cell for cell in found if cell.data_type == "f"]
    risky = [cell for cell in found if isinstance(cell.value, str) and cell.value.startswith(("=", "+", "-", "@"))]
    assert {cell.value for cell in risky} >= {'=HYPERLINK("x","y")', "+cmd|' /C calc'!A0", "@SUM(1)", "-1+1"}
    assert all(cell.quotePrefix for cell in risky)
