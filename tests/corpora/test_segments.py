"""Segments of built documents: what becomes a segment, under which headings, with which role and hours."""

from __future__ import annotations

import pytest

from corpora.bundle import join_documents
from corpora.document import Document, Segment
from corpora.document_builder import CellSpec, DocumentBuilder
from corpora.segments import segment


def _syllabus() -> Document:
    builder = DocumentBuilder("网店运营.docx", b"bytes", "docx")
    builder.add("heading", "《网店运营》课程标准", level=1)
    builder.add("paragraph", "某某职业技术学院")
    builder.add("paragraph", "2024年9月")
    builder.add("heading", "一、课程目标", level=1, number="一、")
    builder.add("heading", "（一）知识目标", level=2, number="（一）")
    builder.add("list_item", "1.了解网店定位的方法；掌握选品的依据。", level=1, number="1.")
    builder.add("heading", "二、学时安排", level=1, number="二、")
    builder.add("paragraph", "总学时：8学时")
    builder.add("heading", "三、课程内容设计", level=1, number="三、")
    builder.add("heading", "项目三 社群活动策划与执行", level=2)
    rows = [
        ("序号", "学习项目", "教学内容与要求", "教学活动设计", "参考课时"),
        (
            "1",
            "店铺装修",
            "知识点\n掌握首页布局\n技能点\n1、会做主图\n2、会做详情页",
            "分组完成一张主图。教师点评",
            "4",
        ),
        ("2", "商品发布", "标题优化；属性填写", "上机操作发布商品", "4"),
        ("", "合计", "", "", "8"),
    ]
    cells = [CellSpec(text, row, column) for row, texts in enumerate(rows) for column, text in enumerate(texts)]
    builder.add_table(cells, header_rows=1)
    builder.add("heading", "四、课程考核", level=1, number="四、")
    builder.add("paragraph", "平时成绩占四成，期末项目占六成。")
    builder.add("heading", "五、教材及参考资料", level=1, number="五、")
    builder.add("paragraph", "选用近三年出版的高职教材。")
    builder.add("paragraph", "制定人：张三    审核人：李四")
    return builder.build()


@pytest.fixture(scope="module")
def segments() -> tuple[Segment, ...]:
    """Segments of a small syllabus."""
    return segment(_syllabus()).segments


def _find(segments: tuple[Segment, ...], text: str) -> Segment:
    return next(s for s in segments if s.text == text)


def test_statements_of_a_list_item_are_cut_without_their_number(segments: tuple[Segment, ...]) -> None:
    """A list item with two clauses gives two segments, and the number is no part of either."""
    first = _find(segments, "了解网店定位的方法；")
    assert first.heading_path == ("一、课程目标", "（一）知识目标")
    assert first.role == "objective"
    assert _find(segments, "掌握选品的依据。").number == first.number + 1


def test_a_table_row_gives_its_labels_column_name_and_hours(segments: tuple[Segment, ...]) -> None:
    """A cell's path holds the headings, the row's project and the column's name; the row's hours go with it."""
    item = _find(segments, "上机操作发布商品")
    assert item.heading_path == ("三、课程内容设计", "项目三 社群活动策划与执行", "商品发布", "教学活动设计")
    assert (item.role, item.hours) == ("practice", 4.0)
    locator = item.locators[0]
    assert (locator.table, locator.row, locator.cell) == (1, 3, 4)


def test_a_list_in_one_cell_is_cut_and_named_by_its_own_subheads(segments: tuple[Segment, ...]) -> None:
    """知识点 and 技能点 inside a cell name the lines after them and are no segments."""
    assert _find(segments, "掌握首页布局").heading_path[-1] == "知识点"
    skill = _find(segments, "会做详情页")
    assert skill.heading_path[-1] == "技能点"
    assert skill.role == "practice"
    assert not any(s.text in ("知识点", "技能点") for s in segments)


def test_names_of_projects_are_segments_but_parts_of_the_paper_are_not(segments: tuple[Segment, ...]) -> None:
    """A heading that carries content is quoted; 一、课程目标 only names a part."""
    assert _find(segments, "项目三 社群活动策划与执行").role == "content"
    assert _find(segments, "店铺装修").heading_path[-1] == "学习项目"
    assert not any(s.text.startswith(("一、", "（一）", "三、", "《")) for s in segments)


def test_numbers_totals_headers_and_boilerplate_are_left_out(segments: tuple[Segment, ...]) -> None:
    """Serials, hours, total rows, header rows, school, date and signatures are no segments."""
    texts = " ".join(s.text for s in segments)
    for absent in ("序号", "合计", "参考课时", "职业技术学院", "2024年", "制定人"):
        assert absent not in texts
    assert not any(s.text in ("1", "2", "4", "8") for s in segments)


def test_sections_give_assessment_and_resource(segments: tuple[Segment, ...]) -> None:
    """What stands under 考核 is assessment, under 教材 resource."""
    assert _find(segments, "平时成绩占四成，期末项目占六成。").role == "assessment"
    assert _find(segments, "选用近三年出版的高职教材。").role == "resource"


def test_short_fragments_are_joined_and_numbers_are_consecutive(segments: tuple[Segment, ...]) -> None:
    """教师点评 has four characters and stands alone; numbers count from 0 in reading order."""
    assert _find(segments, "教师点评").number > _find(segments, "分组完成一张主图。").number
    assert [s.number for s in segments] == list(range(len(segments)))


def test_document_facts() -> None:
    """The segmented document carries kind and hours."""
    result = segment(_syllabus())
    assert result.kind == "syllabus"
    assert (result.hours.stated, result.hours.table_sum, result.hours.contradict) == (8.0, 8.0, False)


def test_a_file_without_heading_styles_has_an_outline_all_the_same() -> None:
    """Short numbered paragraphs head what follows; （一） closes 1. and 二、 closes both."""
    builder = DocumentBuilder("大纲.txt", b"", "text")
    lines = (
        "一、课程目标",
        "（一）目标分解",
        "1.能力目标",
        "（1）能制作直播脚本。",
        "（二）其他",
        "会写复盘报告。",
        "二、考核方式",
        "上交一份报告。",
    )
    for line in lines:
        builder.add("paragraph", line)
    found = {s.text: s.heading_path for s in segment(builder.build()).segments}
    assert found["能制作直播脚本。"] == ("一、课程目标", "（一）目标分解", "1.能力目标")
    assert found["会写复盘报告。"] == ("一、课程目标", "（二）其他")
    assert found["上交一份报告。"] == ("二、考核方式",)


def test_merged_labels_and_group_rows_reach_every_row_below() -> None:
    """A project cell merged over two rows, and a full-width row, name the rows beneath."""
    builder = DocumentBuilder("授课计划.docx", b"", "docx")
    cells = [
        CellSpec("项目", 0, 0),
        CellSpec("任务", 0, 1),
        CellSpec("教学内容", 0, 2),
        CellSpec("学时", 0, 3),
        CellSpec("第一篇 基础", 1, 0, 1, 4),
        CellSpec("直播策划", 2, 0, 2, 1),
        CellSpec("选主播", 2, 1),
        CellSpec("主播的类型与选择依据", 2, 2),
        CellSpec("6", 2, 3, 2, 1),
        CellSpec("写脚本", 3, 1),
        CellSpec("单品脚本与整场脚本的结构", 3, 2),
    ]
    builder.add_table(cells, header_rows=1)
    found = {s.text: s for s in segment(builder.build()).segments}
    script = found["单品脚本与整场脚本的结构"]
    assert script.heading_path == ("第一篇 基础", "直播策划", "写脚本", "教学内容")
    assert script.hours is None, "six hours are shared by both rows"


def test_a_cover_form_is_read_as_names_and_values() -> None:
    """Administrative fields teach nothing; a teaching field's value is named by its field."""
    builder = DocumentBuilder("教案.docx", b"", "docx")
    rows = (
        ("课程名称", "网络营销", "学分", "3"),
        ("适用专业", "电子商务", "学时", "48"),
        ("教学目标", "能策划一次事件营销", "教学重点", "选题的时机"),
    )
    cells = [CellSpec(text, row, column) for row, texts in enumerate(rows) for column, text in enumerate(texts)]
    builder.add_table(cells)
    result = segment(builder.build())
    assert [(s.text, s.heading_path, s.role) for s in result.segments] == [
        ("能策划一次事件营销", ("教学目标",), "objective"),
        ("选题的时机", ("教学重点",), "content"),
    ]
    assert result.hours.stated == 48.0


def test_repeated_headers_and_columns_of_few_words_are_skipped() -> None:
    """A header repeated mid-table and a column that only says 必选 or 选修 give no segments."""
    builder = DocumentBuilder("课程标准.docx", b"", "docx")
    header = ("编号", "目标描述", "要求")
    rows = [header, *((f"K{i}", f"掌握第{i}种推广工具", "必选") for i in range(4)), header]
    rows += [(f"K{i}", f"掌握第{i}种推广工具", "必选" if i % 2 else "选修") for i in range(4, 16)]
    cells = [CellSpec(text, row, column) for row, texts in enumerate(rows) for column, text in enumerate(texts)]
    builder.add_table(cells, header_rows=1)
    texts = [s.text for s in segment(builder.build()).segments]
    assert "目标描述" not in texts
    assert "必选" not in texts
    assert sum(text.startswith("掌握第") for text in texts) == 16


def test_a_column_of_manners_is_skipped_and_a_topic_names_its_row() -> None:
    """讲授、上机 teaches nothing; 课题 is the row's label; a subtotal row is no statement."""
    builder = DocumentBuilder("授课计划.docx", b"", "docx")
    rows = (
        ("周次", "课题", "教学内容", "教学方式", "学时"),
        ("1", "建群", "群规的写法与入群门槛的设置", "讲授、上机", "4"),
        ("2", "拉新", "裂变海报的设计与投放渠道的选择", "研讨", "4"),
        ("项目一小计", "", "", "", "8"),
    )
    cells = [CellSpec(text, row, column) for row, texts in enumerate(rows) for column, text in enumerate(texts)]
    builder.add_table(cells, header_rows=1)
    found = segment(builder.build()).segments
    assert [s.text for s in found] == ["建群", "群规的写法与入群门槛的设置", "拉新", "裂变海报的设计与投放渠道的选择"]
    assert found[3].heading_path == ("拉新", "教学内容")


def test_notes_without_syllabus_sections_are_content() -> None:
    """In notes and textbooks what stands under no telling heading is content."""
    builder = DocumentBuilder("笔记.md", b"", "markdown")
    builder.add("heading", "数据分析", level=1)
    builder.add("heading", "目标用户分析", level=2)
    builder.add("list_item", "按消费频次给用户分层", level=1)
    builder.add("list_item", "最近一次消费时间", level=2)
    first, second = (s for s in segment(builder.build()).segments if "消费" in s.text)
    assert first.role == second.role == "content"
    assert second.heading_path == ("目标用户分析", "按消费频次给用户分层"), "the title is left out"


def test_a_plan_goes_on_behind_the_workbook_put_into_it() -> None:
    """What is annexed stands under the plan's own headings, not under the sheet before it."""
    plan, book = DocumentBuilder("方案.docx", b"1", "docx"), DocumentBuilder("进程表.xlsx", b"2", "xlsx")
    for text in ("一、培养目标", "培养能开店的人才。", "二、附录", "（一）附件 1 课程标准", "能搭建直播间并排好商品。"):
        plan.add("paragraph", text)
    book.add("heading", "统计", level=2)
    book.add("paragraph", "各类课程的学时在此统计并核对。")
    main = plan.build()
    annex = next(block for block in main.blocks if "附件" in block.text).locator.start
    segments = segment(join_documents([main, book.build()], before=annex)).segments
    paths = {s.text: s.heading_path for s in segments}
    assert paths["能搭建直播间并排好商品。"][0] == "二、附录"
    assert "统计" not in paths["能搭建直播间并排好商品。"]
    assert paths["各类课程的学时在此统计并核对。"] == ("进程表.xlsx", "统计")
    starts = [s.locators[0].start for s in segments]
    assert starts == sorted(starts)


def test_an_empty_document_has_no_segments() -> None:
    """A document without blocks gives no segments and no hours."""
    result = segment(DocumentBuilder("空.txt", b"", "text").build())
    assert result.segments == ()
    assert result.hours.stated is None
