"""The EPUB parser on books packed here."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import pytest

from corpora.document import Document
from corpora.errors import DamagedDocumentError, EmptyDocumentError, EncryptedDocumentError
from corpora.parsers.base import Source
from corpora.parsers.epub import EpubParser

CONTAINER = '<container><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
ENCRYPTION = (
    '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><EncryptedData>'
    '<EncryptionMethod Algorithm="{}"/><CipherData><CipherReference URI="{}"/></CipherData></EncryptedData>'
    "</encryption>"
)


def chapter(body: str) -> str:
    page = '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body>{}</body></html>'
    return page.format(body)


def book(chapters: dict[str, str], extra: dict[str, str] | None = None, spine: list[str] | None = None) -> bytes:
    """A zipped book; ``chapters`` by file name under text/."""
    order = spine or list(chapters)
    items = "".join(
        f'<item id="{n}" href="text/{n}" media-type="application/xhtml+xml" properties="{n.partition(".")[0]}"/>'
        for n in order
    )
    references = "".join(f'<itemref idref="{n}"/>' for n in order)
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>网络营销</dc:title></metadata><manifest>{items}</manifest><spine>{references}</spine></package>"
    )
    stream = BytesIO()
    with ZipFile(stream, "w") as archive:
        files = {"META-INF/container.xml": CONTAINER, "OEBPS/book.opf": package, **(extra or {})}
        for name, content in (*files.items(), *((f"OEBPS/text/{n}", c) for n, c in chapters.items())):
            archive.writestr(name, content)
    return stream.getvalue()


def parse(data: bytes) -> Document:
    document = EpubParser().parse(Source("教材.epub", data))
    assert all(document.resolve(block.locator) == block.text for block in document.blocks)
    return document


def test_chapters_in_spine_order_with_title_and_tables() -> None:
    """The spine decides, not the file names; entities and self-closed tags do not confuse."""
    data = book(
        {
            "b.xhtml": chapter('<h1>第一章 调研</h1><p>一手&nbsp;资料<a id="x"/>。</p>'),
            "a.xhtml": chapter(
                "<h1>第二章 方案</h1><table><tr><th>项</th><th>时</th></tr><tr><td>甲</td><td>2</td></tr></table>"
            ),
        }
    )
    document = parse(data)
    assert document.title == "网络营销"
    assert [b.text for b in document.blocks] == ["第一章 调研", "一手 资料。", "第二章 方案", "项\t时", "甲\t2"]
    assert document.tables[0].header_rows == 1


def test_a_chapter_without_a_heading_takes_its_name_from_the_contents() -> None:
    """The navigation document names it and is not read as text itself."""
    nav = chapter('<nav><ol><li><a href="one.xhtml#start">第一章 起步</a></li></ol></nav><p>目录页</p>')
    document = parse(book({"nav.xhtml": nav, "one.xhtml": chapter("<p>正文。</p>")}))
    assert [(b.kind, b.level, b.text) for b in document.blocks] == [
        ("heading", 1, "第一章 起步"), ("paragraph", 0, "正文。"),
    ]  # fmt: skip


def test_a_missing_chapter_is_an_error_item() -> None:
    """The rest of the book is read."""
    document = parse(book({"one.xhtml": chapter("<p>正文。</p>")}, spine=["one.xhtml", "lost.xhtml"]))
    assert [b.text for b in document.blocks] == ["正文。"]
    assert [error.where for error in document.errors] == ["OEBPS/text/lost.xhtml"]


def test_copy_protection_is_refused_but_scrambled_fonts_are_not() -> None:
    """Only encrypted chapters make a book unreadable."""
    chapters = {"one.xhtml": chapter("<p>正文。</p>")}
    fonts = ENCRYPTION.format("http://www.idpf.org/2008/embedding", "OEBPS/fonts/a.otf")
    assert parse(book(chapters, {"META-INF/encryption.xml": fonts})).text == "正文。"
    content = ENCRYPTION.format("http://www.w3.org/2001/04/xmlenc#aes256-cbc", "OEBPS/text/one.xhtml")
    with pytest.raises(EncryptedDocumentError, match="版权保护"):
        parse(book(chapters, {"META-INF/encryption.xml": content}))


def test_external_entities_are_not_resolved() -> None:
    """A chapter's document type cannot bring in a file of this machine, nor blow up."""
    evil = '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY y "aaaa">]>'
    document = parse(book({"one.xhtml": evil + chapter("<p>正文&x;&y;</p>").partition("?>")[2]}))
    assert document.text == "正文"


def test_damaged_and_empty_books() -> None:
    """One clear error each, with the file's name."""
    with pytest.raises(DamagedDocumentError, match=r"教材\.epub"):
        parse(b"PK\x03\x04 broken")
    stream = BytesIO()
    with ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
    with pytest.raises(DamagedDocumentError, match="不完整"):
        parse(stream.getvalue())
    with pytest.raises(EmptyDocumentError, match=r"教材\.epub"):
        parse(book({"one.xhtml": chapter("<img src='cover.png'/>")}))
