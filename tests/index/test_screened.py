"""Exact search through 8-bit codes: the same answers as a plain matrix product, whatever the vectors."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.coded import CodedRows, ListsOfPlaces
from index.exact import ExactBackend
from index.native import instruction_sets, kernels
from index.screened import ScreenedBackend

needs_kernels = pytest.mark.skipif(not instruction_sets(), reason="the compiled kernels were not built on this machine")
SETS = [pytest.param(name, marks=needs_kernels) for name in instruction_sets() or ("avx2",)]


def unit(rng: np.random.Generator, count: int, dimension: int) -> Any:
    vectors = rng.standard_normal((count, dimension)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def similarities(vectors: Any, queries: Any, k: int, start: int = 0, stop: int | None = None) -> Any:
    """The k highest inner products of each query, in double precision."""
    truth = queries.astype(np.float64) @ vectors[start:stop].astype(np.float64).T
    return np.sort(truth, axis=1)[:, ::-1][:, :k]


@pytest.mark.parametrize("instruction_set", SETS)
@pytest.mark.parametrize("dimension", [1, 3, 8, 63, 64, 130, 256, 1024])
@pytest.mark.parametrize("rows", [1, 15, 16, 17, 700, 2500])
def test_best_rows_of_every_shape(instruction_set: str, dimension: int, rows: int) -> None:
    """Any dimension, any number of rows, of queries and of answers, panels and tiles filled or not."""
    rng = np.random.default_rng(dimension * rows)
    vectors, queries = unit(rng, rows, dimension), unit(rng, 200, dimension)
    backend = ScreenedBackend(dimension, instruction_set=instruction_set)
    backend.add(np.arange(rows) + 7, vectors)
    for count, k in ((1, 1), (5, 5), (7, 13), (200, 40)):
        hits = backend.search(queries[:count], k)
        expected = similarities(vectors, queries[:count], k)
        np.testing.assert_allclose(hits.similarities, expected, atol=2e-6)
        named = np.einsum("qd,qkd->qk", queries[:count], vectors[hits.ids - 7])
        np.testing.assert_allclose(named, expected, atol=2e-6)


@st.composite
def hard_vectors(draw: st.DrawFn) -> tuple[Any, Any, int, int, int]:
    """Rows and queries with outlying coordinates, zeros, repetitions and lengths from tiny to huge; a range; k."""
    dimension, rows, seed = draw(st.integers(1, 40)), draw(st.integers(1, 120)), draw(st.integers(0, 2**32 - 1))
    rng = np.random.default_rng(seed)
    vectors = rng.standard_normal((rows + 5, dimension)) ** draw(st.sampled_from((1, 3, 9)))
    vectors *= 10.0 ** rng.integers(*draw(st.sampled_from(((0, 1), (-6, 6), (-20, 1)))), (rows + 5, 1))
    vectors[rng.random(rows + 5) < 0.2] = 0
    repeated = rng.integers(0, rows, rows // 2)
    vectors[repeated] = vectors[0]
    start = draw(st.integers(0, rows - 1))
    stop = draw(st.integers(start + 1, rows))
    vectors = vectors.astype(np.float32)
    return vectors[:rows], vectors[rows:], start, stop, draw(st.integers(1, stop - start))


@pytest.mark.parametrize("instruction_set", SETS)
@given(case=hard_vectors())
@settings(max_examples=300, deadline=None)
def test_hard_vectors_and_ranges(instruction_set: str, case: tuple[Any, Any, int, int, int]) -> None:
    """Whatever rounding to 8 bits does to a vector, no row that belongs to the best is lost."""
    vectors, queries, start, stop, k = case
    backend = ScreenedBackend(vectors.shape[1], instruction_set=instruction_set)
    backend.add(np.arange(len(vectors)), vectors)
    hits = backend.search(queries, k, slice(start, stop))
    lengths = [np.linalg.norm(some.astype(np.float64), axis=1, keepdims=True) for some in (vectors, queries)]
    expected = similarities(vectors, queries, k, start, stop)
    assert (np.abs(hits.similarities - expected) <= 1e-5 * lengths[0].max() * lengths[1] + 1e-37).all()
    assert ((hits.ids >= start) & (hits.ids < stop)).all()
    assert all(len(set(row)) == k for row in hits.ids.tolist())


@pytest.mark.parametrize("instruction_set", SETS)
def test_thousands_of_equal_rows(instruction_set: str) -> None:
    """Equal rows are all candidates; the first of them answer, in order."""
    rng = np.random.default_rng(1)
    vectors = np.repeat(unit(rng, 2, 64), 5000, axis=0)
    backend = ScreenedBackend(64, instruction_set=instruction_set)
    backend.add(np.arange(10_000), vectors)
    hits = backend.search(np.concatenate([vectors[:1], vectors[-1:], np.zeros((1, 64), np.float32)]), 6)
    assert hits.ids.tolist() == [[0, 1, 2, 3, 4, 5], [5000, 5001, 5002, 5003, 5004, 5005], [0, 1, 2, 3, 4, 5]]
    np.testing.assert_array_equal(hits.similarities[2], 0)


@pytest.mark.parametrize("instruction_set", SETS)
def test_codes_follow_every_change(instruction_set: str) -> None:
    """After rows were added at the end and in the middle and removed, answers are those of the rows as they stand."""
    rng = np.random.default_rng(2)
    ours, plain = ScreenedBackend(32, instruction_set=instruction_set), ExactBackend(32)
    queries, known = unit(rng, 9, 32), 0
    for step in range(30):
        count = int(rng.integers(1, 50))
        ids, vectors = np.arange(known, known + count), unit(rng, count, 32)
        at = int(rng.integers(0, len(plain) + 1)) if step % 3 else None
        gone = rng.integers(0, max(known, 1), 8)
        for backend in (ours, plain):
            backend.add(ids, vectors, at)
            backend.remove(gone)
        known += count
        np.testing.assert_array_equal(ours.search(queries, 4).ids, plain.search(queries, 4).ids)


def test_without_kernels_the_answers_are_the_same() -> None:
    """``none`` searches by faiss."""
    rng = np.random.default_rng(3)
    vectors, queries = unit(rng, 900, 256), unit(rng, 70, 256)
    answers = []
    for instruction_set in ("none", *instruction_sets()):
        backend = ScreenedBackend(256, instruction_set=instruction_set)
        backend.add(np.arange(900), vectors)
        answers.append(backend.search(queries, 5))
    for answer in answers:
        np.testing.assert_array_equal(answer.ids, answers[0].ids)
        np.testing.assert_allclose(answer.similarities, answers[0].similarities, atol=1e-6)


@needs_kernels
def test_threads_share_the_queries() -> None:
    """Any number of threads gives the same answer."""
    rng = np.random.default_rng(4)
    vectors, queries = unit(rng, 300, 64), unit(rng, 1200, 64)
    answers = []
    for threads in (1, 2, 3):
        backend = ScreenedBackend(64, threads=threads)
        backend.add(np.arange(300), vectors)
        answers.append(backend.search(queries, 5))
    for answer in answers[1:]:
        np.testing.assert_array_equal(answer.ids, answers[0].ids)
        np.testing.assert_array_equal(answer.similarities, answers[0].similarities)


@pytest.fixture
def lists() -> tuple[Any, ListsOfPlaces, Any]:
    rng = np.random.default_rng(5)
    vectors = unit(rng, 1000, 48)
    lists = rng.integers(0, 12, 1000)
    lists[lists == 7] = 3  # an empty list
    return vectors, ListsOfPlaces.of(lists, 12), lists


@pytest.mark.parametrize("instruction_set", SETS)
@pytest.mark.parametrize("queries", [1, 3, 2500])
def test_within_lists(lists: tuple[Any, ListsOfPlaces, Any], instruction_set: str, queries: int) -> None:
    """Only rows of a query's lists are found, exactly the best of them; -1 where they are too few."""
    vectors, places, of_row = lists
    rng = np.random.default_rng(6)
    asked = unit(rng, queries, 48)
    coded = CodedRows(48, instruction_set)
    padded = np.zeros((len(places.order), 48), np.float32)
    padded[places.order >= 0] = vectors[places.order[places.order >= 0]]
    coded.store(padded, 0)
    probed = np.argsort(rng.random((queries, 12)), axis=1)[:, :3].astype(np.int64)
    probed[0] = (7, -1, 0)
    rows, values = coded.search_lists(asked, 300, places, probed, vectors, np.inf)
    for q in range(min(queries, 60)):
        within = np.flatnonzero(np.isin(of_row, probed[q]))
        expected = np.sort(vectors[within] @ asked[q])[::-1][:300]
        assert set(rows[q][: len(expected)].tolist()) <= set(within.tolist())
        np.testing.assert_allclose(values[q][: len(expected)], expected, atol=1e-6)
        assert (rows[q][len(expected) :] == -1).all()


@needs_kernels
def test_wrong_arguments_are_refused() -> None:
    """Arrays too short, ranges and probes outside, read-only answers and unknown instruction sets raise."""
    coded = CodedRows(8)
    coded.store(np.zeros((20, 8), np.float32), 0)
    queries, exact = np.zeros((2, 8), np.float32), np.zeros((20, 8), np.float32)
    with pytest.raises(ValueError, match="places 19 to 18"):
        coded.search(queries, 3, 19, 18, exact)
    with pytest.raises(ValueError, match="k 30"):
        coded.search(queries, 30, 0, 20, exact)
    with pytest.raises(ValueError, match="bytes"):
        coded.search(queries[:, :4].copy(), 3, 0, 20, exact)
    places = ListsOfPlaces.of(np.zeros(20, np.int64), 1)
    with pytest.raises(ValueError, match="outside"):
        coded.search_lists(queries, 3, places, np.full((2, 1), 4), exact, np.inf)
    coded.instruction_set = "sse9"
    with pytest.raises(ValueError, match="sse9"):
        coded.search(queries, 3, 0, 20, exact)


def test_extension_is_optional() -> None:
    """Where the compiled module cannot be imported, the default back-end works and says so."""
    code = (
        "import sys; sys.modules['index.native._kernels'] = None\n"
        "import numpy as np\nfrom index.native import instruction_sets\nfrom index.screened import ScreenedBackend\n"
        "b = ScreenedBackend(4); b.add(np.arange(3), np.eye(3, 4, dtype=np.float32))\n"
        "print(instruction_sets(), b.search(np.eye(4, dtype=np.float32)[1:2], 1).ids.tolist())"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    assert done.stdout.strip() == "() [[1]]"
    assert (kernels() is None) == (not instruction_sets())
