"""Files kept under the SHA-256 of their content: the same bytes once, whole or not at all."""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, BinaryIO

from corpora.errors import DuibiaoError

_DIGEST = re.compile(r"[0-9a-f]{64}")
_CHUNK = 1 << 20
_ASIDE = ".part"
#: Seconds after which a half-written file belongs to no writer that is still at work.
_ABANDONED = 3600.0


class BlobError(DuibiaoError):
    """A kept file is missing, or its bytes have changed."""


class Blobs:
    """Files by digest in folders by its first two digits; written aside, flushed to disk, then put in place.

    Parameters
    ----------
    folder : made when missing; half-written files of dead writers in it are removed.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)  # documents are for no other user of the machine
        self._clean()

    def put(self, data: bytes) -> str:
        """Keep bytes; their digest."""
        digest = hashlib.sha256(data).hexdigest()
        if not self._refreshed(digest):
            with self._aside() as draft:
                draft.write(data)
                self._place(draft, digest)
        return digest

    def put_file(self, file: BinaryIO) -> tuple[str, int]:
        """Keep what a file holds from here on; its digest and its size."""
        hasher, size = hashlib.sha256(), 0
        with self._aside() as draft:
            while chunk := file.read(_CHUNK):
                hasher.update(chunk)
                size += len(chunk)
                draft.write(chunk)
            digest = hasher.hexdigest()
            if not self._refreshed(digest):
                self._place(draft, digest)
        return digest, size

    def read(self, digest: str) -> bytes:
        """The bytes of a digest.

        Raises
        ------
        BlobError : they are not there, or no longer what they were.
        """
        try:
            data = self.path(digest).read_bytes()
        except OSError as error:
            raise BlobError("数据文件夹里缺少文件", where=digest[:12], advice="请从备份恢复数据文件夹") from error
        if hashlib.sha256(data).hexdigest() != digest:
            raise BlobError("数据文件夹里的文件已损坏", where=digest[:12], advice="请从备份恢复数据文件夹")
        return data

    def path(self, digest: str) -> Path:
        """Where the bytes of a digest stand, or would.

        Raises
        ------
        ValueError : it is no digest.
        """
        if not _DIGEST.fullmatch(digest):
            raise ValueError(f"no digest: {digest!r}")
        return self.folder / digest[:2] / digest

    def holds(self, digest: str) -> bool:
        """Whether the bytes of a digest are there."""
        return self.path(digest).is_file()

    def age(self, digest: str) -> float:
        """Seconds since bytes were last put under a digest; 0 where there are none."""
        try:
            return max(0.0, time.time() - self.path(digest).stat().st_mtime)
        except OSError:
            return 0.0

    def delete(self, digest: str) -> None:
        """Remove the bytes of a digest, if they are there."""
        self.path(digest).unlink(missing_ok=True)

    def digests(self) -> Iterator[str]:
        """Every digest that is kept."""
        for path in self.folder.glob("[0-9a-f][0-9a-f]/*"):
            if _DIGEST.fullmatch(path.name):
                yield path.name

    def _refreshed(self, digest: str) -> bool:
        """Whether the bytes are there already; they are then as young as if they had been written now."""
        try:
            os.utime(self.path(digest))
        except OSError:
            return False
        return True

    @contextmanager
    def _aside(self) -> Iterator[IO[bytes]]:
        """A file to write to that is gone afterwards, unless it was put in place."""
        with NamedTemporaryFile("wb", dir=self.folder, suffix=_ASIDE, delete=False) as draft:
            try:
                yield draft
            finally:
                Path(draft.name).unlink(missing_ok=True)

    def _place(self, draft: IO[bytes], digest: str) -> None:
        """Flush a written file to disk and give it its name; so that both survive a power cut."""
        target = self.path(digest)
        draft.flush()
        os.fsync(draft.fileno())
        target.parent.mkdir(exist_ok=True)
        Path(draft.name).replace(target)
        _sync_folder(target.parent)

    def _clean(self) -> None:
        """Remove what writers left half-written."""
        for path in self.folder.glob(f"*{_ASIDE}"):
            with suppress(OSError):
                if time.time() - path.stat().st_mtime > _ABANDONED:
                    path.unlink()


def _sync_folder(folder: Path) -> None:
    """Flush a folder's entries to disk, where the system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
