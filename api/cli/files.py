"""Files that the command line names: what is read, what is written; each failure is one clear line."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpora.document import Document


def read_input(path: Path) -> Document:
    """Read the document of a command; a path that leads to no file is input that cannot be read (exit code 3).

    Raises
    ------
    DocumentError : there is no such file, it is a folder, or it cannot be read.
    """
    from corpora.parsers import read_document

    check_input(path)
    return read_document(path)


def check_input(path: Path) -> None:
    """Refuse a path that leads to no file, before anything heavy is loaded.

    Raises
    ------
    DocumentError : there is no such file, or it is a folder.
    """
    from corpora.errors import DocumentError

    if not path.exists():
        raise DocumentError("没有这个文件", where=str(path), advice="请检查路径和文件名")
    if path.is_dir():
        raise DocumentError("这是文件夹，不是文件", where=str(path), advice="请给出其中的一份文件")


def read_data(path: Path) -> bytes:
    """The bytes of a file that no parser reads.

    Raises
    ------
    DocumentError : it cannot be opened, or is larger than any such file.
    """
    from corpora.errors import DocumentError
    from corpora.parsers.base import Limits

    try:
        if path.stat().st_size > Limits().file_bytes:
            raise DocumentError("文件过大", where=str(path), advice="请确认给出的是这份文件")
        return path.read_bytes()
    except OSError as error:
        raise DocumentError(f"打不开（{error.strerror}）", where=str(path), advice="请检查权限") from error


def write_output(path: Path, data: bytes) -> None:
    """Write a file where ``--out`` says, with the folders it needs, and tell where it is on stderr.

    Raises
    ------
    UsageError : the place cannot be written.
    """
    from corpora.errors import UsageError

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as error:
        what = f"写不进去（{error.strerror}）"
        raise UsageError(what, where=str(path), advice="请换一个 --out 位置") from error
    print(f"已写入 {path}", file=sys.stderr)
