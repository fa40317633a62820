"""Competencies and courses: the plan's own matrix read, support from content, and where the two part."""

from __future__ import annotations

import pytest

from alignment.aligner import Aligner
from alignment.prepared import PreparedStandard
from alignment.programme.model import SupportMatrix
from alignment.programme.support.matrix import support_matrix
from alignment.programme.support.table import is_weak, stated_marks
from corpora.programme.model import Programme
from corpora.standard import Standard
from corpora.standard_json import load_standard
from index.protocols import Encoder
from tests.alignment.programme.course_plans import Row, plan

COURSES: list[Row] = [
    ("体育Ⅰ", "public", True),
    ("视觉营销", "core", True),
    ("机械制图", "core", True),
    ("岗位实习", "practice", True),
]
SPORT = "掌握身体运动知识和体育运动技能，养成运动习惯"
DESIGN = "具有平面设计能力，能进行店铺页面的设计和短视频的拍摄与剪辑"


@pytest.fixture(scope="module")
def ecommerce() -> Standard:
    """The shipped standard."""
    return load_standard("530701")


@pytest.fixture(scope="module")
def ready(ecommerce: Standard, encoder: Encoder) -> PreparedStandard:
    """The shipped standard with its bank."""
    return Aligner.default(encoder).prepare(ecommerce)


@pytest.fixture(scope="module")
def matrix_of(ecommerce: Standard, ready: PreparedStandard, encoder: Encoder):
    """A plan's matrix."""

    def make(programme: Programme) -> SupportMatrix:
        return support_matrix(programme, ecommerce, ready, encoder)

    return make


def marks(programme: Programme) -> set[tuple[str, int, str]]:
    """Requirement, course and mark of every stated mark; each is the cell it says."""
    found = stated_marks(programme)
    assert all(programme.document.resolve(mark.locator) == mark.mark for mark in found if mark.mark != "√")
    return {(mark.requirement, mark.course, mark.mark) for mark in found}


def test_courses_across() -> None:
    """Requirements down the side, courses over the columns."""
    table = [
        ["培养规格", "体育", "视觉营销", "机械制图"],
        [SPORT, "H", "", "L"],
        [DESIGN, "", "H", "M"],
    ]
    assert marks(plan(COURSES, before=[table])) == {
        (SPORT, 0, "H"),
        (SPORT, 2, "L"),
        (DESIGN, 1, "H"),
        (DESIGN, 2, "M"),
    }


def test_courses_down_and_requirements_put_elsewhere() -> None:
    """Columns that only number the requirements take their text from the body."""
    table = [
        ["序号", "课程名称", "毕业要求1", "毕业要求2"],
        ["1", "体育", "√", ""],
        ["2", "视觉营销", "", "√"],
        ["3", "机械制图", "√", "√"],
    ]
    programme = plan(COURSES, before=[f"毕业要求1：{SPORT}。", "毕业要求2：热爱劳动。", table])
    assert marks(programme) == {
        (f"毕业要求1 {SPORT}。", 0, "√"),
        (f"毕业要求1 {SPORT}。", 2, "√"),
        ("毕业要求2 热爱劳动。", 1, "√"),
        ("毕业要求2 热爱劳动。", 2, "√"),
    }


def test_requirements_numbered_in_a_list_and_spaced() -> None:
    """The number of the list before a requirement, and blanks in its label, do not hide its text."""
    table = [
        ["课程名称", "规格 1", "规格 2"],
        ["体育", "●", ""],
        ["视觉营销", "", "●"],
        ["机械制图", "●", "●"],
    ]
    programme = plan(COURSES, before=[f"（1）规格 1：{SPORT}。", f"2. 规格2 {DESIGN}。", table])
    assert {requirement for requirement, _, _ in marks(programme)} == {f"规格 1 {SPORT}。", f"规格 2 {DESIGN}。"}


def test_a_bare_number_is_no_item_of_another_list() -> None:
    """Requirement 2 is not the paragraph that 1.2 begins."""
    table = [["培养规格", "体育", "视觉营销"], ["1", "√", "√"], ["2", "√", "√"]]
    programme = plan(COURSES, before=["1.2 专业代码为虚构。", table])
    assert {requirement for requirement, _, _ in marks(programme)} == {"1", "2"}


def test_a_list_of_supporting_courses() -> None:
    """The courses beside a requirement support it; names that the schedule lacks are passed over."""
    table = [["毕业要求", "支撑课程"], [SPORT, "体育、登山"], [DESIGN, "《视觉营销》《机械制图》、体育"]]
    assert marks(plan(COURSES, before=[table])) == {
        (SPORT, 0, "√"),
        (DESIGN, 1, "√"),
        (DESIGN, 2, "√"),
        (DESIGN, 0, "√"),
    }


@pytest.mark.parametrize(
    "table",
    [
        [["课程", "学时", "学分"], ["体育", "32", "2"], ["视觉营销", "64", "4"], ["机械制图", "64", "4"]],
        [["课程", "第1学期", "第2学期"], ["体育", "√", "√"], ["视觉营销", "√", "√"], ["机械制图", "√", "√"]],
        [["能力", "甲", "乙"], ["会做", "√", "√"], ["会写", "√", "√"]],
    ],
)
def test_other_tables_are_no_matrix(table: list[list[str]]) -> None:
    """Hours, semesters, and ticks without courses tell nothing about support."""
    assert stated_marks(plan(COURSES, before=[table])) == ()


@pytest.mark.parametrize(("mark", "weak"), [("H", False), ("L", True), ("√", False), ("弱", True), ("0.1", True)])
def test_weak_marks(mark: str, weak: bool) -> None:
    """Low and medium support is weak."""
    assert is_weak(mark) is weak


def test_support_from_content(matrix_of) -> None:
    """By subject, by name and by what the standard demands of the course; the rest is idle, activities aside."""
    matrix = matrix_of(plan(COURSES))
    supported = {(cell.competency, cell.course) for cell in matrix.cells if cell.supports}
    assert {("Q14", 0), ("Q11", 1)} <= supported
    assert not matrix.stated
    assert matrix.idle == (2,)
    assert "Q10" in matrix.unsupported
    assert "Q14" not in matrix.unsupported
    assert all(cell.evidence for cell in matrix.cells)


def test_the_stated_matrix_and_the_content_part(matrix_of) -> None:
    """A tick without content and content without a tick are told; either supports."""
    content = [["课程名称", "教学内容"], ["机械制图", "三视图；剖视图；装配图"]]
    table = [
        ["培养规格", "体育", "视觉营销", "机械制图"],
        [SPORT, "", "√", "√"],
        [DESIGN, "√", "", "√"],
    ]
    matrix = matrix_of(plan(COURSES, before=[content, table]))
    assert matrix.stated
    assert {(c.competency, c.course) for c in matrix.cells if c.stated} == {
        ("Q14", 1),
        ("Q14", 2),
        ("Q11", 0),
        ("Q11", 2),
    }
    told = "；".join(matrix.differences)
    assert "矩阵标明“机械制图”支撑 Q11（√）" in told
    assert "“体育Ⅰ”的内容支撑 Q14，矩阵未标出" in told
    assert matrix.idle == ()


def test_courses_and_competencies_that_the_matrix_leaves_out(matrix_of) -> None:
    """They are told in one line each, and what content supports is neither idle nor unsupported."""
    table = [["培养规格", "机械制图", "钳工"], [DESIGN, "√", "√"], ["热爱劳动，吃苦耐劳", "√", "√"]]
    matrix = matrix_of(plan([*COURSES, ("钳工", "core", True)], before=[table]))
    assert matrix.stated
    left_out, not_worded, *rest = matrix.differences
    assert left_out == "矩阵没有标出 2 门必修课程支撑什么：体育Ⅰ、视觉营销"
    assert "Q14" in not_worded
    assert "Q14" not in matrix.unsupported
    assert matrix.idle == ()
    assert not any("体育" in line for line in rest)


def test_a_matrix_on_other_requirements(matrix_of) -> None:
    """A matrix whose requirements are none of the standard's is still the plan's own, and that is told."""
    table = [["规格", "体育", "视觉营销"], ["规格 7", "√", "√"], ["规格 8", "√", "√"]]
    matrix = matrix_of(plan(COURSES, before=[table]))
    assert matrix.stated
    assert not any(cell.stated for cell in matrix.cells)
    assert matrix.differences == ("方案矩阵中的要求（规格 7、规格 8）与标准的培养规格对不上，下面按课程内容核对",)
    assert "Q14" not in matrix.unsupported


def test_without_courses_or_competencies(
    matrix_of, mini: Standard, prepared: PreparedStandard, encoder: Encoder
) -> None:
    """No schedule gives an empty matrix; a standard that a plan has nothing of leaves its competency unsupported."""
    assert matrix_of(plan([])).cells == ()
    matrix = support_matrix(plan([("机械制图", "core", True)]), mini, prepared, encoder)
    assert (matrix.unsupported, matrix.idle) == (("Q01",), (0,))
