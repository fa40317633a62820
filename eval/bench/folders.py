"""W6: a folder of documents against a standard, by the pipeline that one builds first and by ``duibiao audit``."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

from alignment.audit.engine import LocalEngine
from alignment.audit.folder import open_folder
from alignment.audit.model import AuditOptions
from alignment.audit.run import run_audit
from alignment.audit.sources import list_documents
from alignment.judge import load_judge
from corpora.parsers import read_document
from corpora.standard_json import load_standard
from eval.baselines import BANDED
from eval.bench.environment import describe_environment
from eval.bench.naive_pipeline import CHUNK, OVERLAP, TOP, NaivePipeline
from eval.bench.recombine import recombine
from eval.bench.report import Bar, Panel, Report, Verdict
from eval.bench.usage import tree_seconds
from eval.bench.vectors import SHARED
from eval.experiment import PRODUCT, Experiment
from index.encoders import load_encoder
from index.kernel import limited_threads

DOCUMENTS, ROUNDS = 40, 3
STANDARD = "530701"
NAIVE, KINDER, OURS = "常见流水线", "常见流水线（要素先编码一次）", "duibiao audit"
_HEADS = ("方法", "份/轮", "份/秒", "最小", "最大", "毫秒/份", "墙上 份/秒", "audit 快几倍")

Work = Callable[[Path, Sequence[Path]], object]


@dataclass(frozen=True)
class FolderRow:
    """One way to work through a folder.

    Parameters
    ----------
    method, documents : who, and how many documents a round.
    rates, walls : documents a second of each round, by processor time of all processes, and by the clock on the wall.
    """

    method: str
    documents: int
    rates: tuple[float, ...]
    walls: tuple[float, ...]


def measure_folders(documents: int = DOCUMENTS, rounds: int = ROUNDS, labelled: Path = SHARED / "gold") -> Report:
    """Both pipelines and the audit in turn, each round over new documents.

    Parameters
    ----------
    documents : of a round.
    rounds : how many.
    labelled : a labelled set (docs/, labels/) on which the quality of both is told; passed over where it is not there.
    """
    describe_environment()
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="duibiao-bench-")))
        works = {name: make(stack) for name, make in _WORKS.items()}
        stack.enter_context(limited_threads(1))
        environment = describe_environment()
        _, characters = _round(home / "warm", works, 2, 1_000)
        samples, sizes = [], []
        for number in range(rounds):
            sample, characters = _round(home / str(number), works, documents, number)
            samples.append(sample)
            sizes.append(characters)
    rows = [FolderRow(name, documents, *zip(*(sample[name] for sample in samples), strict=True)) for name in works]
    return Report(
        "w6",
        f"W6　整份文档：每轮 {documents} 份（样例重组，平均 {median(sizes):,.0f} 字），标准 {STANDARD}",
        _notes(),
        environment,
        _HEADS,
        tuple(_cells(row, rows) for row in rows),
        tuple(asdict(row) for row in rows),
        (
            Verdict(f"{OURS} 快于{NAIVE}", 30, _times(rows, NAIVE)),
            Verdict(f"{OURS} 快于{KINDER}", 30, _times(rows, KINDER), gated=False),
        ),
        _quality(labelled),
        panels=(Panel(f"每秒几份文档（{documents} 份，一个进程）", "份/秒", tuple(map(_bar, rows))),),
        settings={"documents": documents, "rounds": rounds, "standard": STANDARD},
    )


def _notes() -> tuple[str, ...]:
    return (
        "处理器时间（本进程与其子进程之和，含读文件的子进程），各法轮流，每轮都是新文档，取中位数；模型事先载入",
        f"常见流水线：同一解析器；递归按字切块（{CHUNK} 字，重叠 {OVERLAP}）；"
        "SentenceTransformer(index/static_model).encode；",
        f"　每份文档建一个 FAISS 文档库；每个要素逐条检索前 {TOP} 名，每次都重新编码要素的文字；按余弦 .50/.70 定等级",
        "duibiao audit：一个工作进程，从读文件到写好 Parquet 与表格；含两路召回、判定、证据定位、差距与建议",
    )


def _quality(labelled: Path) -> tuple[str, ...]:
    """Agreement of both ways with labels, as ``duibiao eval`` measures it; both see the product's passages there."""
    if not labelled.is_dir():
        return ("质量：没有标注集，未测",)
    found = Experiment.of(load_standard(STANDARD), load_encoder(None)).run(labelled, load_judge())
    how = "判定模型逐份重新拟合" if found.refitted else "随产品发布的判定模型"
    lines = [f"质量（标注集 {found.folder}，{len(found.product.documents)} 份，{how}；两法都用本产品切的段）"]
    for system, name in ((BANDED, "余弦 .50/.70 分等级"), (PRODUCT, OURS)):
        (quality,) = [one for one in found.systems if one.system == system]
        touched, covered = quality.at(1).f1, quality.at(2).f1
        lines.append(f"　{name}：F1（提到）{touched:.3f}，F1（覆盖）{covered:.3f}，加权 kappa {quality.kappa:.3f}")
    return tuple(lines)


def _naive(_: ExitStack, embed_once: bool = False) -> Work:
    pipeline = NaivePipeline(load_standard(STANDARD), embed_once)
    return lambda _home, paths: pipeline.read_all(paths)


def _audit(stack: ExitStack) -> Work:
    options = AuditOptions(STANDARD)
    engine = LocalEngine(options, processes=1)
    stack.callback(engine.close)

    def work(home: Path, paths: Sequence[Path]) -> object:
        with open_folder(home / "audit", paths[0].parent, options, resume=False) as folder:
            return run_audit(list_documents(paths[0].parent), folder, engine)

    return work


_WORKS: dict[str, Callable[[ExitStack], Work]] = {
    NAIVE: _naive,
    KINDER: lambda stack: _naive(stack, embed_once=True),
    OURS: _audit,
}


def _round(
    home: Path, works: dict[str, Work], documents: int, seed: int
) -> tuple[dict[str, tuple[float, float]], float]:
    """Documents a second of each, by processor time and by the wall; and the average characters of a document."""
    paths = recombine(home / "documents", documents, seed)
    characters = sum(len(read_document(path).text) for path in paths) / len(paths)
    rates = {}
    for name, work in works.items():
        wall, spent = perf_counter(), tree_seconds()
        work(home, paths)
        spent, wall = tree_seconds() - spent, perf_counter() - wall
        rates[name] = documents / spent, documents / wall
    return rates, characters


def _times(rows: Sequence[FolderRow], name: str) -> float:
    """How many times as many documents a second the audit does, from the medians."""
    rates = {row.method: median(row.rates) for row in rows}
    return rates[OURS] / rates[name]


def _cells(row: FolderRow, rows: Sequence[FolderRow]) -> tuple[str, ...]:
    rate = median(row.rates)
    spread = (f"{value:.2f}" for value in (rate, min(row.rates), max(row.rates)))
    times = f"{_times(rows, row.method):.1f}"
    return (row.method, str(row.documents), *spread, f"{1e3 / rate:.1f}", f"{median(row.walls):.2f}", times)


def _bar(row: FolderRow) -> Bar:
    return Bar(row.method, median(row.rates), min(row.rates), max(row.rates), row.method == OURS)
