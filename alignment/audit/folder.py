"""The folder of an audit's results, and what lies in it between two runs.

::

    audit.json               what is audited, against what, and whether it is finished
    parts/*.parquet          rows of documents that are done (alignment.audit.tables)
    *.parquet, 审核结果.*     the tables and what a person reads, written when all documents are done
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from alignment.audit.durable import write_data
from alignment.audit.model import SCHEMA, AuditedDocument, AuditOptions
from alignment.audit.sources import MANIFEST
from alignment.audit.tables import Kept, check_part, read_part_keys, write_part
from corpora import __version__
from corpora.errors import DuibiaoError, IndexFormatError, UsageError
from index.locking import writer_lock


@dataclass(frozen=True, slots=True)
class Manifest:
    """What ``audit.json`` says.

    Parameters
    ----------
    source : the folder or zip audited, as an absolute path.
    standard, kind, encoder : of the options, "" for the default.
    state : ``running`` until everything is written.
    counts : of a finished audit: documents, and so on.
    """

    source: str
    standard: str
    kind: str
    encoder: str
    state: str = "running"
    started_at: str = ""
    finished_at: str = ""
    counts: Mapping[str, int] | None = None
    version: str = __version__
    schema: str = SCHEMA


class AuditFolder:
    """An audit's folder, held by this process (see ``open_folder``).

    Parameters
    ----------
    path : of the folder.
    manifest : of the audit that runs.
    cleared : names of parts that were damaged and removed; their documents are audited again.
    """

    def __init__(self, path: Path, manifest: Manifest) -> None:
        self.path, self.manifest = path, manifest
        self.cleared: list[str] = []
        self._parts = path / "parts"
        self._parts.mkdir(exist_ok=True)

    def kept(self) -> dict[str, Kept]:
        """Documents that are done, by key; those that an accident befell wait to be tried again."""
        found: dict[str, Kept] = {}
        for part in sorted(self._parts.glob("*.parquet")):
            try:
                found.update((key, kept) for key, kept in read_part_keys(part).items() if not kept.retry)
            except IndexFormatError:
                part.unlink()
                self.cleared.append(part.name)
        return found

    def clear_damaged(self) -> None:
        """Remove parts that cannot be read to their end."""
        for part in sorted(self._parts.glob("*.parquet")):
            try:
                check_part(part)
            except IndexFormatError:
                part.unlink()
                self.cleared.append(part.name)

    def keep(self, results: Sequence[AuditedDocument]) -> dict[str, Kept]:
        """Keep the rows of documents for good; where they are, by key."""
        part = self._parts / f"{uuid4().hex}.parquet"
        write_part(part, results)
        return {result.key: Kept(part, n, result.by_name, result.retry) for n, result in enumerate(results)}

    def forget(self) -> None:
        """Leave nothing of an audit that never began: without a document done, nothing can be resumed."""
        if not any(self._parts.iterdir()):
            self._parts.rmdir()
            (self.path / MANIFEST).unlink(missing_ok=True)

    def finish(self, used: set[Path], counts: Mapping[str, int]) -> None:
        """Say that all is written, and remove parts that no document of it is in."""
        done = replace(self.manifest, state="finished", finished_at=_now(), counts=dict(counts))
        _write(self.path, done)
        for part in self._parts.iterdir():
            if part not in used:
                part.unlink()


@contextmanager
def open_folder(path: Path, source: Path, options: AuditOptions, *, resume: bool) -> Iterator[AuditFolder]:
    """Hold an audit's folder: a new one, one with an unfinished audit to resume, or a finished one to bring up to date.

    Parameters
    ----------
    path : the folder; made where it is missing.
    source : the folder or zip to audit.
    resume : go on with an unfinished audit, or take the results of another folder for this one.

    Raises
    ------
    UsageError : it holds an unfinished audit and ``resume`` is not set, another audit, or other files; or another
        process holds it.

    When the block raises a DuibiaoError before any document is done, a new folder is left empty.
    """
    found = _present(path)
    manifest = Manifest(str(source.resolve()), options.standard, options.kind or "", options.encoder)
    if found is not None:
        _check(found, manifest, path, resume)
    with ExitStack() as stack:
        try:
            path.mkdir(parents=True, exist_ok=True)
            stack.enter_context(writer_lock(path / MANIFEST))
        except OSError as error:
            raise UsageError(f"写不进去（{error.strerror}）", where=str(path), advice="请换一个 --out 位置") from error
        except UsageError as error:
            advice = "请等它做完，或换一个 --out"
            raise UsageError("另一个审核正在写这个文件夹", where=str(path), advice=advice) from error
        started = found.started_at if found and found.state == "running" else _now()
        manifest = replace(manifest, started_at=started)
        _write(path, manifest)
        folder = AuditFolder(path, manifest)
        try:
            yield folder
        except DuibiaoError:
            if found is None:
                folder.forget()
            raise


def _present(path: Path) -> Manifest | None:
    """The manifest of a folder; None for a folder that is not there or empty."""
    if not path.exists():
        return None
    if not path.is_dir():
        raise UsageError("这是文件，不是文件夹", where=str(path), advice="请用 --out 给出存放结果的文件夹")
    if not (path / MANIFEST).exists():
        if all(name.name.startswith(".") for name in path.iterdir()):
            return None
        raise UsageError("文件夹里有别的文件", where=str(path), advice="请用 --out 给出空的或新的文件夹")
    try:
        data: dict[str, Any] = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
        if data["schema"] != SCHEMA:
            advice = "请换一个 --out，或删去这个文件夹后重新审核"
            raise UsageError(f"里面的审核是另一种格式（{data['schema']}）", where=str(path), advice=advice)
        return Manifest(**data)
    except (OSError, ValueError, KeyError, TypeError) as error:
        advice = "请换一个 --out，或删去这个文件夹后重新审核"
        raise UsageError(f"{MANIFEST} 读不出", where=str(path), advice=advice) from error


def _check(found: Manifest, wanted: Manifest, path: Path, resume: bool) -> None:
    if (found.standard, found.kind, found.encoder) != (wanted.standard, wanted.kind, wanted.encoder):
        names = (("standard", "--standard"), ("kind", "--as"), ("encoder", "--encoder"))
        said = "、".join(f"{option} {getattr(found, name)}" for name, option in names if getattr(found, name))
        raise UsageError(f"里面是另一种审核（{said}）", where=str(path), advice="请换一个 --out，或用同样的选项")
    if resume:
        return
    if found.source != wanted.source:
        advice = "请换一个 --out；若是同一批文件换了地方，请加 --resume 沿用它的结果"
        raise UsageError(f"里面是 {found.source} 的审核", where=str(path), advice=advice)
    if found.state != "finished":
        advice = "请加 --resume 接着做，已完成的文件不会重做；要从头做，请删去这个文件夹或换一个 --out"
        raise UsageError("里面有一次没做完的审核", where=str(path), advice=advice)


def _write(path: Path, manifest: Manifest) -> None:
    data = (json.dumps(asdict(manifest), ensure_ascii=False, indent=1) + "\n").encode()
    try:
        write_data(path / MANIFEST, data)
    except DuibiaoError as error:
        raise UsageError(error.what, where=str(path), advice="请换一个 --out 位置，或检查磁盘空间") from error


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
