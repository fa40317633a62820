"""Which elements of a report a reader asked to see; the page's address holds it as a query."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from alignment.model import Match
from api.i18n import mark
from api.rendering import words
from corpora.standard import Statement

#: States of an element that can be asked for, in the order of the page.
STATES = {
    "missing": mark("未覆盖"),
    "touched": mark("部分涉及"),
    "covered": mark("已覆盖"),
    "review": mark("待复核"),
    "short": mark("层次不足"),
    "decided": mark("人工已定"),
}
_GRADES = {0: "missing", 1: "touched", 2: "covered"}


def states(match: Match) -> tuple[str, ...]:
    """Every state that an element is in: its grade first."""
    found = [_GRADES[match.grade]]
    found += ["review"] if match.review else []
    found += ["short"] if match.level_short else []
    found += ["decided"] if match.decided else []
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Filter:
    """What a reader asked to see.

    Parameters
    ----------
    status : states of which an element must have one; empty for any.
    course : id of a course (or of a kind of statement); empty for all.
    text : words that the element or its statement must hold, spaces between them.
    everything : also what lies outside the scope.
    section : number of a chapter of the document that must hold a quote; 0 for any.
    statement : id of the one statement to show.
    """

    status: frozenset[str] = frozenset()
    course: str = ""
    text: str = ""
    everything: bool = False
    section: int = 0
    statement: str = ""

    @classmethod
    def of(
        cls, status: Sequence[str] = (), course: str = "", q: str = "", scope: str = "", section: int = 0, st: str = ""
    ) -> Filter:
        """From the values of a query; what is not known is left out."""
        known = frozenset(name for name in status if name in STATES)
        return cls(known, course, words.flat(q, 60), scope == "all", section, st)

    @property
    def active(self) -> bool:
        """Whether anything is left out."""
        return bool(self.status or self.course or self.text or self.section or self.statement)

    def shows(self, match: Match, statement: Statement, group: str, sections: Iterable[int] = ()) -> bool:
        """Whether an element of a statement in a group is shown."""
        if self.course not in ("", group) or self.statement not in ("", statement.id):
            return False
        if self.status and not self.status & set(states(match)):
            return False
        if self.section and self.section not in sections:
            return False
        said = f"{statement.id} {statement.text} {match.element.text}".lower()
        return all(word in said for word in self.text.lower().split())
