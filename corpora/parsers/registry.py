"""Which parser reads which format; modules are imported only when a file of the format is parsed."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pathlib import PurePath
from typing import cast

from corpora.errors import UnsupportedFormatError
from corpora.parsers.base import Parser


@dataclass(frozen=True, slots=True)
class Format:
    """A readable format.

    Parameters
    ----------
    name : the format's name, also ``Document.format``.
    module, parser : where its parser class stands.
    suffixes : file name extensions, lower case, with the dot.
    label : what users call it, in Chinese.
    """

    name: str
    module: str
    parser: str
    suffixes: tuple[str, ...]
    label: str


FORMATS: dict[str, Format] = {
    f.name: f
    for f in (
        Format("docx", "corpora.parsers.docx", "DocxParser", (".docx", ".docm", ".dotx"), "Word 文档"),
        Format("doc", "corpora.parsers.legacy", "DocParser", (".doc", ".dot", ".rtf", ".wps"), "Word 97-2003 文档"),
        Format("xlsx", "corpora.parsers.xlsx", "XlsxParser", (".xlsx", ".xlsm", ".xltx"), "Excel 工作簿"),
        Format("xls", "corpora.parsers.xlsx", "XlsParser", (".xls", ".et"), "Excel 97-2003 工作簿"),
        Format("pptx", "corpora.parsers.pptx", "PptxParser", (".pptx", ".pptm", ".ppsx"), "PowerPoint 演示文稿"),
        Format("pdf", "corpora.parsers.pdf", "PdfParser", (".pdf",), "PDF"),
        Format(
            "image",
            "corpora.parsers.ocr",
            "OcrParser",
            (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp"),
            "图片",
        ),
        Format("html", "corpora.parsers.html", "HtmlParser", (".html", ".htm", ".xhtml"), "网页"),
        Format("markdown", "corpora.parsers.markdown", "MarkdownParser", (".md", ".markdown"), "Markdown"),
        Format("text", "corpora.parsers.text", "TextParser", (".txt", ".text"), "纯文本"),
        Format("epub", "corpora.parsers.epub", "EpubParser", (".epub",), "EPUB 电子书"),
    )
}

SUFFIXES: dict[str, str] = {suffix: f.name for f in FORMATS.values() for suffix in f.suffixes}


def format_of_suffix(name: str) -> str | None:
    """The format that a file name's extension claims, None when the extension is unknown or missing."""
    return SUFFIXES.get(PurePath(name).suffix.lower())


def get_parser(format: str) -> Parser:
    """Import and construct the parser of a format.

    Raises
    ------
    UnsupportedFormatError : no format of this name.
    """
    if format not in FORMATS:
        raise UnsupportedFormatError(f"没有读取“{format}”格式的解析器", advice=f"可读格式：{'、'.join(FORMATS)}")
    entry = FORMATS[format]
    return cast(Parser, getattr(import_module(entry.module), entry.parser)())
