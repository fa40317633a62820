"""Features of the judgement: of a pair (element, passage), and of an element over a whole document."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alignment.candidates import Candidates
from alignment.logistic import sigmoid
from alignment.nearness import PassageCloseness
from alignment.passages import Passages
from alignment.piece_features import PIECE_FEATURES, piece_features
from alignment.prepared import PreparedStandard
from alignment.words import ClosestWords
from corpora.document import ROLES

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

PAIR_FEATURES = (
    "own",
    "own_above_document",
    "own_above_passage",
    "headed",
    "words",
    "words_headed",
    "soft",
    "soft_headed",
    "soft_reverse",
    "bm25",
    "own*soft",
    "soft*soft",
    "covers",
    "covers_second",
    "touches",
    "misses",
    "covers_margin",
    "covers*soft",
    *(f"role_{role}" for role in ROLES[:-1]),
    "length",
    "is_task",
    "is_competency",
    "key_length",
    *PIECE_FEATURES,
)

#: Features that need an expression bank.
BANK_FEATURES = frozenset(name for name in PAIR_FEATURES if name.startswith(("covers", "touches", "misses")))


@dataclass(frozen=True)
class PairFeatures:
    """Features of the candidate pairs of one document.

    Parameters
    ----------
    segments : (E, K) segment numbers.
    values : (E, K, F) in the order of ``PAIR_FEATURES``; ``similarity`` is the shown closeness of a pair, (E, K).
    """

    segments: Ints
    values: Floats
    similarity: Floats


def pair_features(prepared: PreparedStandard, passages: Passages, candidates: Candidates) -> PairFeatures:
    """Features of every candidate pair; bank features are 0 for a standard without a bank."""
    chosen = candidates.segments
    if not chosen.size:
        nothing = np.zeros((*chosen.shape, len(PAIR_FEATURES)), np.float32)
        return PairFeatures(chosen, nothing, nothing[..., 0])
    near = candidates.nearness.of_passages(chosen)
    words = prepared.matcher.words_of(passages.pieces.words)
    columns = {
        **_vector_features(prepared, passages, candidates, near.own),
        **_bank_features(prepared, near),
        **piece_features(prepared, passages.pieces, candidates, words),
        **_word_features(prepared, passages, chosen, words),
        "bm25": candidates.bm25,
        **_passage_facts(passages, chosen),
        **_element_facts(prepared, chosen.shape),
    }
    columns["own*soft"] = columns["own"] * columns["soft"]
    columns["soft*soft"] = columns["soft"] ** 2
    columns["covers*soft"] = columns["covers"] * columns["soft"]
    values = np.stack([columns[name] for name in PAIR_FEATURES]).astype(np.float32, copy=False)
    return PairFeatures(chosen, np.moveaxis(values, 0, -1), np.clip(np.maximum(near.own, near.covers), 0, 1))


def _vector_features(
    prepared: PreparedStandard, passages: Passages, candidates: Candidates, own: Floats
) -> dict[str, Floats]:
    """Closeness to the element's own wording, also against the whole document and the passage's nearest element."""
    deviation, chosen = prepared.background[1], candidates.segments
    nearest = candidates.nearness.nearest_own[passages.pieces.starts[:-1]]
    return {
        "own": prepared.above_background(own),
        "own_above_document": (own - _document_mean(prepared, passages)[:, None]) / deviation,
        "own_above_passage": (own - nearest[chosen]) / deviation,
        "headed": prepared.above_background(np.take_along_axis(candidates.headed, chosen, axis=1)),
    }


def _bank_features(prepared: PreparedStandard, near: PassageCloseness) -> dict[str, Floats]:
    """Closeness to the bank's expressions; zero for elements that the bank does not serve."""
    columns = {
        "covers": prepared.above_background(near.covers),
        "covers_second": prepared.above_background(near.covers_second),
        "touches": prepared.above_background(near.touches),
        "misses": prepared.above_background(near.misses),
        "covers_margin": (near.covers - np.maximum(near.touches, near.misses)) / prepared.background[1],
    }
    served = prepared.served_by_bank[:, None]
    return {name: np.where(served, column, 0) for name, column in columns.items()}


def _document_mean(prepared: PreparedStandard, passages: Passages) -> Floats:
    """(E,) mean similarity of each element's text to all passages: how near the document is to it anyhow."""
    mean: Floats = prepared.text_vectors @ (passages.vectors.sum(axis=0) / max(len(passages.vectors), 1))
    return mean


def _word_features(
    prepared: PreparedStandard, passages: Passages, chosen: Ints, words: ClosestWords
) -> dict[str, Floats]:
    """Closeness by words, of the passage and of the passage under its headings.

    Parameters
    ----------
    words : of the document's pieces, the first of which in each passage is the whole passage.
    """
    whole = passages.pieces.starts[:-1]
    paths = {path: n for n, path in enumerate(dict.fromkeys(passages.heading_words))}
    over = prepared.matcher.words_of(list(paths)).closest[[paths[path] for path in passages.heading_words]]
    exact, soft = prepared.matcher.shares(words.closest[whole])
    exact_headed, soft_headed = prepared.matcher.shares(np.maximum(words.closest[whole], over))
    shares = {
        "words": exact,
        "soft": soft,
        "soft_reverse": words.reverse[:, whole],
        "words_headed": exact_headed,
        "soft_headed": soft_headed,
    }
    return {name: np.take_along_axis(share, chosen, axis=1) for name, share in shares.items()}


def _passage_facts(passages: Passages, chosen: Ints) -> dict[str, Floats]:
    roles = np.array([ROLES.index(segment.role) for segment in passages.segments])
    lengths = np.log1p([len(segment.text) for segment in passages.segments]).astype(np.float32)
    flags = {f"role_{role}": (roles == i).astype(np.float32)[chosen] for i, role in enumerate(ROLES[:-1])}
    return {**flags, "length": lengths[chosen]}


def _element_facts(prepared: PreparedStandard, shape: tuple[int, ...]) -> dict[str, Floats]:
    kinds = prepared.element_kinds
    facts = {
        "is_task": [kind == "task" for kind in kinds],
        "is_competency": [kind == "competency" for kind in kinds],
        "key_length": [len(tokens) for tokens in prepared.key_tokens],
    }
    return {name: np.broadcast_to(np.array(values, np.float32)[:, None], shape) for name, values in facts.items()}


ELEMENT_FEATURES = (
    "touch_1",
    "touch_2",
    "touch_3",
    "cover_1",
    "cover_2",
    "touch_any",
    "cover_any",
    "siblings_best",
    "siblings_mean",
    "course_mean",
    "course",
    "document_mean",
    "is_task",
    "is_competency",
)


def element_features(prepared: PreparedStandard, touch: Floats, cover: Floats, courses: Floats) -> Floats:
    """Features of each element over the whole document, (E, F) in the order of ``ELEMENT_FEATURES``.

    Parameters
    ----------
    touch, cover : (E, K) logits of the pair models.
    courses : (C,) probability that the document serves each core course.
    """
    touches, covers = (_top(logits, 3) for logits in (touch, cover))
    best = touches[:, 0]
    course = prepared.course_index
    serves = np.append(courses, courses.max(initial=0)).astype(np.float32)[course]
    sibling_best, sibling_mean = _others(best, prepared.statement_index)
    columns = {
        "touch_1": best,
        "touch_2": touches[:, 1],
        "touch_3": touches[:, 2],
        "cover_1": covers[:, 0],
        "cover_2": covers[:, 1],
        "touch_any": _any(touch),
        "cover_any": _any(cover),
        "siblings_best": sibling_best,
        "siblings_mean": sibling_mean,
        "course_mean": _others(best, course)[1],
        "course": serves,
        "document_mean": np.full(len(best), best.mean(), np.float32),
        **{name: values[:, 0] for name, values in _element_facts(prepared, (len(best), 1)).items()},
    }
    return np.stack([columns[name] for name in ELEMENT_FEATURES], axis=-1).astype(np.float32)


#: What stands in for the logit of a missing candidate.
NOTHING = -12.0


def _top(logits: Floats, count: int) -> Floats:
    """(E, count) highest logits of each row."""
    padding = np.full((len(logits), count), NOTHING, np.float32)
    filled = np.maximum(np.concatenate([logits, padding], axis=1), NOTHING)
    return -np.sort(-filled, axis=1)[:, :count]


def _any(logits: Floats) -> Floats:
    """(E,) log odds that at least one pair holds, were they independent (noisy-or)."""
    none = np.log1p(-np.minimum(sigmoid(np.maximum(logits, NOTHING)), 0.9999)).sum(axis=1)
    odds = np.maximum(-none, 1e-6)  # ln(exp(x) - 1) is x itself long before exp overflows
    return np.where(odds > 50, odds, np.log(np.expm1(np.minimum(odds, 50)))).astype(np.float32)


def _others(values: Floats, groups: Ints) -> tuple[Floats, Floats]:
    """(E,) best and mean value of the other elements of each one's group; its own where it stands alone."""
    best, mean = values.copy(), values.copy()
    for group in np.unique(groups):
        members = np.flatnonzero(groups == group)
        if len(members) < 2:
            continue
        inside = values[members]
        order = np.argsort(-inside)
        best[members] = inside[order[0]]
        best[members[order[0]]] = inside[order[1]]
        mean[members] = (inside.sum() - inside) / (len(members) - 1)
    return best, mean
