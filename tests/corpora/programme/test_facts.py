"""Facts that a plan's sentences state: number, operator, subject, place, and what only looks like one."""

from __future__ import annotations

from math import isnan
from pathlib import Path

import pytest

from corpora.document import Document
from corpora.document_builder import DocumentBuilder
from corpora.parsers import read_document
from corpora.programme.facts.reader import read_facts
from corpora.programme.model import Fact, FactKind


def lines(*texts: str) -> Document:
    """A document of paragraphs; a line that begins with ``#`` is a heading of that depth."""
    builder = DocumentBuilder("方案.docx", b"plan", "docx")
    for text in texts:
        depth = len(text) - len(text.lstrip("#"))
        builder.add("heading" if depth else "paragraph", text.lstrip("#"), level=depth)
    return builder.build()


def facts(*texts: str, annex: int | None = None) -> tuple[Fact, ...]:
    """The facts of a document of lines; ``annex`` is the number of the line that its annex begins with, from 0."""
    document = lines(*texts)
    end = document.blocks[-1].locator.end + 1
    start = end if annex is None else document.blocks[annex].locator.start
    found = read_facts(document, 0, end, start)
    for fact in found:
        assert document.resolve(fact.figure.locator) == fact.figure.text
        assert fact.words in fact.figure.text
    return found


def values(kind: FactKind, *texts: str) -> list[tuple[float, str, str]]:
    """(value, operator, subject) of the facts of one kind."""
    return [(f.figure.value, f.operator, f.subject) for f in facts(*texts) if f.kind == kind]


@pytest.mark.parametrize(
    "text",
    [
        "基本学制三年，弹性学制三至六年。",
        "学制：3年",
        "基本修业年限为 3 年，最长不超过 6 年。",
        "修业年限以三年为主，可以弹性安排。",
        "全日制三年制高职",
    ],
)
def test_years_are_the_basic_length(text: str) -> None:
    """The basic length of study is read in digits and in Chinese numerals; the longest and elastic ones are not."""
    assert values("years", text) == [(3.0, "=", "")]


def test_a_chapter_of_years_may_hold_the_number_alone() -> None:
    """``三年。`` below a heading of years is the length; elsewhere it is nothing."""
    assert values("years", "#四、修业年限", "三年。") == [(3.0, "=", "")]
    assert values("years", "#九、跟踪调查", "三年。") == []


def test_a_range_of_years_states_no_basic_length() -> None:
    """``3-5年`` alone does not say which one is the basic length."""
    assert values("years", "学习年限为3～5年。") == []


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("total_hours", "全部课程总学时数为 2 640 学时。", (2640.0, "=", "")),
        ("total_hours", "总学时约 2700 学时。", (2700.0, "~", "")),
        ("total_hours", "总学时/总学分：2612/143", (2612.0, "=", "")),
        ("total_credits", "总学时/总学分：2612/143", (143.0, "=", "")),
        ("total_credits", "学生须修满方案规定的 141 学分方可毕业。", (141.0, "=", "")),
        ("total_credits", "毕业最低学分为138学分。", (138.0, "=", "")),
        ("theory_hours", "其中理论课时1102，实践课时1500。", (1102.0, "=", "")),
        ("practice_hours", "其中理论课时1102，实践课时1500。", (1500.0, "=", "")),
        ("practice_share", "实践教学总学时占总学时的比例=53.7%", (53.7, "=", "")),
        ("practice_share", "实践性教学占总学时百分之五十五以上。", (55.0, ">=", "")),
        ("public_share", "公共基础课 700 学时，占 26.5%。", (26.5, "=", "")),
        ("public_hours", "公共基础课 700 学时，占 26.5%。", (700.0, "=", "")),
        ("elective_share", "各类选修课程学时累计占总学时的 12%。", (12.0, "=", "")),
        ("elective_share", "选修课学分占总学分的15%。", (15.0, "=", "学分")),
        ("elective_credits", "含专业选修课和公共选修课，不少于18学分。", (18.0, ">=", "")),
    ],
)
def test_totals_and_shares(kind: FactKind, text: str, expected: tuple[float, str, str]) -> None:
    """Totals and shares are read with their operators, whatever the order of the words."""
    assert values(kind, text) == [expected]


def test_one_sentence_with_three_shares_keeps_them_apart() -> None:
    """Each share belongs to the block named before it."""
    text = "公共基础课学时占总学时的27%，选修课占总学时的11%，实践教学占总学时的54%。"
    found = {f.kind: f.figure.value for f in facts(text)}
    assert found["public_share"] == 27
    assert found["elective_share"] == 11
    assert found["practice_share"] == 54


def test_hours_of_a_course_are_no_total() -> None:
    """``总学时`` of one course, or of its theory, is not the plan's."""
    assert values("total_hours", "该课程总学时64学时。", "专业核心课总学时1020学时。") == []
    assert values("theory_hours", "本课程理论学时32。") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("每16～18学时折算1学分。", [(16.0, ">=", ""), (18.0, "<=", "")]),
        ("公选课每个学分16课时。", [(16.0, "=", "公选课")]),
        ("集中实训每周按 25 学时计算，计 1 学分。", [(25.0, "=", "实践周")]),
        ("理论课16学时计1学分，实践课24学时计1学分。", [(16.0, "=", "理论课"), (24.0, "=", "实践课")]),
        ("《国情讲座》16学时，计1学分。", []),
        ("认识实习，1学分，16学时。", []),
    ],
)
def test_hours_that_make_a_credit(text: str, expected: list[tuple[float, str, str]]) -> None:
    """A conversion is a rule for all courses; hours and credits of one course are none."""
    assert values("hours_per_credit", text) == expected


def test_internship() -> None:
    """Months, weeks, credits, hours and semesters of the internship, others beside it left out."""
    text = "认识实习1周，1学分；岗位实习6个月（25个周），共600学时，24学分，安排在第5学期以及第6学期。"
    found = {(f.kind, f.figure.value) for f in facts(text) if f.kind.startswith("internship")}
    assert found == {
        ("internship_months", 6.0),
        ("internship_weeks", 25.0),
        ("internship_hours", 600.0),
        ("internship_credits", 24.0),
        ("internship_semester", 5.0),
        ("internship_semester", 6.0),
    }


def test_internship_in_words_and_parts() -> None:
    """Half a year is six months; two kinds of internship in one sentence are added."""
    assert values("internship_months", "顶岗实习不少于半年。") == [(6.0, ">=", "")]
    assert values("internship_weeks", "第五学期跟岗实习7周，第六学期顶岗实习17周。") == [(24.0, "=", "")]


def test_internship_of_others() -> None:
    """What a base can take in, and the sum of a list that ends with the internship, are not its length or credits."""
    assert values("internship_months", "合作企业一次可接纳60名学生半年顶岗实习。") == []
    assert values("internship_credits", "采风、课程设计、顶岗实习共33学分。") == []
    assert values("internship_weeks", "顶岗实习期间每周工作5天，第12周返校。") == []


def test_activities() -> None:
    """Weeks and credits of military training and the like, and what a week counts."""
    text = "军训安排在第一学期，为期2周，计2学分；入学教育1周。"
    assert values("activity_weeks", text) == [(2.0, "=", "军训"), (1.0, "=", "入学教育")]
    assert values("activity_credits", text) == [(2.0, "=", "军训")]
    assert values("activity_credits", "军训、社会实践等以1周为1学分。") == [(1.0, "=", "每周")]


def test_courses_in_the_text() -> None:
    """A course's hours and credits with its name: in title marks, as a title, in brackets, before its numbers."""
    texts = (
        "《商业伦理》2学分，共32学时，安排在第2学期。",
        "大学国文。30学时，计2学分。内容包括阅读和写作。",
        "开设创意思维（1学分）、创业入门（1学分）。",
        "合唱艺术24学时，1.5学分。",
        "实习包括认识实习，1学分，20学时，第1学期进行。",
    )
    found = {(f.subject, f.kind): f.figure.value for f in facts(*texts)}
    assert found["商业伦理", "course_hours"] == 32
    assert found["大学国文", "course_credits"] == 2
    assert found["创意思维", "course_credits"] == 1
    assert found["创业入门", "course_credits"] == 1
    assert found["合唱艺术", "course_hours"] == 24
    assert found["认识实习", "course_hours"] == 20


def test_hours_in_parts_are_added_and_hours_of_a_semester_are_none() -> None:
    """理论 + 实践 give the course's hours; hours of each semester do not."""
    assert values("course_hours", "《劳动专题》1学分，理论教学6学时+实践教学10学时。") == [(16.0, "=", "劳动专题")]
    assert values("course_hours", "《时事讲座》1学分，每学期8学时。") == []


def test_blocks_of_courses() -> None:
    """Numbers of courses, credits and hours of a block: by a label line, by the paragraph's title, by the sentence."""
    found = facts(
        "#专业平台课程：", "共计8门，共20个学分。", "专业模块课程：含会计、税法等7门课程，合计28学分，448课时。"
    )
    told = {(f.kind, f.subject): f.figure.value for f in found}
    assert told["category_courses", "专业平台课程"] == 8
    assert told["category_credits", "专业平台课程"] == 20
    assert told["category_courses", "专业模块课程"] == 7
    assert told["category_hours", "专业模块课程"] == 448


def test_blocks_joined_and_capped() -> None:
    """Two blocks may share one number, and a cap is told from a sum."""
    found = values("category_credits", "专业基础课与专业核心课合计44学分，建议专业基础课不超过15学分。")
    assert found == [(44.0, "=", "专业基础课与专业核心课"), (15.0, "<=", "专业基础课")]


def test_numbers_that_are_of_each_course_are_no_block() -> None:
    """每门课程, 每个模块 and ranges say nothing of the block as a whole."""
    text = "公共选修课每门课程1-2学分，每个模块6学分；建成精品在线开放课程12门。"
    assert values("category_credits", text) == []
    assert values("category_courses", text) == []


def test_students_are_the_majors() -> None:
    """Students of the major; of the school only with its name; neither classes nor seats nor what opens a class."""
    assert values("students", "本专业现有在校生 318 人，每班 40 人。") == [(318.0, "=", "")]
    assert values("students", "本专业学生 96 人。") == [(96.0, "=", "")]
    assert values("students", "专任教师 10 人，学生 180 人。") == [(180.0, "=", "")]
    assert values("students", "实训时每组学生 6 人。") == []
    assert values("students", "全校在校生12000余人。") == [(12000.0, ">=", "全校")]
    assert values("students", "选修课满15人方可开班。", "实训室可容纳50名学生。", "每20名学生配一名教师。") == []


@pytest.mark.parametrize(
    ("text", "value", "operator"),
    [
        ("学会一两项运动技能。", 1.0, ">="),
        ("掌握1～2项体育运动技能。", 1.0, ">="),
        ("能自行练习两项以上健身运动项目。", 2.0, ">="),
        ("有一项能坚持的体育爱好。", 1.0, "="),
    ],
)
def test_sports(text: str, value: float, operator: str) -> None:
    """Skills in sports are counted at their lower end, in Chinese numerals too."""
    assert values("sports_skills", text) == [(value, operator, "")]


def test_arts_and_languages() -> None:
    """Arts and languages; a sentence about movement that only counts something is no skill."""
    assert values("art_skills", "形成至少一项艺术特长或爱好。") == [(1.0, ">=", "")]
    assert values("foreign_languages", "学习一门外语并加以运用。") == [(1.0, "=", "")]
    assert values("foreign_languages", "#（二）培养规格", "具备基础英语听、说、读、写能力。") == [(1.0, "=", "")]
    assert values("sports_skills", "踢毽子也是一种锻炼反应的运动。") == []


def test_code_and_name_of_the_major() -> None:
    """The catalogue's code and the name, with or without labels; codes of courses and occupations are others."""
    found = facts("#一、专业名称及代码", "专业名称：数字出版（专业代码：560302）", "课程代码100200")
    assert [f.words for f in found if f.kind == "catalogue_code"] == ["560302"]
    assert [f.words for f in found if f.kind == "catalogue_name"] == ["数字出版"]
    bare = facts("#一、专业名称（专业代码）", "数字出版（560302）")
    assert [(f.kind, f.words) for f in bare] == [("catalogue_code", "560302"), ("catalogue_name", "数字出版")]


def test_annex_and_the_course_it_is_of() -> None:
    """Facts of annexed course standards say so, and whose hours they are."""
    found = facts(
        "总学时2600。", "#附件 课程标准", "#《数据治理》课程标准", "参考学分：4学分 参考学时：64学时", annex=1
    )
    told = {(f.kind, f.subject, f.annex): f.figure.value for f in found}
    assert told["total_hours", "", False] == 2600
    assert told["course_hours", "数据治理", True] == 64
    assert told["course_credits", "数据治理", True] == 4


def test_review_sheets_state_nothing() -> None:
    """People on the sheet that a plan is signed on are not its staff."""
    assert facts("#编制与系部审核单", "专业带头人（副教授）", "专任教师12人") == ()


def test_text_facts_have_no_number() -> None:
    """Decisive words without a number carry nan."""
    (fact,) = facts("学生实习前签署学校、学生、实习单位三方协议。")
    assert fact.kind == "internship_agreement"
    assert isnan(fact.figure.value)
    assert fact.words == "学校、学生、实习单位三方协议"


def test_facts_of_a_real_plan(shared: Path) -> None:
    """The stated figures of a plan that people read, each quote found again at its place."""
    document = read_document(next((shared / "real" / "plans").glob("附件3_*.docx")))
    found = read_facts(document, 0, len(document.text), len(document.text))
    told = {(f.kind, f.subject): f.figure.value for f in found}
    assert told["years", ""] == 3
    assert told["practice_share", ""] == 54.41
    assert told["elective_credits", ""] == 16
    assert told["category_courses", "专业平台课程"] == 9
    assert told["double_qualified_count", ""] == 9
    assert told["teachers", "专任教师"] == 6
    assert not [f for f in found if f.kind in ("students", "senior_share", "leader_title")]


def test_a_sentence_that_a_line_break_cuts_in_two() -> None:
    """A paragraph that ends with a comma goes on in the next one; the sum behind a list is the block's."""
    text = ("综合实践环节：分为采摘、嫁接、", "修剪、顶岗实习共31学分，910学时。一年级打基础。")
    assert values("category_credits", *text) == [(31, "=", "综合实践环节")]
    assert values("category_hours", *text) == [(910, "=", "综合实践环节")]
    assert values("category_credits", text[0], "2." + text[1]) == []
