"""W4: a million segments against 150, 700 and 2,000 statements, top 5, beside the matrix product of the same shape.

The work is linear in the segments, which are many times the cache; so a round takes a share of them, and the rounds
together take all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from eval.bench.environment import describe_environment
from eval.bench.peers import FAISS, Method
from eval.bench.peers.ours import EXACT
from eval.bench.report import Bar, Panel, Report, Verdict
from eval.bench.sgemm import tuned_sgemms
from eval.bench.standard_search import clock_line
from eval.bench.timing import Timing, interleave
from eval.bench.truth import Truth
from eval.bench.vectors import SYNTHETIC, sample
from index.kernel import limited_threads
from index.protocols import Vectors

TOP = 5
ROUNDS = 5
SEGMENTS = 1_000_000
SIZES = (150, 700, 2_000)
_CHECKED = 1_024

#: Statements, share of the matrix product's speed that the default must reach.
TARGETS = ((700, 65.0), (2_000, 75.0), (2_000, 85.0))
METHODS: tuple[Method, ...] = (*EXACT, FAISS)

_HEADS = ("条数", "段/轮", "方法", "毫秒/轮", "最小", "最大", "万段/秒", "GFLOP/s", "占最快 SGEMM %", "召回率")


@dataclass(frozen=True)
class AlignmentRow:
    """One way to align, or one matrix product, at one number of statements.

    Parameters
    ----------
    statements, segments : stored vectors, and queries of one round.
    method, ours, product : who, and whether it is a mere matrix product.
    seconds : of one round.
    gflops : 2 x segments x statements x dimension / seconds, in 10^9: what a matrix product would have to do.
    share : of the fastest matrix product's speed, in per cent.
    recall : of the first 1,024 segments; None for products.
    """

    statements: int
    segments: int
    method: str
    ours: bool
    product: bool
    seconds: Timing
    gflops: float
    share: float
    recall: float | None


def measure_batch_alignment(
    segments: int = SEGMENTS,
    rounds: int = ROUNDS,
    threads: int = 1,
    sizes: Sequence[int] = SIZES,
    methods: Sequence[Method] = METHODS,
) -> Report:
    """Measure every method and product in one run.

    Parameters
    ----------
    segments : of all rounds together.
    rounds, threads : samples of each, and threads of each.
    sizes : numbers of statements.
    methods : who takes part; the product's default first.
    """
    share = max(1, segments // rounds)
    describe_environment()
    rows: list[AlignmentRow] = []
    with limited_threads(threads):
        environment = describe_environment(methods)
        whole = sample(SYNTHETIC, max(sizes), share)
        for size in sizes:
            rows += _measure(whole.stored[:size].copy(), whole.queries, rounds, threads, methods)
    return Report(
        "w4",
        f"W4　批量对齐：{segments:,} 段分 {rounds} 轮，{'、'.join(map(str, sizes))} 条陈述，前 {TOP} 名",
        (
            clock_line(threads),
            "SGEMM 只做同形的矩阵乘法（分块，结果反复写进同一块缓存），各取最快的块；GFLOP/s 都按矩阵乘法的运算量计",
        ),
        environment,
        _HEADS,
        tuple(map(_cells, rows)),
        tuple(asdict(row) for row in rows),
        tuple(_verdicts(rows, methods[0].name)) if threads == 1 else (),
        panels=tuple(_panels(rows)),
        settings={"segments": segments, "rounds": rounds, "threads": threads, "top": TOP, "data": SYNTHETIC},
    )


def _measure(
    vectors: Vectors, queries: Vectors, rounds: int, threads: int, methods: Sequence[Method]
) -> list[AlignmentRow]:
    truth = Truth.of(vectors, queries[:_CHECKED], TOP)
    cases: dict[str, Callable[[], object]] = {}
    recalls: dict[str, float] = {}
    for method in methods:
        searcher = method.build(vectors, threads)
        cases[method.name] = partial(searcher.search, searcher.prepare(queries), TOP, None)
        found = searcher.ids(searcher.search(searcher.prepare(queries[:_CHECKED]), TOP, None))
        recalls[method.name] = truth.recall(found)
    products = {f"{gemm.name}，每块 {gemm.block} 行": gemm for gemm in tuned_sgemms(queries, vectors)}
    cases |= {name: partial(gemm.run, queries, vectors) for name, gemm in products.items()}
    timings = interleave(cases, rounds, threads > 1)
    fastest = min(timings[name].median for name in products)
    own = {method.name for method in methods if method.ours}
    work = 2e-9 * vectors.size * len(queries)
    return [
        AlignmentRow(
            len(vectors),
            len(queries),
            name,
            name in own,
            name in products,
            timing,
            work / timing.median,
            100 * fastest / timing.median,
            recalls.get(name),
        )
        for name, timing in timings.items()
    ]


def _verdicts(rows: Sequence[AlignmentRow], ours: str) -> list[Verdict]:
    sizes = {row.statements for row in rows}
    share: dict[Any, float] = {(row.statements, row.method): row.share for row in rows}
    return [
        Verdict(f"{size} 条：{ours} 占同形 SGEMM 速度", wanted, share.get((size, ours)), " %")
        for size, wanted in TARGETS
        if size in sizes
    ]


def _panels(rows: Sequence[AlignmentRow]) -> list[Panel]:
    return [
        Panel(f"{size:,} 条陈述", "GFLOP/s（按矩阵乘法计）", tuple(_bar(row) for row in rows if row.statements == size))
        for size in dict.fromkeys(row.statements for row in rows)
    ]


def _bar(row: AlignmentRow) -> Bar:
    work = row.gflops * row.seconds.median
    return Bar(row.method, row.gflops, work / row.seconds.high, work / row.seconds.low, row.ours)


def _cells(row: AlignmentRow) -> tuple[str, ...]:
    seconds = row.seconds
    times = (f"{1e3 * value:.1f}" for value in (seconds.median, seconds.low, seconds.high))
    rate = f"{row.segments / seconds.median / 1e4:.1f}"
    recall = "-" if row.recall is None else f"{row.recall:.3f}"
    names = (str(row.statements), f"{row.segments:,}", row.method)
    return (*names, *times, rate, f"{row.gflops:.1f}", f"{row.share:.0f}", recall)
