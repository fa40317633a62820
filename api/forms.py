"""What a form sends: files with names that are names only, within the limits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

from fastapi import UploadFile

from api.errors import UploadTooLargeError
from api.services.incoming import Incoming
from api.services.names import clean_name
from api.settings import ServiceSettings
from api.store.models import FileRole


def read_files(settings: ServiceSettings, role: FileRole, sent: Iterable[UploadFile] | None) -> list[Incoming]:
    """The files of one field; a field that nobody filled in sends an empty file without a name.

    Raises
    ------
    UploadTooLargeError : a file is larger than an upload may be.
    """
    files = [file for file in sent or () if file.filename]
    return [Incoming(clean_name(file.filename or ""), role, _read(file, settings.upload_mb)) for file in files]


def read_batch(settings: ServiceSettings, sent: Sequence[UploadFile]) -> list[Incoming]:
    """The files and zips of a batch; a zip may be as large as the batch.

    Raises
    ------
    UploadTooLargeError : there are more files than a batch may have, or one is too large.
    """
    files = [file for file in sent if file.filename]
    if len(files) > settings.batch_files:
        raise UploadTooLargeError(
            f"这一批有 {len(files)} 个文件，每批最多 {settings.batch_files} 个", advice="请分成几批上传"
        )
    found = []
    for file in files:
        name = clean_name(file.filename or "")
        most = settings.batch_mb if name.lower().endswith(".zip") else settings.upload_mb
        found.append(Incoming(name, "main", _read(file, most)))
    return found


def digests(files: Iterable[Incoming]) -> list[str]:
    """Role, name and digest of each file, in order: what tells one upload from another."""
    return [part for file in files for part in (file.role, file.name, sha256(file.data).hexdigest())]


def _read(file: UploadFile, most: int) -> bytes:
    data = file.file.read((most << 20) + 1)
    if len(data) > most << 20:
        where = clean_name(file.filename or "")
        raise UploadTooLargeError(f"文件超过 {most} MB", where=where, advice="请拆分文件或压缩其中的图片后再上传")
    return data
