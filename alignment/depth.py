"""Level found: how deep a document goes on an element, read from the verbs of its evidence."""

from __future__ import annotations

from collections.abc import Sequence

from corpora.document import Role, Segment
from corpora.verbs import level_of

#: Level of a passage that names no verb: content taught without a stated aim counts as understanding.
UNSTATED = {"practice": 4, "assessment": 3, "content": 3, "objective": 3}


def level_found(segments: Sequence[Segment]) -> int | None:
    """The level 1..6 a document reaches on an element.

    Parameters
    ----------
    segments : its evidence passages.

    Returns
    -------
    The highest level that a verb of the passages states; where none states one, what their role implies; None without
    passages.
    """
    stated = [level for segment in segments if (level := level_of(segment.text)) is not None]
    if stated:
        return max(stated)
    return max((UNSTATED.get(segment.role, 2) for segment in segments), default=None)


def roles_of(segments: Sequence[Segment]) -> tuple[Role, ...]:
    """Where in the document the passages stand: objective, content, practice, assessment, in that order."""
    order: tuple[Role, ...] = ("objective", "content", "practice", "assessment")
    present = {segment.role for segment in segments}
    return tuple(role for role in order if role in present)
