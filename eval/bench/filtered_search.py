"""W5: the ten nearest within one standard, among 200,000 rows of many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from eval.bench.environment import describe_environment
from eval.bench.peers.filtered import BATCH_SELECTOR, methods_within
from eval.bench.race import Options, Row, race
from eval.bench.report import Report, Verdict, ratio
from eval.bench.search_report import HEADS, cells, panels, seconds
from eval.bench.standard_search import clock_line
from eval.bench.truth import Truth
from eval.bench.vectors import SYNTHETIC, sample
from index.kernel import limited_threads

TOP = 10
ROUNDS = 9
ROWS = 200_000
#: Rows of one standard.
STANDARD_ROWS = 700
BATCHES = (1, 64)
#: Batch, times as fast as faiss's selector of named rows.
TARGETS = ((1, 8.0), (64, 50.0))


def measure_filtered_search(
    rows: int = ROWS, rounds: int = ROUNDS, threads: int = 1, batches: Sequence[int] = BATCHES
) -> Report:
    """Measure every method that can be told which rows to search.

    Parameters
    ----------
    rows : of all standards together.
    rounds, threads : see ``race.Options``.
    batches : queries in one call.
    """
    describe_environment()
    whole = sample(SYNTHETIC, rows, max(batches))
    start = rows // 2
    stop = min(rows, start + STANDARD_ROWS)
    methods = methods_within(start, stop)
    with limited_threads(threads):
        environment = describe_environment(methods)
        inside = Truth.of(whole.stored[start:stop].copy(), whole.queries, TOP)
        truth = replace(inside, vectors=whole.stored)
        found = race(methods, whole.label, whole.stored, truth, batches, (0.95,), Options(TOP, rounds, threads))
    return Report(
        "w5",
        f"W5　{rows:,} 段中只查一个标准的 {stop - start} 段，前 {TOP} 名",
        (clock_line(threads), "usearch、ScaNN 的 Python 接口没有过滤，未列；建立秒为所有处理器之和"),
        environment,
        HEADS,
        tuple(map(cells, found)),
        tuple(row.record() for row in found),
        tuple(_verdicts(found, methods[0].name, batches)) if threads == 1 else (),
        panels=panels([replace(row, wanted=None) for row in found], TOP),
        settings={"rows": rows, "rounds": rounds, "threads": threads, "top": TOP, "data": SYNTHETIC},
    )


def _verdicts(rows: Sequence[Row], ours: str, batches: Sequence[int]) -> list[Verdict]:
    found = []
    for batch, wanted in TARGETS:
        if batch in batches:
            some = [row for row in rows if row.batch == batch]
            times = (seconds(some, name) for name in (BATCH_SELECTOR, ours))
            found.append(Verdict(f"批量 {batch}：{ours} 快于 {BATCH_SELECTOR}", wanted, ratio(*times)))
    return found
