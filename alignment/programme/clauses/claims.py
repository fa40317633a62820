"""Cuts a provision of the standard into claims that a plan can meet one by one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from alignment.programme.clauses.aspects import Aspect, load_aspects
from corpora.standard import Statement

#: Borders of the clauses of a provision.
_CLAUSE = re.compile(r"[，。；;：:]")
#: Clauses that ask nothing on their own.
_EMPTY = re.compile(r"(?:原则上|一般|根据|按照|通过|结合)?[^，。；]{0,3}")


#: Where names that a statement lists should stand.
_LISTED = {
    "facility": frozenset(("rooms", "internship", "practice")),
    "training_room": frozenset(("rooms", "internship", "practice")),
    "internship_place": frozenset(("internship", "practice")),
}


@dataclass(frozen=True)
class Claim:
    """One thing that a provision asks.

    Parameters
    ----------
    name : as readers see it.
    text : the clause that asks it, as it is compared with passages.
    aspect : how it is recognised; None for a claim that is known only by its wording.
    listed : one of a list of names (positions, activities) that the plan should name as such.
    topics : topics of the passages in which a listed name is more than a mention; empty for any.
    """

    name: str
    text: str
    aspect: Aspect | None = None
    listed: bool = False
    topics: frozenset[str] = frozenset()


def claims_of(statement: Statement, aspects: Sequence[Aspect] | None = None) -> tuple[Claim, ...]:
    """The claims of a provision: its known aspects, the names that it lists, else its clauses.

    Parameters
    ----------
    aspects : by default the shipped ones; empty to take clauses for every claim.
    """
    known = load_aspects() if aspects is None else aspects
    claims = [claim for aspect in known if (claim := _asked(statement, aspect))]
    listed = (*statement.activities, *statement.positions)
    claims += [Claim(name, name, None, True, _LISTED.get(statement.kind, frozenset())) for name in listed]
    return tuple(claims or _clauses(statement))


def _asked(statement: Statement, aspect: Aspect) -> Claim | None:
    if aspect.by_title:
        asked = aspect.asked.search(statement.title) if statement.title else None
        return Claim(aspect.name, statement.title, aspect) if asked else None
    match = aspect.asked.search(statement.text)
    if not match:
        return None
    start = max((m.end() for m in _CLAUSE.finditer(statement.text, 0, match.start())), default=0)
    following = _CLAUSE.search(statement.text, match.end())
    return Claim(aspect.name, statement.text[start : following.start() if following else None].strip(), aspect)


def _clauses(statement: Statement) -> Iterator[Claim]:
    for part in _CLAUSE.split(statement.text):
        text = part.strip()
        if text and not _EMPTY.fullmatch(text):
            yield Claim(text, text)
