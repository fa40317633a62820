"""Hours per credit and hours of a practice week."""

from __future__ import annotations

from alignment.model import RuleVerdict
from tests.alignment.programme.plans import Plan, usual_plan
from tests.alignment.programme.rules.judging import judge, reading


def per_credit(plan: Plan) -> RuleVerdict:
    return judge(plan, "hours_per_credit", "between", (16, 18), unit="学时/学分")


def test_every_row_within() -> None:
    """All taught rows at 16: pass; practice weeks and military training are another way of counting."""
    found = per_credit(usual_plan())
    assert (found.verdict, found.value) == ("pass", "16")
    assert reading(found, "按周计的实践环节和军事技能也逐行折算").verdict == "fail"


def test_rows_outside_are_named_with_their_quotients() -> None:
    """One row outside fails the rule and is told with its arithmetic."""
    plan = usual_plan()
    plan.course("形势与政策", "public", 1, 32, 32, 0, block="公共基础课")
    found = per_credit(plan)
    assert found.verdict == "fail"
    assert "形势与政策 32÷1=32" in found.arithmetic
    assert [e.quote for e in found.evidence] == ["32", "1"]


def test_many_rows_outside() -> None:
    """The value names a few of them, the arithmetic all."""
    plan = Plan()
    plan.courses(12, "core", 1, 64)
    found = per_credit(plan)
    assert (found.value.count("64"), found.arithmetic.count("64÷1=64")) == (8, 12)


def test_overall_with_and_without_practice_weeks() -> None:
    """The quotient of the totals, and that of what is taught by the hour."""
    plan = usual_plan()
    plan.total(hours=2608, credits=148)
    found = per_credit(plan)
    assert reading(found, "总学时÷总学分").arithmetic == "2608÷148=17.62"
    weekless = reading(found, "不计按周计的实践环节和军事技能")
    assert (weekless.verdict, weekless.arithmetic) == ("pass", "(2608-688)÷(148-28)=1920÷120=16")


def test_alternatives_of_one_credit_cell_each_count() -> None:
    """Two alternatives printed with the same figures are two rows of 16."""
    plan = Plan()
    rows = plan.courses(2, "public", 2, 32, required=False)
    plan.choice("美育", "merged", [[n] for n in rows], hours=32, credits=2)
    assert per_credit(plan).arithmetic == "2 行全部在范围内（16）"


def test_rows_without_credits_are_taken_with_their_module() -> None:
    """A module of one credit cell and several rows is judged together."""
    plan = Plan()
    plan.course("项目实战", "extension", 6, 96, 48, 48, block="模块/校企模块", required=False)
    plan.course("（未命名）", "extension", None, 60, 0, 60, block="模块/校企模块", required=False, placeholder=True)
    found = per_credit(plan)
    assert found.verdict == "fail"
    assert "校企模块合计 156÷6=26" in found.arithmetic


def test_one_number_instead_of_a_range() -> None:
    """A standard that asks for 16 exactly."""
    plan = Plan()
    plan.course("会计", "core", 4, 68, 34, 34)
    assert judge(plan, "hours_per_credit", "=", 16).verdict == "fail"
    assert judge(plan, "hours_per_credit", "=", 17).verdict == "pass"


def test_without_credits_nothing_is_said() -> None:
    """A plan of weeks only: what it states itself is a reading."""
    plan = Plan()
    plan.course("会计", "core", None, 64)
    plan.fact("hours_per_credit", 16, "每16学时计1学分。", "ratio")
    found = per_credit(plan)
    assert (found.verdict, reading(found, "方案自己规定的折算").verdict) == ("cannot_determine", "pass")


def test_a_range_that_the_plan_states() -> None:
    """16 to 18 in one sentence is one conversion; that of practice weeks is another matter."""
    plan = Plan()
    for value, operator in ((16, ">="), (18, "<=")):
        plan.fact("hours_per_credit", value, "每16至18学时折算1学分。", "ratio", operator=operator)
    plan.fact("hours_per_credit", 26, "实践周每周26学时计1学分。", "ratio", subject="实践周")
    other = reading(per_credit(plan), "方案自己规定的折算")
    assert (other.verdict, other.value) == ("pass", "16~18")


def test_hours_of_a_practice_week() -> None:
    """Each practice row's hours over its weeks; a cap is broken by one row."""
    plan = usual_plan()
    found = judge(plan, "practice_week_hours", "<=", 28, unit="学时/周")
    assert (found.verdict, found.value) == ("fail", "24~30")
    assert "军事技能 60÷2=30" in found.arithmetic
    assert judge(plan, "practice_week_hours", "<=", 30).verdict == "pass"
    assert judge(Plan(), "practice_week_hours", "<=", 30).verdict == "cannot_determine"


def test_a_public_row_that_stands_in_weeks_only_counts_by_the_week() -> None:
    """A week of 26 hours for one credit is no row off 16 to 18, whatever block it stands in."""
    plan = Plan()
    plan.courses(6, "core", 4, 64)
    plan.course("劳动教育", "public", 1, 26, 0, 26, semesters={"1": "1周"})
    assert judge(plan, "hours_per_credit", "between", (16, 18)).verdict == "pass"
