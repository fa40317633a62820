"""Styles of a docx: what a paragraph or run inherits through ``basedOn``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from corpora.parsers.docx.xml import Element, W, as_number, child, is_on, number, value

_HEADING_NAME = re.compile(r"^(?:heading|标题)\s*([1-9])$", re.IGNORECASE)
_BODY_LEVEL = 9
_DEFAULT_SIZE = 21
_VAL, _BOLD, _SIZE, _HIDDEN = f"{W}val", f"{W}b", f"{W}sz", f"{W}vanish"
_STRUCK = (f"{W}strike", f"{W}dstrike")


@dataclass(frozen=True, slots=True)
class RunFormat:
    """Properties of text that matter for reading; None means inherited.

    ``size`` counts half-points.
    """

    bold: bool | None = None
    size: int | None = None
    struck: bool | None = None
    hidden: bool | None = None

    def over(self, base: RunFormat) -> RunFormat:
        """These properties, with those of ``base`` where these say nothing."""
        return RunFormat(
            base.bold if self.bold is None else self.bold,
            base.size if self.size is None else self.size,
            base.struck if self.struck is None else self.struck,
            base.hidden if self.hidden is None else self.hidden,
        )


_NOTHING = RunFormat()


@dataclass(frozen=True, slots=True)
class Style:
    """A style with everything it inherits.

    Parameters
    ----------
    name : its name, lower case.
    outline : outline level from 1, None for body text.
    num_id, num_level : numbering it brings; None where it brings none.
    num_style : id of the style in the chain that brings the numbering.
    centred : whether paragraphs are centred.
    run : properties of its text.
    """

    name: str = ""
    outline: int | None = None
    num_id: str | None = None
    num_level: int | None = None
    num_style: str = ""
    centred: bool = False
    run: RunFormat = RunFormat()

    @property
    def is_contents(self) -> bool:
        """Whether it is a line of a table of contents."""
        return self.name.startswith("toc ") and self.name != "toc heading"

    @property
    def is_title(self) -> bool:
        """Whether it is the document's title."""
        return self.name in ("title", "标题")

    @property
    def is_caption(self) -> bool:
        """Whether it is the title of a table or figure."""
        return self.name in ("caption", "题注")


class StyleSheet:
    """All styles of a document, resolved on demand.

    Parameters
    ----------
    root : the styles part, None when the document has none.
    """

    def __init__(self, root: Element | None) -> None:
        self._elements: dict[str, Element] = {}
        self._defaults: dict[str, str] = {}
        self._resolved: dict[str, Style] = {}
        self._base = RunFormat(False, _DEFAULT_SIZE, False, False)
        if root is not None:
            defaults = child(child(root, "docDefaults"), "rPrDefault")
            self._base = run_format(child(defaults, "rPr")).over(self._base)
            for element in root.iterchildren(f"{W}style"):
                self._register(element)

    def _register(self, element: Element) -> None:
        key, kind = element.get(f"{W}styleId", ""), element.get(f"{W}type", "paragraph")
        self._elements[key] = element
        if element.get(f"{W}default") in ("1", "true", "on"):
            self._defaults[kind] = key

    def paragraph(self, key: str | None) -> Style:
        """The style of a paragraph by id; the default style when the id is None or unknown."""
        if key is None or key not in self._elements:
            key = self._defaults.get("paragraph", "")
        return self.resolve(key)

    def run(self, key: str) -> RunFormat:
        """What a character style says, with nothing inherited from the document's defaults."""
        chain = self._chain(key)
        found = RunFormat()
        for element in chain:
            found = found.over(run_format(child(element, "rPr")))
        return found

    def resolve(self, key: str) -> Style:
        """A style by id with everything it inherits."""
        if key not in self._resolved:
            self._resolved[key] = self._inherit(self._chain(key))
        return self._resolved[key]

    def numbering(self, key: str) -> str | None:
        """The numId that a numbering style brings."""
        return value(child(child(self._elements.get(key), "pPr"), "numPr"), "numId")

    def _chain(self, key: str | None) -> list[Element]:
        chain: list[Element] = []
        seen: set[str] = set()
        while key and key in self._elements and key not in seen:
            seen.add(key)
            chain.append(self._elements[key])
            key = value(chain[-1], "basedOn")
        return chain

    def _inherit(self, chain: list[Element]) -> Style:
        name = (value(chain[0], "name") or "").strip().lower() if chain else ""
        run, centred = RunFormat(), None
        outline: int | None = None
        num_id, num_level, num_style = None, None, ""
        for element in chain:
            properties = child(element, "pPr")
            run = run.over(run_format(child(element, "rPr")))
            outline = _outline(element, properties) if outline is None else outline
            alignment = value(properties, "jc")
            centred = alignment == "center" if centred is None and alignment else centred
            numbering = child(properties, "numPr")
            if num_id is None and numbering is not None:
                num_id, num_style = value(numbering, "numId"), element.get(f"{W}styleId", "")
            num_level = number(numbering, "ilvl") if num_level is None else num_level
        level = outline if outline is not None and outline < _BODY_LEVEL else None
        return Style(
            name,
            None if level is None else level + 1,
            num_id,
            num_level,
            num_style,
            bool(centred),
            run.over(self._base),
        )


def _outline(style: Element, properties: Element | None) -> int | None:
    level = number(properties, "outlineLvl")
    if level is not None:
        return level
    match = _HEADING_NAME.match((value(style, "name") or "").strip())
    return int(match.group(1)) - 1 if match else None


def run_format(properties: Element | None) -> RunFormat:
    """What a ``w:rPr`` says itself."""
    return _NOTHING if properties is None else run_format_of(properties)


def run_format_of(items: Iterable[Element]) -> RunFormat:
    """What the children of a ``w:rPr`` say; of several sizes the first one counts."""
    bold = struck = hidden = None
    size: Element | None = None
    for item in items:
        tag = item.tag
        if tag == _BOLD:
            bold = is_on(item)
        elif tag == _SIZE:
            size = item if size is None else size
        elif tag in _STRUCK:
            struck = bool(struck) or is_on(item)
        elif tag == _HIDDEN:
            hidden = is_on(item)
    return RunFormat(bold, None if size is None else as_number(size.get(_VAL)), struck, hidden)
