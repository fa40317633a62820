"""What of a passage is quoted for an element, and the level that it states there."""

from __future__ import annotations

from functools import lru_cache

from alignment.depth import NAMED
from alignment.exemplars.model import Exemplar
from corpora.stated_level import APPLIED, clauses_of, governing_level, lead_in_level
from corpora.tokens import content_tokens

#: Characters of a quote at most: passages are the works of others.
QUOTE_CHARS = 120


def stated_level(exemplar: Exemplar, wanted: str) -> int:
    """The level 1..6 at which a passage teaches something.

    Parameters
    ----------
    exemplar : the passage.
    wanted : what is to be taught.

    Returns
    -------
    That of the verb which governs the clause nearest to ``wanted``, else of the list's lead-in; where none states one,
    applying in practice and in documents that state aims, else understanding.
    """
    line = exemplar.line
    clauses = clauses_of(line.text)
    level = governing_level(clauses, _nearest(clauses, wanted), subjects=exemplar.aims) if clauses else None
    if level is None and line.heading_path:
        level = lead_in_level(line.heading_path[-1])
    if level is None:
        return APPLIED if exemplar.aims or line.role == "practice" else NAMED
    return level


def quote(text: str, wanted: str, most: int = QUOTE_CHARS) -> str:
    """A verbatim stretch of a passage, around the clause nearest to what is to be taught.

    Parameters
    ----------
    text : the passage.
    wanted : what is to be taught.
    most : characters at most.
    """
    if len(text) <= most:
        return text
    clauses = clauses_of(text)
    clause = clauses[_nearest(clauses, wanted)] if clauses else text
    at = text.index(clause)
    start = max(0, min(at - (most - len(clause)) // 2, len(text) - most))
    if len(clause) >= most:
        return clause[:most]
    borders = [text.index(c) for c in clauses if start <= text.index(c) <= at]
    start = min(borders, default=at)
    ends = [end for c in clauses if (end := text.index(c) + len(c)) - start <= most and end >= at + len(clause)]
    return text[start : max(ends, default=at + len(clause))]


def _nearest(clauses: tuple[str, ...], wanted: str) -> int:
    """Which clause shares most words with what is wanted; the first of several."""
    if len(clauses) < 2:
        return 0
    words = _words(wanted)
    return max(range(len(clauses)), key=lambda n: (len(words & _words(clauses[n])), -n))


@lru_cache(maxsize=4096)
def _words(text: str) -> frozenset[str]:
    return frozenset(content_tokens(text))
