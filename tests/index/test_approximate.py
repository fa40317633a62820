"""Approximate back-ends over FAISS: near the truth on everything, exact on a slice, whole through every change."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from corpora.errors import IndexFormatError
from index.approximate import FEW_ROWS, ApproximateBackend
from index.backends import backend_class
from index.exact import ExactBackend
from index.protocols import NO_ROW, Hits

ROWS, DIMENSION = 6_000, 32
#: Each back-end, and the share of the ten nearest that it must find when it looks everywhere.
NAMES = {"half": 0.99, "ivf-rabitq": 0.9, "ivf-pq": 0.9, "ivf-sq8": 0.99}


def field(rng: np.random.Generator, count: int) -> Any:
    """Unit rows (count, d) around 100 centres."""
    centres = np.random.default_rng(99).standard_normal((100, DIMENSION))
    rows = centres[rng.integers(0, 100, count)] + 0.7 * rng.standard_normal((count, DIMENSION))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="module")
def vectors() -> Any:
    """Stored rows."""
    return field(np.random.default_rng(1), ROWS)


@pytest.fixture(scope="module")
def queries() -> Any:
    """Rows asked for."""
    return field(np.random.default_rng(2), 60)


@pytest.fixture(params=sorted(NAMES))
def name(request: pytest.FixtureRequest) -> str:
    """Each back-end."""
    return str(request.param)


def built(name: str, vectors: Any, **options: Any) -> ApproximateBackend:
    kind: Any = backend_class(name)
    made: ApproximateBackend = kind.build(np.arange(len(vectors)) + 7, vectors, **{"lists": 40} | options)
    return made


def exactly(vectors: Any, queries: Any, k: int = 10) -> Hits:
    backend = ExactBackend(vectors.shape[1])
    backend.add(np.arange(len(vectors)) + 7, vectors)
    return backend.search(queries, k)


def recall(found: Hits, truth: Hits) -> float:
    return float(
        np.mean([len({*a} & {*b}) / len(b) for a, b in zip(found.ids.tolist(), truth.ids.tolist(), strict=True)])
    )


def test_finds_nearly_everything_when_it_looks_everywhere(name: str, vectors: Any, queries: Any) -> None:
    """Recall at full effort is that of the codes, for batches and for single queries alike."""
    backend, truth = built(name, vectors, effort=40), exactly(vectors, queries)
    batch = backend.search(queries, 10)
    assert recall(batch, truth) >= NAMES[name]
    single = np.concatenate([backend.search(query[None], 10).ids for query in queries])
    assert (single == batch.ids).mean() > 0.99


def test_effort_is_a_setting_and_an_option(vectors: Any, queries: Any) -> None:
    """Looking into one list finds less than looking into all; an effort for one search does not stay."""
    backend, truth = built("ivf-sq8", vectors, lists=200, effort=1), exactly(vectors, queries)
    little = recall(backend.search(queries, 10), truth)
    assert recall(backend.search(queries, 10, effort=200), truth) > little + 0.1
    assert recall(backend.search(queries, 10), truth) == little
    backend.effort = 200
    assert recall(backend.search(queries, 10), truth) > little + 0.1


def test_similarities_are_exact_where_refined(name: str, vectors: Any, queries: Any) -> None:
    """What is found comes with its own inner product, best first."""
    hits = built(name, vectors).search(queries, 10)
    np.testing.assert_allclose(hits.similarities, np.einsum("qd,qkd->qk", queries, vectors[hits.ids - 7]), atol=1e-6)
    assert (np.diff(hits.similarities, axis=1) <= 0).all()


@pytest.mark.parametrize(("name", "error"), [("half", 0.002), ("ivf-sq8", 0.02)])
def test_without_refining_the_codes_answer(name: str, error: float, vectors: Any, queries: Any) -> None:
    """Codes that are good enough answer alone, so that vectors may stay on disk."""
    hits = built(name, vectors, refine=0, effort=40).search(queries, 10)
    assert recall(hits, exactly(vectors, queries)) > 0.95
    np.testing.assert_allclose(hits.similarities, np.einsum("qd,qkd->qk", queries, vectors[hits.ids - 7]), atol=error)


def test_a_slice_is_exact(name: str, vectors: Any, queries: Any) -> None:
    """Whatever the structure says, "only these rows" is exact."""
    hits = built(name, vectors, effort=1).search(queries, 10, slice(1_234, 3_210))
    np.testing.assert_array_equal(hits.ids - 1_234, exactly(vectors[1_234:3_210], queries).ids)


def test_few_rows_are_searched_exactly(name: str, vectors: Any, queries: Any) -> None:
    """Below some thousand rows there is no structure."""
    few = vectors[: FEW_ROWS - 1]
    backend = built(name, few, effort=1)
    assert backend.structure() is None
    np.testing.assert_array_equal(backend.search(queries, 10).ids, exactly(few, queries).ids)


def test_rows_that_come_go_and_move(name: str, vectors: Any, queries: Any) -> None:
    """New rows are found at once wherever they are inserted, removed ones never, moved ones under their own id."""
    backend = built(name, vectors, effort=40)
    first = backend.structure()
    backend.add(np.array([90_000, 90_001]), queries[:2])
    assert backend.search(queries[:2], 1).ids[:, 0].tolist() == [90_000, 90_001]
    backend.add(np.array([90_002]), queries[2:3], at=5)
    assert backend.search(queries[:3], 1).ids[:, 0].tolist() == [90_000, 90_001, 90_002]
    assert backend.remove(np.array([90_000, 7, 8])) == 3
    assert backend.structure() is first
    hits = backend.search(queries, 10)
    assert not np.isin(hits.ids, [90_000, 7, 8]).any()
    position = {id: n for n, id in enumerate(backend.ids.tolist())}
    rows = np.array([[position[id] for id in line] for line in hits.ids.tolist()])
    np.testing.assert_allclose(hits.similarities, np.einsum("qd,qkd->qk", queries, backend.vectors[rows]), atol=1e-6)
    plain = ExactBackend(DIMENSION)
    plain.add(backend.ids.copy(), backend.vectors.copy())
    assert recall(hits, plain.search(queries, 10)) >= NAMES[name]


def test_many_changes_make_the_structure_anew(vectors: Any, queries: Any) -> None:
    """After a quarter of the rows went, or as many again came, the structure holds exactly what is stored."""
    backend = built("ivf-sq8", vectors)
    backend.add(np.arange(20_000, 20_000 + ROWS + 1), field(np.random.default_rng(3), ROWS + 1))
    structure = backend.structure()
    assert structure is not None
    assert structure.trained == len(structure) == 2 * ROWS + 1
    backend.remove(np.arange(20_000, 20_000 + 4_000))
    structure = backend.structure()
    assert structure is not None
    assert structure.trained == len(structure) == 2 * ROWS + 1 - 4_000
    backend.remove(np.arange(7, 7 + ROWS))
    assert backend.structure() is None
    assert backend.search(queries, 10).ids.min() >= 24_000


@pytest.mark.parametrize("mmap", [False, True])
@pytest.mark.parametrize("moved", [False, True])
def test_saved_and_loaded_it_answers_the_same(
    name: str, vectors: Any, queries: Any, tmp_path: Path, mmap: bool, moved: bool
) -> None:
    """The structure travels with the file, and takes in new rows afterwards."""
    backend = built(name, vectors, effort=9)
    if moved:
        backend.add(np.array([90_000]), queries[:1], at=3)
        backend.remove(np.array([9]))
    expected = backend.search(queries, 10)
    backend.save(tmp_path / "rows.index")
    loaded = type(backend).load(tmp_path / "rows.index", mmap=mmap, effort=9)
    np.testing.assert_array_equal(loaded.search(queries, 10).ids, expected.ids)
    loaded.add(np.array([90_001]), queries[1:2])
    assert loaded.search(queries[1:2], 1).ids.tolist() == [[90_001]]
    loaded.save(tmp_path / "again.index")
    again = type(backend).load(tmp_path / "again.index", effort=9)
    assert again.search(queries[1:2], 1).ids.tolist() == [[90_001]]


def test_the_same_rows_give_the_same_structure(name: str, vectors: Any) -> None:
    """Rows and seed decide everything."""
    one, other = built(name, vectors).arrays(), built(name, vectors).arrays()
    np.testing.assert_array_equal(one["faiss"], other["faiss"])
    if name != "half":
        assert not np.array_equal(one["faiss"], built(name, vectors, seed=5).arrays()["faiss"])


def test_arrays_that_do_not_belong_together_are_refused(vectors: Any, queries: Any) -> None:
    """A structure of other rows, cut off, or with a rotation of another size raises; never a crash."""
    backend = built("ivf-rabitq", vectors)
    arrays, kind = backend.arrays(), type(backend)
    for wrong in (
        {"faiss": arrays["faiss"].astype(np.int32)},
        {"rotation": np.eye(3, dtype=np.float32)},
        {"counts": np.array([ROWS + 1, ROWS])},
        {"labels": np.arange(3)},
    ):
        with pytest.raises(ValueError, match=r"\d"):
            kind.from_arrays(arrays | wrong)
    for wrong in ({"faiss": arrays["faiss"][:-100]}, {"counts": np.array([ROWS - 1, ROWS])}):
        with pytest.raises(IndexFormatError, match="重新建立索引"):
            kind.from_arrays(arrays | wrong).search(queries, 10)


def test_few_lists_give_few_rows(vectors: Any, queries: Any) -> None:
    """Where the lists looked into hold fewer rows than asked for, the rest of the answer is empty."""
    hits = built("ivf-sq8", vectors, lists=400, effort=1).search(queries, 100)
    empty = hits.ids == NO_ROW
    assert empty.any()
    assert np.isneginf(hits.similarities[empty]).all()
    assert (np.diff(empty.astype(int), axis=1) >= 0).all()


def test_without_compiled_kernels(monkeypatch: pytest.MonkeyPatch, vectors: Any, queries: Any) -> None:
    """FAISS finds the centroids itself where there are none."""
    monkeypatch.setattr("index.faiss_structure.instruction_sets", tuple)
    for name in ("ivf-rabitq", "ivf-pq"):
        assert recall(built(name, vectors, effort=40).search(queries, 10), exactly(vectors, queries)) >= NAMES[name]
