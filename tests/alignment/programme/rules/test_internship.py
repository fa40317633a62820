"""How long the internship is."""

from __future__ import annotations

import pytest

from tests.alignment.programme.plans import Plan, usual_plan
from tests.alignment.programme.rules.judging import judge, reading


def of_weeks(*cells: str) -> Plan:
    plan = Plan()
    plan.course("顶岗实习", "practice", 20, semesters=dict(zip(("5", "6"), cells, strict=False)))
    return plan


def test_weeks_of_the_schedule_as_months() -> None:
    """Eight and sixteen weeks are six months at four weeks a month, 5.5 by the calendar."""
    found = judge(usual_plan(), "internship_months", "=", 6, unit="月")
    assert (found.verdict, found.value) == ("pass", 6)
    assert found.arithmetic == "课程表 岗位实习 8+16=24 周，24 周÷4=6 个月"
    calendar = reading(found, "按课程表的周数，按日历月")
    assert (calendar.verdict, calendar.value) == ("fail", 5.5)


@pytest.mark.parametrize(("weeks", "verdict"), [("20周", "fail"), ("26周", "pass"), ("24周", "pass"), ("32周", "fail")])
def test_how_many_weeks_are_six_months(weeks: str, verdict: str) -> None:
    """24 by fours and up to 26 by the calendar are six months."""
    assert judge(of_weeks(weeks), "internship_months", "=", 6).verdict == verdict


def test_a_longer_internship_meets_the_usual_length_in_a_wide_reading() -> None:
    """Eight months are not six; read as at least six they are enough."""
    assert reading(judge(of_weeks("32周"), "internship_months", "=", 6), "不少于").verdict == "pass"


def test_the_table_of_weeks_disagrees() -> None:
    """The schedule decides, the table of weeks turns the verdict, and the note tells of both."""
    plan = of_weeks("8周", "16周")
    plan.week("5", 综合实训=8.0)
    plan.week("6", 综合实训=0.0, 顶岗实习=16.0)
    found = judge(plan, "internship_months", "=", 6)
    other = reading(found, "按教学时间分配表的周数，按 4 周")
    assert (found.verdict, other.verdict, other.value) == ("pass", "fail", 4)
    assert "各处周数不一" in found.note


def test_stated_months_decide() -> None:
    """What the plan calls six months is six months; the schedule's weeks are beside it."""
    plan = of_weeks("16周")
    plan.fact("internship_months", 6, "岗位实习6个月。", "months")
    found = judge(plan, "internship_months", "=", 6)
    assert (found.verdict, reading(found, "按课程表的周数，按 4 周").verdict) == ("pass", "fail")


def test_a_requirement_does_not_hide_a_short_schedule() -> None:
    """A sentence that asks for six months does not make sixteen weeks six months."""
    plan = of_weeks("16周")
    plan.fact("internship_months", 6, "岗位实习一般为6个月。", "months", norm=True)
    found = judge(plan, "internship_months", "=", 6)
    assert (found.verdict, reading(found, "按方案的要求").verdict) == ("fail", "pass")


def test_hours_over_whole_weeks() -> None:
    """A cell of thirty weekly hours is whole weeks: 480 hours are sixteen of them."""
    plan = Plan()
    plan.course("岗位实习", "practice", 16, 480, semesters={"6": "30"})
    assert judge(plan, "internship_weeks", ">=", 16).value == 16


def test_credits_and_hours_give_readings_only() -> None:
    """Without weeks, one credit a week and the plan's own practice weeks are ways to read it, no verdict."""
    plan = Plan()
    plan.course("岗位实习", "practice", 24, 576)
    plan.course("实训周", "practice", 1, 24, semesters={"3": "1周"})
    found = judge(plan, "internship_months", "=", 6)
    assert found.verdict == "cannot_determine"
    assert reading(found, "按 1 周 1 学分").verdict == "pass"
    assert reading(found, "按方案其他实践周").arithmetic.startswith("实习 576 学时÷每周 24 学时=24 周")
    assert "教学时间分配表" in found.note


def test_visits_are_no_internship() -> None:
    """认识实习 does not lengthen the internship."""
    plan = of_weeks("24周")
    plan.course("认识实习", "practice", 1, semesters={"1": "1周"})
    assert judge(plan, "internship_weeks", ">=", 24).value == 24


def test_a_column_of_all_practice_is_no_internship() -> None:
    """实习实训 in the table of weeks holds more than the internship."""
    plan = of_weeks("24周")
    plan.week("3", 实习实训=7.0)
    assert judge(plan, "internship_months", "=", 6).note == "方案没有写月数，由周数折算"


def test_weeks_and_credits_of_a_pack() -> None:
    """Weeks from the text where the schedule has none; credits from the rows."""
    plan = Plan()
    plan.fact("internship_weeks", 18, "顶岗实习18周。", "weeks")
    assert judge(plan, "internship_weeks", ">=", 18).verdict == "pass"
    assert judge(usual_plan(), "internship_credits", "<=", 20).verdict == "fail"
    assert judge(Plan(), "internship_credits", "<=", 20).verdict == "cannot_determine"
    assert judge(Plan(), "internship_weeks", ">=", 20).verdict == "cannot_determine"
