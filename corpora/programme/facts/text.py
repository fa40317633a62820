"""The sentences of a plan as the fact patterns read them: without spaces, with their place, their title and chapter."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from corpora.document import Block, Cell, Document, Locator

Place = Literal["text", "cell"]

#: A counted number as plans print it; the unit must follow directly, so that ``一般`` is no number.
NUMBER = r"(?:\d+(?:\.\d+)?|[一二两三四五六七八九十]{1,3})"
#: Words between a quantity's name and its number.
LINK = (
    r"(?:数量|总数|人数|数|合计|共计|总计|共有|共|计|为|是|达到|达|有|约为|约|大约|不少于|不低于|不超过|不高于|不得少于|"
    r"不得低于|至少|原则上|一般|应|须|需|控制在|占|在|[:=≥≤>])*"
)

_QUOTES = "“”\"‘’'「」『』"
_DASHES = dict.fromkeys(map(ord, "~—–−‐〜～"), "-")
_SAME = {**_DASHES, ord("∶"): ":", ord("﹪"): "%", ord("○"): "0"}
_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_ONE = "[一二两三四五六七八九]"
_CHINESE = re.compile(rf"(?:({_ONE})百)?(?:零|(?:({_ONE})?(十)))?({_ONE})?")
# A sentence ends with its full stop or semicolon, or with the line.
_SENTENCE = re.compile(r"[^。；;！？\n]+[。；;！？]?")
# ``大学语文。`` before ``32学时，计2学分。``: a title that the paragraph begins with.
_LEAD = re.compile(r"[\W_]*(?:\d+[.、])?([^。：:，,；;\d《》【】]{2,24}?)[。：:]")
# 公共课由必修课和选修课组成。 is a sentence of its own, no title.
_TELLS = re.compile(r"由.+(?:组成|构成|承担|开设)$|包括|包含|分为|采用|应当")
_NUMBERING = re.compile(
    r"^(?:第[一二三四五六七八九十\d]+[部章节篇][分]?|[(（]?(?:[一二三四五六七八九十]+|\d+(?:[.．]\d+)*)[)）]?[、.．:：]?|[①-⑳]|[\W_])+\s*"
)
_COURSE_STANDARD = re.compile(
    r"^[（(]?[一二三四五六七八九十\d]*[)）、.．\s]*《([^》]{2,40})》|《([^》]{2,40})》\s*(?:课程|教学)*(?:标准|大纲)|"
    r"^[\W\d一二三四五六七八九十]*([^\W\d][^《》。，,：:\s]{1,28}?)\s*课程(?:教学)?(?:标准|大纲)(?!与|和|、|的)"
)
_OTHER_ANNEX = re.compile(r"^附\s*[件录表]|调研报告|调查报告")
#: A paragraph that ends in the middle of a sentence, and the line break at which it goes on.
_BROKEN_OFF = re.compile(r"[、，,]\s*$")
_BREAK = re.compile(r"(?<=[、，,])\n")
_DIGIT = re.compile(r"\d")
_LABEL = re.compile(r"[^。，,；;\d]{2,16}[：:]")


def number_of(text: str) -> float | None:
    """The value of a number in digits or in Chinese numerals (``三``, ``十二``, ``一百二十``; ``半`` is a half).

    ``一两`` and ranges count as their lower end. None for anything else.
    """
    if re.fullmatch(r"\d+(?:\.\d+)?", text):
        return float(text)
    if text == "半":
        return 0.5
    if re.fullmatch(f"{_ONE}{{2}}", text):
        return float(_DIGITS[text[0]])
    match = _CHINESE.fullmatch(text)
    if not match or not text:
        return None
    hundreds, tens, ten, ones = match.groups()
    value = 100 * _DIGITS.get(hundreds or "", 0) + _DIGITS.get(ones or "", 0)
    return float(value + 10 * (_DIGITS.get(tens or "", 1) if ten else 0))


def strip_numbering(text: str) -> str:
    """A heading or label without its leading number and without what stands in brackets at its end."""
    return re.sub(r"[（(][^（()）]*[）)]?\s*$", "", _NUMBERING.sub("", text)).strip(" \t\u3000：:。")


@dataclass(frozen=True)
class Passage:
    """One sentence (or one table cell's sentence) of a plan.

    Parameters
    ----------
    compact : its characters without spaces and quotation marks, full-width signs and dashes unified.
    offsets : offset in ``Document.text`` of each character of ``compact``.
    text, locator : the sentence verbatim, and its place.
    lead : the title that its paragraph begins with (``大学语文`` of ``大学语文。32学时``), else "".
    first : whether no number stands before it in its paragraph.
    headings : headings and label lines above it, outermost first.
    paragraph : the compact text of its paragraph up to and including the sentence.
    place : running text or table cell.
    annex, course : whether it stands in an annex, and in the standard of which course.
    """

    compact: str
    offsets: tuple[int, ...]
    text: str
    locator: Locator
    lead: str = ""
    first: bool = True
    headings: tuple[str, ...] = ()
    paragraph: str = ""
    place: Place = "text"
    annex: bool = False
    course: str = ""

    @cached_property
    def chapter(self) -> str:
        """All headings above it in one string."""
        return "/".join(self.headings)

    def words(self, start: int, end: int) -> str:
        """The verbatim characters of ``compact[start:end]``."""
        base = self.locator.start
        return self.text[self.offsets[start] - base : self.offsets[end - 1] + 1 - base]


def compacted(text: str, start: int = 0) -> tuple[str, tuple[int, ...]]:
    """A text without spaces and quotation marks, and the offset of each character that is left.

    Parameters
    ----------
    text : any text.
    start : offset of its first character.
    """
    characters: list[str] = []
    offsets: list[int] = []
    for offset, character in enumerate(text, start):
        if character.isspace() or character in _QUOTES:
            continue
        code = ord(character)
        characters.append(chr(code - 0xFEE0) if 0xFF01 <= code <= 0xFF5D else _SAME.get(code, character))
        offsets.append(offset)
    return "".join(characters), tuple(offsets)


def passages_of(document: Document, start: int, end: int, annex_start: int) -> Iterator[Passage]:
    """The sentences of a stretch of a plan in reading order, table cells included.

    Parameters
    ----------
    document : the document.
    start, end : the stretch, offsets into ``Document.text``.
    annex_start : where its annexes begin (``end`` without any).
    """
    starts = [block.locator.start for block in document.blocks]
    context = _Context(annex_start)
    for block in _rejoined(document.blocks[bisect_left(starts, start) :]):
        if block.locator.start >= end:
            return
        context.enter(block)
        if block.kind == "table_row":
            yield from _cells(document, block, context)
        else:
            yield from _sentences(block.text, block.locator, context, "text")


def _rejoined(blocks: Iterable[Block]) -> Iterator[Block]:
    """Blocks, a paragraph that breaks off after a comma put together with the one that goes on."""
    held: Block | None = None
    for own in blocks:
        block = own
        if held is not None and block.kind == "paragraph" and not _NUMBERING.match(block.text):
            where = held.locator
            joined = Locator(where.start, block.locator.end, where.paragraph, where.page)
            block = replace(held, text=f"{held.text}\n{block.text}", locator=joined)
        elif held is not None:
            yield held
        held = block if block.kind == "paragraph" and _BROKEN_OFF.search(block.text) else None
        if held is None:
            yield block
    if held is not None:
        yield held


class _Context:
    """Headings above the current block, and the course whose standard it stands in."""

    def __init__(self, annex_start: int) -> None:
        self.annex_start = annex_start
        self.annex = False
        self.course = ""
        self._headings: list[tuple[int, str]] = []

    @property
    def headings(self) -> tuple[str, ...]:
        """Headings and label lines, outermost first."""
        return tuple(text for _, text in self._headings)

    def enter(self, block: Block) -> None:
        """Takes note of a block before it is read."""
        self.annex = block.locator.start >= self.annex_start
        if block.kind == "table_row" or len(block.text) > 60:
            return
        if block.kind == "heading":
            self._push(block.level, block.text)
        elif _LABEL.fullmatch(block.text.strip()):
            self._push(9, block.text)
        if self.annex:
            self._enter_course(block)

    def _push(self, level: int, text: str) -> None:
        self._headings = [heading for heading in self._headings if heading[0] < level]
        self._headings.append((level, text.strip()))

    def _enter_course(self, block: Block) -> None:
        match = _COURSE_STANDARD.search(block.text)
        if match and (match[2] or block.kind == "heading"):
            self.course = (match[1] or match[2] or match[3]).strip()
        elif _OTHER_ANNEX.search(block.text) and block.kind == "heading":
            self.course = ""


def _cells(document: Document, block: Block, context: _Context) -> Iterator[Passage]:
    table = document.tables[(block.locator.table or 1) - 1]
    row = (block.locator.row or 1) - 1
    for cell in table.cells:
        if cell.row == row and len(cell.text.strip()) > 5:
            yield from _sentences(cell.text, _cell_locator(block, cell), context, "cell")


def _cell_locator(block: Block, cell: Cell) -> Locator:
    place = block.locator
    return Locator(cell.start, cell.end, place.paragraph, place.page, place.table, place.row, cell.column + 1)


def _sentences(text: str, locator: Locator, context: _Context, place: Place) -> Iterator[Passage]:
    lead = _lead(text)
    before = ""
    for start, end in _spans(text, lead):
        compact, offsets = compacted(text[start:end], locator.start + start)
        if not compact:
            continue
        before += compact
        where = locator.slice(locator.start + start, locator.start + end)
        yield Passage(
            compact,
            offsets,
            text[start:end],
            where,
            lead,
            not _DIGIT.search(before[: -len(compact)]),
            context.headings,
            before,
            place,
            context.annex,
            context.course,
        )


def _lead(text: str) -> str:
    match = _LEAD.match(text)
    return strip_numbering(match[1]) if match and not _TELLS.search(match[1]) else ""


def _spans(text: str, lead: str) -> Iterator[tuple[int, int]]:
    """Sentences without surrounding spaces; a title that ends with a full stop goes with the sentence after it."""
    spans = [match.span() for match in _SENTENCE.finditer(_BREAK.sub(" ", text))]
    if len(spans) > 1 and lead and lead in text[slice(*spans[0])] and spans[0][1] < len(lead) + 10:
        spans[:2] = [(spans[0][0], spans[1][1])]
    for start, end in spans:
        piece = text[start:end]
        left = len(piece) - len(piece.lstrip())
        yield start + left, start + len(piece.rstrip())
