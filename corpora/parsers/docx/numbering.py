"""Restores the numbers that Word writes before paragraphs (ECMA-376 part 1, 17.9 Numbering)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from corpora.parsers.docx.number_formats import format_number
from corpora.parsers.docx.styles import StyleSheet
from corpora.parsers.docx.xml import Element, W, child, is_on, number, value

_LEVELS = 9
_PLACEHOLDER = re.compile(r"%([1-9])")
_TIGHT_ENDS = "、）》】」．：。"


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: how its numbers look and when they start again.

    ``restart`` is the 1-based level whose numbers restart this one; 0 never, None any level above.
    """

    start: int = 1
    format: str = "decimal"
    text: str = ""
    restart: int | None = None
    legal: bool = False
    style: str = ""


@dataclass(frozen=True, slots=True)
class _List:
    """One ``w:num``: the abstract list that it counts with, its levels, the levels it starts anew."""

    abstract: str
    levels: dict[int, Level]
    restarted: tuple[int, ...] = ()


@dataclass
class Numbering:
    """Counts through a document; one instance a document, asked in reading order.

    Parameters
    ----------
    root : the numbering part, None when the document has none.
    styles : for lists that are defined by a numbering style.
    """

    root: Element | None
    styles: StyleSheet
    _counters: dict[str, list[int | None]] = field(default_factory=dict)
    _begun: set[str] = field(default_factory=set)
    _lists: dict[str, _List | None] = field(default_factory=dict)

    def next_number(self, num_id: str, level: int) -> str:
        """Count one paragraph and give its number as shown; "" for bullets and unknown lists.

        Parameters
        ----------
        num_id : ``w:numId`` of the paragraph.
        level : ``w:ilvl``, from 0.
        """
        found = self._list(num_id)
        if found is None or level not in found.levels:
            return ""
        counts = self._counters.setdefault(found.abstract, [None] * _LEVELS)
        if num_id not in self._begun:
            self._begun.add(num_id)
            for restarted in found.restarted:
                counts[restarted] = None
        before = counts[level]
        counts[level] = found.levels[level].start if before is None else before + 1
        _restart_below(counts, found.levels, level)
        return _shown(counts, found.levels, level)

    def level_of_style(self, num_id: str, style: str) -> int:
        """The level that a list ties to a paragraph style; 0 when it ties none."""
        found = self._list(num_id)
        levels = found.levels if found else {}
        return next((index for index, level in levels.items() if level.style == style), 0)

    def _list(self, num_id: str) -> _List | None:
        if num_id not in self._lists:
            self._lists[num_id] = self._read(num_id, 0)
        return self._lists[num_id]

    def _read(self, num_id: str, depth: int) -> _List | None:
        element = _find(self.root, "num", "numId", num_id)
        abstract_id = value(element, "abstractNumId")
        abstract = _find(self.root, "abstractNum", "abstractNumId", abstract_id)
        if element is None or abstract is None or abstract_id is None:
            return None
        link = value(abstract, "numStyleLink")
        if link is not None and depth < _LEVELS:
            base = self._read(self.styles.numbering(link) or "", depth + 1)
            if base is None:
                return None
            abstract_id, levels = base.abstract, dict(base.levels)
        else:
            levels = dict(_level(item) for item in abstract.iterchildren(f"{W}lvl"))
        return _overridden(element, abstract_id, levels)


def separator(number: str) -> str:
    """What stands between a restored number and the text: nothing behind a full-width mark, else a space."""
    return "" if not number or number[-1] in _TIGHT_ENDS or "①" <= number[-1] <= "⒛" else " "


def _overridden(element: Element, abstract: str, levels: dict[int, Level]) -> _List:
    restarted = []
    for override in element.iterchildren(f"{W}lvlOverride"):
        index = _index(override)
        own = child(override, "lvl")
        if own is not None:
            levels[index] = _level(own)[1]
        start = number(override, "startOverride")
        if start is not None:
            levels[index] = replace(levels.get(index, Level()), start=start)
            restarted.append(index)
    return _List(abstract, levels, tuple(i for i in restarted if i < _LEVELS))


def _find(root: Element | None, name: str, attribute: str, key: str | None) -> Element | None:
    if root is None or key is None:
        return None
    return next((e for e in root.iterchildren(W + name) if e.get(W + attribute) == key), None)


def _index(element: Element) -> int:
    try:
        return min(max(int(element.get(f"{W}ilvl", "0")), 0), _LEVELS - 1)
    except ValueError:
        return 0


def _level(element: Element) -> tuple[int, Level]:
    legal = child(element, "isLgl")
    start = number(element, "start")
    return _index(element), Level(
        1 if start is None else start,
        value(element, "numFmt") or _alternate_format(element) or "decimal",
        value(element, "lvlText") or "",
        number(element, "lvlRestart"),
        legal is not None and is_on(legal),
        value(element, "pStyle") or "",
    )


def _alternate_format(element: Element) -> str | None:
    found = next(element.iter(f"{W}numFmt"), None)
    return None if found is None else found.get(f"{W}val")


def _restart_below(counts: list[int | None], levels: dict[int, Level], used: int) -> None:
    for index in range(used + 1, _LEVELS):
        restart = levels[index].restart if index in levels else None
        if restart is None or used < restart:
            counts[index] = None


def _shown(counts: list[int | None], levels: dict[int, Level], level: int) -> str:
    own = levels[level]
    if own.format in ("bullet", "none") and not _PLACEHOLDER.search(own.text):
        return "" if own.format == "bullet" else own.text.strip()

    def part(match: re.Match[str]) -> str:
        index = int(match.group(1)) - 1
        of = levels.get(index, Level())
        count = counts[index]
        return format_number(of.start if count is None else count, "decimal" if own.legal else of.format)

    return _PLACEHOLDER.sub(part, own.text).strip()
