"""An audit from end to end: complete, resumable after any end, the same tables whatever happened on the way."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from alignment.audit import durable, run
from alignment.audit import tables as audit_tables
from alignment.audit.engine import AuditedResult, Task
from alignment.audit.model import AuditedDocument, ProblemRow
from alignment.audit.tables import read_table
from alignment.audit.union import read_audit
from alignment.audit.work import failed
from corpora.errors import DuibiaoError
from tests.alignment.audit.conftest import DOCUMENTS, NAMELESS, EngineHere, RunAudit, tables


@pytest.fixture
def whole(batch: Path, tmp_path: Path, here: EngineHere, run_here: RunAudit) -> dict[str, bytes]:
    """The tables of an audit that nothing disturbed."""
    out = tmp_path / "一次做完"
    run_here(batch, out, here)
    here.sent.clear()
    return tables(out)


def rows(out: Path, table: str, *columns: str) -> list[tuple[object, ...]]:
    """Columns of a table."""
    return [row for group in read_table(out, table, columns) for row in zip(*group.values(), strict=True)]


def test_every_document_is_listed_and_each_content_audited_once(
    batch: Path, tmp_path: Path, here: EngineHere, run_here: RunAudit
) -> None:
    """A copy gets the rows of its original; files without title of the same bytes are called by their own names."""
    outcome = run_here(batch, tmp_path / "果", here)
    found = rows(tmp_path / "果", "documents", "document", "copy_of", "status", "title")
    assert tuple(row[0] for row in found) == DOCUMENTS
    titles = {row[0]: row[3] for row in found}
    assert (titles["营销系/第1周.txt"], titles["营销系/第2周.txt"]) == ("第1周", "第2周")
    assert [row[:2] for row in found if row[1]] == [
        ("营销系/第2周.txt", "营销系/第1周.txt"),
        ("营销系/网店运营（副本）.docx", "电商系/网店运营.docx"),
    ]
    assert [row[0] for row in found if row[2] == "failed"] == ["营销系/坏.docx"]
    assert sorted(here.sent) == sorted(Path(path).name for path in DOCUMENTS if "副本" not in path)
    assert (outcome.documents, outcome.audited, outcome.reused, outcome.copies) == (7, 6, 0, 2)


def test_tables_hold_every_element_of_every_document(
    batch: Path, tmp_path: Path, here: EngineHere, run_here: RunAudit
) -> None:
    """Elements come by document and then in the standard's order; junk stands among the problems."""
    run_here(batch, tmp_path / "果", here)
    elements = [
        row
        for group in read_table(tmp_path / "果", "elements", ("document", "element"))
        for row in zip(*group.values(), strict=True)
    ]
    known = [path for path in DOCUMENTS if "坏" not in path]
    first = [element for document, element in elements if document == known[0]]
    assert len(first) > 300
    assert elements == [(path, element) for path in known for element in first]
    problems = [
        row
        for group in read_table(tmp_path / "果", "problems", ("document", "kind"))
        for row in zip(*group.values(), strict=True)
    ]
    assert [row for row in problems if row[1] == "passed_over"] == [
        ("__MACOSX/._网店运营.docx", "passed_over"),
        ("营销系/Thumbs.db", "passed_over"),
        ("营销系/~$网店运营.docx", "passed_over"),
        ("营销系/课件.exe", "passed_over"),
    ]
    assert ("营销系/坏.docx", "unreadable") in problems


@pytest.mark.parametrize("stop_after", range(6))
def test_an_audit_interrupted_anywhere_is_resumed(
    batch: Path, tmp_path: Path, here: EngineHere, run_here: RunAudit, whole: dict[str, bytes], stop_after: int
) -> None:
    """After any number of documents: none is lost, none audited again, and the tables are the same to the byte."""
    out = tmp_path / "果"
    here.stop_after = stop_after
    with pytest.raises(KeyboardInterrupt):
        run_here(batch, out, here)
    assert tables(out) == {}
    here.stop_after = None
    outcome = run_here(batch, out, here, resume=True)
    assert (outcome.audited, outcome.reused >= stop_after) == (6 - stop_after, True)
    assert len(here.sent) == 6
    assert tables(out) == whole


@pytest.mark.parametrize("nth", range(1, 9))
def test_an_audit_that_ends_while_it_writes_is_resumed(
    batch: Path,
    tmp_path: Path,
    here: EngineHere,
    run_here: RunAudit,
    whole: dict[str, bytes],
    monkeypatch: pytest.MonkeyPatch,
    nth: int,
) -> None:
    """Whatever file is the last one that reaches its place: the manifest, a part, a table."""
    out, count, finish = tmp_path / "果", 0, durable.finish

    def full(aside: Path, path: Path) -> None:
        nonlocal count
        count += 1
        if count >= nth:
            raise OSError(28, "No space left on device")
        finish(aside, path)

    with monkeypatch.context() as patched:
        patched.setattr(durable, "finish", full)
        patched.setattr(audit_tables, "finish", full)
        with pytest.raises(DuibiaoError, match="No space left"):
            run_here(batch, out, here)
    assert not list(out.rglob("*.tmp"))
    run_here(batch, out, here, resume=True)
    assert tables(out) == whole


def test_a_small_batch_is_kept_at_once(
    batch: Path,
    tmp_path: Path,
    here: EngineHere,
    run_here: RunAudit,
    whole: dict[str, bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Parts of one document each give the same tables."""
    monkeypatch.setattr(run, "BATCH", 1)
    run_here(batch, tmp_path / "果", here)
    assert len(list((tmp_path / "果" / "parts").iterdir())) == 6
    assert tables(tmp_path / "果") == whole


def test_only_what_changed_is_audited_again(batch: Path, tmp_path: Path, here: EngineHere, run_here: RunAudit) -> None:
    """A finished audit, run again: unchanged documents need no work, also under another name; a new text does."""
    out = tmp_path / "果"
    run_here(batch, out, here)
    here.sent.clear()
    assert run_here(batch, out, here).audited == 0
    (batch / "营销系" / "第2周.txt").write_text(NAMELESS + "撰写商品标题。", encoding="utf-8")
    (batch / "营销系" / "互联网销售.docx").rename(batch / "营销系" / "改名.docx")
    (batch / "电商系" / "第一学期" / "进度.xlsx").unlink()
    outcome = run_here(batch, out, here)
    assert here.sent == ["第2周.txt"]
    assert (outcome.documents, outcome.audited, outcome.reused) == (6, 1, 5)
    fresh = tmp_path / "重做"
    run_here(batch, fresh, here)
    assert tables(out) == tables(fresh)


def test_a_document_that_met_an_accident_is_tried_again(
    batch: Path, tmp_path: Path, here: EngineHere, run_here: RunAudit, whole: dict[str, bytes]
) -> None:
    """A crash or timeout is listed, and the next run takes the document up again."""
    out, results = tmp_path / "果", here.results
    problem = ProblemRow("accident", "", "处理超过 1 秒，已终止")

    def unlucky(tasks: Iterator[Task]) -> Iterator[AuditedResult]:
        for found in results(tasks):
            row = found.result.document
            accident = failed(here.identity, "进度.xlsx", row.sha256, row.bytes, problem)
            yield replace(found, result=accident) if found.number == 0 else found

    here.results = unlucky  # type: ignore[method-assign]
    run_here(batch, out, here)
    assert rows(out, "documents", "document", "status")[0] == (DOCUMENTS[0], "failed")
    here.results = results  # type: ignore[method-assign]
    assert run_here(batch, out, here).audited == 1
    assert tables(out) == whole


@pytest.mark.parametrize("where", ["end", "middle"])
def test_a_damaged_part_costs_its_documents_and_no_more(
    batch: Path, tmp_path: Path, here: EngineHere, run_here: RunAudit, whole: dict[str, bytes], where: str
) -> None:
    """A part cut off or with wrong bytes, as a dying disk leaves it, is thrown away and its documents audited again."""
    out = tmp_path / "果"
    run_here(batch, out, here)
    part = max((out / "parts").iterdir(), key=lambda path: path.stat().st_size)
    data = bytearray(part.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 64] = bytes(64)
    part.write_bytes(data[:-200] if where == "end" else data)
    assert run_here(batch, out, here).audited == 5
    assert tables(out) == whole


def test_a_zip_gives_the_same_tables(
    batch: Path, tmp_path: Path, here: EngineHere, run_here: RunAudit, whole: dict[str, bytes]
) -> None:
    """The folder, packed."""
    path = tmp_path / "送审.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in batch.rglob("*"):
            if file.is_file():
                archive.write(file, file.relative_to(batch).as_posix())
    run_here(path, tmp_path / "果", here)
    assert tables(tmp_path / "果") == whole


def test_a_file_that_cannot_be_opened_is_a_row(
    batch: Path, tmp_path: Path, here: EngineHere, run_here: RunAudit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is listed as failed with the reason, and the others are audited."""
    read = Path.read_bytes

    def refused(path: Path) -> bytes:
        if path.name == "互联网销售.docx":
            raise PermissionError(13, "Permission denied")
        return read(path)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "read_bytes", refused)
        run_here(batch, tmp_path / "果", here)
    states = dict(rows(tmp_path / "果", "documents", "document", "status"))  # type: ignore[arg-type]
    assert [path for path, state in states.items() if state == "failed"] == ["营销系/互联网销售.docx", "营销系/坏.docx"]
    assert run_here(batch, tmp_path / "果", here).audited == 1


def test_the_union_counts_each_content_once(batch: Path, tmp_path: Path, here: EngineHere, run_here: RunAudit) -> None:
    """Copies and failed files are listed but not counted; departments are put together by folder."""
    out = tmp_path / "果"
    run_here(batch, out, here, level=1)
    found = read_audit(out, here._auditor.standard)
    assert [entry.title for entry in found.portfolio.entries] == [
        DOCUMENTS[0],
        DOCUMENTS[1],
        DOCUMENTS[2],
        DOCUMENTS[4],
    ]
    assert {name: len(put.entries) for name, put in found.departments.items()} == {"电商系": 2, "营销系": 2}
    result: AuditedDocument = here._auditor.audit("a.docx", (batch / DOCUMENTS[1]).read_bytes())
    entry = found.portfolio.entries[1]
    assert dict(entry.grades) == {row.element: row.grade for row in result.elements}
    assert entry.short == {row.element for row in result.elements if row.level_short}
    assert [file.path for file in found.failed] == ["营销系/坏.docx"]
    assert json.loads((out / "audit.json").read_text(encoding="utf-8"))["state"] == "finished"
    most = [path for path, _ in found.gaps(2)]
    assert max(map(most.count, most)) == 2
