"""The Milvus back-end beyond the contract of all back-ends, through Milvus Lite."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from corpora.errors import IndexFormatError, MissingExtraError, UsageError
from index import milvus_collection
from index.exact import ExactBackend
from index.milvus_backend import MilvusBackend
from index.order_keys import FIRST
from index.segment_index import Passage, SegmentIndex

pymilvus = pytest.importorskip("pymilvus", reason="没有安装 pymilvus，跳过")
pytest.importorskip("milvus_lite", reason="没有安装 milvus-lite，跳过")

D = 8


@pytest.fixture(scope="module")
def uri(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A file of Milvus Lite."""
    return str(tmp_path_factory.mktemp("milvus") / "rows.db")


@pytest.fixture
def collection(request: pytest.FixtureRequest) -> str:
    """A name of its own for each test."""
    return f"of_{request.node.name}"


def unit(n: int, d: int = D, seed: int = 0) -> Any:
    vectors = np.random.default_rng(seed).standard_normal((n, d)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def same_answers(backend: Any, vectors: Any, ids: Any, rows: slice | None = None) -> None:
    """It answers as the exact back-end does."""
    oracle = ExactBackend(vectors.shape[1])
    oracle.add(ids, vectors)
    asked = unit(5, vectors.shape[1], 99)
    found, truth = backend.search(asked, 3, rows), oracle.search(asked, 3, rows)
    assert found.ids.tolist() == truth.ids.tolist()
    np.testing.assert_allclose(found.similarities, truth.similarities, atol=1e-5)


def test_importing_it_loads_no_library() -> None:
    """The file is imported without pymilvus."""
    code = "import sys, index.milvus_backend; assert not {'pymilvus', 'grpc', 'milvus_lite'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_a_named_collection_is_shared(uri: str, collection: str) -> None:
    """A second user finds the rows, appends behind the last one, and the first sees it after a refresh."""
    vectors, first = unit(12), MilvusBackend(D, uri, collection)
    first.add(np.arange(8), vectors[:8])
    second = MilvusBackend(D, uri, collection)
    assert len(second) == 8
    second.add(np.arange(8, 12), vectors[8:])
    first.refresh()
    assert first.ids.tolist() == list(range(12))
    same_answers(first, vectors, np.arange(12), slice(6, 11))
    with pytest.raises(ValueError, match="already stored"):
        second.add(np.array([3]), unit(1))


def test_many_insertions_at_one_place(uri: str) -> None:
    """When there is no room left between two rows, their neighbours make some; nothing else changes."""
    vectors, backend = unit(40), MilvusBackend(D, uri)
    backend.add(np.array([0, 1]), vectors[:2])
    for n in range(2, 40):
        backend.add(np.array([n]), vectors[n : n + 1], at=1)
    order = np.array([0, *range(39, 1, -1), 1])
    backend.refresh()
    assert backend.ids.tolist() == order.tolist()
    np.testing.assert_array_equal(backend.vectors, vectors[order])
    same_answers(backend, vectors[order], order, slice(5, 30))


def test_batches(uri: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever goes over the wire goes in pieces that a message can hold."""
    monkeypatch.setattr(milvus_collection, "_MESSAGE_BYTES", 1_000)
    monkeypatch.setattr(milvus_collection, "_IDS_A_CALL", 7)
    monkeypatch.setattr(milvus_collection, "_QUERIES_A_CALL", 2)
    vectors, ids, backend = unit(90), np.arange(90) * 5, MilvusBackend(D, uri)
    backend.add(ids, vectors)
    same_answers(backend, vectors, ids)
    np.testing.assert_array_equal(backend.vectors, vectors)
    assert backend.remove(ids[10:60]) == 50
    keep = np.r_[0:10, 60:90]
    same_answers(backend, vectors[keep], ids[keep], slice(3, 30))


def test_moves_between_back_ends(uri: str, collection: str) -> None:
    """Arrays go from a back-end in memory to a collection and back; one with rows is not written over."""
    vectors, local = unit(20), ExactBackend(D)
    local.add(np.arange(20)[::-1].copy(), vectors)
    remote = MilvusBackend.from_arrays(local.arrays(), uri=uri, collection=collection)
    back = ExactBackend.from_arrays(remote.arrays())
    assert back.ids.tolist() == local.ids.tolist()
    np.testing.assert_array_equal(back.vectors, vectors)
    with pytest.raises(UsageError, match="已有 20 条向量"):
        MilvusBackend.from_arrays(local.arrays(), uri=uri, collection=collection)
    with pytest.raises(ValueError, match="ids"):
        MilvusBackend.from_arrays({"ids": np.arange(3), "vectors": unit(2)}, uri=uri)


def test_an_unnamed_collection_goes_with_its_back_end(uri: str) -> None:
    """It is dropped like memory, unless it was saved."""
    client = pymilvus.MilvusClient(uri)
    lost, kept = MilvusBackend(D, uri), MilvusBackend(D, uri)
    names = lost.collection, kept.collection
    kept.save(Path(uri).with_name("kept.index"))
    del lost, kept
    MilvusBackend(D, uri)
    assert [client.has_collection(name) for name in names] == [False, True]


def test_refuses_what_does_not_fit(uri: str, collection: str) -> None:
    """A collection of another dimension, of another encoder or of another program is refused by name."""
    MilvusBackend(D, uri, collection, encoder_fingerprint="static-1")
    assert len(MilvusBackend(D, uri, collection, encoder_fingerprint="static-1")) == 0
    with pytest.raises(IndexFormatError, match="中的向量是 8 维，这里需要 16 维"):
        MilvusBackend(16, uri, collection)
    with pytest.raises(IndexFormatError, match="另一个编码器建立（static-1，现在是 static-2）"):
        MilvusBackend(D, uri, collection, encoder_fingerprint="static-2")
    pymilvus.MilvusClient(uri).create_collection("foreign", dimension=D)
    with pytest.raises(IndexFormatError, match="“foreign”不是本程序建立的"):
        MilvusBackend(D, uri, "foreign")


def test_a_saved_file_holds_for_the_rows_it_saw(uri: str, collection: str, tmp_path: Path) -> None:
    """It names the collection, without the token; other rows, another encoder or none are refused."""
    path, backend = tmp_path / "remote.index", MilvusBackend(D, uri, collection, encoder_fingerprint="static-1")
    backend.add(np.arange(5), unit(5))
    backend.save(path)
    same_answers(MilvusBackend.load(path), unit(5), np.arange(5))
    with pytest.raises(IndexFormatError, match="另一个编码器"):
        MilvusBackend.load(path, encoder_fingerprint="static-2")
    backend.add(np.array([7]), unit(1, seed=3))
    with pytest.raises(IndexFormatError, match="保存时集合中有 5 条向量，现在有 6 条"):
        MilvusBackend.load(path)
    backend.save(path)
    assert len(MilvusBackend.load(path)) == 6
    pymilvus.MilvusClient(uri).drop_collection(collection)
    with pytest.raises(IndexFormatError, match="不存在"):
        MilvusBackend.load(path)


def test_the_token_stays_out_of_the_file(uri: str, tmp_path: Path) -> None:
    """Whoever reads the saved file learns no secret."""
    MilvusBackend(D, uri, token="root:secret-word").save(tmp_path / "remote.index")
    assert b"secret-word" not in (tmp_path / "remote.index").read_bytes()


@pytest.mark.parametrize("wrong", ["http://127.0.0.1:1", "ftp://127.0.0.1", "/no/such/folder/rows.db"])
def test_a_server_that_does_not_answer(wrong: str) -> None:
    """One clear line, with the address and what to look at."""
    with pytest.raises(UsageError, match=r"Milvus 连接失败.*请确认 Milvus 服务已启动") as caught:
        MilvusBackend(D, wrong, timeout=2)
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith(wrong)


def test_a_server_that_fails_later(uri: str, collection: str) -> None:
    """A collection that vanishes is a clear error for every call, and the count stays what it was."""
    backend = MilvusBackend(D, uri, collection)
    backend.add(np.arange(5), unit(5))
    pymilvus.MilvusClient(uri).drop_collection(collection)
    calls = (
        lambda: backend.add(np.array([9]), unit(1)),
        lambda: backend.search(unit(1), 1),
        lambda: backend.remove(np.array([1])),
        lambda: backend.vectors,
    )
    for call in calls:
        with pytest.raises(UsageError, match=r"Milvus .*失败"):
            call()
    assert len(backend) == 5


@pytest.mark.parametrize(("module", "extra"), [("pymilvus", r"duibiao\[milvus\]"), ("milvus_lite", "milvus-lite")])
def test_missing_library(uri: str, module: str, extra: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names what to install."""
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtraError, match=extra):
        MilvusBackend(D, uri)


def test_more_rows_than_milvus_returns(uri: str) -> None:
    """A k past the limit of one answer is refused before anything is asked."""
    backend = MilvusBackend(2, uri)
    backend.add(np.arange(16_400), unit(16_400, 2))
    with pytest.raises(UsageError, match="一次最多返回 16,384 条"):
        backend.search(unit(1, 2), 16_385)


@pytest.mark.parametrize("kind", ["IVF_FLAT", "HNSW"])
def test_an_approximate_index_says_so(uri: str, kind: str) -> None:
    """Other kinds of index are built by their own parameters, and do not call themselves exact."""
    options = {"index": kind, "index_params": {"nlist": 4, "M": 8, "efConstruction": 40}}
    backend = MilvusBackend(D, uri, search_params={"nprobe": 4, "ef": 64}, **options)
    vectors = unit(300)
    backend.add(np.arange(300), vectors)
    hits = backend.search(vectors[:20], 1)
    assert not backend.exact
    assert MilvusBackend(D, uri).exact
    assert (hits.ids[:, 0] == np.arange(20)).mean() > 0.9


def test_places_start_with_room_before_them(uri: str) -> None:
    """The first row leaves room for rows before it; the highest place is found without reading them all."""
    backend = MilvusBackend(D, uri)
    assert backend._rows.last_place() is None
    backend.add(np.array([4]), unit(1))
    assert backend._rows.last_place() == FIRST
    backend.add(np.array([5]), unit(1, seed=1), at=0)
    assert backend.ids.tolist() == [5, 4]
    assert backend._rows.last_place() == FIRST


def test_passages_with_groups_live_in_a_collection(uri: str, hashing_encoder: Any, tmp_path: Path) -> None:
    """The index over passages works on it: groups are exact slices, rows come in between and go, files hold them."""
    options = {"uri": uri, "encoder_fingerprint": hashing_encoder.fingerprint}
    index = SegmentIndex(hashing_encoder, "milvus", **options)
    index.add([Passage("a", "商品发布与上架", ("甲",)), Passage("b", "直播话术设计", ("乙",))])
    index.add([Passage("c", "客户投诉处理", ("甲",)), Passage("d", "数据分析", ("丙",))])
    assert index.find("直播话术", 1)[0][0].id == "b"
    assert {passage.id for passage, _ in index.find("直播话术", 9, within=[("甲",)])} == {"a", "c"}
    assert index.remove(["c"]) == 1
    index.save(tmp_path / "passages")
    again = SegmentIndex.load(tmp_path / "passages", hashing_encoder, "milvus", **options)
    assert [passage.id for passage, _ in again.find("直播话术", 9)] == [p.id for p, _ in index.find("直播话术", 9)]
