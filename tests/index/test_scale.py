"""The index of passages with 200,000 rows: times are bounded by what grows slowest, not by a clock of the machine."""

from __future__ import annotations

import tracemalloc
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.protocols import Vectors
from index.segment_index import Passage, SegmentIndex

ROWS, BLOCK, DIMENSION, PER_DOCUMENT = 200_000, 10_000, 32, 50


class NoEncoder:
    """Its vectors are always given."""

    dimension, fingerprint = DIMENSION, "given"

    def encode(self, texts: Sequence[str]) -> Any:
        """Not asked."""
        raise AssertionError(texts)


def group(number: int) -> tuple[str, ...]:
    """Standard and document of a row; documents of a standard do not lie together as they come."""
    document = number // PER_DOCUMENT
    return f"{530000 + document % 7}", f"{document}.docx"


def block(start: int) -> tuple[list[Passage], Vectors]:
    """Passages with their vectors."""
    vectors = np.random.default_rng(start).standard_normal((BLOCK, DIMENSION), dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    numbers = range(start, start + BLOCK)
    return [Passage(f"p{n}", f"第{n % 150_000}段", group(n), {"page": n % 90}) for n in numbers], vectors


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index that was added to block by block and saved."""
    index, path = SegmentIndex(NoEncoder(), backend="faiss"), tmp_path_factory.mktemp("scale") / "big.index"
    for start in range(0, ROWS, BLOCK):
        passages, vectors = block(start)
        assert index.add(passages, vectors=vectors) == BLOCK
    index.save(path)
    return path


@pytest.mark.slow
@pytest.mark.parametrize("mmap", [False, True])
def test_any_row_is_found(saved: Path, mmap: bool) -> None:
    """Each passage is known by its id, nearest to its own vector, and searched exactly within its document."""
    index = SegmentIndex.load(saved, NoEncoder(), mmap=mmap)
    index.verify()
    assert len(index) == ROWS
    assert len(index.groups) == ROWS // PER_DOCUMENT
    for start in (0, 70_000, ROWS - BLOCK):
        passages, vectors = block(start)
        chosen = [0, 1234, BLOCK - 1]
        hits = index.search(vectors[chosen], 1)
        assert [index.passage(id) for id in hits.ids[:, 0].tolist()] == [passages[n] for n in chosen]
        assert index.get(passages[77].id) == passages[77]
        own = [n for n, passage in enumerate(passages) if passage.group == passages[500].group]
        within = index.search(vectors[:1], 99, [passages[500].group])
        expected = np.sort(vectors[own] @ vectors[0])[::-1]
        np.testing.assert_allclose(within.similarities[0], expected, atol=1e-5)
        np.testing.assert_array_equal(index.vectors(passages[500].group), vectors[own])


@pytest.mark.slow
def test_a_mapped_index_takes_no_memory(saved: Path) -> None:
    """Loading, looking up and searching a document decode what they show and no more: well under a byte per row."""
    index = SegmentIndex.load(saved, NoEncoder(), mmap=True)  # what is imported on the way is not counted
    query = block(0)[1][:1]
    index.search(query, 5, [group(0)])
    tracemalloc.start()
    try:
        index = SegmentIndex.load(saved, NoEncoder(), mmap=True)
        assert index.get("p77777") is not None
        assert [index.passage(id).group for id in index.search(query, 5, [group(0)]).ids[0].tolist()] == [group(0)] * 5
        assert tracemalloc.get_traced_memory()[1] < ROWS / 2
    finally:
        tracemalloc.stop()


@pytest.mark.slow
def test_changes_beside_a_mapped_file(saved: Path, tmp_path: Path) -> None:
    """A thousand more and a thousand fewer cost no copy of the rest, are seen at once, and are saved with it."""
    index = SegmentIndex.load(saved, NoEncoder(), mmap=True)
    fresh = [Passage(f"new{n}", f"新的第{n}段", group(n)) for n in range(1000)]
    vectors = -block(0)[1][:1000]
    tracemalloc.start()
    try:
        assert index.add(fresh, vectors=vectors) == 1000
        assert index.remove(f"p{n}" for n in range(0, ROWS, ROWS // 1000)) == 1000
        hits = index.search(vectors[[5]], 3)
        assert tracemalloc.get_traced_memory()[1] < ROWS * DIMENSION * 4 / 2
    finally:
        tracemalloc.stop()
    assert index.passage(hits.ids[0, 0]) == fresh[5]
    index.save(tmp_path / "changed.index")
    again = SegmentIndex.load(tmp_path / "changed.index", NoEncoder(), mmap=True)
    assert len(again) == ROWS
    assert again.get("p0") is None
    assert again.get("new999") == fresh[999]
    np.testing.assert_allclose(again.search(vectors[[5]], 3).similarities, hits.similarities, atol=1e-6)
