"""W2 and W3: the ten nearest among 200,000 and among a million, at recall .95 and .99, one by one and in batches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eval.bench.environment import describe_environment
from eval.bench.peers import HNSW, LARGE, OURS, SCANN, Method
from eval.bench.race import Options, Row, available_memory, race
from eval.bench.report import Report, Verdict, ratio
from eval.bench.search_report import HEADS, cells, panels
from eval.bench.standard_search import clock_line
from eval.bench.truth import Truth
from eval.bench.vectors import SYNTHETIC, sample
from index.kernel import limited_threads
from index.protocols import Vectors

TOP = 10
RECALLS = (0.95, 0.99)
BATCHES = (1, 1_024)
#: Bytes a stored number takes while all methods are held at once: its own vectors, and those inside each method.
_HELD = 4 * 12


@dataclass(frozen=True)
class Scale:
    """A workload: rows, rounds, and its targets (recall, batch, times as fast as hnswlib)."""

    name: str
    rows: int
    rounds: int
    targets: tuple[tuple[float, int, float], ...]
    build: float | None = None


W2 = Scale("w2", 200_000, 7, ((0.95, 1_024, 2.0), (0.95, 1, 1.4), (0.99, 1_024, 2.5), (0.99, 1, 2.5)))
W3 = Scale("w3", 1_000_000, 5, ((0.95, 1_024, 2.5),), build=4.0)


def measure_large_search(
    scale: Scale,
    data: str = SYNTHETIC,
    rows: int | None = None,
    rounds: int | None = None,
    threads: int = 1,
    batches: Sequence[int] = BATCHES,
    methods: Sequence[Method] = LARGE,
) -> Report:
    """Measure every method: all held at once and timed in turn, or one after the other where memory is short.

    Parameters
    ----------
    scale : ``W2`` or ``W3``.
    data : ``real`` or ``synthetic``.
    rows, rounds : other than the scale's.
    threads : of a search; building uses all processors.
    batches : queries in one call.
    methods : who takes part.
    """
    count, turns = rows or scale.rows, rounds or scale.rounds
    describe_environment()
    whole = sample(data, count, max(batches))
    together = _fits(whole.stored)
    with limited_threads(threads):
        environment = describe_environment(methods)
        truth = Truth.of(whole.stored, whole.queries, TOP)
        groups = [methods] if together else [(method,) for method in methods]
        options = Options(TOP, turns, threads)
        found = [
            r for group in groups for r in race(group, whole.label, whole.stored, truth, batches, RECALLS, options)
        ]
    return Report(
        scale.name,
        f"{scale.name.upper()}　{count:,} 段中的前 {TOP} 名，召回率 {'、'.join(map(str, RECALLS))}",
        (clock_line(threads), _how(together)),
        environment,
        HEADS,
        tuple(map(cells, found)),
        tuple(row.record() for row in found),
        tuple(_verdicts(found, scale)) if threads == 1 else (),
        tuple(_standing(found)),
        panels(found, TOP),
        {"data": data, "rows": count, "rounds": turns, "threads": threads, "top": TOP, "interleaved": together},
    )


def _fits(vectors: Vectors) -> bool:
    free = available_memory()
    return free is None or vectors.size * _HELD < free


def _how(together: bool) -> str:
    how = "各法同时在内存中轮流计时" if together else "内存不够同时放下，各法先后建立、计时、释放"
    chosen = "每法取达到召回率的最便宜的设置；判定时本产品取够召回率的后端中最快的，与 index tune 的取法相同"
    return f"{how}；{chosen}；建立秒为所有处理器的处理器时间之和，包括训练"


def _fastest(rows: Sequence[Row], batch: int, wanted: float, name: str = OURS) -> Row | None:
    """The fastest row that finds enough, of methods whose names begin so: of ours by default."""
    some = [
        row
        for row in rows
        if row.seconds and row.batch == batch and (row.recall or 0) >= wanted - 1e-9
        and row.wanted in (None, wanted) and row.method.startswith(name)
    ]  # fmt: skip
    return min(some, key=lambda row: row.seconds.median if row.seconds else 0, default=None)


def _verdicts(rows: Sequence[Row], scale: Scale) -> list[Verdict]:
    found = []
    for wanted, batch, times in scale.targets:
        own, peer = _fastest(rows, batch, wanted), _fastest(rows, batch, wanted, HNSW.name)
        what = f"召回率 {wanted}，批量 {batch}：快于 hnswlib（{own.method if own else '本产品'}）"
        found.append(Verdict(what, times, ratio(_time(peer), _time(own))))
    if scale.build:
        own, peer = _fastest(rows, BATCHES[-1], 0.95), _fastest(rows, BATCHES[-1], 0.95, HNSW.name)
        what = f"建立索引：省于 hnswlib（{own.method if own else '本产品'}）"
        found.append(Verdict(what, scale.build, ratio(peer.build if peer else None, own.build if own else None)))
    return found


def _standing(rows: Sequence[Row]) -> list[str]:
    """Where ScaNN, and the fastest of all others, stand beside us."""
    lines = []
    for batch in dict.fromkeys(row.batch for row in rows if row.batch):
        for wanted in RECALLS:
            own = _fastest(rows, batch, wanted)
            others = _fastest([row for row in rows if not row.ours], batch, wanted, "")
            found = dict.fromkeys(filter(None, (_fastest(rows, batch, wanted, SCANN.name), others)))
            said = (f"{peer.method} {times:.2f} 倍" for peer in found if (times := ratio(_time(own), _time(peer))))
            if own and found:
                named = "，最快的其他方法 ".join(said)
                lines.append(f"召回率 {wanted}，批量 {batch}：{own.method} 的速度为 1 时，{named}")
    return lines


def _time(row: Row | None) -> float | None:
    return row.seconds.median if row and row.seconds else None
