"""Finds the title on a docx's cover."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpora.parsers.docx.headings import HEADING_MOST, IMPRINT, TOP_KINDS, Item
from corpora.parsers.docx.story import Paragraph
from corpora.parsers.enumerators import leading_enumerator

_COVER = 20
_TITLE_SIZE = 28
_SHORT_TITLE = 10
_TITLE_WORDS = re.compile(
    r"(?:课程标准|教学标准|教学大纲|课程大纲|培养方案|教学计划|授课计划|进度计划|教案)(?:[（(].*[）)])?$"
)


def find_title(items: Sequence[Item], core: str) -> tuple[str, int | None]:
    """The document's title and the index of the paragraph that holds it.

    Parameters
    ----------
    items : paragraphs and tables in reading order.
    core : the title in the file's properties, used when the text shows none.
    """
    cover: list[tuple[int, Paragraph]] = []
    for index, item in enumerate(items[:_COVER]):
        if not isinstance(item, Paragraph) or item.kind != "paragraph":
            continue
        if item.style.is_title:
            return _one_line(item.text), index
        if _begins_body(item.text):
            break
        if _may_be_title(item):
            cover.append((index, item))
    if not cover:
        return core, None
    best = max(range(len(cover)), key=lambda place: (cover[place][1].size, -place))
    last = best
    while last + 1 < len(cover) and _continues(cover[last], cover[last + 1], cover[best][1].size):
        last += 1
    text = "".join(_one_line(item.text) for _, item in cover[best : last + 1])
    if len(text) <= _SHORT_TITLE and best and _continues(cover[best - 1], cover[best], cover[best][1].size):
        text = _one_line(cover[best - 1][1].text) + text
    return text, cover[best][0]


def _begins_body(text: str) -> bool:
    enumerator = leading_enumerator(text)
    return enumerator is not None and enumerator.kind in TOP_KINDS and not text.startswith(("附件", "附录"))


def _continues(line: tuple[int, Paragraph], following: tuple[int, Paragraph], size: int) -> bool:
    return following[0] == line[0] + 1 and following[1].size == size and following[1].outline == line[1].outline


def _may_be_title(item: Paragraph) -> bool:
    text = item.text.strip()
    if item.size < _TITLE_SIZE or len(text) > HEADING_MOST or IMPRINT.search(text):
        return False
    return item.centred or item.outline == 1 or bool(_TITLE_WORDS.search(text))


def _one_line(text: str) -> str:
    return re.sub(r"\s*\n\s*", "", text).strip()
