"""The judge: from candidate pairs to calibrated probabilities per element, by fitted logistic models."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alignment.candidates import find_candidates
from alignment.courses import course_features
from alignment.features import (
    ELEMENT_FEATURES,
    PAIR_FEATURES,
    PairFeatures,
    element_features,
    pair_features,
)
from alignment.logistic import LogisticModel, PairModel, TwinModel, log_odds, sigmoid
from alignment.passages import Passages
from alignment.prepared import PreparedStandard
from alignment.verbatim import CERTAIN, stated_verbatim
from corpora.errors import IndexFormatError
from index.protocols import Encoder

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

#: Log odds (E, K) of pairs: touch, cover, cite.
PairLogits = tuple[Floats, Floats, Floats]

#: Form of the shipped models' file.
SCHEMA = "duibiao.judge/2"


@dataclass(frozen=True)
class Thresholds:
    """Where decisions fall.

    Parameters
    ----------
    touched, covered : probabilities from which an element counts as touched and as covered.
    course : probability from which a course is named as one that the document may serve.
    review_margin : log odds within which a probability is too close to its threshold to call.
    """

    touched: float = 0.5
    covered: float = 0.5
    course: float = 0.5
    review_margin: float = 0.1

    def distance(self, touched: Floats, covered: Floats) -> Floats:
        """Log odds between each element's probabilities and the nearer of the two thresholds, (E,)."""
        near = [
            np.abs(log_odds(p) - log_odds(np.float32(t))) for p, t in ((touched, self.touched), (covered, self.covered))
        ]
        return np.minimum(*near)


@dataclass(frozen=True)
class JudgeModel:
    """Fitted models of one judge: of a pair (element, passage), of a course, of an element over the whole document.

    ``pair`` judges elements that the expression bank serves, ``plain`` the others, without the bank's features.
    """

    pair: PairModel
    plain: PairModel
    course: LogisticModel
    element: TwinModel
    thresholds: Thresholds

    def to_json(self) -> dict[str, Any]:
        """Plain numbers."""
        return {
            "pair": self.pair.to_json(),
            "plain": self.plain.to_json(),
            "course": self.course.to_json(),
            "element": self.element.to_json(),
            "thresholds": vars(self.thresholds),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> JudgeModel:
        """The inverse of ``to_json``."""
        return cls(
            PairModel.from_json(data["pair"]),
            PairModel.from_json(data["plain"]),
            LogisticModel.from_json(data["course"]),
            TwinModel.from_json(data["element"]),
            Thresholds(**data["thresholds"]),
        )


@dataclass(frozen=True)
class Verdicts:
    """What the judge says of one document.

    Parameters
    ----------
    p_touched, p_covered : (E,) calibrated probabilities, p_covered <= p_touched.
    courses : (C,) probability that the document serves each core course.
    segments : (E, K) candidate segment numbers, those first that a reviewer would cite.
    passage : (E, K) probability that a reviewer who finds the element taught cites the passage, in the same order.
    similarity : (E, K) closeness of the pair, 0..1, in the same order.
    notes : what a reader of the report should know of how they came about, in Chinese.
    """

    p_touched: Floats
    p_covered: Floats
    courses: Floats
    segments: Ints
    passage: Floats
    similarity: Floats
    notes: tuple[str, ...] = ()


class Judge:
    """Judges every element of a prepared standard on a document's passages.

    Parameters
    ----------
    encoder : for course titles; the same that made the vectors.
    model : the fitted models for a standard with an expression bank.
    bankless : the fitted models for a standard without one.
    """

    def __init__(self, encoder: Encoder, model: JudgeModel, bankless: JudgeModel) -> None:
        self.encoder = encoder
        self._models = {True: model, False: bankless}

    def model_for(self, prepared: PreparedStandard) -> JudgeModel:
        """The models that fit a standard with or without a bank."""
        return self._models[prepared.has_bank]

    def judge(self, prepared: PreparedStandard, passages: Passages, title: str) -> Verdicts:
        """Verdicts on every element of the standard."""
        candidates = find_candidates(prepared, passages)
        pairs = pair_features(prepared, passages, candidates)
        model = self.model_for(prepared)
        touch, cover, cite = pair_logits(model.pair, model.plain, prepared, pairs)
        courses = model.course.probabilities(course_features(prepared, title, best_probability(touch), self.encoder))
        features = element_features(prepared, touch, cover, courses)
        touched, covered = (sigmoid(logits) for logits in model.element.logits(features, ELEMENT_FEATURES))
        stated = stated_verbatim(prepared, passages)
        touched, covered = (np.where(stated, np.maximum(p, CERTAIN), p) for p in (touched, covered))
        order = np.argsort(-cite, axis=1, kind="stable")
        return Verdicts(
            touched,
            np.minimum(covered, touched),
            courses,
            np.take_along_axis(pairs.segments, order, axis=1),
            sigmoid(np.take_along_axis(cite, order, axis=1)),
            np.take_along_axis(pairs.similarity, order, axis=1),
        )


def pair_logits(served: PairModel, plain: PairModel, prepared: PreparedStandard, pairs: PairFeatures) -> PairLogits:
    """Logits (E, K) of all candidate pairs of a document: touch, cover, cite.

    Parameters
    ----------
    served : for elements that the expression bank serves.
    plain : for the others.
    """
    logits = np.zeros((3, *pairs.segments.shape), np.float32)
    for rows, models in ((prepared.served_by_bank, served), (~prepared.served_by_bank, plain)):
        if rows.any():
            logits[:, rows] = models.logits(pairs.values[rows], PAIR_FEATURES)
    touch, cover, cite = logits
    return touch, cover, cite


def best_probability(logits: Floats) -> Floats:
    """(E,) probability of each element's best pair, 0 where it has no candidate."""
    if not logits.shape[1]:
        return np.zeros(len(logits), np.float32)
    return sigmoid(logits.max(axis=1))


@dataclass(frozen=True)
class ShippedJudge:
    """The fitted models as they are shipped.

    Parameters
    ----------
    bank, bankless : models for a standard with an expression bank and for one without.
    documents : sha256 of the labelled documents they were fitted on; they must not be scored by these models.
    """

    bank: JudgeModel
    bankless: JudgeModel
    documents: frozenset[str]


def load_judge(path: Path | None = None) -> ShippedJudge:
    """The shipped models, or those of another file.

    Raises
    ------
    IndexFormatError : the file is missing, damaged, or of another version.
    """
    source = path or Path(str(files("alignment") / "data" / "judge.json"))
    try:
        data = json.loads(source.read_bytes())
        if data["schema"] != SCHEMA:
            raise ValueError(f"schema {data['schema']}")
        models = {name: JudgeModel.from_json(data["models"][name]) for name in ("bank", "bankless")}
        return ShippedJudge(models["bank"], models["bankless"], frozenset(data["documents"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexFormatError(
            f"判定模型无法读取（{type(error).__name__}）", where=source.name, advice="请重新安装 duibiao"
        ) from error
