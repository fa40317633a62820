"""Many at once: readers of a running service while documents are uploaded and worked on, beside the same readers alone.

The service is one of its own, as ``duibiao serve`` starts it, with an empty data folder; everything goes over HTTP on
this machine. The readers go on without a break: first alone, then while the uploads come in and are worked on, then
alone again, so that the quiet before and after tell how steady the machine is.
"""

from __future__ import annotations

import io
import json
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from time import perf_counter, sleep
from typing import Any
from zipfile import ZipFile

from corpora.errors import DuibiaoError
from eval.bench.callers import Caller, Readers, Tally, at_once
from eval.bench.environment import Environment, describe_environment
from eval.bench.served import Served, mebibytes
from eval.bench.text import table

_SAMPLE = "网店运营_课程标准.docx"
_SAMPLES = Path(__file__).resolve().parents[2] / "corpora" / "samples"
_NAMES = {"before": "空闲（之前）", "busy": "上传与处理中", "after": "空闲（之后）"}
#: Seconds between two looks at a job that is not over.
_EVERY = 0.25
_END = frozenset({"done", "failed", "cancelled"})


@dataclass(frozen=True)
class LoadOptions:
    """How much is asked of the service.

    Parameters
    ----------
    uploads : documents sent at the same time, each of which must be worked on.
    readers : who read all the while.
    pause : seconds that a reader thinks between two calls, on average.
    seconds : that the readers are alone, before and after.
    longest : seconds after which the documents must all be done.
    """

    uploads: int = 50
    readers: int = 200
    pause: float = 5.0
    seconds: float = 20.0
    longest: float = 600.0


@dataclass(frozen=True)
class Phase:
    """The readers' calls during one phase: how many, how many a second, within which seconds answered, failures."""

    name: str
    calls: int
    rate: float
    p50: float
    p95: float
    p99: float
    failures: dict[str, int]

    @classmethod
    def of(cls, name: str, tally: Tally, seconds: float) -> Phase:
        """From what was counted."""
        p50, p95, p99 = (tally.percentile(share) for share in (0.50, 0.95, 0.99))
        return cls(name, len(tally.seconds), len(tally.seconds) / seconds, p50, p95, p99, dict(tally.failures))


@dataclass(frozen=True)
class Uploads:
    """The uploads: how many were done, how long a call took, how long until all were done, failures."""

    number: int
    done: int
    p50: float
    p95: float
    seconds: float
    failures: dict[str, int]


@dataclass(frozen=True)
class LoadResults:
    """What was measured, and on what.

    ``memory`` are MiB of the service's main process: at the beginning, in each tenth of the time at most, at the end.
    """

    environment: Environment
    options: LoadOptions
    phases: tuple[Phase, ...]
    uploads: Uploads
    memory: tuple[float, ...]

    @property
    def errors(self) -> int:
        """Calls that failed, and documents that were not done."""
        failures = [*(phase.failures for phase in self.phases), self.uploads.failures]
        return sum(sum(found.values()) for found in failures) + self.uploads.number - self.uploads.done

    @property
    def ratios(self) -> dict[str, float]:
        """Seconds of the readers while documents are worked on, as multiples of those alone (before and after)."""
        before, busy, after = self.phases
        return {
            name: getattr(busy, name) / max((getattr(before, name) + getattr(after, name)) / 2, 1e-9)
            for name in ("p50", "p95", "p99")
        }

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {**asdict(self), "errors": self.errors, "ratios": self.ratios}

    def to_text(self) -> str:
        """A table for people."""
        heads = ("读取", "次数", "每秒", "p50 毫秒", "p95 毫秒", "p99 毫秒", "失败")
        rows = [_cells(phase) for phase in self.phases]
        ratios = "，".join(f"{name} {value:.2f} 倍" for name, value in self.ratios.items())
        sent, options = self.uploads, self.options
        asked = f"{options.uploads} 份文档同时上传并处理，{options.readers} 人同时读取"
        memory = (
            f"{self.memory[0]} → 最高 {max(self.memory)} → {self.memory[-1]} MiB" if self.memory else "系统没有提供"
        )
        return "\n".join(
            [
                f"{asked}（每人约每 {options.pause:g} 秒一次）",
                *self.environment.lines(),
                "",
                table(heads, rows),
                "",
                f"处理中与空闲相比  {ratios}",
                f"上传  {sent.done}/{sent.number} 份完成，用时 {sent.seconds:.1f} 秒；"
                f"每次上传 p50 {1e3 * sent.p50:.0f} 毫秒，p95 {1e3 * sent.p95:.0f} 毫秒",
                f"主进程内存  {memory}",
                f"失败  {self.errors}",
            ]
        )


def measure_load(options: LoadOptions | None = None) -> LoadResults:
    """Start a service, load it, and measure.

    Raises
    ------
    DuibiaoError : the service does not start, or ends by itself.
    """
    options = options or LoadOptions()
    environment = describe_environment()
    with tempfile.TemporaryDirectory() as folder, Served(Path(folder)) as service:
        paths = _prepare(service)
        before = _alone("before", service, paths, options)
        busy, uploads = _loaded(service, paths, options)
        after = _alone("after", service, paths, options)
        service.check()
        memory = _course(service.memory)
    return LoadResults(environment, options, (before, busy, after), uploads, memory)


def _prepare(service: Served) -> tuple[str, ...]:
    """What there is to read: one finished report, as page and as JSON, its job, lists and the first page."""
    caller = Caller(service.port, Tally())
    report = caller.report(caller.upload(_SAMPLE, _document(-1)), wait=60)
    if report.get("state") != "done":
        raise DuibiaoError("服务没有处理好样例文档", where=_SAMPLE)
    here = f"/api/v1/reports/{report['id']}"
    lists = ("/api/v1/reports?limit=50", "/api/v1/documents?limit=50", "/api/v1/standards")
    paths = ("/", "/documents", f"/reports/{report['id']}", here, f"{here}/result", *lists)
    for path in paths:  # what is loaded at the first call is loaded before the measurement
        caller.get(path)
    caller.close()
    return paths


def _document(number: int) -> bytes:
    """The sample with bytes of its own, so that no result of it is stored."""
    buffer = io.BytesIO((_SAMPLES / _SAMPLE).read_bytes())
    with ZipFile(buffer, "a") as archive:
        archive.comment = b"copy %d" % number
    return buffer.getvalue()


def _alone(name: str, service: Served, paths: Sequence[str], options: LoadOptions) -> Phase:
    with _reading(name, service, paths, options) as found:
        sleep(options.seconds)
    return found[0]


def _loaded(service: Served, paths: Sequence[str], options: LoadOptions) -> tuple[Phase, Uploads]:
    with _reading("busy", service, paths, options) as found:
        uploads = _upload(service, options)
    return found[0], uploads


@contextmanager
def _reading(name: str, service: Served, paths: Sequence[str], options: LoadOptions) -> Iterator[list[Phase]]:
    """Readers as long as it lasts; afterwards the list holds what they found."""
    found: list[Phase] = []
    start = perf_counter()
    with Readers(service.port, paths, options.readers, options.pause) as readers:
        yield found
    found.append(Phase.of(name, readers.tally, perf_counter() - start))


def _upload(service: Served, options: LoadOptions) -> Uploads:
    """Send all documents at once and wait until the last is done."""
    tally, reports, lock = Tally(), list[str](), threading.Lock()

    def send(data: bytes, name: str) -> None:
        caller = Caller(service.port, tally)
        document = caller.upload(name, data)
        report = caller.report(document).get("id", "") if document else ""
        caller.close()
        with lock:
            reports.append(report)

    documents = [_document(number) for number in range(options.uploads)]
    start = perf_counter()
    at_once([partial(send, data, f"{number}.docx") for number, data in enumerate(documents)])
    done = _wait(service, [report for report in reports if report], tally, start + options.longest)
    seconds = perf_counter() - start
    return Uploads(options.uploads, done, tally.percentile(0.5), tally.percentile(0.95), seconds, dict(tally.failures))


def _wait(service: Served, reports: Sequence[str], tally: Tally, end: float) -> int:
    """Wait for the end of all reports, or of the time; how many are done."""
    looking, waiting, done = Tally(), list(reports), 0
    caller = Caller(service.port, looking)
    while waiting and perf_counter() < end:
        answer = caller.get(f"/api/v1/reports/{waiting[0]}")
        state = json.loads(answer)["state"] if answer else ""
        if state in _END:
            waiting.pop(0)
            done += state == "done"
        else:
            service.check()
            sleep(_EVERY)
    for what, number in looking.failures.items():
        tally.failures[what] += number
    caller.close()
    return done


def _course(memory: Sequence[int]) -> tuple[float, ...]:
    """The first and the last figure, and the highest of each tenth between."""
    if not memory:
        return ()
    step = max(1, len(memory) // 10)
    tenths = (max(memory[begin : begin + step]) for begin in range(0, len(memory), step))
    return tuple(mebibytes(size) for size in (memory[0], *tenths, memory[-1]))


def _cells(phase: Phase) -> tuple[str, ...]:
    milliseconds = (f"{1e3 * value:.0f}" for value in (phase.p50, phase.p95, phase.p99))
    failed = str(sum(phase.failures.values()))
    return (_NAMES[phase.name], str(phase.calls), f"{phase.rate:.0f}", *milliseconds, failed)
