"""Schedules read from whole documents: which tables count, rows, blocks, figures, and the real plans."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpora.document import Document
from corpora.parsers import read_document
from corpora.programme.model import PlanCourse, Schedule
from corpora.programme.schedule.reader import read_schedule
from eval.plan_rows import score_rows
from eval.plan_truth import load_truth
from tests.corpora.programme.plan_tables import plan

HEAD = """课程类别|<|代码|课程名称|考核方式|<|学分|总学时|理论|实践|学期/周学时|<|<|<
^|^|^|^|考试|考查|^|^|^|^|1（16w）|2（18w）|暑假|3（18w）
"""
ROWS = """公共基础课程|<|A1|国文/n选读|*||3|48|32|16|2+1|||
^|<|A2|形势讲座||*|1|16|8|8|4+4/期|||
^|<|A3|军事技能||*|2|112||112||||
^|<|小计|<|||4|64|40|24|3|||
专业模块课程|<|B1|会计实务|*||4|72|36|36||4||
综合实践环节|<|C1|顶岗实习||*|12|312||312|||2W|10W
选修课|公共选修|D1|书法||*限选|2|32|16|16||2||
^|^||其他任选课程||*|4|64|64|||||
^|合计|<|<|||6|96|80|16||2||
总计|<|<|<|||26|544|156|388||||"""


def rows(schedule: Schedule) -> dict[str, PlanCourse]:
    """The courses of a schedule by name."""
    return {course.name: course for course in schedule.courses}


def figures(course: PlanCourse) -> tuple[float | None, ...]:
    """Credits, hours, theory, practice."""
    return tuple(f.value if f else None for f in (course.credits, course.hours, course.theory, course.practice))


@pytest.fixture(scope="module")
def schedule() -> Schedule:
    """The schedule of a small plan."""
    return read_schedule(plan("教学计划进程表", HEAD + ROWS))


def test_courses_with_their_cells(schedule: Schedule) -> None:
    """Every row that names a course is one; totals are none."""
    found = rows(schedule)
    assert list(found) == ["国文选读", "形势讲座", "军事技能", "会计实务", "顶岗实习", "书法", "其他任选课程"]
    first = found["国文选读"]
    assert (first.code, first.exam, first.required, first.category_text) == ("A1", "考试", True, "公共基础课程")
    assert figures(first) == (3.0, 48.0, 32.0, 16.0)
    assert [(c.semester, c.text, c.unit, c.value) for c in first.semesters] == [("1", "2+1", "hours_per_week", 3.0)]
    assert [(c.unit, c.value) for c in found["形势讲座"].semesters] == [("hours", 8.0)]
    assert figures(found["军事技能"]) == (2.0, 112.0, None, 112.0)


def test_categories_and_choice(schedule: Schedule) -> None:
    """Blocks give the category, 选修 and 限选 the choice; a row for any elective is a placeholder."""
    found = rows(schedule)
    assert [found[name].category for name in ("军事技能", "会计实务", "顶岗实习", "书法")] == [
        "public",
        "core",
        "practice",
        "other",
    ]
    assert found["军事技能"].category_alt == "practice"
    assert (found["书法"].required, found["书法"].exam) == (False, "考查")
    assert [name for name, course in found.items() if course.placeholder] == ["其他任选课程"]


def test_weeks_are_added(schedule: Schedule) -> None:
    """Weeks stand in place of weekly hours, in a summer term too."""
    course = rows(schedule)["顶岗实习"]
    assert course.weeks is not None
    assert course.weeks.value == 12.0
    assert [(c.semester, c.unit) for c in course.semesters] == [("暑假1", "weeks"), ("3", "weeks")]


def test_totals_with_their_scope(schedule: Schedule) -> None:
    """A subtotal sums its block, a total over the block columns the outer block, the last one everything."""
    found = [(t.label, t.block, t.level, len(t.courses)) for t in schedule.totals]
    assert found == [("小计", "公共基础课程", 1, 3), ("合计", "选修课", 1, 2), ("总计", "", 0, 7)]
    assert schedule.totals[0].semesters[0].value == 3.0


def test_figures_can_be_found_again() -> None:
    """Every figure's place holds its text."""
    document = plan("教学计划进程表", HEAD + ROWS)
    for course in read_schedule(document).courses:
        for figure in (course.credits, course.hours, course.theory, course.practice, *course.semesters):
            assert figure is None or figure.text in document.resolve(figure.locator)
        assert document.resolve(course.locator).replace("\n", "") == course.name


WORKBOOK = """一、平台课程|<|<|<|<|<|<|<|<|<
课程类别|<|序号|课程名称|课程类型|学分|教学学时|<|各学期课时|<
^|^|^|^|^|^|总学时|其中实践|1|2
^|^|^|^|^|^|^|^|16|18
平台课程|专业基础课|1|制图|理论+实践课|3|48|24|48|
^|^|2|军体|理论课|2|32||32|32
^|^|3||||||
^|^|4||理论课|2|32||32|
^|^|课时小计|<|<||112|24|112|32
^|^|学分小计|<|<|7|||7|2
^|平台课时总计|<|<|<|理论课|<|实践课|<|<
^|^|<|<|<|88|<|24|<|<
备注：军体可在第一或第二学期开设。|<|<|<|<|<|<|<|<|<"""


def test_subtotals_of_compulsory_and_of_elective_courses() -> None:
    """A label with 必修 or 选修 sums only these, also where its figures are wrong."""
    head = "课程类别|课程性质|课程名称|学分|总学时|一|二\n"
    table = "公共基础课|必修|语文|4|64|4|\n^|选修|茶艺|2|32||2\n^|必修小计|<|4|64|4|\n^|选修小计|<|2|30||2"
    totals = read_schedule(plan(head + table)).totals
    assert [(t.label, t.courses) for t in totals] == [("必修小计", (0,)), ("选修小计", (1,))]


def test_totals_whose_label_names_the_block() -> None:
    """公共课合计 sums the public courses only; the total of everything stays the plan's."""
    head = "课程类别|课程名称|学分|总学时|第一学期|第二学期\n"
    table = (
        "公共必修课|语文|4|64|4|\n公共选修课|茶艺|2|32||2\n公共课合计|<|6|96|4|2\n"
        "专业核心课|会计|4|64||4\n专业课合计|<|4|66||4\n总计|<|10|160|4|6"
    )
    totals = read_schedule(plan(head + table)).totals
    assert [(t.block, t.level, t.courses) for t in totals] == [
        ("公共课", 1, (0, 1)),
        ("专业课", 1, (2,)),
        ("", 0, (0, 1, 2)),
    ]


def test_hours_by_semester_and_derived_theory() -> None:
    """Semester figures that are the row's hours count hours; the missing part is what the other one leaves."""
    schedule = read_schedule(plan(WORKBOOK))
    first, second, third = schedule.courses
    assert figures(first) == (3.0, 48.0, 24.0, 24.0)
    assert first.theory_derived
    assert first.semesters[0].unit == "hours"
    assert figures(second) == (2.0, 32.0, 32.0, 0.0)
    assert second.alternative_semesters
    assert not first.alternative_semesters
    assert third.placeholder
    assert third.name == "专业基础课1（未命名）"


def test_totals_of_hours_of_credits_and_over_two_rows() -> None:
    """Totals say which measure they count; names above figures give theory and practice."""
    hours, credits, parts = read_schedule(plan(WORKBOOK)).totals
    assert (hours.counts, credits.counts) == ("hours", "credits")
    assert hours.courses == credits.courses == (0, 1, 2)
    assert credits.semesters[0].unit == "credits"
    assert parts.theory is not None
    assert parts.practice is not None
    assert (parts.theory.value, parts.practice.value, parts.block) == (88.0, 24.0, "平台课程")


GROUPS = """课程代码|课程名称|学分|学时|<|<|各学期周学时|<|考核方式
^|^|^|总学时|理论|实践|一|二|^
一、公共基础课|<|<|<|<|<|<|<|<
（一）必修课|<|<|<|<|<|<|<|<
A1|语文|4|64|50|14|4||考试
（二）选修课|<|<|<|<|<|<|<|<
A2|茶艺|2|36|18|18||2|考查
二、专业（技能）课|<|<|<|<|<|<|<|<
B1|会计|6|108|60|48||6|考试
小计|<|6|108|60|48||6|
合计|<|12|208|128|80|4|8|
周学时|<|||||4|8|"""


def test_rows_that_name_the_category() -> None:
    """Rows over the whole width head the rows below them, by the level of their number."""
    schedule = read_schedule(plan(GROUPS))
    assert [(c.name, c.category_text, c.required) for c in schedule.courses] == [
        ("语文", "公共基础课/必修课", True),
        ("茶艺", "公共基础课/选修课", False),
        ("会计", "专业（技能）课", True),
    ]
    assert [(t.label, t.block, len(t.courses)) for t in schedule.totals] == [
        ("小计", "专业（技能）课", 1),
        ("合计", "", 3),
    ]


PARTS = "序号|课程名称|学分|总学时|理论学时|实践学时|开设学期|考核方式"


def split_plan() -> Document:
    """One table a category, each below its heading."""
    return plan(
        "（一）公共基础课程",
        f"{PARTS}\n1|语文|4|64|60|4|1-2|考试\n2|体育|2|36|4|32|第三学期|考查\n合计|<|6|100|64|36||",
        "（二）专业核心课程",
        f"{PARTS}\n1|会计|4|64|30|34|3|考试\n2|税法|4|64|30|34|4|考试\n总计|<|14|228|124|104||",
    )


def test_one_table_a_category_without_semester_columns() -> None:
    """The heading gives the category, a column of semesters the semesters; a grand total sums all tables."""
    schedule = read_schedule(split_plan())
    assert schedule.tables == (1, 2)
    assert [c.category for c in schedule.courses] == ["public", "public", "core", "core"]
    assert [c.semester for c in schedule.courses[0].semesters] == ["1", "2"]
    assert [(t.block, len(t.courses)) for t in schedule.totals] == [("公共基础课程", 2), ("", 4)]


def test_stretch_of_the_document() -> None:
    """Only tables of the asked stretch are read."""
    document = split_plan()
    schedule = read_schedule(document, document.tables[1].cells[0].start)
    assert [course.name for course in schedule.courses] == ["会计", "税法"]


def test_table_that_goes_on_without_header() -> None:
    """A second table with the same columns and no header continues the first."""
    more = "\n".join(ROWS.splitlines()[4:])
    schedule = read_schedule(plan(HEAD + "\n".join(ROWS.splitlines()[:4]), more))
    assert schedule.tables == (1, 2)
    assert len(schedule.courses) == 7


def test_repeating_table_is_listed() -> None:
    """A shorter table of the same courses is no second schedule."""
    short = "课程名称|学分|学时|一|二\n国文选读|3|48|3|\n会计实务|4|72||4\n书法|2|32||2"
    schedule = read_schedule(plan(HEAD + ROWS, "课程一览", short))
    assert schedule.tables == (1,)
    assert [item.name for item in schedule.listed] == ["国文选读", "会计实务", "书法"]


def test_second_plan_in_one_file() -> None:
    """A second complete schedule is not mixed into the first; the report can say so."""
    large = HEAD + ROWS.replace("26|544", "26|1544")
    schedule = read_schedule(plan("甲专业", large, "乙专业", large))
    assert schedule.tables == (1,)
    assert "2" in schedule.problems[0].what


def test_no_schedule() -> None:
    """Without any schedule the result says what is missing."""
    schedule = read_schedule(plan("培养目标", "序号|教学任务|内容|课时\n1|任务|内容|4"))
    assert schedule.courses == ()
    assert "Excel" in schedule.problems[0].what


def test_sub_columns_of_semesters() -> None:
    """Hours are taken before weekly hours; theory and practice under one semester are added."""
    both = "课程名称|学分|总学时|第一学期|<|第二学期|<\n^|^|^|周学时|学时|周学时|学时\n英语|8|128|4|64|4|64"
    first = read_schedule(plan(both + "\n数学|4|64|4|64||")).courses[0]
    assert [(c.semester, c.unit, c.value) for c in first.semesters] == [("1", "hours", 64.0), ("2", "hours", 64.0)]
    parts = (
        "课程名称|学分|总学时|学期周学时|<|<|<\n^|^|^|第一学期|<|第二学期|<\n^|^|^|理论|实践|理论|实践\n护理|4|64|2|2||"
    )
    second = read_schedule(plan(parts + "\n解剖|2|36|||1|1")).courses[0]
    assert [(c.semester, c.unit, c.value) for c in second.semesters] == [("1", "hours_per_week", 4.0)]


def test_credits_under_the_semesters() -> None:
    """A table that prints credits under the semesters, and nowhere else, gives them to the courses."""
    table = "课程名称|总学时|各学期学分|<|<\n^|^|一|二|三\n微积分|72|4||\n物理|90||2.5|2.5"
    first, second = read_schedule(plan(table)).courses
    assert first.credits is not None
    assert second.credits is not None
    assert (first.credits.value, second.credits.value) == (4.0, 5.0)


@pytest.mark.parametrize(
    ("truth", "file"),
    [
        ("P1", "附件3_山东科技职业学院2020级市场营销专业人才培养方案.docx"),
        ("P4", "03.2022年度大数据技术专业教学计划安排表（2022年模板）.xls"),
    ],
)
def test_real_schedules(shared: Path, truth: str, file: str) -> None:
    """Rows and cells of the labelled plans."""
    path = shared / "real" / "plans" / file
    if not path.is_file():
        pytest.skip(f"{path.name} 不在，跳过")
    scores = score_rows(load_truth(truth), read_schedule(read_document(path)).courses)
    assert min(scores.recall, scores.precision) >= 0.98
    assert scores.cell_accuracy >= 0.97


MODULES = (
    "课程类别|<|类别|课程名称|学分|总学时|理论|实践|1|2|3|4\n"
    "模块课|公共限选模块|外语|英语|4|64|64||4|||\n^|^|数学|代数|4|64|64||4|||\n^|^|语文|国文|2|32|32||2|||\n"
    "^|^|课时小计|<||{limited}||||||\n"
    "^|任选模块1|绘画|素描|2|32|16|16||2||\n^|^|课时小计|<||{first}||||||\n"
    "^|任选模块2|雕塑|泥塑|2|32|16|16||2||\n^|^|课时小计|<||32||||||\n^|课时合计|<|<||{total}||||||"
)


@pytest.mark.parametrize(("limited", "first", "total"), [(96, 32, 64), (160, 48, 80), (160, 32, 64)])
def test_what_subtotals_and_totals_inside_one_label_sum(limited: int, first: int, total: int) -> None:
    """The first total of a block sums all of it, whatever it states; a total after others the blocks that give it."""
    schedule = read_schedule(plan(MODULES.format(limited=limited, first=first, total=total)))
    assert [t.courses for t in schedule.totals] == [(0, 1, 2), (3,), (4,), (3, 4)]
