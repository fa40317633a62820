"""HTML: what a reader of the page sees, in order."""

from __future__ import annotations

import re

from corpora.document import Document
from corpora.document_builder import DocumentBuilder
from corpora.errors import DamagedDocumentError, EmptyDocumentError
from corpora.parsers.base import Source
from corpora.parsers.cleaning import one_line
from corpora.parsers.decoding import decode
from corpora.parsers.html_walker import pieces_of
from corpora.parsers.outline import add_pieces, title_of, titled

_META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_DECLARATION = re.compile(rb"""^\s*<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w.:-]+)""", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_SERVER_PAGE = re.compile(r"<%.*?%>|<\?php.*?\?>", re.DOTALL)
_HEAD_BYTES = 4096


class HtmlParser:
    """Reads web pages and saved HTML."""

    def parse(self, source: Source) -> Document:
        """Read a page.

        Raises
        ------
        DamagedDocumentError : there is no HTML in it.
        EmptyDocumentError : it shows no text.
        """
        from lxml import etree, html

        text = _XML_DECLARATION.sub("", decode(source.data, _declared(source.data), source.name))
        text = _SERVER_PAGE.sub("", text)
        builder = DocumentBuilder(source.name, source.data, "html")
        if not text.strip():
            raise EmptyDocumentError("网页中没有文字", where=source.name)
        try:
            root = html.document_fromstring(text)
        except (etree.LxmlError, ValueError) as error:
            raise DamagedDocumentError("不是可读的网页", where=source.name) from error
        pieces = titled(pieces_of(root))
        add_pieces(builder, pieces)
        builder.title = one_line(root.findtext(".//title") or "") or title_of(pieces)
        document = builder.build()
        if not document.blocks:
            raise EmptyDocumentError(
                "网页中没有文字", where=source.name, advice="动态加载的内容请另存为完整网页后再提交"
            )
        return document


def _declared(data: bytes) -> str:
    match = _DECLARATION.match(data[:_HEAD_BYTES]) or _META.search(data[:_HEAD_BYTES])
    return match[1].decode("ascii") if match else ""
