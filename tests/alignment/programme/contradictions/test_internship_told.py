"""Weeks of internship and hours per credit as the text states them, against the schedule."""

from __future__ import annotations

import pytest

from alignment.programme.contradictions import find_contradictions
from tests.alignment.programme.plans import Plan


def _plan(weeks: float) -> Plan:
    plan = Plan()
    plan.courses(8, "core")
    plan.course("岗位实习", "practice", 20, 480, 0, 480, semesters={"5": "4周", "6": "16周"})
    plan.fact("internship_weeks", weeks, f"学生到企业岗位实习共{weeks:g}周。", "weeks")
    return plan


def test_text_and_schedule_state_other_weeks() -> None:
    """Without a table of weeks the text's own number is held against the schedule's cells."""
    (found,) = (c for c in find_contradictions(_plan(24).build()) if "岗位实习" in c.what)
    assert found.arithmetic == "24≠4+16=20"
    assert "NR08" in found.affects
    assert {"4周", "16周"} <= {evidence.quote for evidence in found.evidence}


def test_text_and_schedule_agree() -> None:
    """Equal weeks are no finding."""
    assert not [c for c in find_contradictions(_plan(20).build()) if "岗位实习" in c.what]


@pytest.mark.parametrize(("operator", "basis"), [("=", "方案规定每学分16学时"), (">=", "多数课程按每学分16学时计")])
def test_a_bound_is_not_the_plans_own_conversion(operator: str, basis: str) -> None:
    """每16至18学时 is a range; only an exact number is the plan's own conversion."""
    plan = Plan()
    plan.courses(8, "core")
    plan.course("形势讲座", "public", 1, 32, 32, 0)
    plan.fact("hours_per_credit", 16, "按每16学时折算1学分。", "ratio", operator=operator)
    (found,) = (c for c in find_contradictions(plan.build()) if c.kind == "credit_hours")
    assert found.what.startswith(basis)
