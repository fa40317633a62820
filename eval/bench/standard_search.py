"""W1: many queries against one standard, 150 and 2,000 statements, in batches of 1, 64 and 4,096."""

from __future__ import annotations

from collections.abc import Sequence

from eval.bench.environment import describe_environment
from eval.bench.peers import FAISS, OURS, STANDARD, WRAPPER, Method
from eval.bench.race import Options, Row, race
from eval.bench.report import Report, Verdict, ratio
from eval.bench.search_report import HEADS, cells, panels, seconds
from eval.bench.truth import Truth
from eval.bench.vectors import NAMES, REAL, SYNTHETIC, has_real_text, sample
from index.kernel import limited_threads

TOP = 5
ROUNDS = 9
SIZES, BATCHES = (150, 2_000), (1, 64, 4_096)

#: Rows, batch, whom to compare with, how many times as fast.
TARGETS = ((150, 4_096, WRAPPER, 12.0), (2_000, 4_096, WRAPPER, 6.0), (150, 64, FAISS, 3.0), (2_000, 64, FAISS, 3.0))


def measure_standard_search(
    data: Sequence[str] = (),
    sizes: Sequence[int] = SIZES,
    batches: Sequence[int] = BATCHES,
    rounds: int = ROUNDS,
    threads: int = 1,
    methods: Sequence[Method] = STANDARD,
) -> Report:
    """Measure every method in one run.

    Parameters
    ----------
    data : ``real``, ``synthetic``; by default both, or the second alone where there is no text.
    sizes, batches : stored vectors, and queries in one call.
    rounds, threads : see ``race.Options``.
    methods : who takes part; the product's default first.
    """
    kinds = data or ((REAL, SYNTHETIC) if has_real_text() else (SYNTHETIC,))
    describe_environment()
    rows: list[Row] = []
    with limited_threads(threads):
        environment = describe_environment(methods)
        for kind in kinds:
            whole = sample(kind, max(sizes), max(batches))
            for size in sizes:
                truth = Truth.of(whole.stored[:size].copy(), whole.queries, TOP)
                options = Options(TOP, rounds, threads)
                rows += race(methods, whole.label, truth.vectors, truth, batches, (0.95, 0.99), options)
    return Report(
        "w1",
        f"W1　对一个标准的向量检索：{'、'.join(map(str, sizes))} 条陈述，前 {TOP} 名",
        (clock_line(threads), *_missing()),
        environment,
        HEADS,
        tuple(map(cells, rows)),
        tuple(row.record() for row in rows),
        tuple(_verdicts(rows, methods[0].name)) if threads == 1 else (),
        tuple(_standing(rows, methods[0].name)),
        panels(rows, TOP),
        {"rounds": rounds, "threads": threads, "top": TOP},
    )


def clock_line(threads: int) -> str:
    """How the times were taken."""
    if threads == 1:
        return "一个线程：本进程（含各库自己的线程）的处理器时间；各法轮流，取中位数；次/秒 = 批量 / 中位数"
    return f"{threads} 个线程：墙上时间；各法轮流，取中位数（只报告，不作判定）"


def _missing() -> tuple[str, ...]:
    return () if has_real_text() else (f"没有测{NAMES[REAL]}：只用合成数据",)


def _verdicts(rows: Sequence[Row], ours: str) -> list[Verdict]:
    found = []
    for data in dict.fromkeys(row.data for row in rows):
        for size, batch, peer, wanted in TARGETS:
            some = [row for row in rows if (row.data, row.rows, row.batch) == (data, size, batch)]
            if some:
                times = (seconds(some, name) for name in (peer.name, ours))
                found.append(Verdict(f"{data}，{size} 条，批量 {batch}：快于 {peer.name}", wanted, ratio(*times)))
    return found


def _standing(rows: Sequence[Row], ours: str) -> list[str]:
    """How the default stands beside the fastest other exact method of each size and batch."""
    lines = []
    for data, size, batch in dict.fromkeys((row.data, row.rows, row.batch) for row in rows if row.seconds):
        some = [row for row in rows if (row.data, row.rows, row.batch) == (data, size, batch)]
        exact = [(row.seconds.median, row.method) for row in some if row.seconds and (row.recall or 0) > 0.999]
        own = [time for time, method in exact if method == ours]
        others = [(time, row) for time, row in exact if not row.startswith(OURS)]
        if own and others:
            time, method = min(others)
            where = f"{data}，{size} 条，批量 {batch}"
            lines.append(f"{where}：其余精确方法中最快的是 {method}，用时为 {ours} 的 {time / own[0]:.2f} 倍")
    return lines
