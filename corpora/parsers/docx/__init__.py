"""Reads Word documents (docx, docm, dotx; transitional and strict).

Everything a reader of the final document sees, in reading order: paragraphs with Word's own numbers restored, tables
with merges, text boxes, notes behind the paragraph that refers to them, tracked insertions, vector pictures that hold
text or tables, bitmaps where the schedule of courses is expected (by OCR, or said to be missing). Not read: deleted,
struck and hidden text, headers and footers, comments, tables of contents (they repeat the headings). Word stores no
pages, so locators have none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from corpora.document import Document
from corpora.document_builder import DocumentBuilder
from corpora.errors import EmptyDocumentError
from corpora.parsers.base import Source
from corpora.parsers.docx.headings import heading_levels, is_caption
from corpora.parsers.docx.package import DocxPackage
from corpora.parsers.docx.scans import Scan, ScanReader, schedule_scans
from corpora.parsers.docx.story import Grid, Item, Paragraph, Story
from corpora.parsers.docx.title import find_title
from corpora.parsers.enumerators import Enumerator, leading_enumerator, outline_levels
from corpora.parsers.headers import guess_header_rows
from corpora.parsers.outline import Piece
from corpora.parsers.pictures import Picture

_CAPTION_MOST = 60
_FLAGGED_MOST = 5


class DocxParser:
    """Parser of the format ``docx``."""

    def parse(self, source: Source) -> Document:
        """Read a docx; see ``corpora.parsers.base.Parser``."""
        package = DocxPackage(source)
        story = Story(package)
        items, pictures = _parted(story.read())
        if not items:
            what = "文档里只有图片，没有可读的文字" if story.pictures else "文档里没有文字"
            raise EmptyDocumentError(what, where=source.name, advice="若正文是图片，请另存为 pdf 后用 OCR 读取")
        builder = DocumentBuilder(source.name, source.data, "docx")
        title, title_index = find_title(items, package.core_title())
        builder.title = title
        levels = heading_levels(items, title_index)
        scans = schedule_scans(items, pictures, levels, title_index)
        _Writer(builder, items, levels, scans, ScanReader(source.options)).write()
        for part in package.damaged:
            builder.add_error(part, "这部分的 XML 有损坏，已尽量读出，可能缺少内容")
        if story.foreign:
            builder.add_error("嵌入内容", f"有 {story.foreign} 处嵌入的外部文档没有读取")
        return builder.build()


def _parted(story: Iterable[Item]) -> tuple[list[Paragraph | Grid], list[tuple[int, Picture]]]:
    """Paragraphs and tables, and the bitmaps with the index of the item that each stands behind."""
    items: list[Paragraph | Grid] = []
    pictures: list[tuple[int, Picture]] = []
    for item in story:
        if isinstance(item, Picture):
            pictures.append((len(items) - 1, item))
            continue
        items.append(item)
        if isinstance(item, Grid):
            pictures += [(len(items) - 1, inner) for inner in item.beside if isinstance(inner, Picture)]
    return items, pictures


class _Writer:
    """Turns items into blocks."""

    def __init__(
        self,
        builder: DocumentBuilder,
        items: Sequence[Paragraph | Grid],
        levels: Mapping[int, int],
        scans: Iterable[Scan],
        reader: ScanReader,
    ) -> None:
        self._builder, self._items, self._levels, self._reader = builder, items, levels, reader
        self._scans: dict[int, list[Scan]] = {}
        for scan in scans:
            self._scans.setdefault(scan.after, []).append(scan)
        self._list_levels = outline_levels(
            e
            for i, item in enumerate(items)
            if i not in self._levels and isinstance(item, Paragraph) and (e := leading_enumerator(item.text))
        )

    def write(self) -> None:
        """Add all items to the builder."""
        caption = ""
        self._add_scans(-1)
        for index, item in enumerate(self._items):
            if isinstance(item, Grid):
                self._add_table(item, caption, None)
                caption = ""
            else:
                self._add_paragraph(index, item)
                caption = _caption(item) or (caption if item.kind != "paragraph" else "")
            self._add_scans(index)

    def _add_scans(self, index: int) -> None:
        for scan in self._scans.get(index, ()):
            pieces, said = self._reader.read(scan)
            if said:
                self._builder.add_error(scan.where, said)
            for piece in pieces:
                if isinstance(piece, Piece):
                    self._builder.add("text_box", piece.text)
                else:
                    self._add_table(Grid(piece.cells, piece.header_rows, caption=scan.picture.label), "", None)

    def _add_paragraph(self, index: int, item: Paragraph) -> None:
        enumerator = leading_enumerator(item.text)
        number = item.number or (enumerator.text if enumerator else "")
        if item.kind != "paragraph":
            self._builder.add(item.kind, item.text, number=number)
        elif index in self._levels:
            self._builder.add("heading", item.text, level=self._levels[index], number=number)
        elif item.listed or enumerator:
            self._builder.add("list_item", item.text, level=self._list_level(item, enumerator), number=number)
        else:
            self._builder.add("paragraph", item.text)

    def _list_level(self, item: Paragraph, enumerator: Enumerator | None) -> int:
        if item.listed or enumerator is None:
            return item.depth
        return self._list_levels.get(enumerator.rank, 1)

    def _add_table(self, grid: Grid, caption: str, parent: tuple[int, int, int] | None) -> None:
        header_rows = grid.flagged if grid.caption else _header_rows(grid)
        caption = f"{caption}（{grid.caption}）" if caption and grid.caption else caption or grid.caption
        table = self._builder.add_table(grid.cells, header_rows=header_rows, caption=caption, parent=parent)
        for row, column, nested in grid.nested:
            self._add_table(nested, "", (table.number, row + 1, column + 1))
        for beside in grid.beside:
            if isinstance(beside, Paragraph):
                self._builder.add(beside.kind, beside.text)


def _header_rows(grid: Grid) -> int:
    flagged = grid.flagged if grid.flagged <= _FLAGGED_MOST else 0
    rows = max((c.row + c.row_span for c in grid.cells), default=0)
    return max(flagged if flagged < rows else 0, guess_header_rows(grid.cells))


def _caption(paragraph: Paragraph) -> str:
    """The text when a paragraph above a table is its title, else ""."""
    text = paragraph.text
    if len(text) > _CAPTION_MOST or paragraph.kind != "paragraph":
        return ""
    named = is_caption(paragraph) or text.rstrip("：:").endswith("表")
    return text if named or (paragraph.centred and paragraph.outline is None) else ""
