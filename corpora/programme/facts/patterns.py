"""A fact pattern: which words of a sentence state which quantity; and the reading of its number, operator and norm."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from math import inf, nan
from typing import Any

from corpora.programme.facts.text import Passage, Place, number_of
from corpora.programme.model import Fact, FactKind, Figure, Operator, Unit

#: ``60%`` or ``百分之六十``, into the groups ``n`` or ``c``.
PERCENT = r"(?:(?P<n>\d+(?:\.\d+)?)%|百分之(?P<c>[一二三四五六七八九十零]+))"

_OPERATORS_BEFORE: tuple[tuple[Operator, re.Pattern[str]], ...] = (
    ("<=", re.compile(r"不(?:得|能|应)?(?:超过|高于|多于|大于)|至多|最多|最高|≤|<=?|控制在")),
    (">=", re.compile(r"不(?:得|能|应)?(?:少于|低于|小于)|至少|最少|最低|大于|高于|超过|≥|>=?|多于")),
    ("~", re.compile(r"约|近$|接近|大致")),
)
_OPERATORS_AFTER: tuple[tuple[Operator, re.Pattern[str]], ...] = (
    (">=", re.compile(r".{0,3}?(?:及|或)?以上")),
    ("<=", re.compile(r".{0,3}?(?:及|或)?(?:以内|以下|之内)")),
    ("~", re.compile(r".{0,2}?(?:左右|上下)")),
)
# Words by which a plan repeats a requirement or makes a promise; 一般 of 一般性 is none of them.
_MODAL = re.compile(
    r"应(?!用|届|急|变|聘|对)|须|必需|需(?=具|有|达|满足)|原则上|一般(?!性)|要求|力争|逐步|争取|确保|建议|目标|"
    r"计划(?=[引进建到在达])|将达|拟"
)
# A promise for later, wherever in the sentence before.
_LATER = re.compile(r"到20\d\d年|未来|(?<![近每])[三五35]年内|规划期")
_LIMIT = re.compile(r"不(?:得|能|应)?(?:少于|低于|小于|高于|超过|多于)|至少|最少")
_STATUS = re.compile(r"现有|目前|现已|已经?达|已有|现任|共有|拥有|均|截至|实有|实际")

_FLIPPED: dict[Operator, Operator] = {">=": "<=", "<=": ">="}

SubjectRule = Callable[[Passage, "re.Match[str]"], "str | None"]


def _no_subject(_passage: Passage, _match: re.Match[str]) -> str:
    return ""


def named(passage: Passage, match: re.Match[str]) -> str:
    """The group ``s`` of the match, verbatim."""
    return passage.words(*match.span("s")) if match.group("s") else ""


@dataclass(frozen=True)
class Pattern:
    """One way in which plans state one quantity.

    Parameters
    ----------
    kind, unit : what is stated, and the unit of its number.
    regex : over ``Passage.compact``. Group ``n`` (or ``c``) holds the number, ``m`` the upper end of a range; ``w``,
        where there is one, the decisive words (the whole match otherwise).
    hint : words of which the sentence holds at least one, for a quick no.
    subject : of what it is said; None rejects the match.
    low, high : numbers outside are something else (hours of a course, not of the plan).
    scale : factor from the printed number to the unit.
    fixed : the value of words that hold no number (英语 is one language).
    text : a statement without a number; its value is nan.
    norms : whether a requirement is to be told from a fact.
    flip : whether limits turn round (师生比不低于1:18 is at most 18 students a teacher).
    upper : whether the upper end of a range is a fact of its own.
    exact : whether a limit is the number itself (毕业最低学分为140学分).
    unless : a sentence with this is about something else.
    chapter : headings above must match it.
    places : running text, table cells.
    annex : whether it is read in annexes too.
    """

    kind: FactKind
    unit: Unit
    regex: re.Pattern[str]
    hint: tuple[str, ...]
    subject: SubjectRule = _no_subject
    low: float = 0.0
    high: float = inf
    scale: float = 1.0
    fixed: float | None = None
    text: bool = False
    norms: bool = True
    flip: bool = False
    upper: bool = False
    exact: bool = False
    unless: re.Pattern[str] | None = None
    chapter: re.Pattern[str] | None = None
    places: tuple[Place, ...] = ("text", "cell")
    annex: bool = True

    def facts(self, passage: Passage) -> Iterator[Fact]:
        """The facts that the pattern finds in one sentence."""
        if not self._applies(passage):
            return
        for match in self.regex.finditer(passage.compact):
            value = nan if self.text else self._value(match)
            if value is None or not (self.text or self.low <= value <= self.high):
                continue
            subject = self.subject(passage, match)
            if subject is not None:
                fact = self._fact(passage, match, value, subject)
                yield fact
                top = number_of(match.groupdict().get("m") or "") if self.upper else None
                if top is not None:
                    yield replace(fact, operator="<=", figure=replace(fact.figure, value=top * self.scale))

    def _applies(self, passage: Passage) -> bool:
        sentence = passage.compact
        if passage.place not in self.places or (passage.annex and not self.annex):
            return False
        if not any(word in sentence for word in self.hint):
            return False
        if self.unless is not None and self.unless.search(sentence):
            return False
        return self.chapter is None or bool(self.chapter.search(passage.chapter))

    def _value(self, match: re.Match[str]) -> float | None:
        if self.fixed is not None:
            return self.fixed
        groups = match.groupdict()
        number = number_of(groups.get("n") or groups.get("c") or "")
        return None if number is None else number * self.scale

    def _fact(self, passage: Passage, match: re.Match[str], value: float, subject: str) -> Fact:
        groups = match.groupdict()
        span = match.span("w") if groups.get("w") else match.span()
        start = match.start("n") if groups.get("n") else match.start("c") if groups.get("c") else match.end()
        operator: Operator = "=" if self.text or self.exact else operator_of(passage.compact, match.start(), start)
        if self.flip:
            operator = _FLIPPED.get(operator, operator)
        if operator == "=" and is_range(groups.get("n") or "", groups.get("m") or ""):
            operator = ">="
        return Fact(
            kind=self.kind,
            figure=Figure(value, passage.text, passage.locator),
            unit=self.unit,
            operator=operator,
            subject=subject,
            annex=passage.annex,
            words=passage.words(*span),
            norm=self.norms and is_norm(passage, match.start(), match.end()),
        )


def patterns(kind: FactKind, unit: Unit, regexes: Iterable[str], hint: str, **options: Any) -> tuple[Pattern, ...]:
    """One pattern a regex, the surer before the others; ``hint`` holds words separated by spaces."""
    return tuple(Pattern(kind, unit, re.compile(regex), tuple(hint.split()), **options) for regex in regexes)


def facts_by(patterns: Iterable[Pattern], passage: Passage) -> Iterator[Fact]:
    """The facts that the patterns find in one sentence; of two patterns of one kind, the first that finds counts."""
    seen: dict[FactKind, list[tuple[int, int]]] = {}
    for pattern in patterns:
        for fact in pattern.facts(passage):
            start = passage.text.find(fact.words)
            span = (start, start + len(fact.words))
            taken = [s for s in seen.get(fact.kind, ()) if s != span or fact.operator != "<="]
            if not any(span[0] < end and start < span[1] for start, end in taken):
                seen.setdefault(fact.kind, []).append(span)
                yield fact


def operator_of(sentence: str, start: int, number: int) -> Operator:
    """Whether a number is exact, a lower or upper bound, or a rough one.

    Parameters
    ----------
    sentence : compact text.
    start, number : where the match begins, and where its number does.
    """
    before = sentence[max(0, min(start, number - 5), number - 14) : number]
    before = re.split("[,、(]", before)[-1]
    for operator, pattern in _OPERATORS_BEFORE:
        if pattern.search(before):
            return operator
    after = re.split("[,、。;]", sentence[number:])[0]
    after = re.sub(r"^[\d.一二两三四五六七八九十%-]+", "", after)
    for operator, pattern in _OPERATORS_AFTER:
        if pattern.match(after):
            return operator
    return ">=" if re.match(r"余", after) else "="


def is_range(number: str, upper: str) -> bool:
    """Whether a number is the lower end of a range (``1-2``, ``一两``)."""
    return bool(upper) or bool(re.fullmatch("[一二两三四五六七八九]{2}", number))


def is_norm(passage: Passage, start: int, end: int) -> bool:
    """Whether a clause requires or promises something and does not report it.

    Modal words (应, 原则上, 一般 …) in the clause tell so, and limits (不低于) without a word of state (现有, 已达到).
    """
    sentence = passage.compact
    after = re.match(r"[^,。;:(]{0,8}", sentence[end:])
    clause = sentence[max(0, sentence.rfind(",", 0, start) + 1, start - 40) : end] + (after[0] if after else "")
    if _MODAL.search(clause) or _LATER.search(sentence, 0, end):
        return True
    return bool(_LIMIT.search(clause)) and not _STATUS.search(sentence)
