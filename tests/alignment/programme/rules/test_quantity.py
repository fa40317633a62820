"""Wordings of rules to quantities."""

from __future__ import annotations

from pathlib import Path

import pytest

from alignment.programme.rules import quantity_of
from alignment.programme.rules.quantity import unit_factor
from corpora.parsers import read_document
from corpora.standard import Rule
from corpora.standard_json import load_standard
from corpora.standard_parser import parse_standard
from tests.alignment.programme.plans import rule

STANDARDS = Path(__file__).resolve().parents[3] / "corpora" / "standards"
IN_ORDER = [
    "years",
    "foundation_courses",
    "core_courses",
    "total_hours",
    "hours_per_credit",
    "public_share",
    "practice_share",
    "internship_months",
    "elective_share",
    "activity_credits_per_week",
    "student_teacher_ratio",
    "double_qualified_share",
    "senior_share",
    "enterprise_practice_yearly",
    "enterprise_practice_five_years",
    "sports_skills",
    "art_skills",
    "foreign_languages",
]
ORDINAL = ["leader_title", "teacher_certificate", "teacher_degree", "part_time_title", "internship_agreement"]


def test_every_rule_of_the_shipped_standard() -> None:
    """NR01-NR18 and OR06-OR10 each have their quantity."""
    standard = load_standard("530701")
    assert [quantity_of(r) for r in standard.rules] == IN_ORDER
    assert [quantity_of(r) for r in standard.other_rules[5:]] == ORDINAL


@pytest.mark.parametrize("code", ["460301", "520201"])
def test_rules_of_other_majors(code: str) -> None:
    """Standards read from the template of other majors: everything but places at a bench has its quantity."""
    standard = parse_standard(read_document(STANDARDS / f"{code}.md")).standard
    unknown = [r.quantity for r in standard.rules if quantity_of(r) is None]
    assert unknown == (["工位数"] if code == "460301" else [])
    assert [quantity_of(r) for r in standard.other_rules[5:]] == ORDINAL
    internship = next(r for r in standard.rules if "实习" in f"{r.subject}{r.quantity}")
    assert quantity_of(internship) == "internship_months"


@pytest.mark.parametrize(
    ("subject", "quantity", "unit", "expected"),
    [
        ("课程设置", "专业核心课程数量", "门", "core_courses"),
        ("学时安排", "总课时", "课时", "total_hours"),
        ("学时安排", "总学分", "学分", "total_credits"),
        ("学时安排", "毕业最低学分", "学分", "total_credits"),
        ("学时安排", "实践教学学时占总学时的比例", "%", "practice_share"),
        ("学时安排", "选修课程学分", "学分", "elective_credits"),
        ("学时安排", "实践周每周学时", "学时/周", "practice_week_hours"),
        ("学时安排", "周学时", "学时", "weekly_hours"),
        ("顶岗实习", "累计周数", "周", "internship_weeks"),
        ("毕业实习", "学分", "学分", "internship_credits"),
        ("师资队伍", "生师比", ":1", "student_teacher_ratio"),
        ("师资队伍", "双师素质教师比例", "%", "double_qualified_share"),
        ("师资队伍", "具有副高及以上职称的专任教师比例", "%", "senior_share"),
        ("专任教师", "每年企业实践时间", "天/年", "enterprise_practice_yearly"),
        ("专任教师", "近五年企业实践经历", "月/5年", "enterprise_practice_five_years"),
        ("学生", "掌握运动技能", "项", "sports_skills"),
        ("教学条件", "实训室面积", "平方米", None),
        ("师资队伍", "兼职教师承担课时比例", "%", None),
        ("认识实习", "周数", "周", None),
    ],
)
def test_other_wordings(subject: str, quantity: str, unit: str, expected: str | None) -> None:
    """Wordings that standards and packs use, and some that are none of ours."""
    assert quantity_of(rule(quantity, subject=subject, unit=unit)) == expected


def test_our_own_names_are_understood() -> None:
    """A rule that names the quantity by name or title is about it."""
    assert quantity_of(rule("required_courses", unit="")) == "required_courses"
    assert quantity_of(rule("单门课程学分", unit="学分")) == "course_credits"


def test_units_are_turned_into_the_quantitys() -> None:
    """Thirty days a year are a month a year."""
    days: Rule = rule("每年企业实践时间", unit="天/年", value=30)
    assert 30 * unit_factor(days, "enterprise_practice_yearly") == pytest.approx(1)
    assert unit_factor(rule(unit="学时"), "total_hours") == 1
