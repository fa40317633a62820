"""Fixtures of the corpus tests: files that a user might add, and a store in a folder of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from alignment.exemplars.files import batch_of
from alignment.exemplars.manifest import Manifest
from alignment.exemplars.model import Exemplar, Line, Record
from alignment.exemplars.store import ExemplarStore, Step
from index.protocols import Encoder

Add = Callable[..., tuple[Manifest, list[Step]]]

ORCHARD = "# 果树栽培\n\n## 第一章 修剪\n\n到果园动手修剪果树，每人完成三株。\n\n讲解冬季剪枝的方法与时机。\n"
BAKERY = "# 烘焙工艺\n\n## 第一章 发酵\n\n用温度计控制酵母发酵的过程。\n\n按配方调制蛋糕面糊并装模烘烤。\n"


@pytest.fixture
def books(tmp_path: Path) -> Path:
    """A folder with two books, a picture of no use, and files that a system leaves behind."""
    folder = tmp_path / "教材"
    (folder / "烘焙").mkdir(parents=True)
    (folder / "果树.md").write_text(ORCHARD, encoding="utf-8")
    (folder / "烘焙" / "烘焙.md").write_text(BAKERY, encoding="utf-8")
    (folder / "封面.svg").write_text("<svg/>", encoding="utf-8")
    (folder / "~$果树.md").write_text("x", encoding="utf-8")
    return folder


@pytest.fixture
def store(tmp_path: Path) -> ExemplarStore:
    """An empty store."""
    return ExemplarStore(tmp_path / "data" / "corpus")


@pytest.fixture
def add(store: ExemplarStore, encoder: Encoder) -> Add:
    """Adds paths; what the store then holds, and what became of each file."""

    def run(*paths: Path, name: str = "", standard: str = "") -> tuple[Manifest, list[Step]]:
        steps: list[Step] = []
        manifest = store.add([batch_of(path, name) for path in paths], standard, encoder, steps.append)
        return manifest, steps

    return run


@pytest.fixture
def passages() -> Callable[..., list[Exemplar]]:
    """Lines -> passages of one document."""

    def make(*lines: Line | str, sha256: str = "a" * 64, origin: str = "user", standard: str = "") -> list[Exemplar]:
        made = tuple(line if isinstance(line, Line) else Line(line, "content") for line in lines)
        record = Record(f"{sha256[:4]}.docx", sha256, f"文档{sha256[:1]}", "syllabus", None, True, made)
        return list(record.exemplars(origin, standard))  # type: ignore[arg-type]

    return make
