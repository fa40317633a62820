"""Contradictions in small plans made by hand: each with both figures and its arithmetic, and none without cause."""

from __future__ import annotations

import re

import pytest

from alignment.programme.contradictions import find_contradictions
from corpora.programme.model import Choice, ShareRow, WeekRow
from corpora.standard import Rule
from tests.alignment.programme.contradictions.cases import CLEAN, HEAD, changed, find, one, plan_of
from tests.alignment.programme.plan_builder import PlanBuilder


def test_a_plan_that_adds_up_has_none():
    """Nothing is found where rows, subtotals, totals and semesters agree."""
    assert find(plan_of(CLEAN)) == []


def test_a_row_that_its_subtotal_leaves_out_is_named():
    """The subtotal lacks exactly one row; the total that carries the error on joins the same finding."""
    rows = [*CLEAN[:3], ["公共基础课", "军事技能", "2", "112", "", "112", "", ""], *CLEAN[3:]]
    found = one(plan_of(rows), "sum")
    assert "“军事技能”（表1第4行，2学分、112学时、112实践学时）列出而未计入" in found.what
    assert "总计（表1第10行）" in found.what
    assert "2+2+2=6≠4（学分）" in found.arithmetic
    assert "32+32+112=176≠64（学时）" in found.arithmetic
    assert found.affects == ("NR05", "NR04", "NR07", "NR06")
    assert [quote.quote for quote in found.evidence][:4] == ["4", "64", "24", "军事技能"]


def test_a_total_that_is_not_the_sum_of_its_subtotals():
    """A wrong grand total is shown with the subtotals that it should sum."""
    found = one(plan_of(changed(CLEAN, "总计", 3, "240")), "sum")
    assert found.arithmetic == "64+160=224≠240（学时）"


def test_ids_number_the_findings_and_rules_name_them():
    """Ids count on; a standard's own rules give the ids that a finding affects."""
    rows = changed(changed(CLEAN, "总计", 3, "240"), "总计", 6, "9")
    own = (Rule("R1", "numeric", "学时安排", "总学时", ">=", 2500, "must", "", "8", unit="学时"),)
    found = find_contradictions(plan_of(rows).programme(), own)
    assert [contradiction.id for contradiction in found] == ["CT01", "CT02", "CT03"]
    assert found[0].affects == ("R1",)


DIRECTIONS = [
    HEAD,
    ["方向甲", "欧包专题", "4", "64", "32", "32", "", ""],
    ["方向甲", "小计", "4", "64", "32", "32", "", ""],
    ["方向乙", "中点专题", "4", "64", "24", "40", "", ""],
    ["方向乙", "小计", "4", "64", "24", "40", "", ""],
    ["任选", "咖啡文化", "2", "32", "32", "", "", ""],
    ["任选", "茶点文化", "2", "32", "32", "", "", ""],
    ["任选", "小计", "2", "32", "32", "", "", ""],
    ["", "总计", "6", "96", "64", "32", "", ""],
]


def _with_choices() -> PlanBuilder:
    plan = PlanBuilder()
    plan.schedule(DIRECTIONS, elective=["任选"])
    plan.choices = [
        Choice("方向", "direction", ((0,), (1,)), 1, 4.0, 64.0, 32.0, 32.0, ""),
        Choice("任选", "quota", ((2,), (3,)), None, 2.0, 32.0, 32.0, None, ""),
    ]
    return plan


def test_choices_count_once():
    """One direction of two and one elective of two make the total: no contradiction."""
    assert find(_with_choices(), "sum") == []


def test_a_choice_counted_twice_is_a_contradiction():
    """With both directions in the total it is off."""
    plan = PlanBuilder()
    plan.schedule(changed(DIRECTIONS, "总计", 3, "160"), elective=["任选"])
    plan.choices = _with_choices().choices
    assert one(plan, "sum").arithmetic == "64+32=96≠160（学时）"


def test_theory_and_practice_of_a_row():
    """A row whose parts do not make its hours."""
    rows = changed(CLEAN, "面包制作", 4, "20")
    found = [c for c in find(plan_of(rows), "parts") if "门课程" in c.what]
    assert found[0].arithmetic == "面包制作 20+40=60≠64"


def test_a_gap_of_the_total_is_explained_by_the_rows_without_a_split():
    """Rows with hours and no theory or practice are named when they make exactly the gap."""
    rows = changed(changed(CLEAN, "书法鉴赏", 4, ""), "书法鉴赏", 5, "")
    for block, theory in (("公共基础课", "8"), ("", "72")):
        rows = changed(rows, "小计" if block else "总计", 4, theory, block)
    found = one(plan_of(rows), "parts")
    assert "少32学时，正好是没有分出理论与实践的书法鉴赏 32学时" in found.what
    assert "8+24=32≠64" in found.arithmetic


def test_a_third_part_that_is_not_read_is_no_contradiction():
    """Where most rows are off, the table has a part (自学) besides theory and practice."""
    rows = [[*row[:5], "1" if row[5].isdigit() else row[5], *row[6:]] for row in CLEAN]
    assert find(plan_of(rows), "parts") == []


def test_weekly_hours_times_weeks():
    """Weekly hours that no number of weeks of the plan turns into the row's hours."""
    rows = changed(CLEAN, "裱花技艺", 7, "5")
    found = [c for c in find(plan_of(rows), "semesters") if "按周学时" in c.what]
    assert "裱花技艺 5×16=80≠48" in found[0].arithmetic


def test_heads_that_no_row_is_counted_with():
    """Heads say 18 weeks and every row is counted with 16: one finding for the whole table."""
    rows = [["类别", "课程", "学分", "总学时", "理论", "实践", "1（16周）", "2（18周）"], *CLEAN[1:]]
    found = one(plan_of(rows), "semesters")
    assert "第2学期写18周" in found.what
    assert "第2学期16周" in found.what
    assert found.arithmetic == "面包制作 4×16=64≠72"


def test_column_sums_of_subtotals():
    """A subtotal's weekly hours against its rows; an empty cell counts as not stated when others are filled."""
    rows = changed(CLEAN, "小计", 6, "5", "公共基础课")
    found = one(plan_of(rows), "semesters")
    assert "公共基础课小计（表1第4行）第1学期5，应为2+2=4" in found.what


def test_hours_by_semester():
    """Hours in semester columns: one that is off, and alternatives of which one applies that are not."""
    plan = PlanBuilder()
    plan.schedule(
        [
            [*HEAD[:6], "1", "2"],
            ["必修", "书法鉴赏", "2", "32", "32", "0", "32", "32"],
            ["必修", "体能训练", "2", "32", "32", "0", "16", "16"],
            ["必修", "面包制作", "4", "64", "64", "0", "48", ""],
        ],
        unit="hours",
    )
    assert one(plan, "semesters").arithmetic == "面包制作 48≠64"


def test_practice_weeks_with_other_hours_a_week():
    """Three practices count 26 hours a week and one 20; military training has its own."""
    plan = PlanBuilder()
    plan.schedule(
        [
            HEAD,
            ["实践", "认识实习", "1", "26", "", "26", "1W", ""],
            ["实践", "岗位实习", "8", "208", "", "208", "", "8W"],
            ["实践", "综合实训", "2", "52", "", "52", "", "2W"],
            ["实践", "毕业设计", "2", "40", "", "40", "", "2W"],
            ["实践", "军事技能", "2", "112", "", "112", "2W", ""],
        ]
    )
    assert one(plan, "semesters").arithmetic == "毕业设计 40÷2周=20≠26"


def test_hours_per_credit_off_the_plans_own():
    """Rows off 16 hours a credit are listed once; weeks of practice are left out."""
    rows = [*CLEAN[:2], ["公共基础课", "时事讲座", "1", "32", "32", "0", "2", ""], *CLEAN[2:]]
    rows = [row for row in rows if row[1] not in ("小计", "总计")]
    assert one(plan_of(rows), "credit_hours").arithmetic == "时事讲座 32÷1=32"


def _shares(*rows: tuple[str, str, str], total: tuple[str, str, str]) -> PlanBuilder:
    plan = plan_of(CLEAN)
    table = plan.table([("类别", "学时", "比例"), *rows, total])
    for number, (label, _, _) in enumerate([*rows, total], 1):
        plan.shares.append(
            ShareRow(
                label,
                table.number,
                plan.place(table, number, 0),
                total=label == "合计",
                hours=plan.figure(table, number, 1),
                share=plan.figure(table, number, 2),
            )
        )
    return plan


def test_shares_are_recomputed():
    """A printed share that is no quotient; roundings of the last digit are none."""
    plan = _shares(("公共基础课", "64", "28.6%"), ("专业核心课", "160", "75%"), total=("合计", "224", "100%"))
    assert one(plan, "share").arithmetic == "专业核心课 160÷224=71.43%≠75%"
    plan = _shares(("公共基础课", "64", "28.5%"), ("专业核心课", "160", "71.4%"), total=("合计", "224", "100%"))
    assert find(plan) == []


def test_share_table_against_the_schedule():
    """A category's hours in the share table and in the schedule, and the table's own sum."""
    plan = _shares(("公共基础课", "64", "28.57%"), ("专业核心课", "180", "71.43%"), total=("合计", "224", "100%"))
    assert "专业核心课写180学时而教学进程表中小计160学时" in one(plan, "tables").what
    assert "64+180=244≠224" in [c.arithmetic for c in find(plan, "sum")]


def _weeks(rows: list[tuple[str, ...]]) -> PlanBuilder:
    plan = PlanBuilder()
    plan.schedule([HEAD, ["实践", "岗位实习", "8", "208", "", "208", "", "8W"]])
    table = plan.table(rows)
    for number, row in enumerate(rows[1:], 1):
        weeks = {name: f for column, name in enumerate(rows[0][1:], 1) if (f := plan.figure(table, number, column))}
        plan.weeks.append(WeekRow(row[0], table.number, plan.place(table, number, 0), row[0] == "合计", weeks))
    return plan


WEEKS = [
    ("学期", "教学", "考试", "岗位实习", "小计"),
    ("1", "18", "2", "", "20"),
    ("2", "18", "2", "", "20"),
    ("3", "18", "2", "", "20"),
    ("4", "10", "2", "8", "20"),
    ("合计", "64", "8", "8", "80"),
]


def test_week_table_that_adds_up():
    """Rows, columns and the schedule's internship agree."""
    assert find(_weeks(WEEKS), "weeks") == []


@pytest.mark.parametrize(
    ("row", "column", "text", "arithmetic"),
    [
        (5, 1, "70", "教学 18+18+18+10=64≠70"),
        (3, 4, "21", "第3学期 18+2=20≠21"),
        (4, 3, "6", "8≠6"),
    ],
)
def test_week_table_slips(row: int, column: int, text: str, arithmetic: str):
    """A column's total, a row's sum, internship weeks beside the schedule's."""
    rows = [list(cells) for cells in WEEKS]
    rows[row][column] = text
    found = [contradiction.arithmetic for contradiction in find(_weeks([tuple(cells) for cells in rows]), "weeks")]
    assert arithmetic in found


def test_text_against_the_tables():
    """A block's credits and the plan's hours in the running text."""
    plan = plan_of(CLEAN)
    plan.fact("category_credits", 12, "专业核心课共12学分。", "credits", subject="专业核心课")
    plan.fact("category_courses", 3, "专业核心课共3门。", "count", subject="专业核心课程")
    plan.fact("total_hours", 230, "总学时230学时。")
    found = find(plan, "text")
    assert [c.arithmetic for c in found] == ["专业核心课正文写12学分，教学进程表小计10学分", "230≠224"]


def test_a_course_described_with_other_hours():
    """Hours of one course in the text against its row; a course split in parts is summed."""
    plan = plan_of(CLEAN)
    plan.fact("course_hours", 48, "《面包制作》48学时。", subject="面包制作")
    plan.fact("course_hours", 48, "《裱花技艺》48学时。", subject="裱花技艺")
    assert "面包制作 48学时≠64学时" in one(plan, "text").what


def test_the_same_course_in_two_blocks():
    """Counted in a compulsory block and again among electives."""
    rows = [*CLEAN[:8], ["拓展课", "面包制作", "4", "64", "24", "40", "", "4"]]
    plan = PlanBuilder()
    plan.schedule(rows, elective=["拓展课"])
    found = one(plan, "double")
    assert found.arithmetic == "重复计入64学时、4学分"


def test_names_in_a_list_that_differ_from_the_schedule():
    """A table of the block's courses with one name in other words; what a name covers is no other name."""
    plan = plan_of(CLEAN)
    plan.table([["课程", "项目一"], ["面包制作", "甲"], ["裱花技艺", "乙"], ["甜品造型", "丙"], ["书法鉴赏", "丁"]])
    assert "甜品造型（表2）与甜品设计" in one(plan, "name").what


def test_electives_by_the_text_that_are_compulsory():
    """A sentence calls three courses electives that the schedule has as compulsory."""
    plan = plan_of(CLEAN)
    plan.paragraph("专业选修课包括面包制作、裱花技艺、甜品设计等课程。")
    assert "正文列为选修课的面包制作、裱花技艺、甜品设计" in one(plan, "text").what


def test_kinds_of_course_that_the_text_wants():
    """Each kind should have two credits; one has no row."""
    plan = plan_of(CLEAN)
    plan.paragraph("其中书法类、戏曲类课程分别不低于2学分。")
    assert "没有戏曲类课程" in one(plan, "text").what


def test_slips_of_the_text():
    """A heading number that is skipped, a paragraph printed twice, a semester that the plan has not."""
    plan = plan_of(CLEAN)
    plan.fact("years", 3, "基本修业年限为3年。", "years")
    for number in ("一", "二", "四"):
        plan.paragraph(f"{number}、标题", "heading", 1)
    text = "本专业建立教学质量监控体系，由学校、企业与行业共同参与，每学期开展检查、评价与反馈，" * 2
    plan.paragraph(text)
    plan.paragraph(text)
    plan.paragraph("毕业实习安排在第8学期。")
    found = " ".join(contradiction.what for contradiction in find(plan, "text"))
    assert "“二、标题”之后是“四、标题”" in found
    assert "1段文字重复出现" in found
    assert "第8学期" in found


def test_every_sentence_holds_both_figures():
    """What is said of a sum names the stated and the computed figure."""
    found = one(plan_of(changed(CLEAN, "总计", 3, "240")), "sum")
    assert re.search(r"240学时.*224学时", found.what)
