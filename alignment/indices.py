"""Alignment indices of the literature: Webb's four criteria and Porter's alignment index.

Webb, N. L. (1997), *Criteria for Alignment of Expectations and Assessments in Mathematics and Science Education*;
Porter, A. C. (2002), *Measuring the Content of Instruction: Uses in Research and Practice*. Both were made for tests;
here a document's evidence passages take the place of test items, an element that of an objective, and the statements
in scope that of the standard's topics.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import fsum

from alignment.model import Match


def webb(matches: Sequence[Match]) -> dict[str, float]:
    """Webb's four criteria over the matches in scope.

    Returns
    -------
    ``categorical_concurrence``: number of evidence passages that hit the scope (6 and more is acceptable);
    ``depth_of_knowledge``: share of covered skills taught at or above the required level (>= .50);
    ``range_of_knowledge``: share of elements with at least one hit (>= .50);
    ``balance``: 1 - sum(|1/O - h_k/H|) / 2 over the O elements hit, h_k hits of each, H in all (>= .70).
    All but the first are in 0..1; empty when nothing is in scope.
    """
    if not matches:
        return {}
    hits = [len(match.evidence) for match in matches if match.grade > 0]
    total, hit = sum(hits), len(hits)
    deep = [m for m in matches if m.grade > 0 and m.level_found is not None and not m.element.affective]
    at_level = sum(m.level_found >= m.element.level for m in deep if m.level_found is not None)
    unbalance = sum(abs(1 / hit - h / total) for h in hits) / 2 if total else 1.0
    return {
        "categorical_concurrence": float(total),
        "depth_of_knowledge": at_level / len(deep) if deep else 0.0,
        "range_of_knowledge": hit / len(matches),
        "balance": 1 - unbalance,
    }


def porter(matches: Sequence[Match]) -> dict[str, float] | None:
    """Porter's alignment index between the standard and what the document teaches.

    Both are distributions over cells (statement, level): the standard's of its elements at the required level, the
    document's of the elements it touches, weighted by grade, at the level found. ``index`` is
    1 - sum(|x_i - y_i|) / 2, in 0..1. None when the document touches nothing.
    """
    asked: Counter[tuple[str, int]] = Counter()
    taught: Counter[tuple[str, int]] = Counter()
    for match in matches:
        asked[(match.element.statement, match.element.level)] += 1
        if match.grade and match.level_found is not None:
            taught[(match.element.statement, match.level_found)] += match.grade
    x, y = sum(asked.values()), sum(taught.values())
    if not y:
        return None
    distance = fsum(abs(asked[cell] / x - taught[cell] / y) for cell in asked.keys() | taught.keys())
    return {"index": 1 - distance / 2}
