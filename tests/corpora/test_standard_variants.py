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
