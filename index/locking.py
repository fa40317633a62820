"""One writer at a time: a lock file beside what is written, held by the system, so that a crash lets go of it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from corpora.errors import UsageError


@contextmanager
def writer_lock(path: Path) -> Iterator[None]:
    """Within it, nobody else writes ``path``; readers are not held up.

    Parameters
    ----------
    path : the file to be written; the lock is ``.NAME.lock`` beside it, gone when the writer is done.

    Raises
    ------
    UsageError : another writer holds the lock.
    """
    lock = path.with_name(f".{path.name}.lock")
    handle = _acquired(lock)
    if handle is None:
        advice = "请等它写完再试；两个程序不能同时写同一个索引"
        raise UsageError("另一个程序正在写这个索引", where=path.name, advice=advice)
    try:
        yield
    finally:
        with suppress(OSError):  # Windows removes no open file; an unlocked one left over disturbs nobody
            lock.unlink()
        os.close(handle)


def _acquired(lock: Path) -> int | None:
    """A handle that holds the lock; None when someone else does."""
    while True:
        handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            _lock(handle)
            if _is_still(handle, lock):
                return handle
        except OSError:
            os.close(handle)
            return None
        os.close(handle)  # its holder removed the file between our opening and locking it: once more


def _is_still(handle: int, lock: Path) -> bool:
    """Whether the locked file is the one that others would open now."""
    try:
        return os.path.samestat(os.fstat(handle), lock.stat())
    except FileNotFoundError:
        return False


def _lock(handle: int) -> None:
    """Lock an open file for this process, or raise OSError at once."""
    if os.name == "posix":
        fcntl: Any = import_module("fcntl")
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    else:
        msvcrt: Any = import_module("msvcrt")
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
