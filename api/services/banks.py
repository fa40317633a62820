"""Expression banks, read once and again when their file changes."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from api.settings import Settings
from corpora.expressions import Expression, load_expressions
from corpora.standard_json import standard_files


def bank(settings: Settings, code: str) -> tuple[Expression, ...]:
    """The expression bank of a standard, as its file is now; empty where it has none.

    Raises
    ------
    StandardFormatError : the bank or its standard is damaged.
    """
    standard = standard_files(settings.standards).get(code)
    if standard is None:
        return ()
    file = standard.with_name(f"{code}.expressions.jsonl")
    if not file.is_file():
        return ()
    facts = file.stat()
    return _read(code, settings.standards, file, facts.st_mtime_ns, facts.st_size)


@lru_cache(maxsize=8)
def _read(code: str, folder: Path, *stamp: object) -> tuple[Expression, ...]:  # noqa: ARG001
    """Read it; ``stamp`` tells one state of the file from another."""
    return load_expressions(code, folder)
