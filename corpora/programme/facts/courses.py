"""Hours and credits of single courses in a plan's sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpora.programme.facts.amounts import Amount, amount_fact, amounts, is_block
from corpora.programme.facts.blocks import block_facts
from corpora.programme.facts.text import Passage
from corpora.programme.model import Fact, FactKind

# 《大学国文》32学时，2学分
_TITLED = re.compile(r"[《【](?P<s>[^》】]{2,40})[》】](?P<tail>[^《【。;]{0,60})")
_ONE = r"(?:共|计)?\d+(?:\.\d+)?个?(?:学分|学时|课时)"
# 创意思维（16学时/1学分）
_BRACKETED = re.compile(rf"(?P<s>[^\W\d](?:[^,;。、:《》()]|\([^)]*\)){{1,24}}?)\((?P<tail>{_ONE}(?:[,/、]?{_ONE})?)\)")
# 认识实习，1学分，16学时: in the middle of a sentence too
_EARLY = re.compile(rf"(?P<s>认[知识](?:岗位)?实习|毕业设计)[,:(]?(?P<tail>{_ONE}[,、]{_ONE})")
# 劳动专题16学时，1学分: a name without signs before its numbers
_PLAIN = re.compile(
    r"^(?:[(（]?[一二三四五六七八九\d]+[)）、.]+)?"
    r"(?P<s>(?!本|该|每|各|总|共|理论|实践|其中|学|第)[^\W\d](?:(?!学时|学分|课时|每|折算)[^,。;:、()《》\d]){1,15}?)"
    r"(?P<w>每周\d+(?:学时|课时)[^。;\d]{0,16}?)?(?:总学时|共计|共|计|为)?\d+(?:\.\d+)?(?:个?(?:学时|课时|学分)[,/、\d]|学分\d)"
)
_NO_NAME = re.compile(r"学时|学分|课时|换算|计算|安排|说明|代码|要求|分配|名称|总")
_NOT_HOURS_OF = re.compile("等|包括|先修|前导|后续|中实施|选修|任选|门课")
_THIS_COURSE = re.compile(
    r"^(?:[(（]?[一二三四五六七八九\d]+[)）、.]+)*(?:本课程|该课程|课程|参考|总|学分|学时|课时|共|为|:|[\d(])"
)
_PART = re.compile(r"(?:理论|实践)(?:教学)?(\d+)个?[学课]时")
_KINDS: dict[str, FactKind] = {"credits": "course_credits", "hours": "course_hours"}


def course_facts(passage: Passage) -> Iterator[Fact]:
    """Hours and credits of single courses, and what a sentence says of whole blocks of courses."""
    taken: list[tuple[int, int]] = []
    if passage.place == "text" and any(word in passage.compact for word in ("学分", "学时", "课时")):
        for name, start, end, needed in _named(passage):
            found = _amounts_of(passage.compact, start, end)
            if len(found) >= needed and not any(amount.overlaps(taken) for amount in found):
                taken.extend((amount.start, amount.end) for amount in found)
                yield from (amount_fact(passage, _KINDS[amount.unit], amount, name) for amount in found)
    yield from block_facts(passage, taken)


def _named(passage: Passage) -> Iterator[tuple[str, int, int, int]]:
    """(course, start, end, amounts needed) for each stretch of a sentence that may state a course's hours."""
    sentence = passage.compact
    if passage.annex and passage.course and _THIS_COURSE.search(sentence):
        yield passage.course, 0, len(sentence), 1
    if passage.lead and passage.first and not passage.course and sentence[:1] not in "《【" and _is_name(passage.lead):
        yield passage.lead, 0, len(sentence), 2
    plain = _PLAIN.match(sentence)
    if plain and not passage.course and _is_name(plain["s"]):
        yield passage.words(*plain.span("s")), plain.end("w" if plain["w"] else "s"), len(sentence), 2
    for match in _EARLY.finditer(sentence):
        yield passage.words(*match.span("s")), *match.span("tail"), 2
    for match in (*_TITLED.finditer(sentence), *_BRACKETED.finditer(sentence)):
        name = re.split("开设|包括|包含|含有|设有|设置|以及", passage.words(*match.span("s")))[-1]
        fits = not re.search(r"实习|\d门", name) and not _NOT_HOURS_OF.search(match["tail"][:20])
        if fits and not is_block(name):
            yield name, *match.span("tail"), 1


def _is_name(text: str) -> bool:
    """Whether a title may be a course's name."""
    return not is_block(text) and not _NO_NAME.search(text)


def _amounts_of(sentence: str, start: int, end: int) -> list[Amount]:
    """The first hours and the first credits between two places of a sentence."""
    found = [amount for amount in amounts(sentence, start, end) if amount.unit != "courses"]
    hours = next((a for a in found if a.unit == "hours"), None) or _parts(sentence, start, end)
    credits_ = next((a for a in found if a.unit == "credits"), None)
    return [amount for amount in (hours, credits_) if amount]


def _parts(sentence: str, start: int, end: int) -> Amount | None:
    """Hours stated only in parts: 理论教学8学时+实践教学8学时."""
    parts = list(_PART.finditer(sentence, start, end))
    if not parts or re.search(r"[学课]时", sentence[start : parts[0].start()]):
        return None
    return Amount("hours", sum(float(part[1]) for part in parts), parts[0].start(), parts[-1].end())
