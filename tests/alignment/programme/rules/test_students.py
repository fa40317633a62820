"""What the plan sets for its students."""

from __future__ import annotations

import pytest

from alignment.programme.quantities import QuantityName
from tests.alignment.programme.plans import Plan
from tests.alignment.programme.rules.judging import judge, reading


@pytest.mark.parametrize("quantity", ["years", "sports_skills", "art_skills"])
def test_said_is_done_and_unsaid_is_open(quantity: QuantityName) -> None:
    """The plan's own specification is what is asked, whether worded as a requirement or not."""
    found = judge(Plan(), quantity, "=", 1)
    assert (found.verdict, "应在" in found.note) == ("cannot_determine", True)
    for norm in (True, False):
        plan = Plan()
        plan.fact(quantity, 1, "方案写明一项。", norm=norm)
        assert judge(plan, quantity, "=", 1).verdict == "pass"
        assert judge(plan, quantity, "=", 2).verdict == "fail"


def test_the_chapter_on_years_stands_before_a_title() -> None:
    """三年制 on the title page gives way to the length that the plan sets; both are shown."""
    plan = Plan()
    plan.fact("years", 3, "烘焙工艺专业（三年制）", words="三年制")
    plan.fact("years", 2, "基本修业年限两年。", words="修业年限两年")
    found = judge(plan, "years", "=", 3, unit="年")
    assert (found.verdict, found.value, found.readings[0].verdict) == ("fail", 2, "pass")


def test_the_body_stands_before_the_annex() -> None:
    """Two sports in an annex pass; the body alone cannot tell."""
    plan = Plan()
    plan.fact("sports_skills", 2, "掌握两项以上运动技能。", operator=">=", annex=True)
    found = judge(plan, "sports_skills", value=2, unit="项")
    assert (found.verdict, reading(found, "只看方案正文").verdict) == ("pass", "cannot_determine")


def test_a_language_that_is_taught() -> None:
    """Without a word on languages a public English course is one; a course of the major is only with compulsion."""
    plan = Plan()
    plan.course("大学英语", "public", 4, 64)
    found = judge(plan, "foreign_languages", value=1, unit="门")
    assert (found.verdict, found.evidence[0].quote) == ("pass", "大学英语")
    optional = Plan()
    optional.course("商务英语", "extension", 2, 32, required=False)
    assert judge(optional, "foreign_languages", value=1).verdict == "cannot_determine"
