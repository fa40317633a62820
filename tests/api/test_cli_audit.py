"""``duibiao audit`` as an auditor runs it: summary, workbook and page, exit codes, ends of every kind."""

from __future__ import annotations

import io
import os
import re
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep

import pytest

from alignment.audit.tables import read_table

ROOT = Path(__file__).resolve().parents[2]
#: The command, with a part for each document, so that there is something to resume after the first one.
SMALL_PARTS = "import alignment.audit.run as run; run.BATCH = 1; from api.cli import main; main()"
Run = Callable[..., subprocess.CompletedProcess[bytes]]

COURSE = """# 《{name}》课程标准

## 一、课程目标

{goal}

## 二、教学内容

讲授{name}的基本流程，练习{name}的操作，完成{name}方案并汇报。
"""


@pytest.fixture
def batch(tmp_path: Path, samples: Path) -> Path:
    """Eight documents, one of them damaged, and a lock file."""
    folder = tmp_path / "送审"
    (folder / "电商系").mkdir(parents=True)
    shutil.copy(samples / "网店运营_课程标准.docx", folder / "电商系")
    for name in ("商品发布", "直播策划", "社群运营", "客户服务", "数据分析", "网店装修"):
        text = COURSE.format(name=name, goal=f"掌握{name}的方法，能制定{name}方案。")
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    (folder / "坏.docx").write_bytes(b"PK\x03\x04")
    (folder / "~$网店运营.docx").write_bytes(b"\0")
    return folder


@contextmanager
def started(batch: Path, out: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The command in a process group of its own."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("DUIBIAO_", "COV_"))}
    environment = {**plain, "PYTHONPATH": str(ROOT), "DUIBIAO_DATA": str(out.parent / "data")}
    command = [sys.executable, "-c", SMALL_PARTS, "audit", str(batch), "--out", str(out), "--processes", "1"]
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def wait_for_parts(process: subprocess.Popen[bytes], out: Path, count: int) -> None:
    """Wait until so many documents are done."""
    deadline = monotonic() + 120
    while len(list((out / "parts").glob("*.parquet"))) < count:
        assert process.poll() is None, "it ended before it could be stopped"
        assert monotonic() < deadline
        sleep(0.01)


def wait_for_the_end(group: int) -> None:
    """Wait until no process of a group is left."""
    deadline = monotonic() + 60
    with suppress(ProcessLookupError):
        while True:
            os.killpg(group, 0)
            assert monotonic() < deadline, "a process was left behind"
            sleep(0.01)


def tables(out: Path) -> dict[str, bytes]:
    """The bytes of all tables."""
    return {path.name: path.read_bytes() for path in out.glob("*.parquet")}


def test_an_audit_ends_with_summary_workbook_page_and_tables(duibiao: Run, batch: Path, tmp_path: Path) -> None:
    """The summary alone is on standard output; progress and what was passed over are on the other stream."""
    out = tmp_path / "果"
    done = duibiao("audit", batch, "--out", out, "--processes", "2", "--department-level", "1")
    said, told = done.stdout.decode(), done.stderr.decode()
    assert done.returncode == 0, told
    assert "文件：8 份：计入 7 份，内容重复 0 份，不能审核 1 份" in said
    assert "合力覆盖率：" in said
    assert "不能审核 坏.docx：" in said
    assert "进度 8/8" in told
    assert "~$网店运营.docx" in told
    assert sorted(tables(out)) == [f"{name}.parquet" for name in ("documents", "elements", "gaps", "problems", "rules")]
    with zipfile.ZipFile(io.BytesIO((out / "审核结果.xlsx").read_bytes())) as book:
        names = book.read("xl/workbook.xml").decode()
    assert [name for name in ("总览", "院系", "文件", "要素", "覆盖矩阵", "缺口", "问题") if name not in names] == []
    page = (out / "审核结果.html").read_text(encoding="utf-8")
    assert "电商系/网店运营_课程标准.docx" in page
    assert "http" not in page.replace("http://www.w3.org", "")
    again = duibiao("audit", batch, "--out", out)
    assert "本次审核 0 份，沿用已完成的 8 份" in again.stderr.decode()
    assert again.stdout == done.stdout


def test_killed_with_all_its_processes_and_resumed(duibiao: Run, batch: Path, tmp_path: Path) -> None:
    """kill -9 in the middle: the next run says so, ``--resume`` does the rest, the tables are the same to the byte."""
    out, whole = tmp_path / "果", tmp_path / "一次做完"
    with started(batch, out) as process:
        wait_for_parts(process, out, 3)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    refused = duibiao("audit", batch, "--out", out)
    assert refused.returncode == 2
    assert "没做完的审核" in refused.stderr.decode()
    assert "--resume" in refused.stderr.decode()
    kept = len(list((out / "parts").glob("*.parquet")))
    done = duibiao("audit", batch, "--out", out, "--resume")
    assert done.returncode == 0
    found = re.search(r"本次审核 (\d+) 份，沿用已完成的 (\d+) 份", done.stderr.decode())
    assert found is not None
    assert (int(found[1]), int(found[2])) == (8 - kept, kept)
    assert duibiao("audit", batch, "--out", whole, "--processes", "2").returncode == 0
    assert tables(out) == tables(whole)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_and_resumed(duibiao: Run, batch: Path, tmp_path: Path, number: signal.Signals) -> None:
    """Ctrl+C, and the end that a system wishes: it says what stays and how to go on, and leaves no process behind."""
    out = tmp_path / "果"
    with started(batch, out) as process:
        wait_for_parts(process, out, 2)
        os.kill(process.pid, number)
        _, told = process.communicate(timeout=60)
        assert process.returncode == 130
        assert "--resume" in told.decode()
        assert "Traceback" not in told.decode()
        wait_for_the_end(process.pid)
    done = duibiao("audit", batch, "--out", out, "--resume")
    assert done.returncode == 0
    listed = [path for group in read_table(out, "documents", ["document"]) for path in group["document"]]
    assert len(listed) == len(set(listed)) == 8


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["无此文件夹"], 3, "没有这个文件夹或 zip"),
        ([str(ROOT / "README.md")], 3, "既不是文件夹，也不是 zip"),
        ([str(ROOT / "corpora" / "samples"), "--standard", "000000"], 2, "000000"),
        ([str(ROOT / "corpora" / "samples"), "--engine", "cloud"], 2, "可用：local, ray"),
        ([str(ROOT / "corpora" / "samples"), "--ray-address", "auto"], 2, "只用于 --engine ray"),
        ([], 2, "FOLDER|ZIP"),
    ],
)
def test_wrong_calls_are_one_clear_line(duibiao: Run, arguments: list[str], code: int, words: str) -> None:
    """Exit codes 2 and 3, as for every command."""
    done = duibiao("audit", *arguments)
    assert done.returncode == code
    assert words in done.stderr.decode()
    assert done.stdout == b""


def test_a_wrong_model_leaves_nothing_in_the_way(duibiao: Run, batch: Path, tmp_path: Path) -> None:
    """The call is corrected and run again, into the same folder."""
    done = duibiao("audit", batch, "--out", tmp_path / "果", "--encoder", tmp_path / "无此模型")
    assert done.returncode == 2
    assert "没有这个模型文件夹" in done.stderr.decode()
    assert duibiao("audit", batch, "--out", tmp_path / "果", "--processes", "2").returncode == 0


def test_a_batch_of_nothing_readable(duibiao: Run, tmp_path: Path) -> None:
    """The tables say why; the exit code says that no report could be made."""
    folder = tmp_path / "坏"
    folder.mkdir()
    (folder / "a.docx").write_bytes(b"PK\x03\x04")
    done = duibiao("audit", folder, "--out", tmp_path / "果")
    assert done.returncode == 3
    assert "不能审核 a.docx" in done.stdout.decode()
