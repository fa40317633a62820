"""What a form sends: files with names that are names only, within the limits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from typing import overload

from fastapi import UploadFile

from api.errors import UploadTooLargeError
from api.services.incoming import Incoming
from api.services.names import clean_name
from api.settings import ServiceSettings
from api.store.models import FileRole
from corpora.errors import UsageError


class SentFiles(Sequence[Incoming]):
    """The files of one field, each read when it is asked for and not kept, so that a batch is never whole in memory."""

    def __init__(self, files: Sequence[UploadFile], role: FileRole) -> None:
        self._files, self._role = files, role

    def __len__(self) -> int:
        return len(self._files)

    @overload
    def __getitem__(self, index: int) -> Incoming: ...
    @overload
    def __getitem__(self, index: slice) -> SentFiles: ...
    def __getitem__(self, index: int | slice) -> Incoming | SentFiles:
        """A file with its bytes, or some of the files."""
        if isinstance(index, slice):
            return SentFiles(self._files[index], self._role)
        file = self._files[index]
        file.file.seek(0)
        return Incoming(clean_name(file.filename or ""), self._role, file.file.read())


def read_files(settings: ServiceSettings, role: FileRole, sent: Iterable[UploadFile] | None) -> list[Incoming]:
    """The files of one field; a field that nobody filled in sends an empty file without a name.

    Raises
    ------
    UploadTooLargeError : a file is larger than an upload may be.
    """
    files = [file for file in sent or () if file.filename]
    for file in files:
        _check_size(file, settings.upload_mb)
    return list(SentFiles(files, role))


def read_file(settings: ServiceSettings, sent: UploadFile) -> Incoming:
    """The one file of a form.

    Raises
    ------
    UploadTooLargeError : it is larger than an upload may be.
    UsageError : none was chosen.
    """
    files = read_files(settings, "main", [sent])
    if not files:
        raise UsageError("没有选择文件", advice="请选择一份文件再提交")
    return files[0]


def read_batch(settings: ServiceSettings, sent: Iterable[UploadFile]) -> SentFiles:
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
    for file in files:
        zipped = (file.filename or "").lower().endswith(".zip")
        _check_size(file, settings.batch_mb if zipped else settings.upload_mb)
    return SentFiles(files, "main")


def digests(files: Iterable[Incoming]) -> Iterator[str]:
    """Role, name and digest of each file, in order: what tells one upload from another."""
    for file in files:
        yield from (file.role, file.name, sha256(file.data).hexdigest())


def _check_size(file: UploadFile, most: int) -> None:
    if (file.size or 0) > most << 20:
        where = clean_name(file.filename or "")
        raise UploadTooLargeError(f"文件超过 {most} MB", where=where, advice="请拆分文件或压缩其中的图片后再上传")
