"""Contradictions between places of a plan: annex, workbook, week table, share table, text against the schedule."""

from __future__ import annotations

from dataclasses import replace

from alignment.programme.contradictions import find_contradictions
from alignment.programme.contradictions.names import likeness
from alignment.programme.contradictions.text_semesters import semesters_in
from alignment.programme.model import Contradiction
from corpora.document import Part
from corpora.programme.model import Fact, Figure, ListedCourse, Programme, ShareRow, WeekRow
from tests.alignment.programme.plan_builder import PlanBuilder

HEAD = ["类别", "课程", "学分", "总学时", "理论", "实践", "1", "2"]


def schedule() -> PlanBuilder:
    plan = PlanBuilder()
    plan.schedule(
        [
            HEAD,
            ["专业核心课", "面包制作", "4", "64", "24", "40", "", "4"],
            ["专业核心课", "裱花技艺", "3", "48", "16", "32", "", "3"],
            ["专业核心课", "甜品设计", "3", "48", "24", "24", "3", ""],
            ["专业核心课", "烘焙英语", "7", "112", "56", "56", "4", "4"],
        ]
    )
    return plan


def find(programme: Programme, kind: str) -> list[Contradiction]:
    found = [contradiction for contradiction in find_contradictions(programme) if contradiction.kind == kind]
    for contradiction in found:
        for quote in contradiction.evidence:
            assert programme.document.resolve(quote.locator) == quote.quote
    return found


def test_annexed_standards_that_the_schedule_lacks():
    """Courses with a standard of their own and no row, with the course of a like name."""
    plan = schedule()
    for name in ("面包制作", "裱花技艺", "甜品设计", "烘焙英语话题"):
        plan.fact("course_credits", 3, f"《{name}》3学分。", "credits", subject=name, annex=True)
    programme = plan.programme()
    found = [c.what for c in find(replace(programme, annex_start=0), "tables")]
    assert "面包制作 3学分≠4学分" in found[0]
    assert "没有" not in found[0]
    more = schedule()
    for name in ("面包制作", "裱花技艺", "甜品设计", "巧克力雕刻"):
        more.fact("course_credits", 3, f"《{name}》3学分。", "credits", subject=name, annex=True)
    assert "教学进程表没有的课程：巧克力雕刻（3学分）" in [c.what for c in find(more.programme(), "tables")][1]


def test_codes_of_annexed_standards():
    """A code in the head of a course standard against the schedule's; a shortened one agrees."""
    plan = schedule()
    plan.courses = [replace(course, code=f"K10{n}-2") for n, course in enumerate(plan.courses)]
    plan.paragraph("正文到此为止。")
    start = plan.at
    plan.paragraph("（一）《面包制作》课程标准（代码：K209-2）", "heading", 1)
    plan.paragraph("（二）《裱花技艺》课程标准（代码：K101）", "heading", 1)
    programme = replace(plan.programme(), annex_start=start)
    assert [c.what for c in find(programme, "tables")] == [
        "附件课程标准中的课程代码与教学进程表不一致：面包制作 K209-2≠K100-2"
    ]


def test_a_list_of_courses_against_the_schedule():
    """Hours and semesters of a list; an option list of other majors is left alone."""
    plan = schedule()
    table = plan.table([["课程", "学分", "学期"], ["面包制作", "5", "1"], ["裱花技艺", "9", "2"]])
    entries = [
        ListedCourse(
            name, table.number, row + 1, plan.place(table, row, 0), "core", plan.figure(table, row, 1), None, (term,)
        )
        for row, name, term in ((1, "面包制作", "1"), (2, "裱花技艺", "2"))
    ]
    programme = plan.programme()
    one = replace(programme, schedule=replace(programme.schedule, listed=(entries[0], replace(entries[1], pool=True))))
    assert [c.arithmetic for c in find(one, "tables")] == ["面包制作 5学分≠4学分、第1学期≠第2学期"]


def test_a_table_of_another_plan():
    """Required courses of a table of which the schedule has none."""
    plan = schedule()
    table = plan.table([["课程", "学分"], ["机械制图", "4"], ["公差配合", "2"], ["数控车削", "6"]])
    entries = tuple(
        ListedCourse(
            plan.tables[1].cell_at(row, 0).text,  # type: ignore[union-attr]
            table.number,
            row + 1,
            plan.place(table, row, 0),
            "core",
            plan.figure(table, row, 1),
            group="专业核心课",
        )
        for row in (1, 2, 3)
    )
    programme = plan.programme()
    found = find(replace(programme, schedule=replace(programme.schedule, listed=entries)), "tables")
    assert "机械制图 4学分、公差配合 2学分、数控车削 6学分" in found[0].what


def test_semesters_of_the_text():
    """A course that the text puts into another semester than the schedule; one of several alternatives agrees."""
    plan = schedule()
    plan.paragraph("《面包制作》4学分，安排在第3-4学期开课。")
    plan.paragraph("《裱花技艺》3学分，安排在第1或第2学期开课。")
    found = find(plan.programme(), "text")
    assert [c.what for c in found] == ["正文所写开课学期与教学进程表不一致：面包制作正文第3、4学期≠教学进程表第2学期"]
    assert semesters_in("一、二至四") == {1, 2, 3, 4}


def test_credits_by_semester_of_the_text():
    """Credits of each semester in a sentence against the weekly hours of the one course that it can mean."""
    plan = schedule()
    plan.paragraph("外语课程112学时，第一学期3学分，第二学期4学分。")
    assert [c.arithmetic for c in find(plan.programme(), "text")] == ["3+4=7≠4+4=8"]


def test_weeks_that_the_row_does_not_count():
    """The semester is full without its internship: the weeks left out are told."""
    plan = schedule()
    rows = [("学期", "课堂教学", "考试", "岗位实习", "总周数"), *((str(n), "18", "2", "", "20") for n in range(1, 5))]
    table = plan.table([*rows, ("5", "20", "0", "4", "20")])
    for number in range(1, 6):
        weeks = {name: f for column, name in enumerate(rows[0][1:], 1) if (f := plan.figure(table, number, column))}
        plan.weeks.append(WeekRow(str(number), table.number, plan.place(table, number, 0), False, weeks))
    found = find(plan.programme(), "weeks")
    assert found[0].arithmetic == "第5学期 20+4=24≠20"


def _share(plan: PlanBuilder, rows: list[tuple[str, str]], split: int) -> None:
    table = plan.table(rows)
    for number, (label, _) in enumerate(rows):
        where = plan.place(table, number, 0)
        credits = plan.figure(table, number, 1)
        plan.shares.append(ShareRow(label, table.number, where, total="计" in label, credits=credits, split=split))


def test_no_credits_for_practice_beside_an_internship():
    """One split says that practice has no credits, another gives the internship some."""
    plan = schedule()
    _share(plan, [("实习", "13"), ("课程", "17"), ("合计", "30")], 0)
    _share(plan, [("实践教学/专业实践", "0"), ("理论教学", "30"), ("总计", "30")], 1)
    assert "专业实践写0学分" in find(plan.programme(), "tables")[0].what


def test_grand_totals_that_differ():
    """Two totals of one plan in its share tables."""
    plan = schedule()
    _share(plan, [("必修课", "13"), ("选修课", "17"), ("合计", "30")], 0)
    _share(plan, [("公共课", "10"), ("专业课", "24"), ("总计", "34")], 1)
    assert "13+17=30≠34" in [c.arithmetic for c in find(plan.programme(), "sum")]


def test_a_document_and_the_workbook_beside_it():
    """The same row of the same table with other figures in another file; the file is named."""
    plan = schedule()
    _share(plan, [("必修课", "13"), ("选修课", "17"), ("合计", "30")], 0)
    middle, tables, blocks = plan.at, len(plan.tables), len(plan.blocks)
    _share(plan, [("必修课", "14"), ("选修课", "17"), ("合计", "31")], 0)
    programme = plan.programme()
    parts = (
        Part("方案.docx", "", "docx", 0, middle),
        Part("教学进程安排.xlsx", "", "xlsx", middle, len(programme.document.text) + 1, tables, blocks),
    )
    found = find(replace(programme, document=replace(programme.document, parts=parts)), "tables")
    assert found[0].arithmetic == "必修课 13≠14学分；合计 30≠31学分"


def test_likeness_of_names():
    """Other words for one course are like, parts of a course and other courses are not."""
    assert likeness("管理学原理", "管理学基础") >= 0.5
    assert likeness("烘焙英语一", "烘焙英语二") == 0
    assert likeness("面包制作", "茶艺") < 0.5


def test_hours_and_share_of_one_sentence():
    """A share beside the hours that it is of, and no other share of the total than these."""
    for share, expected in ((25, 0), (30, 1)):
        plan = schedule()
        text = f"总学时256，其中公共基础课64学时，占{share}%。"
        block = plan.paragraph(text)
        for kind, value, unit in (
            ("total_hours", 256, "hours"),
            ("public_hours", 64, "hours"),
            ("public_share", share, "percent"),
        ):
            plan.facts.append(Fact(kind, Figure(value, text, block.locator), unit, words=f"占{share}%"))
        found = find(plan.programme(), "share")
        assert len(found) == expected
        assert all("64÷256=25%" in c.arithmetic for c in found)
