"""Reads documents of any supported format: ``read_document(path)`` and ``read_bytes(name, data)``.

The format is told from the content, then from the extension. Parsing happens in a child process with memory, CPU and
time limits; what cannot be read is one DuibiaoError, what cannot be read in part is in ``Document.errors``.
"""

from __future__ import annotations

from pathlib import Path

from corpora.document import Document
from corpora.errors import DocumentTooLargeError, UsageError
from corpora.parsers.base import Limits, Parser, ParserOptions, Source

__all__ = ["Limits", "Parser", "ParserOptions", "Source", "read_bytes", "read_document", "warm_up"]

_DEFAULT = ParserOptions()


def read_document(path: Path | str, options: ParserOptions = _DEFAULT) -> Document:
    """Read a file.

    Parameters
    ----------
    path : the file.
    options : limits, OCR and page bounds.

    Raises
    ------
    UsageError : there is no such file, or it may not be read.
    DocumentError : the file cannot be read; its kind and message say why.
    """
    path = Path(path)
    _check_size(path, options)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"打不开文件（{error.strerror}）", where=str(path), advice="请检查路径和权限") from error
    return read_bytes(path.name, data, options)


def read_bytes(name: str, data: bytes, options: ParserOptions = _DEFAULT) -> Document:
    """Read a file's bytes; see ``read_document``. ``name`` is the file name, its extension a hint of the format."""
    from corpora.parsers.sandbox import shared_sandbox

    return shared_sandbox().parse(Source(name, data, options))


def warm_up() -> None:
    """Start the parsing process in the background, so that its start overlaps with the caller's other work."""
    from corpora.parsers.sandbox import shared_sandbox

    shared_sandbox().warm_up()


def _check_size(path: Path, options: ParserOptions) -> None:
    if not path.exists():
        raise UsageError("没有这个文件", where=str(path), advice="请检查路径")
    if path.is_dir():
        raise UsageError("这是文件夹，不是文件", where=str(path), advice="请给出其中的一份文件")
    size, most = path.stat().st_size, options.limits.file_bytes
    if size > most:
        raise DocumentTooLargeError(
            f"文件有 {size >> 20} MB，超过上限 {most >> 20} MB", where=path.name, advice="请拆分文件或压缩其中的图片"
        )
