"""Reads the directory of an OLE compound file: what a ``D0CF11E0`` file really is, and whether it is encrypted."""

from __future__ import annotations

import struct
from dataclasses import dataclass

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_END = 0xFFFFFFFA
_ENTRY = 128
_MAX_SECTORS = 1 << 20
_FIB_ENCRYPTED = 0x0100
_BIFF_FILEPASS = 0x002F
_BIFF_HEAD_RECORDS = 40


@dataclass(frozen=True, slots=True)
class OleStream:
    """A stream at the root of the compound file: its name and its first bytes."""

    name: str
    head: bytes


def root_streams(data: bytes) -> dict[str, OleStream]:
    """The entries that stand directly in the root storage, by name; embedded objects' streams are not among them.

    Raises
    ------
    ValueError : the compound file is truncated or inconsistent.
    """
    try:
        return _read_root(data)
    except (struct.error, IndexError) as error:
        raise ValueError("broken compound file") from error


def is_encrypted(streams: dict[str, OleStream]) -> bool:
    """Whether the streams are those of a password-protected office file."""
    if "EncryptedPackage" in streams:
        return True
    if "WordDocument" in streams and len(head := streams["WordDocument"].head) >= 12:
        return bool(struct.unpack_from("<H", head, 10)[0] & _FIB_ENCRYPTED)
    book = streams.get("Workbook") or streams.get("Book")
    return book is not None and _has_filepass(book.head)


def _has_filepass(head: bytes) -> bool:
    offset = 0
    for _ in range(_BIFF_HEAD_RECORDS):
        if offset + 4 > len(head):
            return False
        kind, size = struct.unpack_from("<HH", head, offset)
        if kind == _BIFF_FILEPASS:
            return True
        offset += 4 + size
    return False


def _read_root(data: bytes) -> dict[str, OleStream]:
    shift = struct.unpack_from("<H", data, 30)[0]
    if not 7 <= shift <= 16:
        raise ValueError("broken sector size")
    size = 1 << shift
    first_directory = struct.unpack_from("<I", data, 48)[0]
    fat = _fat(data, size)
    directory = _chain(data, fat, first_directory, size)
    if len(directory) < _ENTRY:
        raise ValueError("no directory")
    names: dict[str, OleStream] = {}
    todo, seen = [struct.unpack_from("<I", directory, 76)[0]], set()
    while todo:
        index = todo.pop()
        if index in seen or (index + 1) * _ENTRY > len(directory):
            continue
        seen.add(index)
        entry = directory[index * _ENTRY : (index + 1) * _ENTRY]
        length, left, right = *struct.unpack_from("<H", entry, 64), *struct.unpack_from("<II", entry, 68)
        name = entry[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
        start, total = struct.unpack_from("<II", entry, 116)
        head = _sector(data, start, size)[:total] if total >= 4096 and start < _END else b""
        names[name] = OleStream(name, head)
        todo += [left, right]
    return names


def _fat(data: bytes, size: int) -> list[int]:
    sectors = [s for s in struct.unpack_from("<109I", data, 76) if s < _END]
    extra, count = struct.unpack_from("<II", data, 68)
    per_sector = size // 4
    while extra < _END and count > 0:
        block = struct.unpack(f"<{per_sector}I", _sector(data, extra, size))
        sectors += [s for s in block[:-1] if s < _END]
        extra, count = block[-1], count - 1
    fat: list[int] = []
    for sector in sectors[: _MAX_SECTORS // per_sector]:
        raw = _sector(data, sector, size)
        fat += struct.unpack(f"<{len(raw) // 4}I", raw[: len(raw) // 4 * 4])
    return fat


def _chain(data: bytes, fat: list[int], sector: int, size: int) -> bytes:
    parts, seen = [], set()
    while sector < _END and sector not in seen:
        seen.add(sector)
        parts.append(_sector(data, sector, size))
        sector = fat[sector]
    return b"".join(parts)


def _sector(data: bytes, number: int, size: int) -> bytes:
    return data[(number + 1) * size : (number + 2) * size]
