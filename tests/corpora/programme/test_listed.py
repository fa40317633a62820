"""Courses in tables that are not the schedule, and practice in tables of weeks."""

from __future__ import annotations

from corpora.programme.schedule.reader import read_schedule
from tests.corpora.programme.plan_tables import plan

SCHEDULE = "课程类别|课程名称|学分|总学时|一|二|三\n专业核心课|会计|4|64|||4\n^|税法|4|64|||4\n公共课|语文|4|64|4||"
WEEKS = """实践教学安排|<|<|<|<|<|<
学期|课堂教学|实践教学|<|<|<|总周数
^|^|公共实践|<|实习|实习学时|^
^|^|军事技能|军事技能学时|岗位实习|^|^
一|16|2|112||0|20
二|18||||0|20
三|4|||8|384|20
合计|38|2|112|8|384|60
备注：岗位实习8学分，安排在第三学期。|<|<|<|<|<|<"""


def test_list_of_core_courses() -> None:
    """A list with credits and hours in one cell keeps its semester and category."""
    table = "专业核心课程名称|开课学期|先修课程|学分/学时\n会计|3||4/64\n税法|4|会计|4/56"
    schedule = read_schedule(plan(SCHEDULE, "表3 专业核心课程列表", table))
    first, second = schedule.listed
    assert (first.name, first.category, first.semesters, first.pool) == ("会计", "core", ("3",), False)
    assert second.credits is not None
    assert second.hours is not None
    assert (second.credits.value, second.hours.value) == (4.0, 56.0)


def test_pool_of_modules() -> None:
    """A list of modules without hours and semesters is a pool; the module's name carries over blank cells."""
    table = "序号|模块名称|课程名称|学分|可选方式\n1|直播模块|脚本|2|线下\n||场控|4|线下\n2|数据模块|看板|6|线上"
    schedule = read_schedule(plan(SCHEDULE, "专业群任选模块课程", table))
    assert [(item.name, item.group, item.pool) for item in schedule.listed] == [
        ("脚本", "直播模块", True),
        ("场控", "直播模块", True),
        ("看板", "数据模块", True),
    ]
    assert {item.category for item in schedule.listed} == {"extension"}


def test_table_that_describes_courses() -> None:
    """A table of learning situations gives the names of its courses, for comparison."""
    table = "平台课程|学习情境1|学习情境2\n会计学|做账|报税\n统计|抽样|画图"
    schedule = read_schedule(plan(SCHEDULE, "表2-7-2 会计专业平台课程", table))
    assert [(item.name, item.category, item.hours) for item in schedule.listed] == [
        ("会计学", "foundation", None),
        ("统计", "foundation", None),
    ]


def test_tables_that_list_no_courses() -> None:
    """Rooms, contents of a course, and shares of hours are not listed."""
    schedule = read_schedule(
        plan(
            SCHEDULE,
            "序号|实训室名称|实训课程名称|主要功能\n1|会计实训室|会计|做账",
            "序号|学习情境|教学任务|参考课时\n1|情境|任务|4",
            "课程类别|学时|占比\n公共课|64|33.3%",
        )
    )
    assert schedule.listed == ()


def test_category_from_a_list_where_the_schedule_names_none() -> None:
    """A schedule without categories takes them from the list of core courses."""
    bare = "课程名称|学分|总学时|一|二|三\n会计|4|64|||4\n语文|4|64|4||"
    listed = "专业核心课程名称|开课学期|学分/学时\n会计|3|4/64"
    schedule = read_schedule(plan(bare, "专业核心课程列表", listed))
    assert [course.category for course in schedule.courses] == ["core", "other"]
    assert "课程清单" in schedule.courses[0].category_note


def test_practice_in_a_table_of_weeks() -> None:
    """Practice that no course table holds is read from a table of weeks with hours, its credits from the notes."""
    schedule = read_schedule(plan("军事技能计2学分。", SCHEDULE, WEEKS))
    military, internship = schedule.courses[3:]
    assert (military.name, military.category, military.category_alt) == ("军事技能", "practice", "public")
    assert military.hours is not None
    assert military.credits is not None
    assert (military.hours.value, military.credits.value) == (112.0, 2.0)
    assert [(c.semester, c.value) for c in internship.semesters] == [("3", 8.0)]
    assert internship.hours is not None
    assert internship.hours.value == 384.0
    assert schedule.tables == (1, 2)


def test_practice_that_the_schedule_holds_is_not_read_twice() -> None:
    """With a practice block in the schedule the table of weeks adds nothing."""
    schedule = read_schedule(plan(SCHEDULE + "\n集中实践|岗位实习|8|384|||8周", WEEKS))
    assert [course.name for course in schedule.courses] == ["会计", "税法", "语文", "岗位实习"]
