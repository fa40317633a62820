"""The headline of a report says in plain JSON what the report says."""

from __future__ import annotations

import json
from dataclasses import replace

from alignment.model import Decided, GapReport
from api.services.headline import headline


def test_it_counts_as_the_report_does(any_report: GapReport) -> None:
    """Whatever kind of report: the scope's counts, each element's grade, each statement's ratio; JSON all through."""
    shown = headline(any_report)
    assert json.loads(json.dumps(shown)) == shown
    assert shown["coverage_ratio"] == any_report.coverage_ratio
    assert (shown["missing"], shown["touched"], shown["covered"]) == tuple(any_report.count(n) for n in (0, 1, 2))
    assert shown["grades"] == {match.element.id: match.grade for match in any_report.matches}
    assert shown["statements"] == {c.statement.id: c.ratio for c in any_report.statements}
    assert [gap["element"] for gap in shown["worst"]] == [gap.element.id for gap in any_report.gaps[:3]]
    assert len(shown["worst"]) == min(3, len(any_report.gaps))
    assert shown["review"] == any_report.review_count
    assert shown["errors"] == len(any_report.document.errors)


def test_rules_are_counted_by_verdict(plan_report: GapReport, report: GapReport) -> None:
    """Plans have them, other documents none."""
    shown = headline(plan_report)
    assert shown["rules"] == {"pass": 1, "fail": 1, "cannot_determine": 1}
    assert (shown["failed"], shown["undetermined"]) == (["NR04"], ["OR01"])
    assert headline(report)["rules"] is None


def test_levels_that_fall_short_are_named(report: GapReport) -> None:
    """All of them by id; the scope's counted."""
    shown = headline(report)
    assert shown["short"] == [match.element.id for match in report.matches if match.level_short]
    assert shown["level_short"] == sum(match.level_short for match in report.scoped_matches) > 0


def test_decisions_are_counted(plan_report: GapReport) -> None:
    """On elements and on rules."""
    decided = Decided("accept", "王老师", "2026-03-01T00:00:00Z")
    matches = (replace(plan_report.matches[0], decided=decided), *plan_report.matches[1:])
    rules = (replace(plan_report.rules[0], decided=decided), *plan_report.rules[1:])
    assert headline(replace(plan_report, matches=matches, rules=rules))["decided"] == 2
    assert headline(plan_report)["decided"] == 0
