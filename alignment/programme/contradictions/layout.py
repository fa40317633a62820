"""Slips of the text itself: headings whose numbers skip, paragraphs printed twice, semesters that the plan has not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from alignment.programme.contradictions.plan import Finding, Plan, listed
from corpora.document import Block

_CHINESE = {c: n for n, c in enumerate("一二三四五六七八九十", 1)}
#: Numbers of headings that count on: ``一、`` ``（二）`` ``3.`` ``（4）`` ``第五部分``.
_NUMBER = re.compile(
    r"^\s*(?P<form>第(?P<part>[一二三四五六七八九十]{1,3})[部分章节篇]+|(?P<comma>[一二三四五六七八九十]{1,3})[、，．.]"
    r"|[（(](?P<bracket>[一二三四五六七八九十]{1,3})[)）]|(?P<plain>\d{1,2})[.、．](?!\d)|[（(](?P<digit>\d{1,2})[)）])"
)
#: Shortest paragraph whose repetition is a slip, in characters, and how many blocks apart the two may stand: what
#: recurs in parallel sections (one a course, one a direction) is no slip.
_REPEATED, _APART = 50, 12
#: Where a heading may begin whose line break is lost.
_SENTENCE_END = re.compile(r"[。；！？]")
_SEMESTER = re.compile(r"第\s*(\d{1,2}|[一二三四五六七八九十])\s*学期")


def find(plan: Plan) -> Iterator[Finding]:
    """Number gaps, repeated paragraphs, semesters beyond the plan's years."""
    yield from _numbers(plan)
    yield from _repeated(plan)
    yield from _semesters(plan)


def value_of(text: str) -> int:
    """Value of a number of one to three Chinese digits (十二), or of Arabic ones."""
    if text.isdigit():
        return int(text)
    tens, found, units = text.partition("十")
    if not found:
        return _CHINESE.get(text, 0)
    return 10 * _CHINESE.get(tens, 1) + _CHINESE.get(units, 0)


def _form(block: Block) -> tuple[str, int] | None:
    """Form and value of a heading's number, None without one."""
    return _form_of(block.text)


def _form_of(text: str) -> tuple[str, int] | None:
    match = _NUMBER.match(text)
    if match is None:
        return None
    name, text = next((name, text) for name, text in match.groupdict().items() if text and name != "form")
    return name, value_of(text)


def _numbers(plan: Plan) -> Iterator[Finding]:
    """Headings of one form that skip or repeat a number below the same parent."""
    open_: dict[int, tuple[str, int, Block]] = {}
    off: list[tuple[Block, Block, int]] = []
    between: set[tuple[str, int]] = set()
    glued: list[tuple[int, tuple[str, int]]] = []
    for block in plan.body_blocks:
        glued += [(block.locator.start, form) for form in _glued(block)]
        if (form := _form(block)) is None:
            continue
        between.add(form)
        if block.kind != "heading":
            continue
        open_ = {level: item for level, item in open_.items() if level <= block.level}
        before = open_.get(block.level)
        name, value = form
        inside = {form for start, form in glued if before and start > before[2].locator.start}
        if before and before[0] == name and _skips(before[1], value, name, between | inside):
            off.append((before[2], block, value - before[1] - 1))
        open_[block.level] = (name, value, block)
        between.clear()
    if off:
        shown = [f"“{_short(first)}”之后是“{_short(second)}”" for first, second, _ in off]
        what = f"章节编号不连续：{listed(shown)}"
        yield Finding("text", what, "", plan.quotes(*(b for first, second, _ in off for b in (first, second))))


def _glued(block: Block) -> Iterator[tuple[str, int]]:
    """Forms and values of headings that stand behind a sentence of a paragraph, their line breaks lost."""
    for match in _SENTENCE_END.finditer(block.text):
        if form := _form_of(block.text[match.end() :]):
            yield form


def _skips(before: int, value: int, name: str, between: set[tuple[str, int]]) -> bool:
    """Whether a few numbers are left out that stand before no block in between either."""
    missing = range(before + 1, value)
    return 0 < len(missing) <= 2 and not any((name, number) in between for number in missing)


def _short(block: Block) -> str:
    text = block.text.strip()
    return text if len(text) <= 20 else f"{text[:20]}…"


def _repeated(plan: Plan) -> Iterator[Finding]:
    seen: dict[str, Block] = {}
    off: list[tuple[Block, Block]] = []
    for block in plan.body_blocks:
        text = "".join(block.text.split())
        if block.kind == "paragraph" and len(text) >= _REPEATED and not _NUMBER.match(block.text):
            before = seen.get(text)
            if before and block.locator.paragraph - before.locator.paragraph <= _APART:
                off.append((before, block))
            seen[text] = block
    if off:
        shown = [
            f"{plan.section(first.locator)}“{first.text.strip()[:20]}…”"
            f"（{plan.place(first.locator)}、{plan.place(second.locator)}）"
            for first, second in off
        ]
        what = f"{len(off)}段文字重复出现：{listed(shown)}"
        yield Finding("text", what, "", plan.quotes(*(block for pair in off for block in pair)))


def _sentence(block: Block, at: int) -> tuple[int, int]:
    """Offsets in the document of the sentence that an offset of a block lies in."""
    starts = [block.text.rfind(stop, 0, at) + 1 for stop in "。；\n\t"]
    ends = [end for stop in "。；\n\t" if (end := block.text.find(stop, at)) >= 0]
    begin, end = max(starts), min(ends, default=len(block.text))
    return block.locator.start + begin, block.locator.start + end


def _semesters(plan: Plan) -> Iterator[Finding]:
    """第8学期 in a plan of three years."""
    years = [fact.figure for fact in plan.programme.facts_of("years") if not fact.annex]
    if not years or years[0].value > 4 or years[0].value < 2:
        return
    last = int(2 * years[0].value)
    spans = []
    for block in plan.document.blocks:
        if not plan.programme.start <= block.locator.start < (plan.programme.end or len(plan.document.text)):
            continue
        for match in _SEMESTER.finditer(block.text):
            if last < value_of(match[1]) <= 10:
                spans.append((match[0], plan.quote_span(*_sentence(block, match.start()))))
    if spans:
        words = "、".join(dict.fromkeys(word for word, _ in spans))
        what = f"基本修业年限{years[0].value:g}年共{last}个学期，文中却写到{words}"
        evidence = (*plan.quotes(years[0]), *(quote for _, quote in spans[:5]))
        yield Finding("text", what, f"{years[0].value:g}×2={last}", evidence, ("years", "internship_months"))
