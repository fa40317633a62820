"""Words an element so that it stands alone: its verb in front, what a list left out put back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from corpora.verbs import LEVELS

if TYPE_CHECKING:
    from corpora.elements.cutting import Cut
    from corpora.elements.items import Item

_SHARED_HEAD = re.compile(
    r"(?:策略|方案|方法|特点|软件|工具|计划|流程|规则|系统|能力|报告|体系|技术|工艺|设备|仪器|程序|原理|结构|指标|要点)$"
)
_COMPLETE = re.compile(
    rf"{_SHARED_HEAD.pattern}|(?:规范|标准|准则|制度|图|目标|知识|数据|信息|领导|精神|意识|素养|器|表|机|装置|材料|资料|参数)$"
)


def phrase(verb: str, thing: str, tail: str) -> str:
    """Verb, object and the head noun behind 等 (掌握 + 关键词优化 + 知识)."""
    head = "" if not tail or thing.endswith(tail) else tail
    return f"{verb}{thing}{head}"


def restore(cut: Cut, course_title: str, kind: str) -> Cut:
    """Name the course where a task has no object of its own (持续跟踪 -> 持续跟踪数据化运营)."""
    bare = kind == "task" and course_title and cut.key.startswith(("持续", "日常"))
    return replace(cut, text=f"{cut.text}{course_title}") if bare else cut


def restored_items(items: Sequence[Item]) -> list[str]:
    """Wording of each list member with what the list left out.

    A bare verb takes the thing of the member before it (流量获取与转化 -> 流量转化); a member without a head noun takes
    that of the one it is joined to (商品配置与新品促销策略 -> 商品配置策略).
    """
    words: list[str] = []
    thing = ""
    for n, item in enumerate(items):
        word = item.text
        bare = word in LEVELS and n > 0
        if bare:
            word = f"{thing}{word}"
        else:
            thing = _thing(item)
        words.append(_with_head(word, items, n))
    return words


def _thing(item: Item) -> str:
    return item.text.removesuffix(item.deed).removesuffix("的") if item.deed and not item.shared else ""


def _with_head(word: str, items: Sequence[Item], n: int) -> str:
    following = items[n + 1] if n + 1 < len(items) else None
    if following is None or following.lead in ("", "、") or _COMPLETE.search(word):
        return word
    head = _SHARED_HEAD.search(following.text)
    return f"{word}{head.group()}" if head and len(following.text) > len(head.group()) + 1 else word
