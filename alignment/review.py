"""What persons decide on a report: their verdicts put in the system's place, and all that follows from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from alignment.model import Decided, Evidence, Gap, GapReport, Grade, Match, RuleVerdict, Verdict
from alignment.summary import decisive, suggester_for, summarise
from corpora.document import Document, Locator
from corpora.expressions import Expression
from corpora.judgments import locate, place_at
from corpora.segments import segment

#: Finds a quote again: its text, and where it begins if that is known; None where it does not stand there.
FindQuote = Callable[[str, "int | None"], "Evidence | None"]


@dataclass(frozen=True, slots=True)
class ElementDecision:
    """A person's verdict on one element.

    Parameters
    ----------
    element, text : id of the element, and its text when the decision was made.
    grade, level : what holds; no level leaves the system's, where it found one.
    quote, start : the passage that proves the grade, where the system's own evidence does not; ``start`` is its offset.
    action, author, at, reason, second, agrees, second_reason : as in ``Decided``.
    """

    element: str
    text: str
    action: Literal["accept", "override"]
    grade: Grade
    author: str
    at: str
    level: int | None = None
    quote: str = ""
    start: int | None = None
    reason: str = ""
    second: str = ""
    agrees: bool = True
    second_reason: str = ""


@dataclass(frozen=True, slots=True)
class RuleDecision:
    """A person's verdict on one rule of a programme plan; fields as in ``ElementDecision``."""

    rule: str
    text: str
    action: Literal["accept", "override"]
    verdict: Verdict
    author: str
    at: str
    quote: str = ""
    start: int | None = None
    reason: str = ""
    second: str = ""
    agrees: bool = True
    second_reason: str = ""


Decision = ElementDecision | RuleDecision


def rule_text(rule: RuleVerdict) -> str:
    """The wording that a decision on a rule is tied to: its own, or what is expected where it has none."""
    return rule.text or f"{rule.title} {rule.expected}".strip()


def revise(
    report: GapReport, decisions: Sequence[Decision], expressions: Sequence[Expression], find: FindQuote
) -> GapReport:
    """The report with persons' verdicts in the system's place, and coverage, gaps and indices drawn from them.

    A grade above 0 stands on a quote: the system's evidence, or the decision's own, found again in the document. A
    decision that no longer fits (its element or rule is gone or worded otherwise, its quote is not found) is left out
    and named in ``provenance.notes``. Annexed courses of a programme plan keep the system's verdicts.

    Parameters
    ----------
    report : as the system made it.
    decisions : at most one for each element and rule.
    expressions : the standard's bank, for the suggestions of gaps that change.
    find : finds quotes in the document of the report; only asked for quotes that the report does not hold.
    """
    of_element = {d.element: d for d in decisions if isinstance(d, ElementDecision)}
    of_rule = {d.rule: d for d in decisions if isinstance(d, RuleDecision)}
    matches = tuple(_match(m, of_element.get(m.element.id), find) for m in report.matches)
    rules = tuple(_rule(r, of_rule.get(r.id), find) for r in report.rules)
    unfit = [d.element for d in of_element.values()] + [d.rule for d in of_rule.values()]
    applied = {m.element.id for m in matches if m.decided} | {r.id for r in rules if r.decided}
    unfit = [target for target in unfit if target not in applied]
    if not decisions:
        return report
    notes = (*report.provenance.notes, *_notes(unfit))
    report = replace(report, rules=rules, provenance=replace(report.provenance, notes=notes))
    return _drawn_again(report, matches, expressions)


def _drawn_again(report: GapReport, matches: tuple[Match, ...], expressions: Sequence[Expression]) -> GapReport:
    """The report over other matches; gaps of elements that nobody changed stay as they are."""
    standard, scope, facts = report.standard, report.scope, report.document
    suggester = suggester_for(expressions, facts.hours, facts.kind, decisive(standard, report.matches, scope))
    summary = summarise(standard, matches, scope, suggester)
    changed = {new.element.id for new, old in zip(matches, report.matches, strict=True) if new != old}
    gaps = _merged(report.gaps, summary.gaps, changed, [match.element.id for match in matches])
    return replace(
        report,
        matches=matches,
        statements=summary.statements,
        gaps=gaps,
        webb=summary.webb,
        porter=summary.porter,
    )


def _merged(old: Sequence[Gap], new: Sequence[Gap], changed: set[str], order: Sequence[str]) -> tuple[Gap, ...]:
    """The gaps after decisions, the heaviest first.

    Whether an element counts as not assessed depends on what else is assessed, so that this kind is always taken anew.
    """
    known = {(gap.element.id, gap.kind): gap for gap in old}
    gaps = [gap for gap in old if gap.element.id not in changed and gap.kind != "not_assessed"]
    for gap in new:
        if gap.element.id in changed:
            gaps.append(gap)
        elif gap.kind == "not_assessed":
            gaps.append(known.get((gap.element.id, gap.kind), gap))
    place = {element: number for number, element in enumerate(order)}
    return tuple(sorted(gaps, key=lambda gap: (-gap.severity, place.get(gap.element.id, len(place)))))


def _match(match: Match, decision: ElementDecision | None, find: FindQuote) -> Match:
    """The match under a decision; as it is without one that fits."""
    if decision is None or decision.text != match.element.text:
        return match
    decided = replace(_decided(decision), proposed_grade=match.grade, proposed_level=match.level_found)
    review = not decision.agrees
    nearest = match.nearest or next(iter(match.evidence), None)
    if not decision.grade:
        return replace(
            match, grade=0, level_found=None, where=(), evidence=(), nearest=nearest, review=review, decided=decided
        )
    evidence = _evidence(match, decision, find)
    if not evidence:
        return match
    where = match.where if evidence == match.evidence else tuple(dict.fromkeys(item.role for item in evidence))
    level = decision.level if decision.level is not None else match.level_found
    return replace(
        match,
        grade=decision.grade,
        level_found=level,
        where=where,
        evidence=evidence,
        nearest=nearest or evidence[0],
        review=review,
        decided=decided,
    )


def _evidence(match: Match, decision: ElementDecision, find: FindQuote) -> tuple[Evidence, ...]:
    """What proves a decision's grade: the system's evidence where it does, else the decision's own quote."""
    enough = decision.grade <= match.grade
    own = any(e.quote == decision.quote and decision.start in (None, e.locator.start) for e in match.evidence)
    if own or (enough and (decision.action == "accept" or not decision.quote)):
        return match.evidence
    if not decision.quote:
        return ()
    known = known_quote((*match.evidence, *([match.nearest] if match.nearest else [])), decision.quote, decision.start)
    found = known or find(decision.quote, decision.start)
    return (found,) if found else ()


def _rule(rule: RuleVerdict, decision: RuleDecision | None, find: FindQuote) -> RuleVerdict:
    if decision is None or decision.text != rule_text(rule):
        return rule
    evidence = rule.evidence
    if decision.quote:
        found = known_quote(evidence, decision.quote, decision.start) or find(decision.quote, decision.start)
        if found is None:
            return rule
        evidence = tuple(dict.fromkeys((found, *evidence)))
    decided = replace(_decided(decision), proposed_verdict=rule.verdict)
    return replace(rule, verdict=decision.verdict, evidence=evidence, decided=decided)


def _decided(decision: Decision) -> Decided:
    names = ("action", "author", "at", "reason", "second", "agrees", "second_reason")
    return Decided(**{name: getattr(decision, name) for name in names})


def _notes(unfit: Sequence[str]) -> tuple[str, ...]:
    """What the report says of decisions that no longer fit."""
    if not unfit:
        return ()
    reason = "标准的要素或规定已经改动，或引文在文件中找不到"
    return (f"有 {len(unfit)} 项人工结论未采用（{'、'.join(unfit)}）：{reason}，请重新审定",)


def known_quote(items: Iterable[Evidence], quote: str, start: int | None) -> Evidence | None:
    """The quote within one of these passages, with its own place; None where it stands in none of them.

    Parameters
    ----------
    items : passages with their places.
    quote : verbatim text.
    start : where it begins in the document, None where that is not known.
    """
    for item in items:
        at = item.quote.find(quote)
        if at < 0 or (start is not None and item.locator.start + at != start):
            continue
        begin = item.locator.start + at
        return replace(item, quote=quote, locator=item.locator.slice(begin, begin + len(quote)))
    return None


class QuoteFinder:
    """Finds the quotes that persons give in a document, and what heads and surrounds them.

    Parameters
    ----------
    document : the read document.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._segments = segment(document).segments

    def __call__(self, quote: str, start: int | None = None) -> Evidence | None:
        """The quote as it stands in the document, at ``start`` if it stands there, else where it stands first.

        Its similarity is 1: it is not measured, a person vouches for it.
        """
        place: Locator | None
        if start is not None and self._document.text[start : start + len(quote)] == quote:
            place = place_at(self._document, start, start + len(quote))
        else:
            place = locate(self._document, quote)
        if place is None:
            return None
        held = next((s for s in self._segments if any(x.start <= place.start < x.end for x in s.locators)), None)
        path, role = (held.heading_path, held.role) if held else ((), "other")
        return Evidence(self._document.resolve(place), place, path, 1.0, role)
