"""Quality on labelled documents: the product's own path and the baselines, leave-one-document-out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from alignment.fitting import JudgeFitter, TrainingDocument, best_f1_threshold, training_documents
from alignment.judge import Judge, ShippedJudge
from alignment.labelled import LabelledDocument, read_labelled
from alignment.matching import fitting_courses, make_matches
from alignment.model import Match
from alignment.prepared import PreparedStandard, prepare
from corpora.document import ROLES
from corpora.errors import UsageError
from corpora.expressions import load_expressions
from corpora.judgments import load_judgments, locate
from corpora.parsers import read_document
from corpora.standard import Standard
from eval.baselines import BASELINES
from eval.measures import (
    PrecisionRecall,
    expected_calibration_error,
    hit_at,
    precision_recall,
    reciprocal_rank,
    weighted_kappa,
)
from index.encoders import word_vectors
from index.protocols import Encoder

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: Documents that leave-one-out needs: one other for the baselines' thresholds, two others where judges are refitted.
FEWEST = {False: 2, True: 3}


@dataclass(frozen=True)
class Scored:
    """One document's truth beside one system's decisions, over the elements that labels judge.

    ``grades`` and ``predicted`` are (n,); ``decided`` holds (n,) for the thresholds 1 and 2.
    """

    name: str
    grades: Ints
    decided: dict[int, NDArray[np.bool_]]
    predicted: Ints

    def at(self, threshold: int) -> PrecisionRecall:
        """Precision and recall of grade >= threshold, disputed elements left out."""
        mask = self.decided[threshold]
        return precision_recall(self.grades[mask] >= threshold, self.predicted[mask] >= threshold)


@dataclass(frozen=True)
class Quality:
    """Agreement of one system with the labels."""

    system: str
    documents: tuple[Scored, ...]

    def at(self, threshold: int) -> PrecisionRecall:
        """Precision and recall of grade >= threshold pooled over documents."""
        parts = [document.at(threshold) for document in self.documents]
        return PrecisionRecall(
            sum(p.true_positives for p in parts), sum(p.predicted for p in parts), sum(p.actual for p in parts)
        )

    @property
    def kappa(self) -> float:
        """Quadratic weighted kappa pooled over documents, disputed elements left out."""
        undisputed = [d.decided[1] & d.decided[2] for d in self.documents]
        truth = np.concatenate([d.grades[m] for d, m in zip(self.documents, undisputed, strict=True)])
        predicted = np.concatenate([d.predicted[m] for d, m in zip(self.documents, undisputed, strict=True)])
        return weighted_kappa(truth, predicted)


@dataclass(frozen=True)
class Details:
    """What beyond grades is measured of the product.

    ``evidence_ranks`` are ranks of the first quote that overlaps a labelled one, for elements graded alike;
    ``levels`` pairs (found, labelled); ``where`` pairs (labelled, found) for each role;
    ``course_ranks`` ranks of the first right course; ``probabilities`` pairs of
    arrays (truth, p) for grade >= 1 and grade 2.
    """

    evidence_ranks: list[int | None] = field(default_factory=list)
    recall_at_20: list[float] = field(default_factory=list)
    levels: list[tuple[int, int]] = field(default_factory=list)
    where: list[tuple[bool, bool]] = field(default_factory=list)
    course_ranks: list[int | None] = field(default_factory=list)
    probabilities: dict[int, list[tuple[bool, float]]] = field(default_factory=lambda: {1: [], 2: []})

    @property
    def _where(self) -> PrecisionRecall:
        labelled, found = np.array(self.where or [(False, False)]).T
        return precision_recall(labelled, found)

    def rows(self) -> list[tuple[str, float]]:
        """Named figures."""
        levels = np.array(self.levels or [(0, 0)])
        off = np.abs(levels[:, 0] - levels[:, 1])
        rows = [
            ("first stage recall@20", float(np.mean(self.recall_at_20)) if self.recall_at_20 else 0.0),
            ("evidence hit@1", hit_at(1, self.evidence_ranks)),
            ("evidence hit@3", hit_at(3, self.evidence_ranks)),
            ("level exact", float((off == 0).mean())),
            ("level within one", float((off <= 1).mean())),
            ("where F1", self._where.f1),
            ("course top-1", hit_at(1, self.course_ranks)),
            ("course MRR", reciprocal_rank(self.course_ranks)),
        ]
        for threshold, name in ((1, "ECE touched"), (2, "ECE covered")):
            pairs = self.probabilities[threshold]
            truth, values = np.array([t for t, _ in pairs], bool), np.array([p for _, p in pairs], float)
            rows.append((name, expected_calibration_error(truth, values)))
        return rows


@dataclass(frozen=True)
class Results:
    """Everything that one evaluation measured.

    ``refitted`` tells that the judge was fitted anew for each document on the other ones (leave one document out),
    because the shipped one has seen documents of this set.
    """

    folder: str
    standard: str
    refitted: bool
    systems: tuple[Quality, ...]
    details: Details


class Experiment:
    """Measures the product and the baselines on a labelled folder.

    Parameters
    ----------
    prepared : the standard with its bank.
    bankless : the same standard without a bank.
    encoder : as the product uses it.
    """

    def __init__(self, prepared: PreparedStandard, bankless: PreparedStandard, encoder: Encoder) -> None:
        self.prepared, self.bankless, self.encoder = prepared, bankless, encoder

    @classmethod
    def of(cls, standard: Standard, encoder: Encoder) -> Experiment:
        """The product's parts around an encoder, with and without the standard's expression bank."""
        bank = load_expressions(standard.code)
        words = word_vectors()
        return cls(prepare(standard, bank, encoder, words), prepare(standard, (), encoder, words), encoder)

    def read(self, folder: Path) -> list[LabelledDocument]:
        """The documents of a labelled folder, parsed, segmented and encoded.

        Raises
        ------
        UsageError : the labels speak of another standard.
        """
        labelled = load_judgments(folder)
        code = self.prepared.standard.code
        for path, judgments in labelled:
            if judgments.standard != code:
                what = f"标注的是标准 {judgments.standard}，不是 {code}"
                raise UsageError(what, where=path.name, advice=f"请加 --standard {judgments.standard}")
        return [read_labelled(read_document(path), judgments, self.encoder) for path, judgments in labelled]

    def run(self, folder: Path, shipped: ShippedJudge) -> Results:
        """Score every document of ``folder``.

        Parameters
        ----------
        folder : docs/ and labels/, and train/ with the same inside for documents that only fitting may use.
        shipped : the product's models; when they have seen a document of the folder, every document is judged by
            models fitted anew on the others.

        Raises
        ------
        UsageError : too few documents, or nothing to learn from their labels; see also ``load_judgments``.
        """
        scored = self.read(folder)
        refit = any(d.passages.segmented.document.sha256 in shipped.documents for d in scored)
        extra = self.read(folder / "train") if refit and (folder / "train").is_dir() else []
        everything = [*scored, *extra]
        if len(everything) < FEWEST[refit]:
            raise UsageError(f"标注文档只有 {len(everything)} 份，至少要 {FEWEST[refit]} 份", where=str(folder))
        full = training_documents(self.prepared, everything)
        plain = training_documents(self.bankless, everything)
        product = Judge(self.encoder, shipped.bank, shipped.bankless)
        details, with_bank, without = Details(), [], []
        for i, document in enumerate(scored):
            judge = self._judge_without(full, plain, i) if refit else product
            matches, fits = _judged(judge, self.prepared, document)
            with_bank.append(_scored(full[i], matches))
            without.append(_scored(plain[i], _judged(judge, self.bankless, document)[0]))
            _add_details(details, full[i], matches, fits)
        systems = (
            *(self._baseline(name, full, len(scored)) for name in BASELINES),
            Quality("duibiao without bank", tuple(without)),
            Quality("duibiao", tuple(with_bank)),
        )
        return Results(str(folder), self.prepared.standard.code, refit, systems, details)

    def _judge_without(
        self, full: Sequence[TrainingDocument], plain: Sequence[TrainingDocument], left_out: int
    ) -> Judge:
        """The judge fitted on all documents but one."""
        models = [
            JudgeFitter(prepared, self.encoder, bank=bank)
            .fit([d for j, d in enumerate(documents) if j != left_out])
            .model_
            for prepared, documents, bank in ((self.prepared, full, True), (self.bankless, plain, False))
        ]
        return Judge(self.encoder, *models)

    def _baseline(self, name: str, documents: Sequence[TrainingDocument], count: int) -> Quality:
        """A baseline with both thresholds of highest F1 on the other documents."""
        values = [BASELINES[name](self.prepared, d.labelled.passages) for d in documents]
        scored = []
        for i in range(count):
            cuts = [_cut(documents, values, threshold, i) for threshold in (1, 2)]
            predicted = (values[i] >= cuts[0]).astype(np.int64) + (values[i] >= max(cuts))
            scored.append(_scored_grades(documents[i], predicted))
        return Quality(name, tuple(scored))


def _cut(
    documents: Sequence[TrainingDocument], values: Sequence[NDArray[np.float32]], threshold: int, left_out: int
) -> float:
    rest = [(d, v, d.known(threshold)) for d, v in zip(documents, values, strict=True)]
    del rest[left_out]
    truth = np.concatenate([d.grades[mask] >= threshold for d, _, mask in rest])
    return best_f1_threshold(truth, np.concatenate([v[mask] for _, v, mask in rest]))


def _judged(
    judge: Judge, prepared: PreparedStandard, document: LabelledDocument
) -> tuple[tuple[Match, ...], list[str]]:
    """Matches and fitting courses, by the product's own path."""
    verdicts = judge.judge(prepared, document.passages, document.title)
    thresholds = judge.model_for(prepared).thresholds
    fits = fitting_courses(prepared, verdicts, thresholds)
    return make_matches(prepared, document.passages, verdicts, thresholds), [fit.course.id for fit in fits]


def _scored(document: TrainingDocument, matches: Sequence[Match]) -> Scored:
    return _scored_grades(document, np.array([match.grade for match in matches], dtype=np.int64))


def _scored_grades(document: TrainingDocument, predicted: Ints) -> Scored:
    judged = document.grades >= 0
    decided = {threshold: mask[judged] for threshold, mask in document.decided.items()}
    return Scored(document.labelled.name, document.grades[judged], decided, predicted[judged])


def _add_details(details: Details, document: TrainingDocument, matches: Sequence[Match], fits: Sequence[str]) -> None:
    served = {course for courses in document.labelled.judgments.best_courses for course in courses}
    if served:
        details.course_ranks.append(next((i for i, course in enumerate(fits, 1) if course in served), None))
    for row, match in enumerate(matches):
        if document.grades[row] < 0:
            continue
        for threshold, p in ((1, match.p_touched), (2, match.p_covered)):
            if document.decided[threshold][row]:
                details.probabilities[threshold].append((bool(document.grades[row] >= threshold), p))
        if document.grades[row] > 0:
            _add_evidence(details, document, match, row)


def _add_evidence(details: Details, document: TrainingDocument, match: Match, row: int) -> None:
    judgment = document.labelled.judgments.by_element[match.element.id]
    quoted = document.labelled.quoted.get(match.element.id, frozenset())
    if quoted:
        details.recall_at_20.append(document.quoted[row].sum() / len(quoted))
    if not match.grade:
        return
    source = document.labelled.passages.segmented.document
    places = [place for quote in judgment.quotes if (place := locate(source, quote))]
    if places:
        details.evidence_ranks.append(
            next(
                (
                    rank
                    for rank, evidence in enumerate(match.evidence, 1)
                    if any(evidence.locator.start < p.end and p.start < evidence.locator.end for p in places)
                ),
                None,
            )
        )
    if judgment.levels and match.level_found is not None and not match.element.affective:
        details.levels.append((match.level_found, round(float(np.median(judgment.levels)))))
    details.where.extend((role in judgment.where, role in match.where) for role in ROLES[:4])
