"""The expected chapters of a programme plan: which are there, where, in which order, and which are empty."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from alignment.programme.chapters.names import AIMS, BY_TABLE, CHAPTERS, HALVES, SUPPORT, Expected
from alignment.programme.model import ChapterFinding
from alignment.programme.stretches import body_stretches, within
from corpora.document import Block, Document, Locator
from corpora.programme.model import Programme
from corpora.segments.outline import document_places, without_number

#: Longest heading, in characters, number left out.
LONGEST = 30

#: Share of a line that a chapter's name must make up: of a caption or label, of a plain line, of a heading.
SHARE = (0.5, 0.75, 0.5)

#: A line of a list of contents ends with its page.
_CONTENTS = re.compile(
    r"(?:[.·．…‥]{3,}|\t+|\s{2,})\s*[-—]?\s*\d{1,4}\s*[-—]?\s*$"
    r"|^(?!\s*附).*[\u4e00-\u9fff）)]\d{1,3}$"
)
#: What no heading holds.
_SENTENCE = re.compile(r"[。；;！!？?，]")
_CAPTION = re.compile(r"\s*续?附?[表图]\s*[\d一二三四五六七八九十]*[\d\-—.．]*\s*")
#: A numbered name behind the last sentence of a paragraph.
_TAIL = re.compile(
    r"[。；！？]\s*((?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[)）])[^。；，,！？：:\n]{2,20})\s*$"
)
#: What may stand before a chapter's name in a heading that names more than it: nothing, another name, the major's.
_LEAD = re.compile(r"|.*[及与和、]|.*专业(?:[（(]?群[）)]?)?")
#: A plain line that is short, or begins with a name and a colon.
_NAMED = re.compile(r"[^。；，]{2,16}[:：]")
_WORD = re.compile(r"\w")


@dataclass(frozen=True)
class _Heading:
    """One candidate line: its block, its words, the rest of its line, its depth, and where its chapter ends.

    ``own`` tells that it stands in the major's own stretch and not in what several majors share.
    """

    block: Block
    words: str
    rest: str
    depth: int
    end: int
    rank: int  # 2 heading, 1 plain line, 0 caption of a table or label of a table row
    own: bool


def find_chapters(programme: Programme) -> tuple[ChapterFinding, ...]:
    """Every expected chapter, found or not, in the order of the ministry's outline.

    A chapter is found by its heading, be it styled or a plain line, or a table's caption where a table is the whole
    chapter; ``order`` counts the found ones as they stand in the plan. Empty chapters, those printed in another place
    than usual, and halves (培养目标 without 培养规格) are told in ``note``.
    """
    headings = list(_headings(programme))
    chosen = {expected.title: _choose(programme.document, expected, headings) for expected in CHAPTERS}
    starts = sorted({h.block.locator.start for h in chosen.values() if h})
    findings = [_finding(programme, expected, chosen, headings, starts) for expected in CHAPTERS]
    return tuple(_with_order_notes(list(_with_parts(findings))))


def _with_parts(findings: Sequence[ChapterFinding]) -> Iterator[ChapterFinding]:
    """A chapter that the plan prints as several of its own is there: where the first of them stands."""
    parents = [expected.parent for expected in CHAPTERS]
    for finding in findings:
        parts = [f for f, parent in zip(findings, parents, strict=True) if parent == finding.title and f.found]
        if finding.found or finding.title != SUPPORT or len(parts) < 2:
            yield finding
            continue
        first = min(parts, key=lambda part: part.order or 0)
        note = f"没有合为一章，{'、'.join(part.title for part in parts)}各自成章"
        yield replace(finding, found=True, heading=first.heading, locator=first.locator, note=note)


def _headings(programme: Programme) -> Iterator[_Heading]:
    """Candidate lines of the plan's stretches, and the heading of its annex."""
    document, stretches = programme.document, body_stretches(programme)
    annex = {programme.annex_start} if programme.annex_start < programme.end else set()
    outline = [
        part
        for place in document_places(document, document.title)
        if within(stretches, place.block.locator.start) or place.block.locator.start in annex
        for part in (
            (place.block, len(place.path), _rank(place.block, place.is_heading)),
            *((tail, len(place.path), 2) for tail in _glued(place.block)),
        )
    ]
    for (block, depth, rank), end in zip(outline, _ends(outline, document), strict=True):
        if rank is not None:
            own = programme.start <= block.locator.start < programme.end
            yield from (_Heading(block, words, rest, depth, end, rank, own) for words, rest in _lines(document, block))


def _glued(block: Block) -> Iterator[Block]:
    """The heading that a paragraph ends with, its line break lost (``……90%。二、教学条件``)."""
    match = _TAIL.search(block.text) if block.kind in ("paragraph", "list_item") else None
    if match:
        start = block.locator.start + match.start(1)
        yield Block("heading", match[1], block.locator.slice(start, start + len(match[1])))


def _rank(block: Block, is_heading: bool) -> int | None:
    """2 for a heading, 1 for a plain line that may be one, 0 for a caption or table label, None for all else."""
    if block.kind == "table_row" and block.locator.table:
        return 0
    text = block.text.split("\n", 1)[0]
    if _CONTENTS.search(text):
        return None
    if _CAPTION.match(text):
        return 0 if len(text) <= 50 else None
    if is_heading:
        return 2
    return 1 if len(text) <= LONGEST + 10 or _NAMED.match(text) else None


def _lines(document: Document, block: Block) -> Iterator[tuple[str, str]]:
    """(words of the name, rest of the line) of a heading, of a caption, or of a table row's first cells."""
    if block.kind == "table_row" and block.locator.table:
        table = document.tables[block.locator.table - 1]
        cells = [cell for cell in table.row_cells((block.locator.row or 1) - 1) if cell.text.strip()]
        for label, value in pairwise(cells[:3]):
            if len(label.text) <= LONGEST and len(value.text) > len(label.text):
                yield "".join(without_number(label.text).split()), value.text
        return
    text = without_number(_CAPTION.sub("", block.text, count=1) if _CAPTION.match(block.text) else block.text)
    name, _, rest = text.partition("：" if "：" in text else ":")
    yield "".join(name.split()), rest


def _ends(outline: Sequence[tuple[Block, int, int | None]], document: Document) -> list[int]:
    """For each block, where the chapter that it would head ends: at the next heading that is not below it."""
    ends = [len(document.text)] * len(outline)
    pending: list[int] = []
    for i, (block, depth, rank) in enumerate(outline):
        if rank is None:
            continue
        while pending and _closes(block, depth, rank, outline[pending[-1]]):
            ends[pending.pop()] = block.locator.start
        pending.append(i)
    return ends


def _closes(block: Block, depth: int, rank: int, above: tuple[Block, int, int | None]) -> bool:
    """Whether a line ends the chapter that an earlier one heads."""
    other, other_depth, other_rank = above
    if rank != 2 or other_rank != 2:
        return rank == 2 or (rank == other_rank == 1)
    below = depth > other_depth or (block.kind == other.kind == "heading" and block.level > other.level > 0)
    return not below


def _choose(document: Document, expected: Expected, headings: Sequence[_Heading]) -> _Heading | None:
    """The line that most likely heads a chapter; None where no line does."""
    graded = [(worth, h) for h in headings if (worth := _worth(document, expected, h)) is not None]
    return max(graded, key=lambda pair: pair[0])[1] if graded else None


def _worth(document: Document, expected: Expected, heading: _Heading) -> tuple[float, ...] | None:
    """Sort key of a candidate, None when it is none: heads before captions, full names, filled, upper, first."""
    words = heading.words
    match = expected.names.search(words)
    if not match or len(words) > LONGEST or _SENTENCE.search(words):
        return None
    share = len(match[0]) / len(words)
    leads = heading.rank == 2 and _LEAD.fullmatch(words[: match.start()]) is not None
    if (share < SHARE[heading.rank] and not leads) or (heading.rank == 0 and expected.title not in BY_TABLE):
        return None
    return (
        float(min(heading.rank, 1)),
        float(share >= 0.5),
        float(not _is_empty(document, expected, heading)),
        float(heading.own),
        float(heading.rank),
        -float(heading.depth),
        share,
        -float(heading.block.locator.start),
    )


def _is_empty(document: Document, expected: Expected, heading: _Heading) -> bool:
    """Whether no word stands under a heading up to the next one, its own sub-headings counted as words.

    A heading that is followed by another name of the same chapter (its table's title) is not empty.
    """
    if _WORD.search(heading.rest) or heading.rank == 0:
        return False
    if _WORD.search(document.text, heading.block.locator.end, heading.end):
        return False
    following = document.text[heading.end : heading.end + 2 * LONGEST].split("\n", 1)[0]
    return expected.names.search("".join(following.split())) is None


def _finding(
    programme: Programme,
    expected: Expected,
    chosen: dict[str, _Heading | None],
    headings: Sequence[_Heading],
    starts: Sequence[int],
) -> ChapterFinding:
    heading = chosen[expected.title]
    if heading is None:
        return ChapterFinding(expected.title, False, note=_missing(expected, chosen))
    block = heading.block
    return ChapterFinding(
        expected.title,
        True,
        " ".join(block.text.split())[:60],
        _first_line(block.locator, block.text),
        starts.index(block.locator.start) + 1,
        "；".join(_notes(programme, expected, heading, chosen, headings)),
    )


def _notes(
    programme: Programme,
    expected: Expected,
    heading: _Heading,
    chosen: dict[str, _Heading | None],
    headings: Sequence[_Heading],
) -> Iterator[str]:
    """What a reader should know of a chapter that was found."""
    annexed = heading.block.locator.start == programme.annex_start < programme.end  # what is annexed stands under it
    if _is_empty(programme.document, expected, heading) and not annexed:
        yield "只有标题，下面没有文字（若内容是图片，请改用文字或表格）"
    if heading.rank == 0:
        yield "没有单独的标题，以表格给出"
    if expected.title == AIMS:
        text = programme.document.text[heading.block.locator.start : heading.end]
        for name, told in HALVES:
            if not told.search(text) and not any(told.search(h.words) for h in headings if h.rank):
                yield f"没有找到{name}"
    if not heading.own:
        yield "在各专业共用的部分"
    if expected.parent == SUPPORT and chosen[SUPPORT] is None:
        yield f"没有“{SUPPORT}”一章，单独成章"


def _first_line(locator: Locator, text: str) -> Locator:
    return locator.slice(locator.start, locator.start + len(text.split("\n", 1)[0]))


def _missing(expected: Expected, chosen: dict[str, _Heading | None]) -> str:
    if expected.parent and chosen[expected.parent] is not None:
        return f"“{expected.parent}”下没有找到这一部分"
    return "没有找到这一章"


def _with_order_notes(findings: Sequence[ChapterFinding]) -> Iterator[ChapterFinding]:
    """Notes on main chapters that stand elsewhere than the outline has them."""
    main = [f for f, e in zip(findings, CHAPTERS, strict=True) if f.order is not None and not e.parent]
    steady = _longest_rising([f.order or 0 for f in main])
    moved = {f.title for i, f in enumerate(main) if i not in steady}
    for finding in findings:
        if finding.title not in moved:
            yield finding
            continue
        behind = [f for f in main if (f.order or 0) > (finding.order or 0)]
        following = min(behind, key=lambda f: f.order or 0, default=None)
        where = f"排在“{following.title}”之前" if following else "排在最后"
        note = "；".join(part for part in (finding.note, f"次序与通行格式不同：{where}") if part)
        yield replace(finding, note=note)


def _longest_rising(numbers: Sequence[int]) -> set[int]:
    """Positions of a longest run of numbers that never falls; chapters that share one heading are equal."""
    best: list[list[int]] = []
    for i, number in enumerate(numbers):
        longest: list[int] = []
        for run in best:
            if numbers[run[-1]] <= number and len(run) > len(longest):
                longest = run
        best.append([*longest, i])
    return set(max(best, key=lambda run: len(list(run)))) if best else set()
