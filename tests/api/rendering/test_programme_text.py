"""A programme audit in the terminal, in Markdown and CSV, and the order that its view gives."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest

from alignment.model import GapReport, Reading, RuleVerdict
from alignment.programme.courses.set_rules import OPEN
from alignment.programme.model import ChapterFinding, CodeFinding, CourseHit
from api.rendering.csv import render as render_csv
from api.rendering.markdown import render as render_markdown
from api.rendering.programme import wording
from api.rendering.programme.rows import sums
from api.rendering.programme.sections import chapters, local_rules
from api.rendering.programme.terminal import wrapped
from api.rendering.programme.view import PlanView, plan_view
from api.rendering.terminal import render as render_terminal
from api.rendering.view import ReportView
from corpora.document import ErrorItem
from corpora.programme.model import Schedule


@pytest.fixture(scope="module")
def plan(audited_report: GapReport) -> PlanView:
    """The view of the audit."""
    found = plan_view(ReportView(audited_report))
    assert found is not None
    return found


def test_terminal_is_short_and_says_the_main_things(audited_report: GapReport) -> None:
    """Counts, hours, what fails first, what turns, contradictions, what is absent; on two screens."""
    text = render_terminal(audited_report).decode()
    for expected in (
        "共 8 条：符合 4，不符合 3，无法判定 1",
        "! 第 2 张图片：学时表是图片，请附上 Excel",
        "公共基础课     ###########++++++",
        "× NR04 总学时　1354 学时，必须 ≥ 2500 学时",
        "若公共选修不计入公共基础课，则不符合（22.75%）",
        "方案内部的矛盾 2 处",
        "未见的章节：教学进程总体安排",
    ):
        assert expected in text, expected
    assert text.index("NR04") < text.index("NR02") < text.index("NR11")
    assert len(text.splitlines()) < 80


def test_what_stood_in_the_way_of_the_schedule_is_told_once(audited_report: GapReport) -> None:
    """A problem of the schedule is also an error of the document, and stands in the terminal once."""
    problem, other = ErrorItem("第 2 张图片", "学时表是图片，请附上 Excel"), ErrorItem("第 9 页", "读不出")
    facts = replace(audited_report.document, errors=(problem, other))
    text = render_terminal(replace(audited_report, document=facts)).decode()
    assert text.count("学时表是图片") == 1
    assert "! 第 9 页：读不出（没有读出的内容不参加审核）" in text


def view_of(report: GapReport, **changes: object) -> PlanView:
    """The view of a report whose audit is changed."""
    assert report.programme is not None
    found = plan_view(ReportView(replace(report, programme=replace(report.programme, **changes))))  # type: ignore[arg-type]
    assert found is not None
    return found


def test_a_document_that_is_no_plan_is_told_first(audited_report: GapReport) -> None:
    """Neither schedule nor a plan's own chapters: the reader is warned before any verdict."""
    assert audited_report.programme is not None
    empty = replace(audited_report.programme.programme, schedule=Schedule())
    titles = ("专业名称及代码", "入学要求", "职业面向", "师资队伍", "教学设施")
    lacking = tuple(ChapterFinding(title, title.startswith(("师资", "教学"))) for title in titles)
    view = view_of(audited_report, programme=empty, chapters=lacking)
    assert view.conclusion[0].label == "请注意"
    assert "不像人才培养方案" in view.conclusion[0].items[0]
    whole = tuple(replace(chapter, found=True) for chapter in lacking)
    assert view_of(audited_report, programme=empty, chapters=whole).cautions == ()
    assert view_of(audited_report, chapters=lacking).cautions == ()


def test_a_plan_of_another_major_is_told_first(audited_report: GapReport) -> None:
    """Its name is none of the standard's: the courses are held against another major's."""
    name = CodeFinding("专业名称", "电子商务", "智慧零售运营", False)
    view = view_of(audited_report, codes=(name,))
    assert view.cautions == (
        "方案的专业是智慧零售运营（590123），所对照的是电子商务（530701）的标准：课程与内容的结论只供参考",
    )
    assert view_of(audited_report, codes=(replace(name, agrees=None),)).cautions == ()
    text = render_terminal(replace(audited_report, programme=view.audit)).decode()
    assert "! 方案的专业是智慧零售运营" in text


def test_courses_of_an_unread_schedule_are_undecided(audited_report: GapReport) -> None:
    """They are no finding: neither called absent, nor lacking."""
    assert audited_report.programme is not None
    course = next(match for match in audited_report.programme.courses if match.status == "absent")
    assert wording.status(course) == ("未开设", 0)
    unread = replace(course, note=OPEN)
    assert wording.status(unread) == ("无法判定", 1)
    assert view_of(audited_report, courses=(unread,)).absent == ()
    asked = RuleVerdict("OR1", "cannot_determine", ("甲", "乙"), "应包含 3 项：甲、乙、丙", "must", "", title="课程")
    view = plan_view(ReportView(replace(audited_report, rules=(asked,))))
    assert view is not None
    assert view.rules[0].short == "课程（OR1）：未见 2 项（要求包含 3 项）"


def test_a_standard_without_rules_says_so(audited_report: GapReport) -> None:
    """Profiles state no numbers; no row of zeros is shown."""
    text = render_terminal(replace(audited_report, rules=())).decode()
    assert "所对照的标准没有可核算的规定" in text
    assert "符合 0" not in text


def test_how_a_course_was_recognised() -> None:
    """An alias of the whole course, or a course that is only near to it."""
    hit = CourseHit("商品摄影", "alias", 0.9)
    assert [wording.basis(replace(hit, probability=p)) for p in (0.9, 0.69)] == ["别名", "相近课程"]
    assert wording.basis(replace(hit, basis="name")) == "课程名相同"


def test_codes_that_a_plan_leaves_out() -> None:
    """What is not listed is not called different."""
    code = CodeFinding("职业类别：采购员", "采购员（4-01-01-00）", "", False)
    assert wording.agrees(code) == ("未列出", 0)
    assert wording.agrees(replace(code, stated="采购员（4-01-01-09）")) == ("不一致", 0)


@pytest.mark.parametrize(
    ("value", "expectation", "shown"),
    [
        (6, "= 6 月", ("6 个月", "= 6 个月")),
        (29.02, ">= 25 %", ("29.02%", "≥ 25%")),
        (1, ">= 1 月/年", ("1 月/年", "≥ 1 月/年")),
        (28.89, "<= 25:1", ("28.89:1", "≤ 25:1")),
    ],
)
def test_units_stand_as_people_write_them(value: float, expectation: str, shown: tuple[str, str]) -> None:
    """Months are counted, per cent stand close."""
    assert (wording.amount(value, expectation), wording.expected(expectation)) == shown


def test_lines_break_as_chinese_is_broken() -> None:
    """Numbers stay whole, closing marks stay behind, opening ones before what they belong to."""
    assert list(wrapped("则不符合（32.5%）；其余", 10)) == ["则不符合", "（32.5%）；", "其余"]
    assert list(wrapped("按《方案》计，符合", 4)) == ["按", "《方", "案》", "计，", "符合"]


def test_contradictions_that_bear_on_binding_rules_come_first(plan: PlanView) -> None:
    """The wrong total, which two rules rest on, stands before the credits of the graduation chapter."""
    assert [item.id for item in plan.contradictions] == ["X2", "X1"]


def test_local_rules_stand_apart(plan: PlanView) -> None:
    """A pack's rule is in no chapter of the standard, whatever section it names."""
    assert [rule.rule.id for rule in local_rules(plan)] == ["LR01"]
    assert "LR01" not in [rule.rule.id for chapter in chapters(plan) for rule in chapter.rules]


def test_every_rule_of_the_standard_has_its_chapter(plan: PlanView) -> None:
    """No rule is lost between the chapters."""
    found = [rule.rule.id for chapter in chapters(plan) for rule in chapter.rules]
    assert sorted(found) == sorted(rule.rule.id for rule in plan.rules if rule.rule.source == "standard")


def test_chapters_come_in_numerical_order(plan: PlanView) -> None:
    """10 stands after 9, and 8.1.2(2) before 8.1.2(3)."""
    assert [chapter.number for chapter in chapters(plan)] == ["4", "5", "6", "7", "8", "9", "10", "11"]


@pytest.mark.parametrize(
    ("musts", "contradictions", "words"),
    [(True, True, "修改后重新审核"), (False, True, "修改后通过"), (False, False, "未发现不符合")],
)
def test_proposed_opinion(audited_report: GapReport, musts: bool, contradictions: bool, words: str) -> None:
    """A failing must asks for another audit, anything else for mending; nothing found is said so."""
    audit = audited_report.programme
    assert audit is not None
    rules = audited_report.rules if musts else tuple(r for r in audited_report.rules if r.verdict == "pass")
    audit = audit if contradictions else replace(audit, contradictions=(), courses=())
    view = plan_view(ReportView(replace(audited_report, rules=rules, programme=audit)))
    assert view is not None
    assert words in view.opinion
    assert view.opinion.endswith("由审核人决定")


def test_markdown_holds_every_part(audited_report: GapReport) -> None:
    """Rules with readings, courses, matrix and course table stand in tables."""
    text = render_markdown(audited_report).decode()
    for expected in (
        "| NR06 | 符合（随算法改变） |",
        "若公共选修不计入公共基础课：308 ÷ 1354 = 22.75% \\< 25%（22.75%，不符合）",
        "## 方案内部的矛盾",
        "| 12 | 专业拓展课 | 主播训练 | 方向课 | 4 | 64 | 16 | 48 |",
        "| 课程 | Q01 | Q02 |",
    ):
        assert expected in text, expected
    assert "## 规定核对" not in text


def test_csv_has_rules_and_contradictions_below_the_elements(audited_report: GapReport) -> None:
    """They use the columns that there are."""
    found = list(csv.DictReader(io.StringIO(render_csv(audited_report).decode("utf-8-sig"))))
    rule = next(row for row in found if row["条目编号"] == "NR04")
    assert (rule["条目类型"], rule["结论"], rule["证据"]) == ("规定", "不符合", "1354")
    assert rule["问题"] == "1354 学时；总计 1354 < 2500，还差 1146 学时"
    assert [row["条目编号"] for row in found if row["结论"] == "矛盾"] == ["X2", "X1"]


@pytest.mark.parametrize(
    ("expectation", "unit"),
    [
        (">= 2500 学时", "学时"),
        (">= 25 %", "%"),
        ("16–18 学时/学分", "学时/学分"),
        ("= 3 年", "年"),
        ("列出 G1、G2", ""),
        ("高校教师资格", ""),
        ("≥ 10", ""),
    ],
)
def test_unit_of_an_expectation(expectation: str, unit: str) -> None:
    """What stands behind the number, and nothing for words."""
    assert wording.unit(expectation) == unit


def test_list_that_is_asked_for_tells_what_is_missing(audited_report: GapReport) -> None:
    """Counted in few words, listed where there is room; nothing missing is said so."""
    asked = "应包含 3 项：甲、乙、丙"
    rules = tuple(RuleVerdict("OR1", "fail", value, asked, "must", "", title="课程") for value in (("甲", "丙"), ()))
    view = plan_view(ReportView(replace(audited_report, rules=rules)))
    assert view is not None
    lacking, complete = view.rules
    assert (lacking.value, lacking.missing) == ("缺 2 项：甲、丙", "缺：甲、丙")
    assert lacking.short == "课程（OR1）：缺 2 项（要求包含 3 项）"
    assert (complete.value, complete.missing) == ("齐全", "")


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("专业基础与专业核心课程（内容（课程名称由学校自主确定））", "专业基础与专业核心课程"),
        ("拓展课程或专题讲座（活动）（主题）", "拓展课程或专题讲座（活动）"),
        ("公共基础必修课程（课程）", "公共基础必修课程"),
        ("军训、社会实践（活动）", "军训、社会实践（活动）"),
    ],
)
def test_titles_of_lists_are_short(audited_report: GapReport, title: str, shown: str) -> None:
    """What is asked for stands in the expectation, not behind the title."""
    rule = RuleVerdict("OR1", "fail", (), "应包含 1 项：甲", "must", "", title=title)
    view = plan_view(ReportView(replace(audited_report, rules=(rule,))))
    assert view is not None
    assert view.rules[0].title == shown


def test_rule_of_any_value_is_worded(audited_report: GapReport) -> None:
    """Pairs, names, nothing at all and zero have words."""
    values = (("甲", "乙"), (16, 18), None, True, 0)
    rules = tuple(
        RuleVerdict(f"NR{n}", "pass", value, ">= 1 门", "may", "", readings=(Reading("别样", "fail", value, ""),))
        for n, value in enumerate(values)
    )
    view = plan_view(ReportView(replace(audited_report, rules=rules)))
    assert view is not None
    assert [rule.value for rule in view.rules] == ["甲、乙", "16、18", "—", "是", "0 门"]
    assert len(view.turning) == len(values)


def test_files_are_numbered_and_places_use_the_numbers(plan: PlanView) -> None:
    """A place names its file by the number that the list of files gives it."""
    assert plan.files == ("① 智慧零售运营人才培养方案.docx", "② 进程表.xlsx")
    rule = next(rule for rule in plan.rules if rule.rule.id == "NR13")
    assert plan.sources(rule.rule.evidence) == "“高级职称 3 人”（① 第6段）"


def test_sources_show_the_first_few(plan: PlanView) -> None:
    """Behind them stands how many there are."""
    rule = next(rule for rule in plan.rules if rule.rule.id == "NR06")
    assert plan.sources(rule.rule.evidence, shown=1) == "“1354”（② 工作表“教学进程表” E17） 等 2 处"


def test_sum_of_a_contradiction_is_not_said_twice(plan: PlanView) -> None:
    """What the sentence holds already is left out of the sums, whatever the spaces."""
    item = replace(plan.contradictions[0], what="两者不等：4×16=64≠72", arithmetic="4×16=64 ≠72；3×16=48≠50")
    assert sums(item) == ("3 × 16 = 48 ≠ 50",)
