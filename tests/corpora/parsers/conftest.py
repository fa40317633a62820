"""Builds small docx files from raw WordprocessingML, so that each test shows the very markup it is about."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from corpora.document import Document
from corpora.parsers.base import Source
from corpora.parsers.docx import DocxParser

NAMESPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
        "v": "urn:schemas-microsoft-com:vml",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "dgm": "http://schemas.openxmlformats.org/drawingml/2006/diagram",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
    }.items()
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{}</dc:title></cp:coreProperties>'
)

DocxMaker = Callable[..., bytes]


def build_docx(body: str, *, title: str = "", **parts: str) -> bytes:
    """A docx of a body and of named parts (styles, numbering, footnotes, endnotes), each given without its root."""
    relations = "".join(f'<Relationship Id="{name}" Type="{OFFICE}/{name}" Target="{name}.xml"/>' for name in parts)
    core = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
    files = {
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}">'
        f'<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/>'
        f'<Relationship Id="r2" Type="{core}" Target="docProps/core.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{PACKAGE}">{relations}</Relationships>',
        "word/document.xml": f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>",
        "docProps/core.xml": CORE.format(title),
    }
    for name, content in parts.items():
        files[f"word/{name}.xml"] = f"<w:{name} {NAMESPACES}>{content}</w:{name}>"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


@pytest.fixture
def make_docx() -> DocxMaker:
    """``make_docx(body, styles=…, numbering=…, footnotes=…, title=…) -> bytes``."""
    return build_docx


@pytest.fixture
def read_docx() -> Callable[..., Document]:
    """Builds a docx as ``make_docx`` does and reads it in this process."""

    def read(body: str, **parts: Any) -> Document:
        return DocxParser().parse(Source("文件.docx", build_docx(body, **parts)))

    return read


@pytest.fixture
def docx_texts(read_docx: Callable[..., Document]) -> Callable[..., list[str]]:
    """The block texts of a docx built as ``make_docx`` does."""
    return lambda body, **parts: [block.text for block in read_docx(body, **parts).blocks]
