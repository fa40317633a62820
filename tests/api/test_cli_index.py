"""``duibiao index``: built from documents, tuned, described, searched; what is wrong is said in one line."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest

from api.cli.indexing import bytes_of
from corpora.errors import UsageError

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]

TEXTS = {
    "电商/网店运营.md": "# 网店运营\n\n能够对店铺的流量数据进行统计与分析。\n\n掌握商品详情页的设计方法。\n",
    "电商/直播.md": "# 直播\n\n能够撰写直播脚本并完成一场直播带货。\n\n了解平台的直播规则。\n",
    "机械/制图.txt": "能够识读零件图与装配图。\n\n掌握尺寸标注的国家标准。\n",
    "机械/坏.docx": "这不是一个 docx 文件",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of documents of our own, one of them broken."""
    root = tmp_path_factory.mktemp("资料")
    for name, text in TEXTS.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def built(duibiao: Run, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its index."""
    out = tmp_path_factory.mktemp("index") / "段落.index"
    done = duibiao("index", "build", folder, "--out", out)
    said = done.stderr.decode()
    assert done.returncode == 0, said
    assert "坏.docx：没有收入" in said
    assert "3 份文档" in done.stdout.decode()
    return out


def test_search(duibiao: Run, built: Path) -> None:
    """The nearest passage comes first, with its document; a folder narrows the search."""
    found = json.loads(duibiao("index", "search", built, "直播脚本", "--json").stdout)
    assert found[0]["document"] == "电商/直播.md"
    assert "直播脚本" in found[0]["text"]
    assert found == sorted(found, key=lambda hit: -hit["similarity"])
    lines = duibiao("index", "search", built, "直播脚本", "--within", "机械", "--top", "1").stdout.decode().splitlines()
    assert [line.split("\t")[1] for line in lines] == ["机械/制图.txt"]


def test_a_zip_is_indexed_like_its_folder(duibiao: Run, folder: Path, built: Path, tmp_path: Path) -> None:
    """The same documents, the same passages."""
    with ZipFile(tmp_path / "资料.zip", "w") as archive:
        for name in TEXTS:
            archive.write(folder / name, name)
    out = tmp_path / "again.index"
    assert duibiao("index", "build", tmp_path / "资料.zip", "--out", out, "--backend", "exact").returncode == 0
    one, other = (json.loads(duibiao("index", "search", path, "识读零件图", "--json").stdout) for path in (built, out))
    assert [(hit["document"], hit["text"]) for hit in one] == [(hit["document"], hit["text"]) for hit in other]


def test_tuning_is_kept_in_the_file(duibiao: Run, built: Path, tmp_path: Path) -> None:
    """Without --out nothing is written; with it the file says what was measured, and searches the same."""
    before, out = built.read_bytes(), tmp_path / "tuned.index"
    assert "没有改动文件" in duibiao("index", "tune", built).stdout.decode()
    done = duibiao("index", "tune", built, "--recall", "0.9", "--memory", "1M", "--out", out)
    assert "选用：screened" in done.stdout.decode(), done.stderr.decode()
    assert built.read_bytes() == before
    told = json.loads(duibiao("index", "info", out, "--json", "--verify").stdout)
    assert told["backend"]["name"] == "screened"
    assert told["backend"]["tuning"]["wanted"] == 0.9
    assert (told["groups"], told["dimension"]) == (3, 256)
    assert "实测" in duibiao("index", "info", out).stdout.decode()
    one, other = (duibiao("index", "search", path, "尺寸标注").stdout for path in (built, out))
    assert one == other


def test_tune_a_folder(duibiao: Run, folder: Path) -> None:
    """Documents are read, measured, and nothing is kept."""
    told = json.loads(duibiao("index", "tune", folder, "--json").stdout)
    assert told["reached"]
    assert told["chosen"]["recall"] == 1.0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("info", "BUILT.txt"), "索引"),
        (("search", "BUILT", "直播", "--within", "没有"), "没有“没有”"),
        (("search", "BUILT", " "), "没有要找的内容"),
        (("tune", "BUILT", "--memory", "很多"), "看不懂"),
        (("build", "nowhere", "--out", "x.index"), "没有这个文件或文件夹"),
        (("build", "BUILT.txt", "--out", "x.index", "--backend", "no"), "没有名为“no”的向量后端"),
    ],
)
def test_what_is_wrong_is_said(
    duibiao: Run, built: Path, tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    """One line, no traceback, nothing written."""
    (tmp_path / "note.txt").write_text("只是一个文本文件，没有别的。", encoding="utf-8")
    places = {"BUILT": built, "BUILT.txt": tmp_path / "note.txt", "x.index": tmp_path / "x.index"}
    done = duibiao("index", *(places.get(word, word) for word in arguments))
    said = done.stderr.decode().strip()
    assert done.returncode in (2, 3)
    assert words in said
    assert "\n" not in said
    assert not (tmp_path / "x.index").exists()


@pytest.mark.parametrize(("amount", "size"), [("", None), ("2G", 2 << 30), ("1.5 MB", 3 << 19), ("500k", 500 << 10)])
def test_amounts(amount: str, size: int | None) -> None:
    """Amounts are read as people write them."""
    assert bytes_of(amount) == size


@pytest.mark.parametrize("amount", ["0", "G", "-1G", "2 GB/s"])
def test_no_amounts(amount: str) -> None:
    """What is none is refused."""
    with pytest.raises(UsageError, match="500M"):
        bytes_of(amount)
