"""What sentences and tables say of the teaching staff, and whether they report or require it."""

from __future__ import annotations

import pytest

from corpora.programme.facts.reader import read_facts
from corpora.programme.facts.titles import rank_of
from corpora.programme.model import Fact, FactKind
from tests.corpora.programme.plan_tables import plan
from tests.corpora.programme.test_facts import facts, values


def told(*texts: str) -> dict[tuple[FactKind, str], float]:
    """Values by kind and subject."""
    return {(f.kind, f.subject): f.figure.value for f in facts(*texts)}


def in_table(*parts: str) -> tuple[Fact, ...]:
    """The facts of a document of paragraphs and tables."""
    document = plan(*parts)
    return read_facts(document, 0, len(document.text) + 1, len(document.text) + 1)


def test_numbers_of_teachers_with_their_kind() -> None:
    """Full-time, part-time and all teachers are told apart."""
    found = told("现有专兼任教师14人，其中专任教师8人，行业兼职教师6人。")
    assert found == {("teachers", "专兼任教师"): 14, ("teachers", "专任教师"): 8, ("teachers", "行业兼职教师"): 6}


def test_a_range_of_teachers_for_a_module_is_no_number() -> None:
    """``由3至4名专任教师负责`` and plans to hire count nobody."""
    assert values("teachers", "每门课由3至4名专任教师负责。", "三年内引进专任教师5人。") == []


@pytest.mark.parametrize(
    ("text", "value", "operator"),
    [
        ("双师型教师占专业课教师数的 81.5%。", 81.5, "="),
        ("“双师”素质教师比例达85%以上。", 85.0, ">="),
        ("专业课教师中80%以上为双师型教师。", 80.0, ">="),
    ],
)
def test_double_qualified_share(text: str, value: float, operator: str) -> None:
    """The share in several orders of words, quotation marks or not."""
    assert [(v, o) for v, o, _ in values("double_qualified_share", text)] == [(value, operator)]


def test_titles_are_added_and_belong_to_the_staff_named_before() -> None:
    """高级工程师 is senior, 工程师 intermediate, 助理工程师 lower; all of the part-time teachers."""
    found = told("兼职教师9人，其中高级工程师3人、工程师4人、助理工程师2人")
    assert found["senior_count", "兼职教师"] == 3
    assert found["intermediate_or_above_count", "兼职教师"] == 7
    assert found["below_intermediate_count", "兼职教师"] == 2


def test_titles_after_two_staffs_belong_to_the_one_they_add_up_to() -> None:
    """1 + 4 + 5 + 2 are the twelve full-time teachers; without such a sum both are meant."""
    text = "现有专任教师12人，兼职教师6人，其中教授1人、副教授4人、讲师5人、助教2人。"
    assert told(text)["senior_count", "专任教师"] == 5
    assert told("现有专任教师12人，兼职教师6人，其中副教授4人。")["senior_count", "专兼职教师"] == 4


def test_the_rank_as_a_whole_counts_once() -> None:
    """高级职称6人 holds its 教授2人 and 副教授4人."""
    assert told("专任教师中高级职称6人，其中教授2人、副教授4人。")["senior_count", "专任教师"] == 6


def test_the_number_may_stand_before_the_title() -> None:
    """``3人为高级职称`` of a core team."""
    found = told("#师资分析", "核心教学团队9人，其中3人为高级职称。")
    assert found["teachers", "核心教学团队"] == 9
    assert found["senior_count", "核心教学团队"] == 3


def test_teams_of_a_course_are_named_by_it() -> None:
    """Titles in an annexed course standard are of that course's team."""
    found = facts("正文。", "#《瑜伽》课程标准", "教学团队由11名教师组成，其中副教授3名，讲师8名。", annex=1)
    assert {f.subject for f in found} == {"《瑜伽》教学团队"}
    assert all(f.annex for f in found)


@pytest.mark.parametrize(
    ("text", "value", "operator", "norm"),
    [
        ("本专业生师比为17.5:1。", 17.5, "=", False),
        ("师生比达到1：16。", 16.0, "=", False),
        ("学生数与本专业专任教师数比例不高于18∶1。", 18.0, "<=", True),
        ("专任教师与在籍学生之比不低于1：25。", 25.0, "<=", True),
    ],
)
def test_student_teacher_ratio(text: str, value: float, operator: str, norm: bool) -> None:
    """Both ways to write the ratio; a limit is a requirement."""
    (fact,) = facts(text)
    assert (fact.figure.value, fact.operator, fact.norm) == (value, operator, norm)


def test_requirements_are_told_from_reports() -> None:
    """应, 原则上, 一般, and limits without a word of state make a norm."""
    norms = facts(
        "双师型教师占专业课教师数比例一般不低于60%。",
        "专业带头人原则上应具有本专业副高及以上职称。",
        "专业课教师每年至少1个月在企业实践，每5年累计不少于6个月的企业实践经历。",
        "兼职教师应具有中级及以上专业技术职称。",
        "到2027年，双师型教师比例达到90%。",
    )
    assert len(norms) == 6
    assert all(fact.norm for fact in norms)
    reports = facts(
        "目前双师型教师已达到90%以上。", "专业带头人李明，教授。", "校外兼职教师7名，均具有中级及以上职称。"
    )
    assert not any(fact.norm for fact in reports)


def test_the_leaders_title() -> None:
    """Said in the sentence or below the heading; a person without a title states none."""
    assert [f.words for f in facts("#1.专业带头人", "张某，副教授，主持课题三项。")] == ["副教授"]
    assert facts("网页设计课负责人担任本专业负责人。") == ()


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("专业教师每年到企业实践不少于30天。", "enterprise_practice_yearly", 1.0),
        ("教师到企业锻炼每年不少于一个月。", "enterprise_practice_yearly", 1.0),
        ("每五年累计不少于六个月的企业实践经历。", "enterprise_practice_five_years", 6.0),
    ],
)
def test_enterprise_practice(text: str, kind: FactKind, value: float) -> None:
    """Months a year and months in five years, days counted as thirtieths."""
    assert values(kind, text) == [(value, ">=", "")]


def test_enterprise_practice_of_one_year() -> None:
    """What every teacher did on average in a year that is named; days of students and sums of years are none."""
    kind: FactKind = "enterprise_practice_yearly"
    assert values(kind, "2023 年专任教师人均下企业锻炼 1.5 个月。") == [(1.5, "=", "")]
    assert values(kind, "2022年度教师平均每人到行业企业实践20天。") == [(pytest.approx(20 / 30), "=", "")]
    assert values(kind, "2023 年学生人均到企业实践 2 个月。") == []
    assert values(kind, "2023 年教师共到企业实践 30 个月。") == []


def test_years_of_work_are_no_enterprise_practice() -> None:
    """Experience before teaching is neither yearly nor five-yearly practice."""
    text = "新进教师须有三年以上企业工作经历，懂行情。"
    assert [f.kind for f in facts(text) if f.kind.startswith("enterprise")] == []


def test_qualifications() -> None:
    """Certificates and degrees of all teachers; so many with a degree are no statement about all."""
    found = facts("#师资队伍", "专任教师均有高校教师资格和本科及以上学历。")
    assert {(f.kind, f.words) for f in found} == {
        ("teacher_certificate", "高校教师资格"),
        ("teacher_degree", "本科及以上学历"),
    }
    assert facts("#师资队伍", "具有硕士以上学位的16人。") == ()


def test_a_roster_is_counted() -> None:
    """Names, titles and 双师型 of a list of teachers, part-time ones by themselves."""
    found = in_table(
        "师资队伍一览",
        """姓名|职称|是否双师|类别
周宁|副教授|是|专任
吴桐|讲师|是|专任
郑好|助教|否|专任
何远|高级工程师|是|企业兼职
林泉|技术员|否|企业兼职""",
    )
    counts = {(f.kind, f.subject): f.figure.value for f in found}
    assert counts["teachers", "专任教师"] == 3
    assert counts["senior_count", ""] == 1
    assert counts["double_qualified_count", ""] == 2
    assert counts["teachers", "兼职教师"] == 2
    assert counts["below_intermediate_count", "兼职教师"] == 1


def test_a_roster_of_reviewers_is_none() -> None:
    """A list of names under the review of the plan counts nobody."""
    table = "姓名|职称\n周宁|副教授\n吴桐|讲师"
    assert in_table("方案编制小组与审核单", table) == ()


def test_titles_in_a_table_of_the_staffs_structure() -> None:
    """Numbers below or beside 高级, 双师型, 专任教师."""
    below = in_table("师资队伍结构", "高级职称|中级职称|双师型\n5|7|11")
    assert {(f.kind, f.figure.value) for f in below} == {("senior_count", 5.0), ("double_qualified_count", 11.0)}
    beside = in_table("教学团队", "项目|人数|比例\n专任教师|15|\n教授|2|\n副教授|4|\n双师型教师|13|87%")
    told_ = {f.kind: f.figure.value for f in beside}
    assert told_ == {"teachers": 15, "senior_count": 6, "double_qualified_count": 13}


def test_labels_with_values() -> None:
    """A form of labels and values states totals, the years, the code."""
    found = in_table(
        "基本信息", "专业名称|冷链物流|专业代码|530805\n学制|三年|总学时|2680\n实践教学比例|0.54|总学分|146"
    )
    values_ = {f.kind: f.figure.value for f in found if f.kind != "catalogue_name"}
    assert values_ == {
        "catalogue_code": 530805,
        "years": 3,
        "total_hours": 2680,
        "practice_share": 54,
        "total_credits": 146,
    }


def test_ranks() -> None:
    """The rank of a title, the longer title first."""
    ranks = [rank_of(t) for t in ("副教授", "高级讲师", "讲师", "助理工程师", "工程师", "经理")]
    assert ranks == ["senior", "senior", "middle", "junior", "middle", ""]


def test_a_head_of_columns_is_no_name_of_a_major() -> None:
    """专业名称 beside 公共基础课程 heads a table of courses; beside a name it is the major's."""
    for value, names in (("公共基础课程", []), ("茶艺与茶文化", ["茶艺与茶文化"])):
        document = plan(f"专业名称|{value}\n甲|乙\n丙|丁")
        found = read_facts(document, 0, len(document.text), len(document.text))
        assert [fact.words for fact in found if fact.kind == "catalogue_name"] == names
