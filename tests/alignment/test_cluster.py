"""Audits on Ray: the same rows as on this machine, whatever dies in between."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from alignment.audit.engine import AuditedResult, LocalEngine, Task
from alignment.audit.folder import open_folder
from alignment.audit.model import AuditedDocument, AuditOptions
from alignment.audit.run import Outcome, run_audit
from alignment.audit.sources import list_documents
from alignment.cluster import RayEngine, load_ray
from corpora.errors import MissingExtraError, UnknownStandardError, UsageError
from eval.bench.recombine import recombine

TABLES = ("documents", "elements", "gaps", "rules", "problems")
ROOT = Path(__file__).resolve().parents[2]


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Ray the error says what to install."""
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'duibiao\[cluster\]'"):
        RayEngine(AuditOptions())


def test_importing_it_loads_no_ray() -> None:
    """The file is imported without Ray."""
    code = "import sys, alignment.cluster; assert not {'ray', 'pyarrow', 'pandas'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60, cwd=ROOT)


ray = pytest.importorskip("ray", reason="没有安装 Ray，跳过")
pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, samples: Path) -> Path:
    """Documents in departments: samples, mixtures of them, a copy under another name, a broken file, no document."""
    folder = tmp_path_factory.mktemp("documents")
    recombine(folder / "甲系", 5)
    (folder / "乙系").mkdir()
    for name in ("网店运营_课程标准.docx", "社群运营_教学大纲.pdf", "直播电商专业_教学进程表.xlsx"):
        (folder / "乙系" / name).write_bytes((samples / name).read_bytes())
    (folder / "乙系" / "又一份.docx").write_bytes((samples / "网店运营_课程标准.docx").read_bytes())
    (folder / "坏的.docx").write_bytes(b"PK\x03\x04 truncated")
    (folder / "程序.exe").write_bytes(b"MZ")
    return folder


@pytest.fixture(scope="module")
def cluster() -> Iterator[RayEngine]:
    """A cluster of two processors on this machine."""
    engine = RayEngine(AuditOptions(), 2)
    yield engine
    engine.close()


def audited(engine: object, source: Path, target: Path) -> Outcome:
    """Run an audit into a folder, going on with what is there."""
    with open_folder(target, source, AuditOptions(), resume=True) as kept:
        return run_audit(list_documents(source), kept, engine, department_level=1)  # type: ignore[arg-type]


def tables(target: Path) -> dict[str, bytes]:
    """The bytes of all tables."""
    return {name: (target / f"{name}.parquet").read_bytes() for name in TABLES}


@pytest.fixture(scope="module")
def local(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The tables of the local engine."""
    target = tmp_path_factory.mktemp("local") / "audit"
    engine = LocalEngine(AuditOptions(), 1)
    try:
        audited(engine, folder, target)
    finally:
        engine.close()
    return tables(target)


@pytest.mark.slow
def test_the_tables_are_those_of_this_machine(
    cluster: RayEngine, folder: Path, local: dict[str, bytes], tmp_path: Path
) -> None:
    """Byte for byte; a second run finds everything done and starts no work."""
    outcome = audited(cluster, folder, tmp_path / "audit")
    assert (outcome.documents, outcome.copies) == (10, 1)
    assert tables(tmp_path / "audit") == local
    again = audited(cluster, folder, tmp_path / "audit")
    assert again.audited == 0
    assert tables(tmp_path / "audit") == local


@pytest.mark.slow
def test_documents_are_pulled_as_results_come(cluster: RayEngine, samples: Path) -> None:
    """Never are more than a few documents for each process under way; what a caller leaves is left."""
    data = (samples / "互联网销售_课程标准.docx").read_bytes()
    pulled = 0

    def pull() -> Iterator[Task]:
        nonlocal pulled
        for number in range(40):
            pulled += 1
            yield Task(number, "互联网销售_课程标准.docx", data)

    results = cluster.results(pull())
    for taken, result in enumerate(results, start=1):
        assert result.result.document.status == "ok"
        assert pulled - taken < 2 * 4
        if taken == 10:
            break
    results.close()  # type: ignore[attr-defined]
    assert pulled < 40


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="没有 /proc，跳过")
def test_work_of_a_dead_process_is_done_again(cluster: RayEngine, samples: Path) -> None:
    """An actor that is killed, with what it was at, costs time and no result."""
    names = ["互联网销售_课程标准.docx", "数据化运营_授课进度计划.xlsx"]
    tasks = [Task(n, names[n % 2], (samples / names[n % 2]).read_bytes()) for n in range(12)]
    found: dict[int, AuditedDocument] = {}
    for result in cluster.results(iter(tasks)):
        found[result.number] = result.result
        if len(found) == 3:
            actors = processes(lambda line: line.startswith("ray::") and "_Worker" in line)
            assert actors
            os.kill(actors[0], signal.SIGKILL)
    assert sorted(found) == list(range(12))
    assert len(set(found.values())) == 2
    assert {row.document.status for row in found.values()} == {"ok"}


@pytest.mark.slow
def test_nothing_is_sent_to_anyone(cluster: RayEngine) -> None:
    """The cluster started here sends no statistics and serves no page."""
    from ray._common.usage import usage_lib

    assert cluster.identity.standard
    assert not usage_lib.usage_stats_enabled()
    serving = processes(lambda line: "dashboard.py" in line and "--disable-frontend" not in line)
    assert serving == []


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="没有 /proc，跳过")
def test_killed_and_resumed(folder: Path, local: dict[str, bytes], tmp_path: Path) -> None:
    """After the death of the whole program no process of its cluster lives on; what was kept is not done again."""
    target = tmp_path / "audit"
    code = (
        "import sys; from pathlib import Path\n"
        "from alignment.audit import run; run.BATCH = 2\n"
        "from tests.alignment.test_cluster import audited, RayEngine, AuditOptions\n"
        "audited(RayEngine(AuditOptions(), 2), Path(sys.argv[1]), Path(sys.argv[2]))\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    running = subprocess.Popen([sys.executable, "-c", code, folder, target], env=environment, cwd=ROOT)
    try:
        until(lambda: any((target / "parts").glob("*.parquet")) or running.poll() is not None)
        assert running.poll() is None
        mine = descendants(running.pid)
        assert len(mine) > 3
        lines = " ".join(line for number, line in command_lines().items() if number in mine)
    finally:
        running.kill()
        running.wait()
    until(lambda: not mine & set(command_lines()))
    for left in set(re.findall(r"--temp-dir=(\S+)", lines)):  # the files of a cluster that could not end itself
        shutil.rmtree(left)
    engine = LocalEngine(AuditOptions(), 1)
    try:
        outcome = audited(engine, folder, target)
    finally:
        engine.close()
    assert outcome.reused >= 1
    assert tables(target) == local


@pytest.mark.slow
def test_errors_of_ours_come_through() -> None:
    """A standard that no machine has is the error it is without a cluster; nothing is left running."""
    if ray.is_initialized():
        ray.shutdown()
    with pytest.raises(UnknownStandardError, match="999999"):
        RayEngine(AuditOptions(standard="999999"), 1)
    assert not ray.is_initialized()


def test_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client address is refused at once, one where no cluster answers with what to check."""
    load_ray()
    if ray.is_initialized():
        ray.shutdown()
    with pytest.raises(UsageError, match=r"ray://head:10001：不支持.*auto 或 主机:6379"):
        RayEngine(AuditOptions(), address="ray://head:10001")
    monkeypatch.setenv("RAY_raylet_start_wait_time_s", "1")
    with pytest.raises(UsageError, match=r"连不上 Ray 集群.*ray start --head"):
        RayEngine(AuditOptions(), address="auto")


def command_lines() -> dict[int, str]:
    """Of every running process, by its number."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            found[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
    return {number: line for number, line in found.items() if line}


def processes(wanted: Callable[[str], bool]) -> list[int]:
    """Numbers of the processes below this one whose command line is wanted."""
    below = descendants(os.getpid())
    return [number for number, line in command_lines().items() if number in below and wanted(line)]


def descendants(parent: int) -> set[int]:
    """Numbers of all processes below one."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    found: set[int] = set()
    while more := {number for number, above in parents.items() if above in found | {parent}} - found:
        found |= more
    return found


def until(happened: Callable[[], bool], seconds: float = 240.0) -> None:
    """Wait for something that happens in other processes."""
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_results_are_plain() -> None:
    """What crosses the cluster survives it: bytes of zero at the end too."""
    import pickle

    task = Task(3, "a.docx", b"PK\0\0")
    assert pickle.loads(pickle.dumps(task)) == task
    assert pickle.dumps(AuditedResult(3, None)).endswith(b".")  # type: ignore[arg-type]
