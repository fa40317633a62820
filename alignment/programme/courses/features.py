"""How near each course of a plan comes to each course of the standard: by known names, by likeness, and by content."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alignment.logistic import LogisticModel
from alignment.prepared import COVERS, OWN, PreparedStandard
from alignment.programme.courses.content import CourseText
from alignment.programme.courses.names import PairWeights, Strength, stem, strongest, topics_of
from corpora.standard import Statement
from index.protocols import Encoder

Floats = NDArray[np.float32]

PAIR_FEATURES = ("likeness", "similarity", "content")

#: Closeness of an item to an element from which the element counts as taught.
TAUGHT = 0.6

#: Product of margin and share taught from which content alone shows that a course is the one.
TELLING = 0.1

#: Probability of a pair by what the data files say of it: the share of right ones among the pairs of the labelled
#: plans (same 8 of 8, part 10 of 14), one right and one wrong pair added. Equal stems are names, and a word that makes
#: a name mean something else rules it out.
KNOWN: dict[Strength, float] = {"same": 0.9, "part": 0.69, "other": 0.05}
EQUAL = 0.98

#: Probability of a pair that the data files do not know, from its names and content alone. ``eval/fit_courses.py``
#: fits it on two labelled plans, and says what a fit on one is worth on the other: 9 of 18 right pairs found, 3 wrong.
MODEL = LogisticModel(
    PAIR_FEATURES,
    mean=np.array([0.008593, 0.08987, 0.0005682], np.float32),
    scale=np.array([0.06251, 0.1365, 0.005027], np.float32),
    weights=np.array([0.7247, 1.021, 0.1957], np.float32),
    bias=-6.645,
)


@dataclass(frozen=True)
class CoursePairs:
    """S statements beside C course names.

    Parameters
    ----------
    known : (S, C) what the data files say of a pair, "" where they are silent; "same" for equal stems.
    equal : (S, C) whether the stems are equal.
    features : (S, C, F) in the order of ``PAIR_FEATURES``.
    """

    known: tuple[tuple[Strength, ...], ...]
    equal: NDArray[np.bool_]
    features: Floats

    @property
    def content(self) -> Floats:
        """(S, C) margin over the other core courses times share of elements taught; 0 where there is no content."""
        return self.features[:, :, PAIR_FEATURES.index("content")]

    def probabilities(self, model: LogisticModel = MODEL) -> Floats:
        """(S, C) probability that the course serves the statement at least in part."""
        fitted = model.probabilities(self.features.reshape(-1, len(PAIR_FEATURES))).reshape(self.equal.shape)
        told = np.array([[KNOWN.get(said, -1.0) for said in row] for row in self.known], np.float32)
        told = np.where(self.equal, np.float32(EQUAL), told.reshape(fitted.shape))
        return np.where(told >= 0, told, fitted).astype(np.float32)


def compare_courses(
    statements: Sequence[Statement],
    names: Sequence[str],
    texts: Mapping[int, Sequence[CourseText]],
    encoder: Encoder,
    prepared: PreparedStandard | None = None,
    code: str = "",
) -> CoursePairs:
    """Compare every statement with every course.

    Parameters
    ----------
    statements : courses of the standard.
    names : the plan's course names; ``texts`` the descriptions of some of them, by position.
    prepared : the standard with its elements, for content; without it only names are compared.
    code : of the standard, for its own aliases.
    """
    features = np.zeros((len(statements), len(names), len(PAIR_FEATURES)), np.float32)
    if statements and names:
        features[:, :, 0], features[:, :, 1] = _names(statements, names, encoder)
    for course, mine in texts.items():
        items = [item for text in mine for item in text.items]
        if prepared is not None and items:
            features[:, course, 2] = _content(statements, encoder.encode(items), prepared)
    stems = [{stem(title) for title in statement.names} for statement in statements]
    equal = np.array([[stem(name) in mine for name in names] for mine in stems], bool).reshape(features.shape[:2])
    known = tuple(
        tuple("same" if same else _said(statement, name, code) for name, same in zip(names, row, strict=True))
        for statement, row in zip(statements, equal, strict=True)
    )
    return CoursePairs(known, equal, features)


def _said(statement: Statement, name: str, code: str) -> Strength:
    return strongest(topics_of(statement, code), name)


def _names(statements: Sequence[Statement], names: Sequence[str], encoder: Encoder) -> tuple[Floats, Floats]:
    """Likeness and cosine of each statement's best title with each name, (S, C) both."""
    titles = [(title, row) for row, statement in enumerate(statements) for title in statement.names]
    weights = PairWeights([*(title for title, _ in titles), *names])
    vectors = encoder.encode([*(title for title, _ in titles), *names])
    cosines = vectors[: len(titles)] @ vectors[len(titles) :].T
    likeness, similarity = np.zeros((2, len(statements), len(names)), np.float32)
    for number, (title, row) in enumerate(titles):
        alike = np.array([weights.likeness(title, name) for name in names], np.float32)
        likeness[row] = np.maximum(likeness[row], alike)
        similarity[row] = np.maximum(similarity[row], cosines[number])
    return likeness, similarity


def _content(statements: Sequence[Statement], items: Floats, prepared: PreparedStandard) -> Floats:
    """(S,) for one course: how much nearer its items are to a core course than to the others, times share taught.

    The margin is the mean over the items of the closeness to the core course's nearest probe, less the mean of the
    same over the other core courses; both factors must be large for a course to be recognised by its content.
    """
    probes = np.flatnonzero(np.isin(prepared.probe_kind, (OWN, COVERS)))
    elements = prepared.probe_element[probes]
    near = items @ prepared.probe_vectors[probes].T
    best = np.zeros(len(prepared.elements), np.float32)
    np.maximum.at(best, elements, near.max(axis=0))
    owners = prepared.course_index
    courses = [n for n in range(len(prepared.standard.core_courses)) if (owners == n).any()]
    if len(courses) < 2:
        return np.zeros(len(statements), np.float32)
    means = {n: float(near[:, owners[elements] == n].max(axis=1).mean()) for n in courses}
    total = sum(means.values())
    found = {}
    for n in courses:
        margin = means[n] - (total - means[n]) / (len(courses) - 1)
        taught = float((best[owners == n] >= TAUGHT).mean())
        found[prepared.standard.core_courses[n].id] = max(margin, 0.0) * taught
    return np.array([found.get(statement.id, 0.0) for statement in statements], np.float32)
