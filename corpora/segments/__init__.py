"""Cuts a document into segments: the passages that are embedded, judged and quoted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from corpora.document import Document, DocumentKind, Role, Segment, SegmentedDocument
from corpora.hours import hours_of
from corpora.kinds import document_title, kind_of
from corpora.roles import heading_role, role_of
from corpora.segments.outline import Place, document_places
from corpora.segments.passages import Passage, block_passages
from corpora.segments.rows import RowReader
from corpora.table_layout import layouts_of

__all__ = ["segment"]

_SYLLABUS_ROLES = ("objective", "assessment", "resource")


def segment(document: Document) -> SegmentedDocument:
    """Cut a document into segments with their role, heading path, row hours and locators.

    A segment is one teaching statement: a list item, a sentence or a group of clauses, a table cell's line, or a
    heading that carries content. Page furniture, signatures, tables of contents and cells of mere numbers are left out.

    Parameters
    ----------
    document : a read document.

    Returns
    -------
    The document with its segments in reading order, its kind and its hours. For each segment, the resolved locators
    joined are exactly its text.
    """
    kind, title, layouts = kind_of(document), document_title(document), layouts_of(document)
    outline = document_places(document, title)
    reader = RowReader(document, layouts)
    default = _default_role(outline, kind)
    segments = tuple(
        _segment(number, document.text, passage, default)
        for number, passage in enumerate(_passages(document.text, outline, reader, title))
    )
    return SegmentedDocument(document, segments, kind, hours_of(document, layouts, kind))


def _passages(text: str, outline: Iterable[Place], reader: RowReader, title: str) -> Iterator[Passage]:
    for place in outline:
        if place.block.kind == "table_row" and place.block.locator.table:
            yield from reader.passages(place)
        else:
            yield from block_passages(text, place, title)


def _segment(number: int, text: str, passage: Passage, default: Role) -> Segment:
    words = text[passage.locator.start : passage.locator.end]
    role = role_of(passage.headings, passage.labels, words, default=default)
    if passage.is_heading:
        named = heading_role(words)
        role = named if named and named != "other" else role
    path = tuple(name for name in passage.headings + passage.labels if name)
    return Segment(number, words, (passage.locator,), role, path, passage.hours)


def _default_role(outline: Iterable[Place], kind: DocumentKind) -> Role:
    """Role of what stands under no telling heading: content in a textbook or notes, other in a syllabus."""
    if kind == "textbook":
        return "content"
    headings = {name for place in outline for name in place.path}
    roles = {heading_role(name) for name in headings}
    return "other" if sum(role in roles for role in _SYLLABUS_ROLES) >= 2 else "content"
