"""Files as browsers and programs send them, and names under which files leave."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, BinaryIO, Protocol
from urllib.parse import quote

from api.errors import UploadTooLargeError
from corpora.errors import UsageError

if TYPE_CHECKING:
    from api.service import Service


class Sent(Protocol):
    """An uploaded file."""

    @property
    def filename(self) -> str | None: ...

    @property
    def file(self) -> BinaryIO: ...


def plain_name(sent: str | None) -> str:
    """The last part of a file name as sent, whatever system's path it is, without control characters."""
    name = PurePosixPath((sent or "").replace("\\", "/")).name
    return "".join(c for c in name if c.isprintable()).strip()[:255] or "未命名"


def read_sent(service: Service, file: Sent) -> bytes:
    """The bytes of an uploaded file.

    Raises
    ------
    UploadTooLargeError : it is larger than the setting allows.
    UsageError : nothing was sent.
    """
    most = service.settings.service.upload_mb
    data = file.file.read((most << 20) + 1)
    if len(data) > most << 20:
        raise UploadTooLargeError(f"文件超过 {most} MB", where=plain_name(file.filename), advice="请拆分后再上传")
    if not data and not file.filename:
        raise UsageError("没有选择文件", advice="请选择一份文件再提交")
    return data


def attachment(name: str) -> dict[str, str]:
    """Headers that give a download its name (RFC 6266)."""
    disposition = f"attachment; filename*=UTF-8''{quote(plain_name(name), safe='')}"
    return {"Content-Disposition": disposition, "X-Content-Type-Options": "nosniff"}
