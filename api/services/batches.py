"""The files of a batch: archives opened, what is no document left out and named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from zipfile import ZipFile

from api.errors import UploadTooLargeError
from api.services.incoming import Incoming, check_file
from api.services.names import clean_name
from api.settings import ServiceSettings
from corpora.errors import DuibiaoError
from corpora.parsers.base import MEBIBYTE, Limits
from corpora.parsers.registry import format_of_suffix
from corpora.parsers.zip_guard import entry_name, open_collection, read_entry

if TYPE_CHECKING:
    from api.service import Service

Problem = dict[str, str]

#: What systems and programs leave beside documents.
_LEFTOVERS = ("__MACOSX", "~$", ".", "Thumbs.db", "desktop.ini")
_ARCHIVES = (".zip", ".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz")


def separate(service: Service, files: Sequence[Incoming]) -> tuple[list[Incoming], list[Problem]]:
    """The documents among files and in the zips among them, each content once, and what was left out.

    Raises
    ------
    UploadTooLargeError : there are more documents, or more bytes, than a batch may have.
    """
    batch = Batch(service.settings.service)
    return list(batch.documents(files)), batch.problems


class Batch:
    """Goes through the files of a batch, one document at a time.

    Parameters
    ----------
    settings : the limits.

    Attributes
    ----------
    problems : what was left out so far: ``{"where", "what"}`` each.
    """

    def __init__(self, settings: ServiceSettings) -> None:
        self.problems: list[Problem] = []
        self._settings = settings
        self._seen: dict[bytes, str] = {}
        self._names: set[str] = set()
        self._shared: set[str] = set()
        self._bytes = 0

    def documents(self, files: Sequence[Incoming]) -> Iterator[Incoming]:
        """The documents in turn, under names of their own.

        Raises
        ------
        UploadTooLargeError : there are more of them, or more bytes, than a batch may have.
        """
        for file in files:
            if _suffix(file.name) == ".zip":
                yield from self._in_zip(file)
            else:
                yield from self._taken(file, "")

    def _in_zip(self, file: Incoming) -> Iterator[Incoming]:
        where = clean_name(file.name)
        try:
            archive = open_collection(file.data, Limits(), where)
        except DuibiaoError as error:
            self._leave_out(error.where, f"{error.what}。{error.advice}")
            return
        with archive:
            yield from self._entries(archive, where)

    def _entries(self, archive: ZipFile, where: str) -> Iterator[Incoming]:
        entries = sorted(((entry_name(e), e) for e in archive.infolist() if not e.is_dir()), key=lambda pair: pair[0])
        leftovers = [name for name, _ in entries if _is_leftover(name)]
        if leftovers:
            self._leave_out(where, f"略过了 {len(leftovers)} 个系统或临时文件（{_example(leftovers)}）")
        wanted = [(name, entry) for name, entry in entries if not _is_leftover(name)]
        self._check_number(sum(_is_document(name) for name, _ in wanted))
        times = Counter(clean_name(name) for name, _ in wanted)
        self._shared |= {name for name, number in times.items() if number > 1}
        limits = Limits(file_bytes=self._settings.upload_mb * MEBIBYTE)
        for name, entry in wanted:
            told = f"{where}/{name}"
            if not _is_document(name):
                self._leave_out(told, _why_not(name))
                continue
            try:
                data = read_entry(archive, entry, limits, told)
            except DuibiaoError as error:
                self._leave_out(told, f"{error.what}。{error.advice}")
                continue
            yield from self._taken(Incoming(name, "main", data), told)

    def _taken(self, file: Incoming, told: str) -> Iterator[Incoming]:
        """The file as a document of the batch, unless it is none or one of the same content is there."""
        name = clean_name(file.name)
        told = told or name
        if _is_leftover(name) or not _is_document(name):
            self._leave_out(told, _why_not(name))
            return
        try:
            check_file(file, self._settings.upload_mb)
        except DuibiaoError as error:
            self._leave_out(told, f"{error.what}。{error.advice}")
            return
        digest = sha256(file.data).digest()
        if digest in self._seen:
            self._leave_out(told, f"与 {self._seen[digest]} 内容相同，只对照一次")
            return
        self._seen[digest] = told
        self._bytes += len(file.data)
        self._check_number(len(self._seen))
        if self._bytes > self._settings.batch_mb * MEBIBYTE:
            raise UploadTooLargeError(
                f"这一批的文件超过 {self._settings.batch_mb} MB", where=told, advice="请分成几批上传"
            )
        yield replace(file, name=self._own_name(file.name), role="main")

    def _own_name(self, path: str) -> str:
        """The file's name; with its folder before it where another document of its zip or batch has the same name."""
        parts = [clean_name(part) for part in PurePosixPath(path.replace("\\", "/")).parts if part not in ("/", "..")]
        name = clean_name(path)
        folders = parts[:-1]
        while (name in self._shared or name in self._names) and folders:
            name = f"{folders.pop()}_{name}"
        self._names.add(name)
        return name

    def _check_number(self, count: int) -> None:
        most = self._settings.batch_files
        if count > most:
            raise UploadTooLargeError(f"这一批有 {count} 份文档，每批最多 {most} 份", advice="请分成几批上传")

    def _leave_out(self, where: str, what: str) -> None:
        self.problems.append({"where": where, "what": what.removesuffix("。")})


def _suffix(name: str) -> str:
    return PurePosixPath(name.replace("\\", "/")).suffix.lower()


def _is_leftover(path: str) -> bool:
    return any(part.startswith(_LEFTOVERS) and part.strip(".") for part in PurePosixPath(path).parts)


def _is_document(name: str) -> bool:
    return format_of_suffix(name) is not None


def _why_not(name: str) -> str:
    if _is_leftover(name):
        return "这是系统或临时文件"
    if _suffix(name) in _ARCHIVES:
        return "没有打开里面的压缩包，请解压后再上传" if _suffix(name) == ".zip" else "不支持这种压缩包，请改用 zip"
    return f"不支持的文件格式 {_suffix(name)}" if _suffix(name) else "没有扩展名，不知道是什么格式"


def _example(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} 等"
