"""Clusters of coded rows: nearly the exact answer from a small part of the rows, exact within a slice, saved whole."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from index.backends import BACKENDS
from index.clustered import FEW_ROWS, ClusteredBackend
from index.clustering import assign, find_centroids
from index.exact import ExactBackend
from index.native import instruction_sets
from index.protocols import Hits

needs_kernels = pytest.mark.skipif(not instruction_sets(), reason="the compiled kernels were not built on this machine")
ROWS, DIMENSION = 20_000, 64


def field(rng: np.random.Generator, count: int) -> Any:
    """Unit vectors in overlapping clusters of different sizes, as texts of several trades lie."""
    centres = np.random.default_rng(1).standard_normal((200, DIMENSION))
    chosen = np.minimum(rng.exponential(40, count).astype(int), 199)
    vectors = centres[chosen] + 1.3 * rng.standard_normal((count, DIMENSION))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="module")
def vectors() -> Any:
    return field(np.random.default_rng(2), ROWS)


@pytest.fixture(scope="module")
def queries() -> Any:
    return field(np.random.default_rng(3), 300)


@pytest.fixture(scope="module")
def truth(vectors: Any, queries: Any) -> Hits:
    return exactly(vectors, queries)


def exactly(vectors: Any, queries: Any, k: int = 10) -> Hits:
    backend = ExactBackend(DIMENSION)
    backend.add(np.arange(len(vectors)), vectors)
    return backend.search(queries, k)


def recall(found: Hits, truth: Hits) -> float:
    pairs = zip(found.ids.tolist(), truth.ids.tolist(), strict=True)
    return float(np.mean([len(set(a) & set(b)) / len(b) for a, b in pairs]))


@pytest.fixture(scope="module")
def built(vectors: Any) -> ClusteredBackend:
    return ClusteredBackend.build(np.arange(ROWS), vectors, lists=256)


@needs_kernels
def test_more_probes_find_more_until_all_is_found(built: ClusteredBackend, queries: Any, truth: Hits) -> None:
    """Recall rises with the lists looked into; with all of them the answer is the exact one, single and batched."""
    recalls = []
    for probes in (1, 8, 64, 256):
        built.probes = probes
        recalls.append(recall(built.search(queries, 10), truth))
    assert recalls == sorted(recalls)
    assert recalls[0] < 0.8
    assert recalls[1] > recalls[0]
    assert recalls[2] > 0.95
    assert recalls[3] > 0.999
    built.probes = 16
    batch = built.search(queries, 10)
    single = [built.search(query[None], 10) for query in queries]
    np.testing.assert_array_equal(np.concatenate([hits.ids for hits in single]), batch.ids)


@needs_kernels
def test_similarities_are_exact(built: ClusteredBackend, vectors: Any, queries: Any) -> None:
    """What is found comes with its own inner product, best first."""
    hits = built.search(queries, 10)
    np.testing.assert_allclose(hits.similarities, np.einsum("qd,qkd->qk", queries, vectors[hits.ids]), atol=1e-6)
    assert (np.diff(hits.similarities, axis=1) <= 0).all()


@needs_kernels
def test_without_refining_similarities_are_those_of_the_codes(vectors: Any, queries: Any, truth: Hits) -> None:
    """Codes alone answer too, nearly as well; they are what remains where vectors would not fit the memory."""
    backend = ClusteredBackend.build(np.arange(ROWS), vectors, lists=256, probes=256, refine=False)
    hits = backend.search(queries, 10)
    assert recall(hits, truth) > 0.95
    np.testing.assert_allclose(hits.similarities, np.einsum("qd,qkd->qk", queries, vectors[hits.ids]), atol=0.02)


@needs_kernels
def test_a_slice_is_searched_exactly(built: ClusteredBackend, vectors: Any, queries: Any) -> None:
    """Whatever the clusters say, "only these rows" is exact."""
    built.probes = 1
    hits = built.search(queries, 10, slice(1_234, 3_210))
    np.testing.assert_array_equal(hits.ids - 1_234, exactly(vectors[1_234:3_210], queries).ids)


@needs_kernels
def test_rows_added_removed_and_inserted_are_found(vectors: Any, queries: Any) -> None:
    """A new row is found at once, whether clusters were made anew for it or not; a removed one is not."""
    backend = ClusteredBackend.build(np.arange(ROWS), vectors, lists=128, probes=128)
    before = backend.clusters()
    backend.add(np.array([90_000, 90_001]), np.stack([queries[0], queries[1]]))
    assert backend.search(queries[:2], 1).ids[:, 0].tolist() == [90_000, 90_001]
    assert backend.clusters() is before
    backend.add(np.array([90_002]), queries[2:3], at=5)
    assert backend.search(queries[:3], 1).ids[:, 0].tolist() == [90_000, 90_001, 90_002]
    backend.remove(np.array([90_000]))
    assert backend.search(queries[:1], 1).ids[0, 0] != 90_000
    backend.add(np.arange(100_000, 100_000 + ROWS // 4), field(np.random.default_rng(9), ROWS // 4))
    backend.search(queries[:1], 1)
    assert int(backend.clusters().lists.sizes.sum()) == len(backend)


@needs_kernels
def test_few_lists_give_few_rows(vectors: Any, queries: Any) -> None:
    """Where the lists looked into hold fewer rows than asked for, the rest of the answer is empty."""
    backend = ClusteredBackend.build(np.arange(ROWS), vectors, lists=2_000, probes=1)
    hits = backend.search(queries[:50], 200)
    empty = hits.ids == -1
    assert empty.any()
    assert np.isneginf(hits.similarities[empty]).all()
    assert (np.diff(empty.astype(int), axis=1) >= 0).all()


@needs_kernels
def test_saved_and_loaded_it_answers_the_same(built: ClusteredBackend, queries: Any, tmp_path: Any) -> None:
    """The clusters travel with the file, mapped or read."""
    built.probes = 12
    expected = built.search(queries, 10)
    built.save(tmp_path / "rows.index")
    for mmap in (False, True):
        loaded = ClusteredBackend.load(tmp_path / "rows.index", mmap=mmap, probes=12)
        hits = loaded.search(queries, 10)
        np.testing.assert_array_equal(hits.ids, expected.ids)
        np.testing.assert_array_equal(hits.similarities, expected.similarities)


@needs_kernels
def test_arrays_that_do_not_belong_together_are_refused(built: ClusteredBackend) -> None:
    """Clusters of other rows, or cut off, raise."""
    arrays = built.arrays()
    for name, wrong in (
        ("codes", arrays["codes"][:-1]),
        ("scales", arrays["scales"][:5]),
        ("clustered", np.array([7])),
    ):
        with pytest.raises(ValueError, match=r"\d"):
            ClusteredBackend.from_arrays(arrays | {name: wrong})


@needs_kernels
def test_the_same_rows_give_the_same_clusters(vectors: Any) -> None:
    """Centroids depend on rows and seed only; every row lies with its nearest one."""
    centroids = find_centroids(vectors, 60, seed=4)
    np.testing.assert_array_equal(centroids, find_centroids(vectors, 60, seed=4))
    assert not np.array_equal(centroids, find_centroids(vectors, 60, seed=5))
    chosen = (vectors * centroids[assign(vectors, centroids)]).sum(axis=1)
    assert (chosen >= (vectors @ centroids.T).max(axis=1) - 1e-3).all()


def test_few_rows_are_searched_exactly(vectors: Any, queries: Any) -> None:
    """Below some thousand rows there are no clusters."""
    few = vectors[: FEW_ROWS - 1]
    backend = ClusteredBackend.build(np.arange(len(few)), few, probes=1)
    assert backend.clusters() is None
    np.testing.assert_array_equal(backend.search(queries, 10).ids, exactly(few, queries).ids)


def test_it_is_registered() -> None:
    """Users name it."""
    assert BACKENDS["clustered"].name == "ClusteredBackend"
