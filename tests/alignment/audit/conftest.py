"""Fixtures of the audit tests: a folder as an auditor hands it in, and an engine that works in this process."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from alignment.audit.engine import AuditedResult, Engine, Task
from alignment.audit.folder import open_folder
from alignment.audit.model import AuditedDocument, AuditOptions, Identity
from alignment.audit.run import Outcome, run_audit
from alignment.audit.sources import list_documents
from alignment.audit.work import Auditor

#: A document without a title of its own: it is called as its file.
NAMELESS = "讲授商品发布的流程，练习在平台上发布商品，完成商品分类。\n"


class EngineHere:
    """Audits in this process with one auditor; stops the run where a test wants it to end.

    ``sent`` are the names of all documents that it was given.
    """

    def __init__(self, auditor: Auditor, known: dict[str, AuditedDocument]) -> None:
        self.identity: Identity = auditor.identity
        self.sent: list[str] = []
        self.stop_after: int | None = None
        self._auditor, self._known = auditor, known

    def results(self, tasks: Iterator[Task]) -> Iterator[AuditedResult]:
        """Results in the order of the tasks."""
        for task in tasks:
            if self.stop_after is not None and len(self.sent) >= self.stop_after:
                raise KeyboardInterrupt
            self.sent.append(task.name)
            key = f"{task.name}/{hash(task.data)}"
            if key not in self._known:
                self._known[key] = self._auditor.audit(task.name, task.data)
            yield AuditedResult(task.number, self._known[key])

    def close(self) -> None:
        """Nothing was started."""


@pytest.fixture(scope="session")
def auditor() -> Auditor:
    """An auditor with the shipped parts."""
    return Auditor(AuditOptions())


@pytest.fixture(scope="session")
def _known() -> dict[str, AuditedDocument]:
    return {}


@pytest.fixture
def here(auditor: Auditor, _known: dict[str, AuditedDocument]) -> EngineHere:
    """An engine of this process; what one test audited the next one need not wait for."""
    return EngineHere(auditor, _known)


@pytest.fixture
def batch(tmp_path: Path, samples: Path) -> Path:
    """Two departments with samples, a copy, a damaged file, two files without title of the same bytes, and junk."""
    folder = tmp_path / "送审"
    for name in ("电商系/第一学期", "电商系", "营销系", "__MACOSX"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    shutil.copy(samples / "网店运营_课程标准.docx", folder / "电商系" / "网店运营.docx")
    shutil.copy(samples / "数据化运营_授课进度计划.xlsx", folder / "电商系" / "第一学期" / "进度.xlsx")
    shutil.copy(samples / "互联网销售_课程标准.docx", folder / "营销系" / "互联网销售.docx")
    shutil.copy(samples / "网店运营_课程标准.docx", folder / "营销系" / "网店运营（副本）.docx")
    (folder / "营销系" / "坏.docx").write_bytes(b"PK\x03\x04" + b"\0" * 60)
    (folder / "营销系" / "第1周.txt").write_text(NAMELESS, encoding="utf-8")
    (folder / "营销系" / "第2周.txt").write_text(NAMELESS, encoding="utf-8")
    (folder / "营销系" / "~$网店运营.docx").write_bytes(b"\0")
    (folder / "__MACOSX" / "._网店运营.docx").write_bytes(b"\0")
    (folder / "营销系" / "Thumbs.db").write_bytes(b"\0")
    (folder / "营销系" / "课件.exe").write_bytes(b"MZ")
    return folder


#: Paths of the documents of ``batch`` in the order of the tables.
DOCUMENTS = (
    "电商系/第一学期/进度.xlsx",
    "电商系/网店运营.docx",
    "营销系/互联网销售.docx",
    "营销系/坏.docx",
    "营销系/第1周.txt",
    "营销系/第2周.txt",
    "营销系/网店运营（副本）.docx",
)

RunAudit = Callable[..., Outcome]


@pytest.fixture
def run_here() -> RunAudit:
    """Audits a folder or zip to the end, as the command does."""

    def run(source: Path, out: Path, engine: Engine, *, resume: bool = False, level: int = 0) -> Outcome:
        with open_folder(out, source, AuditOptions(), resume=resume) as folder:
            outcome = run_audit(list_documents(source), folder, engine, department_level=level)
            folder.finish(set(outcome.parts), {"documents": outcome.documents})
        return outcome

    return run


def tables(folder: Path) -> dict[str, bytes]:
    """The bytes of all tables of an audit."""
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.parquet"))}
