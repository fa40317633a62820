"""A gap report as plain rows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from alignment.audit.model import AuditedDocument, DocumentRow, ElementRow, GapRow, ProblemRow, RuleRow
from alignment.model import Evidence, Gap, GapReport, Match, RuleVerdict

#: Digits kept of probabilities and similarities: float32 holds no more.
_DIGITS = 6


def report_rows(report: GapReport, size: int) -> AuditedDocument:
    """The rows of a report; its key is left to the caller.

    Parameters
    ----------
    report : of one document.
    size : of its file, in bytes.
    """
    course_of = report.standard.course_of
    scoped = {match.element.id for match in report.scoped_matches}
    return AuditedDocument(
        "",
        by_name=False,
        retry=False,
        document=_document(report, size),
        elements=tuple(_element(m, course_of(m.element.statement), m.element.id in scoped) for m in report.matches),
        gaps=tuple(_gap(gap, course_of(gap.element.statement)) for gap in report.gaps),
        rules=tuple(map(_rule, report.rules)),
        problems=tuple(_problems(report)),
    )


def _document(report: GapReport, size: int) -> DocumentRow:
    facts = report.document
    verdicts = [rule.verdict for rule in report.rules]
    return DocumentRow(
        facts.sha256,
        size,
        "ok",
        kind=facts.kind,
        title=facts.title,
        pages=facts.pages,
        chars=facts.chars,
        hours_stated=facts.hours.stated,
        hours_table_sum=facts.hours.table_sum,
        courses=tuple(fit.course.id for fit in report.courses),
        course_probabilities=tuple(_rounded(fit.probability) for fit in report.courses),
        scope=report.scope,
        coverage_ratio=_rounded(report.coverage_ratio),
        covered=report.count(2),
        touched=report.count(1),
        missing=report.count(0),
        review=report.review_count,
        level_short=sum(match.level_short for match in report.scoped_matches),
        gaps=len(report.gaps),
        rules_failed=verdicts.count("fail"),
        rules_undetermined=verdicts.count("cannot_determine"),
    )


def _element(match: Match, course: str | None, in_scope: bool) -> ElementRow:
    best = match.evidence[0] if match.evidence else None
    return ElementRow(
        match.element.id,
        match.element.statement,
        course,
        match.element.text,
        in_scope,
        match.grade,
        _rounded(match.p_touched),
        _rounded(match.p_covered),
        match.review,
        match.element.level,
        match.level_found,
        match.level_short,
        tuple(match.where),
        quotes=tuple(item.quote for item in match.evidence),
        **(_evidence(best) if best else {}),
    )


def _evidence(best: Evidence) -> dict[str, Any]:
    at = best.locator
    return {
        "quote": best.quote,
        "similarity": _rounded(best.similarity),
        "heading_path": best.heading_path,
        **{name: getattr(at, name) for name in ("page", "paragraph", "table", "row", "cell", "start", "end")},
    }


def _gap(gap: Gap, course: str | None) -> GapRow:
    element, advice, near = gap.element, gap.suggestion, gap.nearest
    at = near.locator if near else None
    return GapRow(
        element.id,
        element.statement,
        course,
        element.text,
        gap.kind,
        gap.severity,
        advice.text,
        advice.where,
        advice.hours,
        advice.sources,
        tuple(example.text for example in advice.examples),
        near.quote if near else None,
        *((at.page, at.paragraph, at.start, at.end) if at else ()),
    )


def _rule(rule: RuleVerdict) -> RuleRow:
    return RuleRow(
        rule.id,
        rule.verdict,
        json.dumps(rule.value, ensure_ascii=False, default=str),
        rule.expected,
        rule.force,
        rule.arithmetic,
        rule.note,
        rule.title,
        rule.text,
        rule.section,
        rule.source,
        tuple(reading.label for reading in rule.turning),
        tuple(item.quote for item in rule.evidence),
    )


def _problems(report: GapReport) -> Iterator[ProblemRow]:
    for error in report.document.errors:
        yield ProblemRow("partial", error.where, error.what)
    for note in report.provenance.notes:
        yield ProblemRow("note", "", note)
    if report.programme is not None:
        for found in report.programme.contradictions:
            yield ProblemRow("contradiction", found.id, found.what, found.arithmetic)
        if report.programme.others:
            others = "、".join(report.programme.others)
            advice = "请用 duibiao report --major 专业名称 逐个审核"
            yield ProblemRow("note", "", f"文件里还有其他专业，没有审核：{others}", advice)


def _rounded(value: float) -> float:
    return round(float(value), _DIGITS)
