"""Rules on single courses."""

from __future__ import annotations

from tests.alignment.programme.plans import Plan, usual_plan
from tests.alignment.programme.rules.judging import judge


def test_names_that_must_occur() -> None:
    """A name, or one that contains it, is enough; what is missing is named."""
    plan = Plan()
    plan.course("中华优秀传统文化（一）", "public", 1, 16)
    found = judge(plan, "required_courses", "includes", ("中华优秀传统文化", "劳动教育"), type="set")
    assert (found.verdict, found.value) == ("fail", "缺 劳动教育")
    assert judge(plan, "required_courses", "includes", "传统文化", type="set").verdict == "pass"
    assert judge(Plan(), "required_courses", "includes", "甲").verdict == "cannot_determine"


def test_hours_and_credits_of_a_named_course() -> None:
    """The course that the rule names; one that is not there is open."""
    plan = Plan()
    plan.course("大学英语", "public", 8, 128)
    assert judge(plan, "course_hours", value=128, subject="大学英语").verdict == "pass"
    assert judge(plan, "course_credits", value=9, subject="大学英语").verdict == "fail"
    assert judge(plan, "course_credits", value=9, subject="大学日语").verdict == "cannot_determine"


def test_every_course() -> None:
    """A rule on every course names those outside."""
    found = judge(usual_plan(), "course_hours", "<=", 100, subject="单门课程")
    assert (found.verdict, found.value) == ("fail", "33 门中 1 门不符")
    assert "岗位实习 576 学时" in found.arithmetic
