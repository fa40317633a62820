"""Cuts a stretch of text into passages: one teaching statement each."""

from __future__ import annotations

import re
from collections.abc import Iterator

MAX_LENGTH = 120
"""Longest passage in characters before a sentence is cut at its commas."""

SHORT = 4
"""Shortest passage in characters that stands alone; shorter ones are joined to a neighbour in the same line."""

_TARGET = 80
_MARGIN = 20
_QUESTION = 60
_CHINESE_DIGITS = "一二三四五六七八九十"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"

_MARKER = re.compile(
    rf"(?P<circled>[{_CIRCLED}])[.、．]?"
    r"|[（(](?P<round>\d{1,2})[）)][.、．]?"
    r"|(?<![\d.A-Za-z%*/\-—~第表图])(?P<dot>\d{1,2})(?:[.．](?!\d)|[、)）])"
    rf"|[（(](?P<chinese>[{_CHINESE_DIGITS}]{{1,3}})[）)][.、．]?"
    rf"|(?<![第十])(?P<comma>[{_CHINESE_DIGITS}]{{1,3}})、"
)
_LEAD = re.compile(
    r"[\s\u3000>*#•·●○◆◇■□▪▲△★☆✓√\uf0b7\uf06c\uf0d8\uf0fc\-–—]*"
    rf"(?:(?:[（(](?:\d{{1,2}}|[{_CHINESE_DIGITS}]{{1,3}})[）)]|[{_CIRCLED}]|\d{{1,2}}[.．、)）](?!\d)"
    rf"|\d{{1,2}}(?:\.\d{{1,2}}){{1,3}}[.、．]?(?=[\s\u4e00-\u9fff])|[{_CHINESE_DIGITS}]{{1,3}}、|[a-zA-Z][.、．)）](?=[\s\u4e00-\u9fff]))"
    r"[\s\u3000.、．]*)?"
)
_SENTENCE = re.compile(r"[。；;！!？?]+[”’」』）)】\"]*|\n+|\t+|\.(?<=[a-z]\.)\s+(?=[A-Z])| {3,}|\u3000{2,}")
_COMMA = re.compile(r"[，,：:]")
_WORD = re.compile(r"\w\W*\w")
_SPECIAL = re.compile(
    rf"[。；;！!？?\n\t{_CIRCLED}]|[a-z]\.\s|\d[.．、)）]|[一二三四五六七八九十][）)、]| {{3}}|\u3000{{2}}"
)


def lead_length(text: str) -> int:
    """Length in characters of the bullet or number that a passage begins with, white space included."""
    match = _LEAD.match(text)
    end = match.end() if match else 0
    return end if end < len(text) else 0


def cut(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Cut ``text[start:end]`` into passages.

    Lines, sentences (。；！？) and the items of a numbered list inside the stretch become passages of their own,
    without their numbers; sentences over ``MAX_LENGTH`` are cut at commas; fragments under ``SHORT`` are joined to a
    neighbour of the same line.

    Parameters
    ----------
    text : the document's text.
    start, end : offsets into it; ``end`` is exclusive.

    Returns
    -------
    Offsets (start, end) of each passage, in order, without overlap, white space trimmed.
    """
    if end - start <= MAX_LENGTH and not _SPECIAL.search(text, start, end):
        trimmed = _trim(text, start, end)
        return [trimmed] if trimmed else []
    spans: list[tuple[int, int]] = []
    for item_start, item_end in _items(text, start, end):
        spans += _sentences(text, item_start, item_end)
    return spans


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The span without leading number and surrounding white space; None when no word is left."""
    while end > start and text[end - 1].isspace():
        end -= 1
    match = _LEAD.match(text, start, end)
    if match and match.end() < end:
        start = match.end()
    return (start, end) if _WORD.search(text, start, end) else None


def _items(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Split at the members of numbered lists (1. 2. 3. / （1）（2） / ①②), whatever they are glued to."""
    cuts = [start]
    expected: dict[str, int] = {}
    for match in _MARKER.finditer(text, start, end):
        style = match.lastgroup or ""
        value = _value(style, match[style])
        at_border = match.start() == start or text[match.start() - 1] in "\n\t。；;：:！!？? \u3000，、,"
        if value == 1 and (at_border or style in ("circled", "round")):
            expected[style] = 2
        elif value == expected.get(style):
            expected[style] = value + 1
        elif not (at_border and text[match.start() - 1 : match.start()] in ("", "\n")):
            continue
        if match.start() > cuts[-1]:
            cuts.append(match.start())
    return list(zip(cuts, [*cuts[1:], end], strict=True))


def _value(style: str, text: str) -> int:
    if style == "circled":
        return _CIRCLED.index(text) + 1
    if style in ("round", "dot"):
        return int(text)
    tens, ten, ones = text.rpartition("十")
    digit = {char: number for number, char in enumerate(_CHINESE_DIGITS, 1)}
    return (digit.get(tens, 1) * 10 if ten else 0) + (digit.get(ones, 0) if ones != "十" else 10)


def _sentences(text: str, start: int, end: int) -> list[tuple[int, int]]:
    pieces: list[tuple[int, int]] = []
    position = start
    for match in _SENTENCE.finditer(text, start, end):
        _append(text, pieces, position, match.end())
        position = match.end()
    _append(text, pieces, position, end)
    return [part for piece in pieces for part in _clauses(text, *piece)]


def _append(text: str, pieces: list[tuple[int, int]], start: int, end: int) -> None:
    """Add a piece, joined to the one before when either is too short or that one is a question it may answer.

    Pieces with a line break between them are never joined.
    """
    span = _trim(text, start, end)
    if span is None:
        return
    if pieces:
        last_start, last_end = pieces[-1]
        short = span[1] - span[0] < SHORT or last_end - last_start < SHORT
        asks = text[last_end - 1] in "？?" and span[1] - last_start <= _QUESTION
        if (short or asks) and "\n" not in text[last_end : span[0]] and span[1] - last_start <= MAX_LENGTH:
            pieces[-1] = (last_start, span[1])
            return
    pieces.append(span)


def _clauses(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut an over-long sentence at the comma nearest to the target length, repeatedly."""
    while end - start > MAX_LENGTH:
        cut_at = _comma(text, start, end)
        if cut_at is None:
            break
        span = _trim(text, start, cut_at)
        if span:
            yield span
        start = cut_at
    span = _trim(text, start, end)
    if span:
        yield span


def _comma(text: str, start: int, end: int) -> int | None:
    """Where to cut an over-long sentence: behind a comma within the limit, else behind the next one."""
    limit = min(end - _MARGIN, start + MAX_LENGTH)
    commas = [match.end() for match in _COMMA.finditer(text, start + _MARGIN, limit)]
    if commas:
        target = start + min(_TARGET, (end - start) // 2)
        return min(commas, key=lambda position: abs(position - target))
    following = _COMMA.search(text, limit, end - _MARGIN)
    return following.end() if following else None
