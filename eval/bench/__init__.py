"""Speed, side by side with peers: ``python -m eval.bench [NAME] [--json]``, and the functions behind it."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from corpora.errors import UsageError

if TYPE_CHECKING:
    from eval.bench.stages import Render

#: Names of the benchmarks and what they measure.
BENCHMARKS = {
    "stages": "一份文档的报告，时间花在哪些阶段（随产品的样例）",
    "search": "W1：对一个标准的向量检索，与 faiss 默认、numpy、逐条+文档库并列",
    "load": "服务在 50 份文档同时上传并处理时，200 人读取要等多久，与空闲时并列",
}
#: Those that run when none is named: the others take minutes and the whole machine.
USUAL = ("stages", "search")

_EXPECTED = ".expected.json"


class Results(Protocol):
    """What a benchmark gives."""

    def to_text(self) -> str:
        """A table for people."""
        ...

    def to_json(self) -> dict[str, Any]:
        """Plain values for programs."""
        ...


def run_benchmark(name: str, rounds: int | None = None, render: Render | None = None) -> Results:
    """Run one benchmark.

    Parameters
    ----------
    name : a key of ``BENCHMARKS``.
    rounds : samples of each case; the benchmark's own number by default. Of ``load``: how many documents are uploaded.
    render : for ``stages``: makes a report's document forms, to be timed as the last stage.

    Raises
    ------
    UsageError : there is no such benchmark, or less than one round.
    """
    if rounds is not None and rounds < 1:
        raise UsageError(f"轮数应至少为 1，实为 {rounds}")
    if name == "stages":
        return _stages(rounds, render)
    if name == "search":
        return _search(rounds)
    if name == "load":
        return _load(rounds)
    raise UsageError(f"没有名为“{name}”的基准", advice=f"可用：{'、'.join(BENCHMARKS)}")


def sample_files() -> tuple[Path, ...]:
    """The project's own sample documents: those with a file of expected verdicts."""
    folder = Path(str(files("corpora") / "samples"))
    expected = {path.name.removesuffix(_EXPECTED) for path in folder.glob(f"*{_EXPECTED}")}
    return tuple(sorted(path for path in folder.iterdir() if path.stem in expected))


def _stages(rounds: int | None, render: Render | None) -> Results:
    from alignment.aligner import Aligner
    from corpora.standard_json import load_standard
    from eval.bench.stages import ROUNDS, measure_stages

    return measure_stages(sample_files(), load_standard("530701"), Aligner.default(), rounds or ROUNDS, render)


def _search(rounds: int | None) -> Results:
    from eval.bench.search import ROUNDS, measure_search

    return measure_search(rounds=rounds or ROUNDS)


def _load(uploads: int | None) -> Results:
    from eval.bench.load import LoadOptions, measure_load

    return measure_load(LoadOptions(uploads=uploads) if uploads else LoadOptions())
