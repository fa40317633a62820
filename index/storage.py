"""The file form of everything the index floor saves: one file of named arrays, written whole or not at all.

Layout: 8 magic bytes; length (uint64) and CRC-32 (uint32) of the header, little-endian; the header (ASCII JSON:
``version``, ``kind``, ``meta``, ``arrays``: name -> dtype, shape, offset, crc32, and the file's ``size``); then the
arrays, each aligned to 64 bytes so that they can be mapped into memory.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from corpora.errors import IndexFormatError

MAGIC = b"DUIBIAO\x01"
VERSION = 1
_ALIGN = 64
_PREFIX = len(MAGIC) + 8 + 4
_REBUILD = "请重新建立索引"

Array = NDArray[Any]


@dataclass(frozen=True)
class Stored:
    """What a file holds: ``meta`` (JSON values) and ``arrays`` by name."""

    meta: dict[str, Any]
    arrays: dict[str, Array]


def write_arrays(path: Path, kind: str, meta: Mapping[str, Any], arrays: Mapping[str, Array]) -> None:
    """Write arrays to ``path``: aside first, synced to disk, then renamed over it, so that no reader sees half a file.

    Parameters
    ----------
    path : the file; its folder is made when missing.
    kind : what the file is, checked on reading.
    meta : JSON values.
    arrays : name -> array of a plain dtype.
    """
    solid = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    header = _header(kind, meta, solid)
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{uuid4().hex}.tmp")
    try:
        with aside.open("wb") as file:
            file.write(MAGIC + len(header).to_bytes(8, "little") + zlib.crc32(header).to_bytes(4, "little") + header)
            for array in solid.values():
                _pad(file)
                array.tofile(file)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
        _sync_folder(path.parent)
    finally:
        aside.unlink(missing_ok=True)


def _header(kind: str, meta: Mapping[str, Any], arrays: Mapping[str, Array]) -> bytes:
    """The header's bytes; offsets depend on its own length, so it is laid out again until the length stands."""
    length = 0
    while True:
        offset, entries = _aligned(_PREFIX + length), {}
        end = _PREFIX + length
        for name, array in arrays.items():
            entries[name] = {"dtype": array.dtype.str, "shape": array.shape, "offset": offset, "crc32": _crc(array)}
            end = offset + array.nbytes
            offset = _aligned(end)
        record = {"version": VERSION, "kind": kind, "meta": dict(meta), "arrays": entries, "size": end}
        data = json.dumps(record).encode()
        if len(data) <= length:
            return data.ljust(length)
        length = len(data) + 16


def _crc(array: Array) -> int:
    return zlib.crc32(array.reshape(-1).view(np.uint8).data) if array.nbytes else 0


def _aligned(offset: int) -> int:
    return -(-offset // _ALIGN) * _ALIGN


def _pad(file: BinaryIO) -> None:
    file.write(b"\0" * (_aligned(file.tell()) - file.tell()))


def _sync_folder(folder: Path) -> None:
    """Make the rename itself durable where the system allows opening a folder."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def read_arrays(path: Path, kind: str, *, mmap: bool = False) -> Stored:
    """Read a file that ``write_arrays`` wrote.

    Parameters
    ----------
    path : the file.
    kind : what it must be.
    mmap : map the arrays read-only instead of loading them; their checksums are then not verified.

    Raises
    ------
    IndexFormatError : the file is missing, foreign, of another kind or version, truncated or damaged.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            header = _read_header(file, path, kind, size)
        arrays = {name: _read_array(path, entry, mmap) for name, entry in header["arrays"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise IndexFormatError(f"索引文件无法读取（{error}）", where=path.name, advice=_REBUILD) from error
    return Stored(header["meta"], arrays)


def _read_header(file: BinaryIO, path: Path, kind: str, size: int) -> dict[str, Any]:
    prefix = file.read(_PREFIX)
    if len(prefix) < _PREFIX or prefix[: len(MAGIC)] != MAGIC:
        raise IndexFormatError("不是本程序的索引文件", where=path.name, advice=_REBUILD)
    length, crc = (int.from_bytes(part, "little") for part in (prefix[len(MAGIC) : -4], prefix[-4:]))
    if _PREFIX + length > size:
        raise IndexFormatError("索引文件不完整", where=path.name, advice=_REBUILD)
    data = file.read(length)
    if zlib.crc32(data) != crc:
        raise IndexFormatError("索引文件已损坏（校验和不符）", where=path.name, advice=_REBUILD)
    header: dict[str, Any] = json.loads(data)
    if header["version"] != VERSION:
        what = f"索引文件的版本是 {header['version']}，本程序只读版本 {VERSION}"
        raise IndexFormatError(what, where=path.name, advice=_REBUILD)
    if header["kind"] != kind:
        what = f"索引文件的内容是“{header['kind']}”，这里需要“{kind}”"
        raise IndexFormatError(what, where=path.name, advice=_REBUILD)
    if header["size"] != size:
        what = f"索引文件不完整：应有 {header['size']} 字节，实有 {size} 字节"
        raise IndexFormatError(what, where=path.name, advice=_REBUILD)
    return header


def _read_array(path: Path, entry: dict[str, Any], mmap: bool) -> Array:
    dtype, shape, offset = np.dtype(entry["dtype"]), tuple(entry["shape"]), entry["offset"]
    count = int(np.prod(shape, dtype=np.int64))
    if dtype.hasobject:
        raise ValueError("object array")
    if count == 0:
        return np.empty(shape, dtype)
    if mmap:
        return np.asarray(np.memmap(path, dtype, "r", offset, shape))
    array = np.fromfile(path, dtype, count, offset=offset).reshape(shape)
    if _crc(array) != entry["crc32"]:
        raise IndexFormatError("索引文件已损坏（校验和不符）", where=path.name, advice=_REBUILD)
    return array


def pack_strings(name: str, strings: Sequence[str]) -> dict[str, Array]:
    """Strings as two arrays: their UTF-8 bytes one after another, and n + 1 offsets."""
    encoded = [string.encode("utf-8", "surrogatepass") for string in strings]
    offsets = np.zeros(len(encoded) + 1, np.int64)
    np.cumsum([len(item) for item in encoded], out=offsets[1:])
    return {f"{name}.bytes": np.frombuffer(b"".join(encoded), np.uint8), f"{name}.offsets": offsets}


def unpack_strings(name: str, arrays: Mapping[str, Array]) -> list[str]:
    """The strings that ``pack_strings`` packed.

    Raises
    ------
    KeyError : the arrays hold none of this name.
    ValueError : the bytes are no UTF-8.
    """
    data, offsets = arrays[f"{name}.bytes"].tobytes(), arrays[f"{name}.offsets"].tolist()
    return [data[start:end].decode("utf-8", "surrogatepass") for start, end in pairwise(offsets)]
