"""The file form of everything the index floor saves: one file of named arrays, written whole or not at all.

Layout (little-endian): 8 magic bytes; version (uint32), offset and length (uint64) and CRC-32 (uint32) of the
directory, CRC-32 (uint32) of all this; then the arrays, each aligned to 64 bytes so that they can be mapped into
memory; at the end the directory (ASCII JSON: ``kind``, ``stamp``, ``meta``, ``arrays``: name -> dtype, shape, offset,
crc32). The directory comes last so that arrays can be written as they come, without knowing the others.
"""

from __future__ import annotations

import json
import mmap as mapping
import os
import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from glob import escape
from math import prod
from pathlib import Path
from typing import Any, BinaryIO
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from corpora.errors import DuibiaoError, IndexFormatError, UsageError
from index.locking import writer_lock

MAGIC = b"DUIBIAO\x02"
VERSION = 2
_FIRST_MAGIC = b"DUIBIAO\x01"  # files of version 1
_HEAD = struct.Struct("<8sIQQI")
_PREFIX = _HEAD.size + 4
_ALIGN = 64
_BLOCK = 1 << 24
_REBUILD = "请重新建立索引"

Array = NDArray[Any]


@dataclass(frozen=True)
class Stored:
    """What a file holds.

    Parameters
    ----------
    meta : JSON values.
    arrays : by name.
    name : of the file.
    stamp : tells one writing from another.
    checksums : CRC-32 of each array.
    """

    meta: dict[str, Any]
    arrays: dict[str, Array]
    name: str = ""
    stamp: str = ""
    checksums: dict[str, int] = field(default_factory=dict)

    def verify(self) -> None:
        """Read every array to its end and compare its checksum: for arrays that are mapped.

        Raises
        ------
        IndexFormatError : an array is damaged.
        """
        for name, array in self.arrays.items():
            if _crc(array) != self.checksums[name]:
                raise IndexFormatError(f"索引文件已损坏（{name} 的校验和不符）", where=self.name, advice=_REBUILD)


class ArrayWriter:
    """Takes arrays one after another into an open file.

    Parameters
    ----------
    file : open for writing.
    """

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.stamp = file, uuid4().hex
        self.entries: dict[str, dict[str, Any]] = {}
        file.write(b"\0" * _PREFIX)

    def put(self, name: str, array: Array) -> None:
        """Write a whole array."""
        self.stream(name, array.dtype, array.shape, (array,))

    def stream(self, name: str, dtype: Any, shape: Sequence[int], blocks: Iterable[Array]) -> None:
        """Write an array that comes in blocks of its first axis.

        Raises
        ------
        ValueError : the blocks do not add up to the shape.
        """
        dtype, crc, written = np.dtype(dtype), 0, 0
        self.file.write(b"\0" * (-self.file.tell() % _ALIGN))
        offset = self.file.tell()
        for block in blocks:
            data = np.ascontiguousarray(block, dtype).reshape(-1).view(np.uint8).data if block.size else b""
            self.file.write(data)
            crc, written = zlib.crc32(data, crc), written + len(data)
        if written != prod(shape) * dtype.itemsize:
            raise ValueError(f"{name}: {written} bytes, expected shape {tuple(shape)} of {dtype}")
        self.entries[name] = {"dtype": dtype.str, "shape": list(shape), "offset": offset, "crc32": crc}

    def mapped(self, name: str) -> Array:
        """An array that was written, mapped from the file as far as it is."""
        self.file.flush()
        return _map(self.file, {name: self.entries[name]})[name]


@contextmanager
def writing(path: Path, kind: str, meta: Mapping[str, Any], replaces: str = "") -> Iterator[ArrayWriter]:
    """Write arrays to ``path``: aside first, synced to disk, then renamed over it, so that no reader sees half a file.

    Who has the old file mapped keeps reading it. An error within the block leaves the old file as it was.

    Parameters
    ----------
    path : the file; its folder is made when missing.
    kind : what the file is, checked on reading.
    meta : JSON values; may be filled until the block ends.
    replaces : the stamp that the file at ``path`` must have, if there is one; any by default.

    Raises
    ------
    UsageError : another program is writing the file, has changed it meanwhile, or (on Windows) has it open.
    DuibiaoError : the disk does not take it.
    """
    aside = path.with_name(f".{path.name}.{uuid4().hex}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with writer_lock(path):
            _check_stamp(path, kind, replaces)
            _sweep(path)
            with aside.open("w+b") as file:
                writer = ArrayWriter(file)
                yield writer
                _finish(writer, kind, meta)
            _rename(aside, path)
    except OSError as error:
        advice = "原来的文件没有改动；请检查磁盘空间和写入权限，或换一个位置保存"
        raise DuibiaoError(f"索引文件无法写入（{error}）", where=path.name, advice=advice) from error
    finally:
        with suppress(OSError):
            aside.unlink()


def write_arrays(path: Path, kind: str, meta: Mapping[str, Any], arrays: Mapping[str, Array]) -> None:
    """Write arrays at once; otherwise as ``writing``."""
    with writing(path, kind, meta) as writer:
        for name, array in arrays.items():
            writer.put(name, array)


def _sweep(path: Path) -> None:
    """Remove what writers of the same file left aside when they were killed; the lock is ours, so none is at work."""
    for left in path.parent.glob(f".{escape(path.name)}.*.tmp"):
        with suppress(OSError):
            left.unlink()


def _check_stamp(path: Path, kind: str, replaces: str) -> None:
    if replaces and path.exists() and read_arrays(path, kind, mmap=True).stamp != replaces:
        advice = "请重新读取后再改，或另存为别的文件名"
        raise UsageError("这个索引在读取之后被另一个程序改写过", where=path.name, advice=advice)


def _finish(writer: ArrayWriter, kind: str, meta: Mapping[str, Any]) -> None:
    """Write the directory and then the prefix that points to it, and see all of it on the disk."""
    file = writer.file
    offset = file.tell()
    record = {"kind": kind, "stamp": writer.stamp, "meta": dict(meta), "arrays": writer.entries}
    directory = json.dumps(record).encode()
    head = _HEAD.pack(MAGIC, VERSION, offset, len(directory), zlib.crc32(directory))
    file.write(directory)
    file.seek(0)
    file.write(head + zlib.crc32(head).to_bytes(4, "little"))
    file.flush()
    os.fsync(file.fileno())


def _rename(aside: Path, path: Path) -> None:
    try:
        aside.replace(path)
    except PermissionError as error:
        advice = "请关闭正在使用这个索引的程序（或不用内存映射读取），再保存一次，或另存为别的文件名"
        raise UsageError("索引文件正被占用，无法替换；原来的文件没有改动", where=path.name, advice=advice) from error
    if os.name == "posix":  # make the rename itself durable; elsewhere a folder cannot be opened
        handle = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def read_arrays(path: Path, kind: str, *, mmap: bool = False) -> Stored:
    """Read a file that was written by ``writing``.

    Parameters
    ----------
    path : the file.
    kind : what it must be.
    mmap : map the arrays read-only instead of loading them; their checksums wait for ``Stored.verify``.

    Raises
    ------
    IndexFormatError : the file is missing, foreign, of another kind or version, truncated or damaged.
    """
    try:
        with path.open("rb") as file:
            directory = _directory(file, path.name)
            if directory["kind"] != kind:
                what = f"索引文件的内容是“{directory['kind']}”，这里需要“{kind}”"
                raise IndexFormatError(what, where=path.name, advice=_REBUILD)
            entries = directory["arrays"]
            arrays = _map(file, entries) if mmap else {name: _load(file, entry) for name, entry in entries.items()}
        checksums = {name: entry["crc32"] for name, entry in entries.items()}
        stored = Stored(directory["meta"], arrays, path.name, directory["stamp"], checksums)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise IndexFormatError(f"索引文件无法读取（{error}）", where=path.name, advice=_REBUILD) from error
    if not mmap:
        stored.verify()
    return stored


def _directory(file: BinaryIO, name: str) -> dict[str, Any]:
    """The directory of an open file, after every check that needs no array."""
    prefix, size = file.read(_PREFIX), os.fstat(file.fileno()).st_size
    if prefix[: len(MAGIC)] == _FIRST_MAGIC:
        raise IndexFormatError(f"索引文件的版本是 1，本程序只读版本 {VERSION}", where=name, advice=_REBUILD)
    if prefix[: len(MAGIC)] != MAGIC:
        raise IndexFormatError("不是本程序的索引文件", where=name, advice=_REBUILD)
    if len(prefix) < _PREFIX:
        raise IndexFormatError("索引文件不完整", where=name, advice=_REBUILD)
    _, version, offset, length, crc = _HEAD.unpack(prefix[:-4])
    if zlib.crc32(prefix[:-4]) != int.from_bytes(prefix[-4:], "little"):
        raise IndexFormatError("索引文件已损坏（校验和不符）", where=name, advice=_REBUILD)
    if version != VERSION:
        what = f"索引文件的版本是 {version}，本程序只读版本 {VERSION}"
        raise IndexFormatError(what, where=name, advice=_REBUILD)
    if offset + length != size:
        what = f"索引文件不完整：应有 {offset + length} 字节，实有 {size} 字节"
        raise IndexFormatError(what, where=name, advice=_REBUILD)
    file.seek(offset)
    data = file.read(length)
    if zlib.crc32(data) != crc:
        raise IndexFormatError("索引文件已损坏（校验和不符）", where=name, advice=_REBUILD)
    found: dict[str, Any] = json.loads(data)
    return found


def _map(file: BinaryIO, entries: Mapping[str, dict[str, Any]]) -> dict[str, Array]:
    """Arrays over one read-only map of the file, which lives as long as they do."""
    whole = mapping.mmap(file.fileno(), 0, access=mapping.ACCESS_READ)
    arrays = {}
    for name, entry in entries.items():
        dtype, shape, count = _form(entry)
        arrays[name] = np.frombuffer(whole, dtype, count, entry["offset"] if count else 0).reshape(shape)
    return arrays


def _load(file: BinaryIO, entry: dict[str, Any]) -> Array:
    dtype, shape, count = _form(entry)
    file.seek(entry["offset"])
    return np.fromfile(file, dtype, count).reshape(shape)


def _form(entry: dict[str, Any]) -> tuple[np.dtype[Any], tuple[int, ...], int]:
    dtype, shape = np.dtype(entry["dtype"]), tuple(entry["shape"])
    if dtype.hasobject:
        raise ValueError("object array")
    return dtype, shape, prod(shape)


def _crc(array: Array) -> int:
    data, crc = array.reshape(-1).view(np.uint8) if array.nbytes else np.empty(0, np.uint8), 0
    for start in range(0, len(data), _BLOCK):
        crc = zlib.crc32(data[start : start + _BLOCK].data, crc)
    return crc
