"""Reads the text of one paragraph as a reader of the final document sees it.

Kept: runs, hyperlinks, content controls, smart tags, tracked insertions and moves to, field results, symbols, formulas'
text. Dropped: tracked deletions and moves from, struck-out and hidden text, field codes, placeholders of empty content
controls, ruby readings. Text boxes and notes are handed back beside the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from corpora.parsers.docx.number_formats import format_number
from corpora.parsers.docx.styles import RunFormat, StyleSheet, run_format_of
from corpora.parsers.docx.symbols import symbol
from corpora.parsers.docx.xml import DGM, MC, WP, A, Element, M, R, V, W, child, chosen_branch

_ENCLOSED = re.compile(r"\bEQ\s+\\o(?:\\a[lcr])?\s*\([^\d]*?(\d{1,2})\s*\)", re.IGNORECASE)
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_SKIPPED = {
    W + name
    for name in ("pPr", "del", "moveFrom", "sdtPr", "sdtEndPr", "proofErr", "bookmarkStart", "bookmarkEnd", "rPr", "rt")
}
_BREAKS = {f"{W}tab": "\t", f"{W}ptab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
_NOTES = {f"{W}footnoteReference": "footnote", f"{W}endnoteReference": "endnote"}
_RUN, _RUN_PROPERTIES, _RUN_STYLE, _VAL = f"{W}r", f"{W}rPr", f"{W}rStyle", f"{W}val"
_TEXT, _SYMBOL, _CODE, _RUBY, _CONTROL = f"{W}t", f"{W}sym", f"{W}instrText", f"{W}ruby", f"{W}sdt"
_FIELD, _FIELD_KIND, _ALTERNATE = f"{W}fldChar", f"{W}fldCharType", f"{MC}AlternateContent"
_SHOWN = frozenset((_TEXT, _SYMBOL, *_BREAKS))
_DRAWN = {f"{W}drawing", f"{W}pict", f"{W}object"}
_IMAGES = {f"{A}blip": f"{R}embed", f"{V}imagedata": f"{R}id"}
_EMU_PER_MM = 36_000
#: ``width`` and ``height`` of a VML shape's style, with their units.
_VML_SIZE = re.compile(r"(?:^|;)\s*(width|height)\s*:\s*([\d.]+)(pt|in|cm|mm|px)?")
_MILLIMETRES = {"pt": 25.4 / 72, "in": 25.4, "cm": 10.0, "mm": 1.0, "px": 25.4 / 96, "": 25.4 / 96}


@dataclass
class Field:
    """An open field: its code so far, and whether its result has begun."""

    code: str = ""
    result: bool = False
    shown: bool = False


@dataclass
class Inline:
    """What stands in one paragraph.

    Parameters
    ----------
    parts : pieces of visible text.
    notes : (kind, id) of the notes referred to.
    boxes : ``w:txbxContent`` elements of the text boxes anchored here.
    diagrams : relationship ids of SmartArt data parts.
    bold, plain : number of visible characters that are bold, and that are not.
    size : size of the largest text, in half-points.
    pictures : whether a drawing stands here.
    images : relationship id, width and height in millimetres (0 where not told) of the pictures that stand here.
    """

    parts: list[str] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)
    diagrams: list[str] = field(default_factory=list)
    bold: int = 0
    plain: int = 0
    size: int = 0
    pictures: bool = False
    images: list[tuple[str, float, float]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The visible text, without invisible characters."""
        return "".join(self.parts).translate(_INVISIBLE)

    @property
    def is_bold(self) -> bool:
        """Whether all visible text is bold."""
        return self.bold > 0 and self.plain == 0


class InlineReader:
    """Reads paragraphs one after the other; fields may run over paragraph borders, so one instance reads one story.

    Parameters
    ----------
    styles : the document's styles.
    """

    def __init__(self, styles: StyleSheet) -> None:
        self._styles = styles
        self._fields: list[Field] = []
        self._runs: dict[tuple[str, RunFormat], RunFormat] = {}

    def read(self, paragraph: Element, base: RunFormat) -> Inline:
        """Read one ``w:p``.

        Parameters
        ----------
        paragraph : the element.
        base : what its paragraph style says of text.
        """
        inline = Inline()
        self._walk(paragraph, inline, base)
        self._fields = [f for f in self._fields if f.result]  # a code without a result must not hide what follows
        return inline

    def _walk(self, element: Element, inline: Inline, base: RunFormat) -> None:
        for item in element:
            tag = item.tag
            if tag == _RUN:
                self._run(item, inline, base)
            elif tag in _SKIPPED:
                continue
            elif tag == _CONTROL:
                self._content_control(item, inline, base)
            elif tag == _ALTERNATE:
                branch = chosen_branch(item)
                if branch is not None:
                    self._walk(branch, inline, base)
            elif isinstance(tag, str) and tag.startswith(M):
                self._show("".join(t.text or "" for t in item.iter(f"{M}t")), inline, base)
            else:
                self._walk(item, inline, base)

    def _content_control(self, control: Element, inline: Inline, base: RunFormat) -> None:
        content = child(control, "sdtContent")
        if content is not None and not is_placeholder(control):
            self._walk(content, inline, base)

    def _run(self, run: Element, inline: Inline, base: RunFormat) -> None:
        items = list(run)
        format = self._format(next((item for item in items if item.tag == _RUN_PROPERTIES), None), base)
        visible = not (format.struck or format.hidden)
        for item in items:
            tag = item.tag
            if tag in _SHOWN:
                if visible:
                    self._show(item.text or "" if tag == _TEXT else _characters(item), inline, format)
            elif tag == _RUN_PROPERTIES:
                continue
            elif tag == _FIELD:
                self._field(item.get(_FIELD_KIND), inline, format)
            elif tag == _CODE and self._fields:
                self._fields[-1].code += item.text or ""
            elif visible:
                self._other(item, inline, format)

    def _other(self, item: Element, inline: Inline, format: RunFormat) -> None:
        tag = item.tag
        if tag in _NOTES:
            inline.notes.append((_NOTES[tag], item.get(f"{W}id", "")))
        elif tag in _DRAWN:
            self._drawing(item, inline)
        elif tag == _ALTERNATE:
            branch = chosen_branch(item)
            for inner in () if branch is None else branch:
                self._other(inner, inline, format)
        elif tag == _RUBY:
            base = child(item, "rubyBase")
            if base is not None:
                self._walk(base, inline, format)

    def _drawing(self, drawing: Element, inline: Inline, size: tuple[float, float] = (0.0, 0.0)) -> None:
        inline.pictures = True
        size = drawn_size(drawing) or size
        for item in drawing:
            if item.tag == f"{W}txbxContent":
                inline.boxes.append(item)
            elif item.tag == f"{MC}AlternateContent":
                branch = chosen_branch(item)
                if branch is not None:
                    self._drawing(branch, inline, size)
            elif item.tag == f"{DGM}relIds":
                inline.diagrams.append(item.get(f"{R}dm", ""))
            else:
                if item.tag in _IMAGES:
                    inline.images.append((item.get(_IMAGES[item.tag], ""), *size))
                self._drawing(item, inline, size)

    def _format(self, properties: Element | None, base: RunFormat) -> RunFormat:
        if properties is None:
            return base
        items = list(properties)
        own = run_format_of(items)
        named = next((item for item in items if item.tag == _RUN_STYLE), None)
        style = None if named is None else named.get(_VAL)
        if style is None:
            return own.over(base)
        key = (style, base)
        if key not in self._runs:
            self._runs[key] = self._styles.run(style).over(base)
        return own.over(self._runs[key])

    def _show(self, text: str, inline: Inline, format: RunFormat) -> None:
        if not text or any(not f.result for f in self._fields):
            return
        for open_field in self._fields:
            open_field.shown = True
        inline.parts.append(text)
        letters = len(text.strip())
        if letters:
            inline.size = max(inline.size, format.size or 0)
            if format.bold:
                inline.bold += letters
            else:
                inline.plain += letters

    def _field(self, kind: str | None, inline: Inline, format: RunFormat) -> None:
        if kind == "begin":
            self._fields.append(Field())
        elif kind == "separate" and self._fields:
            self._fields[-1].result = True
        elif kind == "end" and self._fields:
            ended = self._fields.pop()
            match = None if ended.shown else _ENCLOSED.search(ended.code)
            if match:
                self._show(format_number(int(match.group(1)), "decimalEnclosedCircle"), inline, format)


def drawn_size(drawing: Element) -> tuple[float, float] | None:
    """Width and height in millimetres that a DrawingML frame or a VML shape says itself."""
    extent = drawing.find(f"{WP}extent")
    try:
        if extent is not None:
            return int(extent.get("cx", "0")) / _EMU_PER_MM, int(extent.get("cy", "0")) / _EMU_PER_MM
        sides = {m[1]: float(m[2]) * _MILLIMETRES[m[3] or ""] for m in _VML_SIZE.finditer(drawing.get("style", ""))}
    except ValueError:
        return None
    return (sides["width"], sides["height"]) if len(sides) == 2 else None


def is_placeholder(control: Element) -> bool:
    """Whether a content control still shows its prompt and nothing that an author wrote."""
    return child(child(control, "sdtPr"), "showingPlcHdr") is not None


def diagram_texts(data: Element) -> list[str]:
    """The texts of a SmartArt data part, one a shape."""
    texts = ("".join(t.text or "" for t in point.iter(f"{A}t")) for point in data.iter(f"{DGM}pt"))
    return [text.strip() for text in texts if text.strip()]


def _characters(item: Element) -> str:
    if item.tag == _SYMBOL:
        return symbol(item.get(f"{W}font", ""), item.get(f"{W}char", ""))
    return _BREAKS[item.tag]
