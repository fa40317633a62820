"""Tells a file's format: from its content first, from its extension where the content leaves a choice."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePath
from zipfile import ZipFile

from corpora.errors import (
    DamagedDocumentError,
    EmptyDocumentError,
    EncryptedDocumentError,
    UnsupportedFormatError,
)
from corpora.parsers.base import Limits
from corpora.parsers.decoding import decode
from corpora.parsers.ole import SIGNATURE, is_encrypted, root_streams
from corpora.parsers.registry import FORMATS, format_of_suffix
from corpora.parsers.zip_guard import open_guarded

_IMAGES: tuple[tuple[str, re.Pattern[bytes]], ...] = (
    ("PNG", re.compile(rb"\x89PNG\r\n\x1a\n")),
    ("JPEG", re.compile(rb"\xff\xd8\xff")),
    ("GIF", re.compile(rb"GIF8[79]a")),
    ("TIFF", re.compile(rb"II\*\x00|MM\x00\*")),
    ("BMP", re.compile(rb"BM.{4}\x00{4}", re.DOTALL)),
    ("WebP", re.compile(rb"RIFF.{4}WEBP", re.DOTALL)),
)
_ARCHIVES: tuple[tuple[str, bytes], ...] = (
    ("gzip", b"\x1f\x8b"),
    ("7z", b"7z\xbc\xaf\x27\x1c"),
    ("RAR", b"Rar!\x1a\x07"),
    ("xz", b"\xfd7zXZ\x00"),
    ("bzip2", b"BZh"),
)
_ZIP_PREFIXES = (("word/", "docx"), ("xl/", "xlsx"), ("ppt/", "pptx"))
_HTML = re.compile(rb"<!doctype\s+html|<html[\s>]|<(?:head|body|table|div|meta)[\s>]", re.IGNORECASE)
_WORD_XML = re.compile(rb'progid="Word\.Document"|<(?:w:wordDocument|pkg:package)[\s>]')
_TEXT_FORMATS = ("text", "markdown", "html")
_HEAD = 4096
_CLEAR_TEXT_LETTERS = 50
_OPEN_AND_SAVE = "请用原软件打开后另存为 docx 或 pdf 再试"


@dataclass(frozen=True, slots=True)
class Sniffed:
    """The format found; ``note`` says, in Chinese, when the extension claims another one (else "")."""

    format: str
    note: str = ""


def sniff(name: str, data: bytes, limits: Limits) -> Sniffed:
    """Tell the format of a file.

    Parameters
    ----------
    name : file name; only its extension counts.
    data : the file's bytes.
    limits : for the guard of zip containers, which are opened here.

    Raises
    ------
    EmptyDocumentError, EncryptedDocumentError, DamagedDocumentError, DocumentTooLargeError, UnsupportedFormatError :
        the file cannot be read; one clear line says why.
    """
    if not data.strip(b"\x00\r\n\t "):
        raise EmptyDocumentError("文件是空的", where=name, advice="请检查是否保存或下载完整")
    claimed = format_of_suffix(name)
    found = _from_signature(name, data, limits) or _from_text(name, data, claimed)
    if claimed in (None, found) or {claimed, found} <= set(_TEXT_FORMATS):
        return Sniffed(found)
    if found == "image":
        raise _mismatch(name, f" {_image_kind(data)} 图片", "请改回图片的扩展名，或换成真正的文档")
    return Sniffed(found, f"扩展名 {PurePath(name).suffix} 与内容不符，按{FORMATS[found].label}读取")


def _from_signature(name: str, data: bytes, limits: Limits) -> str | None:
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _from_zip(name, data, limits)
    if data.startswith(SIGNATURE):
        return _from_ole(name, data)
    if data.startswith(b"{\\rtf"):
        return "doc"
    if _image_kind(data):
        return "image"
    for kind, signature in _ARCHIVES:
        if data.startswith(signature):
            raise UnsupportedFormatError(f"这是 {kind} 压缩包，不是文档", where=name, advice="请解压后读取其中的文件")
    return None


def _image_kind(data: bytes) -> str:
    return next((kind for kind, pattern in _IMAGES if pattern.match(data[:64])), "")


def _from_zip(name: str, data: bytes, limits: Limits) -> str:
    with open_guarded(data, limits, name) as archive:
        names = archive.namelist()
        for prefix, format in _ZIP_PREFIXES:
            if any(n.replace("\\", "/").startswith(prefix) for n in names):
                return format
        mimetype = _mimetype(archive)
    if mimetype.startswith(b"application/epub+zip") or "META-INF/container.xml" in names:
        return "epub"
    if mimetype.startswith(b"application/vnd.oasis.opendocument.text"):
        return "doc"
    raise UnsupportedFormatError("这是 zip 压缩包，里面不是可读的文档", where=name, advice="请解压后读取其中的文件")


def _mimetype(archive: ZipFile) -> bytes:
    try:
        with archive.open("mimetype") as stream:
            return stream.read(100)
    except Exception:
        return b""


def _from_ole(name: str, data: bytes) -> str:
    try:
        streams = root_streams(data)
    except ValueError as error:
        raise DamagedDocumentError("文件不完整或已损坏", where=name, advice=_OPEN_AND_SAVE) from error
    if is_encrypted(streams):
        raise EncryptedDocumentError(
            "文件有密码保护，无法读取", where=name, advice="请用原软件打开，去掉密码后另存再试"
        )
    if "WordDocument" in streams:
        return "doc"
    if "Workbook" in streams or "Book" in streams:
        return "xls"
    what = "PowerPoint 97-2003 演示文稿（ppt）" if "PowerPoint Document" in streams else "不认识的 Office 旧格式文件"
    raise UnsupportedFormatError(f"这是{what}，暂不支持", where=name, advice="请另存为 pptx、docx 或 pdf 再试")


def _from_text(name: str, data: bytes, claimed: str | None) -> str:
    text = _text(data)
    if text is None:
        raise _mismatch(name, "无法识别的二进制数据", _OPEN_AND_SAVE)
    head = data[:_HEAD]
    if _WORD_XML.search(head):
        return "doc"
    if claimed in _TEXT_FORMATS:
        return claimed
    if _HTML.search(head):
        return "html"
    if claimed is not None and sum(c.isalnum() for c in text) < _CLEAR_TEXT_LETTERS:
        raise _mismatch(name, "几个字符的文本", "请检查文件是否保存或下载完整")
    return "text"


def _mismatch(name: str, content: str, advice: str) -> UnsupportedFormatError:
    claimed = format_of_suffix(name)
    if claimed is None:
        return UnsupportedFormatError(f"内容是{content}，不是可读的文档", where=name, advice=advice)
    label = FORMATS[claimed].label
    return UnsupportedFormatError(
        f"扩展名是 {PurePath(name).suffix}（{label}），内容却是{content}", where=name, advice=advice
    )


def _text(data: bytes) -> str | None:
    """The beginning of a text file, decoded; None when the bytes are no text."""
    try:
        return decode(data[: 4 * _HEAD])
    except UnsupportedFormatError:
        return None
