"""Answers of a language model kept on disk by the hash of everything that was asked."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any

from corpora.errors import LanguageModelError

_SCHEMA = "CREATE TABLE IF NOT EXISTS answers (name TEXT PRIMARY KEY, answer TEXT NOT NULL) WITHOUT ROWID"


def question_hash(*parts: object) -> str:
    """Hex digest of a question's parts (JSON values), each kept apart from the next."""
    return sha256(json.dumps(parts, ensure_ascii=True, sort_keys=True).encode()).hexdigest()


class AnswerCache:
    """Answers (JSON values) by name in an SQLite file, or in memory; safe to share between threads and processes.

    Parameters
    ----------
    path : the file, made with its folder when missing; None keeps everything in memory.

    Raises
    ------
    LanguageModelError : the file cannot be written or is no cache of answers.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path, self._lock = path, Lock()
        with self._named():
            if path is not None:
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                path.touch(mode=0o600)  # it quotes documents: for no other user of the machine
            self._database = sqlite3.connect(path or ":memory:", timeout=30, check_same_thread=False)
            self._database.execute(_SCHEMA)

    def get(self, name: str) -> Any:
        """The answer filed under a name, None when there is none."""
        with self._named(), self._lock:
            row = self._database.execute("SELECT answer FROM answers WHERE name = ?", (name,)).fetchone()
            return None if row is None else json.loads(row[0])

    def put(self, name: str, answer: Any) -> None:
        """File an answer; a later one takes the place of an earlier one."""
        with self._named(), self._lock, self._database:
            self._database.execute("INSERT OR REPLACE INTO answers VALUES (?, ?)", (name, json.dumps(answer)))

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    @contextmanager
    def _named(self) -> Iterator[None]:
        """Turn what SQLite, the disk or a foreign file says into an error that names the file."""
        try:
            yield
        except (sqlite3.Error, OSError, ValueError) as error:
            raise LanguageModelError(
                f"语言模型的回答缓存无法读写（{type(error).__name__}）",
                where=str(self.path or ""),
                advice="请检查 DUIBIAO_DATA 指的文件夹能否写入，或删去这个文件",
            ) from error
