"""Files as they are sent."""

from __future__ import annotations

from dataclasses import dataclass

from api.errors import UploadTooLargeError
from api.services.names import clean_name
from api.store.blobs import Blobs
from api.store.models import FileRole
from corpora.errors import EmptyDocumentError, UnsupportedFormatError
from corpora.parsers.registry import SUFFIXES, format_of_suffix

_RULE_SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file as it is sent: its name, its bytes, and whether it is the document, a further file or a rule pack."""

    name: str
    role: FileRole
    data: bytes


@dataclass(frozen=True, slots=True)
class Kept:
    """A file whose bytes are a blob."""

    name: str
    role: FileRole
    sha256: str
    size: int


def keep(blobs: Blobs, file: Incoming) -> Kept:
    """Put a file's bytes among the blobs."""
    return Kept(clean_name(file.name), file.role, blobs.put(file.data), len(file.data))


def check_file(file: Incoming, most_mb: int) -> None:
    """Check size and suffix of a file.

    Raises
    ------
    UploadTooLargeError : it is larger than the service takes.
    EmptyDocumentError : it has no bytes.
    UnsupportedFormatError : its suffix is of no format that can be read.
    """
    name = clean_name(file.name)
    if len(file.data) > most_mb << 20:
        raise UploadTooLargeError(f"文件超过 {most_mb} MB", where=name, advice="请拆分文件或压缩其中的图片后再上传")
    if not file.data:
        raise EmptyDocumentError("文件是空的", where=name, advice="请检查文件后重新上传")
    suffix = name[name.rindex(".") :].lower() if "." in name else ""
    rules = file.role == "rules"
    readable = suffix in _RULE_SUFFIXES if rules else not suffix or format_of_suffix(name) is not None
    if not readable:
        known = "、".join(_RULE_SUFFIXES if rules else SUFFIXES)
        raise UnsupportedFormatError(f"不支持的文件格式 {suffix}", where=name, advice=f"可用：{known}")
