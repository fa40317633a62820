"""The judge: from candidate pairs to calibrated probabilities per element, by fitted logistic models."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from functools import cached_property
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
from alignment.logistic import LogisticModel, sigmoid
from alignment.passages import Passages
from alignment.prepared import PreparedStandard
from alignment.words import WordVectors
from corpora.errors import IndexFormatError
from index.protocols import Encoder

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Thresholds:
    """Probabilities from which an element counts: as touched, as covered; and how near to them is too close to call."""

    touched: float = 0.5
    covered: float = 0.5
    passage: float = 0.3
    course: float = 0.5
    review_margin: float = 0.1


@dataclass(frozen=True)
class JudgeModel:
    """Fitted models of one judge.

    ``pair_*`` judge a pair (element, passage), ``element_*`` an element over the document, ``course`` whether a
    document serves a core course.
    """

    pair_touch: LogisticModel
    pair_cover: LogisticModel
    course: LogisticModel
    element_touch: LogisticModel
    element_cover: LogisticModel
    thresholds: Thresholds

    @cached_property
    def pair_columns(self) -> list[int]:
        """Columns of ``PAIR_FEATURES`` that the pair models read."""
        return [PAIR_FEATURES.index(name) for name in self.pair_touch.names]

    @cached_property
    def element_columns(self) -> list[int]:
        """Columns of ``ELEMENT_FEATURES`` that the element models read."""
        return [ELEMENT_FEATURES.index(name) for name in self.element_touch.names]

    def to_json(self) -> dict[str, Any]:
        """Plain numbers."""
        models = {f.name: getattr(self, f.name).to_json() for f in fields(self) if f.name != "thresholds"}
        return {**models, "thresholds": vars(self.thresholds)}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> JudgeModel:
        """The inverse of ``to_json``."""
        models = {f.name: LogisticModel.from_json(data[f.name]) for f in fields(cls) if f.name != "thresholds"}
        return cls(**models, thresholds=Thresholds(**data["thresholds"]))


@dataclass(frozen=True)
class Verdicts:
    """What the judge says of one document.

    Parameters
    ----------
    p_touched, p_covered : (E,) calibrated probabilities, p_covered <= p_touched.
    courses : (C,) probability that the document serves each core course.
    segments : (E, K) candidate segment numbers, the most convincing first, -1 where there is none.
    passage : (E, K) probability that the passage touches the element, in the same order.
    similarity : (E, K) closeness of the pair, 0..1, in the same order.
    """

    p_touched: Floats
    p_covered: Floats
    courses: Floats
    segments: Ints
    passage: Floats
    similarity: Floats


@dataclass(frozen=True)
class PairLogits:
    """Logits (E, K) of the pair models, -inf where there is no candidate."""

    touch: Floats
    cover: Floats

    @property
    def best_touch(self) -> Floats:
        """(E,) probability of each element's best pair."""
        if not self.touch.shape[1]:
            return np.zeros(len(self.touch), np.float32)
        return sigmoid(np.maximum(self.touch.max(axis=1), -30))


class Judge:
    """Judges every element of a prepared standard on a document's passages.

    Parameters
    ----------
    encoder : for course titles; the same that made the vectors.
    word_vectors : words -> unit rows, for word-level closeness.
    model : the fitted models for a standard with an expression bank.
    bankless : the fitted models for a standard without one.
    """

    def __init__(self, encoder: Encoder, word_vectors: WordVectors, model: JudgeModel, bankless: JudgeModel) -> None:
        self.encoder, self.word_vectors = encoder, word_vectors
        self._models = {True: model, False: bankless}

    def model_for(self, prepared: PreparedStandard) -> JudgeModel:
        """The models that fit a standard with or without a bank."""
        return self._models[prepared.has_bank]

    def judge(self, prepared: PreparedStandard, passages: Passages, title: str) -> Verdicts:
        """Verdicts on every element of the standard."""
        candidates = find_candidates(prepared, passages)
        pairs = pair_features(prepared, passages, candidates, self.word_vectors)
        model = self.model_for(prepared)
        logits = pair_logits(model, pairs)
        courses = self.courses(prepared, title, logits)
        features = element_features(prepared, logits.touch, logits.cover, courses)[:, model.element_columns]
        touched = model.element_touch.probabilities(features)
        covered = np.minimum(model.element_cover.probabilities(features), touched)
        order = np.argsort(-logits.touch, axis=1, kind="stable")
        ordered = [np.take_along_axis(a, order, axis=1) for a in (pairs.segments, logits.touch, pairs.similarity)]
        return Verdicts(touched, covered, courses, ordered[0], sigmoid(ordered[1]), ordered[2])

    def courses(self, prepared: PreparedStandard, title: str, logits: PairLogits) -> Floats:
        """(C,) probability that the document serves each core course."""
        features = course_features(prepared, title, logits.best_touch, self.encoder)
        return self.model_for(prepared).course.probabilities(features)


def pair_logits(model: JudgeModel, pairs: PairFeatures) -> PairLogits:
    """Logits of all candidate pairs of a document."""
    values = pairs.values[..., model.pair_columns]
    absent = pairs.segments < 0
    logits = [np.where(absent, -np.inf, m.logits(values)) for m in (model.pair_touch, model.pair_cover)]
    return PairLogits(*(array.astype(np.float32) for array in logits))


def load_judge_models(path: Path | None = None) -> dict[str, JudgeModel]:
    """The shipped models, ``bank`` and ``bankless``, or those of another file.

    Raises
    ------
    IndexFormatError : the file is missing, damaged, or of another version of the features.
    """
    source = path or Path(str(files("alignment") / "data" / "judge.json"))
    try:
        data = json.loads(source.read_bytes())
        return {name: JudgeModel.from_json(data["models"][name]) for name in ("bank", "bankless")}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexFormatError(
            f"判定模型无法读取（{type(error).__name__}）", where=source.name, advice="请重新安装 duibiao"
        ) from error
