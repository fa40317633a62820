"""A grouped index as one file: written in a stream, loaded by mapping it.

Arrays: ``keys``, ``texts``, ``metadata`` and ``groups`` as bytes and offsets, ``owners``, ``starts`` of the groups,
hashes with row positions (``key_hashes``, ``key_rows``, ``content_hashes``, ``content_rows``), and what the back-end
gives, each name behind ``backend.``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from corpora.errors import IndexFormatError, UsageError
from index.backends import backend_class
from index.columns import Columns, Strings
from index.grouped import GroupedIndex
from index.keys import HashIndex, Level
from index.parts import BackendChoice, Part
from index.paths import GroupTable, PackedPaths
from index.protocols import VectorBackend
from index.selection import Selection
from index.storage import Array, ArrayWriter, Stored, read_arrays, writing

_BACKEND = "backend."
_STRINGS: dict[str, Callable[[Part], Strings]] = {
    "keys": lambda part: part.columns.keys,
    "texts": lambda part: part.columns.texts,
    "metadata": lambda part: part.columns.metadata,
}


def save_index(index: GroupedIndex, path: Path, kind: str) -> None:
    """Write an index to one file, whole or not at all, without a second copy of it in memory.

    Parameters
    ----------
    index : its parts are written as one; a back-end that holds more than vectors is built anew if rows have changed.
    path : the file.
    kind : says whose file it is and is checked on reading.

    Raises
    ------
    UsageError : another program is writing the file, or has changed it since this index was read from it or saved
        to it; or the back-end's options or its tuning record are no JSON values.
    DuibiaoError : the disk does not take it.
    """
    with index.lock:
        chosen = Selection(index.parts)
        meta = {
            "encoder": index.fingerprint,
            "dimension": index.dimension,
            "rows": len(chosen),
            "backend": _facts(index.choice, path),
        }
        known, stamp = index.origin or (None, "")
        with writing(path, kind, meta, stamp if known == path.resolve() else "") as writer:
            _write_rows(writer, chosen)
            _write_hashes(writer, index, chosen)
            _write_backend(writer, index, chosen)
        index.origin = path.resolve(), writer.stamp


def _facts(choice: BackendChoice, path: Path) -> dict[str, Any]:
    """A back-end's choice as it is kept."""
    tuning = None if choice.tuning is None else dict(choice.tuning)
    facts = {"name": choice.name, "options": dict(choice.options), "tuning": tuning}
    try:
        json.dumps(facts)
    except (TypeError, ValueError) as error:
        what = f"向量后端“{choice.name}”的选项或调优记录无法保存（{error}）"
        raise UsageError(what, where=path.name, advice="其中只能有字符串、数字、真假值、空值及其列表和字典") from error
    return facts


def _write_rows(writer: ArrayWriter, chosen: Selection) -> None:
    for name, column in _STRINGS.items():
        offsets = chosen.offsets(column)
        writer.put(f"{name}.offsets", offsets)
        writer.stream(f"{name}.bytes", np.uint8, offsets[-1:].tolist(), chosen.bytes(column))
    writer.stream("owners", np.uint64, (len(chosen), 2), chosen.arrays(lambda part: part.columns.owners))
    paths = PackedPaths.of(chosen.groups.paths).strings
    writer.put("groups.offsets", paths.offsets)
    writer.put("groups.bytes", paths.data)
    writer.put("starts", chosen.groups.starts)


def _write_hashes(writer: ArrayWriter, index: GroupedIndex, chosen: Selection) -> None:
    levels = index.hash_levels(chosen)
    for name, (hashes, rows) in zip(("key", "content"), levels, strict=True):
        writer.put(f"{name}_hashes", hashes)
        writer.put(f"{name}_rows", rows.astype(np.int32 if len(rows) < 1 << 31 else np.int64))


def _write_backend(writer: ArrayWriter, index: GroupedIndex, chosen: Selection) -> None:
    """The back-end: streamed if it is plain, as it is if no row has changed, else built over the written vectors."""
    choice, count = index.choice, len(chosen)
    if not choice.plain and index.built and (backend := index.backend) is not None:
        for name, array in backend.arrays().items():
            writer.put(_BACKEND + name, array)
        return
    writer.put(_BACKEND + "ids", np.arange(count))
    vectors = chosen.arrays(lambda part: part.backend.vectors)
    writer.stream(_BACKEND + "vectors", np.float32, (count, index.dimension), vectors)
    if not choice.plain:
        made = choice.over(writer.mapped(_BACKEND + "ids"), writer.mapped(_BACKEND + "vectors"))
        for name, array in made.arrays().items():
            if name not in ("ids", "vectors"):
                writer.put(_BACKEND + name, array)


def load_index(
    path: Path, kind: str, fingerprint: str, backend: str | None = None, mmap: bool = False, **options: Any
) -> GroupedIndex:
    """Read what ``save_index`` wrote.

    Parameters
    ----------
    path : the file.
    kind : what it was saved as.
    fingerprint : of the encoder in use.
    backend : another back-end than the one it was saved with, put over the stored vectors; None for that one.
    mmap : map the file instead of reading it: milliseconds whatever its size, checksums unverified.
    options : of the back-end, in the place of stored ones.

    Raises
    ------
    IndexFormatError : the file is missing, truncated, foreign, of another version or of another encoder.
    UsageError, MissingExtraError : the back-end is unknown, or its library is not installed.
    """
    stored = read_arrays(path, kind, mmap=mmap)
    try:
        _check_encoder(stored, fingerprint)
        choice, same = _choice(stored.meta["backend"], backend, options)
        index = GroupedIndex(fingerprint, stored.meta["dimension"], choice.name, **choice.options)
        index.choice = choice
        part = Part(_columns(stored.arrays), _groups(stored.arrays), _backend(stored.arrays, choice, same))
        if part.backend.dimension != index.dimension or len(part) != stored.meta["rows"]:
            raise ValueError(f"{len(part)} rows of {part.backend.dimension} values")
        index.restart([part], *(HashIndex(index.alive, _level(stored.arrays, name)) for name in ("key", "content")))
    except (KeyError, ValueError, TypeError, IndexError) as error:
        what = f"索引文件前后不符（{error}）"
        raise IndexFormatError(what, where=path.name, advice="请重新建立索引") from error
    index.origin, index.stored = (path.resolve(), stored.stamp), stored
    return index


def _check_encoder(stored: Stored, fingerprint: str) -> None:
    if stored.meta["encoder"] != fingerprint:
        what = f"索引由另一个编码器建立（{stored.meta['encoder']}，现在是 {fingerprint}）"
        advice = "请换用原来的编码器，或者请重新建立索引"
        raise IndexFormatError(what, where=stored.name, advice=advice)


def _choice(saved: Mapping[str, Any], backend: str | None, options: Mapping[str, Any]) -> tuple[BackendChoice, bool]:
    """The back-end to load, and whether it is the stored one."""
    if backend not in (None, saved["name"]):
        return BackendChoice(str(backend), options), False
    return BackendChoice(saved["name"], {**saved["options"], **options}, saved["tuning"]), True


def _columns(arrays: Mapping[str, Array]) -> Columns:
    keys, texts, metadata = (_strings(arrays, name) for name in _STRINGS)
    return Columns(keys, texts, metadata, arrays["owners"])


def _strings(arrays: Mapping[str, Array], name: str) -> Strings:
    return Strings(arrays[f"{name}.bytes"], arrays[f"{name}.offsets"])


def _groups(arrays: Mapping[str, Array]) -> GroupTable:
    return GroupTable(PackedPaths(_strings(arrays, "groups")), arrays["starts"])


def _level(arrays: Mapping[str, Array], name: str) -> Level:
    hashes, rows = arrays[f"{name}_hashes"], arrays[f"{name}_rows"]
    if not hashes.shape == rows.shape == arrays["owners"].shape[:1]:
        raise ValueError(f"{name}: {hashes.shape} hashes, {rows.shape} rows")
    return hashes, rows


def _backend(arrays: Mapping[str, Array], choice: BackendChoice, same: bool) -> VectorBackend:
    """The stored back-end, or another one over its vectors."""
    given = {name.removeprefix(_BACKEND): array for name, array in arrays.items() if name.startswith(_BACKEND)}
    if not same:
        return choice.over(given["ids"], given["vectors"])
    kind: Any = backend_class(choice.name)
    found: VectorBackend = kind.from_arrays(given, **choice.options)
    return found
