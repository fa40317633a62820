"""Object lists: cut at 、 和 与 及, and trimmed of what is no content (各类…, …等知识, …的能力)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from corpora.verbs import LEVELS, NOMINAL, final_verb, same_skill, verb_at

_SEPARATOR = re.compile(r"、|，?以及|[和与及]")
_INSIDE_WORD = re.compile(
    r"参与|以及|普及|涉及|及时|及格|危及|和谐|总和|饱和|温和|中和|缓和|平和|和平|共和|调和|与会|给与|赋与|和谐|及其"
)
_BRACKETS = re.compile(r"[（(「“《][^）)」”》]*[）)」”》]")
_LEFT = re.compile(
    r"(?:良好|较强|较好|较高|一定|坚定|深厚|扎实|必备|必要|正确|强烈|浓厚|健康|健全|相应|相关|有关|有效|科学|高度|优良|基础|丰富)的|"
    r"各类|各种|各项|相关(?!性)|有关|整个|有效|本专业必需的|\s"
)
_RELATIVE = re.compile(r"\s*(?:与|支撑|从事|满足|符合|适应)[^，；。]*?(?:相关|必备|必需|适应|所需|需要|需求|要求)的")
_RIGHT = re.compile(
    r"的+(?:(?:基本|应用|运用|实践)?能力|使用方法|操作方法|相关知识|(?:基本|基础)?知识|素质)$|方面的.*$|的?(?:基本)?概念$|[\s，；。、：:]$"
)
_ETC = re.compile(r"(?<![高中初平同均对优劣上下])等(?![级同待价离效压号候距分])")
_HEAD = re.compile(r"(?:能力|技能|工作|活动|方法|服务(?<=转化服务))$")
_COMPOUND = re.compile(
    r"细分市场|整合营销|(?:\S{2})(?:能力|技能|方法|报告|方案|计划|系统|工具|软件|仪器|设备|技术|标准|规范|流程)$"
)
_PAIR = re.compile(r"线上(?=线下)|课内(?=课外)|校内(?=校外)|院内(?=院外)")

#: Phrases of the official template that look like lists and are none.
_WHOLE = re.compile(r"劳动光荣、技能宝贵、创造伟大的时代精神|军事理论与军训")


@dataclass(frozen=True, slots=True)
class Item:
    """One member of a list.

    Parameters
    ----------
    start, end, text : its span in the statement and its wording.
    lead : the separator in front of it.
    shared : the verb that the list has in common (A、B的设计: 设计), else "".
    """

    start: int
    end: int
    text: str
    lead: str = ""
    shared: str = ""

    @property
    def deed(self) -> str:
        """The verb the item ends in (竞品数据分析 -> 分析; 活动策划能力 -> 策划), else ""."""
        return self.shared or final_verb(_HEAD.sub("", self.text))

    @property
    def deeds(self) -> tuple[str, ...]:
        """All verbs it ends in (活动复盘与总结 -> 复盘, 总结)."""
        last = self.deed
        pair = re.search(rf"(\S{{2}})[和与及]{last}$", _HEAD.sub("", self.text)) if last else None
        return (pair[1], last) if pair and pair[1] in LEVELS else (last,) if last else ()


def split_items(text: str, start: int, end: int) -> list[Item]:
    """Members of the list in ``text[start:end]``, trimmed; what follows 等 is dropped."""
    relative = _RELATIVE.match(text, start, end)
    start = relative.end() if relative else start
    cut = _ETC.search(text, start + 1, end)
    stop = cut.start() if cut else end
    parts = list(_parts(text, start, stop))
    items = [trim(text, begin, finish, lead) for begin, finish, lead in parts]
    return [item for item in items if item.text]


def tail_after_etc(text: str, start: int, end: int) -> str:
    """The head noun behind 等 (…等知识 -> 知识), else ""."""
    cut = _ETC.search(text, start + 1, end)
    tail = text[cut.end() : end] if cut else ""
    return re.sub(r"^(?:方面|相关|有关)?的?|[，；。\s]+$", "", tail)


def ability_tail(text: str, start: int, end: int) -> str:
    """What behind 的 makes the whole list abilities (…的能力, …软件的应用能力), else ""."""
    found = re.search(r"的+((?:基本|应用|运用|实践)?能力)$", text[start:end].rstrip("，；。 "))
    return found[1] if found else ""


def trim(text: str, start: int, end: int, lead: str = "") -> Item:
    """The item without modifiers that are no content at its left and right."""
    while start < end:
        left = _LEFT.match(text, start, end)
        right = None if left else _RIGHT.search(text[start:end])
        if left:
            start = left.end()
        elif right:
            end = start + right.start()
        else:
            break
    return Item(start, end, text[start:end], lead)


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    closed = [m.span() for pattern in (_BRACKETS, _INSIDE_WORD, _WHOLE) for m in pattern.finditer(text, start, end)]
    borders: list[tuple[int, int, str]] = [(start, start, "")]
    for found in _SEPARATOR.finditer(text, start, end):
        inside = any(a <= found.start() and found.end() <= b for a, b in closed) and not found.group().endswith("以及")
        if not inside and not _one_skill(text[borders[-1][1] : found.start()], found.group(), text[found.end() : end]):
            borders.append((found.start(), found.end(), found.group()))
    borders += [(m.end(), m.end(), "、") for m in _PAIR.finditer(text, start, end)]
    borders.sort()
    for (_, begin, lead), (finish, _, _) in pairwise([*borders, (end, end, "")]):
        yield begin, finish, lead


def _one_skill(left: str, separator: str, right: str) -> bool:
    """Whether two verbs around a separator name one skill (运营与管理, 优化和改进建议)."""
    if separator == "、":
        return False
    before = final_verb(left.rstrip())
    after = verb_at(right.lstrip())
    return bool(before and after) and same_skill(before, after)


def share_heads(items: list[Item]) -> list[Item]:
    """Give up what list members share: A、B的设计 -> A, B; 页面的排版、设计 -> 排版, 设计."""
    cut = [_without_shared(items, n) for n in range(len(items))]
    last = max((n for n, item in enumerate(cut) if item.shared), default=-1)
    reach = 1 if last == 0 else last - 1
    return [replace(item, shared=cut[last].shared) if n <= reach and last >= 0 else item for n, item in enumerate(cut)]


def _without_shared(items: list[Item], n: int) -> Item:
    item = items[n]
    place = item.text.find("的")
    if place <= 0 or len(items) == 1:
        return item
    after = item.text[place + 1 :].strip()
    neighbour = items[n - 1] if n else items[1]
    if after in LEVELS and not neighbour.deed:
        return replace(item, end=item.start + place, text=item.text[:place], shared=after)
    if n == 0 and len(after) >= 4 and final_verb(after) and all(other.deed for other in items[1:]):
        return replace(item, start=item.end - len(after), text=after)
    return item


def opens_predicate(item: Item, nominal_too: bool) -> str:
    """The verb that a list member begins with when it has an object of its own (活跃社群), else "".

    Parameters
    ----------
    item : the member.
    nominal_too : whether verbs that are mostly nouns count (管理粉丝 behind 活跃社群).
    """
    verb = verb_at(item.text)
    thing = item.text[len(verb) :].strip()
    if not verb or not thing or (verb in NOMINAL and not nominal_too) or _COMPOUND.match(item.text):
        return ""
    nominalised = thing.startswith("的") or (final_verb(thing) and not nominal_too and len(thing) <= 2)
    return "" if nominalised else verb
