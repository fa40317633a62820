"""Fits the judge's models on labelled documents. Needs scikit-learn; judging does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from alignment.candidates import find_candidates
from alignment.courses import COURSE_FEATURES, course_features
from alignment.features import (
    BANK_FEATURES,
    ELEMENT_FEATURES,
    PAIR_FEATURES,
    PairFeatures,
    element_features,
    pair_features,
)
from alignment.judge import JudgeModel, PairLogits, Thresholds, best_probability, pair_logits
from alignment.labelled import LabelledDocument, judged_elements
from alignment.logistic import LogisticModel, PairModel, TwinModel, sigmoid
from alignment.prepared import PreparedStandard
from corpora.errors import MissingExtraError, UsageError
from index.protocols import Encoder

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

#: Folds, by document, in which the pair models' training documents are judged by models that never saw them.
FOLDS = 5

#: Share of the best F1 from which a threshold counts as good.
NEAR_BEST = 0.98

#: Share of the judged elements that a person is asked to look at, the least certain ones.
REVIEWED = 0.1


@dataclass(frozen=True)
class TrainingDocument:
    """A labelled document with its features, computed once for many fits.

    ``grades`` is (E,), -1 where labels are silent; ``decided`` holds (E,) for grade >= 1 and for grade 2;
    ``quoted`` is (E, K), whether the candidate passage overlaps a labelled quote; ``serves`` is (C,).
    """

    labelled: LabelledDocument
    pairs: PairFeatures
    grades: Ints
    decided: dict[int, Bools]
    quoted: Bools
    serves: Bools

    def known(self, threshold: int) -> Bools:
        """(E,) whether the labels say on which side of grade >= threshold an element lies."""
        return (self.grades >= 0) & self.decided[threshold]


def training_documents(prepared: PreparedStandard, documents: Sequence[LabelledDocument]) -> list[TrainingDocument]:
    """Candidates and features of every labelled document."""
    judged = judged_elements(prepared, documents)
    return [_training_document(prepared, document, judged) for document in documents]


def _training_document(prepared: PreparedStandard, document: LabelledDocument, judged: list[bool]) -> TrainingDocument:
    candidates = find_candidates(prepared, document.passages)
    quoted = np.array(
        [
            [n in document.quoted.get(element.id, ()) for n in row]
            for element, row in zip(prepared.elements, candidates.segments.tolist(), strict=True)
        ],
        dtype=bool,
    ).reshape(candidates.segments.shape)
    return TrainingDocument(
        document,
        pair_features(prepared, document.passages, candidates),
        document.grades(prepared, judged),
        {threshold: document.decided(prepared, threshold) for threshold in (1, 2)},
        quoted,
        document.serves(prepared),
    )


class JudgeFitter:
    """Learns a JudgeModel from training documents.

    Parameters
    ----------
    prepared : the standard.
    encoder : for course titles.
    bank : whether features of the expression bank may be used.
    strength : inverse of the regularisation (scikit-learn's C).

    Attributes
    ----------
    model_ : the fitted JudgeModel.
    """

    def __init__(
        self, prepared: PreparedStandard, encoder: Encoder, *, bank: bool = True, strength: float = 0.1
    ) -> None:
        self.prepared, self.encoder, self.bank, self.strength = prepared, encoder, bank, strength

    def fit(self, documents: Sequence[TrainingDocument]) -> JudgeFitter:
        """Learn from documents: pair models first, then course and element models on judgments of unseen documents.

        Raises
        ------
        MissingExtraError : scikit-learn is not installed.
        """
        logits = self._unseen_logits(documents)
        course, course_threshold = self._course_model(documents, logits)
        features = [self._element_features(course, d, pair) for d, pair in zip(documents, logits, strict=True)]
        element = self._element_model(documents, features)
        thresholds = choose_thresholds(documents, self._unseen_probabilities(documents, features))
        thresholds = replace(thresholds, course=course_threshold)
        self.model_ = JudgeModel(*self._pair_models(documents), course, element, thresholds)
        return self

    def _unseen_logits(self, documents: Sequence[TrainingDocument]) -> list[PairLogits]:
        """Pair logits of each document by models that were fitted on the other folds' documents."""
        all_served = self.bank and bool(self.prepared.served_by_bank.all())
        models = []
        for fold in range(FOLDS):
            rest = [d for j, d in enumerate(documents) if j % FOLDS != fold]
            models.append((self._pair_model(rest, bank=True),) * 2 if all_served else self._pair_models(rest))
        return [pair_logits(*models[j % FOLDS], self.prepared, document.pairs) for j, document in enumerate(documents)]

    def _pair_models(self, documents: Sequence[TrainingDocument]) -> tuple[PairModel, PairModel]:
        """The models with the bank's features and those without."""
        plain = self._pair_model(documents, bank=False)
        return (self._pair_model(documents, bank=True) if self.bank else plain), plain

    def _pair_model(self, documents: Sequence[TrainingDocument], bank: bool) -> PairModel:
        columns = [i for i, name in enumerate(PAIR_FEATURES) if bank or name not in BANK_FEATURES]
        names = [PAIR_FEATURES[i] for i in columns]
        sets = [[_verdict_rows(d, threshold) for d in documents] for threshold in (1, 2)]
        sets.append([_citation_rows(d) for d in documents])
        touch, cover, cite = (
            fit_logistic(names, np.concatenate([x[:, columns] for x, _ in parts]), _joined(parts), self.strength)
            for parts in sets
        )
        return PairModel(TwinModel(touch, cover), cite)

    def _course_model(
        self, documents: Sequence[TrainingDocument], logits: Sequence[PairLogits]
    ) -> tuple[LogisticModel, float]:
        """The course model, and the probability from which a course is named."""
        told = [(d, pair) for d, pair in zip(documents, logits, strict=True) if d.labelled.judgments.tells_courses]
        if not told:
            raise UsageError("标注里没有文档对应的课程（best_courses），无法拟合")
        rows = np.concatenate([self._course_features(d, pair) for d, pair in told])
        serves = np.concatenate([d.serves for d, _ in told])
        model = fit_logistic(COURSE_FEATURES, rows, serves, self.strength)
        return model, steady_f1_threshold(serves, model.probabilities(rows))

    def _course_features(self, document: TrainingDocument, logits: PairLogits) -> Floats:
        return course_features(self.prepared, document.labelled.title, best_probability(logits[0]), self.encoder)

    def _element_features(self, course: LogisticModel, document: TrainingDocument, logits: PairLogits) -> Floats:
        courses = course.probabilities(self._course_features(document, logits))
        return element_features(self.prepared, *logits[:2], courses)

    def _element_model(self, documents: Sequence[TrainingDocument], features: Sequence[Floats]) -> TwinModel:
        models = []
        for threshold in (1, 2):
            masks = [d.known(threshold) for d in documents]
            rows = np.concatenate([f[mask] for f, mask in zip(features, masks, strict=True)])
            targets = np.concatenate([d.grades[mask] >= threshold for d, mask in zip(documents, masks, strict=True)])
            models.append(fit_logistic(ELEMENT_FEATURES, rows, targets, self.strength))
        return TwinModel(*models)

    def _unseen_probabilities(
        self, documents: Sequence[TrainingDocument], features: Sequence[Floats]
    ) -> list[tuple[Floats, Floats]]:
        """(p_touched, p_covered) of each document by element models fitted on the other folds' documents."""
        found = []
        for fold in range(FOLDS):
            rest = [j for j in range(len(documents)) if j % FOLDS != fold]
            found.append(self._element_model([documents[j] for j in rest], [features[j] for j in rest]))
        return [
            tuple(sigmoid(x) for x in found[j % FOLDS].logits(f, ELEMENT_FEATURES))  # type: ignore[misc]
            for j, f in enumerate(features)
        ]


def _verdict_rows(document: TrainingDocument, threshold: int) -> tuple[Floats, Bools]:
    """Rows and targets of one document's pairs: quoted passages of elements that reach the grade against all passages
    of elements that do not; what is neither says nothing."""
    reaches = (document.grades >= threshold)[:, None]
    mask = document.known(threshold)[:, None] & (document.quoted | ~reaches)
    return document.pairs.values[mask], np.broadcast_to(reaches, mask.shape)[mask]


def _citation_rows(document: TrainingDocument) -> tuple[Floats, Bools]:
    """Rows and targets of the passages of taught elements: those that the labels quote against the others."""
    taught = (document.grades > 0) & document.quoted.any(axis=1)
    values = document.pairs.values[taught]
    return values.reshape(-1, values.shape[-1]), document.quoted[taught].ravel()


def _joined(parts: Sequence[tuple[Floats, Bools]]) -> Bools:
    return np.concatenate([targets for _, targets in parts])


def choose_thresholds(
    documents: Sequence[TrainingDocument], probabilities: Sequence[tuple[Floats, Floats]]
) -> Thresholds:
    """Where decisions fall at both grades, and the margin around them that sets the least certain share aside.

    Chosen on documents that the models did not see, see ``steady_f1_threshold``.
    """
    best = []
    for threshold in (1, 2):
        masks = [d.known(threshold) for d in documents]
        truth = np.concatenate([d.grades[m] >= threshold for d, m in zip(documents, masks, strict=True)])
        values = np.concatenate([p[threshold - 1][m] for p, m in zip(probabilities, masks, strict=True)])
        best.append(steady_f1_threshold(truth, values))
    found = Thresholds(touched=best[0], covered=best[1])
    judged = [d.grades >= 0 for d in documents]
    distances = [found.distance(p[0][m], p[1][m]) for p, m in zip(probabilities, judged, strict=True)]
    return replace(found, review_margin=float(np.quantile(np.concatenate(distances), REVIEWED)))


def best_f1_threshold(truth: Bools, values: Floats) -> float:
    """The value from which calling positive gives the highest F1 = 2 TP / (TP + FP + positives)."""
    ordered, f1 = _f1_curve(truth, values)
    return float(ordered[int(np.argmax(f1))])


def steady_f1_threshold(truth: Bools, probabilities: Floats) -> float:
    """Of the thresholds at which F1 comes near its best, the one nearest to half that best.

    With calibrated probabilities F1 is highest from half its own best value on (Lipton, Elkan and Narayanaswamy 2014,
    Optimal Thresholding of Classifiers to Maximize F1 Measure). The place of the maximum itself moves with a handful of
    labels; this one hardly does.
    """
    ordered, f1 = _f1_curve(truth, probabilities)
    below = np.append(ordered[1:], 0)
    near = f1 >= NEAR_BEST * f1.max()
    half = float(f1.max()) / 2
    nearest = np.clip(half, (below[near] + ordered[near]) / 2, ordered[near])
    return float(nearest[int(np.argmin(np.abs(nearest - half)))])


def _f1_curve(truth: Bools, values: Floats) -> tuple[Floats, Floats]:
    """Values, highest first, and F1 of calling positive from each; -1 within a run of equal values."""
    order = np.argsort(-values, kind="stable")
    true_positives = np.cumsum(truth[order])
    f1 = 2 * true_positives / (np.arange(1, len(truth) + 1) + truth.sum())
    ends = np.append(np.diff(values[order]) != 0, True)
    return values[order], np.where(ends, f1, -1)


def fit_logistic(names: Sequence[str], rows: Floats, targets: Bools, strength: float) -> LogisticModel:
    """L2-regularised logistic regression on standardised features, by scikit-learn.

    Raises
    ------
    MissingExtraError : scikit-learn is not installed.
    UsageError : the labels are all alike, so that there is nothing to tell apart.
    """
    if not 0 < np.count_nonzero(targets) < len(targets):
        raise UsageError("标注里只有一种结果，无法拟合", advice="请加入更多标注文档，既有覆盖的要素，也有缺失的要素")
    try:
        from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]
    except ImportError as error:
        raise MissingExtraError("没有安装 scikit-learn", advice='请运行 pip install "duibiao[train]"') from error
    mean, scale = rows.mean(axis=0), rows.std(axis=0)
    scale[scale < 1e-6] = 1
    learner = LogisticRegression(C=strength, solver="newton-cholesky").fit((rows - mean) / scale, targets)
    return LogisticModel(tuple(names), mean, scale, learner.coef_[0].astype(np.float32), float(learner.intercept_[0]))
