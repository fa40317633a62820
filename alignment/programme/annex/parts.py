"""Course standards annexed to a plan: where each begins and ends, and which course it is of.

A course standard begins at its title (《网店运营》课程标准, 网店运营教学大纲, a cover that names the course) and ends
before the next one, before the next annex, or with the plan. Titles in a list of contents have nothing under them and
begin nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from corpora.document import Block, Document, Locator
from corpora.programme.model import Programme

#: Characters from which the text under a title is a course standard, and from which one of several chapters is.
LEAST, SHORT, SEVERAL = 250, 120, 3

#: Blocks within which a cover without a name of its own must tell the course's.
_COVER = 12

_NUMBER = (
    r"(?:[（(]?[一二三四五六七八九十百\d]{1,3}(?:[.．]\d{1,2})*[）)]?\s*[、.．:：]?\s*"
    r"|附[件录表]?\s*[一二三四五六七八九十\d\-—.]*\s*[:：、.．]?\s*"
    r"|第[一二三四五六七八九十百\d]+[章节篇部分]*\s*)*"
)
_KIND = r"(?:课\s*程\s*)?(?:教\s*学|学\s*习|实\s*训)?\s*(?:标\s*准|大\s*纲)"
_ASIDE = r"(?:\s*[（(\[【][^）)\]】]{0,80}[）)\]】]?)*"
#: 《网店运营》课程标准, （一）《网店运营》（代码：A01）课程教学标准（2024 版）
_BOOK = re.compile(rf"\s*{_NUMBER}\s*[“\"]?《\s*(?P<name>[^》]{{1,40}}?)\s*》[”\"]?{_ASIDE}\s*{_KIND}{_ASIDE}\s*")
#: 网店运营课程标准, 3.网店运营 课程教学大纲
_PLAIN = re.compile(
    rf"\s*{_NUMBER}\s*[“\"]?(?P<name>[^，。；：:、《》“”\"\s][^，。；：:、《》“”\"]{{1,28}}?)[”\"]?\s*"
    rf"(?:课\s*程\s*(?:教\s*学\s*)?(?:标\s*准|大\s*纲)|教\s*学\s*大\s*纲){_ASIDE}\s*"
)
#: a line that holds only the kind of paper: 课程标准
_BARE = re.compile(rf"\s*{_NUMBER}\s*{_KIND}{_ASIDE}\s*")
#: a line that holds only a name in book marks: 《网店运营》
_NAME = re.compile(rf"\s*{_NUMBER}\s*《\s*(?P<name>[^》]{{1,40}}?)\s*》{_ASIDE}\s*")
#: a field of a cover: 课程名称：网店运营
_FIELD = re.compile(r"课\s*程\s*(?:名\s*称|中文名称)\s*[:：\t]\s*《?\s*(?P<name>[^\s》\t\n，。；]{2,30})")
#: names of groups of papers, no courses
_GROUP = re.compile(
    r"(?:.*专业|公共|核心|基础|拓展|主要|主干|部分|各|本|全部|相关|必修|选修|实践|附件|课程|及|与|和|的|教学|课|群|平台|模块|方向|门|"
    r"[\d一二三四五六七八九十\s（）()])*"
)
_NEXT_ANNEX = re.compile(r"\s*附\s*[件录表]\s*[\d一二三四五六七八九十]")
#: a line of a list of contents ends with its page
_CONTENTS = re.compile(r"(?:[.·．…‥]{3,}|\t+|\s{3,})\s*[-—]?\s*\d{1,4}\s*[-—]?\s*$|\s\d{1,3}$")
#: what the chapters of a course standard are called
_CHAPTERS = re.compile(
    r"课程(?:性质|定位|目标|内容|任务|概述|设计|实施|考核|基本信息|资源)|(?:教学|学习|培养)(?:目标|目的|内容|要求|条件|方法|评价)|考核|学时|参考学分"
)


@dataclass(frozen=True)
class AnnexPart:
    """One annexed course standard: its course's name, its title's place, and its stretch of the document's text."""

    title: str
    locator: Locator
    start: int
    end: int


def annex_parts(programme: Programme) -> tuple[AnnexPart, ...]:
    """The course standards annexed to a plan, in their order.

    They are looked for behind the plan's body, or in all of it where no annex was recognised; one handed in as a file
    of its own is one wherever it stands.
    """
    start = programme.annex_start if programme.start < programme.annex_start < programme.end else programme.start
    files = [part for part in file_parts(programme) if part.start < start]
    blocks = [b for b in programme.document.blocks if start <= b.locator.start < programme.end]
    titles = list(_titles(blocks))
    borders = sorted({b.locator.start for b in blocks if _ends(b)} | _file_borders(programme.document))
    following = [block.locator.start for _, block in titles[1:]] + [programme.end]
    parts = [
        AnnexPart(name, block.locator, block.locator.start, _end(block, stop, borders))
        for (name, block), stop in zip(titles, following, strict=False)
    ]
    return (*files, *(part for part in _merged(parts) if _is_standard(programme.document, part)))


def file_parts(programme: Programme) -> tuple[AnnexPart, ...]:
    """The course standards that were handed in beside the plan, each a file of its own."""
    found = []
    for file in programme.document.parts[1:]:
        first = [b for b in programme.document.blocks if file.start <= b.locator.start < file.end][:_COVER]
        name, block = next(_titles(first), ("", None))
        if block is not None:
            part = AnnexPart(name, block.locator, file.start, file.end)
            found += [part] if _is_standard(programme.document, part) else []
    return tuple(found)


def course_title(text: str) -> str:
    """The name of the course whose standard a line is the title of, "" when it is no such title."""
    if len(text) > 120 or _CONTENTS.search(text):
        return ""
    match = _BOOK.fullmatch(text) or _PLAIN.fullmatch(text)
    name = _tidy(match["name"]) if match else ""
    return "" if _GROUP.fullmatch(name) else name


def _titles(blocks: Sequence[Block]) -> Iterator[tuple[str, Block]]:
    for i, block in enumerate(blocks):
        if block.kind == "table_row" and block.locator.table:
            continue
        text = " ".join(block.text.split())
        name = course_title(text)
        if not name and _BARE.fullmatch(text):
            name = _cover_name(blocks, i)
        if name:
            yield name, block


def _cover_name(blocks: Sequence[Block], position: int) -> str:
    """The course that a bare 课程标准 is of: named by the line above it, or by a field of the cover below."""
    above = _NAME.fullmatch(blocks[position - 1].text) if position else None
    if above:
        return _tidy(above["name"])
    for block in blocks[position + 1 : position + 1 + _COVER]:
        if match := _FIELD.search(block.text):
            return _tidy(match["name"])
    return ""


def _ends(block: Block) -> bool:
    outside = block.kind != "table_row"
    return outside and len(block.text) <= 60 and _NEXT_ANNEX.match(block.text) is not None


def _file_borders(document: Document) -> set[int]:
    return {part.start for part in document.parts[1:]}


def _end(block: Block, stop: int, borders: Sequence[int]) -> int:
    return next((border for border in borders if block.locator.start < border < stop), stop)


def _merged(parts: Sequence[AnnexPart]) -> list[AnnexPart]:
    """Parts with a title that is printed twice (cover, then first page) taken as one."""
    kept: list[AnnexPart] = []
    for part in parts:
        if kept and kept[-1].title == part.title and kept[-1].end == part.start:
            kept[-1] = replace(kept[-1], end=part.end)
        else:
            kept.append(part)
    return kept


def _is_standard(document: Document, part: AnnexPart) -> bool:
    """Whether what stands under a title is long enough and has chapters of a course standard."""
    text = document.text[part.locator.end : part.end]
    chapters = len(set(_CHAPTERS.findall(text)))
    return chapters >= 2 and len(text) >= (SHORT if chapters >= SEVERAL else LEAST)


def _tidy(name: str) -> str:
    return " ".join(name.split()).strip('《》“”" 　')
