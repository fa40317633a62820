"""Hours by category and semester."""

from __future__ import annotations

from alignment.programme.counting.structure import UNPLACED, hour_structure, semester_key, semester_number
from tests.alignment.programme.plans import Plan, usual_plan


def test_bars_add_up_to_the_total() -> None:
    """Categories and semesters each hold all hours of the plan."""
    structure = hour_structure(usual_plan().build())
    assert sum(bar.hours for bar in structure.categories) == structure.total.hours == 2608
    assert sum(bar.hours for bar in structure.semesters) == 2608


def test_weekly_hours_become_the_semesters() -> None:
    """A row of 4 and 2 weekly hours is split two to one, whatever weeks stand behind it."""
    plan = Plan()
    plan.course("英语", "public", 6, 96, 48, 48, semesters={"1": "4", "2": "2"})
    structure = hour_structure(plan.build())
    assert [(bar.label, bar.hours, bar.credits) for bar in structure.semesters] == [
        ("第1学期", 64, 4),
        ("第2学期", 32, 2),
    ]


def test_weekly_hours_times_weeks_where_no_total_is_printed() -> None:
    """Without a row total, weekly hours are multiplied with the semester's teaching weeks."""
    plan = Plan()
    plan.course("英语", "public", semesters={"1": "4"})
    plan.week("1", 课堂教学=15.0)
    assert [bar.hours for bar in hour_structure(plan.build()).semesters] == [60]


def test_alternative_semesters_count_once() -> None:
    """The same hours under two semesters of which one applies stand in one."""
    plan = Plan()
    plan.course("艺术", "public", 2, 32, semesters={"1": "32h", "2": "32h"}, alternative_semesters=True)
    assert [(bar.label, bar.hours) for bar in hour_structure(plan.build()).semesters] == [("第1学期", 32)]


def test_one_direction_and_half_a_quota() -> None:
    """One direction is drawn whole; of a quota each course in its part."""
    plan = Plan()
    for name in "甲乙":
        plan.course(name, "extension", 2, 32, semesters={"3": "2"})
    for name in "丙丁":
        plan.course(name, "extension", 2, 32, semesters={"4": "2"}, required=False)
    plan.choice("方向", "direction", [[0], [1]], hours=32)
    plan.choice("选修", "quota", [[2], [3]], None, hours=32)
    structure = hour_structure(plan.build())
    assert [(bar.label, bar.hours) for bar in structure.semesters] == [("第3学期", 32), ("第4学期", 32)]
    assert structure.total.hours == 64


def test_rows_without_a_semester_have_a_bar_of_their_own() -> None:
    """What stands under no semester is not dropped."""
    plan = Plan()
    plan.course("军事理论", "public", 2, 36)
    assert [(bar.label, bar.hours) for bar in hour_structure(plan.build()).semesters] == [(UNPLACED, 36)]


def test_a_plan_without_rows_has_no_bars() -> None:
    """No schedule, no structure."""
    assert hour_structure(Plan().build()).categories == ()


def test_semesters_in_order() -> None:
    """Chinese and Arabic numbers are the same semester; a summer term follows the semester before it."""
    assert [semester_number(text) for text in ("1", "第三学期", "六", "暑假1")] == [1, 3, 6, None]
    labels = ["3", UNPLACED, "暑假1", "2", "1"]
    assert sorted(labels, key=semester_key) == ["1", "2", "暑假1", "3", UNPLACED]
