"""``duibiao corpus`` and ``duibiao search --corpus``, used as an auditor would."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]

BOOK = "# 直播运营\n\n## 第一章 直播脚本\n\n能够独立撰写直播间的雪鸮话术脚本，并按脚本完成一次试播。\n"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "直播教材.md"
    path.write_text(BOOK, encoding="utf-8")
    return path


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of its own."""
    monkeypatch.setenv("DUIBIAO_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def found(duibiao: Run, text: str) -> list[dict[str, object]]:
    done = duibiao("search", "--corpus", text, "--top", "3", "--json")
    assert done.returncode == 0, done.stderr.decode()
    return list(json.loads(done.stdout))


@pytest.mark.usefixtures("data")
def test_what_is_added_is_listed_found_and_removed(duibiao: Run, book: Path) -> None:
    """A book's passage is found with its text and document, until the book is removed."""
    assert "雪鸮" not in json.dumps(found(duibiao, "雪鸮话术脚本"), ensure_ascii=False)
    assert duibiao("corpus", "add", book, "--name", "新教材").returncode == 0
    assert "新教材" in duibiao("corpus", "list").stdout.decode()
    best = found(duibiao, "雪鸮话术脚本")[0]
    assert "雪鸮话术脚本" in str(best)
    assert "直播教材.md" in str(best)
    again = duibiao("corpus", "add", book, "--name", "新教材")
    assert again.returncode == 0
    assert duibiao("corpus", "remove", "新教材").returncode == 0
    assert "雪鸮" not in json.dumps(found(duibiao, "雪鸮话术脚本"), ensure_ascii=False)


@pytest.mark.usefixtures("data")
def test_what_is_wrong_is_said(duibiao: Run, tmp_path: Path) -> None:
    """A file that is not there, and a name that is not there, are named; nothing is changed."""
    missing = duibiao("corpus", "add", tmp_path / "没有.docx")
    assert missing.returncode in (2, 3)
    assert "没有.docx" in missing.stderr.decode()
    unknown = duibiao("corpus", "remove", "没有这份资料")
    assert unknown.returncode == 2
    assert "没有这份资料" in unknown.stderr.decode()
    assert b"Traceback" not in missing.stderr + unknown.stderr
