"""Files that are there whole or not at all, also after a crash: written aside, synced, renamed."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from corpora.errors import DuibiaoError


def write_whole(path: Path, write: Callable[[Path], None]) -> None:
    """Have a file written aside, sync it, and rename it, so that no reader sees half of it.

    Raises
    ------
    DuibiaoError : the disk does not take it.
    """
    aside = path.with_name(f".{path.name}.tmp")
    try:
        write(aside)
        finish(aside, path)
    except OSError as error:
        raise not_written(path, error) from error
    finally:
        aside.unlink(missing_ok=True)


def write_data(path: Path, data: bytes) -> None:
    """Write bytes as ``write_whole`` does; raises as it does."""

    def write(aside: Path) -> None:
        aside.write_bytes(data)

    write_whole(path, write)


def finish(aside: Path, path: Path) -> None:
    """Sync a file written aside and put it in its place for good."""
    with aside.open("rb+") as file:
        os.fsync(file.fileno())
    aside.replace(path)
    if os.name == "posix":  # make the rename itself durable; elsewhere a folder cannot be opened
        handle = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def not_written(path: Path, error: OSError) -> DuibiaoError:
    """The error to raise when the disk does not take a file."""
    advice = "请检查磁盘空间和写入权限；腾出空间后加 --resume 接着审核"
    return DuibiaoError(f"写不进去（{error.strerror or error}）", where=str(path), advice=advice)
