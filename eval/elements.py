"""How well the automatic clause decomposition reproduces curated element cuts.

Definition. Within one statement a predicted span and a curated span match when their overlap is at least 0.8, overlap
being intersection over union of their characters (Jaccard 1901); matching is one-to-one, best overlap first. Precision,
recall and F1 (van Rijsbergen 1979) are micro-averaged over all statements. Verb and level accuracy are taken over
matched pairs: the verb is right when the labels are equal, the level when the numbers are; attitudes, whose level is
nominal, are counted like the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from corpora.elements import Cut, decompose
from corpora.standard import TEACHABLE, Element, Standard

OVERLAP = 0.8

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class SpanCounts:
    """Counts over some statements: curated, predicted and matched spans; matched ones with equal verb and level."""

    curated: int = 0
    predicted: int = 0
    matched: int = 0
    verbs: int = 0
    levels: int = 0

    def __add__(self, other: SpanCounts) -> SpanCounts:
        return SpanCounts(
            self.curated + other.curated,
            self.predicted + other.predicted,
            self.matched + other.matched,
            self.verbs + other.verbs,
            self.levels + other.levels,
        )

    @property
    def precision(self) -> float:
        """Matched share of the predicted spans, 0 when nothing was predicted."""
        return self.matched / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Matched share of the curated spans, 0 when there are none."""
        return self.matched / self.curated if self.curated else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall: 2 matched / (curated + predicted)."""
        total = self.curated + self.predicted
        return 2 * self.matched / total if total else 0.0

    @property
    def verb_accuracy(self) -> float:
        """Share of matched spans with the curated verb."""
        return self.verbs / self.matched if self.matched else 0.0

    @property
    def level_accuracy(self) -> float:
        """Share of matched spans with the curated level."""
        return self.levels / self.matched if self.matched else 0.0


@dataclass(frozen=True)
class ElementMeasures:
    """Counts per kind of statement (competency, task, requirement) and over all."""

    by_kind: dict[str, SpanCounts] = field(default_factory=dict)

    @property
    def overall(self) -> SpanCounts:
        """All kinds together."""
        return sum(self.by_kind.values(), SpanCounts())

    def rows(self) -> tuple[tuple[str, ...], ...]:
        """A table to print: header, one row a kind, and the total."""
        header = ("kind", "curated", "predicted", "matched", "precision", "recall", "F1", "verb", "level")
        named = [*self.by_kind.items(), ("all", self.overall)]
        return (header, *(_row(name, counts) for name, counts in named))

    def __str__(self) -> str:
        return "\n".join("  ".join(cell.ljust(10) for cell in row).rstrip() for row in self.rows())


def measure_elements(standard: Standard) -> ElementMeasures:
    """Decompose every teachable statement of a curated standard anew and compare with its curated elements."""
    counts: dict[str, SpanCounts] = {}
    for statement in standard.of_kind(*TEACHABLE):
        cuts = decompose(statement.text, statement.kind, standard.course_title(statement.id))
        counts[statement.kind] = counts.get(statement.kind, SpanCounts()) + compare(statement.elements, cuts)
    return ElementMeasures(counts)


def compare(curated: Sequence[Element], predicted: Sequence[Cut], overlap: float = OVERLAP) -> SpanCounts:
    """Counts of one statement.

    Parameters
    ----------
    curated, predicted : elements and cuts of the same text.
    overlap : least intersection over union for a match, in (0, 1].
    """
    pairs = match_spans([e.span for e in curated], [c.span for c in predicted], overlap)
    return SpanCounts(
        len(curated),
        len(predicted),
        len(pairs),
        sum(curated[i].verb == predicted[j].verb for i, j in pairs),
        sum(curated[i].level == predicted[j].level for i, j in pairs),
    )


def match_spans(first: Sequence[Span], second: Sequence[Span], overlap: float = OVERLAP) -> list[tuple[int, int]]:
    """One-to-one pairs of positions whose spans overlap enough, best overlap first."""
    scored = sorted(
        ((span_overlap(a, b), i, j) for i, a in enumerate(first) for j, b in enumerate(second)),
        key=lambda pair: (-pair[0], pair[1], pair[2]),
    )
    return list(_one_to_one((i, j) for value, i, j in scored if value >= overlap))


def span_overlap(first: Span, second: Span) -> float:
    """Intersection over union of two character ranges, in 0..1."""
    shared = max(0, min(first[1], second[1]) - max(first[0], second[0]))
    union = first[1] - first[0] + second[1] - second[0] - shared
    return shared / union if union else 0.0


def _one_to_one(pairs: Iterable[tuple[int, int]]) -> Iterable[tuple[int, int]]:
    left, right = set[int](), set[int]()
    for i, j in pairs:
        if i not in left and j not in right:
            left.add(i)
            right.add(j)
            yield i, j


def _row(name: str, counts: SpanCounts) -> tuple[str, ...]:
    shares = (counts.precision, counts.recall, counts.f1, counts.verb_accuracy, counts.level_accuracy)
    return (name, str(counts.curated), str(counts.predicted), str(counts.matched), *(f"{s:.3f}" for s in shares))
