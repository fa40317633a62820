"""The vector cache: what was encoded once is not encoded again, and never mixed up."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpora.errors import IndexFormatError
from index.cache import CachedEncoder, VectorCache, content_hash


def test_encodes_once(hashing_encoder: Any, tmp_path: Path) -> None:
    """Vectors equal the encoder's, in order; repeats and a second process ask the encoder for nothing."""
    texts = ["直播脚本", "选品", "直播脚本", ""]
    expected = hashing_encoder.encode(texts)
    hashing_encoder.asked.clear()
    with VectorCache(tmp_path / "deep" / "vectors.sqlite") as cache:
        first = CachedEncoder(hashing_encoder, cache).encode(texts)
        assert hashing_encoder.asked == ["直播脚本", "选品", ""]
    with VectorCache(tmp_path / "deep" / "vectors.sqlite") as cache:
        again = CachedEncoder(hashing_encoder, cache).encode(texts[::-1])
        assert len(cache) == 3
    assert len(hashing_encoder.asked) == 3
    np.testing.assert_array_equal(first, expected)
    np.testing.assert_array_equal(again, expected[::-1])


def test_encoders_are_kept_apart(hashing_encoder: Any, other_encoder: Any) -> None:
    """Two encoders that share a cache never get each other's vectors."""
    cache = VectorCache()
    CachedEncoder(hashing_encoder, cache).encode(["选品"])
    CachedEncoder(other_encoder, cache).encode(["选品"])
    assert other_encoder.asked == ["选品"]
    assert len(cache) == 2


def test_same_seam(hashing_encoder: Any) -> None:
    """A cached encoder has the dimension and fingerprint of the one behind, and takes more texts than one query."""
    cached = CachedEncoder(hashing_encoder, VectorCache())
    assert (cached.dimension, cached.fingerprint) == (64, "hashing-64")
    texts = [f"文本{n}" for n in range(2000)]
    np.testing.assert_array_equal(cached.encode(texts), cached.encode(texts))
    assert len(hashing_encoder.asked) == 2000
    assert cached.encode([]).shape == (0, 64)


def test_vector_of_another_length_is_made_again(hashing_encoder: Any) -> None:
    """An entry that cannot be a vector of this encoder is not used."""
    cache = VectorCache()
    cached = CachedEncoder(hashing_encoder, cache)
    cache.put({next(cached._names(["选品"])): b"short"})
    assert cached.encode(["选品"]).shape == (1, 64)


def test_foreign_file(tmp_path: Path) -> None:
    """A file that is no database is refused with one line that says what to do, and left as it is."""
    path = tmp_path / "vectors.sqlite"
    path.write_bytes(b"not a database, but long enough to be read as one " * 50)
    with pytest.raises(IndexFormatError, match=r"vectors\.sqlite：向量缓存无法使用.*请删去"):
        VectorCache(path)
    assert path.read_bytes().startswith(b"not a database")


def test_threads_share_a_cache(hashing_encoder: Any, tmp_path: Path) -> None:
    """Threads that encode through one cache all get right vectors."""
    cached = CachedEncoder(hashing_encoder, VectorCache(tmp_path / "vectors.sqlite"))
    texts = [f"文本{n % 50}" for n in range(200)]
    expected = hashing_encoder.encode(texts)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda start: cached.encode(texts[start:]), range(8)))
    for start, vectors in enumerate(found):
        np.testing.assert_array_equal(vectors, expected[start:])


def test_prune_leaves_what_was_used_last(tmp_path: Path) -> None:
    """Beyond the bound the vectors that were not asked for longest go, and the file gets smaller."""
    path = tmp_path / "vectors.sqlite"
    names = [content_hash(f"文本{n}").encode() for n in range(3000)]
    with VectorCache(path, day=1) as cache:
        cache.put({name: name * 32 for name in names})
        assert cache.prune() == 0
    before = path.stat().st_size
    with VectorCache(path, most=500, day=2) as cache:
        assert len(cache.get(names[700:900])) == 200
        cache.put({b"new" + bytes(13): b"x"})
    assert path.stat().st_size < before / 2
    with VectorCache(path, day=3) as cache:
        assert len(cache) == 500
        assert cache.get(names[700:900]) == {name: name * 32 for name in names[700:900]}
        assert cache.get([b"new" + bytes(13)])


def test_names_that_begin_alike_are_kept_apart() -> None:
    """Of two names with the same first half one is kept, and neither is taken for the other."""
    one, other = b"12345678" + b"a" * 8, b"12345678" + b"b" * 8
    cache = VectorCache()
    cache.put({one: b"1"})
    cache.put({other: b"2"})
    assert cache.get([one]) == {one: b"1"}
    assert cache.get([other]) == {}


_WRITER = """
import sys
from pathlib import Path
from index.cache import VectorCache, content_hash
cache = VectorCache(Path(sys.argv[1]))
for start in range(int(sys.argv[2]), int(sys.argv[3]), 50):
    names = [content_hash(str(n)).encode()[:16] for n in range(start, start + 50)]
    cache.put({name: name * 64 for name in names})
    assert len(cache.get(names)) == 50
    print(start, flush=True)
"""


def start_writer(path: Path, first: int, last: int) -> subprocess.Popen[str]:
    """A process that stores the vectors of numbers in steps of fifty and tells each step."""
    command = [sys.executable, "-c", _WRITER, str(path), str(first), str(last)]
    root = Path(__file__).resolve().parents[2]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=path.parent, env=environment)


def test_processes_share_a_file(tmp_path: Path) -> None:
    """Processes that write the same and other names at the same time lose nothing."""
    path = tmp_path / "vectors.sqlite"
    writers = [start_writer(path, first, first + 1000) for first in (0, 500, 1000)]
    for writer in writers:
        writer.communicate(timeout=60)
        assert writer.returncode == 0
    with VectorCache(path) as cache:
        names = [content_hash(str(n)).encode()[:16] for n in range(2000)]
        assert cache.get(names) == {name: name * 64 for name in names}


def test_a_killed_process_leaves_a_whole_file(tmp_path: Path) -> None:
    """What a process had stored before it was killed is there, in whole steps, and the file can be used on."""
    path = tmp_path / "vectors.sqlite"
    writer = start_writer(path, 0, 10**9)
    assert writer.stdout is not None
    done = [int(writer.stdout.readline()) for _ in range(5)][-1] + 50
    writer.kill()
    writer.communicate()
    with VectorCache(path) as cache:
        assert len(cache) >= done
        assert len(cache) % 50 == 0
        names = [content_hash(str(n)).encode()[:16] for n in range(done)]
        assert cache.get(names) == {name: name * 64 for name in names}
        cache.put({b"further" + bytes(9): b"x"})
        assert len(cache) % 50 == 1


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(max_size=5), max_size=8))
def test_any_texts(texts: list[str]) -> None:
    """Content hashes are equal exactly when texts are, and any text can be cached."""
    assert len({content_hash(text) for text in texts}) == len(set(texts))
    cache = VectorCache()
    names = {content_hash(text).encode(): b"x" for text in texts}
    cache.put(names)
    assert cache.get(list(names)) == names


def test_lone_surrogates_are_texts() -> None:
    """A text that is no valid Unicode, as damaged files give, has a hash of its own."""
    assert content_hash("\ud800") != content_hash("?")
