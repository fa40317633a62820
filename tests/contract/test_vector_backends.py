"""One suite over all vector back-ends, against a brute-force oracle; ties agree up to equal similarity."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpora.errors import IndexFormatError
from index import backends
from index.backends import BACKENDS
from index.protocols import Hits, VectorBackend

D = 8
TOLERANCE = 1e-5


#: What the constructor of a back-end needs besides the dimension; filled in by fixtures.
OPTIONS: dict[str, dict[str, Any]] = {}

HAS_MILVUS = all(find_spec(module) for module in ("pymilvus", "milvus_lite"))


def create_backend(name: str, dimension: int) -> VectorBackend:
    """An empty back-end."""
    return backends.create_backend(name, dimension, **OPTIONS.get(name, {}))


@pytest.fixture(scope="session", autouse=True)
def milvus_file(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Milvus Lite keeps its collections in a file."""
    OPTIONS["milvus"] = {"uri": str(tmp_path_factory.mktemp("milvus") / "rows.db")}


@pytest.fixture(params=sorted(BACKENDS))
def name(request: pytest.FixtureRequest) -> str:
    """Name of each registered back-end."""
    if request.param == "milvus" and not HAS_MILVUS:
        pytest.skip("没有安装 pymilvus 和 milvus-lite，跳过")
    return str(request.param)


def unit(rng: np.random.Generator, n: int, d: int = D) -> Any:
    vectors = rng.standard_normal((n, d)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def filled(name: str, vectors: Any, ids: Any) -> VectorBackend:
    backend = create_backend(name, vectors.shape[1])
    backend.add(ids, vectors)
    return backend


def assert_agrees(hits: Hits, queries: Any, vectors: Any, ids: Any, k: int) -> None:
    """Each similarity is the inner product of its row, in falling order, and the k-th best equals the oracle's."""
    truth = queries.astype(np.float64) @ vectors.astype(np.float64).T
    k = min(k, len(ids))
    assert hits.ids.shape == hits.similarities.shape == (len(queries), k)
    assert hits.ids.dtype == np.int64
    assert hits.similarities.dtype == np.float32
    position = {int(i): p for p, i in enumerate(ids)}
    for q in range(len(queries)):
        found = [position[int(i)] for i in hits.ids[q]]
        assert len(set(found)) == k
        np.testing.assert_allclose(hits.similarities[q], truth[q, found], atol=TOLERANCE)
        np.testing.assert_allclose(hits.similarities[q], np.sort(truth[q])[::-1][:k], atol=TOLERANCE)


@pytest.mark.parametrize("queries", [1, 7, 8, 300])
@pytest.mark.parametrize("rows", [1, 40, 1500])
def test_agrees_with_brute_force(name: str, queries: int, rows: int) -> None:
    """Top-k is exact for single queries and for batches, below and above the BLAS threshold."""
    rng = np.random.default_rng(rows + queries)
    vectors, asked, ids = unit(rng, rows, 256), unit(rng, queries, 256), rng.permutation(rows) * 3 + 5
    assert_agrees(filled(name, vectors, ids).search(asked, 5), asked, vectors, ids, 5)


@pytest.mark.parametrize("batch", [1, 300])
def test_ties(name: str, batch: int) -> None:
    """Among equal rows any may be named, none twice, and none that is worse gets in before them."""
    rng = np.random.default_rng(1)
    vectors = np.repeat(unit(rng, 6), 5, axis=0)
    asked, ids = np.repeat(unit(rng, 1), batch, axis=0), np.arange(30) + 100
    assert_agrees(filled(name, vectors, ids).search(asked, 12), asked, vectors, ids, 12)


@pytest.mark.parametrize("batch", [1, 300])
@pytest.mark.parametrize("rows", [slice(10, 25), slice(0, 1), slice(39, None), slice(None, 12)])
def test_slice_is_exact(name: str, batch: int, rows: slice) -> None:
    """A slice of positions is searched as if nothing else were stored."""
    rng = np.random.default_rng(2)
    vectors, asked, ids = unit(rng, 40), unit(rng, batch), np.arange(40)[::-1].copy()
    hits = filled(name, vectors, ids).search(asked, 7, rows)
    assert_agrees(hits, asked, vectors[rows], ids[rows], 7)


def test_k_beyond_rows(name: str) -> None:
    """The result is as wide as there are rows, and empty for an empty index, slice or query list."""
    rng = np.random.default_rng(3)
    vectors, asked, ids = unit(rng, 4), unit(rng, 2), np.arange(4)
    backend = filled(name, vectors, ids)
    assert_agrees(backend.search(asked, 100), asked, vectors, ids, 100)
    assert backend.search(asked, 3, slice(2, 2)).ids.shape == (2, 0)
    assert backend.search(asked[:0], 3).ids.shape == (0, 3)
    assert create_backend(name, D).search(asked, 3).ids.shape == (2, 0)


def test_insert_keeps_order(name: str) -> None:
    """Rows added before a position move the others behind them; ids follow their vectors."""
    rng = np.random.default_rng(4)
    vectors, asked = unit(rng, 9), unit(rng, 3)
    backend = create_backend(name, D)
    backend.add(np.array([0, 1, 2, 6, 7, 8]), vectors[[0, 1, 2, 6, 7, 8]])
    backend.add(np.array([3, 4, 5]), vectors[3:6], at=3)
    assert backend.ids.tolist() == list(range(9))
    np.testing.assert_array_equal(backend.vectors, vectors)
    assert_agrees(backend.search(asked, 4, slice(2, 7)), asked, vectors[2:7], np.arange(2, 7), 4)


def test_remove(name: str) -> None:
    """Removed rows are never found again, the others keep their order, unknown ids are passed over."""
    rng = np.random.default_rng(5)
    vectors, asked, ids = unit(rng, 20), unit(rng, 4), np.arange(20) * 2
    backend = filled(name, vectors, ids)
    assert backend.remove(np.array([0, 8, 38, 999])) == 3
    keep = np.isin(ids, [0, 8, 38], invert=True)
    assert backend.ids.tolist() == ids[keep].tolist()
    assert_agrees(backend.search(asked, 50), asked, vectors[keep], ids[keep], 50)
    backend.add(np.array([8]), vectors[4:5])
    assert len(backend) == 18
    assert backend.ids[-1] == 8


HISTORIES = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.integers(1, 6), st.floats(0, 1)),
        st.tuples(st.just("remove"), st.integers(0, 40), st.just(0.0)),
    ),
    max_size=12,
)


def live_through(name: str, steps: list[tuple[str, int, float]]) -> None:
    """Add and remove, and compare with a plain list."""
    rng = np.random.default_rng(6)
    backend, ids, rows, fresh = create_backend(name, D), [], [], 0
    for step, number, where in steps:
        if step == "add":
            vectors, new, at = unit(rng, number), list(range(fresh, fresh + number)), int(where * len(ids))
            backend.add(np.array(new), vectors, at)
            ids[at:at], rows[at:at], fresh = new, list(vectors), fresh + number
        else:
            assert backend.remove(np.array([number])) == ids.count(number)
            kept = [(i, r) for i, r in zip(ids, rows, strict=True) if i != number]
            ids, rows = [i for i, _ in kept], [r for _, r in kept]
    assert backend.ids.tolist() == ids
    if ids:
        asked = unit(rng, 3)
        assert_agrees(backend.search(asked, 4), asked, np.array(rows), np.array(ids), 4)


@settings(max_examples=30, deadline=None)
@given(steps=HISTORIES)
def test_any_history(steps: list[tuple[str, int, float]]) -> None:
    """After any sequence of additions and removals every back-end holds and finds what a plain list would."""
    for name in sorted(BACKENDS.keys() - {"milvus"}):
        live_through(name, steps)


@pytest.mark.slow
@pytest.mark.skipif(not HAS_MILVUS, reason="没有安装 pymilvus 和 milvus-lite，跳过")
@settings(max_examples=8, deadline=None)
@given(steps=HISTORIES)
def test_any_history_on_a_server(steps: list[tuple[str, int, float]]) -> None:
    """The same, with fewer examples: each one makes a collection."""
    live_through("milvus", steps)


def test_refuses_bad_rows(name: str) -> None:
    """Wrong shapes, repeated ids and values that are not finite are refused, and change nothing."""
    rng = np.random.default_rng(7)
    backend = filled(name, unit(rng, 3), np.arange(3))
    broken = unit(rng, 1)
    broken[0, 0] = np.nan
    bad = [
        (np.array([3]), unit(rng, 1, D + 1)),
        (np.array([3, 4]), unit(rng, 1)),
        (np.array([2]), unit(rng, 1)),
        (np.array([3, 3]), unit(rng, 2)),
        (np.array([3]), broken),
    ]
    for ids, vectors in bad:
        with pytest.raises(ValueError, match=r"shape|ids|id is|finite"):
            backend.add(ids, vectors)
    for queries, k in ((broken, 1), (unit(rng, 1, D + 1), 1), (unit(rng, 1), 0)):
        with pytest.raises(ValueError, match=r"shape|finite|at least 1"):
            backend.search(queries, k)
    assert len(backend) == 3


@pytest.mark.parametrize("mmap", [False, True])
def test_save_and_load(name: str, tmp_path: Path, mmap: bool) -> None:
    """A loaded index answers as the saved one, can grow and shrink, and can be saved over itself."""
    rng = np.random.default_rng(8)
    vectors, asked, ids, path = unit(rng, 12), unit(rng, 3), np.arange(12) + 7, tmp_path / "a" / "rows.index"
    filled(name, vectors, ids).save(path)
    backend = type(create_backend(name, D)).load(path, mmap=mmap)
    assert_agrees(backend.search(asked, 4), asked, vectors, ids, 4)
    backend.add(np.array([1]), vectors[:1], at=0)
    assert backend.remove(np.array([7])) == 1
    backend.save(path)
    again = type(backend).load(path)
    assert again.ids.tolist() == [1, *ids[1:].tolist()]
    assert [p.name for p in path.parent.iterdir()] == ["rows.index"]


def test_empty_index_survives(name: str, tmp_path: Path) -> None:
    """An index without rows is saved and read back with its dimension."""
    path = tmp_path / "empty.index"
    create_backend(name, D).save(path)
    backend = type(create_backend(name, D)).load(path)
    assert (len(backend), backend.dimension) == (0, D)


def test_refuses_broken_files(name: str, tmp_path: Path) -> None:
    """Every truncation, a foreign file, a missing one and a flipped bit are refused with one clear line."""
    path, broken = tmp_path / "rows.index", tmp_path / "broken.index"
    filled(name, unit(np.random.default_rng(9), 3), np.arange(3)).save(path)
    data, kind = path.read_bytes(), type(create_backend(name, D))
    flipped = data[:-1] + bytes([data[-1] ^ 1])
    for wrong in (*(data[:n] for n in range(0, len(data), 17)), b"PK\x03\x04" + data, data + b"x", flipped):
        broken.write_bytes(wrong)
        with pytest.raises(IndexFormatError, match=r"broken\.index：.*索引") as caught:
            kind.load(broken)
        assert "\n" not in str(caught.value)
    with pytest.raises(IndexFormatError, match="重新建立索引"):
        kind.load(tmp_path / "missing.index")
