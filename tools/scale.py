"""Per-unit figures of this machine, and what they come to for any number of documents: the sums of docs/scale.md.

``python tools/scale.py measure [--documents 100] [--vectors 200000]`` works on documents made from our own samples and
on the synthetic vectors of the benchmarks, one thread, processor time, and writes JSON.
``python tools/scale.py size [UNITS.json] [--documents N] [--cores C] …`` does the sums.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
UNITS = ROOT / "eval" / "results" / "scale.json"
STAGES = ("parse", "segment", "encode", "align")
CODE = "530701"
#: Back-ends that read every row for each question; the others look into lists.
EVERY_ROW = ("screened", "half")
GIB = 2**30


@dataclass(frozen=True)
class Assumed:
    """What is to be sized.

    Parameters
    ----------
    documents : how many.
    passages : per document.
    seconds : processor seconds of one document, parse to align.
    parquet : bytes of a document's rows in the final tables; the parts of an unfinished audit take as much again.
    text : bytes of a passage's text, stored beside its vector.
    cores : of one machine.
    memory : GiB of one machine.
    busy : share of the cores' time that does the work of documents (the rest waits, moves data, fails and tries again).
    hours : within which the audit is to be done.
    """

    documents: int = 3_000_000
    passages: float = 50.0
    seconds: float = 0.5
    parquet: float = 50_000.0
    text: float = 150.0
    cores: int = 32
    memory: float = 128.0
    busy: float = 0.8
    hours: float = 24.0


def size(given: Assumed, indexes: Mapping[str, Mapping[str, Any]], measured_on: int) -> dict[str, Any]:
    """Hours, machines and bytes.

    Parameters
    ----------
    given : the task.
    indexes : per back-end, measured on ``measured_on`` rows: ``bytes`` of a row, seconds of ``build`` and of a question
        in a ``batch``.

    Returns
    -------
    ``vectors`` = documents x passages; ``core_hours`` = documents x seconds / 3600; ``machine_hours`` = core_hours /
    (cores x busy); ``machines`` = those that finish within ``hours``; ``parquet_gib``, ``text_gib``; per back-end
    ``memory_gib`` = vectors x bytes, ``machines`` m that hold it in 70 % of their memory, ``build_hours`` of
    each of them and ``questions`` a second of all m together, each question asked on each machine. With n = vectors / m
    rows on a machine, work grows with n where every row is read. Where lists are looked into, of which there are
    4 sqrt(n), a row is compared with the lists when it comes in (build ~ n^1.5) and a question with the lists and some
    of the rows (search ~ n^0.5).
    """
    vectors = given.documents * given.passages
    core_hours = given.documents * given.seconds / 3600
    machine_hours = core_hours / (given.cores * given.busy)
    return {
        "vectors": vectors,
        "core_hours": core_hours,
        "machine_hours": machine_hours,
        "machines": math.ceil(machine_hours / given.hours),
        "parquet_gib": given.documents * given.parquet / GIB,
        "text_gib": vectors * given.text / GIB,
        "indexes": {name: _index(name, unit, vectors, measured_on, given) for name, unit in indexes.items()},
    }


def _index(name: str, unit: Mapping[str, Any], vectors: float, measured_on: int, given: Assumed) -> dict[str, float]:
    memory = vectors * unit["bytes"] / GIB
    machines = math.ceil(memory / (0.7 * given.memory))
    times = vectors / machines / measured_on
    building, searching = (1.0, 1.0) if name in EVERY_ROW else (1.5, 0.5)
    cores = given.cores * given.busy
    return {
        "memory_gib": memory,
        "machines": machines,
        "build_hours": unit["build"] * times**building / 3600 / cores,
        "questions": cores / (unit["batch"] * times**searching),
    }


@contextmanager
def timed(seconds: dict[str, float], name: str) -> Iterator[None]:
    """Add the processor time inside to an entry."""
    start = process_time()
    yield
    seconds[name] = seconds.get(name, 0.0) + process_time() - start


def measure_documents(count: int) -> dict[str, Any]:
    """Per document: bytes, characters, passages, bytes of text, seconds by stage."""
    from alignment.aligner import Aligner
    from alignment.passages import read_passages
    from corpora.parsers.base import Source
    from corpora.parsers.reading import parse
    from corpora.segments import segment
    from corpora.standard_json import load_standard
    from eval.bench.recombine import recombine

    aligner, standard = Aligner.default(), load_standard(CODE)
    seconds, sums = dict.fromkeys(STAGES, 0.0), dict.fromkeys(("bytes", "chars", "passages", "text"), 0)
    with TemporaryDirectory() as folder:
        paths = recombine(Path(folder), count + 3)
        for number, path in enumerate(paths):
            if number == 3:  # the first ones load what is loaded once
                seconds = dict.fromkeys(STAGES, 0.0)
            data = path.read_bytes()
            with timed(seconds, "parse"):
                document = parse(Source(path.name, data))
            with timed(seconds, "segment"):
                segmented = segment(document)
            with timed(seconds, "encode"):
                read_passages(segmented, aligner.encoder)
            with timed(seconds, "align"):
                aligner.align(document, standard)
            if number >= 3:
                texts = [part.text for part in segmented.segments]
                found = (len(data), sum(map(len, texts)), len(texts), sum(len(text.encode()) for text in texts))
                sums = {name: sums[name] + value for name, value in zip(sums, found, strict=True)}
    seconds["align"] = max(0.0, seconds["align"] - seconds["segment"] - seconds["encode"])  # align does both again
    unit = {name: value / count for name, value in sums.items()}
    return {**unit, "seconds": {name: value / count for name, value in seconds.items()}}


def measure_audit(count: int) -> dict[str, float]:
    """Per document of a whole local audit: processor seconds of all processes, bytes of tables and parts."""
    from alignment.audit.engine import LocalEngine
    from alignment.audit.folder import open_folder
    from alignment.audit.model import AuditOptions
    from alignment.audit.run import run_audit
    from alignment.audit.sources import list_documents
    from eval.bench.recombine import recombine

    options = AuditOptions(CODE)
    with TemporaryDirectory() as name:
        source, target = Path(name) / "documents", Path(name) / "audit"
        recombine(source, count)
        seconds = []
        for work in (False, True):  # a start without work, then the audit
            began, engine = _spent(), LocalEngine(options, 1)
            try:
                assert engine.identity
                if work:
                    with open_folder(target, source, options, resume=False) as folder:
                        run_audit(list_documents(source), folder, engine)
            finally:
                engine.close()
            seconds.append(_spent() - began)
        tables, parts = (sum(file.stat().st_size for file in target.glob(glob)) for glob in ("*.parquet", "parts/*"))
    start, whole = seconds
    return {"start": start, "audit": (whole - start) / count, "parquet": tables / count, "parts": parts / count}


def _spent() -> float:
    """Processor seconds of this process and of those of its children that have ended."""
    return sum(times.ru_utime + times.ru_stime for times in map(getrusage, (RUSAGE_SELF, RUSAGE_CHILDREN)))


def measure_indexes(vectors: Any, recall: float = 0.95) -> dict[str, Any]:
    """Per back-end at its cheapest setting that finds enough, else its best: bytes, seconds, recall."""
    from dataclasses import replace

    from index.candidates import CANDIDATES
    from index.tuning import tune

    tuned = tune(vectors, recall, candidates=[replace(candidate, most=None) for candidate in CANDIDATES])
    found: dict[str, Any] = {}
    for name in dict.fromkeys(trial.backend for trial in tuned.trials):
        trials = [trial for trial in tuned.trials if trial.backend == name]
        enough = [trial for trial in trials if trial.low >= recall]
        best = min(enough, key=lambda t: t.batch) if enough else max(trials, key=lambda t: t.recall)
        found[name] = {"options": dict(best.options), "recall": best.recall, "bytes": best.bytes_per_row}
        found[name] |= {"build": best.build, "single": best.single, "batch": best.batch}
    return found


def measure(documents: int, vectors: int) -> dict[str, Any]:
    """Everything, with what it was measured on."""
    from eval.bench.environment import describe_environment
    from eval.bench.vectors import synthetic
    from index.kernel import limited_threads

    describe_environment()
    with limited_threads(1):
        unit = measure_documents(documents) | measure_audit(documents)
        indexes = measure_indexes(synthetic(vectors))
    environment = describe_environment()
    return {
        "command": f"python tools/scale.py measure --documents {documents} --vectors {vectors}",
        "processor": environment.processor,
        "versions": environment.versions,
        "documents": documents,
        "vectors": vectors,
        "document": unit,
        "indexes": indexes,
    }


def assumed(units: Mapping[str, Any], options: Mapping[str, float | None]) -> Assumed:
    """The task: measured figures where nothing else is said."""
    document = units["document"]
    measured = {
        "passages": document["passages"],
        "seconds": document["audit"],
        "text": document["text"] / document["passages"],
        "parquet": document["parquet"],
    }
    return Assumed(**(measured | {name: value for name, value in options.items() if value is not None}))


def text(given: Assumed, sized: Mapping[str, Any]) -> str:
    """Lines for people, in Chinese."""
    lines = [
        f"文档 {given.documents:,} 份，段落 {sized['vectors'] / 1e6:,.1f} 百万条",
        f"审阅 {sized['core_hours']:,.1f} 核时 = 一台 {given.cores} 核机器 {sized['machine_hours']:,.2f} 小时；"
        f"{given.hours:g} 小时内完成需 {sized['machines']} 台",
        f"结果表（Parquet）{sized['parquet_gib']:,.1f} GiB，段落文字 {sized['text_gib']:,.1f} GiB",
        "",
        f"每台 {given.cores} 核、{given.memory:g} GiB（索引用其 70 %）：",
        "",
        "| 后端 | 内存 GiB | 台数 | 每台建索引小时 | 每秒问数 |",
        "|---|---|---|---|---|",
    ]
    for name, row in sized["indexes"].items():
        memory, build, questions = f"{row['memory_gib']:,.1f}", f"{row['build_hours']:,.2f}", f"{row['questions']:,.0f}"
        lines.append(f"| {name} | {memory} | {row['machines']} | {build} | {questions} |")
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    measuring = commands.add_parser("measure")
    measuring.add_argument("--documents", type=int, default=100)
    measuring.add_argument("--vectors", type=int, default=200_000)
    measuring.add_argument("--out", type=Path, default=UNITS)
    sizing = commands.add_parser("size")
    sizing.add_argument("units", type=Path, nargs="?", default=UNITS)
    for field in fields(Assumed):
        sizing.add_argument(f"--{field.name}", type=int if field.type == "int" else float)
    options = vars(parser.parse_args(arguments))
    if options.pop("command") == "measure":
        found = measure(options["documents"], options["vectors"])
        options["out"].write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        return 0
    units = json.loads(options.pop("units").read_text(encoding="utf-8"))
    given = assumed(units, options)
    print(text(given, size(given, units["indexes"], units["vectors"])))
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main(sys.argv[1:]))
