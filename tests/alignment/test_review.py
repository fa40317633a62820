"""Decisions of persons on a report: what they change, what follows, what is left alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from alignment.aligner import Aligner
from alignment.coverage import statement_coverage
from alignment.gaps import find_gaps
from alignment.indices import porter, webb
from alignment.model import Evidence, GapReport, Match, RuleVerdict
from alignment.review import ElementDecision, QuoteFinder, RuleDecision, known_quote, revise, rule_text
from alignment.summary import decisive, suggester_for
from corpora.document import Document, Locator
from corpora.document_builder import CellSpec, DocumentBuilder
from corpora.expressions import Expression
from corpora.parsers import read_document
from corpora.standard import Standard

WHO = {"author": "李老师", "at": "2026-03-01T08:00:00Z"}


@pytest.fixture(scope="module")
def shop(samples: Path) -> Document:
    """A real syllabus, as read."""
    return read_document(samples / "网店运营_课程标准.docx")


@pytest.fixture(scope="module")
def report(shop: Document, ecommerce: Standard, aligner: Aligner) -> GapReport:
    """Its report."""
    return aligner.align(shop, ecommerce)


@pytest.fixture(scope="module")
def bank(aligner: Aligner, ecommerce: Standard) -> tuple[Expression, ...]:
    """The standard's bank."""
    return aligner.prepare(ecommerce).expressions


@pytest.fixture(scope="module")
def find(shop: Document) -> QuoteFinder:
    """Finds quotes in the syllabus."""
    return QuoteFinder(shop)


def _refuse(quote: str, start: int | None = None) -> Evidence | None:
    raise AssertionError(f"asked for {quote} at {start}")


def _first(report: GapReport, wanted: Callable[[Match], bool]) -> Match:
    return next(match for match in report.scoped_matches if wanted(match))


def _on(match: Match, grade: int, action: str = "override", **more: object) -> ElementDecision:
    return ElementDecision(match.element.id, match.element.text, action, grade, **WHO, **more)  # type: ignore[arg-type]


def test_without_decisions_the_report_is_the_same_object(report: GapReport, bank: tuple[Expression, ...]) -> None:
    """Nothing is built again, nothing is looked up."""
    assert revise(report, (), bank, _refuse) is report


def test_what_follows_is_drawn_from_the_revised_matches(
    report: GapReport, bank: tuple[Expression, ...], find: QuoteFinder, shop: Document
) -> None:
    """Statements, gaps, indices and ratio are those that the aligner would draw from the same matches."""
    missing, covered = _first(report, lambda m: m.grade == 0), _first(report, lambda m: m.grade == 2)
    quote = shop.blocks[10].text[:20]
    decisions = [_on(missing, 2, level=1, quote=quote, reason="写明了"), _on(covered, 0, reason="并没有讲")]
    revised = revise(report, decisions, bank, find)
    scoped = decisive(report.standard, revised.matches, report.scope)
    facts = report.document
    before = decisive(report.standard, report.matches, report.scope)
    suggester = suggester_for(bank, facts.hours, facts.kind, before)
    assert revised.statements == statement_coverage(report.standard, revised.matches)
    assert revised.gaps == find_gaps(scoped, suggester)
    assert (revised.webb, revised.porter) == (webb(scoped), porter(scoped))
    assert revised.coverage_ratio == report.coverage_ratio
    assert {gap.element.id for gap in revised.gaps} - {gap.element.id for gap in report.gaps} == {covered.element.id}


def test_the_aligner_draws_the_same_from_its_own_matches(report: GapReport, bank: tuple[Expression, ...]) -> None:
    """One way for both: accepting what needs no review changes neither coverage nor gaps nor indices."""
    sure = _first(report, lambda m: m.grade == 2 and not m.review)
    decision = _on(sure, 2, "accept", level=sure.level_found)
    revised = revise(report, [decision], bank, _refuse)
    assert (revised.statements, revised.gaps) == (report.statements, report.gaps)
    assert (revised.webb, revised.porter) == (report.webb, report.porter)
    assert replace(revised.match_of[sure.element.id], decided=None) == sure


def test_gaps_of_others_stay_as_they_are(report: GapReport, bank: tuple[Expression, ...]) -> None:
    """A suggestion that somebody worded otherwise is kept where nobody changed the verdict."""
    first, *_ = report.gaps
    worded = replace(first, suggestion=replace(first.suggestion, text="另一种写法"))
    other = _first(report, lambda m: m.grade == 2)
    changed = replace(report, gaps=(worded, *report.gaps[1:]))
    revised = revise(changed, [_on(other, 0, reason="没有讲")], bank, _refuse)
    assert worded in revised.gaps
    assert [gap.severity for gap in revised.gaps] == sorted((gap.severity for gap in revised.gaps), reverse=True)


def test_not_assessed_is_told_again_when_the_assessment_is_gone(
    mini: Standard, orchard: Document, aligner: Aligner
) -> None:
    """Only a document that assesses something by name leaves something out of its assessment."""
    report = aligner.align(orchard, mini, courses=["C1"])
    assessed = [match for match in report.scoped_matches if "assessment" in match.where]
    assert any(gap.kind == "not_assessed" for gap in report.gaps)
    revised = revise(report, [_on(match, 0, reason="没有考") for match in assessed], (), _refuse)
    assert not any(gap.kind == "not_assessed" for gap in revised.gaps)


def test_a_quote_within_a_known_passage_is_not_looked_up(report: GapReport, bank: tuple[Expression, ...]) -> None:
    """Headings and role are the passage's, the place is narrowed to the quote."""
    missing = _first(report, lambda m: m.grade == 0 and m.nearest is not None and len(m.nearest.quote) > 8)
    near = missing.nearest
    assert near is not None
    revised = revise(report, [_on(missing, 1, quote=near.quote[2:8], reason="提到了")], bank, _refuse)
    (evidence,) = revised.match_of[missing.element.id].evidence
    assert (evidence.locator.start, evidence.locator.end) == (near.locator.start + 2, near.locator.start + 8)
    assert (evidence.heading_path, evidence.role) == (near.heading_path, near.role)


def test_a_pinned_verdict_outlives_a_later_proposal(
    report: GapReport, bank: tuple[Expression, ...], find: QuoteFinder
) -> None:
    """The system now misses what a person accepted: the verdict stands on the quote of then, and both are told."""
    covered = _first(report, lambda m: m.grade == 2 and bool(m.evidence))
    quote = covered.evidence[0]
    later = replace(covered, grade=0, evidence=(), where=(), level_found=None, nearest=None)
    matches = tuple(later if m is covered else m for m in report.matches)
    decision = _on(covered, 2, "accept", level=covered.level_found, quote=quote.quote, start=quote.locator.start)
    match = revise(replace(report, matches=matches), [decision], bank, find).match_of[covered.element.id]
    assert (match.grade, match.level_found) == (2, covered.level_found)
    assert (match.evidence[0].quote, match.evidence[0].locator) == (quote.quote, quote.locator)
    assert match.decided is not None
    assert match.decided.proposed_grade == 0


def test_a_grade_without_any_quote_is_not_given(report: GapReport, bank: tuple[Expression, ...]) -> None:
    """No quote, no grade above 0: such a decision is named as not applied."""
    missing = _first(report, lambda m: m.grade == 0)
    revised = revise(report, [_on(missing, 2, reason="应该有")], bank, _refuse)
    assert revised.match_of[missing.element.id] == missing
    assert missing.element.id in revised.provenance.notes[-1]
    assert revised.gaps == report.gaps


@pytest.mark.parametrize("gone", ["C99.R1.e1", "text"])
def test_a_decision_on_another_text_is_not_applied(report: GapReport, bank: tuple[Expression, ...], gone: str) -> None:
    """The element is gone, or says something else now."""
    covered = _first(report, lambda m: m.grade == 2)
    decision = _on(covered, 0, reason="没有讲")
    decision = replace(decision, text="旧的说法") if gone == "text" else replace(decision, element=gone)
    revised = revise(report, [decision], bank, _refuse)
    assert revised.matches == report.matches
    assert decision.element in revised.provenance.notes[-1]
    assert revised.provenance.notes[:-1] == report.provenance.notes


def test_an_objection_opens_the_verdict(report: GapReport, bank: tuple[Expression, ...]) -> None:
    """It asks for a look again, and a missing element that is disputed weighs less, as other doubtful ones."""
    covered = _first(report, lambda m: m.grade == 2 and not m.review)
    decision = _on(covered, 0, reason="没有讲", second="王主任", agrees=False, second_reason="第三章讲了")
    revised = revise(report, [decision], bank, _refuse)
    match = revised.match_of[covered.element.id]
    assert match.decided is not None
    assert (match.review, match.decided.disputed, match.decided.second_reason) == (True, True, "第三章讲了")
    assert {gap.severity for gap in revised.gaps if gap.element.id == covered.element.id} == {2}


def test_a_level_alone_can_be_overridden(report: GapReport, bank: tuple[Expression, ...]) -> None:
    """Evidence and places stay; the shortfall is drawn again."""
    covered = _first(report, lambda m: m.grade == 2 and not m.element.affective and m.element.level > 1)
    revised = revise(report, [_on(covered, 2, level=1, reason="只要求了解")], bank, _refuse)
    match = revised.match_of[covered.element.id]
    assert (match.level_found, match.level_short) == (1, True)
    assert (match.evidence, match.where) == (covered.evidence, covered.where)
    assert any(gap.element.id == covered.element.id and gap.kind == "level_short" for gap in revised.gaps)


def test_a_rule_is_overridden(report: GapReport, bank: tuple[Expression, ...], shop: Document) -> None:
    """Verdict and quote are the person's; value and arithmetic stay the program's. Another text is not touched."""
    rule = RuleVerdict("NR04", "fail", 2480, ">= 2500", "must", "1240 + 1240", text="总学时不少于 2500")
    other = RuleVerdict("OR01", "pass", None, "含 G1", "must", "")
    planned = replace(report, rules=(rule, other))
    quote, start = shop.blocks[4].text, shop.blocks[4].locator.start
    decisions = [
        RuleDecision("NR04", rule.text, "override", "pass", **WHO, quote=quote, start=start, reason="补录"),
        RuleDecision("OR01", "别的规定", "override", "fail", **WHO, reason="没有"),
    ]
    revised = revise(planned, decisions, bank, QuoteFinder(shop))
    first, second = revised.rules
    assert (first.verdict, first.value, first.arithmetic) == ("pass", 2480, "1240 + 1240")
    assert first.evidence[0].locator.start == start
    assert first.decided is not None
    assert (first.decided.proposed_verdict, first.decided.author) == ("fail", "李老师")
    assert second == other
    assert "OR01" in revised.provenance.notes[-1]
    assert rule_text(other) == "含 G1"


def test_quotes_are_found_where_they_stand() -> None:
    """At the offset given, where the text stands there; else the first time; in a table with its cell."""
    builder = DocumentBuilder("表.docx", b"x", "docx")
    builder.add("heading", "一、教学内容", level=1)
    builder.add("paragraph", "讲授选品原则。")
    builder.add_table(
        [CellSpec("项目", 0, 0), CellSpec("内容", 0, 1), CellSpec("一", 1, 0), CellSpec("选品原则", 1, 1)],
        header_rows=1,
    )
    document = builder.build()
    find = QuoteFinder(document)
    in_table = document.text.rindex("选品原则")
    first, second = find("选品原则"), find("选品原则", in_table)
    assert first is not None
    assert second is not None
    assert (first.locator.start, first.locator.table) == (document.text.index("选品原则"), None)
    assert (second.locator.start, second.locator.table, second.locator.cell) == (in_table, 1, 2)
    assert (first.role, first.heading_path) == ("content", ("一、教学内容",))
    assert find("选品原则", 0) == first
    assert find("没有这句话") is None


def test_a_quote_is_told_as_the_document_has_it(make_document: Callable[..., Document]) -> None:
    """White space and widths aside it is found; what is kept is the document's own characters."""
    document = make_document("#一、目标", "掌握 选品（Selection）原则。")
    found = QuoteFinder(document)("掌握选品(selection)原则")
    assert found is not None
    assert found.quote == "掌握 选品（Selection）原则"


def test_known_quotes_keep_to_the_place_given() -> None:
    """The same words elsewhere are another passage."""
    passage = Evidence("先选品，再上架", Locator(10, 17, 2), ("二、内容",), 0.8, "content")
    found = known_quote([passage], "再上架", 14)
    assert found is not None
    assert (found.locator.start, found.locator.end, found.quote) == (14, 17, "再上架")
    assert known_quote([passage], "再上架", 40) is None
    assert known_quote([passage], "再下架", None) is None
