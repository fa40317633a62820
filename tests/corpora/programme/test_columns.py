"""Header rows, roles of columns, semester columns, and rows whose borders do not meet the header's."""

from __future__ import annotations

import pytest

from corpora.programme.schedule.columns import Columns, read_columns
from corpora.programme.schedule.grid import assign
from tests.corpora.programme.plan_tables import plan


def layout(table: str) -> Columns:
    """The layout of a drawn table."""
    found = read_columns(plan(table).tables[0])
    assert found is not None
    return found


FOUR_ROWS = """教学进程表|<|<|<|<|<|<|<|<|<|<|<
类别|序号|课程名称|学分|学时|<|<|考核方式|<|学期安排|<|<
^|^|^|^|总学时|理论|实践|考试|考查|第一学年|<|第二学年
^|^|^|^|^|^|^|^|^|一|二|三
|||||||||16|18|18
公共基础课|1|语文|4|64|60|4|*||4||"""


def test_header_of_four_rows_below_a_title() -> None:
    """The title is no header; roles, semesters and weeks come from the four rows below it."""
    found = layout(FOUR_ROWS)
    assert (found.start, found.end) == (1, 5)
    roles = [column.role for column in found.columns]
    assert roles[:9] == [
        "block", "serial", "name", "credits", "hours", "theory", "practice", "exam_test", "exam_check",
    ]  # fmt: skip
    assert [(column.semester, column.weeks) for column in found.semesters] == [("1", 16.0), ("2", 18.0), ("3", 18.0)]
    assert found.titles == ("教学进程表",)


@pytest.mark.parametrize(
    ("heads", "semesters"),
    [
        ("1（16w）|2（18w）|暑假学期|3（18w）|4（18w）|暑假学期|5（18w）|6（18w）", "1 2 暑假1 3 4 暑假2 5 6"),
        ("第一学期|第二学期|第三学期|第四学期", "1 2 3 4"),
        ("一/n16周|二/n18周|三/n18周", "1 2 3"),
        ("一上|一下|二上|二下", "1 2 3 4"),
        ("Ⅰ|Ⅱ|Ⅲ|Ⅳ", "1 2 3 4"),
        ("1学期|2学期|小学期|3学期", "1 2 暑假1 3"),
    ],
)
def test_names_of_semesters(heads: str, semesters: str) -> None:
    """Each way of heading semester columns gives the semester's number; summer terms are counted by themselves."""
    count = heads.count("|")
    found = layout(f"课程名称|学分|学时|各学期周学时{'|<' * count}\n^|^|^|{heads}\n语文|4|64|4{'|' * count}")
    assert [column.semester for column in found.semesters] == semesters.split()


def test_semesters_counted_through_the_years() -> None:
    """Semesters that start again in each year are numbered on."""
    found = layout("课程名称|学分|学时|第一学年|<|第二学年|<\n^|^|^|1|2|1|2\n语文|4|64|4|||")
    assert [column.semester for column in found.semesters] == ["1", "2", "3", "4"]


def test_matrix_of_requirements_is_no_schedule() -> None:
    """Columns numbered under 毕业要求 are no semesters."""
    found = layout("课程名称|学分|考核|毕业要求|<|<|<\n^|^|^|1|2|3|4\n语文|4|考试|●||●|")
    assert found.semesters == ()


@pytest.mark.parametrize(
    ("header", "role"),
    [
        ("学分/学时", "credits_hours"),
        ("学时/学分", "hours_credits"),
        ("其中实践课时", "practice"),
        ("课内实验学时", "practice"),
        ("讲授学时", "theory"),
        ("教学总学时", "hours"),
        ("完成学分", "quota"),
        ("周数", "weeks"),
        ("开设学期", "semester_text"),
        ("授课方式", "ignored"),
        ("线上学时", "other_hours"),
        ("考核方式", "exam"),
        ("计分方式", "exam"),
        ("备注", "note"),
    ],
)
def test_role_by_header(header: str, role: str) -> None:
    """A column's role is told by its innermost header text."""
    found = layout(f"序号|课程代码|课程名称|学分数|{header}\n1|A01|语文|4|4\n2|A02|数学|4|4")
    assert found.columns[-1].role == role


def test_role_by_values() -> None:
    """Columns of labels are told apart by what stands in them."""
    found = layout(
        "课程类别|课程性质|课程类型|课程属性|课程名称|学分|学时\n公共课|必修|B|公共必修|语文|4|64\n专业课|选修|A|专业选修|会计|4|64"
    )
    assert [column.role for column in found.columns[:4]] == ["block", "nature", "kind", "block"]


def test_table_of_a_course_standard_is_none() -> None:
    """A table of teaching contents names no courses."""
    table = plan("序号|学习情境|教学任务|教学内容|参考课时\n1|情境一|任务|内容|4").tables[0]
    assert read_columns(table) is None


def test_borders_that_do_not_meet_the_header() -> None:
    """Cells over two header columns go, in order, to those whose kind they fit."""
    document = plan(
        "课程名称|<|<|课程代码|<|课程性质|总学时|学分|<|理论|<|实践\n"
        "语文|<|<|10001|<|必|64|4|<|60|<|4\n"
        "能力|会计|10002|<|必|<|64|<|4|<|40|24"
    )
    found = read_columns(document.tables[0])
    assert found is not None
    pairs = {column.role: cell.text for column, cell in assign(found.columns, document.tables[0].row_cells(2))}
    assert (pairs["name"], pairs["code"], pairs["nature"]) == ("会计", "10002", "必")
    assert (pairs["hours"], pairs["credits"], pairs["theory"], pairs["practice"]) == ("64", "4", "40", "24")
