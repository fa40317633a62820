"""Headings of a document: which blocks are headings, and which headings stand above each block."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from corpora.document import Block, Document
from corpora.kinds import HEAD, is_title_line

_CN = "一二三四五六七八九十百"
_STYLES: tuple[tuple[str, str], ...] = (
    ("part", rf"第\s*[{_CN}\d]+\s*[篇编]|第\s*[{_CN}\d]+\s*部分"),
    ("chapter", rf"第\s*[{_CN}\d]+\s*[章讲]|(?i:chapter)\s*\d+"),
    ("section", rf"第\s*[{_CN}\d]+\s*节"),
    ("project", rf"(?:学习)?(?:项目|模块|单元|情境|情景|教学单元)\s*[{_CN}\dA-Z]+(?![\u4e00-\u9fff]*[（(]?\d+学时)"),
    ("task", rf"(?:学习|工作|典型|子)?任务\s*[{_CN}\dA-Z]+(?:[-.—]\d+)?|实[训验]\s*[{_CN}\d]+"),
    ("comma", rf"[{_CN}]{{1,3}}\s*[、.．]"),
    ("round_cn", rf"[（(]\s*[{_CN}]{{1,3}}\s*[）)]"),
    ("decimal3", r"\d{1,2}\.\d{1,2}\.\d{1,2}(?!\d)[.、．]?"),
    ("decimal2", r"\d{1,2}\.\d{1,2}(?!\d)[.、．]?"),
    ("dot", r"\d{1,2}\s*[.、．](?!\d)"),
    ("round", r"[（(]\s*\d{1,2}\s*[）)]"),
)
_STYLE = re.compile(r"\s*(?:" + "|".join(f"(?P<{name}>{pattern})" for name, pattern in _STYLES) + r")[\s:：、.．]*")
_LABEL_LENGTH = 14
_ALWAYS = ("part", "chapter", "section", "project", "task")
_OUTLINE = ("comma", "round_cn")
_RANK = {style: rank for rank, style in enumerate(("comma", "round_cn", "dot", "round"), 1)}
_STATEMENT = re.compile(
    r"[。；;！!？?，]|[.…]{4,}"
    r"|^(?:能够|能(?!力)|会(?!计|议|员|展)|具备|具有|掌握|了解|熟悉|理解|培养|树立|学会|熟练|运用|使学生|通过|完成|根据|认识|明确|知道|领会|弘扬)"
)
_LABEL = re.compile(
    r"[【\[《]?(?:(?:课程|教学|学习|知识|能力|技能|素[质养]|思政|情感|职业|实训|实践|实验|项目|任务|主要|基本|重点|难点|考核|评价|"
    r"总体|具体|方法|社会|专业|核心|理论|与|和|及|要|求|标|点|的)*"
    r"(?:目标|目的|内容|要求|重点|难点|重难点|知识点|技能点|能力点|方法|方式|条件|任务|步骤|过程|资源|标准|建议|设计|描述|"
    r"分析|准备|评价|考核|情境|情景|导入|实施|小结|总结|作业|习题))[】\]》]?\s*[:：]?\s*"
)
_STRUCTURAL = re.compile(
    r"课程|教学|学习|人才|培养|专业|目标|目的|内容|要求|性质|定位|任务|项目|模块|单元|情境|情景|设计|思路|理念|依据|标准|大纲|"
    r"计划|方案|进度|安排|分配|学时|课时|学分|参考|条件|团队|教师|师资|方法|手段|模式|策略|建议|实施|组织|形式|资源|建设|开发|利用|"
    r"应用|信息化|教材|选用|编写|考核|评价|成绩|评定|方式|比例|说明|附录|附件|其他|其它|基本|信息|情况|分析|融合|创新创业|思政|"
    r"素[质养]|知识|能力|技能|情感|总体|具体|主要|重点|难点|前言|概述|简介|背景|适用|对象|前导|先修|后续|关系|衔接|作用|地位|意义|"
    r"规格|面向|岗位|职业|实训|实践|实验|理论|环节|体系|结构|框架|一览|表|目录|示例|样例|推荐|书目|文献|资料|网站|平台|设备|设施|场地|"
    r"环境|软硬件|校内|校外|基地|保障|管理|质量|制订|制定|修订|审核|人|日期|单位|部门|名称|代码|类别|类型|学期|必修|选修|过程性|终结性|"
    r"授课|功能|适用|范围|入学|修业|年限|评分|数字化|特色|理由|本章|本节|小结|习题|思考题|练习题?|案例|引例|导入|导学|拓展|阅读|点|步骤|准备|过程|描述|总结|反思|作业|场所|其|本|与|和|及|的|对|之|等|"
    r"[\d\s\W_]|第|章|节|篇"
)


@dataclass(frozen=True, slots=True)
class Place:
    """A block with the headings above it; ``is_heading`` when it is one itself."""

    block: Block
    path: tuple[str, ...]
    is_heading: bool = False


def style_of(text: str) -> str:
    """The numbering style that a line begins with (``chapter``, ``comma``, ``round`` …), "" for none."""
    match = _STYLE.match(text)
    return (match.lastgroup or "") if match else ""


def without_number(text: str) -> str:
    """A heading's words without the number before them."""
    match = _STYLE.match(text)
    return text[match.end() :] if match else text.strip()


@lru_cache(maxsize=4096)
def is_structural(heading: str) -> bool:
    """Whether a heading only names a part of the paper (一、课程性质) and teaches nothing itself."""
    return len(_STRUCTURAL.sub("", without_number(heading))) < 2


def is_label(text: str) -> bool:
    """Whether a short line only names what follows it (知识点, 【教学重点】, 能力目标：)."""
    return len(text) <= _LABEL_LENGTH and _is_label_words(without_number(text))


@lru_cache(maxsize=4096)
def _is_label_words(words: str) -> bool:
    return len(words) <= _LABEL_LENGTH and _LABEL.fullmatch(words) is not None


def places(blocks: Sequence[Block], title: str = "") -> Iterator[Place]:
    """Walk over the blocks with the headings above each.

    Parameters
    ----------
    blocks : blocks in reading order.
    title : the document's title, which is left out of every path; its own block is yielded as a heading.

    Yields
    ------
    One `Place` a block. A heading's own path holds the headings above it. Headings are those that the parser marked
    and, beside them, short numbered or label-like paragraphs, so that files without heading styles have an outline too.
    """
    stack: list[tuple[str, int, str]] = []
    items: list[tuple[int, str]] = []
    for position, block in enumerate(blocks):
        style = _heading_style(blocks, position)
        if style is None:
            above = [text for _, _, text in stack]
            yield Place(block, (*above, *_item_path(items, block)))
            continue
        items.clear()
        text = _tidy(block.text)
        _pop(stack, style, block.level)
        yield Place(block, tuple(entry[2] for entry in stack), True)
        if text != title and not (position < HEAD and is_title_line(text, title)):
            stack.append((style, block.level, text))


def document_places(document: Document, title: str = "") -> list[Place]:
    """The `places` of a whole document, of several files too.

    Each file has an outline of its own. A main file that others were put into goes on behind them where it stopped:
    no sheet stands above its annex.
    """
    if not document.parts:
        return list(places(document.blocks, title))
    files: dict[str, list[Block]] = {}
    parts = iter(document.parts)
    part = next(parts)
    for block in document.blocks:
        while block.locator.start > part.end and (following := next(parts, None)):
            part = following
        files.setdefault(part.sha256, []).append(block)
    found = [place for blocks in files.values() for place in places(blocks, title)]
    return sorted(found, key=lambda place: place.block.locator.paragraph)


def _tidy(text: str) -> str:
    return " ".join(text.split()).rstrip(":：")


def _item_path(items: list[tuple[int, str]], block: Block) -> tuple[str, ...]:
    """Texts of the list items that a nested list item stands under; keeps ``items`` as the open ones."""
    if block.kind != "list_item":
        items.clear()
        return ()
    while items and items[-1][0] >= block.level:
        items.pop()
    path = tuple(text for _, text in items)
    if len(block.text) <= 40:
        items.append((block.level, _tidy(block.text)))
    return path


def _pop(stack: list[tuple[str, int, str]], style: str, level: int) -> None:
    """Close the headings that a new one ends."""
    if style == "parsed":
        while stack and (stack[-1][0] != "parsed" or stack[-1][1] >= level):
            stack.pop()
        return
    styles = [entry[0] for entry in stack]
    floor = max((index for index, entry in enumerate(stack) if entry[0] == "parsed"), default=-1) + 1
    if style in styles[floor:]:
        del stack[styles.index(style, floor) :]
        return
    rank = _RANK.get(style, 0)
    while len(stack) > floor and (stack[-1][0] == "label" or (rank and _RANK.get(stack[-1][0], 0) > rank)):
        stack.pop()


def _heading_style(blocks: Sequence[Block], position: int) -> str | None:
    """The style of a heading, None when the block is none."""
    block = blocks[position]
    text = block.text
    if block.kind == "heading":
        return "parsed"
    if block.kind not in ("paragraph", "list_item", "text_box") or len(text) > 40 or "\n" in text:
        return None
    match = _STYLE.match(text)
    words = text[match.end() :].strip() if match else text
    if not match:
        return "label" if is_label(text) else None
    style = match.lastgroup or ""
    if style in _ALWAYS:
        return None if _STATEMENT.search(words) else style
    if style in _OUTLINE:
        return None if len(words) > 30 or _STATEMENT.search(words) or not words else style
    return style if _is_numbered_heading(blocks, position, style, words) else None


def _is_numbered_heading(blocks: Sequence[Block], position: int, style: str, words: str) -> bool:
    """Whether a short line numbered 1. / 1.1 / （1） heads what follows, rather than being an item of a list."""
    if _is_label_words(words):
        return True
    if not words or len(words) > 24 or _STATEMENT.search(words):
        return False
    following = blocks[position + 1] if position + 1 < len(blocks) else None
    if following is None or following.kind in ("heading", "table_row"):
        return False
    previous = blocks[position - 1] if position else None
    if previous is not None and style_of(previous.text) == style and len(previous.text) <= 40:
        return False
    return style_of(following.text) != style and len(following.text) > len(words)
