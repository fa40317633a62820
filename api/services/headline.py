"""What lists and dashboards show of a report without opening it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from alignment.model import GapReport

#: Gaps that a headline names.
_WORST = 3
#: Where a document must hold an element to teach it, and not only to promise or examine it.
_PRACTISED = frozenset(("content", "practice"))


def headline(report: GapReport) -> dict[str, Any]:
    """The figures and the worst gaps of a report, as plain JSON."""
    facts, matches = report.document, report.scoped_matches
    rules = Counter(rule.verdict for rule in report.rules)
    return {
        "title": facts.title or facts.name,
        "kind": facts.kind,
        "coverage_ratio": report.coverage_ratio,
        "covered": report.count(2),
        "touched": report.count(1),
        "missing": report.count(0),
        "review": report.review_count,
        "level_short": sum(match.level_short for match in matches),
        "courses": [
            {"id": fit.course.id, "title": fit.course.title, "probability": fit.probability} for fit in report.courses
        ],
        "scope": list(report.scope),
        "worst": [
            {"element": g.element.id, "text": g.element.text, "kind": g.kind, "statement": g.element.statement}
            for g in report.gaps[:_WORST]
        ],
        "rules": {name: rules[name] for name in ("pass", "fail", "cannot_determine")} if report.rules else None,
        "statements": {coverage.statement.id: coverage.ratio for coverage in report.statements},
        "grades": {match.element.id: match.grade for match in report.matches},
        "decided": sum(match.decided is not None for match in report.matches)
        + sum(rule.decided is not None for rule in report.rules),
        "taught": [
            match.element.id for match in report.matches if match.grade == 2 and not _PRACTISED.isdisjoint(match.where)
        ],
        "short": [match.element.id for match in report.matches if match.level_short],
        "failed": [rule.id for rule in report.rules if rule.verdict == "fail"],
        "undetermined": [rule.id for rule in report.rules if rule.verdict == "cannot_determine"],
        "errors": len(facts.errors),
        "chars": facts.chars,
        "pages": facts.pages,
    }
