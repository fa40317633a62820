"""One parse inside the current process: sniff, guard, parser, checks. The sandbox's worker runs this."""

from __future__ import annotations

from dataclasses import replace

from corpora.document import Document, ErrorItem
from corpora.errors import DocumentTooLargeError, DuibiaoError, EmptyDocumentError
from corpora.parsers.base import MEBIBYTE, Source
from corpora.parsers.registry import get_parser
from corpora.parsers.sniff import sniff


def parse(source: Source) -> Document:
    """Read a file without a sandbox.

    Raises
    ------
    DuibiaoError : the file cannot be read; the message names the file.
    """
    limits = source.options.limits
    if len(source.data) > limits.file_bytes:
        raise DocumentTooLargeError(
            f"文件有 {len(source.data) // MEBIBYTE} MB，超过上限 {limits.file_bytes // MEBIBYTE} MB",
            where=source.name,
            advice="请拆分文件或压缩其中的图片",
        )
    sniffed = sniff(source.name, source.data, limits)
    try:
        document = get_parser(sniffed.format).parse(source)
    except DuibiaoError as error:
        raise _placed(error, source.name) from error
    if not document.blocks:
        raise EmptyDocumentError(
            "文件里没有可读的文字", where=source.name, advice="若内容是图片，请另存为 pdf 后用 OCR 读取"
        )
    if sniffed.note:
        document = replace(document, errors=(ErrorItem(source.name, sniffed.note), *document.errors))
    return document


def _placed(error: DuibiaoError, name: str) -> DuibiaoError:
    """The error with the file's name in its place, for parsers name only the page or sheet."""
    if name in error.where:
        return error
    return type(error)(error.what, where=f"{name} {error.where}".strip(), advice=error.advice)
