"""Walks the body of a docx and yields its paragraphs, tables and pictures in reading order, numbers restored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from corpora.document import BlockKind
from corpora.document_builder import CellSpec
from corpora.parsers.docx.inline import Inline, InlineReader, diagram_texts, is_placeholder
from corpora.parsers.docx.numbering import Numbering, separator
from corpora.parsers.docx.package import DocxPackage
from corpora.parsers.docx.styles import Style, StyleSheet
from corpora.parsers.docx.xml import (
    MC,
    Element,
    Settings,
    W,
    as_number,
    child,
    chosen_branch,
    is_on,
    number,
    setting,
    settings,
    value,
)
from corpora.parsers.outline import Piece
from corpora.parsers.pictures import Picture, opened

_MAX_DEPTH = 40
_BODY_LEVEL = 9
_PARAGRAPH, _TABLE, _FOREIGN = f"{W}p", f"{W}tbl", f"{W}altChunk"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph as read.

    Parameters
    ----------
    text : visible text, a restored number included.
    number : the restored number, "" when Word writes none.
    outline : outline level from 1 by style or by direct setting, None for body text.
    listed : whether Word numbers or bullets it; ``depth`` is its list level from 1.
    bold, centred, size : how it looks; ``size`` in half-points.
    style : its style.
    kind : ``paragraph``, ``footnote`` or ``text_box``.
    """

    text: str
    number: str = ""
    outline: int | None = None
    listed: bool = False
    depth: int = 0
    bold: bool = False
    centred: bool = False
    size: int = 0
    style: Style = field(default_factory=Style)
    kind: BlockKind = "paragraph"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as read.

    Parameters
    ----------
    cells : its origin cells.
    flagged : number of leading rows that repeat as headers.
    nested : tables inside, each with (row, column), from 0, of its cell.
    beside : text boxes, notes and pictures anchored in its cells.
    caption : the picture that it was read from, "" for a table of the document itself.
    """

    cells: tuple[CellSpec, ...]
    flagged: int
    nested: tuple[tuple[int, int, Grid], ...] = ()
    beside: tuple[Paragraph | Picture, ...] = ()
    caption: str = ""


Item = Paragraph | Grid | Picture


class Story:
    """Reads one document in reading order; numbers are counted on the way, so it can be read once.

    Parameters
    ----------
    package : the open docx.
    """

    def __init__(self, package: DocxPackage) -> None:
        self._package = package
        self._styles = StyleSheet(package.related("styles"))
        self._numbering = Numbering(package.related("numbering"), self._styles)
        self._reader = InlineReader(self._styles)
        self._joined = ""
        self._depth = 0
        self._notes: dict[str, dict[str, Element]] = {}
        self._seen: set[str] = set()
        self.pictures = 0
        self.foreign = 0

    def read(self) -> Iterator[Item]:
        """All paragraphs, tables and pictures of the document; vector pictures as the text and tables in them."""
        body = child(self._package.main(), "body")
        if body is not None:
            yield from self.blocks(body)

    def blocks(self, container: Element) -> Iterator[Item]:
        """Paragraphs and tables that stand directly in a body or a content control."""
        for item in container:
            tag = item.tag
            if tag == _PARAGRAPH:
                yield from self._paragraph(item)
            elif tag == _TABLE:
                yield self._table(item)
            elif tag == _FOREIGN:
                self.foreign += 1
            else:
                inner = _inner(item)
                if inner is not None:
                    yield from self.blocks(inner)
        if self._joined:
            yield Paragraph(self._joined.strip())
            self._joined = ""

    def _table(self, table: Element) -> Grid:
        from corpora.parsers.docx.tables import read_table

        return read_table(table, self)

    def inside(self, container: Element) -> list[Item]:
        """Blocks of a cell, note or text box: a small story within the story; nothing below a sane depth."""
        if self._depth >= _MAX_DEPTH:
            return []
        held, self._joined = self._joined, ""
        self._depth += 1
        found = list(self.blocks(container))
        self._depth -= 1
        self._joined = held
        return found

    def _paragraph(self, element: Element) -> Iterator[Item]:
        properties = settings(element, "pPr")
        style = self._styles.paragraph(setting(properties, "pStyle"))
        inline = self._reader.read(element, style.run)
        self.pictures += inline.pictures
        text, self._joined = self._joined + inline.text, ""
        if _mark_is_gone(properties):
            self._joined = text
        elif not style.is_contents:
            yield from self._made(text, inline, properties, style)
        for image in inline.images:
            yield from self._image(*image)
        yield from self._boxes(inline)
        yield from self._notes_of(inline)

    def _image(self, identifier: str, width: float, height: float) -> tuple[Item, ...]:
        """What a picture holds; the same picture shown again (a logo, a seal) holds nothing new."""
        found = self._package.picture(identifier)
        if found is None or found[0] in self._seen:
            return ()
        self._seen.add(found[0])
        picture = Picture(*found, width, height)
        content = opened(picture)
        if isinstance(content, Picture):
            return (content,)
        return tuple(
            Paragraph(piece.text, kind="text_box")
            if isinstance(piece, Piece)
            else Grid(tuple(piece.cells), piece.header_rows, caption=picture.label)
            for piece in content
        )

    def _made(self, text: str, inline: Inline, properties: Settings, style: Style) -> Iterator[Paragraph]:
        number_text, depth, listed = self._number(properties, style)
        body = text.strip()
        if not body:
            return
        alignment = setting(properties, "jc")
        yield Paragraph(
            number_text + separator(number_text) + body,
            number_text,
            _outline(properties, style),
            listed,
            depth,
            inline.is_bold,
            alignment == "center" or (style.centred and alignment is None),
            inline.size,
            style,
        )

    def _number(self, properties: Settings, style: Style) -> tuple[str, int, bool]:
        own = properties.get("numPr")
        num_id = (None if own is None else value(own, "numId")) or style.num_id
        if num_id is None or num_id == "0":
            return "", 0, False
        level = None if own is None else number(own, "ilvl")
        if level is None:
            level = style.num_level
        if level is None:
            level = self._numbering.level_of_style(num_id, style.num_style)
        return self._numbering.next_number(num_id, level), level + 1, True

    def _boxes(self, inline: Inline) -> Iterator[Item]:
        for box in inline.boxes:
            for block in self.inside(box):
                yield replace(block, kind="text_box") if isinstance(block, Paragraph) else block
        for relation in inline.diagrams:
            data = self._package.by_id(relation)
            for text in [] if data is None else diagram_texts(data):
                yield Paragraph(text, kind="text_box")

    def _notes_of(self, inline: Inline) -> Iterator[Paragraph]:
        for kind, key in inline.notes:
            note = self._note_elements(kind).get(key)
            lines = [] if note is None else [b.text for b in self.inside(note) if isinstance(b, Paragraph)]
            if text := "\n".join(lines):
                yield Paragraph(text, kind="footnote")

    def _note_elements(self, kind: str) -> dict[str, Element]:
        if kind not in self._notes:
            root = self._package.related(f"{kind}s")
            notes = () if root is None else root.iterchildren(W + kind)
            self._notes[kind] = {n.get(f"{W}id", ""): n for n in notes if n.get(f"{W}type", "normal") == "normal"}
        return self._notes[kind]


_WRAPPERS = {W + name for name in ("customXml", "ins", "moveTo", "smartTag")}


def _inner(item: Element) -> Element | None:
    """What to walk into instead of the item itself; None when it holds nothing to read."""
    if item.tag == f"{MC}AlternateContent":
        return chosen_branch(item)
    if item.tag == f"{W}sdt":
        return None if is_placeholder(item) or _is_contents(item) else child(item, "sdtContent")
    return item if item.tag in _WRAPPERS else None


def _is_contents(control: Element) -> bool:
    gallery = child(child(child(control, "sdtPr"), "docPartObj"), "docPartGallery")
    return gallery is not None and gallery.get(f"{W}val") == "Table of Contents"


def _mark_is_gone(properties: Settings) -> bool:
    mark = properties.get("rPr")
    if mark is None:
        return False
    hidden = child(mark, "specVanish")
    return child(mark, "del") is not None or (hidden is not None and is_on(hidden))


def _outline(properties: Settings, style: Style) -> int | None:
    own = as_number(setting(properties, "outlineLvl"))
    if own is None:
        return style.outline
    return own + 1 if own < _BODY_LEVEL else None
