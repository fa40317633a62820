"""Refuses zip containers (docx, xlsx, pptx, epub) that would unpack to too much, before any library opens them.

Four checks: size of the directory and number of entries, declared sizes and ratios, then the bytes that really come
out (counted, thrown away), for a header may lie. Archives inside the archive are checked in the same way.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress

from corpora.errors import DamagedDocumentError, DocumentTooLargeError, EncryptedDocumentError
from corpora.parsers.base import MEBIBYTE, Limits

_CHUNK = 1 << 16
_RATIO_FROM = 8 * MEBIBYTE
_DEFLATE_MOST = 1032
_DIRECTORY_ENTRY = 512
_NESTED_DEPTH = 2
_PLAIN = (".xml", ".rels")
#: What the library raises where an entry cannot be unpacked.
_UNPACKING = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError)
_ADVICE = "请删去多余的内容或图片，另存后再试"


def open_guarded(data: bytes, limits: Limits, where: str) -> zipfile.ZipFile:
    """Open a zip container after all checks.

    Parameters
    ----------
    data : the container's bytes.
    limits : sizes, ratio and entry count allowed.
    where : file name for messages.

    Raises
    ------
    DamagedDocumentError : no directory, or an entry that cannot be unpacked.
    EncryptedDocumentError : an entry is encrypted.
    DocumentTooLargeError : a limit is exceeded.
    """
    archive = _open(data, limits, where)
    check(archive, limits, where)
    return archive


def open_collection(data: bytes, limits: Limits, where: str) -> zipfile.ZipFile:
    """Open a zip of documents after the checks of its directory; each entry is then read by ``read_entry``.

    Parameters
    ----------
    data, where : as for ``open_guarded``.
    limits : number of entries allowed.

    Raises
    ------
    DamagedDocumentError : no directory.
    DocumentTooLargeError : there are too many entries.
    """
    archive = _open(data, limits, where)
    _check_number(archive, limits, where)
    return archive


def read_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limits: Limits, where: str) -> bytes:
    """The bytes of one entry of a collection; never more are unpacked than the limits allow.

    Parameters
    ----------
    limits : size of one file, and ratio.

    Raises
    ------
    EncryptedDocumentError : the entry is encrypted.
    DamagedDocumentError : it cannot be unpacked.
    DocumentTooLargeError : a limit is exceeded.
    """
    if entry.flag_bits & 1:
        raise EncryptedDocumentError("文件有密码保护", where=where, advice="请去掉密码后再试")
    parts: list[bytes] = []
    size = 0
    try:
        for chunk in _chunks(archive, entry):
            parts.append(chunk)
            size += len(chunk)
            _check_ratio(size, entry.compress_size, limits, where)
            if size > limits.file_bytes:
                what = f"文件超过 {limits.file_bytes // MEBIBYTE} MB"
                raise DocumentTooLargeError(what, where=where, advice="请拆分文件或压缩其中的图片后再上传")
    except _UNPACKING as error:
        raise DamagedDocumentError("文件已损坏（解不开）", where=where, advice="请重新压缩后再试") from error
    return b"".join(parts)


def entry_name(entry: zipfile.ZipInfo) -> str:
    """An entry's name with ``/`` between folders.

    Without the mark of UTF-8 it is in code page 437 for Python; Chinese programs write GBK there, macOS writes UTF-8.
    """
    name = entry.filename
    if not entry.flag_bits & 0x800:
        for encoding in ("utf-8", "gb18030"):
            with suppress(UnicodeError):
                name = entry.filename.encode("cp437").decode(encoding)
                break
    return name.replace("\\", "/")


def check(archive: zipfile.ZipFile, limits: Limits, where: str, depth: int = 0) -> None:
    """Check an open container; see ``open_guarded``."""
    _check_declared(archive, limits, where)
    _check_actual(archive, limits, where, depth)


def _open(data: bytes, limits: Limits, where: str) -> zipfile.ZipFile:
    _check_directory(data, limits, where)
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise DamagedDocumentError(
            "文件不完整或已损坏（压缩目录读不出）", where=where, advice="请重新下载或用原软件打开后另存"
        ) from error


def _check_directory(data: bytes, limits: Limits, where: str) -> None:
    end = data.rfind(b"PK\x05\x06", max(0, len(data) - 66_000))
    if end < 0 or end + 20 > len(data):
        return
    size = int.from_bytes(data[end + 12 : end + 16], "little")
    if size > limits.entries * _DIRECTORY_ENTRY:
        raise DocumentTooLargeError(f"压缩目录有 {size} 字节，条目过多", where=where, advice=_ADVICE)


def _check_declared(archive: zipfile.ZipFile, limits: Limits, where: str) -> None:
    entries = archive.infolist()
    _check_number(archive, limits, where)
    if any(entry.flag_bits & 1 for entry in entries):
        raise EncryptedDocumentError("文件有密码保护", where=where, advice="请去掉密码后再试")
    total = sum(entry.file_size for entry in entries)
    if total > limits.unpacked_bytes:
        raise _too_large(total, limits, where)
    for entry in entries:
        _check_ratio(entry.file_size, entry.compress_size, limits, where)


def _check_number(archive: zipfile.ZipFile, limits: Limits, where: str) -> None:
    count = len(archive.infolist())
    if count > limits.entries:
        raise DocumentTooLargeError(f"文件内有 {count} 个条目，超过上限 {limits.entries}", where=where, advice=_ADVICE)


def _check_ratio(unpacked: int, packed: int, limits: Limits, where: str) -> None:
    if unpacked > _RATIO_FROM and unpacked > packed * limits.ratio:
        raise DocumentTooLargeError(
            f"压缩比异常（{packed} 字节展开为 {unpacked} 字节），疑似压缩炸弹", where=where, advice=_ADVICE
        )


def _check_actual(archive: zipfile.ZipFile, limits: Limits, where: str, depth: int) -> None:
    total = 0
    entries = archive.infolist()
    harmless = limits.unpacked_bytes // _DEFLATE_MOST // max(len(entries), 1)
    for entry in entries:
        if entry.filename.endswith(_PLAIN) and entry.compress_size <= harmless:
            continue  # even all such entries together cannot reach the limit
        head, size = b"", 0
        keep = depth < _NESTED_DEPTH
        parts: list[bytes] = []
        try:
            for chunk in _chunks(archive, entry):
                head = head or chunk[:4]
                size += len(chunk)
                total += len(chunk)
                if keep and head == b"PK\x03\x04":
                    parts.append(chunk)
                if total > limits.unpacked_bytes:
                    raise _too_large(total, limits, where)
        except _UNPACKING as error:
            raise DamagedDocumentError(
                f"文件已损坏（其中的 {entry.filename} 解不开）", where=where, advice="请用原软件打开后另存再试"
            ) from error
        _check_ratio(size, entry.compress_size, limits, where)
        if parts:
            _check_nested(b"".join(parts), limits, where, depth + 1)


def _check_nested(data: bytes, limits: Limits, where: str, depth: int) -> None:
    try:
        archive = _open(data, limits, where)
    except DamagedDocumentError:
        return
    check(archive, limits, where, depth)


def _chunks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    if entry.compress_type == zipfile.ZIP_STORED and entry.file_size > entry.compress_size:
        raise zipfile.BadZipFile("stored entry with two sizes")
    with archive.open(entry) as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def _too_large(total: int, limits: Limits, where: str) -> DocumentTooLargeError:
    return DocumentTooLargeError(
        f"展开后至少 {total // MEBIBYTE} MB，超过上限 {limits.unpacked_bytes // MEBIBYTE} MB，疑似压缩炸弹",
        where=where,
        advice=_ADVICE,
    )
