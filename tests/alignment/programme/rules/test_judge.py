"""The engine over whole standards and local rules."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import get_args

import pytest

from alignment.programme.counting.ledger import Ledger
from alignment.programme.quantities import QUANTITIES
from alignment.programme.rules import judge_rule, judge_rules
from alignment.programme.rules.facts import quoted
from alignment.programme.rules.registry import ANSWERS
from corpora.parsers import read_document
from corpora.programme.model import FactKind
from corpora.standard import Standard
from corpora.standard_json import load_standard
from corpora.standard_parser import parse_standard
from tests.alignment.programme.plans import Plan, rule, usual_plan

STANDARDS = Path(__file__).resolve().parents[3] / "corpora" / "standards"


@pytest.fixture(scope="module")
def standard() -> Standard:
    return load_standard("530701")


def test_the_standards_order_without_its_course_lists(standard: Standard) -> None:
    """NR01-NR18 and OR06-OR10, the lists of courses and topics left to those who match courses."""
    found = judge_rules(usual_plan().build(), standard)
    assert [v.id for v in found] == [f"NR{n:02d}" for n in range(1, 19)] + [f"OR{n:02d}" for n in range(6, 11)]
    assert {v.source for v in found} == {"standard"}
    assert all(v.title and v.text and v.section and v.expected for v in found)


def test_every_open_rule_says_what_is_missing(standard: Standard) -> None:
    """On a plan that holds nothing, every rule is open and says where its answer would stand."""
    found = judge_rules(Plan().build(), standard)
    assert {v.verdict for v in found} == {"cannot_determine"}
    assert all("没有" in v.note and v.value is None for v in found)


def test_a_count_with_a_range_says_so(standard: Standard) -> None:
    """A row without hours leaves the total, and so the shares, open; the range that is left is in the note."""
    plan = Plan()
    plan.courses(10, "public")
    plan.courses(25, "core")
    plan.course("项目实践", category="practice", credits=10, hours=None)
    found = {v.id: v for v in judge_rules(plan.build(), standard)}
    open_rules = [v for v in found.values() if v.verdict == "cannot_determine" and v.value is not None]
    assert {v.id for v in open_rules} >= {"NR04", "NR06"}
    assert all(v.note.startswith("方案的数据不全，只能算出") for v in open_rules)
    assert "在 2240~2600 学时之间" in found["NR04"].note


@pytest.mark.parametrize("changed", [{"operator": "!="}, {"value": "八"}])
def test_a_rule_that_asks_for_no_number_says_so(changed: dict[str, object]) -> None:
    """An imported standard may hold what cannot be compared: open, with what it asks."""
    asked = replace(rule("专业核心课程门数", "=", 8, "门"), **changed)  # type: ignore[arg-type]
    plan = usual_plan().build()
    found = judge_rule(Ledger(plan), asked, "core_courses")
    assert found.verdict == "cannot_determine"
    assert found.note.startswith(f"要求写作“{found.expected}”，不能核算")


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("双师型”教师 6 人", "“‘双师型’教师 6 人”"),
        ("“双师型”教师占 60%", "“‘双师型’教师占 60%”"),
        ("教师均为“双师", "“教师均为‘双师’”"),
        ("岗位实习 6 个月", "“岗位实习 6 个月”"),
    ],
)
def test_quotation_marks_are_paired(words: str, shown: str) -> None:
    """Words cut out of a sentence keep whole pairs, the inner ones single."""
    assert quoted(words) == shown


def test_verdicts_have_arithmetic_and_quotes(standard: Standard) -> None:
    """Whatever is decided shows how and from which cells."""
    decided = [v for v in judge_rules(usual_plan().build(), standard) if v.verdict != "cannot_determine"]
    assert len(decided) >= 8
    assert all(v.arithmetic and v.evidence for v in decided)


def test_another_major_needs_no_code() -> None:
    """A standard of another major, read from its own text, brings its own numbers: 2,700 hours, 8 months, 6 courses."""
    other = parse_standard(read_document(STANDARDS / "520201.md")).standard
    found = {v.id: v for v in judge_rules(usual_plan().build(), other)}
    assert (found["NR04"].expected, found["NR04"].verdict) == (">= 2700 学时", "fail")
    assert (found["NR08"].expected, found["NR08"].verdict) == (">= 8 月", "fail")
    assert (found["NR03"].expected, found["NR03"].verdict) == ("= 6 门", "fail")
    assert (found["NR05"].expected, found["NR05"].verdict) == ("= 16 学时/学分", "pass")


def test_changed_operators_and_values(standard: Standard) -> None:
    """The same wording with another operator and value is judged by these."""
    changed = [
        replace(r, operator="<=", value=2600) if r.id == "NR04" else replace(r, value=(17, 18)) if r.id == "NR05" else r
        for r in standard.rules
    ]
    found = {v.id: v for v in judge_rules(usual_plan().build(), replace(standard, rules=tuple(changed)))}
    assert (found["NR04"].verdict, found["NR05"].verdict) == ("fail", "fail")


def test_unknown_quantities_are_open(standard: Standard) -> None:
    """A rule about something we do not count is left to a person, never an error."""
    strange = replace(standard, rules=(rule("实训室面积", ">=", 200, "平方米", id="NR01"),), other_rules=())
    (found,) = judge_rules(usual_plan().build(), strange)
    assert (found.verdict, "人工核对" in found.note) == ("cannot_determine", True)


def test_local_rules_follow_under_their_own_name(standard: Standard) -> None:
    """Rules of a pack are judged by their quantity and carry the pack's name."""
    cap = rule("总学时上限", "<=", 2400, "学时", id="L1", strength="must")
    found = judge_rules(usual_plan().build(), standard, [(cap, "total_hours")], "省规定")[-1]
    assert (found.id, found.verdict, found.source, found.title) == ("L1", "fail", "省规定", "总学时")


def test_every_quantity_can_be_asked() -> None:
    """Each quantity has its function, and none of them fails on an empty plan or on an odd value."""
    assert set(ANSWERS) == set(QUANTITIES)
    extra = [
        (rule(name, operator, value, id=name), name)
        for name in QUANTITIES
        for operator, value in ((">=", 1), ("includes", ("甲",)), ("between", (1, 2)), ("≈", None))
    ]
    empty = Standard("000000", "空")
    for plan in (Plan(), usual_plan()):
        assert len(judge_rules(plan.build(), empty, extra)) == len(extra)


@pytest.mark.parametrize("value", [float("nan"), 0.0, 3.0])
@pytest.mark.parametrize("norm", [True, False])
def test_odd_facts_never_stop_the_audit(standard: Standard, value: float, norm: bool) -> None:
    """A fact of every kind without a number, with zero, or without words is judged or left open."""
    plan = usual_plan()
    for kind in get_args(FactKind):
        plan.fact(kind, value, f"关于{kind}的一句话。", subject="专任教师", norm=norm)
        plan.fact(kind, value, f"又一句关于{kind}的话。", operator=">=", annex=True)
    found = judge_rules(plan.build(), standard)
    assert len(found) == 23
    texts = [text for v in found for text in (v.arithmetic, v.note, *(r.arithmetic for r in v.readings))]
    assert not [text for text in texts if "nan" in text]


def test_a_thousand_rows_are_quick(standard: Standard) -> None:
    """Judging is a small part of an audit even for a schedule far larger than any."""
    plan = Plan()
    for number in range(1000):
        plan.course(f"课程{number}", "core", 2, 32, 16, 16, block=f"模块/{number % 30}")
    programme = plan.build()
    started = perf_counter()
    judge_rules(programme, standard)
    assert perf_counter() - started < 5
