"""Professional titles (职称) in a plan's sentences: how many teachers hold a senior, intermediate or lower one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import nan
from typing import Literal

from corpora.programme.facts.patterns import is_norm, operator_of
from corpora.programme.facts.text import NUMBER, Passage, number_of
from corpora.programme.model import Fact, FactKind, Figure, Unit

Rank = Literal["senior", "middle", "junior"]

_PROFESSION = r"(?:工程师|经济师|会计师|讲师|实验师|农艺师|统计师|审计师|政工师|工艺美术师|园艺师|畜牧师|兽医师)"
#: Titles by rank, the longer before the shorter: 副教授 holds 教授, 高级工程师 holds 工程师.
_RANKS: tuple[tuple[Rank, str], ...] = (
    (
        "senior",
        rf"教授级高工|正高级?{_PROFESSION}?|副高级?{_PROFESSION}?|高级{_PROFESSION}|副教授|教授(?![法学给知])|副研究员|(?<!助理)研究员|高工|"
        r"高级(?=及以上|以上|专业技术|技术职|职称|职务|\d)",
    ),
    ("junior", rf"助教|助理{_PROFESSION}|助工|技术员|初级(?=及以上|以上|专业技术|技术职|职称|职务|\d)"),
    ("middle", rf"中级{_PROFESSION}?(?=及以上|以上|专业技术|技术职|职称|职务|\d)|助理研究员|{_PROFESSION}"),
)
TITLE = "|".join(f"(?:{pattern})" for _, pattern in _RANKS)
TITLE_SUFFIX = r"(?:\(?(?:含)?(?:及以上|以上)\)?)?(?:相关)?(?:专业)?(?:技术)?(?:职称|职务)?"
_TOKEN = re.compile("|".join(f"(?P<{rank}>{pattern})" for rank, pattern in _RANKS))
_AFTER = re.compile(
    rf"{TITLE_SUFFIX}(?:的)?(?:专任)?(?:教师|者|人员)?(?:有|为|共有|共|达到|计|约|:|,占)*(?P<n>{NUMBER})(?P<u>余?(?:名|人|位))?(?=$|[,、。;)(及和与其]|(?<=[名人位]))"
)
_BEFORE = re.compile(
    rf"(?<![\d.\-至到])(?P<n>{NUMBER})余?(?:名|人|位)(?:专任)?(?:教师)?(?:均?为|是|具有|具备|拥有|获得?|有)*$"
)
_ALL = re.compile(r"(?:均|全部|都)(?:具有|具备|有|为|是)$")
_CONTEXT = re.compile(r"教师|师资|团队|队伍|带头人|教研室|导师|师傅")
_PLANS = re.compile(r"(?:引进|培养|培育|选派|送培|新增|晋升)[^。;,]{0,10}\d")
_STAFF = re.compile(
    r"(?:专兼结合|专兼职|专兼任|专任|专职|兼任|兼职|外聘|骨干|企业|行业|校外|校内)+(?:教学)?(?:教师|师资|导师|人员)|(?:核心|课程|教学|体育|专业)+(?:教学)?(?:团队|队伍)"
)
BOTH = "专兼职教师"
_FULL_TIME = re.compile(rf"(?<!专兼)专任教师(?:共有|有|共|为)*(?P<n>{NUMBER})余?(?:名|人|位)")
# ``6人、`` between 专任教师 and 兼职教师: what follows may count both.
_BOTH = re.compile(rf"(?:有|共|为|共有)?{NUMBER}余?(?:名|人|位)[,、及和与]*(?:聘请|外聘|另聘|另有)?")


@dataclass(frozen=True)
class _Titled:
    rank: Rank
    value: float
    start: int
    end: int
    whole: bool  # 高级职称, 副教授以上: the rank as a whole and not one title of it
    above: bool  # 及以上


def staff_before(sentence: str, end: int) -> str:
    """The people last named before ``end`` in a compact sentence (``兼职教师``); "" for none.

    专兼职教师 stands for both where both are named one after the other.
    """
    found = list(_STAFF.finditer(sentence, 0, end))
    if not found:
        return ""
    last, before = found[-1], found[-2] if len(found) > 1 else None
    if before and _BOTH.fullmatch(sentence, before.end(), last.start()) and before[0] != last[0]:
        return BOTH
    return last[0]


def rank_of(text: str) -> Rank | Literal[""]:
    """The rank of the first title in a text (``副教授`` is senior, ``讲师`` middle, ``助教`` junior), "" for none."""
    token = _TOKEN.search(text)
    return token.lastgroup if token else ""  # type: ignore[return-value]


def title_facts(passage: Passage) -> Iterator[Fact]:
    """Counts of senior, of intermediate or higher, and of lower titles, one of each for each staff of a sentence."""
    sentence = passage.compact
    if not (_CONTEXT.search(sentence) or _CONTEXT.search(passage.chapter)) or _PLANS.search(sentence):
        return
    groups: dict[str, list[_Titled]] = {}
    for titled in _titles(sentence):
        groups.setdefault(staff_before(sentence, titled.start), []).append(titled)
    own = _FULL_TIME.search(sentence)
    if BOTH in groups and own and number_of(own["n"]) == sum(titled.value for titled in groups[BOTH]):
        groups["专任教师"] = groups.pop(BOTH)  # the titles add up to the full-time teachers
    owner = f"《{passage.course}》" if passage.course else ""
    for staff, found in groups.items():
        yield from _facts(passage, owner + staff, found)
    yield from _required(passage)


def _titles(sentence: str) -> Iterator[_Titled]:
    for token in _TOKEN.finditer(sentence):
        rank: Rank = token.lastgroup  # type: ignore[assignment]
        after = _AFTER.match(sentence, token.end())
        before = _BEFORE.search(sentence, 0, token.start())
        found = after or before
        value = number_of(found["n"]) if found else None
        if found is None or value is None:
            continue
        suffix = re.compile(TITLE_SUFFIX).match(sentence, token.end())
        start, end = (token.start(), found.end()) if after else (found.start(), suffix.end() if suffix else token.end())
        words = sentence[start : end + 5]
        above = bool(re.match("(?:及)?以上", sentence[token.end() :]))
        yield _Titled(rank, value, start, end, above or token[0] == "高级" or "高级职称" in words, above)


def _facts(passage: Passage, subject: str, found: list[_Titled]) -> Iterator[Fact]:
    senior = _rank(found, "senior")
    above = [t for t in found if t.rank == "middle" and t.above]
    middle = above or (
        [*senior, *_rank(found, "middle")] if senior else []
    )  # 中级8人 alone leaves the higher ones open
    kinds: tuple[tuple[FactKind, list[_Titled]], ...] = (
        ("senior_count", senior),
        ("intermediate_or_above_count", middle if any(t.rank == "middle" for t in found) or "兼" in subject else []),
        ("below_intermediate_count", _rank(found, "junior")),
    )
    for kind, counted in kinds:
        if counted:
            yield _fact(
                passage, kind, "count", sum(t.value for t in counted), counted[0].start, counted[-1].end, subject
            )


def _rank(found: list[_Titled], rank: Rank) -> list[_Titled]:
    """The counts to add for a rank: the whole rank's own where it is stated, else those of its titles."""
    same = [titled for titled in found if titled.rank == rank]
    whole = [titled for titled in same if titled.whole]
    return whole[:1] or same


def _required(passage: Passage) -> Iterator[Fact]:
    """``兼职教师应具有中级及以上职称``: no count, a requirement or a statement about all of them."""
    pattern = re.compile(
        r"(?P<s>(?:企业|行业|校外|外聘)*兼职(?:专业课?)?教师)[^。]{0,80}?(?P<w>中级(?:及|或)?以上(?:相关)?(?:专业)?(?:技术)?(?:职称|职务|资格))"
    )
    for match in pattern.finditer(passage.compact):
        subject = passage.words(*match.span("s"))
        yield _fact(passage, "intermediate_or_above_count", "text", nan, *match.span("w"), subject)


def _fact(passage: Passage, kind: FactKind, unit: Unit, value: float, start: int, end: int, subject: str) -> Fact:
    figure = Figure(value, passage.text, passage.locator)
    operator = "=" if unit == "text" else operator_of(passage.compact, start, start)
    if operator == ">=":  # 副教授以上职称5人 is exact
        operator = "="
    words = passage.words(start, end)
    return Fact(kind, figure, unit, operator, subject, passage.annex, words, is_norm(passage, start, end))
