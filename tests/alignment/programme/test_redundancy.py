"""The plan's courses beside each other: duplicates, near-duplicates, merged and split courses, orphans."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from alignment.programme.courses.matches import match_courses
from alignment.programme.courses.redundancy import find_course_findings
from alignment.programme.model import CourseFinding
from corpora.programme.model import Choice, Programme
from corpora.standard import Standard
from corpora.standard_json import load_standard
from index.protocols import Encoder
from tests.alignment.programme.course_plans import Row, plan


@pytest.fixture(scope="module")
def ecommerce() -> Standard:
    """The shipped standard."""
    return load_standard("530701")


def look(rows: Sequence[Row] | Programme, kind: str, standard: Standard, encoder: Encoder) -> list[CourseFinding]:
    """Findings of one kind."""
    programme = rows if isinstance(rows, Programme) else plan(rows)
    matches = match_courses(programme, standard, encoder)
    return [f for f in find_course_findings(programme, standard, matches, encoder) if f.kind == kind]


def test_one_name_in_two_blocks(ecommerce: Standard, encoder: Encoder) -> None:
    """The same course listed twice, with both places quoted; parts of one course are none."""
    rows: list[Row] = [
        ("数据可视化", "core", True, {"block": "核心课"}),
        ("数据可视化", "extension", False, {"block": "任选模块"}),
        ("体育Ⅰ", "public", True),
        ("体育Ⅱ", "public", True),
    ]
    (finding,) = look(rows, "duplicate", ecommerce, encoder)
    assert finding.courses == (0, 1)
    assert "核心课" in finding.what
    assert "任选模块" in finding.what
    assert [quote.quote for quote in finding.evidence] == ["数据可视化"] * 2


def test_one_code_for_two_courses(ecommerce: Standard, encoder: Encoder) -> None:
    """Two names under one code are told, once."""
    rows: list[Row] = [("茶艺", "core", True, {"code": "040101"}), ("插花", "core", True, {"code": "040101"})]
    (finding,) = look(rows, "duplicate", ecommerce, encoder)
    assert "代码相同" in finding.what


def test_terms_of_one_course_are_no_duplicate(ecommerce: Standard, encoder: Encoder) -> None:
    """Equal names one after the other in different semesters are one course over several terms."""
    terms: list[Row] = [
        ("茶艺", "core", True, {"block": "核心", "semesters": "1"}),
        ("茶艺", "core", True, {"block": "核心", "semesters": "2"}),
    ]
    assert look(terms, "duplicate", ecommerce, encoder) == []
    same: list[Row] = [("茶艺", "core", True, {"semesters": "1"}), ("茶艺", "core", True, {"semesters": "1"})]
    assert len(look(same, "duplicate", ecommerce, encoder)) == 1


def test_alternatives_are_no_duplicate(ecommerce: Standard, encoder: Encoder) -> None:
    """Two directions that both hold a course: a student takes one of them."""
    choice = Choice("方向", "direction", ((0,), (1,)), 1, None, None, None, None, "两个方向")
    rows: list[Row] = [("茶艺", "extension", None), ("茶艺", "extension", None)]
    assert look(plan(rows, choices=[choice]), "duplicate", ecommerce, encoder) == []


def test_nearly_one_name(ecommerce: Standard, encoder: Encoder) -> None:
    """Names of one stem are told; a course and its practical half are not."""
    rows: list[Row] = [
        ("消费者行为学", "foundation", True),
        ("消费者行为基础", "core", True),
        ("摄影", "core", True),
        ("摄影综合实训", "core", True),
    ]
    assert [f.courses for f in look(rows, "near_duplicate", ecommerce, encoder)] == [(0, 1)]


def test_nearly_one_content(ecommerce: Standard, encoder: Encoder) -> None:
    """Two courses with the same description are told although their names differ."""
    content = "市场调查方案设计；调查问卷；抽样方法；调查报告"
    drawing = ["机械制图", "三视图；剖视图；装配图；尺寸标注"]
    table = [["课程名称", "教学内容"], ["门类甲", content], ["工作坊乙", content], drawing]
    rows: list[Row] = [("门类甲", "core", True), ("工作坊乙", "core", True), ("机械制图", "core", True)]
    (finding,) = look(plan(rows, before=[table]), "near_duplicate", ecommerce, encoder)
    assert finding.courses == (0, 1)
    assert "内容相近" in finding.what


def test_one_course_for_several(ecommerce: Standard, encoder: Encoder) -> None:
    """A course that alone stands for two of the standard's is merged; where another helps, it is not."""
    (finding,) = look([("网店运营推广", "core", True)], "merged", ecommerce, encoder)
    assert finding.statements == ("C1", "C5")
    both: list[Row] = [("网店运营推广", "core", True), ("网络营销", "core", True)]
    assert look(both, "merged", ecommerce, encoder) == []


def test_several_courses_for_one(ecommerce: Standard, encoder: Encoder) -> None:
    """Two courses that stand for one of the standard's."""
    rows: list[Row] = [("视觉营销", "core", True), ("网店美工", "core", True)]
    (finding,) = look(rows, "split", ecommerce, encoder)
    assert (finding.statements, finding.courses) == (("C7",), (0, 1))


def test_orphans_are_courses_of_the_major(ecommerce: Standard, encoder: Encoder) -> None:
    """What serves nothing of the standard is told for courses of the major alone; an element's name serves."""
    rows: list[Row] = [
        ("机械制图", "core", True),
        ("供应链管理", "foundation", True),
        ("网络营销", "core", True),
        ("茶道", "public", False),
    ]
    (finding,) = look(rows, "orphan", ecommerce, encoder)
    assert finding.courses == (0,)
    assert "方案未说明其内容" in finding.what


def test_content_saves_a_course_from_being_an_orphan(ecommerce: Standard, encoder: Encoder) -> None:
    """A course whose name says nothing serves the standard by what it teaches."""
    table = [["课程名称", "教学内容"], ["工作坊", "社群引流；社群活动策划与执行；社群粉丝管理"]]
    programme = plan([("工作坊", "core", True)], before=[table])
    assert look(programme, "orphan", ecommerce, encoder) == []
