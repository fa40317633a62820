"""Vectors, truth, peers, races and verdicts: what is told as fast is also right."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from corpora.errors import UsageError
from eval.bench.batch_alignment import measure_batch_alignment
from eval.bench.filtered_search import measure_filtered_search
from eval.bench.large_search import W3, Scale, measure_large_search
from eval.bench.peers import FAISS, HNSW, STANDARD, USEARCH, WRAPPER, Method, Searcher
from eval.bench.peers.base import ladder
from eval.bench.peers.filtered import BATCH_SELECTOR
from eval.bench.peers.flat import plain_faiss
from eval.bench.peers.graph_usearch import usearch_graph
from eval.bench.peers.ours import APPROXIMATE, EXACT
from eval.bench.race import Options, race
from eval.bench.report import Verdict, ratio
from eval.bench.sgemm import tuned_sgemms
from eval.bench.standard_search import measure_standard_search
from eval.bench.truth import Truth
from eval.bench.vectors import has_real_text, sample, synthetic
from index.protocols import Vectors


def methods_here(methods: tuple[Method, ...]) -> tuple[Method, ...]:
    """Those whose libraries come with the product or with its development."""
    return tuple(method for method in methods if method.library in ("", "faiss-cpu", "numpy", "usearch"))


def test_vectors_are_unit_and_repeatable() -> None:
    """The synthetic vectors have length 1, are the same every time, and more of them begin with the same."""
    vectors = synthetic(50)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-5)
    np.testing.assert_array_equal(vectors, synthetic(50))
    assert not np.array_equal(vectors, synthetic(50, seed=1))


def test_vectors_lie_in_groups() -> None:
    """A vector has neighbours far nearer than its distance to most."""
    whole = sample("synthetic", 3_000, 100)
    similarities = np.sort(whole.queries @ whole.stored.T, axis=1)
    assert similarities[:, -10].mean() > 0.25
    assert abs(np.median(similarities)) < 0.1


def test_unknown_vectors() -> None:
    """A kind of vectors that does not exist is a wrong call; real text that is not there is said."""
    with pytest.raises(UsageError, match="没有名为"):
        sample("none", 1, 1)
    with pytest.raises(UsageError, match="没有真实文本"):
        sample("real", 1, 1, Path("nowhere"))


def test_real_text() -> None:
    """Paragraphs of real text become unit vectors, kept for the next run."""
    if not has_real_text():
        pytest.skip("no text beside the project")
    first, second = sample("real", 200, 10), sample("real", 200, 10)
    assert (first.stored.shape, first.queries.shape) == ((200, 256), (10, 256))
    np.testing.assert_allclose(np.linalg.norm(first.stored, axis=1), 1, rtol=1e-4)
    np.testing.assert_array_equal(first.stored, second.stored)


def test_recall_counts_wrong_repeated_and_missing_rows() -> None:
    """A row that is not among the best, one named twice, or an empty place lowers the recall; a tie does not."""
    vectors = np.array([[1, 0], [0.8, 0.6], [0.8, 0.6], [0, 1]], np.float32)
    truth = Truth.of(vectors, np.array([[1, 0]], np.float32), 2)
    assert truth.recall(np.array([[0, 1]])) == truth.recall(np.array([[2, 0]])) == 1
    for wrong in ([[0, 3]], [[0, 0]], [[0, -1]], [[0]]):
        assert truth.recall(np.array(wrong)) == 0.5


def test_every_exact_peer_is_exact() -> None:
    """Each way to search a standard that is installed in development finds the true top rows."""
    vectors = synthetic(300)
    truth = Truth.of(vectors[:200].copy(), vectors[200:], 5)
    rows = race(methods_here(STANDARD), "x", truth.vectors, truth, (1, 7), (0.95,), Options(5, 1))
    assert {row.method for row in rows} >= {*(method.name for method in EXACT), FAISS.name, WRAPPER.name, "numpy"}
    assert all(row.recall == 1 and row.seconds for row in rows)


def test_approximate_peers_reach_the_recall_they_are_timed_at() -> None:
    """What has a setting is timed at the cheapest one that finds enough, or said not to reach it."""
    whole = sample("synthetic", 5_100, 100)
    truth = Truth.of(whole.stored, whole.queries, 10)
    rows = race((APPROXIMATE[0], USEARCH), "x", whole.stored, truth, (1, 100), (0.9,), Options(10, 1))
    timed = [row for row in rows if row.wanted and row.seconds]
    assert {"usearch", "本产品 clustered"} <= {row.method for row in timed}
    assert all(row.recall is not None and row.recall >= 0.9 for row in timed)


def test_cheapest_setting_is_taken() -> None:
    """Of two settings that find enough, the cheaper one is timed."""
    whole = sample("synthetic", 500, 50)
    truth = Truth.of(whole.stored, whole.queries, 5)
    asked: list[int] = []

    def build(vectors: Vectors, threads: int) -> Searcher:
        exact = plain_faiss(vectors, threads)

        def search(queries: Vectors, k: int, setting: int) -> Any:
            asked.append(setting)
            similarities, ids = exact.search(queries, k, None)
            return similarities, np.where(np.arange(k) < setting, ids, -1)

        return Searcher(search, lambda answer: answer[1], ladders=((1, 2, 3, 4, 5),))

    rows = race([Method("steps", build)], "x", whole.stored, truth, (50,), (0.7, 1.0), Options(5, 1))
    assert [(row.wanted, row.setting, row.recall) for row in rows] == [(0.7, "4", pytest.approx(0.8)), (1.0, "5", 1)]
    assert asked[-1] == 5


def test_unreached_and_missing_are_said() -> None:
    """A method that cannot reach a recall, and one that is not installed, stand in the table with the reason."""
    whole = sample("synthetic", 300, 20)
    truth = Truth.of(whole.stored, whole.queries, 5)

    def poor(_vectors: Vectors, _threads: int) -> Searcher:
        return Searcher(lambda queries, k, _: np.full((len(queries), k), -1), lambda ids: ids, ladders=((1, 2),))

    def missing(_vectors: Vectors, _threads: int) -> Searcher:
        raise ImportError

    methods = [Method("poor", poor), Method("missing", missing), Method("slow", plain_faiss, most_queries=5)]
    rows = race(methods, "x", whole.stored, truth, (20,), (0.5,), Options(5, 1))
    notes = {row.method: row.note for row in rows}
    assert notes == {"poor": "达不到这个召回率", "missing": "未安装", "slow": "未测（一批数分钟）"}
    assert all(row.seconds is None for row in rows)


def test_verdicts_come_from_the_numbers() -> None:
    """A verdict compares what was measured with what is wanted, and says where nothing was measured."""
    assert Verdict("甲", 2, 2.5).line() == "目标 甲 ≥ 2 倍　实测 2.50 倍　达到"
    assert Verdict("甲", 2, 1.5).line().endswith("未达到")
    assert Verdict("甲", 2, None).line().endswith("实测 未测　无法判断")
    assert (ratio(6.0, 2.0), ratio(None, 2.0), ratio(1.0, None)) == (3.0, None, None)


def test_standard_search_verdicts() -> None:
    """The first workload judges the product's default by its own times in the same run."""
    report = measure_standard_search(("synthetic",), (150,), (64,), rounds=1, methods=(*EXACT, FAISS, WRAPPER))
    times = {row["method"]: row["seconds"]["median"] for row in report.records}
    (verdict,) = report.verdicts
    assert verdict.measured == pytest.approx(times[FAISS.name] / times[EXACT[0].name])
    assert report.panels[0].bars[0].value == pytest.approx(64 / times[EXACT[0].name])


def test_large_search_verdicts() -> None:
    """The large workloads compare the fastest of ours that finds enough with hnswlib, speed and building."""
    peer = Method(HNSW.name, usearch_graph, "usearch")
    scale = Scale("w2", 6_000, 1, ((0.95, 64, 2.0),), W3.build)
    report = measure_large_search(scale, batches=(1, 64), methods=(*EXACT, *APPROXIMATE[:1], peer))
    own = [r for r in report.records if r["ours"] and r["batch"] == 64 and r["recall"] >= 0.95 and r["wanted"] != 0.99]
    best = min(own, key=lambda row: row["seconds"]["median"])
    (other,) = [r for r in report.records if r["method"] == HNSW.name and r["batch"] == 64 and r["wanted"] == 0.95]
    assert report.verdicts[0].measured == pytest.approx(other["seconds"]["median"] / best["seconds"]["median"])
    assert report.settings["interleaved"] is True


def test_filtered_search() -> None:
    """Within a standard, slices and selectors are exact, and the verdicts compare the two."""
    report = measure_filtered_search(2_000, 1)
    exact = {row["method"]: row["recall"] for row in report.records if not row["note"] and row["wanted"] is None}
    assert BATCH_SELECTOR in exact
    assert set(exact.values()) == {1}
    assert [verdict.wanted for verdict in report.verdicts] == [8, 50]
    assert all(verdict.measured for verdict in report.verdicts)


def test_products_multiply() -> None:
    """Each matrix product leaves the last block's similarities in its buffer, and writes all of them."""
    vectors, queries = synthetic(30), synthetic(70, seed=1)
    for gemm in tuned_sgemms(queries, vectors):
        out = np.zeros((70, 30), np.float32)
        gemm.product(queries, vectors, out)
        np.testing.assert_allclose(out, queries @ vectors.T, atol=1e-5)
        gemm.run(queries, vectors)


def test_batch_alignment() -> None:
    """Shares are of the fastest product, products find nothing, methods find everything."""
    report = measure_batch_alignment(4_000, 2, sizes=(700,))
    products = [row for row in report.records if row["product"]]
    assert max(row["share"] for row in products) == pytest.approx(100)
    assert all(row["recall"] == 1 for row in report.records if not row["product"])
    (verdict,) = report.verdicts
    assert verdict.measured == next(row["share"] for row in report.records if row["ours"])


def test_ladder() -> None:
    """Steps rise from the first to the last number, without repeats."""
    steps = ladder(1, 100, 20)
    assert (steps[0], steps[-1]) == (1, 100)
    assert all(low < high for low, high in pairwise(steps))
