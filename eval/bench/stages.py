"""Where the time of a report goes: parse, segment, encode, search, judge, report, render, in a warm process."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from alignment.aligner import Aligner
from alignment.candidates import find_candidates
from alignment.model import GapReport
from alignment.passages import read_passages
from corpora.parsers import read_document
from corpora.segments import segment
from corpora.standard import Standard
from eval.bench.environment import Environment, describe_environment
from eval.bench.text import table
from eval.bench.timing import Timing
from index.kernel import limited_threads

Render = Callable[[GapReport], object]

#: Stages in the order of the work. ``judge`` is without the search for candidates, ``render`` only where it was asked.
STAGES = ("parse", "segment", "encode", "search", "judge", "report", "render")

ROUNDS = 7

_NAMES = dict(zip(STAGES, ("解析", "切分", "编码", "检索", "判定", "成稿", "渲染"), strict=True))


@dataclass(frozen=True)
class DocumentStages:
    """Seconds of one document's stages, and of all together.

    Parameters
    ----------
    name, pages, chars, segments : the document; pages are None where the format has none.
    stages : by name, those that were measured.
    total : of the sums of each round.
    """

    name: str
    pages: int | None
    chars: int
    segments: int
    stages: dict[str, Timing]
    total: Timing


@dataclass(frozen=True)
class StageResults:
    """All documents, and what they were measured on."""

    environment: Environment
    encoder: str
    documents: tuple[DocumentStages, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)

    def to_text(self) -> str:
        """A table for people."""
        names = [name for name in STAGES if any(name in document.stages for document in self.documents)]
        heads = ("文档", "页", "字数", "段", *(_NAMES[name] for name in names), "合计", "最小", "最大")
        return "\n".join(
            [
                "各阶段毫秒（已预热的进程，一个线程，各文档轮流，取中位数；最小、最大为合计的）",
                *self.environment.lines(),
                f"编码器  {self.encoder}",
                "",
                table(heads, [_cells(document, names) for document in self.documents]),
            ]
        )


def measure_stages(
    files: Sequence[Path], standard: Standard, aligner: Aligner, rounds: int = ROUNDS, render: Render | None = None
) -> StageResults:
    """Read and align every file once a round, after one unmeasured round.

    Parameters
    ----------
    files : documents.
    standard : what to align with; prepared beforehand, as in a process that serves many documents.
    aligner : the facade.
    rounds : samples of each document, taken in turn.
    render : makes the report's document forms; its time is the stage ``render``.
    """
    describe_environment()
    samples: dict[Path, list[dict[str, float]]] = {file: [] for file in files}
    with limited_threads(1):
        environment = describe_environment()
        facts = {file: _facts(file, _run(file, standard, aligner, render)) for file in files}
        for _ in range(rounds):
            for file in files:
                samples[file].append(_seconds(_run(file, standard, aligner, render)))
    documents = (_document(facts[file], samples[file]) for file in files)
    return StageResults(environment, aligner.encoder.fingerprint, tuple(documents))


@dataclass(frozen=True)
class _Run:
    """One document worked through once."""

    report: GapReport
    segments: int
    parse: float
    search: float
    render: float | None


def _run(file: Path, standard: Standard, aligner: Aligner, render: Render | None) -> _Run:
    start = perf_counter()
    document = read_document(file)
    parsed = perf_counter()
    report = aligner.align(document, standard)
    passages = read_passages(segment(document), aligner.encoder)
    ready = perf_counter()
    find_candidates(aligner.prepare(standard), passages)
    searched = perf_counter()
    if render is not None:
        render(report)
    rendered = perf_counter() - searched if render is not None else None
    return _Run(report, len(passages.segments), parsed - start, searched - ready, rendered)


def _seconds(run: _Run) -> dict[str, float]:
    """Seconds by stage: the aligner's own, its judging divided into the search and the rest."""
    own = run.report.provenance.seconds
    stages = {"parse": run.parse, "segment": own["segment"], "encode": own["encode"], "search": run.search}
    stages |= {"judge": max(0.0, own["judge"] - run.search), "report": own["report"]}
    return stages | ({"render": run.render} if run.render is not None else {})


def _facts(file: Path, run: _Run) -> tuple[str, int | None, int, int]:
    return file.name, run.report.document.pages, run.report.document.chars, run.segments


def _document(facts: tuple[str, int | None, int, int], samples: Sequence[dict[str, float]]) -> DocumentStages:
    stages = {name: Timing.of([sample[name] for sample in samples]) for name in samples[0]}
    return DocumentStages(*facts, stages, Timing.of([sum(sample.values()) for sample in samples]))


def _cells(document: DocumentStages, names: Sequence[str]) -> tuple[str, ...]:
    stages = (f"{1e3 * document.stages[name].median:.1f}" if name in document.stages else "-" for name in names)
    total = document.total
    sums = (f"{1e3 * value:.0f}" for value in (total.median, total.low, total.high))
    pages = "-" if document.pages is None else str(document.pages)
    return document.name, pages, str(document.chars), str(document.segments), *stages, *sums
