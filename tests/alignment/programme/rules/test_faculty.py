"""Numbers of the faculty."""

from __future__ import annotations

from alignment.programme.rules.facts import REPEATED
from tests.alignment.programme.plans import Plan
from tests.alignment.programme.rules.judging import judge, reading


def team(*numbers: tuple[float, str]) -> Plan:
    plan = Plan()
    for number, subject in numbers:
        plan.fact("teachers", number, f"{subject}共{number:g}人。", subject=subject)
    return plan


def test_stated_and_computed_ratio_of_students() -> None:
    """As stated, else students over full-time teachers; with neither, what is missing is named."""
    plan = team((10, "专任教师"))
    found = judge(plan, "student_teacher_ratio", "<=", 25, unit=":1")
    assert (found.verdict, "学生人数" in found.note) == ("cannot_determine", True)
    plan.fact("students", 200, "在校生200人。")
    assert judge(plan, "student_teacher_ratio", "<=", 25).arithmetic == "200÷10=20:1"
    plan.fact("student_teacher_ratio", 18, "师生比为1:18。", "ratio")
    assert judge(plan, "student_teacher_ratio", "<=", 16).verdict == "fail"


def test_a_repeated_requirement_is_no_state() -> None:
    """A plan that repeats the standard says nothing of what is there; taken as a promise it would pass."""
    plan = Plan()
    plan.fact("student_teacher_ratio", 25, "师生比不高于25:1。", "ratio", operator="<=", norm=True)
    plan.fact("enterprise_practice_yearly", 1, "每年至少1个月在企业锻炼。", "months", operator=">=", norm=True)
    for quantity, operator, value in (("student_teacher_ratio", "<=", 25), ("enterprise_practice_yearly", ">=", 1)):
        found = judge(plan, quantity, operator, value)  # type: ignore[arg-type]
        assert (found.verdict, reading(found, "把承诺当作达到").verdict) == ("cannot_determine", "pass")
        assert REPEATED in found.note


def test_double_qualified_over_all_and_over_full_time_teachers() -> None:
    """Nine of twelve; of the six full-time ones three to six may be meant."""
    plan = team((12, "专兼任教师"), (6, "专任教师"), (6, "兼职教师"))
    plan.fact("double_qualified_count", 9, "其中双师型9人。")
    found = judge(plan, "double_qualified_share", value=60, unit="%")
    assert (found.verdict, found.arithmetic) == ("pass", "9÷12=75%")
    other = reading(found, "只按专任教师计")
    assert (other.verdict, other.value) == ("cannot_determine", "50%~100%")


def test_a_bound_that_is_stated() -> None:
    """95% and more meets 60, leaves 97 open."""
    plan = Plan()
    plan.fact("double_qualified_share", 95, "双师型教师达95%以上。", "percent", operator=">=")
    assert judge(plan, "double_qualified_share", value=60).verdict == "pass"
    assert judge(plan, "double_qualified_share", value=97).verdict == "cannot_determine"


def test_senior_titles_over_the_same_teachers() -> None:
    """Two of eight full-time teachers; the part-time ones' titles are not theirs."""
    plan = team((8, "专任教师"), (4, "兼职教师"))
    plan.fact("senior_count", 4, "兼职教师高级工程师4人。", subject="兼职教师")
    assert judge(plan, "senior_share", value=20).verdict == "cannot_determine"
    plan.fact("senior_count", 2, "专任教师副教授2人。", subject="专任教师")
    found = judge(plan, "senior_share", value=20, unit="%")
    assert (found.verdict, found.arithmetic) == ("pass", "2÷8=25%")


def test_a_sentence_that_counts_every_rank_gives_its_own_base() -> None:
    """Senior, intermediate and lower titles of one sentence add up to its teachers."""
    sentence = "职称结构：副教授3人、讲师5人、助教2人。"
    plan = Plan()
    plan.fact("senior_count", 3, sentence)
    assert judge(plan, "senior_share", value=20).verdict == "cannot_determine"
    plan.fact("intermediate_or_above_count", 8, sentence)
    plan.fact("below_intermediate_count", 2, sentence)
    found = judge(plan, "senior_share", value=20, unit="%")
    assert (found.verdict, found.arithmetic) == ("pass", "3÷10=30%")


def test_titles_of_the_department_are_not_the_majors() -> None:
    """A sentence about the department beside one about the major decides nothing; alone it is all there is."""
    plan = team((9, "专任教师"))
    plan.fact("senior_count", 4, "我系共有教师45人，其中教授4人。")
    assert judge(plan, "senior_share", value=20, unit="%").value == 44.44
    plan.fact("senior_count", 1, "专任教师中副教授1人。", subject="专任教师")
    found = judge(plan, "senior_share", value=20, unit="%")
    assert (found.verdict, found.value, found.readings) == ("fail", 11.11, ())


def test_titles_of_one_courses_team_are_not_the_majors() -> None:
    """The team of a public course in an annex says nothing of the major."""
    plan = Plan()
    plan.fact("teachers", 17, "教学团队17人。", subject="《体育》教学团队", annex=True)
    plan.fact("senior_count", 6, "副教授6人。", subject="《体育》教学团队", annex=True)
    assert judge(plan, "senior_share", value=20).verdict == "cannot_determine"


def test_only_an_annex_has_the_number() -> None:
    """The annex decides, and a reading of the body alone cannot tell."""
    plan = Plan()
    plan.fact("teachers", 7, "核心教学队伍7人。", subject="核心教学队伍", annex=True)
    plan.fact("senior_count", 2, "2人为高级职称。", subject="核心教学队伍", annex=True)
    found = judge(plan, "senior_share", value=20)
    assert (found.verdict, found.value) == ("pass", 28.57)
    assert reading(found, "只看方案正文").verdict == "cannot_determine"


def test_a_count_without_its_base() -> None:
    """Senior titles without a number of teachers: the note says what is missing."""
    plan = Plan()
    plan.fact("senior_count", 3, "副教授3人。")
    found = judge(plan, "senior_share", value=20)
    assert (found.verdict, "教师总数" in found.note) == ("cannot_determine", True)


def test_practice_in_companies() -> None:
    """Months as reported; a rule in days is turned into months."""
    plan = Plan()
    plan.fact("enterprise_practice_yearly", 2, "教师年均下企业2个月。", "months")
    plan.fact("enterprise_practice_five_years", 5, "教师五年企业实践5个月。", "months")
    assert judge(plan, "enterprise_practice_yearly", value=30, unit="天/年").verdict == "pass"
    assert judge(plan, "enterprise_practice_yearly", value=90, unit="天/年").verdict == "fail"
    assert judge(plan, "enterprise_practice_five_years", value=6, unit="月/5年").verdict == "fail"
