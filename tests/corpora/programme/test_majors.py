"""The majors of a plan, their names and codes, and where the annex begins."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpora.document import Document
from corpora.document_builder import CellSpec, DocumentBuilder
from corpora.parsers.base import Source
from corpora.programme.boundaries import annex_start
from corpora.programme.majors import choose_major, is_plan, split_majors

CHAPTERS = [
    "二、入学要求",
    "三、修业年限",
    "四、职业面向",
    "五、培养目标与规格",
    "六、课程设置",
    "七、教学进程",
    "八、毕业要求",
]


def document(*lines: str, title: str = "", name: str = "方案.docx") -> Document:
    """Numbered and titled lines as headings, ``|`` lines as table rows, the rest as paragraphs."""
    builder = DocumentBuilder(name, name.encode(), "docx")
    builder.title = title
    for line in lines:
        if line.startswith("|"):
            builder.add_table([CellSpec(text, 0, i) for i, text in enumerate(line[1:].split("|"))])
        elif line.startswith("#"):
            builder.add("heading", line.lstrip("# "), level=line.count("#", 0, 6))
        else:
            builder.add("paragraph", line)
    return builder.build()


def chapters(*first: str) -> list[str]:
    """A plan's chapters behind its own first lines."""
    return [*first, *(line for chapter in CHAPTERS for line in (f"## {chapter}", "正文一句。"))]


def one(*first: str, title: str = "", name: str = "方案.docx") -> tuple[str, str, str]:
    """Name, code and grade of a single plan with these first lines."""
    (major,) = split_majors(document(*chapters(*first), title=title, name=name))
    return major.name, major.code, major.grade


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            ["# 云海职业技术学院2023级茶艺专业人才培养方案", "## 一、专业名称及代码", "茶艺（540109）"],
            ("茶艺", "540109", "2023"),
        ),
        (["# 人才培养方案", "## 一、专业名称（代码）：茶艺（540109）", "2022年级适用"], ("茶艺", "540109", "2022")),
        (
            ["茶艺专业", "# 2021级人才培养方案", "专业名称：茶艺专业", "国标专业代码：540109"],
            ("茶艺", "540109", "2021"),
        ),
        (
            ["# 茶艺专业教学计划（2020级）", "### （一）专业名称：茶艺", "### （二）专业代码：540109"],
            ("茶艺", "540109", "2020"),
        ),
        (["# 茶艺专业人才培养方案", "|专业名称|茶艺|专业代码|540109", "适用于2024级"], ("茶艺", "540109", "2024")),
        (["# 三年制高职茶艺专业人才培养方案（2023版）"], ("茶艺", "", "2023")),
        (["# 软件工程本科专业培养方案", "（专业代码080902，适用2022年级）"], ("软件工程", "080902", "2022")),
        (["# 二〇二二级茶艺专业人才培养方案", "一、专业名称", "茶艺"], ("茶艺", "", "2022")),
        (["# ××专业人才培养方案", "## 一、专业名称及代码"], ("", "", "")),
        (["# 茶艺专业（中外合作办学）人才培养方案", "专业代码：540109H"], ("茶艺（中外合作办学）", "540109H", "")),
    ],
)
def test_name_code_and_grade(lines: list[str], expected: tuple[str, str, str]) -> None:
    """They are found in titles, first chapters, tables and brackets, whatever the school's way of writing."""
    assert one(*lines) == expected


def test_table_header_is_no_name() -> None:
    """A header row that only names its columns gives no name, and a date is no grade."""
    assert one("# 茶艺专业人才培养方案", "2019年 6 月", "|序号|专业代码|专业名称|所属类别") == ("茶艺", "", "")


def test_single_major_holds_the_whole_text() -> None:
    """Cover and repeated titles make no second major."""
    plan = document(
        *chapters("# 茶艺专业人才培养方案", "云海学院", "# 茶艺专业2023级人才培养方案"),
        "# 茶艺专业教学计划进程表",
        "|课程|学时",
    )
    (major,) = split_majors(plan)
    assert (major.start, major.end, major.annex_start) == (0, len(plan.text), len(plan.text))


GROUP = document(
    "# 2023级茶业专业群人才培养方案",
    "# 第一部分 专业群整体设计",
    "## 一、职业面向",
    "## 二、培养目标",
    "## 三、课程体系",
    "专业群的总体说明。" * 200,
    "# 第二部分 各专业人才培养方案",
    *chapters("## 专业1：茶艺专业人才培养方案", "### （一）专业名称：茶艺", "### （二）专业代码：540109"),
    *chapters("## 专业2-1：茶叶生产与加工专业（普通类）人才培养方案", "专业名称：茶叶生产与加工", "专业代码：410115"),
    *chapters("## 专业2-2：茶叶生产与加工专业（订单班）人才培养方案", "专业名称：茶叶生产与加工", "专业代码：410115"),
    "# 第三部分 实施保障",
    "## 一、师资队伍",
    "# 第四部分 专业群人才培养方案论证审核单",
    "同意。",
    title="2023级茶业专业群人才培养方案",
)


def test_several_majors_each_with_its_stretch() -> None:
    """Each major runs from its title to the next one's; the group's frame and the common end are shared."""
    majors = split_majors(GROUP)
    assert [(m.name, m.code, m.grade) for m in majors] == [
        ("茶艺", "540109", "2023"),
        ("茶叶生产与加工（普通类）", "410115", "2023"),
        ("茶叶生产与加工（订单班）", "410115", "2023"),
    ]
    assert [GROUP.text[m.start :].startswith("专业") for m in majors] == [True] * 3
    assert [m.end for m in majors[:-1]] == [m.start for m in majors[1:]]
    assert GROUP.text[majors[-1].end :].startswith("第三部分")
    frame, common = majors[0].shared
    assert GROUP.text[slice(*frame)].endswith("各专业人才培养方案")
    assert GROUP.text[slice(*common)] == "第三部分 实施保障\n一、师资队伍"


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ("茶艺", "茶艺"),
        ("茶艺专业", "茶艺"),
        ("540109", "茶艺"),
        ("订单班", "茶叶生产与加工（订单班）"),
        ("茶叶生产与加工(普通类)", "茶叶生产与加工（普通类）"),
        ("茶叶生产与加工", None),
        ("410115", None),
        ("护理", None),
        ("", None),
    ],
)
def test_major_is_chosen_by_name_or_code(wanted: str, name: str | None) -> None:
    """A name, part of one or a code is enough where it can mean only one."""
    found = choose_major(split_majors(GROUP), wanted)
    assert (found.name if found else None) == name


def test_plans_of_nothing_but_tables_are_told_apart() -> None:
    """Two schedules under two titles are two majors."""
    rows = [f"|课程{i}|32" for i in range(12)]
    plan = document("# 茶艺专业教学计划表", "茶艺专业教学计划进程表", *rows, "护理专业教学计划进程表", *rows)
    assert [m.name for m in split_majors(plan)] == ["茶艺", "护理"]


@pytest.mark.parametrize(
    "lines",
    [
        ["## 附件1            课程标准", "（一）《茶艺》课程标准"],
        ["附件一", "《茶艺》课程标准"],
        ["## 附录2 专业人才需求调研报告"],
        ["# 茶艺专业人才培养方案审批表"],
        ["《茶艺》课程标准", "一、课程性质", "《茶史》课程标准"],
    ],
)
def test_annex_begins_with_what_is_not_the_plan(lines: list[str]) -> None:
    """Course standards, survey reports and review sheets are annexed; the plan ends before them."""
    plan = document(*chapters("附件3", "# 茶艺专业人才培养方案"), *lines)
    (major,) = split_majors(plan)
    assert plan.text[major.annex_start :].startswith(lines[0].lstrip("# "))
    assert major.end == len(plan.text)


@pytest.mark.parametrize(
    "line",
    [
        "附件1 教学进程安排表",
        "附件1 课程标准......20",
        "附录包括调研报告、审批表，另行装订。",
        "依据《茶艺》课程标准组织教学。",
        "## 十、附录",
    ],
)
def test_annexed_schedules_and_mentions_are_no_annex(line: str) -> None:
    """The plan's own tables, lines of contents and sentences end nothing."""
    assert annex_start(document(*chapters("# 茶艺专业人才培养方案"), line, "|课程|学时").blocks) is None


def test_what_is_a_plan() -> None:
    """A course standard and a survey are none."""
    assert is_plan(document(*chapters("# 茶艺专业人才培养方案")))
    assert not is_plan(document("# 《茶艺》课程标准", "## 一、课程目标", "## 二、教学内容", "## 三、课程设置"))


@pytest.mark.shared
@pytest.mark.parametrize(
    ("file", "count", "codes"),
    [
        ("plans/2020级服装设计与工艺专业群人才培养方案.docx", 8, {"580410", "650108", "580412", "650122", "580401"}),
        ("pdf/NJUCM_培养方案.pdf", 2, {""}),
        ("plans/附件3_山东科技职业学院2020级市场营销专业人才培养方案.docx", 1, {"630701"}),
        ("plans/大数据技术专业人培.docx", 1, {"510205"}),
        ("pdf/SCU_培养方案.pdf", 1, {"080902"}),
    ],
)
def test_real_plans(shared: Path, file: str, count: int, codes: set[str]) -> None:
    """Groups of majors and single majors of five schools."""
    from corpora.parsers.reading import parse

    path = shared / "real" / file
    if not path.exists():
        pytest.skip(f"{file} 不在，跳过")
    majors = split_majors(parse(Source(path.name, path.read_bytes())))
    assert len(majors) == count
    assert {major.code for major in majors} == codes
    assert all(major.name and major.start < major.annex_start <= major.end for major in majors)
