"""Each worker holds its name while it lives, so that no two have the same and the jobs of a dead one are found."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from api.store.database import Store


class HeldName:
    """A name that this process holds; the system lets go of it when the process dies, however it dies.

    Parameters
    ----------
    connection : holds the lock: of a file beside SQLite, an advisory one in PostgreSQL.
    """

    def __init__(self, connection: sqlite3.Connection | Connection) -> None:
        self._connection = connection

    def release(self) -> None:
        """Let go of the name."""
        with suppress(DBAPIError):  # a database that does not answer holds nothing for us
            if isinstance(self._connection, Connection):
                self._connection.invalidate()  # closed, not kept in the pool, where it would hold the lock
            self._connection.close()


def hold(store: Store, folder: Path, name: str) -> HeldName | None:
    """Take a worker's name; None where a living process holds it.

    Parameters
    ----------
    folder : the data folder.
    """
    digest = hashlib.sha256(name.encode()).digest()
    return _hold_advisory(store, digest) if store.dialect == "postgresql" else _hold_file(folder, digest)


def _hold_advisory(store: Store, digest: bytes) -> HeldName | None:
    connection = store.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    number = int.from_bytes(digest[:8], "big", signed=True)
    if connection.scalar(text("SELECT pg_try_advisory_lock(:number)"), {"number": number}):
        return HeldName(connection)
    connection.close()
    return None


def _hold_file(folder: Path, digest: bytes) -> HeldName | None:
    path = folder / f"worker-{digest.hex()[:12]}.lock"
    connection = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError:
        connection.close()
        return None
    return HeldName(connection)
