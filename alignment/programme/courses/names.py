"""Names of courses: their plain form, their stem, how near two of them are, and the topics of the data files.

A plan names the same course in many ways (大学体育（二）, 体育Ⅱ; 网店运营实务, 网店运营). The plain form drops marks,
brackets and numbers of parts; the stem also drops words that say how a course is taught and not what of.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import log
from typing import Any, Literal

from corpora.standard import Statement
from corpora.tokens import normalise

Strength = Literal["same", "part", "other", ""]

_WORDS = ("same", "part", "without", "mentions", "serves")
_BEST: tuple[Strength, ...] = ("same", "part", "other")
_BRACKETED = re.compile(r"[(\[【〔][^()\[\]【】〔〕]*[)\]】〕]")
# 3.大学英语, 1.2 大学英语, ①大学英语
_NUMBER = re.compile(
    r"\d{1,2}(?:[.．]\d{1,2})?(?:[.．、]|(?<=\d[.．]\d)|(?<=\d[.．]\d\d))\s*(?=[\u4e00-\u9fff])(?!维)|[①-⑳]"
)
_MARKS = re.compile(r"[\s《》〈〉<>“”\"'‘’*※★☆▲△●◆#^~·•:：。,，;；!?？、]+")
#: Numbers of a course's parts at its end: ii, 1/2/3, -4, 一, a, a/b (roman numerals are letters after normalising).
_PART_NUMBER = re.compile(r"(?:[-—–_]?(?:[ivx]{1,4}|[1-8]|[一二三四五六七八]|(?<=[一-鿿])[a-d])(?:[-/～~]|$))+$")
_PREFIX = re.compile(r"^(?:新时代|高职院校|高等职业院校|高职高专|高职|高校|大学生|大学|新编|实用|当代)+(?=.{2})")
#: Words that say how a subject is taught, not which; several may follow each other.
_SUFFIX = re.compile(
    r"(?:(?:与|和|及|的)?(?:基础|概论|导论|通论|概要|纲要|原理|理论|实务|实践|实训|实战|实操|实验|应用|运用|技术|技能|技巧"
    r"|方法|操作|入门|案例|项目化|综合|课程|课|教程|教育|论|(?<![数文化医力大科教哲美声光热药入])学))+$"
)
_RUNS = re.compile(r"[a-z0-9.+#]+|[^a-z0-9.+#]+")
_JOINS = re.compile(r"与|和|及|以及|&|\+|/")


@cache
def plain_name(name: str) -> str:
    """A course's name without marks, brackets and part numbers: ``大学英语（一）A`` -> ``大学英语``.

    A name that stands in brackets as a whole keeps what is in them.
    """
    text = normalise(_NUMBER.sub("", name.strip(), count=1))
    bare = _MARKS.sub("", _BRACKETED.sub("", text)) or _MARKS.sub("", text).strip("()[]【】〔〕")
    while (shorter := _PART_NUMBER.sub("", bare)) != bare and len(shorter) > 1:
        bare = shorter
    return bare


@cache
def stem(name: str) -> str:
    """The subject of a course's name: ``网店运营实务`` -> ``网店运营``, ``管理学基础`` -> ``管理``."""
    bare = _PREFIX.sub("", plain_name(name))
    shorter = _SUFFIX.sub("", bare)
    return _JOINS.sub("", shorter if len(shorter) > 1 else bare)


@cache
def bigrams(name: str) -> frozenset[str]:
    """Character pairs of a name's stem, words of letters whole (``java程序设计`` -> java, 程序, 序设, 设计)."""
    found: list[str] = []
    for run in _RUNS.findall(stem(name)):
        found += [run] if run.isascii() or len(run) == 1 else [run[i : i + 2] for i in range(len(run) - 1)]
    return frozenset(found)


class PairWeights:
    """How much each character pair tells one course from another: ln((N + 1.5) / (df + 0.5)) over the names at hand.

    Parameters
    ----------
    names : course titles of the standard and course names of the plan.
    """

    def __init__(self, names: Iterable[str]) -> None:
        distinct = {stem(name): bigrams(name) for name in names}
        self._count = len(distinct)
        self._frequency = Counter(pair for pairs in distinct.values() for pair in pairs)

    def likeness(self, first: str, second: str) -> float:
        """Shared weight of the pairs of two names over the weight of all of them, 0..1."""
        one, other = bigrams(first), bigrams(second)
        together = sum(map(self._weight, one | other))
        return sum(map(self._weight, one & other)) / together if together else 0.0

    def _weight(self, pair: str) -> float:
        return log((self._count + 1.5) / (self._frequency[pair] + 0.5))


def containment(title: str, name: str) -> float:
    """How much of the longer stem the shorter one makes up when it stands in it whole, else 0; 1 for equal stems."""
    one, other = sorted((stem(title), stem(name)), key=len)
    return len(one) / len(other) if len(one) > 1 and one in other else 0.0


@dataclass(frozen=True)
class Topic:
    """A subject and the names under which courses teach it.

    Parameters
    ----------
    titles : stems of the standard's titles that mean it.
    same, part : words; a course whose plain name holds one teaches the subject, or a part of it. The longest word that
        the name holds decides, a part before the whole.
    without : words that make a name mean something else.
    public : whether it is a subject for students of all majors: recognised by its words alone.
    mentions : words by which running text speaks of it.
    needs : groups of words; the subject is whole when a course of each group is offered (军事理论, 军训).
    serves : words of a competency that the subject supports.
    """

    titles: frozenset[str]
    same: tuple[str, ...]
    part: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    public: bool = False
    mentions: tuple[str, ...] = ()
    needs: tuple[tuple[str, ...], ...] = ()
    serves: tuple[str, ...] = ()

    def strength(self, name: str) -> Strength:
        """Whether a course of this name teaches the subject, a part of it, another one, or "" when it is not known."""
        bare = plain_name(name)
        if stem(name) in self.titles:
            return "same"
        if any(word in bare for word in self.without):
            return "other"
        same, part = (max((len(w) for w in words if w in bare), default=0) for words in (self.same, self.part))
        if same or part:
            return "same" if same > part else "part"
        return ""

    @classmethod
    def from_json(cls, data: dict[str, Any], public: bool) -> Topic:
        """One entry of a data file."""
        words = {key: tuple(map(normalise, data.get(key, ()))) for key in _WORDS}
        needs = tuple(tuple(map(normalise, group)) for group in data.get("needs", ()))
        return cls(frozenset(map(stem, data["titles"])), public=data.get("public", public), needs=needs, **words)


@cache
def topics(code: str = "") -> tuple[Topic, ...]:
    """The topics of the shipped data files, a standard's own before the general ones.

    Parameters
    ----------
    code : of the standard, for its own aliases (``aliases-<code>.json``), if any.
    """
    own = _entries(f"aliases-{code}.json", public=False) if re.fullmatch(r"\w+", code) else ()
    return (*own, *_entries("public-courses.json", public=True), *_entries("major-courses.json", public=False))


def topics_of(statement: Statement, code: str = "") -> tuple[Topic, ...]:
    """The topics that a course or cross-cutting statement means, by its title and aliases."""
    stems = {stem(name) for name in statement.names}
    return tuple(topic for topic in topics(code) if topic.titles & stems)


def strongest(found: Sequence[Topic], name: str) -> Strength:
    """The best that any of the topics says of a course's name."""
    said = {topic.strength(name) for topic in found}
    return next((strength for strength in _BEST if strength in said), "")


def _entries(name: str, public: bool) -> tuple[Topic, ...]:
    source = files("alignment.programme") / "data" / name
    if not source.is_file():
        return ()
    return tuple(Topic.from_json(entry, public) for entry in json.loads(source.read_text("utf-8"))["topics"])
