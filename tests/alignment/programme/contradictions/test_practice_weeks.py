"""Weeks of training in the schedule against the week table."""

from __future__ import annotations

from corpora.programme.model import WeekRow
from tests.alignment.programme.contradictions.cases import HEAD, find, one
from tests.alignment.programme.plan_builder import PlanBuilder

ROWS = [
    ["实践", "酿造实训", "2", "52", "", "52", "2W", ""],
    ["实践", "品酒综合训练实践", "4", "104", "", "104", "", "4W"],
    ["实践", "岗位实习", "8", "208", "", "208", "", "8W"],
]
WEEKS = [("学期", "教学", "综合实训", "岗位实习", "考试"), ("1", "16", "2", "", "1"), ("2", "6", "4", "8", "1")]


def plan_of(weeks: list[tuple[str, ...]], rows: list[list[str]] = ROWS) -> PlanBuilder:
    plan = PlanBuilder()
    plan.schedule([HEAD, *rows], categories={"实践": "practice"})
    table = plan.table(weeks)
    for row, (semester, *_) in enumerate(weeks[1:], 1):
        figures = {name: f for column, name in enumerate(weeks[0][1:], 1) if (f := plan.figure(table, row, column))}
        plan.weeks.append(WeekRow(semester, 2, plan.place(table, row, 0), False, figures))
    return plan


def test_weeks_that_agree() -> None:
    """Training by semester is the same in both; the internship is not counted with it."""
    assert find(plan_of(WEEKS), "weeks") == []


def test_a_semester_with_other_weeks() -> None:
    """The rows of the schedule are named, with the weeks of both."""
    found = one(plan_of([*WEEKS[:2], ("2", "6", "3", "8", "1")]), "weeks")
    assert "第2学期“品酒综合训练实践”4周，表中3周" in found.what
    assert found.arithmetic == "第2学期 4≠3"


def test_a_semester_that_the_table_leaves_out() -> None:
    """An empty cell is told where the table has another semester's weeks, and not where it has none at all."""
    assert one(plan_of([WEEKS[0], WEEKS[1], ("2", "6", "", "8", "1")]), "weeks").arithmetic == "第2学期 4≠0"
    assert find(plan_of([WEEKS[0], ("1", "16", "", "", "1"), ("2", "6", "", "8", "1")]), "weeks") == []


def test_weeks_of_the_vacation_are_in_no_semesters_sum() -> None:
    """1（假期） counts in its column and in no row."""
    weeks = [("学期", "教学", "实训", "考试", "小计"), *((str(n), "16", "2", "1", "19") for n in range(1, 5))]
    plan = plan_of(weeks, ROWS[:1])
    assert find(plan, "weeks") == []
    first = plan.weeks[0].weeks["实训"]
    for text, found in (("2（假期）", 1), ("2", 0)):
        plan.weeks[0].weeks["实训"] = type(first)(2, text, first.locator)
        sums = [c for c in find(plan, "weeks") if "各项之和" in c.what]
        assert len(sums) == found
