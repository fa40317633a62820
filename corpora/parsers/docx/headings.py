"""Finds the headings of a docx whose author styled them, numbered them, or only made them look so."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from corpora.parsers.docx.story import Item, Paragraph
from corpora.parsers.enumerators import Enumerator, leading_enumerator, outline_levels

Rank = tuple[int, int]

HEADING_MOST = 60
_NUMBERED_MOST = 30
_BARE_MOST = 20
_DEFAULT_SIZE = 21
_SENTENCE = re.compile(r"[。；;！!]|[，,、]$")
_CAPTION = re.compile(r"^(?:续?表|图)\s*[\d一二三四五六七八九十]")
_CONTENTS_LINE = re.compile(r"(?:[.…·．]{3,}|\t)\s*\d+$")
IMPRINT = re.compile(r"学院$|大学$|学校$|[年月日]$|编制$|目\s*录$")
TOP_KINDS = ("part", "chapter", "section", "cn")
_CN = Enumerator("一、", "cn").rank


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


def heading_levels(items: Sequence[Item], title: int | None = None) -> dict[int, int]:
    """Level, from 1, of each item that is a heading, by its index.

    A style or an outline level decides where the paragraph reads as a heading. Else a number decides: it must be short,
    no sentence, and bold or large or not one of a run of items with the same kind of number; it stands beside the last
    heading with this kind of number, or below the heading that it follows. Else a short bold line is a heading below
    the one before it.

    Parameters
    ----------
    items : paragraphs and tables in reading order.
    title : index of the document's title, which is of level 1 and above no other heading.
    """
    body = body_size(items)
    looks = [_look(item, body) if isinstance(item, Paragraph) else None for item in items]
    styled = {i: item.outline or 1 for i, item in enumerate(items) if isinstance(item, Paragraph) and _is_styled(item)}
    numbered = {i: e for i in range(len(items)) if i not in styled and (e := _numbered(i, items, looks)) is not None}
    known = _known_levels(styled, looks)
    first = min((i for i in (*numbered, *styled) if i != title), default=len(items))
    titles = _titles(items, looks, numbered, first)
    shift = 1 if titles and not known else 0
    outline = _Outline({r: level + shift for r, level in outline_levels(numbered.values(), known).items()})
    found: dict[int, int] = {} if title is None else {title: 1}
    previous = 0
    for index, (item, look) in enumerate(zip(items, looks, strict=True)):
        if index == title or look is None or not isinstance(item, Paragraph):
            continue
        if index in styled:
            found[index] = previous = outline.styled(styled[index], look.enumerator)
        elif index in titles:
            found[index] = previous = outline.title(item.size)
        elif index in numbered:
            found[index] = previous = outline.numbered(numbered[index])
        elif previous and _is_bare(item, look):
            found[index] = previous + 1
    return found


@dataclass(frozen=True, slots=True)
class _Open:
    """A heading that what follows stands under; ``size`` is 0 but for titles inside the document."""

    level: int
    rank: Rank | None
    size: int = 0


class _Outline:
    """The headings that are open at one place of the document.

    Parameters
    ----------
    usual : level of each kind of number where no heading is open.
    """

    def __init__(self, usual: Mapping[Rank, int]) -> None:
        self._usual = usual
        self._open: list[_Open] = []

    def styled(self, level: int, enumerator: Enumerator | None) -> int:
        """A heading whose level is told by its style."""
        self._open = [o for o in self._open if o.level < level]
        return self._push(_Open(level, enumerator.rank if enumerator else None))

    def title(self, size: int) -> int:
        """A large line that begins a document inside the document: it closes the numbered headings of the last one."""
        places = [i for i, o in enumerate(self._open) if o.size]
        self._open = self._open[: places[0]] if places else [o for o in self._open if o.rank is None or o.rank < _CN]
        return self._push(_Open(self._open[-1].level + 1 if self._open else 1, None, size))

    def numbered(self, enumerator: Enumerator) -> int:
        """A heading with nothing but its number: beside the last one of its kind, else below what is open."""
        rank = enumerator.rank
        inside = max((i for i, o in enumerate(self._open) if o.size), default=-1) + 1
        same = [i for i, o in enumerate(self._open) if i >= inside and o.rank == rank]
        if same:
            level = self._open[same[0]].level
            self._open = self._open[: same[0]]
            return self._push(_Open(level, rank))
        while self._open and (top := self._open[-1].rank) is not None and top > rank:
            self._open.pop()
        return self._push(_Open(self._open[-1].level + 1 if self._open else self._usual[rank], rank))

    def _push(self, heading: _Open) -> int:
        self._open.append(heading)
        return heading.level


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
    return len(text) <= HEADING_MOST and not re.search(r"[。；;]$|。.", text) and not is_caption(item)


def _numbered(index: int, items: Sequence[Item], looks: Sequence[_Look | None]) -> Enumerator | None:
    look = looks[index]
    if look is None or look.enumerator is None or not look.short or look.enumerator.kind in ("letter", "roman"):
        return None
    if look.loud:
        return look.enumerator
    neighbours = sum(_same_rank(looks, look.enumerator, i) for i in (index - 1, index + 1))
    followed = index + 1 < len(items)
    allowed = 1 if look.enumerator.kind in TOP_KINDS else 0
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


def _titles(
    items: Sequence[Item], looks: Sequence[_Look | None], numbered: dict[int, Enumerator], first: int
) -> set[int]:
    """Large lines behind the first heading: each begins a document of its own inside this one."""
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
        and len(item.text) <= HEADING_MOST
        and item.kind == "paragraph"
        and not IMPRINT.search(item.text)
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
