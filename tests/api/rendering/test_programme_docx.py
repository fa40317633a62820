"""The 审核意见书 of a programme plan, opened again."""

from __future__ import annotations

import io

import pytest
from docx import Document
from docx.enum.section import WD_ORIENT

from alignment.model import GapReport
from api.rendering.docx import numeral, render


@pytest.fixture(scope="module")
def paper(audited_report: GapReport):  # type: ignore[no-untyped-def]
    """The opinion as a python-docx document."""
    return Document(io.BytesIO(render(audited_report)))


def tables(paper, first: str) -> list[list[list[str]]]:  # type: ignore[no-untyped-def]
    """The texts of the tables whose first cell is ``first``."""
    texts = [[[cell.text for cell in row.cells] for row in table.rows] for table in paper.tables]
    return [table for table in texts if table[0][0] == first]


def test_sections_stand_in_the_order_of_the_standard(paper) -> None:  # type: ignore[no-untyped-def]
    """Verdict first, then the standard's chapters by their own numbers, signatures, annexes."""
    headings = [p.text for p in paper.paragraphs if p.style.name == "Heading 1"]
    assert headings == [
        "一、审核对象",
        "二、审核结论",
        "三、方案结构",
        "四、基本修业年限",
        "五、职业面向",
        "六、培养目标",
        "七、培养规格",
        "八、课程设置及学时安排",
        "九、师资队伍",
        "十、教学条件",
        "十一、质量保障和毕业要求",
        "十二、方案内部的矛盾",
        "十三、校级（省级）规则与其他规定",
        "十四、附件课程标准与全部课程的合力",
        "十五、课程内容覆盖",
        "十六、审核人意见",
        "附录一　课程表（按方案提取）",
        "附录二　全部课程合力：没有教、只提到与重复讲授的要素",
        "附录三　标准内容逐条对照",
        "附录四　差距与修改建议",
        "附录五　与标注的一致程度",
    ]


def test_parts_of_a_chapter_have_their_numbers(paper) -> None:  # type: ignore[no-untyped-def]
    """Under chapter 8 the parts of the standard come in their order."""
    headings = [p.text for p in paper.paragraphs if p.style.name == "Heading 2"]
    parts = [text.split("　")[0] for text in headings if text.startswith("8.")]
    assert parts == ["8.1.1", "8.1.2(1)", "8.1.2(2)", "8.1.2(3)", "8.2"]


def test_verdict_counts_by_force_and_names_failing_musts_first(paper) -> None:  # type: ignore[no-untyped-def]
    """A small table of counts, then lines: what fails and binds stands before what only should be."""
    assert tables(paper, "规定的约束力")[0] == [
        ["规定的约束力", "条数", "符合", "不符合", "无法判定", "结论随算法改变"],
        ["必须", "6", "3", "2", "1", "0"],
        ["一般应", "2", "1", "1", "0", "1"],
    ]
    lines = dict(tables(paper, "规定核算")[0])
    labels = list(lines)
    assert labels.index("必须达到而不符合 2 条") < labels.index("一般应达到而不符合 1 条")
    assert lines["必须达到而不符合 2 条"].startswith("1. 总学时（NR04）：1354 学时（要求 ≥ 2500 学时）")
    assert "若公共选修不计入公共基础课，则不符合（22.75%）" in lines["结论随算法改变 1 条"]
    assert lines["无法判定 1 条"].endswith("缺少本专业学生数")
    assert lines["拟定意见"].startswith("建议修改后重新审核（2 条必须达到的规定不符合）")


def test_rule_shows_value_arithmetic_cells_and_readings(paper) -> None:  # type: ignore[no-untyped-def]
    """One row holds expectation, value with unit, verdict, sum, cells, and the readings, the turning one marked."""
    rows = [row for table in tables(paper, "编号") for row in table]
    rule = next(row for row in rows if row[0] == "NR06")
    assert rule[1].startswith("公共基础课总学时占总学时比例\n一般应 ≥ 25%\n原文：")
    assert rule[2:4] == ["25.11%", "符合\n（随算法改变）"]
    lines = rule[4].split("\n")
    assert lines[0] == "340 ÷ 1354 = 25.11% ≥ 25%"
    assert "“1354”（② 工作表“教学进程表” E17）" in lines[2]
    assert lines[3] == "◆ 若公共选修不计入公共基础课：308 ÷ 1354 = 22.75% < 25%，不符合"
    assert lines[4].startswith("◇ 若分母用各行之和 1386")


def test_course_table_is_an_annex_on_pages_turned_across(paper) -> None:  # type: ignore[no-untyped-def]
    """Every row that was read, with its cells and the choice it belongs to."""
    assert [s.orientation for s in paper.sections] == [
        WD_ORIENT.PORTRAIT,
        WD_ORIENT.LANDSCAPE,
        WD_ORIENT.PORTRAIT,
    ]
    table = next(table for table in tables(paper, "序号") if table[0][3] == "课程名称")
    assert len(table) == 16
    assert table[12][3:9] == ["主播训练", "方向课", "4", "64", "16", "48"]
    assert table[12][11] == "“方向”中选"
    assert table[15][9] == "5:8w、6:16w"


def test_annex_of_gaps_is_cut_and_says_so(paper, audited_report: GapReport) -> None:  # type: ignore[no-untyped-def]
    """A plan lacks hundreds of elements: the opinion lists the weightiest, the workbook all."""
    table = next(table for table in tables(paper, "序号") if table[0][3] == "修改建议")
    assert len(table) == 41
    rest = len(audited_report.gaps) - 40
    assert f"另有 {rest} 处，见工作簿（xlsx）的“差距”表。" in [p.text for p in paper.paragraphs]


def test_rooms_name_equipment_found_and_missing(paper) -> None:  # type: ignore[no-untyped-def]
    """A room that stands in the plan with part of its equipment says which."""
    rooms = tables(paper, "实训室")[0][1:]
    assert len(rooms) == 9
    partly = next(row for row in rooms if row[1] == "部分涉及" and row[2] != "—")
    assert partly[3] != "—"
    assert "“直播实训室配备补光灯、摄像机、声卡”" in partly[4]


def test_matrix_has_a_column_for_each_competency(paper) -> None:  # type: ignore[no-untyped-def]
    """Courses down, competencies across, marks of the plan and of the content told apart."""
    matrix = next(table for table in tables(paper, "课程") if len(table[0]) == 17)
    assert len(matrix) == 8
    assert {mark for row in matrix[1:] for mark in row[1:]} == {"", "●", "○", "△"}


@pytest.mark.parametrize(("number", "text"), [(1, "一"), (10, "十"), (13, "十三"), (20, "二十"), (42, "四十二")])
def test_numerals(number: int, text: str) -> None:
    """Sections count on past ten."""
    assert numeral(number) == text
