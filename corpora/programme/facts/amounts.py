"""Numbers of courses, credits and hours in a sentence, and the labels of blocks of courses around them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from corpora.programme.facts.patterns import is_norm, is_range, operator_of
from corpora.programme.facts.text import NUMBER, Passage, compacted, number_of, strip_numbering
from corpora.programme.model import Fact, FactKind, Figure, Unit

Counted = Literal["courses", "credits", "hours"]

#: Labels of blocks of courses. Not every name with 课程 in it is a block: 外语课程 counts as a course.
_BLOCK_WORD = (
    r"(?:公共|通识|专业群?|职业|素质|集中|综合|创新创业|人文|技能|素养|岗位|学科|大类)*(?:技术|技能|能力|教育)?"
    r"(?:基础|核心|平台|模块|方向|拓展|选修|限选|任选|必修|限定选修|任意选修|任选模块|实践|实训|必选)+"
    r"(?:性)?(?:教学)?(?:学习领域)?(?:课程|课|模块|环节|领域|教学|平台|类)*"
    r"(?!知识|能力|方面|技术|技能|素质|工作|群|基地|条件|团队|教师|项目|的|体系|课|程)"
)
BLOCK = (
    rf"(?:{_BLOCK_WORD}|公共课(?:程)?|专业(?:群)?(?:\(技能\))?课(?:程)?(?:模块)?(?!中)|必修课(?:程)?|选修课(?:程)?|第二课堂|"
    r"素质拓展|通识(?:教育)?课(?:程)?|思政课程|[^\s,;。、:()《》共计含]{2,6}学习领域(?:课程)?|"
    r"(?:专业群?|大类|群|职业|岗位|核心|综合|行业)+(?:技术|技能|能力|主干|共享|互选|通用|公共|综合)+课(?:程)?(?:模块)?(?!中|标准|体系)|"
    r"[^,;。:()《》]{1,30}类(?:课程|课)?(?=分别|各|修满|不低于|至少|不少于))"
)
_BLOCKS = re.compile(rf"(?<!每)(?P<s>{BLOCK}(?:[+、和与及]{BLOCK})*)")
_IS_BLOCK = re.compile(rf"(?:各类)?{BLOCK}(?:设置|课程设置|设置与描述|要求|模块)?")
#: Block words that say nothing alone: 两个方向, 每个模块, 自主选修20学分.
_BARE = re.compile(
    r"(?:教学|职业|综合)?(?:基础|核心|平台|模块|方向|拓展|选修|限选|任选|必修|实践|实训|必选|技能)+性?(?:教学|类|环节)*"
)
_ENDS_AS_BLOCK = re.compile(r"课(?:程)?模块$|(?:基础|核心|拓展|选修|必修|限选|任选|平台|专业)课(?:程)?$")

# A number of courses, credits or hours; not of each course, of a semester, or a range.
_AMOUNT = re.compile(
    rf"(?<![\d.\-至到每第])(?<!\d/)(?P<n>{NUMBER}|\d+)"
    r"(?:(?P<courses>门)|个?(?P<credits>学分)|个?(?P<hours>学时|课时))(?!/(?:学?期|周|天)|计|制|课?以上)"
)
_LABELLED = re.compile(
    r"(?:(?P<credits>学分)|(?P<hours>学时|课时))(?:数|为|共|:|计)*(?P<n>\d+(?:\.\d+)?)(?![\d%]|学分|个?学时|周)"
)
_NOT_WHOLE = re.compile(
    r"(?:每周[^。;]{0,16}|每[^,、;。]{0,8}|各[^,、;。]{0,4}|学期|学年|[理实]论?践?(?:教学|课)?|含[^,、;。(]{0,8}|线上|线下|自学|课外)$"
)


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of courses, credits or hours, at ``start``..``end`` of a compact sentence."""

    unit: Counted
    value: float
    start: int
    end: int

    def overlaps(self, spans: list[tuple[int, int]]) -> bool:
        """Whether it shares characters with one of the spans."""
        return any(self.start < end and start < self.end for start, end in spans)


def amounts(sentence: str, start: int, end: int) -> list[Amount]:
    """The amounts between two places of a sentence that are not of each course, of a semester or of a part."""
    found: list[Amount] = []
    units: tuple[Counted, ...] = ("courses", "credits", "hours")
    for pattern in (_AMOUNT, _LABELLED):
        for match in pattern.finditer(sentence, start, end):
            unit = next(name for name in units if match.groupdict().get(name))
            value = number_of(match["n"])
            before = sentence[max(start, match.start() - 20) : match.start()]
            if value is None or is_range(match["n"], "") or _NOT_WHOLE.search(before):
                continue
            amount = Amount(unit, value, *match.span())
            if not amount.overlaps([(other.start, other.end) for other in found]):
                found.append(amount)
    return sorted(found, key=lambda amount: amount.start)


def named_blocks(sentence: str) -> Iterator[re.Match[str]]:
    """Block labels (group ``s``) of a sentence that tell something, those inside the name of a course left out."""
    names = [match.span() for match in re.finditer(r"《[^》]*》", sentence)]
    for match in _BLOCKS.finditer(sentence):
        alternative = sentence[max(0, match.start() - 1) : match.start()] == "或"
        if not alternative and not _BARE.fullmatch(match["s"]) and not any(a <= match.start() < b for a, b in names):
            yield match


def is_block(name: str) -> bool:
    """Whether a title names a block of courses and not one course."""
    compact, _ = compacted(strip_numbering(name))
    return bool(_IS_BLOCK.fullmatch(compact) or _ENDS_AS_BLOCK.search(compact))


def amount_fact(passage: Passage, kind: FactKind, amount: Amount, subject: str) -> Fact:
    """A fact of one amount, its number and unit being the decisive words."""
    units: dict[Counted, Unit] = {"courses": "count", "credits": "credits", "hours": "hours"}
    figure = Figure(amount.value, passage.text, passage.locator)
    operator = operator_of(passage.compact, amount.start, amount.start)
    words = passage.words(amount.start, amount.end)
    norm = is_norm(passage, amount.start, amount.end)
    return Fact(kind, figure, units[amount.unit], operator, subject, passage.annex, words, norm)
