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

from corpora.errors import IndexFormatError
from index import storage
from index.exact import ExactBackend
from index.storage import pack_strings, read_arrays, unpack_strings, write_arrays

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
    assert unpack_strings("s", pack_strings("s", strings)) == strings


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
    """A byte that changed anywhere, but for the padding between arrays, is seen on reading."""
    path, broken = tmp_path / "x.index", tmp_path / "broken.index"
    write_arrays(path, "test", {"n": 1}, {"a": np.arange(64, dtype=np.uint8)})
    data = path.read_bytes()
    start = data.index(bytes(range(64)))
    for place in [*range(start - 64), *range(start, len(data))]:
        broken.write_bytes(data[:place] + bytes([data[place] ^ 255]) + data[place + 1 :])
        with pytest.raises(IndexFormatError):
            read_arrays(broken, "test")


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
