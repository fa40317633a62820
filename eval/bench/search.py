"""W1: many queries against one standard, 150 and 2,000 statements, in batches of 1, 64 and 4,096."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import numpy as np

from eval.bench.environment import Environment, describe_environment
from eval.bench.peers import OURS, PEERS
from eval.bench.text import table
from eval.bench.timing import Timing, interleave
from index.kernel import limited_threads
from index.protocols import Ids, Vectors

DIMENSION = 256
TOP = 5
CLUSTERS = 40
ROUNDS = 15


@dataclass(frozen=True)
class SearchRow:
    """One way to search, at one size and batch.

    Parameters
    ----------
    rows, batch : stored vectors, queries in one call.
    method : name of the way.
    seconds : processor time of the whole batch, on one thread.
    slower : how many times as long as ours it takes, from the medians.
    recall : share of the true top rows that it found, equal similarities counting as found.
    """

    rows: int
    batch: int
    method: str
    seconds: Timing
    slower: float
    recall: float


@dataclass(frozen=True)
class SearchResults:
    """All rows, and what they were measured on."""

    environment: Environment
    rows: tuple[SearchRow, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        rows = [asdict(row) for row in self.rows]
        return {"environment": self.environment.to_json(), "dimension": DIMENSION, "top": TOP, "rows": rows}

    def to_text(self) -> str:
        """A table for people."""
        heads = ("条数", "批量", "方法", "毫秒/批", "最小", "最大", "次/秒", "用时/本产品", f"recall@{TOP}")
        return "\n".join(
            [
                f"向量检索 W1：合成聚簇单位向量，{DIMENSION} 维，内积，前 {TOP} 名",
                "一个线程的处理器时间，各法轮流，取中位数；次/秒 = 批量 / 中位数",
                *self.environment.lines(),
                "",
                table(heads, [_cells(row) for row in self.rows]),
            ]
        )


def measure_search(
    sizes: Sequence[int] = (150, 2000), batches: Sequence[int] = (1, 64, 4096), rounds: int = ROUNDS, seed: int = 0
) -> SearchResults:
    """Measure every peer in one run on one thread.

    Parameters
    ----------
    sizes : numbers of stored vectors.
    batches : numbers of queries in one call.
    rounds : samples of each peer, taken in turn.
    seed : of the synthetic vectors.
    """
    rng = np.random.default_rng(seed)
    rows: list[SearchRow] = []
    describe_environment()
    with limited_threads(1):
        environment = describe_environment()
        for size in sizes:
            vectors, queries = clustered(rng, size), clustered(rng, max(batches))
            for batch in batches:
                rows += _measure(vectors, queries[:batch].copy(), rounds)
    return SearchResults(environment, tuple(rows))


def clustered(rng: np.random.Generator, count: int) -> Vectors:
    """Unit vectors (count, ``DIMENSION``) about 40 common centres, as texts of one field lie."""
    centres = np.random.default_rng(CLUSTERS).standard_normal((CLUSTERS, DIMENSION))
    vectors = centres[rng.integers(0, CLUSTERS, count)] + rng.standard_normal((count, DIMENSION))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def _measure(vectors: Vectors, queries: Vectors, rounds: int) -> list[SearchRow]:
    peers = {name: make(vectors) for name, make in PEERS.items()}
    asked = {name: peer.prepare(queries) for name, peer in peers.items()}
    found = {name: peer.ids(peer.search(asked[name], TOP)) for name, peer in peers.items()}
    timings = interleave({name: partial(peer.search, asked[name], TOP) for name, peer in peers.items()}, rounds)
    base = timings[OURS].median
    return [
        SearchRow(len(vectors), len(queries), name, timing, timing.median / base, recall(found[name], vectors, queries))
        for name, timing in timings.items()
    ]


def recall(ids: Ids, vectors: Vectors, queries: Vectors) -> float:
    """Share of named rows that are as similar as the true k-th best, each row counting once a query."""
    truth = queries.astype(np.float64) @ vectors.T.astype(np.float64)
    k = ids.shape[1]
    worst = -np.partition(-truth, k - 1, axis=1)[:, k - 1, None]
    good = np.take_along_axis(truth, ids, 1) >= worst - 1e-6
    ranked = np.sort(np.where(good, ids, -1), axis=1)
    fresh = np.ones_like(ranked, bool)
    fresh[:, 1:] = ranked[:, 1:] != ranked[:, :-1]
    return float((fresh & (ranked >= 0)).mean())


def _cells(row: SearchRow) -> tuple[str, ...]:
    seconds = row.seconds
    times = (f"{1e3 * value:.3f}" for value in (seconds.median, seconds.low, seconds.high))
    rate = f"{row.batch / seconds.median:,.0f}"
    return str(row.rows), str(row.batch), row.method, *times, rate, f"{row.slower:.2f}", f"{row.recall:.3f}"
