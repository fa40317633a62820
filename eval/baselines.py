"""What the system has to beat: the usual ways to match passages with elements, one number per element and document."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from alignment.fitting import TrainingDocument, best_f1_threshold
from alignment.passages import Passages
from alignment.prepared import PreparedStandard
from corpora.tokens import content_tokens, search_tokens
from eval.agreement import Quality, Scored
from index.lexical import Bm25

Floats = NDArray[np.float32]
Baseline = Callable[[PreparedStandard, Passages], Floats]


def naive_cosine(prepared: PreparedStandard, passages: Passages) -> Floats:
    """(E,) highest cosine of the element's text with any passage: the usual pipeline, by the product's own encoder."""
    if not passages.segments:
        return np.zeros(len(prepared.elements), np.float32)
    best: Floats = (prepared.text_vectors @ passages.vectors.T).max(axis=1)
    return best


def tfidf(prepared: PreparedStandard, passages: Passages) -> Floats:
    """(E,) highest TF-IDF cosine of the element's words with any passage (ltc.ltc, Salton & Buckley 1988)."""
    elements = [content_tokens(element.text) for element in prepared.elements]
    texts = [list(words) for words in passages.words]
    if not texts:
        return np.zeros(len(elements), np.float32)
    vocabulary = {word: i for i, word in enumerate(dict.fromkeys(w for text in (*elements, *texts) for w in text))}
    counts = np.zeros((len(elements) + len(texts), len(vocabulary)), np.float32)
    for row, words in enumerate((*elements, *texts)):
        for word in words:
            counts[row, vocabulary[word]] += 1
    frequency = (counts > 0).sum(axis=0)
    weights = np.log1p(counts) * np.log(len(counts) / frequency)
    norms = np.linalg.norm(weights, axis=1, keepdims=True)
    weights = np.divide(weights, norms, out=np.zeros_like(weights), where=norms > 0)
    best: Floats = (weights[: len(elements)] @ weights[len(elements) :].T).max(axis=1)
    return best


def bm25(prepared: PreparedStandard, passages: Passages) -> Floats:
    """(E,) highest BM25 sum of the element's words over the passages (Robertson & Zaragoza 2009)."""
    if not passages.segments:
        return np.zeros(len(prepared.elements), np.float32)
    index = Bm25([search_tokens(segment.text) for segment in passages.segments])
    queries: Sequence[Sequence[str]] = [search_tokens(element.text) for element in prepared.elements]
    best: Floats = index.similarities(queries).max(axis=1)
    return best


BASELINES: dict[str, Baseline] = {"TF-IDF": tfidf, "BM25": bm25, "naive cosine": naive_cosine}

#: Customary bands of a cosine: from .70 (and from .85, which is not told apart here) covered, from .50 touched.
BANDS = (0.5, 0.7)
BANDED = "naive cosine .85/.70/.50"


def first_stage(document: TrainingDocument) -> Floats:
    """(E,) highest closeness of an element's own wording, or of a covering expression of its bank, to a candidate."""
    best: Floats = document.pairs.similarity.max(axis=1, initial=0)
    return best


def by_bands(system: str, documents: Sequence[TrainingDocument], values: Sequence[Floats]) -> Quality:
    """Grades by ``BANDS``, which learn nothing."""
    return Quality(system, tuple(_graded(d, v, BANDS) for d, v in zip(documents, values, strict=True)))


def by_thresholds(system: str, documents: Sequence[TrainingDocument], values: Sequence[Floats], count: int) -> Quality:
    """Grades of the first ``count`` documents by the thresholds of highest F1 on all the other documents."""
    known = [{threshold: d.known(threshold) for threshold in (1, 2)} for d in documents]
    scored = []
    for i in range(count):
        rest = [j for j in range(len(documents)) if j != i]
        cuts = []
        for threshold in (1, 2):
            truth = np.concatenate([documents[j].grades[known[j][threshold]] >= threshold for j in rest])
            cuts.append(best_f1_threshold(truth, np.concatenate([values[j][known[j][threshold]] for j in rest])))
        scored.append(_graded(documents[i], values[i], (cuts[0], max(cuts))))
    return Quality(system, tuple(scored))


def _graded(document: TrainingDocument, values: Floats, cuts: tuple[float, float]) -> Scored:
    low, high = cuts
    return Scored.of(document, (values >= low).astype(np.int64) + (values >= high))
