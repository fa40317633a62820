"""Finds the headings and the title of a docx whose author styled them, numbered them, or only made them look so."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from corpora.parsers.docx.story import Grid, Paragraph
from corpora.parsers.enumerators import Enumerator, leading_enumerator, outline_levels

Item = Paragraph | Grid
Rank = tuple[int, int]

_STYLED_MOST = 60
_NUMBERED_MOST = 30
_BARE_MOST = 20
_COVER = 20
_TITLE_SIZE = 28
_SHORT_TITLE = 10
_DEFAULT_SIZE = 21
_SENTENCE = re.compile(r"[。；;！!]|[，,、]$")
_CAPTION = re.compile(r"^(?:续?表|图)\s*[\d一二三四五六七八九十]")
_CONTENTS_LINE = re.compile(r"(?:[.…·．]{3,}|\t)\s*\d+$")
_IMPRINT = re.compile(r"学院$|大学$|学校$|[年月日]$|编制$|目\s*录$")
_TITLE_WORDS = re.compile(
    r"(?:课程标准|教学标准|教学大纲|课程大纲|培养方案|教学计划|授课计划|进度计划|教案)(?:[（(].*[）)])?$"
)
_TOP_KINDS = ("part", "chapter", "section", "cn")


@dataclass(frozen=True, slots=True)
class _Look:
    """What one paragraph looks like against the document's body."""

    enumerator: Enumerator | None
    short: bool
    loud: bool
    big: bool


def is_caption(paragraph: Paragraph) -> bool:
    """Whether a paragraph is the title of a table or figure."""
    return paragraph.style.is_caption or bool(_CAPTION.match(paragraph.text))


def body_size(items: Sequence[Item]) -> int:
    """The size, in half-points, that most text outside tables has."""
    sizes: Counter[int] = Counter()
    for item in items:
        if isinstance(item, Paragraph) and item.outline is None:
            sizes[item.size] += len(item.text)
    return sizes.most_common(1)[0][0] if sizes else _DEFAULT_SIZE


def heading_levels(items: Sequence[Item]) -> dict[int, int]:
    """Level, from 1, of each item that is a heading, by its index.

    A style or an outline level decides where the paragraph reads as a heading. Else a number decides: it must be short,
    no sentence, and bold or large or not one of a run of items with the same kind of number. Else a short bold line is
    a heading below the one before it.
    """
    body = body_size(items)
    looks = [_look(item, body) if isinstance(item, Paragraph) else None for item in items]
    styled = {i: item.outline for i, item in enumerate(items) if _is_styled(item) and isinstance(item, Paragraph)}
    numbered = {i: e for i in range(len(items)) if i not in styled and (e := _numbered(i, items, looks)) is not None}
    known = _known_levels({i: level for i, level in styled.items() if level is not None}, looks)
    levels = outline_levels(numbered.values(), known)
    titles = _titles(items, looks, numbered)
    shift = 1 if titles and not known and levels else 0
    found: dict[int, int] = {}
    previous = 0
    for index, look in enumerate(looks):
        level = styled.get(index)
        if level is None and index in titles:
            level = max(1, min(levels.values(), default=1) + shift - 1)
        elif level is None and index in numbered:
            level = levels[numbered[index].rank] + shift
        if level is not None:
            found[index] = previous = level
        elif look is not None and previous and _is_bare(items[index], look):
            found[index] = previous + 1
    return found


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
    return enumerator is not None and enumerator.kind in _TOP_KINDS and not text.startswith(("附件", "附录"))


def _continues(line: tuple[int, Paragraph], following: tuple[int, Paragraph], size: int) -> bool:
    return following[0] == line[0] + 1 and following[1].size == size and following[1].outline == line[1].outline


def _may_be_title(item: Paragraph) -> bool:
    text = item.text.strip()
    if item.size < _TITLE_SIZE or len(text) > _STYLED_MOST or _IMPRINT.search(text):
        return False
    return item.centred or item.outline == 1 or bool(_TITLE_WORDS.search(text))


def _one_line(text: str) -> str:
    return re.sub(r"\s*\n\s*", "", text).strip()


def _look(item: Paragraph, body: int) -> _Look:
    text = item.text
    enumerator = leading_enumerator(text)
    rest = text[len(enumerator.text) :] if enumerator else text
    plain = item.kind == "paragraph" and not is_caption(item) and not _CONTENTS_LINE.search(text)
    short = plain and 0 < len(rest.strip()) <= _NUMBERED_MOST and not _SENTENCE.search(rest.strip())
    return _Look(enumerator, short and "\n" not in text, item.bold or item.size >= body + 2, item.size >= body + 6)


def _is_styled(item: Item) -> bool:
    if not isinstance(item, Paragraph) or item.kind != "paragraph" or item.outline is None:
        return False
    text = item.text
    return len(text) <= _STYLED_MOST and not re.search(r"[。；;]$|。.", text) and not is_caption(item)


def _numbered(index: int, items: Sequence[Item], looks: Sequence[_Look | None]) -> Enumerator | None:
    look = looks[index]
    if look is None or look.enumerator is None or not look.short or look.enumerator.kind in ("letter", "roman"):
        return None
    if look.loud:
        return look.enumerator
    neighbours = sum(_same_rank(looks, look.enumerator, i) for i in (index - 1, index + 1))
    followed = index + 1 < len(items)
    allowed = 1 if look.enumerator.kind in _TOP_KINDS else 0
    return look.enumerator if followed and neighbours <= allowed else None


def _same_rank(looks: Sequence[_Look | None], enumerator: Enumerator, index: int) -> bool:
    other = looks[index] if 0 <= index < len(looks) else None
    return other is not None and other.enumerator is not None and other.enumerator.rank == enumerator.rank


def _known_levels(styled: dict[int, int], looks: Sequence[_Look | None]) -> dict[Rank, int]:
    votes: dict[Rank, Counter[int]] = {}
    for index, level in styled.items():
        look = looks[index]
        if look is not None and look.enumerator is not None:
            votes.setdefault(look.enumerator.rank, Counter())[level] += 1
    return {rank: counts.most_common(1)[0][0] for rank, counts in votes.items()}


def _titles(items: Sequence[Item], looks: Sequence[_Look | None], numbered: dict[int, Enumerator]) -> set[int]:
    """Large lines behind the first numbered heading: each begins a document of its own inside this one."""
    first = min(numbered, default=len(items))
    usual = Counter(item.size for i in numbered if isinstance(item := items[i], Paragraph)).most_common(1)
    if not usual:
        return set()
    return {
        index
        for index, (item, look) in enumerate(zip(items, looks, strict=True))
        if index > first
        and look is not None
        and isinstance(item, Paragraph)
        and look.big
        and item.size > usual[0][0]
        and (item.bold or item.centred)
        and len(item.text) <= _STYLED_MOST
        and item.kind == "paragraph"
        and not _IMPRINT.search(item.text)
    }


def _is_bare(item: Item, look: _Look) -> bool:
    return (
        isinstance(item, Paragraph)
        and look.enumerator is None
        and look.short
        and item.bold
        and not item.listed
        and len(item.text) <= _BARE_MOST
    )
