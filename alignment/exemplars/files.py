"""The files that a user adds to the corpus: one document, a folder of them, or a zip."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

from corpora.errors import DocumentError, DocumentTooLargeError, UsageError
from corpora.parsers.base import Limits
from corpora.parsers.registry import format_of_suffix
from corpora.parsers.zip_guard import entry_name, open_collection, read_entry

_NOT_FILES = ("__MACOSX", "~$", ".")


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file to add: its name (with the folders under the one named), and what gives its bytes."""

    name: str
    read: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Batch:
    """Files that are added under one name.

    Parameters
    ----------
    name : of the source in the corpus.
    files : of readable formats.
    skipped : names of files of other formats.
    """

    name: str
    files: tuple[Incoming, ...]
    skipped: tuple[str, ...] = ()


def batch_of(path: Path, name: str = "") -> Batch:
    """The files that a path leads to, in the order of their names.

    Parameters
    ----------
    path : a document, a folder or a zip.
    name : of the source; by default that of the path without its extension.

    Raises
    ------
    DocumentError : there is no such path, it cannot be opened, or it holds no readable file.
    """
    if not path.exists():
        raise DocumentError("没有这个文件或文件夹", where=str(path), advice="请检查路径")
    found = list(_in_folder(path) if path.is_dir() else _in_zip(path) if _is_zip(path) else _single(path))
    readable = tuple(file for file in found if format_of_suffix(file.name) is not None)
    skipped = tuple(file.name for file in found if format_of_suffix(file.name) is None)
    if not readable:
        what = "里面没有可读的文档" if path.is_dir() or _is_zip(path) else "不是可读的格式"
        raise DocumentError(what, where=str(path), advice="可加入 docx、doc、pdf、epub、xlsx、pptx、html、md、txt 等")
    return Batch(_clean(name or (path.resolve().name if path.is_dir() else path.stem)), readable, skipped)


def _clean(name: str) -> str:
    flat = " ".join(name.split())
    if not flat:
        raise UsageError("名称为空", advice="请用 --name 给出名称")
    return flat


def _is_zip(path: Path) -> bool:
    return path.suffix.lower() == ".zip"


def _counts(path: PurePath) -> bool:
    return not any(part.startswith(_NOT_FILES) for part in path.parts)


def _single(path: Path) -> Iterator[Incoming]:
    yield Incoming(path.name, lambda: _bytes(path))


def _in_folder(path: Path) -> Iterator[Incoming]:
    found = sorted(file for file in path.rglob("*") if file.is_file() and _counts(file.relative_to(path)))
    for file in found:
        yield Incoming(file.relative_to(path).as_posix(), lambda file=file: _bytes(file))  # type: ignore[misc]


def _in_zip(path: Path) -> Iterator[Incoming]:
    archive = open_collection(_bytes(path), Limits(), path.name)
    entries = {entry_name(entry): entry for entry in archive.infolist() if not entry.is_dir()}
    for name in sorted(name for name in entries if _counts(PurePath(name))):
        yield Incoming(name, lambda e=entries[name], n=name: read_entry(archive, e, Limits(), n))  # type: ignore[misc]


def _bytes(path: Path) -> bytes:
    most = Limits().file_bytes
    try:
        if path.stat().st_size > most:
            what = f"文件超过上限 {most >> 20} MB"
            raise DocumentTooLargeError(what, where=path.name, advice="请拆分文件或压缩其中的图片")
        return path.read_bytes()
    except OSError as error:
        raise DocumentError(f"打不开（{error.strerror}）", where=str(path), advice="请检查权限") from error
