"""Aspects of a standard's provisions: what each asks, and the words by which a plan tells that it is met.

Sections 7 to 11 of the national standards follow one template over all majors; ``data/aspects.json`` lists what that
template asks (三方协议, 集中备课, 产业导师 …) with the many ways in which schools word it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

#: The topic of aspects that a plan may tell of anywhere.
ANY = "any"

#: What turns a mention into its opposite when it stands shortly before it.
_DENIED = re.compile(r"(?:没有|尚未|尚无|暂未|暂无|未能|未曾|缺少|缺乏|不具备|不够|不足|有待|无法)[^。；，,]{0,10}$")


@dataclass(frozen=True)
class Aspect:
    """One thing that a provision asks.

    Parameters
    ----------
    name : what readers of a report are told is found or missing.
    topics : topics of the passages that may tell of it, see ``topics``.
    asked : recognises it in a provision; with ``by_title`` in the statement's title.
    told : recognises it in a plan.
    strong : what a telling passage must hold beside that to prove more than a mention; None where a mention proves it.
    course : the name of a course in a table proves it, too.
    unless : what a telling passage must not hold.
    anywhere : its words are so specific that the topic does not matter.
    headed : the heading over a passage may tell it.
    """

    name: str
    topics: frozenset[str]
    asked: re.Pattern[str]
    told: re.Pattern[str]
    strong: re.Pattern[str] | None = None
    course: bool = False
    unless: re.Pattern[str] | None = None
    anywhere: bool = False
    headed: bool = False
    by_title: bool = False

    def tells(self, text: str, heading: str = "") -> bool:
        """Whether a passage, or where that may the heading over it, tells of the aspect without denying it."""
        if self.unless is not None and self.unless.search(text):
            return False
        for match in self.told.finditer(text):
            if not _DENIED.search(text, max(0, match.start() - 16), match.start()):
                return True
        return self.headed and self.told.search(heading) is not None


@cache
def load_aspects() -> tuple[Aspect, ...]:
    """All aspects, in the order of the standard's sections."""
    source = files("alignment.programme") / "data" / "aspects.json"
    return tuple(_aspect(entry) for entry in json.loads(source.read_text("utf-8")))


def _aspect(entry: dict[str, object]) -> Aspect:
    topics = entry["topics"]
    strong, unless = (re.compile(str(entry[key])) if entry.get(key) else None for key in ("strong", "unless"))
    return Aspect(
        str(entry["name"]),
        frozenset(topics) if isinstance(topics, list) else frozenset(),
        re.compile(str(entry["asked"])),
        re.compile(str(entry["told"])),
        strong,
        bool(entry.get("course")),
        unless,
        bool(entry.get("anywhere")),
        bool(entry.get("headed")),
        bool(entry.get("title")),
    )
