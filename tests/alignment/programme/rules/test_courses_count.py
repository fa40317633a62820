"""Numbers of foundation, core and extension courses."""

from __future__ import annotations

from tests.alignment.programme.plans import Plan, usual_plan
from tests.alignment.programme.rules.judging import judge, reading


def test_courses_are_counted_and_named() -> None:
    """Eight core courses meet eight and fall short of nine; each name is quoted."""
    found = judge(usual_plan(), "core_courses", "=", 8, unit="门")
    assert (found.verdict, found.value, len(found.evidence)) == ("pass", 8, 8)
    assert judge(usual_plan(), "core_courses", "between", (6, 7)).verdict == "fail"


def test_a_block_of_another_name_may_not_be_taken_for_it() -> None:
    """Where the plan says 平台课 the own reading counts it, and another one cannot tell."""
    plan = Plan()
    plan.courses(8, "foundation", block="专业平台课", category_note="“专业平台课”视为专业基础课")
    found = judge(plan, "foundation_courses", "=", 8)
    assert (found.verdict, reading(found, "不把").verdict) == ("pass", "cannot_determine")
    assert "平台课" in found.note


def test_one_direction_added_to_the_core() -> None:
    """Six core courses and two of one direction make eight."""
    plan = Plan()
    plan.courses(6, "core")
    first = plan.courses(2, "extension", stem="甲方向", required=None)
    second = plan.courses(2, "extension", stem="乙方向", required=None)
    plan.choice("方向", "direction", [first, second], hours=128)
    found = judge(plan, "core_courses", "=", 8)
    other = reading(found, "加上一个方向")
    assert (found.verdict, found.value, other.verdict, other.value) == ("fail", 6, "pass", 8)


def test_activities_are_no_courses() -> None:
    """入学教育 in the core block does not count; a block of practice weeks alone is no block of courses."""
    plan = usual_plan()
    plan.course("入学教育", "core", 1, 24, 12, 12)
    assert judge(plan, "core_courses", "=", 8).value == 8
    plan = Plan()
    plan.course("入学教育", "core", 1, 24, 12, 12)
    plan.course("岗位体验", "core", 1, 26, 0, 26, semesters={"2": "1周"})
    assert judge(plan, "core_courses", "=", 8).verdict == "cannot_determine"


def test_parts_of_one_course() -> None:
    """（一） and （二） of a course are two rows, or one course in a reading."""
    plan = Plan()
    for name in ("会计实务（一）", "会计实务（二）", "审计"):
        plan.course(name, "core", 4, 64)
    found = judge(plan, "core_courses", "=", 2)
    assert (found.value, reading(found, "合并计一门").value) == (3, 2)


def test_repeated_rows_and_placeholders_are_no_further_courses() -> None:
    """The same name twice is one course; a row without a course is none."""
    plan = Plan()
    plan.course("会计", "core", 4, 64)
    plan.course("会计", "core", 4, 64)
    plan.course("（未命名）", "core", 4, 64, placeholder=True)
    assert judge(plan, "core_courses", "=", 1).verdict == "pass"


def test_electives_of_the_block() -> None:
    """Electives among the extension courses may be left out."""
    plan = Plan()
    plan.course("甲", "extension", 2, 32, required=False)
    plan.course("乙", "extension", 2, 32)
    found = judge(plan, "extension_courses", ">=", 2)
    assert (found.verdict, reading(found, "不计选修课程").verdict) == ("pass", "fail")


def test_another_table_of_the_plan() -> None:
    """A list elsewhere that counts otherwise is a reading, and decides where the schedule has no such block."""
    plan = usual_plan()
    plan.listed = [(f"核心{n}", "core") for n in range(7)]
    assert reading(judge(plan, "core_courses", "=", 8), "另一张表").verdict == "fail"
    bare = Plan(listed=[("会计", "core"), ("审计", "core")])
    found = judge(bare, "core_courses", "=", 2)
    assert (found.verdict, "另一张表" in found.note) == ("pass", True)


def test_a_stated_number_that_differs() -> None:
    """The running text counts otherwise."""
    plan = usual_plan()
    plan.fact("category_courses", 6, "专业核心课共6门。", subject="专业核心课")
    assert reading(judge(plan, "core_courses", "=", 8), "正文").value == 6


def test_the_block_is_named_by_what_tells_it_apart() -> None:
    """Under 专业核心课/必修 the block is 专业核心课; a number said of the public courses is none of it."""
    plan = Plan()
    plan.course("会计", "foundation", 4, 64, block="专业基础课/必修")
    plan.fact("category_courses", 20, "公共基础课共20门。", subject="公共基础课")
    found = judge(plan, "foundation_courses", "=", 1)
    assert (found.arithmetic, found.readings) == ("专业基础课 1 门：会计", ())


def test_no_such_block() -> None:
    """A schedule without a block that could be meant decides nothing."""
    plan = Plan()
    plan.courses(3, "public")
    found = judge(plan, "foundation_courses", "=", 8)
    assert (found.verdict, "专业基础课" in found.note) == ("cannot_determine", True)
    assert judge(Plan(), "foundation_courses", "=", 8).verdict == "cannot_determine"
