"""``duibiao doctor``, ``eval`` and ``serve``, and the whole command line without a network."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from corpora import __version__

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]

#: Loaded by every Python process that has its folder on the path: each step towards a network is noted and fails.
CUT = """
import os, sys
def cut(event, arguments):
    if event == "socket.connect" and isinstance(arguments[1], (str, bytes)):
        return  # a socket of this machine's own, between processes
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        with open(os.environ["CALLS"], "a") as calls:
            calls.write(f"{event} {arguments[1:]}\\n")
        raise OSError("the network is cut")
sys.addaudithook(cut)
"""


@pytest.fixture
def offline(tmp_path: Path) -> dict[str, str]:
    """Environment of a process without a network; CALLS names the file of what it tried."""
    (tmp_path / "sitecustomize.py").write_text(CUT, encoding="utf-8")
    root = str(Path(__file__).resolve().parents[2])
    return {"PYTHONPATH": os.pathsep.join((str(tmp_path), root)), "CALLS": str(tmp_path / "calls")}


def without_network() -> list[str]:
    """A prefix that starts a command in a network namespace of its own, where that is allowed."""
    for options in (["-n"], ["-rn"]):
        command = ["unshare", *options]
        if (
            shutil.which("unshare")
            and subprocess.run([*command, "true"], capture_output=True, check=False).returncode == 0
        ):
            return command
    return []


def test_console_script_is_the_command_line() -> None:
    """The installed ``duibiao`` calls the function that these tests call."""
    found = entry_points(group="console_scripts", name="duibiao")
    assert {script.value for script in found} == {"api.cli:main"}


def test_report_is_made_with_the_network_cut(duibiao: Run, samples: Path, offline: dict[str, str]) -> None:
    """A report needs no network and does not try for one."""
    source = samples / "社群运营_教学大纲.pdf"
    done = duibiao("report", source, "--format", "json", environment=offline, before=without_network())
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["document"]["name"] == source.name
    assert not Path(offline["CALLS"]).exists()


def test_the_cut_is_felt(duibiao: Run, offline: dict[str, str]) -> None:
    """The cut that the test above relies on is real."""
    code = "import socket; socket.create_connection(('localhost', 9), 1)"
    done = subprocess.run([sys.executable, "-c", code], env={**os.environ, **offline}, capture_output=True, check=False)
    assert b"the network is cut" in done.stderr
    assert "getaddrinfo" in Path(offline["CALLS"]).read_text(encoding="utf-8")
    del duibiao


def test_doctor_tells_what_is_installed(duibiao: Run) -> None:
    """Version, data folder, standards, models, the vector kernel, the extras: one line each."""
    done = duibiao("doctor", environment={"DUIBIAO_DATA": "/nowhere/duibiao"})
    facts = [line.partition("\t")[::2] for line in done.stdout.decode().splitlines()]
    found = dict(facts)
    assert (done.returncode, done.stderr) == (0, b"")
    assert found["duibiao"].startswith(f"{__version__}，Python {sys.version_info.major}.{sys.version_info.minor}")
    assert found["数据文件夹"] == "/nowhere/duibiao"
    assert found["标准"] == "530701"
    assert "256 维" in found["编码模型"]
    assert "份标注文档拟合" in found["判定模型"]
    assert any(name == "向量运算" and "openblas" in value for name, value in facts)
    assert {"附加包 ocr", "附加包 pdf", "附加包 train", "LibreOffice", "faiss-cpu", "torch"} <= set(found)


@pytest.fixture(scope="module")
def labelled(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small labelled set: the samples with what they are expected to cover."""
    folder = tmp_path_factory.mktemp("labelled")
    for name in ("docs", "labels"):
        (folder / name).mkdir()
    for number, stem in enumerate(("网店运营_课程标准", "机械制图_课程标准", "互联网销售_课程标准"), 1):
        shutil.copy(samples / f"{stem}.docx", folder / "docs")
        shutil.copy(samples / f"{stem}.expected.json", folder / "labels" / f"d{number}.json")
    return folder


def test_eval_prints_the_table_of_systems(duibiao: Run, labelled: Path) -> None:
    """On a labelled set: a line for each baseline and for the product, then each document."""
    done = duibiao("eval", "--set", labelled)
    assert done.returncode == 0, done.stderr.decode()
    rows = [line.split("|")[1:-1] for line in done.stdout.decode().splitlines() if line.startswith("| ")]
    table = {row[0].strip(): [cell.strip() for cell in row[1:]] for row in rows}
    assert {"TF-IDF", "BM25", "网店运营_课程标准.docx"} <= set(table), sorted(table)
    product = [float(value) for value in table["网店运营_课程标准.docx"]]
    assert len(product) == 7
    assert all(0 < value <= 1 for value in product)


def test_serve_tells_its_address_and_stops_when_asked(samples: Path, tmp_path: Path) -> None:
    """The address shown answers at once; an interrupt ends the service without a traceback."""
    code = "import sys; sys.argv = ['duibiao', 'serve', '--port', '0']; from api.cli import main; main()"
    environment = {**os.environ, "PYTHONPATH": str(samples.parents[1]), "DUIBIAO_DATA": str(tmp_path)}
    service = subprocess.Popen(
        [sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert service.stdout is not None
    try:
        address = service.stdout.readline().split()[1]
        with urllib.request.urlopen(f"{address}/healthz", timeout=30) as answer:
            assert json.load(answer) == {"status": "ok", "version": __version__}
    finally:
        service.send_signal(signal.SIGINT)
        _, errors = service.communicate(timeout=30)
    assert "Traceback" not in errors
    assert service.returncode in (0, 130, -signal.SIGINT)


def test_a_taken_port_is_told(duibiao: Run) -> None:
    """A port in use is one line that says how to take another."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = duibiao("serve", "--port", taken.getsockname()[1])
    assert (done.returncode, done.stdout) == (2, b"")
    assert "换一个端口" in done.stderr.decode()
