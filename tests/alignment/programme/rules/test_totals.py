"""Total hours and credits, blocks, weekly hours."""

from __future__ import annotations

from tests.alignment.programme.plans import Plan, usual_plan
from tests.alignment.programme.rules.judging import judge, reading


def test_the_total_with_its_sum() -> None:
    """The printed total is reproduced, and the arithmetic shows the blocks."""
    plan = usual_plan()
    plan.total(hours=2608)
    found = judge(plan, "total_hours", value=2500, unit="学时")
    assert (found.verdict, found.value) == ("pass", 2608)
    assert found.arithmetic.startswith("640+512+512+256+688=2608")
    assert judge(plan, "total_hours", "<=", 2400).verdict == "fail"


def test_military_training_left_out_of_the_total_is_a_reading() -> None:
    """What is printed but not counted is told, with the total that it would give."""
    plan = usual_plan()
    plan.total(hours=2548)
    found = judge(plan, "total_hours", value=2600)
    other = reading(found, "军事技能也计入")
    assert (found.verdict, other.verdict, other.value) == ("fail", "pass", 2608)
    assert "不含军事技能" in found.note


def test_military_training_in_the_total_can_be_left_out() -> None:
    """The other way round: counted by the plan, not in the reading."""
    found = judge(usual_plan(), "total_hours", value=2600)
    other = reading(found, "军事技能不计入")
    assert (found.verdict, other.verdict, other.arithmetic) == ("pass", "fail", "2608-60=2548")


def test_a_faulty_total_is_named_and_not_used() -> None:
    """The reasoning says which of the two is used and why; the printed one is a reading."""
    plan = usual_plan()
    plan.total(hours=1704)
    found = judge(plan, "total_hours", value=2500)
    assert (found.verdict, found.value) == ("pass", 2608)
    assert "不可信" in found.note
    assert reading(found, "所印的合计").verdict == "fail"


def test_a_printed_total_that_the_rows_miss_is_shown_with_both() -> None:
    """A small gap: the printed total decides, the recomputed one is a reading."""
    plan = usual_plan()
    plan.total(hours=2490)
    found = judge(plan, "total_hours", value=2500)
    assert (found.verdict, found.value) == ("fail", 2490)
    assert reading(found, "复算").verdict == "pass"


def test_nothing_to_add() -> None:
    """Without schedule and text the note says what is missing and where it would stand."""
    found = judge(Plan(), "total_hours", value=2500)
    assert (found.verdict, found.value) == ("cannot_determine", None)
    assert "课程表" in found.note


def test_a_promised_total_is_only_a_reading() -> None:
    """A plan that repeats 总学时不少于 2500 without a schedule promises it."""
    plan = Plan()
    plan.fact("total_hours", 2500, "总学时不少于2500学时。", "hours", operator=">=", norm=True)
    found = judge(plan, "total_hours", value=2500)
    assert (found.verdict, reading(found, "承诺").verdict) == ("cannot_determine", "pass")


def test_about_a_usual_number() -> None:
    """一般为 2600: 2608 misses it by the word and meets it in a wide reading; 必须 leaves no such reading."""
    found = judge(usual_plan(), "total_hours", "=", 2600, strength="should")
    assert (found.verdict, reading(found, "一般为").verdict) == ("fail", "pass")
    strict = judge(usual_plan(), "total_hours", "=", 2600, strength="must")
    assert not [r for r in strict.readings if "一般为" in r.label]


def test_options_that_differ_leave_it_open() -> None:
    """Two directions of different size and no printed total: open between them, decided outside."""
    plan = Plan()
    plan.course("甲", "extension", 4, 60)
    plan.course("乙", "extension", 5, 80)
    plan.choice("方向", "direction", [[0], [1]])
    assert judge(plan, "total_hours", value=70).verdict == "cannot_determine"
    assert judge(plan, "total_hours", value=60).verdict == "pass"
    assert judge(plan, "total_hours", value=81).verdict == "fail"


def test_rows_without_hours_leave_only_a_least_total() -> None:
    """Without a printed total a row without hours can hold more; what is enough already stays enough."""
    plan = usual_plan()
    plan.course("毕业设计", "practice", None, None, semesters={"6": "4周"})
    found = judge(plan, "total_hours", value=2700)
    assert (found.verdict, found.value) == ("cannot_determine", 2608)
    assert "毕业设计" in found.note
    assert judge(plan, "total_hours", value=2608).verdict == "pass"
    assert judge(plan, "total_hours", value=2608 + 4 * 36 + 1).verdict == "fail"
    plan.total(hours=2712)
    assert judge(plan, "total_hours", value=2700).verdict == "pass"


def test_credits_and_blocks() -> None:
    """Credits, hours of the public block, of practice and of electives."""
    plan = usual_plan()
    assert judge(plan, "total_credits", value=140).value == 148
    assert judge(plan, "public_hours", value=600).value == 640
    assert judge(plan, "practice_hours", value=1).value == 1712
    assert judge(plan, "elective_hours", value=256).verdict == "pass"
    assert judge(plan, "elective_credits", value=16).value == 16


def test_electives_that_the_schedule_does_not_mark() -> None:
    """Electives come from the text, or not at all."""
    plan = Plan()
    plan.courses(2, "core")
    assert judge(plan, "elective_credits", value=16).verdict == "cannot_determine"
    plan.fact("elective_credits", 20, "选修课共20学分。", "credits")
    assert judge(plan, "elective_credits", value=16).verdict == "pass"


def test_weekly_hours_of_the_fullest_semester() -> None:
    """The semester with the most weekly hours decides; the others are readings."""
    plan = Plan()
    plan.course("甲", "core", 4, 64, semesters={"1": "4", "2": "2"})
    plan.course("乙", "core", 4, 64, semesters={"2": "20"})
    plan.course("丙", "public", 2, 32, semesters={"1": "32h"})
    found = judge(plan, "weekly_hours", "<=", 20)
    assert (found.verdict, found.value, found.arithmetic) == ("fail", 22, "第2学期 2+20=22")
    assert reading(found, "第1学期").value == 4
    assert judge(Plan(), "weekly_hours", "<=", 20).verdict == "cannot_determine"
