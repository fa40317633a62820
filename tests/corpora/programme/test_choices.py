"""Courses of which only some are taken."""

from __future__ import annotations

from corpora.programme.model import Choice
from corpora.programme.schedule.reader import read_schedule
from tests.corpora.programme.plan_tables import plan

HEAD = "课程类别|<|课程名称|学分|总学时|理论|实践|1|2|3|4\n"


def choices(table: str) -> tuple[Choice, ...]:
    """The choices of a drawn schedule below the usual header."""
    return read_schedule(plan(HEAD + table)).choices


def test_directions() -> None:
    """Of two directions with subtotals one is taken; their courses are neither compulsory nor electives."""
    schedule = read_schedule(
        plan(
            HEAD
            + "专业方向课程|直播方向|脚本|2|32|16|16||||2\n^|^|场控|2|32|16|16||||2\n^|^|小计|4|64|32|32||||4\n"
            + "^|跨境方向|关务|2|32|16|16||||2\n^|^|选品|2|32|16|16||||2\n^|^|小计|4|64|32|32||||4"
        )
    )
    (choice,) = schedule.choices
    assert (choice.kind, choice.options, choice.take) == ("direction", ((0, 1), (2, 3)), 1)
    assert (choice.credits, choice.hours, choice.theory, choice.practice) == (4.0, 64.0, 32.0, 32.0)
    assert "各有小计" in choice.basis
    assert {course.required for course in schedule.courses} == {None}


def test_subtotals_of_directions_decide_what_they_count_for() -> None:
    """Where the subtotals of all directions say the same, the choice counts that, whatever their rows add up to."""
    table = (
        "专业方向课程|直播方向|脚本|2|32|16|14||||2\n^|^|小计|2|32|16|16||||2\n"
        "^|跨境方向|关务|2|32|16|14||||2\n^|^|小计|2|32|16|{}||||2"
    )
    assert [choices(table.format(said))[0].practice for said in ("16", "12")] == [16.0, 14.0]


def test_directions_that_are_all_counted() -> None:
    """Blocks whose total sums every one of them are no choice."""
    table = (
        "专业方向课程|方向甲|脚本|2|32|16|16||||2\n^|^|小计|2|32|16|16||||2\n"
        "^|方向乙|关务|2|32|16|16||||2\n^|^|小计|2|32|16|16||||2\n^|合计|<|4|64|32|32||||4"
    )
    schedule = read_schedule(plan(HEAD + table))
    assert schedule.choices == ()
    assert {course.required for course in schedule.courses} == {True}


def test_equal_modules_of_which_the_total_counts_one() -> None:
    """Blocks with equal subtotals are a choice, whatever they are called, when the total counts one."""
    table = (
        "公共课|<|语文|4|64|64||4|||\n模块一|<|脚本|4|64|32|32||||4\n小计|<|<|4|64|32|32||||4\n"
        "模块二|<|关务|4|64|32|32||||4\n小计|<|<|4|64|32|32||||4\n总计|<|<|8|128|96|32|4|||4"
    )
    table = table.replace("小计|<|<", "^|^|小计")
    (choice,) = choices(table)
    assert (choice.kind, choice.options, choice.hours) == ("direction", ((1,), (2,)), 64.0)


def test_equal_blocks_beside_electives_that_are_left_out_are_all_taken() -> None:
    """Electives left out of a total do not make a choice of two blocks as large as they are."""
    table = (
        "专业核心课|<|脚本|4|64|32|32||||4\n^|<|小计|4|64|32|32||||4\n专业基础课|<|关务|4|64|32|32||||4\n"
        "^|<|小计|4|64|32|32||||4\n选修课|<|茶艺|4|64|32|32||||4\n^|<|陶艺|4|64|32|32||||4\n"
        "^|<|小计|4|64|32|32||||4\n总计|<|<|12|192|96|96||||12"
    )
    (choice,) = choices(table)
    assert (choice.kind, choice.options, choice.hours) == ("quota", ((2,), (3,)), 64.0)
    assert {c.category for c in read_schedule(plan(HEAD + table)).courses[:2]} == {"core", "foundation"}


def test_rows_that_share_a_merged_cell() -> None:
    """One of the rows that share a cell of hours is taken; each of them has the cell's figure."""
    schedule = read_schedule(
        plan(HEAD + "公共限选课|数学|数学甲|4|64|64||4|||\n^|^|数学乙|^|^|^||^|||\n^|语文|国文|2|32|32|||2||")
    )
    (choice,) = schedule.choices
    assert (choice.id, choice.kind, choice.options, choice.take) == ("数学", "merged", ((0,), (1,)), 1)
    assert (choice.credits, choice.hours) == (4.0, 64.0)
    first, second, _ = schedule.courses
    assert first.hours == second.hours
    assert first.semesters == second.semesters


def test_merged_credits_of_courses_taken_together() -> None:
    """Rows with hours of their own under one cell of credits are taken together."""
    (choice,) = choices("专业课|<|制图一|6|48|48||3|||\n^|<|制图二|^|48|48|||3||")
    assert (choice.options, choice.credits, choice.hours) == (((0, 1),), 6.0, 96.0)


def test_quota_by_subtotal() -> None:
    """Electives of which the subtotal counts fewer; with equal courses the number taken is known."""
    (choice,) = choices(
        "选修课|专业限选|甲|2|32|16|16|2|||\n^|^|乙|2|32|16|16||2||\n^|^|丙|2|32|16|16|||2|\n^|^|小计|4|64|32|32|2|2||"
    )
    assert (choice.kind, len(choice.options), choice.take) == ("quota", 3, 2)
    assert (choice.credits, choice.hours, choice.theory, choice.practice) == (4.0, 64.0, 32.0, 32.0)
    assert choice.basis == "印出 3 门，小计只计 4 学分、64 学时"


def test_compulsory_rows_are_no_quota() -> None:
    """A subtotal below the sum of compulsory rows is a contradiction, not a choice."""
    assert choices("公共课|必修|甲|2|32|16|16|2|||\n^|^|乙|2|32|16|16||2||\n^|^|小计|2|32|16|16|2|||") == ()


def test_quota_by_label() -> None:
    """A block's label may say how much is taken."""
    (credits,) = choices("专业选修课（选修4学分）|<|甲|2|32|16|16|2|||\n^|<|乙|2|32|16|16||2||\n^|<|丙|2|32|16|16|||2|")
    assert (credits.take, credits.credits, credits.hours) == (2, 4.0, 64.0)
    (number,) = choices("拓展课（三选一）|<|甲|2|32|16|16|2|||\n^|<|乙|2|32|16|16||2||\n^|<|丙|3|48|16|32|||2|")
    assert (number.take, number.credits) == (1, None)


def test_quota_by_column() -> None:
    """A merged cell 完成学分 says how many credits of a block are taken."""
    table = "课程类别|课程名称|学分|总学时|开课学期|完成学分\n专业选修课|甲|2|32|3|4\n^|乙|2|32|3|^\n^|丙|2|36|4|^"
    schedule = read_schedule(plan(table + "\n专业核心课|丁|4|64|3|4\n^|戊|4|64|3|^"))
    (choice,) = schedule.choices
    assert (choice.options, choice.credits, choice.hours) == (((0,), (1,), (2,)), 4.0, None)


def test_a_pool_of_extension_courses_that_no_label_calls_elective() -> None:
    """Equal extension courses of which the subtotal counts some are electives; one course short may be a slip."""
    rows = "".join(f"{'专业拓展课' if n == 0 else '^'}|<|课{n}|2|32|16|16||||2\n" for n in range(4))
    schedule = read_schedule(plan(HEAD + rows + "^|<|小计|4|64|32|32||||"))
    (choice,) = schedule.choices
    assert (choice.kind, choice.take, choice.credits, choice.hours) == ("quota", 2, 4.0, 64.0)
    assert {course.required for course in schedule.courses} == {False}
    for slip in ("6|96|48|48", "4|96|48|48"):
        assert choices(rows + f"^|<|小计|{slip}||||") == ()
    assert choices(rows.replace("专业拓展课", "专业核心课") + "^|<|小计|4|64|32|32||||") == ()
