"""Numbers of courses, credits and hours of whole blocks of courses in a plan's sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpora.programme.facts.amounts import BLOCK, Amount, Counted, amount_fact, amounts, is_block, named_blocks
from corpora.programme.facts.text import Passage, compacted, strip_numbering
from corpora.programme.model import Fact, FactKind

_GENERIC = re.compile(r"(?:选修|模块|方向|平台|实践|基础)?课(?:程)?")
_EITHER = re.compile(r"(?:必修|选修)课(?:程)?")
_NO_BLOCK = re.compile(rf"实践性?教学|实践性教学环节|{_GENERIC.pattern}")
_ANY_ELECTIVE = re.compile(r"(?:各类)?选修(?:课程?|模块)?")
_PUBLIC = re.compile(r"公共(?:基础)?课程?")
#: More credits than a block has: the plan's own.
_MOST_CREDITS = 130

# Words between a block and its number that say nothing of another one.
_FILL = re.compile(
    rf"{BLOCK}|共有?|共计|总计|合计|计|设置?|开设|包括|包含|含|等|有|为|课程?|模块|环节|领域|总?学分|总?学时|课时|门|修满|不低于|"
    r"不少于|不超过|不高于|至少|最少|最多|限选|限定|学生|毕业|要求|应|须|需|必须|建议|原则上|一般|其中|每人|在校期间|自主|选修|"
    r"分别|成绩|活动|约|为期|达到?|数|总|的|个|[(:+]"
)
_HALF = re.compile(r"(?:^|其中)(?:必修|选修)(?:课程?)?$")
# A bracket after the block or after another amount of it, or with a block of its own.
_OWN_BRACKET = re.compile(rf"(?:{BLOCK}|\d(?:门|个?学分|个?学时)|课程)\([^(]*$|\([^(]*{BLOCK}[^(]*$")
_ONE_DIRECTION = re.compile(r"其中[^,。;]{1,16}方向")
_LIST = re.compile(r"[、和与及]")
_OTHER_SUBJECT = re.compile(r"《|[^\W\d]{2,12}\(\d|%|实践性?教学|理论教学")
_SUMMED = re.compile(r"(?:共|合计|总计|共计)$")
_EACH = re.compile(r"[每各][门个]?$")
_NO_COURSES = re.compile(r"精品|在线开放|教材|课题|数字资源|资源库|建成|示范|线上课程|任课|承担|讲授|主讲|担任")
_WHOLE_SENTENCE = re.compile(r"(?:共|分为|合计|计|学生|总|其中|各|修满|至少)")
_KINDS: dict[Counted, FactKind] = {
    "credits": "category_credits",
    "hours": "category_hours",
    "courses": "category_courses",
}


def block_facts(passage: Passage, taken: list[tuple[int, int]]) -> Iterator[Fact]:
    """What a sentence says of blocks of courses.

    Parameters
    ----------
    passage : the sentence.
    taken : places in it whose numbers are of single courses.
    """
    sentence = passage.compact
    if not any(word in sentence for word in ("学分", "学时", "课时", "门")) or passage.course:
        return
    blocks = list(named_blocks(sentence))
    for amount in amounts(sentence, 0, len(sentence)):
        subject = "" if amount.overlaps(taken) else _block_of(passage, blocks, amount)
        if subject and _plausible(sentence, amount):
            yield from _block_fact(passage, amount, subject)


def _block_of(passage: Passage, blocks: list[re.Match[str]], amount: Amount) -> str:
    """The block that an amount is of: named before it in the sentence, by its paragraph, or by the heading."""
    sentence = passage.compact
    named = [match for match in blocks if match.end() <= amount.start]
    if named and (_EACH.search(sentence[: named[-1].start()]) or sentence[named[-1].end() :].startswith("中")):
        return ""  # 每门专业核心课, 专业选修课中
    if named and len(named) > 1 and _EITHER.fullmatch(named[-1]["s"]) and is_block(passage.lead):
        return ""  # 公共基础课程：必修课14门、选修课4门
    if named:
        between = sentence[named[-1].end() : amount.start]
        near = len(between) <= (60 if amount.unit == "courses" else 90)
        return passage.words(*_specific(named).span("s")) if near and not _OTHER_SUBJECT.search(between) else ""
    if _ONE_DIRECTION.search(sentence[: amount.start]):
        return ""
    if passage.lead:
        return passage.lead if is_block(passage.lead) else ""
    heading = strip_numbering(passage.headings[-1]) if passage.headings else ""
    whole = passage.place == "text" and _WHOLE_SENTENCE.match(sentence)
    return heading if whole and is_block(heading) else ""


def _specific(named: list[re.Match[str]]) -> re.Match[str]:
    """The block named last; the sentence's own where that one is general (专业选修课 … 选修课程，不低于6学分)."""
    last, first = named[-1], named[0]
    general = _GENERIC.fullmatch(last["s"]) and re.sub("课(?:程)?$", "", last["s"]) in first["s"]
    return first if general and first.start() <= 4 else last


def _plausible(sentence: str, amount: Amount) -> bool:
    """Whether nothing else stands right before an amount that it may be of; the end of a list of courses may."""
    start = max(sentence.rfind(sign, 0, amount.start) for sign in ",、;。(:") + 1
    local = sentence[start : amount.start]
    if _HALF.search(local) and (amount.unit == "courses" or "必修" in sentence[: amount.start]):
        return False  # （必修15门，选修4门）
    if sentence[start - 1 : start] == "(" and not _OWN_BRACKET.search(sentence[: start - 1] + "(" + local):
        return False  # 创新实践 … 以项目运营（13学分）的形式
    rest = _FILL.sub("", local)
    if amount.unit != "courses":
        summed = sentence[start - 1 : start] == "、" and _SUMMED.search(local)  # 甲、乙、丙共31学分
        return len(rest) < 2 or sentence[: amount.start].endswith("等") or bool(summed)
    if amount.value < 2 or _NO_COURSES.search(sentence[max(0, amount.start - 24) : amount.end + 6]):
        return False
    listed = sentence[: amount.start].endswith("等") or _LIST.search(sentence[max(0, start - 1) : amount.start])
    return len(rest) < 2 or bool(listed)


def _block_fact(passage: Passage, amount: Amount, subject: str) -> Iterator[Fact]:
    """The fact of a block's amount; of all electives and of the public block, where it is one of these."""
    name, _ = compacted(strip_numbering(subject))
    parts = re.split("[+、和与及]", name)
    elective = _ANY_ELECTIVE.fullmatch(name) or (len(parts) > 1 and all("选" in part for part in parts))
    if elective and amount.unit != "courses":
        yield amount_fact(passage, "elective_credits" if amount.unit == "credits" else "elective_hours", amount, "")
    elif amount.unit == "hours" and _PUBLIC.fullmatch(name):
        yield amount_fact(passage, "public_hours", amount, "")
    elif not _NO_BLOCK.fullmatch(name) and not (amount.unit == "credits" and amount.value > _MOST_CREDITS):
        yield amount_fact(passage, _KINDS[amount.unit], amount, re.sub("^(?:其中|以及|包括|包含)+", "", subject))
