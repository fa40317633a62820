"""Contradictions that only look like one, and hidden ones: mended subtotals, rounded shares, columns of practice."""

from __future__ import annotations

from dataclasses import replace

from corpora.programme.model import ShareRow, WeekRow
from tests.alignment.programme.contradictions.cases import CLEAN, HEAD, changed, find, one, plan_of
from tests.alignment.programme.plan_builder import PlanBuilder


def test_a_total_that_counts_what_a_wrong_subtotal_should_say():
    """Only the subtotal is wrong: its total is neither called wrong nor said to carry the error on."""
    found = one(plan_of(changed(CLEAN, "小计", 3, "48", "公共基础课")), "sum")
    assert found.what.startswith("公共基础课小计写48学时，所列各行合计64学时")
    assert "总计" not in found.what


def test_the_total_is_right_beside_one_subtotal_that_it_carries_on_and_one_that_it_does_not():
    """Of two wrong subtotals the total repeats one; only that one is said to be carried on."""
    rows = changed(changed(CLEAN, "小计", 3, "48", "公共基础课"), "小计", 3, "150", "专业核心课")
    found = find(plan_of(changed(rows, "总计", 3, "214")), "sum")
    assert [("总计" in contradiction.what) for contradiction in found] == [False, True]


def test_a_total_row_with_one_cell_of_another_kind_is_still_checked():
    """Weeks in one cell of the total do not hide the wrong weekly hours in another."""
    head = [*HEAD, "3（16周）"]
    rows = [head, *([*row, "2W" if row[1] == "总计" else ""] for row in CLEAN[1:])]
    found = [c for c in find(plan_of(changed(rows, "总计", 6, "9")), "semesters") if "合计" in c.what]
    assert "第1学期9，应为2+2=4" in found[0].arithmetic


def test_weekly_hours_with_a_week_of_practice_besides():
    """4+1W is more than four hours a week: such a row is not held against its weekly hours alone."""
    plan = plan_of(changed(CLEAN, "面包制作", 3, "80"))
    course = plan.courses[2]
    plan.courses[2] = replace(course, semesters=(replace(course.semesters[0], text="4+1W"),))
    assert not any("面包制作" in c.what for c in find(plan, "semesters"))


def test_weekly_hours_are_shown_with_the_weeks_that_come_nearest():
    """Where no row tells the weeks, the week table's teaching weeks are shown and not the column's head."""
    rows = [*CLEAN[:4], ["专业核心课", "糖艺制作", "2", "32", "16", "16", "", "6"], *CLEAN[4:]]
    rows = changed(changed(rows, "裱花技艺", 3, "50"), "甜品设计", 3, "50")
    plan = plan_of(rows)
    table = plan.table([["学期", "理论教学"], ["1", "16"], ["2", "8"]])
    for row in (1, 2):
        figure = plan.figure(table, row, 1)
        assert figure
        plan.weeks.append(WeekRow(str(row), 2, plan.place(table, row, 0), False, {"理论教学": figure}))
    assert any("糖艺制作 6×8=48≠32" in c.what for c in find(plan, "semesters"))


def _practice_table(*rows: tuple[str, str, str, str]) -> PlanBuilder:
    """A share table of label, hours, practice, share."""
    plan = plan_of(CLEAN)
    table = plan.table([("类别", "学时", "实践学时", "占总学时比例"), *rows])
    for number, (label, *_) in enumerate(rows, 1):
        hours, practice, share = (plan.figure(table, number, column) for column in (1, 2, 3))
        place = plan.place(table, number, 0)
        plan.shares.append(
            ShareRow(label, 2, place, total=label == "合计", hours=hours, practice=practice, share=share)
        )
    return plan


def test_a_column_of_practice_shares_with_slips():
    """Most shares are those of practice within their row: that is said once, and those that are not even that."""
    plan = _practice_table(
        ("公共", "100", "20", "20%"),
        ("基础", "200", "60", "35%"),
        ("核心", "300", "120", "40%"),
        ("拓展", "100", "50", "50%"),
        ("合计", "700", "250", "35.7%"),
    )
    said, slips = find(plan, "share")
    assert "其实是各类课程中实践学时占本类学时的比例" in said.what
    assert slips.arithmetic == "基础 60÷200=30%≠35%"


def test_a_row_counted_twice_in_one_column_of_a_share_table():
    """Practice adds up over all rows, so that hours that do not are a slip and no row is part of another."""
    plan = _practice_table(
        ("必修", "160", "90", ""), ("专选", "32", "20", ""), ("选修", "64", "10", ""), ("合计", "224", "120", "")
    )
    assert one(plan, "sum").arithmetic == "160+32+64=256≠224"


def test_credits_under_a_head_of_hours():
    """The column is named with its head and what it really holds."""
    plan = plan_of(CLEAN)
    table = plan.table([("类别", "学时数"), ("公共", "4"), ("核心", "10"), ("合计", "14")])
    for row, label in enumerate(("公共", "核心", "合计"), 1):
        credits = plan.figure(table, row, 1)
        plan.shares.append(ShareRow(label, 2, plan.place(table, row, 0), total=row == 3, credits=credits))
    assert one(plan, "tables").what == "表2“学时数”一栏所写是学分，不是学时：公共4、核心10、合计14"


def test_the_share_of_practice_in_the_text():
    """120 of 224 hours are 53.57 %: 54% is a rounding, 50% is none."""
    for value, found in ((54, 0), (53.6, 0), (50, 1)):
        plan = plan_of(CLEAN)
        plan.fact("practice_share", value, f"实践学时占总学时的{value}%", unit="percent")
        shares = find(plan, "share")
        assert len(shares) == found
        assert all("120÷224=53.57%" in contradiction.arithmetic for contradiction in shares)


def test_a_bound_on_public_courses_that_the_plan_sets_and_does_not_keep():
    """64 of 224 hours are 28.57 %: not less than 25% is kept, not less than 30% is not."""
    for bound, found in ((25, 0), (30, 1)):
        plan = plan_of(CLEAN)
        plan.fact(
            "public_share", bound, f"公共基础课学时不低于总学时的{bound}%", unit="percent", operator=">=", norm=True
        )
        texts = find(plan, "text")
        assert [contradiction.arithmetic for contradiction in texts] == ["64÷224=28.57%<30%"] * found


def test_a_block_whose_sentence_counts_something_else_each():
    """每个方向3门课程 is of each direction; the credits behind the comma are those of the block."""
    plan = plan_of(CLEAN)
    sentence = "专业核心课：每个阶段3门课程，合计12学分。"
    plan.fact("category_credits", 12, sentence, "credits", subject="专业核心课", words="12学分")
    assert one(plan, "text").arithmetic == "专业核心课正文写12学分，教学进程表小计10学分"
    plan = plan_of(CLEAN)
    plan.fact("category_credits", 4, "专业核心课每门4学分。", "credits", subject="专业核心课", words="4学分")
    assert find(plan, "text") == []


def test_the_semester_of_a_course_that_only_the_paragraphs_title_names():
    """The sentence with the semester stands after the title and other sentences."""
    plan = plan_of(CLEAN)
    plan.paragraph("裱花技艺。48学时，计3学分。采用模块教学，在第一学期开设。")
    plan.paragraph("甜品设计。在第二学期开设。")
    assert one(plan, "text").what == "正文所写开课学期与教学进程表不一致：裱花技艺正文第1学期≠教学进程表第2学期"


def test_a_heading_number_behind_the_last_sentence_of_a_paragraph():
    """Two headings whose numbers skip one are no slip where the missing number is glued to the paragraph between."""
    for text, found in (("先开公共课。2.专业课程", 0), ("先开公共课。", 1)):
        plan = plan_of(CLEAN)
        plan.paragraph("1.公共课程", "heading", 2)
        plan.paragraph(text)
        plan.paragraph("（1）课程配置", "heading", 3)
        plan.paragraph("3.选修课程", "heading", 2)
        assert len(find(plan, "text")) == found


def test_a_row_for_any_courses_counts_with_its_hours_and_credits():
    """其他任选课程 is no course by name, and its 128 hours for 6 credits are off all the same."""
    rows = [row for row in CLEAN if row[1] not in ("小计", "总计")]
    plan = plan_of([*rows, ["任选", "其他任选课程", "6", "128", "100", "28", "", ""]])
    plan.courses[-1] = replace(plan.courses[-1], placeholder=True)
    assert one(plan, "credit_hours").arithmetic == "其他任选课程 128÷6=21.33"
