"""Layouts of the official template: numbering styles, ways of setting the core-course table, faults."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from corpora.document import Document
from corpora.document_builder import CellSpec, DocumentBuilder
from corpora.errors import StandardFormatError
from corpora.standard_parser import parse_standard

HEADER = ("序号", "专业核心课程", "典型工作任务描述", "主要教学内容与要求")
COMPETENCIES = ("掌握会计基础知识；", "能编制财务报表；", "具有良好的沟通能力。")
COURSE = (
    "1",
    "智能财税",
    "典型工作任务为智能财税处理，工作内容主要有票据整理、账务处理、纳税申报。\n运用财务软件、计算机等软硬件工具完成工作任务",
    "① 掌握增值税、企业所得税等知识。\n② 能编制记账凭证，登记会计账簿",
)
SECOND = (
    "2",
    "成本核算",
    "典型工作任务为成本核算，工作内容主要有费用归集、成本计算。",
    "① 理解成本核算原理。\n② 能计算产品成本",
)


def build(lines: Sequence[str | Sequence[Sequence[str]]]) -> Document:
    """A document of paragraphs (strings) and tables (rows of cells); a cell of None continues the one above."""
    builder = DocumentBuilder("标准.txt", b"x", "text")
    for line in lines:
        if isinstance(line, str):
            builder.add("paragraph", line)
        else:
            builder.add_table([CellSpec(text, r, c) for r, row in enumerate(line) for c, text in enumerate(row)])
    return builder.build()


def standard_lines(*, competencies: Sequence[str], core: Sequence[str | Sequence[Sequence[str]]] = ()) -> list:
    """A short standard with the given competencies and core-course part."""
    return [
        "高等职业教育专科大数据与会计专业教学标准",
        "2 专业名称（专业代码）",
        "大数据与会计（530302）",
        "7 培养规格",
        "总体上须达到以下要求：",
        *competencies,
        "8 课程设置及学时安排",
        "8.1.2 专业课程",
        "（2）专业核心课程",
        "一般设置 2 门。包括：智能财税、成本核算等。",
        *core,
    ]


@pytest.mark.parametrize(
    "style",
    ["（{}）", "({}) ", "{}. ", "{}、", "{}．", "{}）", "circled", "（chinese）", "chinese、"],
)
def test_competencies_in_every_numbering_style(style: str) -> None:
    """Each numbering style gives the same competencies, the number taken out of the text."""
    circled, chinese = "①②③", "一二三"
    marks = {
        "circled": [f"{c} " for c in circled],
        "（chinese）": [f"（{c}）" for c in chinese],
        "chinese、": [f"{c}、" for c in chinese],
    }
    numbers = marks.get(style, [style.format(n) for n in (1, 2, 3)])
    lines = standard_lines(competencies=[f"{mark}{text}" for mark, text in zip(numbers, COMPETENCIES, strict=True)])
    standard = parse_standard(build(lines)).standard
    assert [(c.id, c.text, c.number) for c in standard.competencies] == [
        (f"Q0{n}", text, n) for n, text in enumerate(COMPETENCIES, 1)
    ]


@pytest.mark.parametrize("lines", [["（1）" + "（2）".join(COMPETENCIES[:2])], list(COMPETENCIES[:2])])
def test_competencies_in_one_paragraph_or_without_numbers(lines: list[str]) -> None:
    """Numbered competencies in one paragraph are cut apart; unnumbered ones are taken one a paragraph."""
    standard = parse_standard(build(standard_lines(competencies=lines))).standard
    assert [c.text for c in standard.competencies] == list(COMPETENCIES[:2])


def test_group_headings_between_competencies_are_no_competencies() -> None:
    """（一）素质 groups; the competencies below it count on."""
    lines = standard_lines(competencies=["（一）素质", "（1）遵守职业道德；", "（二）知识", "（1）掌握会计基础知识。"])
    report = parse_standard(build(lines))
    assert [c.text for c in report.standard.competencies] == ["遵守职业道德；", "掌握会计基础知识。"]
    assert not report.report.unplaced


TABLES = {
    "table": [[HEADER, COURSE, SECOND]],
    "续表": [[HEADER, COURSE], "续表", [HEADER, SECOND]],
    "header repeated inside": [[HEADER, COURSE, HEADER, SECOND]],
    "continued row inside": [[HEADER, COURSE, ("续表", "", "", ""), HEADER, SECOND]],
    "continued without header": [[HEADER, COURSE], "续表", [SECOND]],
    "row broken over a page": [
        [
            HEADER,
            (*COURSE[:3], "① 掌握增值税、企业所"),
            ("", "", "", "得税等知识。\n② 能编制记账凭证，登记会计账簿"),
            SECOND,
        ]
    ],
    "narrow cells": [
        [
            HEADER,
            (COURSE[0], "智能\n财税", COURSE[2].replace("票据", "票\n据"), COURSE[3].replace("企业", "企\n业")),
            SECOND,
        ]
    ],
    "tab-separated lines": [
        "\t".join(HEADER),
        "\t".join(
            cell if n < 2 else "".join(f"<p>{p}</p> " for p in cell.split("\n")) for n, cell in enumerate(COURSE)
        ),
        "\t".join(cell.replace("\n", "<br>") for cell in SECOND),
    ],
    "pipe table": [
        f"| {' | '.join(HEADER)} |",
        "|---|---|---|---|",
        *(f"| {' | '.join(cell.replace(chr(10), '<br>') for cell in row)} |" for row in (COURSE, SECOND)),
    ],
    "no number column": [[HEADER[1:], COURSE[1:], SECOND[1:]]],
}


@pytest.mark.parametrize("core", TABLES.values(), ids=TABLES.keys())
def test_the_core_course_table_in_every_setting(core: list) -> None:
    """However the table is set or broken, the same courses, tasks and requirements come out, nothing unplaced."""
    imported = parse_standard(build(standard_lines(competencies=["（1）掌握会计基础知识。"], core=core)))
    standard = imported.standard
    assert [(c.id, c.title) for c in standard.core_courses] == [("C1", "智能财税"), ("C2", "成本核算")]
    assert [t.text for t in standard.children("C1", "task")] == ["票据整理", "账务处理", "纳税申报"]
    assert [r.text for r in standard.children("C1", "requirement")] == [
        "掌握增值税、企业所得税等知识。",
        "能编制记账凭证，登记会计账簿",
    ]
    assert standard.by_id["C1"].tools == ("财务软件", "计算机")
    assert [r.text for r in standard.children("C2", "requirement")] == ["理解成本核算原理。", "能计算产品成本"]
    assert not imported.report.unplaced


def test_layout_that_was_mended_is_recorded() -> None:
    """续表 and a sentence broken over a page are joined and listed among the mends."""
    broken = ["（1）掌握本专业所需的会计基础知识和财务管理知识，具有财务数据分析和业财", "融合应用的能力；"]
    core = [[HEADER, COURSE], "续表", [HEADER, SECOND]]
    standard = parse_standard(build(standard_lines(competencies=broken, core=core))).standard
    assert standard.competencies[0].text.endswith("业财融合应用的能力；")
    assert [mend.kind for mend in standard.mends] == ["page_break", "table_continued"]


def test_tasks_as_enumerated_items() -> None:
    """A task cell of ①-items instead of 工作内容主要有… gives one task an item."""
    course = (*COURSE[:2], "① 整理原始凭证。\n② 完成纳税申报。", COURSE[3])
    core = [[HEADER, course, SECOND]]
    standard = parse_standard(build(standard_lines(competencies=["（1）掌握会计基础知识。"], core=core))).standard
    assert [t.text for t in standard.children("C1", "task")] == ["整理原始凭证", "完成纳税申报"]


def test_a_row_without_a_header_is_reported_not_lost() -> None:
    """A table that names no columns cannot be placed: its rows are listed and stand in the section."""
    imported = parse_standard(build(standard_lines(competencies=["（1）掌握会计基础知识。"], core=[[COURSE, SECOND]])))
    assert len(imported.report.unplaced) == 2
    assert "智能财税" in imported.report.unplaced[0].text
    table = next(s.table for s in imported.standard.sections if s.number == "8.1.2(2)")
    assert any("智能财税" in cell["text"] for row in table["rows"] for cell in row["cells"])


def test_a_table_of_contents_is_no_standard() -> None:
    """Entries of a contents page open no sections."""
    lines = standard_lines(competencies=["（1）掌握会计基础知识。"])
    contents = ["目录", "7 培养规格……………3", "8 课程设置及学时安排\t5"]
    standard = parse_standard(build([lines[0], *contents, *lines[1:]])).standard
    assert [c.text for c in standard.competencies] == ["掌握会计基础知识。"]


def test_another_document_is_refused_with_advice() -> None:
    """A document without competencies and core courses is no standard: one clear error."""
    with pytest.raises(StandardFormatError, match="培养规格") as error:
        parse_standard(build(["网店运营课程标准", "一、课程性质", "本课程是专业核心课程。"]))
    assert error.value.advice


def test_a_standard_without_a_code_needs_one() -> None:
    """Without a stated code the import asks for it, and takes the one given."""
    lines = [line for line in standard_lines(competencies=["（1）掌握会计基础知识。"]) if "530302" not in line]
    with pytest.raises(StandardFormatError, match="专业代码"):
        parse_standard(build(lines))
    assert parse_standard(build(lines), code="530302").standard.code == "530302"


def test_every_paragraph_stands_in_a_section() -> None:
    """What no reader understands is in the sections and in the list of unplaced passages."""
    lines = standard_lines(competencies=["（1）掌握会计基础知识。", "这一段没有编号，也不在开头"])
    imported = parse_standard(build(lines))
    texts = [p.text for section in imported.standard.sections for p in section.paragraphs]
    assert "这一段没有编号，也不在开头" in texts
    assert [u.text for u in imported.report.unplaced] == ["这一段没有编号，也不在开头"]
    assert imported.report.placed_ratio < 1


EDITION_2025 = [
    "高等职业教育专科大数据与会计专业教学标准",
    "2 专业名称（专业代码）",
    "大数据与会计（530302）",
    "7 培养规格",
    "（1）掌握会计基础知识；",
    "8.1.2 专业课程",
    "（1）专业基础课程",
    "主要包括：会计基础、经济法、财政金融基础等领域的内容。",
    "（2）专业核心课程",
    "主要包括：智能财税、成本核算等领域的内容，具体课程由学校根据实际情况，按国家有关要求自主设置。",
    [
        ("序号", "课程涉及的主要领域", "典型工作任务描述", "主要教学内容与要求"),
        ("1", "智能财税", "① 整理票据。② 申报纳税。", "① 掌握税法知识。② 能完成纳税申报。"),
        ("2", "成本核算", "① 归集费用。", "① 能计算产品成本。"),
    ],
    "8.1.3 实践性教学环节",
    "（1）实训",
    "在校内外进行会计手工实训、财税一体化、成本管理等实训，包括单项技能实训、综合能力实训、生产性实训等。",
    "（2）实习",
    "在会计师事务所进行会计核算、税务代理等岗位实习，包括认识实习和岗位实习。",
    "8.2 学时安排",
    "总学时一般为 2800 学时，每 16～18 学时折算 1 学分。",
    "9.1 队伍结构",
    "学生数与本专业专任教师数比例不高于 25∶1。",
    "10.1.2 校内外实验、实训场所基本要求",
    "（1）财税实训室",
    "配备计算机、税控设备、财税软件等设备设施，用于票据整理、纳税申报等实训教学。",
]


def test_the_wording_of_the_2025_edition() -> None:
    """Lists of 领域, tasks as ①-items, rooms for activities, a ratio with ∶."""
    imported = parse_standard(build(EDITION_2025))
    standard = imported.standard
    assert [b.title for b in standard.of_kind("foundation_course")] == ["会计基础", "经济法", "财政金融基础"]
    assert [c.title for c in standard.core_courses] == ["智能财税", "成本核算"]
    assert [t.text for t in standard.of_kind("task")] == ["整理票据", "申报纳税", "归集费用"]
    assert [p.title for p in standard.of_kind("practice_project")] == ["会计手工实训", "财税一体化", "成本管理"]
    assert [p.title for p in standard.of_kind("internship_position")] == ["会计核算", "税务代理"]
    assert standard.by_id["L1"].equipment == ("计算机", "税控设备", "财税软件")
    assert standard.by_id["L1"].activities == ("票据整理", "纳税申报")
    rules = {(r.quantity, r.operator, r.value, r.unit, r.strength) for r in standard.rules}
    assert ("总学时", "=", 2800, "学时", "should") in rules
    assert ("学生数与本专业专任教师数之比", "<=", 25, ":1", "must") in rules
    assert imported.report.unplaced == ()


EDITION_2019 = [
    "高等职业学校大数据与会计专业教学标准",
    "一、专业名称（专业代码）",
    "大数据与会计（530302）。",
    "二、入学要求",
    "普通高级中学毕业、中等职业学校毕业或具备同等学力。",
    "三、基本修业年限",
    "三年。",
    "五、培养目标与培养规格",
    "（一）培养目标",
    "本专业培养能够从事会计核算、纳税申报等工作的高素质技术技能人才。",
    "（二）培养规格",
    "本专业毕业生应在素质、知识和能力方面达到以下要求：",
    "1．素质",
    "（1）具有良好的职业道德。",
    "2．知识",
    "（1）掌握会计基础知识。",
    "六、课程设置及学时安排",
    "（一）课程设置",
    "本专业课程主要包括公共基础课程和专业课程。",
    "2．专业课程",
    "（1）专业基础课程。",
    "专业基础课程一般设置 6～8 门，包括：会计基础、经济法、财政金融基础等。",
    "（2）专业核心课程。",
    "专业核心课程一般设置 2 门，包括：智能财税、成本核算等。",
    "（3）专业拓展课程。",
    "专业拓展课程包括：管理会计、审计基础等。",
    "3．专业核心课程主要教学内容",
    [
        ("序号", "专业核心课程名称", "主要教学内容"),
        ("1", "智能财税", "（1）税法知识；（2）纳税申报。"),
        ("2", "成本核算", "成本计算方法。"),
    ],
    "（二）学时安排",
    "总学时一般为 2500 学时。",
    "七、教学基本条件",
    "（一）师资队伍",
    "1．队伍结构",
    "学生数与本专业专任教师数比例不高于 25:1。",
    "（二）教学设施",
    "主要包括专业教室和实训室。",
    "八、质量保障",
    "（1）学校应建立质量监控机制。",
]


def test_the_headings_of_the_2019_edition() -> None:
    """Another numbering and order of sections, a table without tasks behind the last course list."""
    imported = parse_standard(build(EDITION_2019))
    standard = imported.standard
    assert (standard.name, standard.duration_years) == ("大数据与会计", 3)
    assert [c.text for c in standard.competencies] == ["具有良好的职业道德。", "掌握会计基础知识。"]
    assert [c.title for c in standard.of_kind("extension_course")] == ["管理会计", "审计基础"]
    assert [r.text for r in standard.children("C1", "requirement")] == ["税法知识；", "纳税申报。"]
    assert [f.section for f in standard.of_kind("faculty")] == ["9.1"]
    assert [k.text for k in standard.of_kind("quality_assurance")] == ["学校应建立质量监控机制。"]
    counted = next(r for r in standard.rules if r.quantity == "专业基础课程门数")
    assert (counted.operator, counted.value) == ("between", (6, 8))
    assert imported.report.unplaced == ()
