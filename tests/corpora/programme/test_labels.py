"""Block labels of rows where merged label cells are blank, and titles that name no category."""

from __future__ import annotations

from corpora.programme.schedule.reader import read_schedule
from tests.corpora.programme.plan_tables import plan

HEAD = """类别|<|代码|课程名称|学分|总学时|1|2|3
"""
CORE = """专业核心课|<|B1|会计实务|4|64|4||
^|<|B2|审计实务|4|64||4|
^|<|小计|<|8|128|||
"""
TOTAL = "总计|<|<|<|12|192|||"
DIRECTIONS = """||D1|税务实务|2|32|||2
^|^|D2|税务筹划|2|32|||2
^|^|小计|<|4|64|||
^|财务管理方向|D3|财务分析|2|32|||2
^|^|D4|投资学|2|32|||2
^|^|小计|<|4|64|||
"""


def test_a_blank_block_below_a_subtotal_takes_no_name() -> None:
    """Its courses are not called core courses for standing below them."""
    block = "|<|X1|书法|2|32|||2\n^|<|X2|茶艺|2|32|||2\n^|<|小计|<|4|64|||\n"
    schedule = read_schedule(plan(HEAD + CORE + block + TOTAL))
    assert [(c.name, c.category) for c in schedule.courses][2:] == [("书法", "other"), ("茶艺", "other")]


def test_a_blank_block_in_the_middle_of_one_goes_on() -> None:
    """Without a subtotal above it, a blank merged cell is the rest of the block that a page cut."""
    block = (
        "专业核心课|<|B1|会计实务|4|64|4||\n^|<|B2|审计实务|4|64||4|\n|<|B3|税法|2|32|||2\n^|<|B4|成本会计|2|32|||2\n"
    )
    schedule = read_schedule(plan(HEAD + block + TOTAL))
    assert {c.category for c in schedule.courses} == {"core"}


def test_an_unnamed_block_beside_a_direction_is_a_direction() -> None:
    """Both stand in one outer cell and the total counts one of them."""
    schedule = read_schedule(plan(HEAD + CORE + DIRECTIONS + TOTAL))
    [choice] = schedule.choices
    assert (choice.kind, choice.options, choice.hours) == ("direction", ((2, 3), (4, 5)), 64)


def test_a_title_with_the_name_of_a_major_is_no_category() -> None:
    """会计专业教学计划 names the major, not professional courses."""
    rows = "课程名称|学分|总学时|第1学期|第2学期\n会计实务|4|64|4|\n书法|2|32||2\n"
    schedule = read_schedule(plan("大数据与会计专业教学计划安排表", rows))
    assert {c.category for c in schedule.courses} == {"other"}


def test_a_cell_with_the_codes_of_its_rows_gives_each_its_own() -> None:
    """A border left out between two rows does not put both codes into one course."""
    head = "课程代码|课程名称|学分|总学时|第1学期|第2学期\n"
    rows = "A00801 A00811|会计实务|4|64|4|\n^|书法|2|32||2\nA0082|茶艺|2|32||2\n"
    schedule = read_schedule(plan(head + rows))
    assert [c.code for c in schedule.courses] == ["A00801", "A00811", "A0082"]
