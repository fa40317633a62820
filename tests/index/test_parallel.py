"""Encoding in several processes: the same vectors in the same order, whatever happens to a process."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from index.encoders import builtin_encoder
from index.parallel import ParallelEncoder

TEXTS = [f"第{n}项：掌握{'选品、定价' * (n % 4)}的方法{n % 7}" if n % 50 else "" for n in range(1500)]


@pytest.fixture(scope="module", params=[True, False], ids=["threads", "processes"])
def parallel(request: pytest.FixtureRequest) -> Iterator[ParallelEncoder]:
    """Two threads (where the extension is built) or processes, started whatever the amount."""
    with ParallelEncoder(processes=2, worth=1, compiled=request.param) as encoder:
        yield encoder


@pytest.fixture
def processes() -> Iterator[ParallelEncoder]:
    """Two processes."""
    with ParallelEncoder(processes=2, worth=1, compiled=False) as encoder:
        yield encoder


def test_vectors_are_those_of_one_process(parallel: ParallelEncoder) -> None:
    """Vectors equal the encoder's own to the last bit, in order, in a call and batch by batch."""
    expected = builtin_encoder().encode(TEXTS)
    assert np.array_equal(parallel.encode(TEXTS), expected)
    parts = list(parallel.encode_many(iter(TEXTS), batch=97))
    assert [len(part) for part in parts] == [97] * 15 + [45]
    assert np.array_equal(np.vstack(parts), expected)
    assert (parallel.dimension, parallel.fingerprint) == (256, builtin_encoder().fingerprint)
    assert parallel.encode([]).shape == (0, 256)


def test_texts_are_read_only_a_little_ahead(parallel: ParallelEncoder) -> None:
    """However many texts there are, only a few batches of them are in memory at once."""
    read = 0

    def endless() -> Iterator[str]:
        nonlocal read
        while True:
            read += 1
            yield f"文本{read}"

    stream = parallel.encode_many(endless(), batch=10)
    for _ in range(20):
        next(stream)
    assert 200 <= read <= 250


def test_a_process_that_ends_takes_nothing_with_it(processes: ParallelEncoder) -> None:
    """When the processes are killed between two jobs, every vector is there all the same, and later too."""
    expected = builtin_encoder().encode(TEXTS)
    for _ in range(2):
        stream = processes.encode_many(TEXTS, batch=50)
        parts = [next(stream)]
        children = [processes._idle.get() for _ in range(2)]
        for child in children:
            child.kill()
            processes._idle.put(child)
        parts += stream
        assert np.array_equal(np.vstack(parts), expected)


def test_little_text_starts_no_process() -> None:
    """A call below the bound, and a stream that ends below it, are encoded here."""
    with ParallelEncoder(processes=2) as encoder:
        vectors = encoder.encode(TEXTS[:100])
        assert np.array_equal(vectors, np.vstack(list(encoder.encode_many(TEXTS[:100], batch=30))))
        assert encoder._threads is None
    assert list(encoder.encode_many([])) == []


def test_one_process_is_this_one() -> None:
    """Asked for one process, nothing is started whatever the amount."""
    with ParallelEncoder(processes=1, worth=1) as encoder:
        assert np.array_equal(encoder.encode(TEXTS), builtin_encoder().encode(TEXTS))
        assert encoder._threads is None
