"""Files of the index of passages: what they keep, who may write them, what a crash leaves."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from corpora.errors import DuibiaoError, IndexFormatError, UsageError
from index import grouped, storage
from index.protocols import NO_ROW, Vectors
from index.segment_index import Passage, SegmentIndex
from index.storage import read_arrays, write_arrays

A, B = ("530701", "甲.docx"), ("540101", "乙.docx")
#: Enough rows for an approximate back-end to be approximate.
MANY = 6_000


def unit(rows: int, dimension: int = 64, seed: int = 0) -> Vectors:
    """Random unit vectors."""
    vectors = np.random.default_rng(seed).standard_normal((rows, dimension), dtype=np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the index is saved."""
    return tmp_path / "passages.index"


@pytest.fixture
def index(hashing_encoder: Any) -> SegmentIndex:
    """Three passages in two groups."""
    index = SegmentIndex(hashing_encoder)
    index.add([Passage("a", "直播", A, {"page": 1}), Passage("b", "选品", B), Passage("c", "复盘", A)])
    return index


def big(encoder: Any, backend: str, **options: Any) -> SegmentIndex:
    """Many passages in two groups, by given vectors."""
    index = SegmentIndex(encoder, backend=backend, **options)
    passages = [Passage(f"p{n}", f"第{n}段", (A, B)[n % 2]) for n in range(MANY)]
    assert index.add(passages, vectors=unit(MANY)) == MANY
    return index


def test_given_vectors(hashing_encoder: Any) -> None:
    """Vectors that are given are stored as they are, each with its passage, and nothing is encoded."""
    index, vectors = SegmentIndex(hashing_encoder), unit(4)
    passages = [Passage("b", "乙", B), Passage("a", "甲", A), Passage("a2", "甲", A), Passage("b", "丙", B)]
    assert index.add(passages, vectors=vectors) == 2
    assert hashing_encoder.asked == []
    for id, row in (("b", 3), ("a", 1)):
        hits = index.search(vectors[[row]], 1)
        assert index.passage(hits.ids[0, 0]).id == id
        assert hits.similarities[0, 0] == pytest.approx(1, abs=1e-5)
    given = vectors.copy()
    vectors[:] = 0
    np.testing.assert_array_equal(index.vectors(B), given[3:])


@pytest.mark.parametrize("wrong", [unit(2), unit(3, 63), unit(3) * np.float32(np.nan), unit(3) * np.float32(np.inf)])
def test_vectors_that_do_not_fit(index: SegmentIndex, wrong: Vectors) -> None:
    """Vectors of another number or length, or with values that are none, are refused and nothing is changed."""
    with pytest.raises(ValueError, match=r"expected \(3, 64\)|not finite"):
        index.add([Passage("a", "新", A), Passage("y", "文", A), Passage("z", "本", A)], vectors=wrong)
    assert len(index) == 3
    assert index.get("a") == Passage("a", "直播", A, {"page": 1})


def test_metadata_that_is_no_json(index: SegmentIndex) -> None:
    """Metadata that could not be saved are refused when they come, by the passage's name."""
    with pytest.raises(UsageError, match="a：元数据无法保存"):
        index.add([Passage("x", "新的"), Passage("a", "直播", A, {"page": {1, 2}})])
    assert len(index) == 3


def test_numbers_hold(index: SegmentIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    """Numbers of a result name the same passages after others were added, removed and merged."""
    monkeypatch.setattr(grouped, "_MANY", 2)
    found = {id: index.passage(id) for id in index.search(["直播"], 3).ids[0].tolist()}
    for n in range(40):
        index.add([Passage(f"n{n}", f"新的第{n}段", (A, B)[n % 2])])
    index.remove(["n3", "n4", "b"])
    assert len(index.search(["直播"], 99).ids[0]) == len(index) == 40
    assert {id: index.passage(id) for id in found if found[id].id != "b"} == {
        id: passage for id, passage in found.items() if passage.id != "b"
    }
    gone = next(id for id in found if found[id].id == "b")
    with pytest.raises(KeyError):
        index.passage(gone)


def test_backend_options_and_tuning_are_kept(index: SegmentIndex, hashing_encoder: Any, path: Path) -> None:
    """A file says by which back-end, with which options and why; another one may be named instead."""
    index.rebuild("faiss", tuning={"recall": 0.99, "说明": ["实测"]}, threads=1, blas_threshold=900)
    index.save(path)
    loaded = SegmentIndex.load(path, hashing_encoder, mmap=True)
    assert (loaded.backend_name, loaded.options) == ("faiss", {"threads": 1, "blas_threshold": 900})
    assert loaded.tuning == {"recall": 0.99, "说明": ["实测"]}
    assert type(loaded.backend).__name__ == "FaissBackend"
    assert loaded.backend.blas_threshold == 900  # type: ignore[union-attr]
    other = SegmentIndex.load(path, hashing_encoder, "exact")
    assert (other.backend_name, other.options, other.tuning) == ("exact", {}, None)
    assert next(passage.id for passage, _ in other.find("直播", 3)) == "a"
    assert SegmentIndex.load(path, hashing_encoder, threads=2).options["threads"] == 2
    with pytest.raises(UsageError, match="没有名为“xyz”的向量后端"):
        SegmentIndex.load(path, hashing_encoder, "xyz")


def test_a_record_that_is_no_json(index: SegmentIndex, path: Path) -> None:
    """A tuning record that no file could hold is refused before anything is written."""
    index.rebuild("faiss", tuning={"recall": np.float32(1)})
    with pytest.raises(UsageError, match="向量后端“faiss”的选项或调优记录无法保存"):
        index.save(path)
    assert list(path.parent.iterdir()) == []


@pytest.mark.parametrize("mmap", [False, True])
def test_approximate_backend(hashing_encoder: Any, path: Path, mmap: bool) -> None:
    """It is built by saving, loaded as it was, exact within groups, and what is added later is found beside it."""
    index = big(hashing_encoder, "clustered", lists=64, probes=2)
    index.save(path)
    assert any(name.startswith("backend.") and name not in ("backend.ids", "backend.vectors") for name in stored(path))
    loaded = SegmentIndex.load(path, hashing_encoder, mmap=mmap)
    assert type(loaded.backend).__name__ == "ClusteredBackend"
    queries = unit(20, seed=5)
    vectors = loaded.vectors(A)
    exact = np.sort(queries @ vectors.T, axis=1)[:, ::-1][:, :10]
    np.testing.assert_allclose(loaded.search(queries, 10, [A]).similarities, exact, atol=1e-5)
    everything = np.sort(queries @ loaded.vectors().T, axis=1)[:, ::-1][:, :10]
    assert (loaded.search(queries, 10, [()]).similarities >= everything - 1e-5).all()
    assert (loaded.search(queries, 10).similarities < everything - 1e-5).any()
    loaded.add([Passage("new", "新的", B)], vectors=queries[:1])
    hits = loaded.search(queries[:1], 1)
    assert loaded.passage(hits.ids[0, 0]).id == "new"
    loaded.remove(["new", "p0"])
    assert loaded.backend is None
    loaded.save(path)
    again = SegmentIndex.load(path, hashing_encoder, mmap=mmap)
    assert type(again.backend).__name__ == "ClusteredBackend"
    assert len(again) == MANY - 1
    assert (again.search(queries, 10).ids != NO_ROW).all()


def stored(path: Path) -> dict[str, Any]:
    """The arrays of a saved index."""
    return read_arrays(path, "segment index", mmap=True).arrays


@pytest.mark.parametrize("backend", ["faiss", "screened", "clustered"])
def test_removed_rows_do_not_hide_others(hashing_encoder: Any, backend: str) -> None:
    """With the nearest hundreds removed, the nearest of what is left is found, also distinct and in a batch."""
    index = big(hashing_encoder, backend)
    index.rebuild()
    queries, vectors = unit(3, seed=9), index.vectors()
    order = np.argsort(-(queries[0] @ vectors.T))
    nearest = [index.passage(int(id)).id for id in order[:500]]
    assert index.remove(nearest) == 500
    left = np.delete(vectors, order[:500], axis=0)
    for within in (None, [()]):
        if backend == "clustered" and within is None:
            continue
        truth = np.sort(queries @ left.T, axis=1)[:, ::-1][:, :10]
        np.testing.assert_allclose(index.search(queries, 10, within).similarities, truth, atol=1e-5)
        found = index.search(queries, 10, within, distinct=True)
        np.testing.assert_allclose(found.similarities, truth, atol=1e-5)
    hits = index.search(queries, 10)
    assert not {index.passage(id).id for id in hits.ids.ravel().tolist() if id != NO_ROW} & set(nearest)


def test_foreign_files(index: SegmentIndex, hashing_encoder: Any, path: Path) -> None:
    """A file of the first version, of something else, or whose parts do not belong together is refused clearly."""
    path.write_bytes(b"DUIBIAO\x01" + bytes(400))
    with pytest.raises(
        IndexFormatError, match=r"passages\.index：索引文件的版本是 1，本程序只读版本 2。请重新建立索引"
    ):
        SegmentIndex.load(path, hashing_encoder)
    path.write_bytes(b"PK\x03\x04" + bytes(400))
    with pytest.raises(IndexFormatError, match="不是本程序的索引文件"):
        SegmentIndex.load(path, hashing_encoder)
    path.unlink()
    index.save(path)
    whole = read_arrays(path, "segment index")
    for name in whole.arrays:
        arrays = dict(whole.arrays)
        arrays[name] = arrays[name][:-1]
        write_arrays(path, "segment index", whole.meta, arrays)
        with pytest.raises(IndexFormatError, match=r"passages\.index：索引文件前后不符"):
            SegmentIndex.load(path, hashing_encoder, mmap=True)


def test_damage_is_found_by_verifying(index: SegmentIndex, hashing_encoder: Any, path: Path) -> None:
    """A mapped file is checked when that is asked for; one that is read is checked always."""
    index.save(path)
    data = bytearray(path.read_bytes())
    data[data.index("直播".encode())] ^= 1
    path.write_bytes(data)
    mapped = SegmentIndex.load(path, hashing_encoder, mmap=True)
    assert len(mapped) == 3
    read: list[Any] = [lambda: SegmentIndex.verify_file(path), lambda: SegmentIndex.load(path, hashing_encoder)]
    for check in (mapped.verify, *read):
        with pytest.raises(IndexFormatError, match=r"texts\.bytes 的校验和不符"):
            check()
    index.verify()


def test_readers_keep_what_they_loaded(index: SegmentIndex, hashing_encoder: Any, path: Path) -> None:
    """A mapped index goes on answering while another one is saved over its file."""
    index.save(path)
    reader = SegmentIndex.load(path, hashing_encoder, mmap=True)
    index.remove(["a", "b"])
    index.save(path)
    assert next(passage.id for passage, _ in reader.find("直播", 3)) == "a"
    reader.verify()
    assert len(SegmentIndex.load(path, hashing_encoder, mmap=True)) == 1


def test_a_change_in_between_is_not_overwritten(index: SegmentIndex, hashing_encoder: Any, path: Path) -> None:
    """Of two who loaded the same file, the second to save is told; another name, or loading again, helps."""
    index.save(path)
    one, two = (SegmentIndex.load(path, hashing_encoder, mmap=True) for _ in range(2))
    one.add([Passage("one", "第一个程序", A)])
    two.add([Passage("two", "第二个程序", A)])
    one.save(path)
    with pytest.raises(UsageError, match=r"passages\.index：这个索引在读取之后被另一个程序改写过。请重新读取"):
        two.save(path)
    two.save(path.with_name("other.index"))
    assert "one" in SegmentIndex.load(path, hashing_encoder)
    one.remove(["one"])
    one.save(path)
    assert sorted(found.name for found in path.parent.iterdir()) == ["other.index", "passages.index"]


@pytest.mark.parametrize("step", ["the first array", "the vectors", "the directory"])
def test_killed_while_saving(index: SegmentIndex, hashing_encoder: Any, path: Path, step: str) -> None:
    """A process that is killed at any step of a save leaves the old file whole; the next save clears up after it."""
    index.save(path)
    code = f"""
from pathlib import Path
from index import storage
from index.segment_index import Passage, SegmentIndex
from tests.index.conftest import HashingEncoder

def wait(*_):
    print("killed now", flush=True)
    input()

class Blocks(storage.ArrayWriter):
    def stream(self, name, *rest):
        if name == {{"the first array": "keys.offsets", "the vectors": "backend.vectors"}}.get({step!r}):
            self.file.flush()
            wait()
        super().stream(name, *rest)

storage.ArrayWriter = Blocks
if {step!r} == "the directory":
    storage.os.fsync = wait
index = SegmentIndex.load(Path({str(path)!r}), HashingEncoder(), mmap=True)
index.add([Passage(f"n{{n}}", f"新的第{{n}}段") for n in range(500)])
index.save(Path({str(path)!r}))
"""
    root = Path(storage.__file__).parents[1]
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=root
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"killed now\n"
        child.kill()
    left = [found.name for found in path.parent.iterdir() if found.suffix == ".tmp"]
    assert len(left) == 1
    loaded = SegmentIndex.load(path, hashing_encoder)
    assert [loaded.get(id) for id in "abc"] == [index.get(id) for id in "abc"]
    assert len(loaded) == 3
    index.save(path)
    assert [found.name for found in path.parent.iterdir()] == ["passages.index"]


def test_a_folder_that_cannot_be_made(index: SegmentIndex, path: Path) -> None:
    """Where a file stands in the place of the folder, the error says so and the index stays usable."""
    path.write_text("a file")
    with pytest.raises(DuibiaoError, match=r"x\.index：索引文件无法写入"):
        index.save(path / "x.index")
    assert len(index.find("直播", 3)) == 3
