"""Objects of the data sets that measuring reads, a line each, plain or compressed."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from corpora.errors import UsageError


def read_records(path: Path) -> Iterator[dict[str, Any]]:
    """Objects of a ``.jsonl`` or ``.jsonl.zst`` file.

    Raises
    ------
    UsageError : no such file.
    """
    if not path.is_file():
        raise UsageError("没有这个数据文件", where=str(path), advice="请用 --data 指出数据集所在的文件夹")
    return (json.loads(line) for line in _text(path).split("\n") if line.strip())


def _text(path: Path) -> str:
    if path.suffix != ".zst":
        return path.read_text(encoding="utf-8")
    import zstandard

    with path.open("rb") as stream:
        return io.TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(stream), encoding="utf-8").read()
