"""Rules that name what a plan must offer: counted item by item, with readings, and no verdict without a schedule."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from alignment.model import Evidence, RuleVerdict
from alignment.programme.courses.set_rules import OPEN, judge_sets, with_open
from alignment.programme.model import CourseHit, CourseMatch, CourseStatus
from corpora.document import ErrorItem, Locator
from corpora.programme.model import Programme, Schedule
from corpora.standard import Rule, Standard, Statement
from tests.alignment.programme.course_plans import plan

MANY = plan([(f"课{n}", "public", True) for n in range(30)])
SUBJECTS = ("茶艺", "插花", "书法")


def match(title: str, status: CourseStatus, kind: str, quote: str = "") -> CourseMatch:
    """A match with one hit, unless it is absent."""
    evidence = (Evidence(quote or f"{title}课", Locator(len(title), len(title) + 3, 1), (), 1.0),)
    hit = CourseHit(f"{title}课", "name", 0.98, None if quote else 0, True, evidence)
    note = "只有相近课程" if status == "partial" else ""
    return CourseMatch(Statement(title, kind, title, title=title), status, () if status == "absent" else (hit,), note)


def judge(
    statuses: Sequence[CourseStatus],
    kind: str = "foundation_course",
    strength: str = "must",
    programme: Programme = MANY,
    quote: str = "",
) -> RuleVerdict:
    """The verdict on one rule over the three subjects."""
    rule = Rule("OR9", "set", "应开课程", "课程", "includes", SUBJECTS, strength, "应开设这些课程。", "8.1")  # type: ignore[arg-type]
    matches = [match(title, status, kind, quote) for title, status in zip(SUBJECTS, statuses, strict=True)]
    standard = Standard("1", "试", statements=tuple(m.statement for m in matches), other_rules=(rule,))
    (verdict,) = judge_sets(standard, matches, programme)
    return verdict


def test_all_there() -> None:
    """Everything offered passes, with each course named and quoted."""
    verdict = judge(["offered", "offered_elective", "offered_one_direction"])
    assert (verdict.verdict, verdict.value) == ("pass", ())
    assert verdict.arithmetic == "3 项中有 3 项：茶艺←茶艺课；插花←插花课（选修）；书法←书法课（仅一个方向）"
    assert [quote.quote for quote in verdict.evidence] == ["茶艺课", "插花课", "书法课"]
    assert [(r.label, r.verdict, r.value) for r in verdict.readings] == [
        ("只计全体学生必修的", "fail", ("插花", "书法"))
    ]


def test_absent_courses_of_an_unread_schedule_are_open() -> None:
    """Each says that it may be there; what was found keeps its note, and a schedule that was read settles it."""
    found = [
        match(title, status, "core_course")
        for title, status in zip(SUBJECTS, ("absent", "partial", "offered"), strict=True)
    ]
    unread = Programme(MANY.document, schedule=Schedule())
    assert [m.note for m in with_open(found, unread)] == [OPEN, "只有相近课程", ""]
    assert with_open(found, MANY) == tuple(found)


def test_missing_ones_are_named() -> None:
    """What only comes near is missing with its reason, and a reading counts it."""
    verdict = judge(["offered", "absent", "partial"])
    assert (verdict.verdict, verdict.value, verdict.force) == ("fail", ("插花", "书法"), "must")
    assert verdict.arithmetic == "3 项中有 1 项：茶艺←茶艺课；缺 2 项：插花、书法（只有相近课程）"
    assert verdict.expected == "应包含 3 项：茶艺、插花、书法"
    counted = verdict.readings[-1]
    assert (counted.value, counted.verdict) == (("插花",), "fail")
    assert "3 项中有 2 项" in counted.arithmetic


def test_near_ones_may_turn_the_verdict() -> None:
    """Where only near ones are missing, the reading that counts them passes."""
    verdict = judge(["offered", "offered", "partial"])
    assert [reading.verdict for reading in verdict.turning] == ["pass"]


def test_compulsory_subjects_must_be_compulsory() -> None:
    """An elective course does not do, and a reading says that it would."""
    verdict = judge(["offered", "offered", "offered_elective"], kind="public_required")
    assert (verdict.verdict, verdict.value) == ("fail", ("书法",))
    assert ("选修的也计入", "pass") in [(r.label, r.verdict) for r in verdict.readings]


def test_topics_may_be_lectures() -> None:
    """A lecture that the text names counts for a topic; a mere word of the text does not."""
    statuses: list[CourseStatus] = ["offered", "offered", "partial"]
    assert judge(statuses, kind="cross_cutting", quote="书法专题讲座").verdict == "pass"
    assert judge(statuses, kind="cross_cutting", quote="学生爱好书法").verdict == "fail"


def test_a_list_of_examples_need_not_be_whole() -> None:
    """A rule that says 一般包括 is not met, and may be read as met by some of them."""
    verdict = judge(["offered", "absent", "absent"], kind="extension_course", strength="should")
    assert (verdict.verdict, verdict.force) == ("fail", "should")
    assert [(r.label, r.verdict) for r in verdict.readings] == [("所列为举例，开设其中若干项即可", "pass")]


@pytest.mark.parametrize(
    ("programme", "word"),
    [
        (plan([]), "没有读到课程表"),
        (Programme(MANY.document, schedule=Schedule(problems=(ErrorItem("表8", "课程表是图片"),))), "图片"),
        (plan([("茶艺", "core", True)]), "没有公共基础课"),
    ],
)
def test_no_verdict_of_failure_without_the_schedule(programme: Programme, word: str) -> None:
    """What was not read may be there: the note says what is missing. What was found still passes."""
    verdict = judge(["offered", "absent", "partial"], programme=programme)
    assert verdict.verdict == "cannot_determine"
    assert word in verdict.note
    assert judge(["offered"] * 3, programme=programme).verdict == "pass"


def test_sets_of_words_are_left_alone() -> None:
    """A set that does not name courses is no business of this judge."""
    rule = Rule("OR7", "set", "教师", "资格", "includes", ("教师资格",), "must", "应有资格", "9")
    assert judge_sets(Standard("1", "试", other_rules=(rule,)), [match("茶艺", "offered", "core_course")], MANY) == ()
