"""How a plan adds itself up, and what is used when its printed sums cannot be right."""

from __future__ import annotations

from dataclasses import replace

from alignment.programme.counting.ledger import Ledger
from tests.alignment.programme.plans import Plan, usual_plan


def test_rows_left_out_are_found() -> None:
    """Military training that is printed but not in the printed total is told."""
    plan = usual_plan()
    plan.total(hours=2608 - 60, credits=148 - 2)
    ledger = Ledger(plan.build())
    assert [ledger.courses[n].name for n in ledger.left_out] == ["军事技能"]
    assert (ledger.total().value, ledger.total().reproduced) == (2548, True)


def test_hours_in_brackets_are_left_out_where_no_total_counts_them() -> None:
    """(108) is printed and not counted; a printed total that counts it decides otherwise."""
    for total, left_out in ((None, ["时事讲座"]), (640, ["时事讲座"]), (748, [])):
        plan = Plan()
        plan.courses(10, "core", 4, 64)
        number = plan.course("时事讲座", "public", 1, 108)
        if total:
            plan.total("总计", hours=total)
        programme = plan.build()
        courses = list(programme.schedule.courses)
        hours = courses[number].hours
        assert hours
        courses[number] = replace(courses[number], hours=replace(hours, text="(108)"))
        schedule = replace(programme.schedule, courses=tuple(courses))
        ledger = Ledger(replace(programme, schedule=schedule))
        assert [ledger.courses[n].name for n in ledger.left_out] == left_out


def test_subtotals_are_the_summands_where_they_give_the_total() -> None:
    """A printed subtotal that counts fewer than its rows is the plan's own way."""
    plan = Plan()
    public = plan.courses(5, "public", block="公共课")
    core = plan.courses(5, "core", block="核心课")
    plan.total("小计", 300, courses=public, block="公共课", level=1)
    plan.total("小计", 320, courses=core, block="核心课", level=1)
    plan.total("总计", 620)
    ledger = Ledger(plan.build())
    assert ledger.own(ledger.pick("public")).low == 300
    assert ledger.total().computed.arithmetic == "300+320=620"


def test_of_several_printed_totals_the_reproduced_one_counts() -> None:
    """A second printed total that the rows do not give is kept aside."""
    plan = usual_plan()
    plan.total("课时合计", hours=1500)
    plan.total("总学时", hours=2608)
    total = Ledger(plan.build()).total()
    assert (total.value, [s.figure.value for s in total.others]) == (2608, [1500])


def test_the_sum_of_one_table_is_no_total_of_the_plan() -> None:
    """A total without a block that covers only some of the rows is a subtotal."""
    plan = usual_plan()
    plan.total("公共课合计", hours=640, courses=list(range(10)))
    plan.total("总计", hours=2608)
    ledger = Ledger(plan.build())
    assert [s.figure.value for s in ledger.stated_totals("hours")] == [2608]
    assert ledger.own(ledger.pick("public")).terms[0].stated


def test_a_printed_total_far_off_is_not_believed() -> None:
    """A lone total far from what the complete rows give is a slip; the reason says so."""
    plan = usual_plan()
    plan.total(hours=1704)
    total = Ledger(plan.build()).total()
    assert (total.value, total.stated) == (2608, None)
    assert "1704" in total.why
    assert "2608" in total.why


def test_a_printed_total_near_the_rows_is_the_plans_own() -> None:
    """A small difference leaves the printed total in force, with both numbers told."""
    plan = usual_plan()
    plan.total(hours=2600)
    total = Ledger(plan.build()).total()
    assert (total.value, total.reproduced) == (2600, False)
    assert "2608" in total.why


def test_a_total_over_rows_without_hours_is_believed() -> None:
    """Rows without hours explain a difference, so the printed total stands."""
    plan = usual_plan()
    plan.course("跟岗实习", "practice", 10, None, semesters={"4": "10周"})
    plan.total(hours=3200)
    assert Ledger(plan.build()).total().value == 3200


def test_without_rows_the_text_gives_the_total() -> None:
    """A plan whose schedule could not be read still has the total of its text."""
    plan = Plan()
    plan.fact("total_hours", 2600, "总学时为2600学时。", "hours")
    total = Ledger(plan.build()).total()
    assert (total.value, total.computed) == (2600, None)


def test_a_promise_in_the_text_is_no_total() -> None:
    """A requirement that the plan repeats is not its total."""
    plan = Plan()
    plan.fact("total_hours", 2500, "总学时不少于2500学时。", "hours", operator=">=", norm=True)
    assert Ledger(plan.build()).total().value is None


def test_practice_rows_without_a_split_are_practice() -> None:
    """Hours of a practice row count as practice though only its total is printed."""
    plan = Plan()
    plan.course("会计", "core", 4, 64, 40, 24)
    plan.course("综合实训", "practice", 4, 100)
    assert Ledger(plan.build()).total("practice").value == 124
