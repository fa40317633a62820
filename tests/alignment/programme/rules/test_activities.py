"""Credits per week of activities."""

from __future__ import annotations

from alignment.model import RuleVerdict
from tests.alignment.programme.plans import Plan, usual_plan
from tests.alignment.programme.rules.judging import judge, reading

ASKED = ("军训", "社会实践", "入学教育", "毕业教育")


def per_week(plan: Plan) -> RuleVerdict:
    return judge(plan, "activity_credits_per_week", "=", 1, unit="学分/周", applies_to=ASKED)


def test_those_that_occur_are_checked() -> None:
    """Two weeks for two credits each; the two that do not occur are told and are a reading."""
    found = per_week(usual_plan())
    assert (found.verdict, found.value) == ("pass", "军事技能 2 周/2 学分；社会实践 2 周/2 学分")
    assert "入学教育、毕业教育" in found.note
    assert reading(found, "4 项活动都要求有").verdict == "cannot_determine"


def test_one_that_does_not_fit_fails() -> None:
    """Three credits for two weeks."""
    plan = usual_plan()
    plan.course("入学教育", "practice", 3, semesters={"1": "2周"})
    found = per_week(plan)
    assert found.verdict == "fail"
    assert "入学教育 3 学分÷2 周=1.5" in found.arithmetic


def test_weeks_from_the_table_of_weeks() -> None:
    """A row without weeks takes them from the table; two rows share one column."""
    plan = Plan()
    plan.course("军事技能", "public", 2, 112)
    plan.course("入学教育", "public", 1)
    plan.week("1", 入学教育及军训=3.0)
    found = per_week(plan)
    assert (found.verdict, found.value) == ("pass", "军事技能、入学教育 3 周/3 学分")


def test_an_activity_without_credits_stays_open() -> None:
    """Weeks alone decide nothing; what is complete passes in a reading."""
    plan = usual_plan()
    plan.week("1", 毕业教育=1.0)
    found = per_week(plan)
    assert (found.verdict, reading(found, "只核").verdict) == ("cannot_determine", "pass")
    assert "毕业教育" in found.note


def test_weeks_and_credits_of_the_text() -> None:
    """Both in the running text."""
    plan = Plan()
    plan.fact("activity_weeks", 2, "军训安排2周。", "weeks", subject="军训")
    plan.fact("activity_credits", 2, "军训计2学分。", "credits", subject="军训")
    assert per_week(plan).value == "军训 2 周/2 学分"


def test_theory_is_not_training() -> None:
    """军事理论 does not count as 军训; without any activity nothing is said."""
    plan = Plan()
    plan.course("军事理论", "public", 2, 36)
    assert per_week(plan).verdict == "cannot_determine"
