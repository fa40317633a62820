"""Course detection: which core courses of the standard a document serves."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from alignment.prepared import PreparedStandard
from corpora.standard import Standard, Statement
from index.protocols import Encoder

Floats = NDArray[np.float32]

COURSE_FEATURES = ("title_similarity", "title_containment", "mean_touch", "mean_above_rest", "share_touched")


def course_features(prepared: PreparedStandard, title: str, touch: Floats, encoder: Encoder) -> Floats:
    """Features of each core course for one document, (C, F) in the order of ``COURSE_FEATURES``.

    Parameters
    ----------
    title : the document's title.
    touch : (E,) probability of each element's best pair.
    """
    courses = prepared.standard.core_courses
    if not courses:
        return np.zeros((0, len(COURSE_FEATURES)), np.float32)
    members = [prepared.course_index == i for i in range(len(courses))]
    means = np.array([touch[m].mean() if m.any() else 0 for m in members], dtype=np.float32)
    rest = np.array([np.delete(means, i).mean() if len(means) > 1 else 0 for i in range(len(means))])
    share = [float((touch[m] > 0.5).mean()) if m.any() else 0.0 for m in members]
    similarity, containment = _title_closeness(title, courses, encoder)
    return np.stack([similarity, containment, means, means - rest, np.array(share)], axis=-1).astype(np.float32)


def named_courses(standard: Standard, title: str) -> tuple[str, ...]:
    """Ids of the core courses whose name or alias stands in a document's title, in the standard's order."""
    squeezed = "".join(title.split())
    return tuple(
        course.id for course in standard.core_courses if any("".join(name.split()) in squeezed for name in course.names)
    )


def _title_closeness(title: str, courses: Sequence[Statement], encoder: Encoder) -> tuple[Floats, Floats]:
    names = [(name, i) for i, course in enumerate(courses) for name in (*course.names, *_tasks(course))]
    vectors = encoder.encode([title, *(name for name, _ in names)])
    cosines = vectors[1:] @ vectors[0]
    similarity, containment = np.zeros(len(courses), np.float32), np.zeros(len(courses), np.float32)
    for (name, course), cosine in zip(names, cosines, strict=True):
        similarity[course] = max(similarity[course], cosine)
        containment[course] = max(containment[course], _bigram_share(name, title))
    return similarity, containment


def _tasks(course: Statement) -> tuple[str, ...]:
    return tuple(task.title for task in course.typical_tasks)


def _bigram_share(name: str, title: str) -> float:
    """Share of the name's character pairs that the title holds."""
    pairs = {name[i : i + 2] for i in range(len(name) - 1)}
    return sum(pair in title for pair in pairs) / len(pairs) if pairs else 0.0
