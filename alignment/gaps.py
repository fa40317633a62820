"""Gaps: what a document in its scope lacks, ranked by how much it weighs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from alignment.model import Gap, GapKind, Match
from alignment.suggest import Suggester

#: Required level from which an element is a skill that has to be practised (应用).
SKILL_LEVEL = 4

Severity = Literal[1, 2, 3]

_SEVERITY: dict[GapKind, Severity] = {
    "missing": 3,
    "touched": 2,
    "level_short": 2,
    "not_practised": 1,
    "not_assessed": 1,
}


def find_gaps(matches: Sequence[Match], suggester: Suggester) -> tuple[Gap, ...]:
    """The gaps of the matches in scope, the heaviest first, in the standard's order within one weight.

    An element is a gap when it is missing or only touched, when it is taught below the required level, when a skill
    stands in the objectives alone, or when a document that assesses other elements by name leaves a skill out.
    """
    assessed = any("assessment" in match.where for match in matches)
    gaps = [
        Gap(match.element, kind, _severity(match, kind), suggester.suggest(match, kind), match.nearest)
        for match in matches
        for kind in _kinds(match, assessed)
    ]
    return tuple(sorted(gaps, key=lambda gap: -gap.severity))


def _kinds(match: Match, assessed: bool) -> Iterator[GapKind]:
    if match.grade < 2:
        yield "touched" if match.grade else "missing"
        return
    if match.level_short:
        yield "level_short"
    if match.element.affective or match.element.level < SKILL_LEVEL:
        return
    if not set(match.where) & {"content", "practice"}:
        yield "not_practised"
    elif assessed and "assessment" not in match.where:
        yield "not_assessed"


def _severity(match: Match, kind: GapKind) -> Severity:
    """3 for a missing piece, one less when a person should look first, because the verdict is close."""
    return 2 if match.review and kind == "missing" else _SEVERITY[kind]


def worst(gaps: Iterable[Gap], count: int = 3) -> tuple[Gap, ...]:
    """The first ``count`` gaps, no two of the same statement."""
    chosen: dict[str, Gap] = {}
    for gap in gaps:
        chosen.setdefault(gap.element.statement, gap)
    return tuple(chosen.values())[:count]
