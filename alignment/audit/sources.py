"""What an auditor hands in: a folder with all below it, or a zip; documents, and files that are passed over."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from corpora.errors import DocumentError, DocumentTooLargeError
from corpora.parsers.base import MEBIBYTE, Limits
from corpora.parsers.registry import format_of_suffix
from corpora.parsers.zip_guard import entry_name, open_collection, read_entry

#: The file by which the folder of an audit's results is known.
MANIFEST = "audit.json"
_ZIP_BYTES = 2048 * MEBIBYTE
_SYSTEM = {"thumbs.db": "系统文件", "desktop.ini": "系统文件", "__macosx": "系统文件"}
_ARCHIVES = (".zip", ".rar", ".7z", ".tar", ".gz", ".tgz")


@dataclass(frozen=True, slots=True)
class Listed:
    """A document: its path with ``/`` between folders, and what gives its bytes.

    ``read`` raises DocumentError where they cannot be had.
    """

    path: str
    read: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Listing:
    """Everything in a folder or zip: documents by path, and the paths of other files with the reason, by path."""

    documents: tuple[Listed, ...]
    passed_over: tuple[tuple[str, str], ...] = ()


def list_documents(path: Path) -> Listing:
    """What a path leads to.

    Parameters
    ----------
    path : a folder or a zip. Links to folders are not followed; the results of other audits are left out.

    Raises
    ------
    DocumentError : there is no such path, it is neither, it cannot be opened, or it holds no document.
    """
    if not path.exists():
        raise DocumentError("没有这个文件夹或 zip", where=str(path), advice="请检查路径")
    if not path.is_dir() and not zipfile.is_zipfile(path):
        advice = "请给出装着文件的文件夹或 zip；一份文件请用 duibiao report"
        raise DocumentError("既不是文件夹，也不是 zip 压缩包", where=str(path), advice=advice)
    found = sorted(_in_folder(path) if path.is_dir() else _in_zip(path), key=lambda listed: listed.path)
    documents, passed_over = [], []
    for listed in found:
        reason = _reason(listed.path)
        if reason:
            passed_over.append((listed.path, reason))
        else:
            documents.append(listed)
    if not documents:
        advice = "可审核 docx、doc、pdf、xlsx、xls、pptx、html、md、txt、epub"
        raise DocumentError("里面没有可读的文档", where=str(path), advice=advice)
    return Listing(tuple(documents), tuple(passed_over))


def _reason(path: str) -> str:
    """Why a file is passed over; "" for a document."""
    parts = PurePosixPath(path).parts
    name = parts[-1]
    system = next((_SYSTEM[part.lower()] for part in parts if part.lower() in _SYSTEM), "")
    if system:
        return system
    if name.startswith("~$"):
        return "Office 打开文件时的锁文件"
    if any(part.startswith(".") and part.strip(".") for part in parts):
        return "隐藏文件"
    if PurePosixPath(name).suffix.lower() in _ARCHIVES:
        return "压缩包里的压缩包或文件夹里的压缩包没有展开；请解压后再审核"
    return "" if format_of_suffix(name) is not None else "不是可读的格式"


def _in_folder(folder: Path) -> Iterator[Listed]:
    for current, folders, names in os.walk(folder, onerror=_refuse):
        here = Path(current)
        if MANIFEST in names and "parts" in folders:  # results of an audit
            folders.clear()
            continue
        for name in names:
            file = here / name
            if file.is_file():
                yield Listed(_printable(file.relative_to(folder).as_posix()), lambda file=file: _bytes(file))  # type: ignore[misc]


def _refuse(error: OSError) -> None:
    what = f"文件夹打不开（{error.strerror}）"
    raise DocumentError(what, where=str(error.filename), advice="请检查权限") from error


def _bytes(path: Path) -> bytes:
    most = Limits().file_bytes
    try:
        if path.stat().st_size > most:
            what = f"文件超过上限 {most // MEBIBYTE} MB"
            raise DocumentTooLargeError(what, advice="请拆分文件或压缩其中的图片")
        return path.read_bytes()
    except OSError as error:
        raise DocumentError(f"打不开（{error.strerror}）", advice="请检查权限") from error


def _in_zip(path: Path) -> Iterator[Listed]:
    archive = open_collection(_zip_bytes(path), Limits(), path.name)
    taken: dict[str, int] = {}
    for entry in archive.infolist():
        if entry.is_dir():
            continue
        name = _printable(entry_name(entry).lstrip("/"))
        taken[name] = taken.get(name, 0) + 1
        yield Listed(_numbered(name, taken[name]), lambda entry=entry: read_entry(archive, entry, Limits(), ""))  # type: ignore[misc]


def _numbered(path: str, number: int) -> str:
    """A path told apart from others of the same name in a zip."""
    at = PurePosixPath(path)
    return path if number == 1 else str(at.with_name(f"{at.stem}#{number}{at.suffix}"))


def _zip_bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > _ZIP_BYTES:
            what = f"压缩包超过 {_ZIP_BYTES // MEBIBYTE} MB"
            raise DocumentTooLargeError(what, where=path.name, advice="请解压，再审核解压出的文件夹")
        return path.read_bytes()
    except OSError as error:
        raise DocumentError(f"打不开（{error.strerror}）", where=str(path), advice="请检查权限") from error


def _printable(path: str) -> str:
    """A path as UTF-8 can say it: names of another encoding keep their odd bytes as escapes."""
    return path.encode("utf-8", "backslashreplace").decode()
