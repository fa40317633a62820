"""What a plan says of its courses: description tables, paragraphs, annexed course standards, and whose they are."""

from __future__ import annotations

import pytest

from alignment.programme.courses.content import MOST_ITEMS, read_course_texts, texts_by_course
from tests.alignment.programme.course_plans import plan

TEA = ("茶艺", "foundation", True)


def items(programme, name: str) -> tuple[str, ...]:
    """The items of the only description of a course."""
    (text,) = (t for t in read_course_texts(programme) if t.name == name)
    assert [programme.document.resolve(place) for place in text.locators] == list(text.items)
    return text.items


@pytest.mark.parametrize("heading", ["课程名称", "专业核心课程", "平台课程", "学习领域"])
def test_a_table_of_courses_and_their_content(heading: str) -> None:
    """Content columns side by side are one course's items; dashes for nothing are left out."""
    table = [
        [heading, "学习情境1", "学习情境2", "学时"],
        ["茶艺", "泡绿茶", "——", "32"],
        ["插花", "选花材", "造型", "16"],
    ]
    programme = plan([TEA], before=[table])
    assert items(programme, "茶艺") == ("泡绿茶",)
    assert items(programme, "插花") == ("选花材", "造型")


def test_a_numbered_list_in_one_cell_is_cut() -> None:
    """Numbers, hours and labels are no content."""
    table = [["序号", "课程名称", "主要教学内容"], ["1", "茶艺", "教学内容：\n1.泡绿茶；2.泡红茶\n共32学时"]]
    assert items(plan([TEA], before=[table]), "茶艺") == ("泡绿茶", "泡红茶")


def test_a_sheet_for_each_course() -> None:
    """Labels and values: the name first, then content until the next name."""
    table = [
        ["课程名称", "茶艺", "学时", "32"],
        ["课程目标", "会泡茶", "", ""],
        ["课程名称", "插花", "学时", "16"],
        ["主要内容", "选花材；造型", "", ""],
    ]
    programme = plan([TEA], before=[table])
    assert items(programme, "茶艺") == ("会泡茶",)
    assert items(programme, "插花") == ("选花材", "造型")


def test_paragraphs_that_begin_with_a_course() -> None:
    """In title marks or before a stop; only courses of the plan; what stands under a bare name belongs to it."""
    programme = plan(
        [TEA, ("插花", "core", True), ("书法", "public", False)],
        before=["《茶艺》主要讲授绿茶冲泡。", "2.插花：选花材；造型。", "书法", "临摹楷书", "#其他", "登山：爬山。"],
    )
    found = {text.name: text.items for text in read_course_texts(programme)}
    assert found == {"茶艺": ("主要讲授绿茶冲泡",), "插花": ("选花材", "造型"), "书法": ("临摹楷书",)}


def test_course_standards_in_an_annex() -> None:
    """The content columns of a standard's tables tell its content, not its goals on paper or its grading."""
    table = [["序号", "教学内容", "课时"], ["1", "泡绿茶", "4"], ["2", "泡红茶", "4"]]
    grading = [["考核方式", "比例"], ["出勤", "30%"]]
    programme = plan([TEA], annex=["#《茶艺》课程标准", "一段话", table, grading, "#《插花》课程标准", "造型要领"])
    assert items(programme, "茶艺") == ("泡绿茶", "泡红茶")
    assert items(programme, "插花") == ("造型要领",)


def test_long_descriptions_are_thinned_out_evenly() -> None:
    """The end of a long course is kept as well as its beginning."""
    table = [["课程名称", "教学内容"], ["茶艺", "\n".join(f"泡第{n}种茶" for n in range(200))]]
    kept = items(plan([TEA], before=[table]), "茶艺")
    assert len(kept) == MOST_ITEMS
    assert int(kept[-1][2:-2]) > 190


def test_whose_a_description_is() -> None:
    """Equal names first, then equal stems, then the only course that begins alike."""
    table = [["课程名称", "教学内容"], ["茶艺基础", "泡茶"], ["园林学", "造园"], ["插花艺术", "选花材"]]
    programme = plan(
        [TEA, ("园林技巧", "foundation", True), ("插花造型", "core", True), ("书法", "public", False)], before=[table]
    )
    owned = texts_by_course(programme, read_course_texts(programme))
    assert {n: mine[0].name for n, mine in owned.items()} == {0: "茶艺基础", 1: "园林学", 2: "插花艺术"}


def test_two_that_begin_alike_get_nothing() -> None:
    """Where it is not clear whose a description is, it is nobody's."""
    table = [["课程名称", "教学内容"], ["插花艺术", "选花材"]]
    programme = plan([("插花造型", "core", True), ("插花保鲜", "core", True)], before=[table])
    assert texts_by_course(programme, read_course_texts(programme)) == {}


def test_the_schedule_describes_nothing() -> None:
    """A plan with nothing but its schedule has no descriptions."""
    assert read_course_texts(plan([TEA, ("插花", "core", True)])) == ()
