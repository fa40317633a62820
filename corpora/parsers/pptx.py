"""PowerPoint: slides as pages, titles as headings, outlines as list items, tables, notes; all through python-pptx."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from corpora.document import Document
from corpora.document_builder import CellSpec, DocumentBuilder
from corpora.errors import DamagedDocumentError, EmptyDocumentError
from corpora.parsers.base import Source
from corpora.parsers.cleaning import one_line
from corpora.parsers.headers import guess_header_rows
from corpora.parsers.outline import Piece, TablePiece, add_pieces

_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_LINE_BREAK = re.compile(r"[\v\n]")
_FURNITURE = {"DATE", "FOOTER", "SLIDE_NUMBER", "HEADER"}
_TITLES = {"TITLE", "CENTER_TITLE", "VERTICAL_TITLE"}
_BODIES = {"BODY", "OBJECT", "SUBTITLE", "VERTICAL_BODY", "VERTICAL_OBJECT"}
_SECTION_LAYOUTS = {"title", "secHead"}


class PptxParser:
    """Reads PowerPoint presentations; the slide's number is the page."""

    def parse(self, source: Source) -> Document:
        """Read a presentation. Hidden slides and struck-out text are left out.

        Raises
        ------
        DamagedDocumentError : it does not open as a presentation.
        EmptyDocumentError : no slide has any text.
        """
        from pptx import Presentation

        try:
            slides = list(Presentation(BytesIO(source.data)).slides)
        except Exception as error:
            raise DamagedDocumentError(
                "演示文稿已损坏，无法打开", where=source.name, advice="请重新另存后再试"
            ) from error
        builder = DocumentBuilder(source.name, source.data, "pptx")
        last = source.options.max_pages
        pieces = [piece for n, slide in enumerate(slides[:last], start=1) for piece in _slide(slide, n, builder)]
        if len(slides) > last:
            builder.add_error(f"第 {last + 1} 张起", f"超过 {last} 张的上限，其后未读")
        add_pieces(builder, pieces)
        builder.pages = len(slides)
        builder.title = next((p.text for p in pieces if isinstance(p, Piece) and p.kind == "heading"), "")
        document = builder.build()
        if not document.blocks:
            raise EmptyDocumentError("演示文稿中没有文字", where=source.name, advice="图片中的文字请另存为 PDF 后识别")
        return document


def _slide(slide: Any, number: int, builder: DocumentBuilder) -> list[Piece | TablePiece]:
    """A slide's pieces; what cannot be read becomes an error item."""
    try:
        if slide._element.get("show") == "0":
            return []
        level = 1 if slide.slide_layout._element.get("type") in _SECTION_LAYOUTS else 2
        shapes = sorted(slide.shapes, key=lambda s: (not _is_title(s), s.top or 0, s.left or 0))
        pieces = [piece for shape in shapes for piece in _shape(shape, number, level)]
        return pieces + list(_notes(slide, number))
    except Exception as error:
        builder.add_error(f"第 {number} 张幻灯片", f"无法读取（{type(error).__name__}）")
        return []


def _placeholder(shape: Any) -> str:
    """The name of a placeholder's type, "" for other shapes."""
    return shape.placeholder_format.type.name if shape.is_placeholder and shape.placeholder_format.type else ""


def _is_title(shape: Any) -> bool:
    return _placeholder(shape) in _TITLES


def _shape(shape: Any, page: int, title_level: int) -> Iterator[Piece | TablePiece]:
    kind = _placeholder(shape)
    if kind in _FURNITURE or _is_hidden(shape):
        return
    if shape.shape_type is not None and shape.shape_type.name == "GROUP":
        for inner in sorted(shape.shapes, key=lambda s: (s.top or 0, s.left or 0)):
            yield from _shape(inner, page, title_level)
    elif getattr(shape, "has_table", False):
        yield from _table(shape.table, page)
    elif kind in _TITLES:
        text = " ".join(text for text, _ in _paragraphs(shape.text_frame))
        yield Piece(one_line(text), "heading", title_level, page=page)
    elif shape.has_text_frame:
        for text, level in _paragraphs(shape.text_frame):
            is_outline = kind in _BODIES and kind != "SUBTITLE"
            yield Piece(text, "list_item", level + 1, page=page) if is_outline else Piece(text, page=page)
    else:
        yield from _diagram(shape, page)


def _is_hidden(shape: Any) -> bool:
    return any(mark.get("hidden") in {"1", "true"} for mark in shape._element.iter() if _name(mark) == "cNvPr")


def _name(element: Any) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _paragraphs(frame: Any) -> Iterator[tuple[str, int]]:
    """Text and level (from 0) of each paragraph; a soft line break parts it in two."""
    for paragraph in frame.paragraphs:
        text = "".join(_visible(child) for child in paragraph._p)
        for line in _LINE_BREAK.split(text):
            if cleaned := one_line(line):
                yield cleaned, paragraph.level


def _visible(element: Any) -> str:
    """The text of a run, field or break that is not struck out."""
    name = _name(element)
    if name == "br":
        return "\n"
    if name not in {"r", "fld"}:
        return ""
    properties = element.find(f"{_DRAWING}rPr")
    if properties is not None and properties.get("strike") in {"sngStrike", "dblStrike"}:
        return ""
    return element.findtext(f"{_DRAWING}t") or ""


def _table(table: Any, page: int) -> Iterator[TablePiece]:
    cells = tuple(
        CellSpec(
            "\n".join(text for text, _ in _paragraphs(cell.text_frame)),
            row,
            column,
            cell.span_height if cell.is_merge_origin else 1,
            cell.span_width if cell.is_merge_origin else 1,
        )
        for row, line in enumerate(table.rows)
        for column, cell in enumerate(line.cells)
        if not cell.is_spanned
    )
    if any(cell.text for cell in cells):
        yield TablePiece(cells, guess_header_rows(cells), page=page)


def _diagram(shape: Any, page: int) -> Iterator[Piece]:
    """The texts of a SmartArt graphic, which stand in a part of their own."""
    from lxml import etree

    for reference in shape._element.iter(f"{_DIAGRAM}relIds"):
        part = shape.part.related_part(reference.get(f"{_RELATION}dm"))
        root = etree.fromstring(part.blob, etree.XMLParser(resolve_entities=False, no_network=True))
        for point in root.iter(f"{_DIAGRAM}pt"):
            for paragraph in point.iter(f"{_DRAWING}p"):
                if text := one_line("".join(_visible(child) for child in paragraph)):
                    yield Piece(text, "list_item", 1, page=page)


def _notes(slide: Any, page: int) -> Iterator[Piece]:
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        for text, _ in _paragraphs(slide.notes_slide.notes_text_frame):
            yield Piece(text, "footnote", page=page)
