"""What beyond grades is measured of the product: first stage, evidence, where, level, courses, certainty, seconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from alignment.candidates import JUDGED, find_candidates
from alignment.fitting import TrainingDocument
from alignment.model import CourseFit, Match
from alignment.prepared import PreparedStandard
from corpora.document import ROLES
from corpora.judgments import Judgment, locate_all
from eval.measures import PrecisionRecall, hit_at, precision_recall, reciprocal_rank
from eval.reliability import Decisions

Floats = NDArray[np.float32]

#: Ranks of the first stage at which its recall is taken: up to ``JUDGED`` in the list that the judge reads, beyond it
#: in a list of ``DEPTH``, which fuses deeper runs.
CUTS = tuple(sorted({5, 10, 20, 50, JUDGED}))
DEPTH = max(CUTS)

#: Places that labels and reports both name.
PLACES = ROLES[:4]


class Row(NamedTuple):
    """A figure by name, None where there is nothing to measure, and over how many of what it was taken."""

    name: str
    value: float | None
    over: int
    unit: str


@dataclass(frozen=True)
class Judged:
    """What the product says of one document, the judge's ``distance`` (E,) to its thresholds, and seconds it took."""

    matches: tuple[Match, ...]
    fits: tuple[CourseFit, ...]
    distance: Floats
    seconds: float


@dataclass
class Details:
    """Gathers, over documents, pairs of labelled and found things.

    Parameters
    ----------
    found : of each taught element with located quotes, how many of its labelled passages the first stage finds by each
        of ``CUTS``, and how many there are.
    evidence_ranks : rank of the first quote that overlaps a labelled one, of elements that both sides find.
    levels : level found and the levels of the labellers, of skills that both sides find.
    short : labelled, found, and whether both sides call the element covered; labellers at odds are left out.
    where : by place, labelled and found, of elements that both sides find.
    courses : labelled courses and those claimed, best first, of each document.
    certainty : grade, given grade, distance and review of undisputed elements.
    probabilities : truth and probability of grade >= 1 and of grade 2, where labellers agree.
    seconds : to read, segment, encode and judge each document, the standard being prepared.
    """

    found: list[tuple[dict[int, int], int]] = field(default_factory=list)
    evidence_ranks: list[int | None] = field(default_factory=list)
    levels: list[tuple[int, tuple[int, ...]]] = field(default_factory=list)
    short: list[tuple[bool, bool, bool]] = field(default_factory=list)
    where: dict[str, list[tuple[bool, bool]]] = field(default_factory=lambda: {role: [] for role in PLACES})
    courses: list[tuple[frozenset[str], tuple[str, ...]]] = field(default_factory=list)
    certainty: list[tuple[int, int, float, bool]] = field(default_factory=list)
    probabilities: dict[int, list[tuple[bool, float]]] = field(default_factory=lambda: {1: [], 2: []})
    seconds: list[float] = field(default_factory=list)

    def add(self, prepared: PreparedStandard, document: TrainingDocument, judged: Judged) -> None:
        """Lay one judged document beside its labels."""
        self.add_courses(document, judged)
        self.seconds.append(judged.seconds)
        self._add_first_stage(prepared, document)
        for row, match in enumerate(judged.matches):
            self._add_certainty(document, match, float(judged.distance[row]), row)
            judgment = document.labelled.judgments.by_element.get(match.element.id)
            if judgment and document.grades[row] >= 0:
                self._add_short(document, judgment, match, row)
                if judgment.grade and match.grade:
                    self._add_evidence(document, judgment, match)

    def add_courses(self, document: TrainingDocument, judged: Judged) -> None:
        """Lay only the courses beside each other; a label file may be silent on them."""
        if not document.labelled.judgments.tells_courses:
            return
        served = frozenset(c for courses in document.labelled.judgments.best_courses for c in courses)
        self.courses.append((served, tuple(fit.course.id for fit in judged.fits)))

    def _add_first_stage(self, prepared: PreparedStandard, document: TrainingDocument) -> None:
        judged, deep = document.pairs.segments, find_candidates(prepared, document.labelled.passages, DEPTH).segments
        for row, element in enumerate(prepared.elements):
            quoted = document.labelled.quoted.get(element.id, frozenset())
            if quoted and document.grades[row] > 0:
                lists = {cut: (judged if cut <= JUDGED else deep)[row, :cut].tolist() for cut in CUTS}
                self.found.append(({cut: len(quoted.intersection(x)) for cut, x in lists.items()}, len(quoted)))

    def _add_certainty(self, document: TrainingDocument, match: Match, distance: float, row: int) -> None:
        grade = int(document.grades[row])
        for threshold, p in ((1, match.p_touched), (2, match.p_covered)):
            if document.known(threshold)[row]:
                self.probabilities[threshold].append((grade >= threshold, p))
        if document.known(1)[row] and document.known(2)[row]:
            self.certainty.append((grade, match.grade, distance, match.review))

    def _add_short(self, document: TrainingDocument, judgment: Judgment, match: Match, row: int) -> None:
        below = {level < match.element.level for level in judgment.levels} if judgment.grade == 2 else {False}
        if len(below) == 1 and not match.element.affective and document.decided[2][row]:
            self.short.append((below.pop(), match.level_short, judgment.grade == match.grade == 2))

    def _add_evidence(self, document: TrainingDocument, judgment: Judgment, match: Match) -> None:
        source = document.labelled.passages.segmented.document
        places = [place for quote in judgment.quotes for place in locate_all(source, quote)]
        if places:
            hits = [any(e.locator.start < p.end and p.start < e.locator.end for p in places) for e in match.evidence]
            self.evidence_ranks.append(hits.index(True) + 1 if any(hits) else None)
        if judgment.levels and match.level_found is not None and not match.element.affective:
            self.levels.append((match.level_found, judgment.levels))
        for role in PLACES:
            self.where[role].append((role in judgment.where, role in match.where))

    @property
    def decisions(self) -> Decisions:
        """Undisputed grades with their certainty."""
        truth, predicted, distance, review = zip(*self.certainty, strict=True) if self.certainty else ((),) * 4
        return Decisions(
            np.array(truth, np.int64), np.array(predicted, np.int64), np.array(distance, float), np.array(review, bool)
        )

    def calibration(self, threshold: int) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
        """Truth and probability of grade >= threshold."""
        pairs = self.probabilities[threshold]
        return np.array([t for t, _ in pairs], bool), np.array([p for _, p in pairs], float)

    def rows(self) -> list[Row]:
        """Named figures."""
        return [
            *self._first_stage_rows(),
            *(
                Row(f"evidence {name}", value, len(self.evidence_ranks), "elements")
                for name, value in _rank_figures(self.evidence_ranks, (1, 3))
            ),
            *self._level_rows(),
            *self._where_rows(),
            *self._course_rows(),
            Row("seconds per document, mean", _mean(self.seconds), len(self.seconds), "documents"),
            Row("seconds per document, most", max(self.seconds, default=None), len(self.seconds), "documents"),
        ]

    def _first_stage_rows(self) -> list[Row]:
        rows = []
        for cut in CUTS:
            share = _mean([found[cut] / count for found, count in self.found])
            some = _mean([float(found[cut] > 0) for found, _ in self.found])
            rows.append(Row(f"first stage recall@{cut}", share, len(self.found), "elements"))
            rows.append(Row(f"first stage any@{cut}", some, len(self.found), "elements"))
        return rows

    def _level_rows(self) -> list[Row]:
        off = [abs(found - round(float(np.median(levels)))) for found, levels in self.levels]
        figures = {
            "level exact": [float(x == 0) for x in off],
            "level within one": [float(x <= 1) for x in off],
            "level exact, either labeller": [float(found in levels) for found, levels in self.levels],
        }
        both = [(labelled, found) for labelled, found, covered in self.short if covered]
        return [
            *(Row(name, _mean(values), len(values), "elements") for name, values in figures.items()),
            *_sides("short", [pair[:2] for pair in self.short]),
            *_sides("short where both cover", both),
        ]

    def _where_rows(self) -> list[Row]:
        pooled = [pair for pairs in self.where.values() for pair in pairs]
        return [
            Row(name, _f1(pairs), len(pairs), "decisions")
            for name, pairs in (("where F1", pooled), *((f"where F1, {k}", v) for k, v in self.where.items()))
        ]

    def _course_rows(self) -> list[Row]:
        served = [(courses, claimed) for courses, claimed in self.courses if courses]
        ranks = [next((i for i, c in enumerate(claimed, 1) if c in courses), None) for courses, claimed in served]
        none = [len(claimed) for courses, claimed in self.courses if not courses]
        right = [(c in courses, c in claimed) for courses, claimed in self.courses for c in courses.union(claimed)]
        return [
            *(Row(f"course {name}", value, len(ranks), "documents") for name, value in _rank_figures(ranks, (1,))),
            *_sides("course", right, "courses"),
            Row("courses claimed where none is served, mean", _mean(none), len(none), "documents"),
            Row("documents without a course left alone", _mean([float(n == 0) for n in none]), len(none), "documents"),
        ]


def _rank_figures(ranks: Sequence[int | None], cuts: Sequence[int]) -> list[tuple[str, float | None]]:
    names = [(f"hit@{k}" if len(cuts) > 1 else f"top-{k}", hit_at(k, ranks)) for k in cuts]
    return [(name, value if ranks else None) for name, value in (*names, ("MRR", reciprocal_rank(ranks)))]


def _sides(name: str, pairs: Sequence[tuple[bool, bool]], unit: str = "elements") -> list[Row]:
    found = _counts(pairs)
    return [
        Row(f"{name}, precision", found.precision if found.predicted else None, found.predicted, f"{unit} claimed"),
        Row(f"{name}, recall", found.recall if found.actual else None, found.actual, unit),
    ]


def _f1(pairs: Sequence[tuple[bool, bool]]) -> float | None:
    found = _counts(pairs)
    return found.f1 if found.predicted or found.actual else None


def _counts(pairs: Sequence[tuple[bool, bool]]) -> PrecisionRecall:
    labelled, found = np.array(pairs, bool).reshape(-1, 2).T
    return precision_recall(labelled, found)


def _mean(values: Sequence[float]) -> float | None:
    return float(np.mean(values)) if values else None
