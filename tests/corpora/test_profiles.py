"""Official major profiles."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpora.document_builder import DocumentBuilder
from corpora.parsers import read_document
from corpora.profiles import parse_profiles

TEXT = """# 高等职业教育专科专业简介

# 53 财经商贸大类

# 5307 电子商务类

专业代码 530799

专业名称 直播运营示例

基本修业年限 三年

# 职业面向

面向互联网营销师、营销员等职业，直播策划、直播运营等岗位（群）。

# 培养目标定位

本专业培养掌握直播运营知识，能够从事直播策划、场控、数据复盘等工作的高素质技术技能人才。

# 主要专业能力要求

1. 具有直播脚本策划和直播间搭建的能力；
2. 具有分析直播数据并提出优化建议的能

力；
3. 具有探究学习、终身学习和可持续发展的能力。

# 主要专业课程与实习实训

专业基础课程：电子商务基础、市场营销。

专业核心课程：直播策划、直播运营、直播数

据分析。

实习实训：对接真实职业场景，在校内外进行直播策划、直播运营等实训。

# 职业类证书举例

职业技能等级证书：直播电商

专业代码 530798K

专业名称 示例（略）

基本修业年限 四年

（略）
"""


def test_a_profile_becomes_a_standard() -> None:
    """Abilities, course lists, practice and facts; lines that a page cut are joined."""
    first, _ = parse_profiles(TEXT)
    assert (first.code, first.name, first.duration_years, first.level) == ("530799", "直播运营示例", 3, "高职专科")
    assert [c.text for c in first.competencies][1] == "具有分析直播数据并提出优化建议的能力；"
    assert [c.title for c in first.core_courses] == ["直播策划", "直播运营", "直播数据分析"]
    assert [c.title for c in first.of_kind("foundation_course")] == ["电子商务基础", "市场营销"]
    assert [p.title for p in first.of_kind("practice_project")] == ["直播策划", "直播运营"]
    assert [o.name for o in first.occupations.occupations] == ["互联网营销师", "营销员"]
    assert first.occupations.positions == ("直播策划", "直播运营")
    assert first.occupations.certificates == ("直播电商",)
    assert first.occupations.major_class is not None
    assert first.occupations.major_class.code == "5307"
    assert first.objective.work_areas == ("直播策划", "场控", "数据复盘")
    assert first.competencies[0].elements[0].level == 6


def test_a_withheld_profile_keeps_its_facts() -> None:
    """（略） leaves code, name and duration."""
    _, withheld = parse_profiles(TEXT)
    assert (withheld.code, withheld.duration_years, withheld.competencies) == ("530798K", 4, ())


def test_a_document_gives_the_same_as_its_text() -> None:
    """A read document of the same paragraphs gives the same majors."""
    builder = DocumentBuilder("简介.docx", b"x", "docx")
    for line in TEXT.splitlines():
        builder.add("heading" if line.startswith("#") else "paragraph", line.lstrip("# "))
    from_document, from_text = parse_profiles(builder.build()), parse_profiles(TEXT)
    assert [[(s.id, s.text) for s in p.statements] for p in from_document] == [
        [(s.id, s.text) for s in p.statements] for p in from_text
    ]


def test_a_text_without_profiles_gives_none() -> None:
    """No 专业代码, no standard."""
    assert parse_profiles("网店运营课程标准\n本课程共 64 学时") == ()


@pytest.mark.shared
@pytest.mark.slow
def test_all_official_majors(shared: Path) -> None:
    """1,256 majors, each code once; all but the 14 withheld ones (（略）) have abilities and core courses."""
    files = sorted((shared / "real" / "moe_profiles").glob("*.md"))
    majors = [major for file in files for major in parse_profiles(file.read_text("utf-8"))]
    assert len(majors) == 1256
    assert len({major.code for major in majors}) == 1256
    assert all(major.name for major in majors)
    open_majors = [m for m in majors if m.competencies and m.core_courses and m.of_kind("foundation_course")]
    assert len(open_majors) == 1256 - 14
    assert sum(len(major.competencies) for major in majors) == 11367
    assert sum(len(major.core_courses) for major in majors) == 9855


@pytest.mark.shared
def test_a_profile_file_through_the_markdown_parser(shared: Path) -> None:
    """The read file gives the majors of its text."""
    file = shared / "real" / "moe_profiles" / "5307电子商务类.md"
    read = parse_profiles(read_document(file))
    assert [m.code for m in read] == [m.code for m in parse_profiles(file.read_text("utf-8"))]
    assert all(m.core_courses for m in read)
