"""Our parsers as a LangChain loader."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from corpora.errors import DuibiaoError
from corpora.parsers import read_document

pytest.importorskip("langchain_core")

from corpora.langchain_loader import SyllabusLoader

TEXT = """# 《网店运营》课程标准

## 一、课程目标

1. 能够独立完成店铺注册与装修；
2. 能够撰写商品标题并优化详情页。

## 二、课程内容

| 项目 | 教学内容 | 学时 |
| --- | --- | --- |
| 店铺开设 | 掌握店铺注册与装修的流程 | 8 |
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "网店运营.md"
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.mark.parametrize("unit", ["block", "segment", "document"])
def test_content_is_found_again_at_its_locators(file: Path, unit: str) -> None:
    """Every LangChain document is the very text that its locators point at, with metadata that JSON can hold."""
    text = read_document(file).text
    loaded = SyllabusLoader(file, unit).load()  # type: ignore[arg-type]
    assert loaded
    for document in loaded:
        places = document.metadata["locators"]
        assert "".join(text[p["start"] : p["end"]] for p in places) == document.page_content
        assert document.metadata["source"] == str(file)
        json.dumps(document.metadata)


def test_segments_know_role_path_and_hours(file: Path) -> None:
    """A segment's metadata say where in the syllabus it stands and how many hours its row has."""
    loaded = SyllabusLoader([file]).load()
    row = next(d for d in loaded if "掌握店铺注册" in d.page_content)
    assert row.metadata["hours"] == 8
    goal = next(d for d in loaded if "独立完成店铺注册" in d.page_content)
    assert goal.metadata["role"] == "objective"
    assert "一、课程目标" in goal.metadata["heading_path"]


def test_blocks_come_in_reading_order(file: Path) -> None:
    """One LangChain document a block, several files one after the other."""
    loaded = SyllabusLoader([file, file], "block").load()
    blocks = [block.text for block in read_document(file).blocks]
    assert [d.page_content for d in loaded] == blocks * 2


def test_unreadable_file_is_our_error(tmp_path: Path) -> None:
    """A missing file is the clear error of the parsers, raised when the file's turn comes."""
    with pytest.raises(DuibiaoError, match="没有这个文件"):
        SyllabusLoader(tmp_path / "无.docx").load()


def test_reading_does_not_load_langchain() -> None:
    """Only the loader itself brings LangChain in."""
    code = "import sys, corpora.parsers, corpora.segments; sys.exit('langchain_core' in sys.modules)"
    root = Path(__file__).resolve().parents[2]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0
