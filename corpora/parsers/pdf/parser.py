"""PDF: text layer through pdfium, ruled and open tables, scanned pages through OCR."""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic, process_time

from corpora.document import Document
from corpora.document_builder import DocumentBuilder
from corpora.errors import DuibiaoError, EmptyDocumentError, MissingExtraError
from corpora.parsers.base import Source
from corpora.parsers.outline import Piece, TablePiece, add_pieces, title_of, titled
from corpora.parsers.pdf.content import PageContent
from corpora.parsers.pdf.engine import PdfFile
from corpora.parsers.pdf.pages import RawPage, flow_of, raw_page
from corpora.parsers.pdf.paragraphs import pieces_of

_UNMAPPED = 0.3
_SCAN_DPI = 200.0
_SCAN_SHARE = 0.6
_STAMP = 40
_BUDGET = 0.8
_TITLE_SIZE = 1.3


class PdfParser:
    """Reads PDF files; every block carries its page."""

    def parse(self, source: Source) -> Document:
        """Read a PDF.

        Raises
        ------
        EncryptedDocumentError, DamagedDocumentError : the file does not open.
        MissingExtraError : no page has a text layer and the ``ocr`` extra is not installed.
        EmptyDocumentError : no page has any text.
        """
        builder = DocumentBuilder(source.name, source.data, "pdf")
        pdf = PdfFile(source.data, source.name)
        try:
            return _Reading(pdf, builder, source).document()
        finally:
            pdf.close()


class _Reading:
    def __init__(self, pdf: PdfFile, builder: DocumentBuilder, source: Source) -> None:
        self._pdf, self._builder, self._source = pdf, builder, source
        self._missing: MissingExtraError | None = None
        self._begun = process_time(), monotonic()

    def document(self) -> Document:
        last = min(self._pdf.pages, self._source.options.max_pages)
        pages = [page for number in range(1, last + 1) if (page := self._page(number)) is not None]
        if last < self._pdf.pages:
            self._builder.add_error(
                f"第 {last + 1} 页起", f"超过 {last} 页的上限，其后 {self._pdf.pages - last} 页未读"
            )
        pieces = titled(pieces_of(flow_of(pages)))
        add_pieces(self._builder, pieces)
        self._builder.pages = self._pdf.pages
        self._builder.title = _title(pieces) or title_of(pieces) or self._pdf.title
        document = self._builder.build()
        if document.blocks:
            return document
        if self._missing:
            raise MissingExtraError(self._missing.what, where=self._source.name, advice=self._missing.advice)
        if document.errors:
            first = document.errors[0]
            raise EmptyDocumentError(f"没有读出文字，{first.where}：{first.what}", where=self._source.name)
        raise EmptyDocumentError("PDF 中没有可读的文字", where=self._source.name, advice="请确认文件不是空白页或纯图片")

    def _page(self, number: int) -> RawPage | None:
        try:
            content = self._pdf.page(number)
            return raw_page(content) if _has_text_layer(content) else self._scanned(content)
        except MissingExtraError as error:
            self._missing = error
            self._builder.add_error(f"第 {number} 页", f"没有文字层，需文字识别。{error.advice}")
        except DuibiaoError as error:
            self._builder.add_error(f"第 {number} 页", error.what)
        except Exception as error:
            self._builder.add_error(f"第 {number} 页", f"无法读取（{type(error).__name__}）")
        return None

    def _scanned(self, content: PageContent) -> RawPage | None:
        picture = self._pdf.picture(content.number, _SCAN_DPI)
        if int(picture.max()) - int(picture.min()) < 32:
            return None
        if not self._source.options.ocr:
            self._builder.add_error(f"第 {content.number} 页", "没有文字层，且未启用文字识别")
            return None
        if self._is_late():
            self._builder.add_error(f"第 {content.number} 页", "文字识别耗时将超过上限，本页未识别，请拆分文件后再试")
            return None
        from corpora.parsers.ocr import recognise

        page = recognise(picture, content.number)
        self._builder.recognised_pages.add(content.number)
        return page

    def _is_late(self) -> bool:
        """Whether so much of the limits is used up that another page of OCR might end the process."""
        limits = self._source.options.limits
        busy, elapsed = process_time() - self._begun[0], monotonic() - self._begun[1]
        return busy > _BUDGET * limits.cpu_seconds or elapsed > _BUDGET * limits.wall_seconds


def _has_text_layer(content: PageContent) -> bool:
    """Whether the characters are the page's text, not just a stamp on a scan or signs without a meaning."""
    few = len(content.chars) < _STAMP and content.pictured > _SCAN_SHARE
    return bool(content.chars) and content.unmapped < _UNMAPPED and not few


def _title(pieces: Sequence[Piece | TablePiece]) -> str:
    """The largest text of the first page, when it is clearly larger than the body."""
    first = [p for p in pieces if isinstance(p, Piece) and p.page == 1 and 2 <= len(p.text) <= 60]
    best = max(first, key=lambda p: p.size, default=None)
    return best.text if best and best.size >= _TITLE_SIZE else ""
