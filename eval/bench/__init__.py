"""Speed, side by side with peers: ``python -m eval.bench [NAME] [--json]``, and the functions behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from corpora.errors import UsageError

if TYPE_CHECKING:
    from eval.bench.stages import Render

#: Names of the benchmarks and what they measure.
BENCHMARKS = {
    "stages": "一份文档的报告，时间花在哪些阶段（随产品的样例）",
    "w1": "对一个标准的向量检索：150 与 2,000 条陈述，批量 1、64、4,096",
    "w2": "20 万段中的近邻检索，召回率 .95 与 .99",
    "w3": "100 万段（--rows 可改）中的近邻检索，含建立时间与每条字节数",
    "w4": "批量对齐：100 万段 × 150、700、2,000 条陈述，占同形矩阵乘法（SGEMM）速度的几成",
    "w5": "20 万段中只查一个标准",
    "w6": "整份文档：常见流水线与 duibiao audit，每秒几份",
    "load": "服务在 50 份文档同时上传并处理时，200 人读取要等多久，与空闲时并列",
}
#: Those that run when none is named: the others take minutes.
USUAL = ("stages", "w1")
#: What ``all`` stands for.
ALL = ("w1", "w2", "w3", "w4", "w5", "w6")
#: Former names.
_ALIASES = {"search": "w1"}

_EXPECTED = ".expected.json"


@dataclass(frozen=True)
class BenchOptions:
    """How to run a benchmark.

    Parameters
    ----------
    rounds : samples of each case; the benchmark's own number by default. Of ``load``: how many documents are uploaded.
    threads : of a search, for w1 to w5: 1 (judged) or 2 (only reported).
    rows : other than the benchmark's: stored vectors (w2, w3, w5), segments (w4) or documents (w6).
    data : ``real`` or ``synthetic`` vectors for w1 to w3; by default the benchmark's own choice.
    render : for ``stages``: makes a report's document forms, to be timed as the last stage.
    """

    rounds: int | None = None
    threads: int = 1
    rows: int | None = None
    data: str = ""
    render: Render | None = None

    def __post_init__(self) -> None:
        if self.rounds is not None and self.rounds < 1:
            raise UsageError(f"轮数应至少为 1，实为 {self.rounds}")
        if self.threads not in (1, 2):
            raise UsageError(f"线程数应为 1 或 2，实为 {self.threads}")
        if self.rows is not None and self.rows < 1:
            raise UsageError(f"行数应至少为 1，实为 {self.rows}")


class Results(Protocol):
    """What a benchmark gives."""

    def to_text(self) -> str:
        """A table for people."""
        ...

    def to_json(self) -> dict[str, Any]:
        """Plain values for programs."""
        ...


def names_of(name: str) -> tuple[str, ...]:
    """The benchmarks that a name given by a user stands for: the usual ones for none, ``all``, or itself."""
    if not name:
        return USUAL
    return ALL if name == "all" else (_ALIASES.get(name, name),)


def run_benchmark(name: str, options: BenchOptions | None = None) -> Results:
    """Run one benchmark.

    Parameters
    ----------
    name : a key of ``BENCHMARKS``.
    options : how.

    Raises
    ------
    UsageError : there is no such benchmark, or an option does not fit it.
    """
    run = _RUN.get(name)
    if run is None:
        raise UsageError(f"没有名为“{name}”的基准", advice=f"可用：{'、'.join((*BENCHMARKS, 'all'))}")
    return run(options or BenchOptions())


def sample_files() -> tuple[Path, ...]:
    """The project's own sample documents: those with a file of expected verdicts."""
    folder = Path(str(files("corpora") / "samples"))
    expected = {path.name.removesuffix(_EXPECTED) for path in folder.glob(f"*{_EXPECTED}")}
    return tuple(sorted(path for path in folder.iterdir() if path.stem in expected))


def _stages(options: BenchOptions) -> Results:
    from alignment.aligner import Aligner
    from corpora.standard_json import load_standard
    from eval.bench.stages import ROUNDS, measure_stages

    standard, rounds = load_standard("530701"), options.rounds or ROUNDS
    return measure_stages(sample_files(), standard, Aligner.default(), rounds, options.render)


def _standard_search(options: BenchOptions) -> Results:
    from eval.bench.standard_search import ROUNDS, measure_standard_search

    data = (options.data,) if options.data else ()
    return measure_standard_search(data, rounds=options.rounds or ROUNDS, threads=options.threads)


def _large_search(name: str, options: BenchOptions) -> Results:
    from eval.bench.large_search import W2, W3, measure_large_search
    from eval.bench.vectors import SYNTHETIC

    scale = {"w2": W2, "w3": W3}[name]
    return measure_large_search(scale, options.data or SYNTHETIC, options.rows, options.rounds, options.threads)


def _batch_alignment(options: BenchOptions) -> Results:
    from eval.bench.batch_alignment import ROUNDS, SEGMENTS, measure_batch_alignment

    return measure_batch_alignment(options.rows or SEGMENTS, options.rounds or ROUNDS, options.threads)


def _filtered_search(options: BenchOptions) -> Results:
    from eval.bench.filtered_search import ROUNDS, ROWS, measure_filtered_search

    return measure_filtered_search(options.rows or ROWS, options.rounds or ROUNDS, options.threads)


def _folders(options: BenchOptions) -> Results:
    from eval.bench.folders import DOCUMENTS, ROUNDS, measure_folders

    return measure_folders(options.rows or DOCUMENTS, options.rounds or ROUNDS)


def _load(options: BenchOptions) -> Results:
    from eval.bench.load import LoadOptions, measure_load

    return measure_load(LoadOptions(uploads=options.rounds) if options.rounds else LoadOptions())


_RUN: dict[str, Callable[[BenchOptions], Results]] = {
    "stages": _stages,
    "w1": _standard_search,
    "w2": lambda options: _large_search("w2", options),
    "w3": lambda options: _large_search("w3", options),
    "w4": _batch_alignment,
    "w5": _filtered_search,
    "w6": _folders,
    "load": _load,
}
