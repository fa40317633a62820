"""The file form of saved indexes: whole or not at all, and never mistaken for something else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from corpora.errors import DuibiaoError, IndexFormatError, UsageError
from index import storage
from index.columns import Strings
from index.exact import ExactBackend
from index.storage import read_arrays, write_arrays, writing

ARRAYS = arrays(st.sampled_from([np.int64, np.float32, np.uint8]), array_shapes(min_dims=1, max_dims=3, min_side=0))


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.text(max_size=5), ARRAYS, max_size=4), st.booleans())
def test_round_trip(tmp_path_factory: pytest.TempPathFactory, given_arrays: dict[str, Any], mmap: bool) -> None:
    """Any arrays come back equal in type, shape and value, loaded or mapped, with their meta."""
    path = tmp_path_factory.mktemp("storage") / "x"
    write_arrays(path, "test", {"名": ["值", 1, None]}, given_arrays)
    stored = read_arrays(path, "test", mmap=mmap)
    assert stored.meta == {"名": ["值", 1, None]}
    assert list(stored.arrays) == list(given_arrays)
    for name, array in given_arrays.items():
        found = stored.arrays[name]
        assert (found.dtype, found.shape) == (array.dtype, array.shape)
        np.testing.assert_array_equal(found, array)


@given(st.lists(st.text()))
def test_strings(strings: list[str]) -> None:
    """Any strings come back, empty ones and lone surrogates of damaged documents included."""
    strings = [*strings, "\ud800", ""]
    packed = Strings.of(strings)
    assert list(packed) == strings
    order = np.arange(len(strings))[::-1]
    assert [bytes(piece).decode("utf-8", "surrogatepass") for piece in packed.pieces(order)] == strings[::-1]


def test_arrays_are_aligned_and_mapped(tmp_path: Path) -> None:
    """Mapped arrays start at multiples of 64 bytes of the file and cannot be written to."""
    path = tmp_path / "x"
    write_arrays(path, "test", {}, {"a": np.arange(3, dtype=np.uint8), "b": np.arange(9, dtype=np.float32)})
    found = read_arrays(path, "test", mmap=True).arrays["b"]
    assert not found.flags.writeable
    assert path.read_bytes().index(np.arange(9, dtype=np.float32).tobytes()) % 64 == 0


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"VERSION": 99}, "版本是 99"),
        ({"MAGIC": b"OTHER..."}, "不是本程序的索引文件"),
        ({"MAGIC": b"DUIBIAO\x01"}, "版本是 1，本程序只读版本 2"),
    ],
)
def test_other_version_or_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: dict[str, Any], what: str
) -> None:
    """A file of another version or another program says so."""
    path = tmp_path / "x.index"
    with monkeypatch.context() as patch:
        for name, value in change.items():
            patch.setattr(storage, name, value)
        write_arrays(path, "test", {}, {})
    with pytest.raises(IndexFormatError, match=what) as caught:
        read_arrays(path, "test")
    assert (caught.value.where, caught.value.advice) == ("x.index", "请重新建立索引")


def test_any_flipped_byte_is_seen(tmp_path: Path) -> None:
    """A byte that changed anywhere, but for the padding between arrays, is seen on reading or verifying."""
    path, broken = tmp_path / "x.index", tmp_path / "broken.index"
    write_arrays(path, "test", {"n": 1}, {"a": np.arange(64, dtype=np.uint8)})
    data = path.read_bytes()
    start = data.index(bytes(range(64)))
    for place in [*range(storage._PREFIX), *range(start, len(data))]:
        broken.write_bytes(data[:place] + bytes([data[place] ^ 255]) + data[place + 1 :])
        with pytest.raises(IndexFormatError):
            read_arrays(broken, "test")
        with pytest.raises(IndexFormatError):
            read_arrays(broken, "test", mmap=True).verify()


def test_any_cut_is_seen(tmp_path: Path) -> None:
    """A file that ends too early is refused without reading its arrays, wherever it was cut."""
    path, cut = tmp_path / "x.index", tmp_path / "cut.index"
    write_arrays(path, "test", {}, {"a": np.arange(64, dtype=np.uint8)})
    data = path.read_bytes()
    for end in range(len(data)):
        cut.write_bytes(data[:end])
        with pytest.raises(IndexFormatError, match=r"cut\.index：.*索引文件"):
            read_arrays(cut, "test", mmap=True)


def test_readers_keep_the_file_they_mapped(tmp_path: Path) -> None:
    """Who has mapped a file goes on reading it while another one is put in its place."""
    path = tmp_path / "x.index"
    write_arrays(path, "test", {}, {"a": np.full(300_000, 1)})
    old = read_arrays(path, "test", mmap=True)
    write_arrays(path, "test", {}, {"a": np.full(300_000, 2)})
    old.verify()
    assert (old.arrays["a"] == 1).all()
    assert (read_arrays(path, "test", mmap=True).arrays["a"] == 2).all()


def test_arrays_in_blocks(tmp_path: Path) -> None:
    """An array may come in blocks, is readable while others are still to come, and must be as large as announced."""
    path, whole = tmp_path / "x.index", np.arange(35, dtype=np.float32).reshape(7, 5)
    with writing(path, "test", {}) as writer:
        writer.stream("a", np.float32, (7, 5), (whole[n : n + 3] for n in range(0, 7, 3)))
        np.testing.assert_array_equal(writer.mapped("a"), whole)
        writer.put("b", writer.mapped("a")[:, 0])
    np.testing.assert_array_equal(read_arrays(path, "test").arrays["b"], whole[:, 0])
    with pytest.raises(ValueError, match="expected shape"), writing(path, "test", {}) as writer:
        writer.stream("a", np.float32, (8, 5), [whole])
    np.testing.assert_array_equal(read_arrays(path, "test").arrays["a"], whole)
    assert [found.name for found in tmp_path.iterdir()] == ["x.index"]


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    """A second writer, in any process, is told so at once; the lock of one that was killed holds nobody."""
    path = tmp_path / "x.index"
    write_arrays(path, "test", {}, {"a": np.zeros(3)})
    code = f"""
from pathlib import Path
from index.storage import writing
with writing(Path({str(path)!r}), "test", {{}}):
    print("writing", flush=True)
    input()
"""
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"writing\n"
        with pytest.raises(UsageError, match=r"x\.index：另一个程序正在写这个索引"):
            write_arrays(path, "test", {}, {})
        assert read_arrays(path, "test").arrays["a"].tolist() == [0, 0, 0]
        child.kill()
    write_arrays(path, "test", {}, {"a": np.ones(1)})
    with writing(path, "test", {}), pytest.raises(UsageError, match="另一个程序正在写"):
        write_arrays(path, "test", {}, {})
    assert not (tmp_path / ".x.index.lock").exists()


def test_a_file_in_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the system lets no file be replaced that is open (Windows), the error says so and the old file stays."""
    path = tmp_path / "x.index"
    write_arrays(path, "test", {"n": 1}, {})

    def refuse(*_: Any) -> None:
        raise PermissionError(13, "in use")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(UsageError, match=r"x\.index：索引文件正被占用，无法替换.*请关闭正在使用这个索引的程序"):
        write_arrays(path, "test", {"n": 2}, {})
    assert read_arrays(path, "test").meta == {"n": 1}
    assert [found.name for found in tmp_path.iterdir()] == ["x.index"]


def test_what_cannot_be_replaced(tmp_path: Path) -> None:
    """A folder in the place of the file is an error in the user's words, and nothing is left beside it."""
    (tmp_path / "x.index").mkdir()
    with pytest.raises(DuibiaoError, match=r"x\.index：索引文件无法写入"):
        write_arrays(tmp_path / "x.index", "test", {}, {})
    assert [found.name for found in tmp_path.iterdir()] == ["x.index"]


def test_contents_that_do_not_fit(tmp_path: Path) -> None:
    """A whole file whose ids and vectors do not belong together is refused."""
    path = tmp_path / "x.index"
    vectors = np.zeros((2, 4), np.float32)
    for wrong in (
        {"ids": np.arange(3), "vectors": vectors},
        {"ids": np.arange(2), "vectors": vectors.astype(np.float64)},
        {"ids": np.arange(2)},
    ):
        write_arrays(path, "vectors", {}, wrong)
        with pytest.raises(IndexFormatError, match=r"x\.index：索引文件中的向量与编号不符"):
            ExactBackend.load(path)


def test_killed_while_saving(tmp_path: Path) -> None:
    """A process that is killed while it saves over a file leaves a whole one, the old or the new."""
    path = tmp_path / "x.index"
    code = f"""
import numpy as np
from pathlib import Path
from index.storage import write_arrays
for n in range(10**6):
    write_arrays(Path({str(path)!r}), "test", {{"n": n}}, {{"a": np.full(300_000, n)}})
    print(n, flush=True)
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        for _ in range(3):
            assert child.stdout.readline()
        child.kill()
    stored = read_arrays(path, "test")
    assert stored.meta["n"] >= 2
    assert (stored.arrays["a"] == stored.meta["n"]).all()
