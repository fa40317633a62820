"""The manifest of the user's corpus: what was added under which name, and which index files hold it.

The manifest is written last and in one step, so that whoever reads sees the corpus before a change or after it. Its
content changes when, and only when, the passages do.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from corpora.errors import IndexFormatError, UsageError

#: The manifest's file in the corpus folder.
NAME = "manifest.json"
_VERSION = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """A document of a source: its name there, digest, title, and how many passages it has."""

    name: str
    sha256: str
    title: str
    passages: int


@dataclass(frozen=True, slots=True)
class Collected:
    """What was added under one name.

    Parameters
    ----------
    name : the user's.
    standard : code that its documents are filed under, "" for none.
    added : the day, ``2026-03-01``.
    documents : in the order of their names.
    """

    name: str
    standard: str
    added: str
    documents: tuple[Entry, ...]

    @property
    def passages(self) -> int:
        """How many passages its documents have."""
        return sum(entry.passages for entry in self.documents)


@dataclass(frozen=True, slots=True)
class Manifest:
    """The corpus of a data folder.

    Parameters
    ----------
    sources : by name.
    index : tells its index files from those of another state.
    encoder : fingerprint of the encoder that made the vectors.
    """

    sources: tuple[Collected, ...] = ()
    index: str = ""
    encoder: str = ""

    def source(self, name: str) -> Collected | None:
        """What was added under a name."""
        return next((source for source in self.sources if source.name == name), None)

    @property
    def filed(self) -> dict[str, str]:
        """The digest of every document, with the standard of the first source that holds it."""
        found: dict[str, str] = {}
        for source in self.sources:
            for entry in source.documents:
                found.setdefault(entry.sha256, source.standard)
        return found


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of a corpus folder, None where nothing was added.

    Raises
    ------
    IndexFormatError : it is damaged or of another version.
    """
    path = folder / NAME
    try:
        data: Any = json.loads(path.read_text(encoding="utf-8"))
        if data["version"] != _VERSION:
            raise ValueError(f"版本 {data['version']}")
        sources = tuple(
            Collected(**{**source, "documents": tuple(Entry(**entry) for entry in source["documents"])})
            for source in data["sources"]
        )
        return Manifest(sources, data["index"], data["encoder"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        advice = "请删去该文件，再用 duibiao corpus add 重新加入"
        raise IndexFormatError(f"语料库的清单读不出来（{error}）", where=str(path), advice=advice) from error


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest in one step."""
    data = {"version": _VERSION, **asdict(manifest)}
    write_whole(folder / NAME, json.dumps(data, ensure_ascii=False, indent=1))


def write_whole(path: Path, text: str) -> None:
    """Write a file aside, sync it to disk, and put it in its place.

    Raises
    ------
    UsageError : the folder cannot be written.
    """
    aside = path.with_name(f".{path.name}.{uuid4().hex}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with aside.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except OSError as error:
        what = f"数据文件夹写不进去（{error.strerror}）"
        raise UsageError(what, where=str(path.parent), advice="请检查磁盘空间和权限") from error
    finally:
        aside.unlink(missing_ok=True)
