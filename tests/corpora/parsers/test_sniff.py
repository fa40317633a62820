"""A file's format is told from its content; what cannot be read is one clear line."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace

import pytest

from corpora.errors import (
    DamagedDocumentError,
    DocumentError,
    DocumentTooLargeError,
    EmptyDocumentError,
    EncryptedDocumentError,
    UnsupportedFormatError,
)
from corpora.parsers.base import Limits
from corpora.parsers.ole import SIGNATURE
from corpora.parsers.sniff import sniff

LIMITS = Limits()
CHINESE = "本课程是电子商务专业的核心课程，培养学生从事网店运营、推广与客服工作的能力。" * 3
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


def zipped(**files: bytes) -> bytes:
    """A zip without the time of its making, so that every process that collects the tests names them alike."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name.replace("__", "/")), data, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def compound(*streams: str) -> bytes:
    """An OLE compound file whose root storage holds streams of these names: header, FAT, directory."""
    header = SIGNATURE + bytes(22) + (9).to_bytes(2, "little") + bytes(16)
    header = header[:48] + (1).to_bytes(4, "little") + bytes(12) + b"\xfe\xff\xff\xff" + bytes(8)
    header += (0).to_bytes(4, "little") + b"\xff\xff\xff\xff" * 108
    fat = b"\xfd\xff\xff\xff" + b"\xfe\xff\xff\xff" + b"\xff\xff\xff\xff" * 126
    none = b"\xff\xff\xff\xff"
    entries = b""
    for index, name in enumerate(("Root Entry", *streams)):
        raw = name.encode("utf-16-le")
        right = (index + 1).to_bytes(4, "little") if 0 < index < len(streams) else none
        child = (1).to_bytes(4, "little") if index == 0 and streams else none
        entries += raw.ljust(64, b"\0") + (len(raw) + 2).to_bytes(2, "little") + b"\x05\x01" + none + right + child
        entries += bytes(36) + b"\xfe\xff\xff\xff" + bytes(8)
    return header + fat + entries.ljust(512, b"\0")


@pytest.mark.parametrize(
    ("name", "data", "format"),
    [
        ("a.docx", zipped(word__document=b"x"), "docx"),
        ("a.xlsx", zipped(xl__workbook=b"x"), "xlsx"),
        ("a.pptx", zipped(ppt__presentation=b"x"), "pptx"),
        ("a.epub", zipped(mimetype=b"application/epub+zip"), "epub"),
        ("a.odt", zipped(mimetype=b"application/vnd.oasis.opendocument.text"), "doc"),
        ("a.pdf", b"%PDF-1.7 ...", "pdf"),
        ("a.doc", compound("1Table", "WordDocument"), "doc"),
        ("a.xls", compound("Workbook"), "xls"),
        ("a.rtf", b"{\\rtf1 text}", "doc"),
        ("a.png", PNG, "image"),
        ("a.jpg", b"\xff\xd8\xff\xe0" + bytes(20), "image"),
        ("a.md", "# 标题".encode(), "markdown"),
        ("a.txt", "短".encode(), "text"),
        ("a.txt", CHINESE.encode("gb18030"), "text"),
        ("a.txt", CHINESE.encode("utf-16-le"), "text"),
        ("a.html", "片段".encode(), "html"),
        ("a.csv", CHINESE.encode(), "text"),
        ("没有扩展名", CHINESE.encode(), "text"),
        ("没有扩展名", b"<!DOCTYPE html><p>", "html"),
        ("a.doc", b"<?xml version='1.0'?><?mso-application progid=\"Word.Document\"?>", "doc"),
    ],
)
def test_format_is_told_from_content(name: str, data: bytes, format: str) -> None:
    """Every supported kind of file is told apart, and where name and content agree there is no note."""
    sniffed = sniff(name, data, LIMITS)
    assert (sniffed.format, sniffed.note) == (format, "")


@pytest.mark.parametrize(
    ("name", "data", "format"),
    [
        ("a.docx", b"%PDF-1.4", "pdf"),
        ("a.pdf", zipped(word__document=b"x"), "docx"),
        ("a.doc", b"<html><body>", "html"),
        ("a.doc", zipped(word__document=b"x"), "docx"),
        ("a.docx", CHINESE.encode(), "text"),
        ("a.txt", b"%PDF-1.4", "pdf"),
    ],
)
def test_wrong_extension_is_read_by_content_and_noted(name: str, data: bytes, format: str) -> None:
    """A clear content wins over a wrong extension, and the note says so."""
    sniffed = sniff(name, data, LIMITS)
    assert sniffed.format == format
    assert "与内容不符" in sniffed.note


@pytest.mark.parametrize(
    ("name", "data", "kind", "words"),
    [
        ("a.docx", b"", EmptyDocumentError, "空的"),
        ("a.txt", b"\r\n \x00", EmptyDocumentError, "空的"),
        ("a.docx", PNG, UnsupportedFormatError, "PNG 图片"),
        ("a.docx", b"hello", UnsupportedFormatError, r"\.docx（Word 文档）.*文本"),
        ("a.docx", bytes(range(256)) * 4, UnsupportedFormatError, "二进制"),
        ("无名", bytes(range(256)) * 4, UnsupportedFormatError, "二进制"),
        ("a.docx", zipped(word__document=b"x" * 999)[:-40], DamagedDocumentError, "不完整"),
        ("a.zip", zipped(a=b"x"), UnsupportedFormatError, "压缩包"),
        ("a.rar", b"Rar!\x1a\x07\x00", UnsupportedFormatError, "RAR"),
        ("a.docx", compound("EncryptionInfo", "EncryptedPackage"), EncryptedDocumentError, "密码"),
        ("a.ppt", compound("PowerPoint Document"), UnsupportedFormatError, "ppt"),
        ("a.doc", SIGNATURE + bytes(30), DamagedDocumentError, "损坏"),
    ],
)
def test_unreadable_files_are_one_clear_line(name: str, data: bytes, kind: type[DocumentError], words: str) -> None:
    """Each hopeless file has its own kind of error, whose one line names the file, the trouble and a way out."""
    with pytest.raises(kind, match=words) as caught:
        sniff(name, data, LIMITS)
    assert str(caught.value).startswith(f"{name}：")
    assert caught.value.advice
    assert "\n" not in str(caught.value)


def bomb(size: int) -> bytes:
    return zipped(word__document=b"0" * size)


@pytest.mark.parametrize(
    ("make", "limits", "words"),
    [
        (lambda: bomb(3 << 20), replace(LIMITS, unpacked_bytes=1 << 20), "超过上限 1 MB"),
        (lambda: bomb(9 << 20), LIMITS, "压缩比异常"),
        (lambda: zipped(**{f"word__{i}": b"" for i in range(50)}), replace(LIMITS, entries=40), "50 个条目"),
        (lambda: zipped(**{f"word__{'长' * 90}{i}": b"" for i in range(50)}), replace(LIMITS, entries=10), "条目过多"),
        (lambda: nested(), replace(LIMITS, unpacked_bytes=1 << 20), "超过上限 1 MB"),
        (lambda: lying(), replace(LIMITS, unpacked_bytes=1 << 20), "损坏"),
    ],
)
def test_zip_bombs_are_refused(make: Callable[[], bytes], limits: Limits, words: str) -> None:
    """Declared size, ratio, entry count, nested archives and lying headers are all found before anything is parsed."""
    with pytest.raises((DocumentTooLargeError, DamagedDocumentError), match=words):
        sniff("a.docx", make(), limits)


def nested() -> bytes:
    """A docx that is small itself and holds a zip that unpacks to 3 MB."""
    return zipped(word__document=b"x", word__embeddings=bomb(3 << 20))


def lying() -> bytes:
    """A docx whose directory says 10 bytes for an entry of 3 MB."""
    data = bomb(3 << 20)
    return data.replace((3 << 20).to_bytes(4, "little"), (10).to_bytes(4, "little"))


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "big5"])
@pytest.mark.parametrize("shift", range(4))
def test_a_letter_cut_by_the_sample_is_still_text(encoding: str, shift: int) -> None:
    """Only the first bytes are looked at, and that may cut a character in two."""
    assert sniff("a.txt", ("a" * shift + "網路行銷" * 5000).encode(encoding), LIMITS).format == "text"
