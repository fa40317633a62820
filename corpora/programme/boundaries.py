"""Where a programme plan's chapters stand, and where what is annexed to it begins."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpora.document import Block

#: Chapters that plans have, whatever a school calls them.
CHAPTERS: dict[str, re.Pattern[str]] = {
    "name": re.compile(r"专业(?:名称|代码|基本信息|概况|简介)"),
    "entry": re.compile(r"入学要求|入学基本要求|招生对象|生源"),
    "years": re.compile(r"(?:修业|学习)年限|学制"),
    "jobs": re.compile(r"职业(?:面向|岗位|领域)|就业(?:面向|岗位|方向)|岗位面向"),
    "aims": re.compile(r"培养目标|培养规格|培养要求|毕业生能力"),
    "courses": re.compile(r"课程(?:设置|体系|结构|框架)|主要课程|核心课程"),
    "schedule": re.compile(
        r"教学(?:进[程度]|计划|安排|活动)|课程(?:计划|安排|教学计划)|学[时分]学?[时分]?(?:安排|分配|要求)"
    ),
    "graduation": re.compile(r"毕业(?:要求|标准|条件|考核|资格)"),
    "resources": re.compile(r"师资|教学(?:条件|设施|资源)|实施保障|保障(?:措施|条件)|质量(?:保障|管理|监控)"),
}
_HEADING_MOST = 40
_NUMBERED = re.compile(
    r"^\s*(?:第[一二三四五六七八九十\d]+[部章节篇]|[一二三四五六七八九十]{1,3}\s*[、.．]|[（(][一二三四五六七八九十]{1,3}[）)]|\d{1,2}(?:[.．]\d{1,2})*[.．、\s])"
)
_SENTENCE = re.compile(r"[。；;，,]")
_SENTENCE_END = re.compile(r"[。；;，,]$")
#: A line of a table of contents: dots or a tab, then a page number.
_CONTENTS_LINE = re.compile(r"(?:[.…·．]{3,}|\t|\s{3,})\s*\d+$")
_ANNEX = re.compile(r"^\s*[（(【]?附\s*[件录表][\s\d一二三四五六七八九十：:、.．）)】\-]*")
_ANNEXED = re.compile(
    r"课程(?:教学)?标准|教学大纲|课程大纲|实训(?:教学)?标准|顶?岗?实习(?:教学)?标准|调研|调查|论证|审[核批定查]|评审|评议|修订说明|制[订定]说明"
)
_SHEET = re.compile(r"(?:审[核批定查]|论证|评审)(?:单|表|意见|记录)|(?:调研|调查|分析)报告$|调研报告|修订说明$")
_COURSE_STANDARD = re.compile(r"《[^》]{2,40}》\s*(?:课程|教学|课程教学|实训)+(?:标准|大纲)")
_KINDS_BEFORE = 3
_NEAR = 3


def is_heading(block: Block) -> bool:
    """Whether a block is a heading, or looks like one: short, numbered, no sentence."""
    if block.kind in ("table_row", "footnote") or len(block.text) > _HEADING_MOST or _CONTENTS_LINE.search(block.text):
        return False
    return block.kind == "heading" or bool(_NUMBERED.match(block.text) and not _SENTENCE.search(block.text))


def chapter_of(block: Block) -> str | None:
    """The chapter that a heading opens, by its key in ``CHAPTERS``; None for other blocks."""
    if not is_heading(block):
        return None
    flat = "".join(block.text.split())
    return next((kind for kind, pattern in CHAPTERS.items() if pattern.search(flat)), None)


def chapters_in(blocks: Sequence[Block]) -> set[str]:
    """The chapters that blocks open."""
    return {kind for block in blocks if (kind := chapter_of(block)) is not None}


def annex_start(blocks: Sequence[Block], begun: bool = False) -> int | None:
    """Index of the block that the annex of a plan begins with, None without one.

    An annex is what is not the plan itself: course standards, a survey report, sheets of review and approval. An annex
    that holds the schedule belongs to the plan. It stands behind at least three of the plan's chapters.

    Parameters
    ----------
    blocks : the blocks of one plan.
    begun : whether the plan's chapters stand before these blocks.
    """
    seen: set[str] = set()
    standards: list[int] = []
    for index, block in enumerate(blocks):
        if block.kind == "table_row":
            continue
        if begun or len(seen) >= _KINDS_BEFORE:
            if _opens_annex(blocks, index):
                return index
            if _is_course_standard(block):
                standards.append(index)
                if len(standards) == 2:
                    return standards[0]
        kind = chapter_of(block)
        if kind is not None:
            seen.add(kind)
    return None


def _opens_annex(blocks: Sequence[Block], index: int) -> bool:
    text = blocks[index].text.strip()
    if len(text) > _HEADING_MOST or _CONTENTS_LINE.search(text) or _SENTENCE_END.search(text):
        return False
    flat = "".join(text.split())
    if blocks[index].kind == "heading" and _SHEET.search(flat):
        return True
    mark = _ANNEX.match(text)
    if mark is None:
        return False
    if text[mark.end() :].strip():
        return bool(_ANNEXED.search(flat))
    near = [b.text for b in blocks[index + 1 : index + 1 + _NEAR] if b.kind != "table_row" and len(b.text) <= 60]
    return any(_ANNEXED.search("".join(text.split())) for text in near)


def _is_course_standard(block: Block) -> bool:
    text = block.text.strip()
    return len(text) <= 60 and not _CONTENTS_LINE.search(text) and bool(_COURSE_STANDARD.search(text))
