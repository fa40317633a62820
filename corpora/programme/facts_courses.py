"""Hours and credits of single courses, and numbers of courses, credits and hours of blocks, in a plan's sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpora.programme.facts_patterns import is_norm, is_range, operator_of
from corpora.programme.facts_text import NUMBER, Passage, compacted, number_of, strip_numbering
from corpora.programme.model import Fact, FactKind, Figure, Unit

#: Labels of blocks of courses. Not every name with 课程 in it is a block: 外语课程 counts as a course.
_BLOCK_WORD = (
    r"(?:公共|通识|专业群?|职业|素质|集中|综合|创新创业|人文|技能|素养|岗位|学科|大类)*(?:技术|技能|能力|教育)?"
    r"(?:基础|核心|平台|模块|方向|拓展|选修|限选|任选|必修|限定选修|任意选修|任选模块|实践|实训|必选)+(?:性)?(?:教学)?(?:学习领域)?"
    r"(?:课程|课|模块|环节|领域|教学|平台|类)*(?!知识|能力|方面|技术|技能|素质|工作|群|基地|条件|团队|教师|项目|的|体系|课|程)"
)
_BLOCK = (
    rf"(?:{_BLOCK_WORD}|公共课(?:程)?|专业(?:群)?课(?:程)?(?:模块)?(?!中)|必修课(?:程)?|选修课(?:程)?|第二课堂|素质拓展|"
    rf"通识教育课(?:程)?|思政课程|[^\s,;。、:()《》共计含]{{2,6}}学习领域|[^,;。:()《》]{{1,30}}类(?:课程|课)?(?=分别|各|修满|不低于|至少|不少于))"
)
_BLOCKS = re.compile(rf"(?<!每)(?P<s>{_BLOCK}(?:[+、和与及]{_BLOCK})*)")
_IS_BLOCK = re.compile(rf"(?:各类)?{_BLOCK}(?:设置|课程设置|设置与描述|要求|模块)?")
#: Block words that say nothing alone: 两个方向, 每个模块, 自主选修20学分.
_BARE = re.compile(
    r"(?:教学|职业|综合)?(?:基础|核心|平台|模块|方向|拓展|选修|限选|任选|必修|实践|实训|必选|技能)+性?(?:教学|类|环节)*"
)
_GENERIC = re.compile(r"(?:选修|模块|方向|平台|实践|基础)?课(?:程)?")
_ENDS_AS_BLOCK = re.compile(r"课(?:程)?模块$|(?:基础|核心|拓展|选修|必修|限选|任选|平台|专业)课(?:程)?$")
_ANY_ELECTIVE = re.compile(r"(?:各类)?选修(?:课程?|模块)?")
_PUBLIC = re.compile(r"公共(?:基础)?课程?")

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
_COUNTED = re.compile(
    r"(?:共有?|共计|总计|合计|计|设置?|开设|包括|包含|等|有|为|课程?|模块|环节|领域|学分|学时|课时|门|修满|不低于|不少于|不超过|不高于|至少|最多|限选|,)$"
)
_NO_COURSES = re.compile(r"精品|在线开放|教材|课题|数字资源|资源库|建成|示范|线上课程|任课|承担|讲授|主讲|担任")

_TITLED = re.compile(r"《(?P<s>[^》]{2,40})》(?P<tail>[^《。;]{0,60})")
_ONE = r"(?:共|计)?\d+(?:\.\d+)?个?(?:学分|学时|课时)"
_BRACKETED = re.compile(rf"(?P<s>[^\W\d](?:[^,;。、:《》()]|\([^)]*\)){{1,24}}?)\((?P<tail>{_ONE}(?:[,/、]?{_ONE})?)\)")
# 劳动教育16学时，1学分: a name without signs before its numbers.
_PLAIN = re.compile(
    r"^(?:[(（]?[一二三四五六七八九\d]+[)）、.]+)?(?P<s>(?!本|该|每|各|总|共|理论|实践|其中|学|第)[^\W\d](?:(?!学时|学分|课时|每|折算)[^,。;:、()《》\d]){1,15}?)"
    r"(?:共计|共|计|为)?\d+(?:\.\d+)?个?(?:学时|课时|学分)[,/、]"
)
_THIS_COURSE = re.compile(
    r"^(?:[(（]?[一二三四五六七八九\d]+[)）、.]+)*(?:本课程|该课程|课程|参考|总|学分|学时|课时|共|为|:|[\d(])"
)


@dataclass(frozen=True)
class _Amount:
    unit: str  # courses, credits, hours
    value: float
    start: int
    end: int


_KINDS: dict[str, tuple[FactKind, FactKind, Unit]] = {
    "credits": ("course_credits", "category_credits", "credits"),
    "hours": ("course_hours", "category_hours", "hours"),
    "courses": ("category_courses", "category_courses", "count"),
}


def course_facts(passage: Passage) -> Iterator[Fact]:
    """Hours and credits of single courses, and what a sentence says of whole blocks of courses."""
    taken: list[tuple[int, int]] = []
    if passage.place == "text" and any(word in passage.compact for word in ("学分", "学时", "课时")):
        yield from _single_courses(passage, taken)
    yield from _blocks(passage, taken)


def _single_courses(passage: Passage, taken: list[tuple[int, int]]) -> Iterator[Fact]:
    """Hours and credits of single courses, in running text; ``taken`` gets the places of their numbers."""
    sentence = passage.compact
    if passage.annex and passage.course and _THIS_COURSE.search(sentence):
        yield from _of_course(passage, passage.course, 0, len(sentence), taken, 1)
    if (
        passage.lead
        and passage.first
        and not passage.course
        and not _block_name(passage.lead)
        and not sentence.startswith("《")
    ):
        yield from _of_course(passage, passage.lead, 0, len(sentence), taken, 2)
    plain = _PLAIN.match(sentence)
    if plain and not taken and not passage.course and not _block_name(plain["s"]):
        yield from _of_course(passage, passage.words(*plain.span("s")), plain.end("s"), len(sentence), taken, 2)
    for match in (*_TITLED.finditer(sentence), *_BRACKETED.finditer(sentence)):
        name = re.split("开设|包括|包含|含有|设有|设置|以及", passage.words(*match.span("s")))[-1]
        if (
            not any(start < match.end() and match.start() < end for start, end in taken)
            and not _block_name(name)
            and not re.search(r"实习|\d门", name)
            and not re.search("等|包括|先修|前导|后续|中实施|选修|任选|门课", match["tail"][:20])
        ):
            yield from _of_course(passage, name, *match.span("tail"), taken, 1)


def _of_course(
    passage: Passage, name: str, start: int, end: int, taken: list[tuple[int, int]], needed: int
) -> Iterator[Fact]:
    """The first hours and credits between two places of a sentence, when at least ``needed`` of them are there."""
    amounts = [a for a in _amounts(passage.compact, start, end) if a.unit != "courses"]
    found = [next((a for a in amounts if a.unit == unit), None) for unit in ("hours", "credits")]
    if found[0] is None:
        found[0] = _parts(passage.compact, start, end)
    known = [amount for amount in found if amount]
    if len(known) < needed:
        return
    taken.extend((amount.start, amount.end) for amount in known)
    for amount in known:
        yield _fact(passage, _KINDS[amount.unit][0], amount, name)


def _parts(sentence: str, start: int, end: int) -> _Amount | None:
    """Hours stated only in parts: 理论教学8学时+实践教学8学时."""
    parts = list(re.finditer(r"(?:理论|实践)(?:教学)?(\d+)个?[学课]时", sentence[start:end]))
    if not parts or re.search(r"[学课]时", sentence[start:end][: parts[0].start()]):
        return None
    value = sum(float(part[1]) for part in parts)
    return _Amount("hours", value, start + parts[0].start(), start + parts[-1].end())


def _blocks(passage: Passage, taken: list[tuple[int, int]]) -> Iterator[Fact]:
    """Numbers of courses, credits and hours of a block of courses."""
    sentence = passage.compact
    if not any(word in sentence for word in ("学分", "学时", "课时", "门")) or passage.course:
        return
    blocks = list(_named_blocks(sentence))
    for amount in _amounts(sentence, 0, len(sentence)):
        if any(amount.start < end and start < amount.end for start, end in taken):
            continue
        subject = _block_of(passage, blocks, amount)
        if subject and _plausible(sentence, amount):
            yield from _block_fact(passage, amount, subject)


_OTHER_SUBJECT = re.compile(r"《|[^\W\d]{2,12}\(\d|%|实践性?教学|理论教学")
_EACH = re.compile(r"[每各][门个]?$")


def _named_blocks(sentence: str) -> Iterator[re.Match[str]]:
    """Block labels of a sentence that tell something, those inside the name of a course left out."""
    names = [match.span() for match in re.finditer(r"《[^》]*》", sentence)]
    for match in _BLOCKS.finditer(sentence):
        alternative = sentence[max(0, match.start() - 1) : match.start()] == "或"
        if not alternative and not _BARE.fullmatch(match["s"]) and not any(a <= match.start() < b for a, b in names):
            yield match


def _block_of(passage: Passage, blocks: list[re.Match[str]], amount: _Amount) -> str:
    """The block that an amount is of: named before it in the sentence, by its paragraph, or by the heading."""
    sentence = passage.compact
    named = [match for match in blocks if match.end() <= amount.start]
    if named and (_EACH.search(sentence[: named[-1].start()]) or sentence[named[-1].end() :].startswith("中")):
        return ""  # 每门专业核心课, 专业选修课中
    if named:
        between = sentence[named[-1].end() : amount.start]
        if len(between) <= (60 if amount.unit == "courses" else 90) and not _OTHER_SUBJECT.search(between):
            return passage.words(*_specific(named).span("s"))
        return ""
    if passage.lead:
        return passage.lead if _block_name(passage.lead) else ""
    heading = strip_numbering(passage.headings[-1]) if passage.headings else ""
    starts_with = re.match(r"(?:共|分为|合计|计|学生|总|其中|各|修满|至少)", sentence)
    return heading if starts_with and _block_name(heading) and passage.place == "text" else ""


def _specific(named: list[re.Match[str]]) -> re.Match[str]:
    """The block named last; the sentence's own where that one is general (专业选修课 … 选修课程，不低于6学分)."""
    last, first = named[-1], named[0]
    general = _GENERIC.fullmatch(last["s"]) and re.sub("课(?:程)?$", "", last["s"]) in first["s"]
    return first if general and first.start() <= 4 else last


def _plausible(sentence: str, amount: _Amount) -> bool:
    """Whether the words before an amount count the block as a whole."""
    before = sentence[max(0, amount.start - 14) : amount.start]
    if amount.unit == "courses" and (
        _NO_COURSES.search(sentence[max(0, amount.start - 24) : amount.end + 6]) or amount.value < 2
    ):
        return False
    stripped = re.sub(r"[(的个余约:、/]+$", "", before)
    if _COUNTED.search(stripped) or not stripped:
        return True
    return amount.unit != "courses" and bool(re.search(rf"{_BLOCK}$", stripped))


def _block_fact(passage: Passage, amount: _Amount, subject: str) -> Iterator[Fact]:
    name, _ = compacted(strip_numbering(subject))
    kind = _KINDS[amount.unit][1]
    parts = re.split("[+、和与及]", name)
    elective = _ANY_ELECTIVE.fullmatch(name) or (len(parts) > 1 and all("选" in part for part in parts))
    if elective and amount.unit != "courses":
        yield _fact(passage, "elective_credits" if amount.unit == "credits" else "elective_hours", amount, "")
    elif amount.unit == "hours" and _PUBLIC.fullmatch(name):
        yield _fact(passage, "public_hours", amount, "")
    elif not re.fullmatch(rf"实践性?教学|实践性教学环节|{_GENERIC.pattern}", name) and not (
        amount.unit == "credits" and amount.value > 130
    ):
        yield _fact(passage, kind, amount, re.sub("^(?:其中|以及|包括|包含)+", "", subject))


def _amounts(sentence: str, start: int, end: int) -> list[_Amount]:
    """The amounts between two places of a sentence that are not of each course, of a semester or of a part."""
    found: list[_Amount] = []
    for pattern in (_AMOUNT, _LABELLED):
        for match in pattern.finditer(sentence, start, end):
            unit = next(name for name in ("courses", "credits", "hours") if match.groupdict().get(name))
            value = number_of(match["n"])
            before = sentence[max(start, match.start() - 14) : match.start()]
            if value is None or is_range(match["n"], "") or _NOT_WHOLE.search(before):
                continue
            if not any(match.start() < a.end and a.start < match.end() for a in found):
                found.append(_Amount(unit, value, match.start(), match.end()))
    return sorted(found, key=lambda amount: amount.start)


def _block_name(name: str) -> bool:
    """Whether a title names a block of courses and not one course."""
    compact, _ = compacted(strip_numbering(name))
    return bool(_IS_BLOCK.fullmatch(compact) or _ENDS_AS_BLOCK.search(compact))


def _fact(passage: Passage, kind: FactKind, amount: _Amount, subject: str) -> Fact:
    figure = Figure(amount.value, passage.text, passage.locator)
    start, end = amount.start, amount.end
    unit = _KINDS[amount.unit][2]
    operator = operator_of(passage.compact, start, start)
    words = passage.words(start, end)
    return Fact(kind, figure, unit, operator, subject, passage.annex, words, is_norm(passage, start, end))
