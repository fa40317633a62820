"""Titles, degrees, certificates, agreements."""

from __future__ import annotations

import pytest

from alignment.programme.rules.ordinal import _DEGREES, _TITLES, rank_of
from tests.alignment.programme.plans import Plan
from tests.alignment.programme.rules.judging import judge, reading


@pytest.mark.parametrize(
    ("words", "rank"),
    [
        ("教授", 4),
        ("正高级", 4),
        ("教授级高级工程师", 4),
        ("副教授", 3),
        ("副高", 3),
        ("高级工程师", 3),
        ("讲师", 2),
        ("中级", 2),
        ("工程师", 2),
        ("助理工程师", 1),
        ("助教", 1),
        ("劳动模范", None),
    ],
)
def test_titles_in_order(words: str, rank: int | None) -> None:
    """From 助教 to 教授; the longer title decides."""
    assert rank_of(words, _TITLES) == rank


def test_degrees_in_order() -> None:
    """专科 to 博士."""
    assert [rank_of(word, _DEGREES) for word in ("专科", "本科及以上", "硕士研究生", "博士")] == [1, 2, 3, 4]


@pytest.mark.parametrize(("words", "verdict"), [("教授", "pass"), ("副教授", "pass"), ("讲师", "fail")])
def test_the_leaders_title(words: str, verdict: str) -> None:
    """At or above the rank that is asked for."""
    plan = Plan()
    plan.fact("leader_title", float("nan"), f"专业带头人王某，{words}。", "text", words=words)
    assert judge(plan, "leader_title", ">=", "副高").verdict == verdict


def test_a_required_title_is_no_title() -> None:
    """The repeated requirement passes only as a promise."""
    plan = Plan()
    plan.fact("leader_title", float("nan"), "带头人应具有副高及以上职称。", "text", words="副高", norm=True)
    found = judge(plan, "leader_title", ">=", "副高")
    assert (found.verdict, reading(found, "承诺").verdict) == ("cannot_determine", "pass")
    assert "只重复了要求" in found.note


def test_degrees_of_all_teachers() -> None:
    """A sentence on all of them decides; a number of some does not, one of all does."""
    plan = Plan()
    plan.fact("teachers", 6, "专任教师6人。", subject="专任教师")
    plan.fact("teacher_degree", 4, "硕士4人。", words="硕士")
    found = judge(plan, "teacher_degree", ">=", "本科")
    assert (found.verdict, "没有写全体" in found.note) == ("cannot_determine", True)
    plan.fact("teacher_degree", float("nan"), "专任教师均具有本科以上学历。", "text", words="本科以上")
    assert judge(plan, "teacher_degree", ">=", "本科").verdict == "pass"
    whole = Plan()
    whole.fact("teachers", 6, "专任教师6人。", subject="专任教师")
    whole.fact("teacher_degree", 6, "硕士6人。", words="硕士")
    assert judge(whole, "teacher_degree", ">=", "本科").verdict == "pass"


def test_part_time_teachers_below_the_rank() -> None:
    """Seven of eight fail the word of the rule and meet its spirit in a reading."""
    plan = Plan()
    plan.fact("teachers", 8, "兼职教师8人。", subject="兼职教师")
    plan.fact("intermediate_or_above_count", 7, "工程师以上7人。", subject="兼职教师")
    plan.fact("below_intermediate_count", 1, "助理工程师1人。", subject="兼职教师")
    found = judge(plan, "part_time_title", ">=", "中级", strength="should")
    assert (found.verdict, found.value) == ("fail", "7/8")
    assert reading(found, "绝大多数").verdict == "pass"


def test_part_time_teachers_whose_titles_are_not_all_told() -> None:
    """Five told of eight: open. Eight of eight: pass. None told: open."""
    plan = Plan()
    plan.fact("teachers", 8, "兼职教师8人。", subject="兼职教师")
    assert judge(plan, "part_time_title", ">=", "中级").verdict == "cannot_determine"
    plan.fact("intermediate_or_above_count", 5, "工程师以上5人。", subject="兼职教师")
    assert judge(plan, "part_time_title", ">=", "中级").verdict == "cannot_determine"
    plan.sentences[-1][1]["value"] = 8
    assert judge(plan, "part_time_title", ">=", "中级").verdict == "pass"


def test_part_time_teachers_in_one_sentence() -> None:
    """A sentence on all of them needs no number."""
    plan = Plan()
    plan.fact("teachers", 5, "兼职教师5人。", subject="兼职教师")
    sentence = "兼职教师均具有中级以上职称。"
    plan.fact("intermediate_or_above_count", float("nan"), sentence, "text", subject="兼职教师", words="中级以上")
    found = judge(plan, "part_time_title", ">=", "中级")
    assert (found.verdict, found.evidence[0].quote) == ("pass", sentence)
    assert judge(plan, "part_time_title", ">=", "副高").verdict == "cannot_determine"


def test_certificates() -> None:
    """Reported of all: pass; asked of all: open with the promise as a reading."""
    for norm, verdict in ((False, "pass"), (True, "cannot_determine")):
        plan = Plan()
        words = "高校教师资格"
        plan.fact("teacher_certificate", float("nan"), "教师具有高校教师资格。", "text", words=words, norm=norm)
        found = judge(plan, "teacher_certificate", "includes", ("高校教师资格",), type="set")
        assert found.verdict == verdict
    assert judge(Plan(), "teacher_certificate", "includes", ("高校教师资格",)).verdict == "cannot_determine"


@pytest.mark.parametrize(
    ("sentence", "verdict"),
    [
        ("签订学校、企业、学生三方协议。", "pass"),
        ("实习前签订三方协议。", "pass"),
        ("学校与企业签订实习协议。", "cannot_determine"),
    ],
)
def test_who_signs_the_agreement(sentence: str, verdict: str) -> None:
    """All three named, or three said; a plan's own requirement is enough."""
    plan = Plan()
    plan.fact("internship_agreement", float("nan"), sentence, "text", norm=True)
    parties = ("学校", "学生", "实习单位")
    assert judge(plan, "internship_agreement", "includes", parties, type="set").verdict == verdict
    assert judge(Plan(), "internship_agreement", "includes", parties).verdict == "cannot_determine"
