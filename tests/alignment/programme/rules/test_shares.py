"""Shares of the total and the readings that turn them."""

from __future__ import annotations

import pytest

from corpora.programme.model import Category
from tests.alignment.programme.plans import Plan, usual_plan
from tests.alignment.programme.rules.judging import judge, reading


def share_plan() -> Plan:
    """1,000 hours: 240 public, 60 military training in the public block and not counted, 60 public electives."""
    plan = Plan()
    plan.courses(4, "public", 4, 60, block="公共基础课", practice=20)
    plan.course("军事技能", "public", 2, 60, 0, 60, block="公共基础课", category_alt="practice")
    plan.courses(7, "core", 4, 100, block="专业核心课", practice=60)
    plan.course("艺术鉴赏", "other", 2, 60, 40, 20, block="公共选修课", category_alt="public", required=False)
    plan.total(hours=1000, practice=520, theory=480)
    return plan


def test_the_plans_own_public_share() -> None:
    """The own way decides; military training and public electives turn the verdict, each with its arithmetic."""
    found = judge(share_plan(), "public_share", value=25, unit="%")
    assert (found.verdict, found.value, found.arithmetic) == ("fail", 24, "240÷1000=24%")
    military = reading(found, "军事技能计入公共基础课，也计入总学时")
    assert (military.verdict, military.arithmetic) == ("pass", "(240+60)÷(1000+60)=300÷1060=28.3%")
    assert reading(found, "公共选修课也计入公共基础课").value == 30
    assert reading(found, "公共选修课也计入，军事").arithmetic == "(240+60+60)÷(1000+60)=360÷1060=33.96%"


def test_military_training_that_is_counted_can_be_left_out() -> None:
    """Out of both, and out of the block alone."""
    plan = Plan()
    plan.course("数学", "public", 4, 200, block="公共基础课")
    plan.course("军事技能", "public", 2, 100, block="公共基础课")
    plan.course("会计", "core", 20, 700, block="专业核心课")
    found = judge(plan, "public_share", value=25)
    assert (found.verdict, found.value) == ("pass", 30)
    assert reading(found, "也不计入总学时").arithmetic == "(300-100)÷(1000-100)=200÷900=22.22%"
    assert reading(found, "只计入总学时").value == 20


def test_only_compulsory_public_courses() -> None:
    """限选 courses of the public block left out is a reading, with military training too."""
    plan = Plan()
    plan.course("数学", "public", 4, 150, block="公共必修课")
    plan.course("写作", "public", 4, 150, block="公共限选课", required=False)
    plan.course("军事技能", "practice", 2, 50, block="实践", category_alt="public")
    plan.course("会计", "core", 20, 650, block="专业核心课")
    found = judge(plan, "public_share", value=25)
    assert (found.verdict, found.value) == ("pass", 30)
    assert reading(found, "只计公共必修课，不计公共限选、选修课").value == 15
    assert reading(found, "只计公共必修课，军事技能计入公共基础课").value == 20


def test_the_printed_share_tells_the_plans_own_way() -> None:
    """A printed number that counts the public electives makes that the own way; the narrow one is a reading."""
    plan = share_plan()
    plan.share("公共课", hours=300, share=30, category="public")
    found = judge(plan, "public_share", value=25)
    assert (found.verdict, found.value) == ("pass", 30)
    assert "公共选修课也计入" in found.note
    assert "一致" in found.arithmetic
    assert reading(found, "按课程表自己的分块").verdict == "fail"


def test_a_printed_share_that_nothing_gives() -> None:
    """Printed and recomputed share are both shown; the recomputed one decides."""
    plan = share_plan()
    plan.fact("public_share", 26.5, "公共基础课占总学时的26.5%。", "percent")
    found = judge(plan, "public_share", value=25)
    assert (found.verdict, reading(found, "所印的数").verdict) == ("fail", "pass")
    assert "26.5%" in found.arithmetic
    assert "24%" in found.arithmetic


def test_printed_hours_that_agree_with_a_share_that_does_not() -> None:
    """The hours tell the way of counting, the printed quotient is said to be wrong."""
    plan = share_plan()
    plan.share("公共基础课", hours=240, share=26, category="public")
    found = judge(plan, "public_share", value=25)
    assert (found.verdict, found.value) == ("fail", 24)
    assert "26% 与复算不符" in found.arithmetic


def test_a_share_printed_without_decimals_is_a_rounded_one() -> None:
    """26% stands for 26.23 %; 25% does not, and 25.9% would have to be exact."""
    for printed, agrees in ((26, True), (25, False), (25.9, False)):
        plan = Plan()
        plan.courses(4, "public", 4, 60, block="公共课")
        plan.courses(5, "core", 4, 135, block="核心课")
        plan.fact("public_share", printed, f"公共课占总学时的{printed}%。", "percent")
        found = judge(plan, "public_share", value=25)
        assert ("一致" in found.arithmetic, "所印的数" in "".join(r.label for r in found.readings)) == (
            agrees,
            not agrees,
        )


def test_rows_of_practice_leave_out_what_the_total_leaves_out() -> None:
    """Military training that the total does not count is in neither side of the share over the rows."""
    plan = Plan()
    plan.courses(4, "public", 4, 56, block="公共课", practice=20)
    plan.course("劳动周", "public", 1, 16, block="公共课")
    plan.course("军事技能", "public", 2, 112, 0, 112, block="公共课", category_alt="practice")
    plan.courses(5, "core", 4, 152, block="核心课", practice=80)
    plan.total("小计", hours=240, practice=96, courses=[0, 1, 2, 3, 4, 5], block="公共课", level=1)
    plan.total("总计", hours=1000, practice=496)
    found = judge(plan, "practice_share", value=50)
    assert found.arithmetic == "(96+400)÷1000=496÷1000=49.6%"
    assert reading(found, "按课程表各行复算的实践学时").arithmetic == "(80+400)÷1000=480÷1000=48%"


def test_a_column_of_practice_shares_is_none_of_the_total() -> None:
    """In a table whose share column is that of practice within the row, hours are compared and the share is not."""
    plan = share_plan()
    plan.share("公共基础课", hours=240, practice=80, share=33.3, category="public")
    plan.share("合计", hours=1000, practice=520, share=52, total=True)
    assert "33.3" not in judge(plan, "public_share", value=25).arithmetic
    assert "52%，一致" in judge(plan, "practice_share", value=50).arithmetic


def test_print_alone_where_the_schedule_has_no_such_block() -> None:
    """Hours over the total, else the bare share, else nothing; the note says what could not be read."""
    plan = Plan()
    plan.courses(10, "core", 6, 100)
    missing = judge(plan, "public_share", value=25)
    assert (missing.verdict, "公共基础课" in missing.note) == ("cannot_determine", True)
    plan.fact("public_share", 26, "公共基础课占26%。", "percent")
    assert judge(plan, "public_share", value=25).value == 26
    plan.sentences.clear()
    plan.fact("public_hours", 240, "公共基础课240学时。", "hours")
    assert judge(plan, "public_share", value=25).value == 24


def test_a_subtotal_that_its_rows_do_not_give() -> None:
    """The plan's own subtotal decides; its rows are a reading with their own arithmetic."""
    plan = Plan()
    plan.courses(4, "public", 4, 60, block="公共课")
    plan.courses(7, "core", 4, 110, block="核心课")
    plan.total("小计", hours=230, courses=[0, 1, 2, 3], block="公共课", level=1)
    plan.total("总计", hours=1000)
    found = judge(plan, "public_share", value=24)
    rows = reading(found, "不用小计")
    assert (found.arithmetic, found.verdict, rows.arithmetic, rows.verdict) == (
        "230÷1000=23%",
        "fail",
        "240÷1000=24%",
        "pass",
    )
    assert reading(judge(plan, "total_hours", value=1005), "不用小计").verdict == "pass"


def test_a_share_of_an_open_total() -> None:
    """A row without hours and without a printed total: the share is a range, and decided only outside it."""
    plan = Plan()
    plan.course("数学", "public", 4, 300, block="公共课")
    plan.course("会计", "core", 4, 700, block="核心课")
    plan.course("毕业设计", "practice", None, None, block="实践", semesters={"6": "4周"})
    assert judge(plan, "public_share", value=25).verdict == "pass"
    assert judge(plan, "public_share", value=28).verdict == "cannot_determine"
    plan.course("其他", "practice", None, None, block="实践")
    assert judge(plan, "public_share", value=25).verdict == "cannot_determine"


def elective_plan() -> Plan:
    """1,000 hours: 60 hours of electives marked 限选, 60 of a quota marked so, 60 free, one direction of 80."""
    plan = Plan()
    plan.courses(5, "core", 4, 148, block="必修课")
    plan.course("美育", "public", 2, 60, block="公共限选课", required=False)
    plan.course("策划", "extension", 2, 60, block="专业限选课", required=False)
    plan.course("文案", "extension", 2, 60, block="专业限选课", required=False)
    plan.course("任选课程", "other", 2, 60, block="任选课", required=False)
    plan.course("方向一", "extension", 4, 80, block="方向课", required=None)
    plan.course("方向二", "extension", 4, 80, block="方向课", required=None)
    plan.choice("限选", "quota", [[6], [7]], None, hours=60)
    plan.choice("方向", "direction", [[9], [10]], hours=80)
    return plan


def test_electives_and_their_readings() -> None:
    """限选 without alternative, all 限选, and directions move the share."""
    found = judge(elective_plan(), "elective_share", value=10, unit="%")
    assert (found.verdict, found.value) == ("pass", 18)
    assert reading(found, "没有替代课程的限选课不算选修").value == 12
    only_free = reading(found, "只计任选课")
    assert (only_free.verdict, only_free.value) == ("fail", 6)
    assert reading(found, "方向课程也算选修").value == 26


@pytest.mark.parametrize(("category", "read"), [("other", False), (None, True)])
def test_printed_electives_of_one_category_are_not_all_of_them(category: Category | None, read: bool) -> None:
    """任选课 64 学时 beside electives of other categories is no print of the plan's elective share."""
    plan = elective_plan()
    plan.share("公共任选课", category=category, required=False, hours=20, share=2)
    labels = [reading.label for reading in judge(plan, "elective_share", value=10, unit="%").readings]
    assert any("公共任选课" in label for label in labels) == read


def test_directions_that_are_marked_elective_can_be_left_out() -> None:
    """A plan that calls its directions 限选 counts them; without them its other electives decide."""
    plan = Plan()
    plan.courses(5, "core", 4, 160, block="必修课")
    plan.course("任选课程", "other", 2, 60, block="任选课", required=False)
    plan.course("方向一", "extension", 4, 140, block="方向课", required=False)
    plan.course("方向二", "extension", 4, 140, block="方向课", required=False)
    plan.choice("方向", "direction", [[6], [7]], hours=140)
    found = judge(plan, "elective_share", value=10, unit="%")
    assert (found.verdict, found.value) == ("pass", 20)
    assert (reading(found, "方向课程不算选修").verdict, reading(found, "方向课程不算选修").value) == ("fail", 6)


def test_no_course_is_marked_elective() -> None:
    """A schedule that marks no elective decides nothing; the reading that takes it at its word fails."""
    plan = Plan()
    plan.courses(10, "core", 6, 100)
    found = judge(plan, "elective_share", value=10)
    assert found.verdict == "cannot_determine"
    assert (reading(found, "都算必修").verdict, reading(found, "都算必修").value) == ("fail", 0)


def test_practice_with_labour_week_and_military_training() -> None:
    """A row whose practice cell holds a week, and military training outside the total, are readings."""
    plan = share_plan()
    plan.rows[0].values.update(practice=None, theory=40)
    plan.totals[0].values.update(practice=500, theory=480)
    found = judge(plan, "practice_share", value=51, unit="%")
    assert (found.verdict, found.value) == ("fail", 50)
    assert reading(found, "只写理论学时的行").value == 52
    assert reading(found, "军事技能计入实践学时和总学时").arithmetic.endswith("=560÷1060=52.83%")
    assert reading(found, "劳动周等余下学时和军事技能都计入").arithmetic.endswith("=580÷1060=54.72%")


def test_practice_weeks_without_hours_are_the_rest_of_the_total() -> None:
    """What the printed total has beyond its rows is the practice weeks, at the hours a week that this gives."""
    plan = Plan()
    plan.courses(10, "core", 4, 64, practice=16)
    plan.course("岗位实习", "practice", 24, semesters={"6": "24周"})
    plan.total(hours=640 + 24 * 26)
    found = judge(plan, "practice_share", value=50)
    assert (found.verdict, found.value) == ("pass", 62.03)
    assert "每周 26 学时" in found.note


def test_printed_practice_beyond_the_total_is_not_taken() -> None:
    """More practice than hours in all cannot be: the rows decide, and the note says why."""
    plan = Plan()
    for number in range(4):
        plan.course(f"课{number}", "core", 4, 64, 32, 32, block="专业核心课")
    plan.fact("practice_hours", 900, "实践学时900。", "hours")
    found = judge(plan, "practice_share", value=50, unit="%")
    assert (found.verdict, found.value, "不可信" in found.note) == ("pass", 50, True)


def test_rows_without_a_split_leave_a_range() -> None:
    """Half of the hours unsplit: open; all practice elsewhere enough: pass."""
    plan = Plan()
    plan.course("会计", "core", 4, 100, block="甲")
    plan.course("实训", "core", 4, 100, 60, 40, block="乙")
    assert judge(plan, "practice_share", value=50).verdict == "cannot_determine"
    assert judge(plan, "practice_share", value=20).verdict == "pass"
    assert judge(plan, "practice_share", value=71).verdict == "fail"


def test_a_whole_plan_passes() -> None:
    """Practice of the usual plan."""
    assert judge(usual_plan(), "practice_share", value=50).verdict == "pass"
