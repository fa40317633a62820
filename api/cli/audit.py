"""``duibiao audit``: a folder or zip of many documents against one standard, resumable, on this machine or on Ray."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.report import EncoderOption, Kind, StandardOption

if TYPE_CHECKING:
    from alignment.audit.engine import Engine
    from alignment.audit.folder import AuditFolder
    from alignment.audit.model import AuditOptions
    from alignment.audit.run import Outcome, Progress
    from alignment.audit.sources import Listing
    from alignment.audit.union import AuditedSet
    from corpora.standard import Standard

BOOK, PAGE = "审核结果.xlsx", "审核结果.html"
#: Seconds between two lines of progress: on a terminal, where a line replaces the one before, and elsewhere.
_TERMINAL, _LOG = 0.5, 10.0
_NAMED = 5


class EngineName(StrEnum):
    """Where documents are audited."""

    local = "local"
    ray = "ray"


SourceArgument = Annotated[Path, typer.Argument(metavar="FOLDER|ZIP", help="要审核的文件夹（含下级）或 zip")]
OutOption = Annotated[
    Path | None, typer.Option("--out", help="存放结果的文件夹；默认是当前文件夹里的 名称.audit", show_default=False)
]
ResumeOption = Annotated[bool, typer.Option("--resume", help="接着做没做完的审核；已完成的文件不重做")]
EngineOption = Annotated[
    EngineName, typer.Option("--engine", help="local 本机多进程；ray 用 Ray（需 pip install 'duibiao[cluster]'）")
]
ProcessesOption = Annotated[
    int, typer.Option("--processes", min=0, help="同时审核几份文件；0 为每个处理器核一份", show_default=False)
]
AddressOption = Annotated[
    str,
    typer.Option(
        "--ray-address",
        metavar="ADDRESS",
        help="--engine ray 用：集群中一台机器的地址（auto 或 主机:6379）；不写则在本机起一个临时集群。"
        "文件内容由本机读取并发送；各机器须装有同一版本的 duibiao，自定义的标准、模型、语料库须在同一路径",
    ),
]
LevelOption = Annotated[
    int, typer.Option("--department-level", min=0, help="按第几级文件夹分院系（1 为最上一级），分别汇总；0 不分")
]


def audit(
    source: SourceArgument,
    standard: StandardOption = "530701",
    out: OutOption = None,
    resume: ResumeOption = False,
    engine: EngineOption = EngineName.local,
    processes: ProcessesOption = 0,
    kind: Annotated[Kind, typer.Option("--as", help="所有文档的类型；auto 逐份识别")] = Kind.auto,
    encoder: EncoderOption = "",
    department_level: LevelOption = 0,
    ray_address: AddressOption = "",
) -> None:
    """审核一批文件：逐份对照标准，汇总合力覆盖、无人讲授、重复讲授；得到工作簿、网页和 Parquet 表，中断后可续。"""
    from api.cli.report import _KINDS
    from corpora.errors import UsageError

    if ray_address and engine is not EngineName.ray:
        raise UsageError("--ray-address 只用于 --engine ray", advice="请加 --engine ray，或去掉它")
    from api.settings import read_settings
    from api.wiring import find_standard

    settings = read_settings()
    chosen = find_standard(settings, standard)
    from alignment.audit.model import AuditOptions
    from alignment.audit.sources import list_documents

    spec = encoder or settings.encoder
    target = out or Path(f"{source.resolve().name if source.is_dir() else source.stem}.audit")
    cache = target / "vectors.sqlite" if spec else None
    options = AuditOptions(standard, settings.standards, spec, _KINDS[kind], settings.corpus, cache)
    if settings.judge == "llm":
        print("批量审核只用内置判定，不问语言模型", file=sys.stderr)
    listing = list_documents(source)

    def start() -> Engine:
        if engine is EngineName.ray:
            from alignment.cluster import RayEngine

            return RayEngine(options, processes or None, settings.service.job_seconds, ray_address)
        from alignment.audit.engine import LocalEngine

        return LocalEngine(options, processes or _cores(), settings.service.job_seconds)

    with _held(target, source, options, resume) as folder, _interruptible(target):
        found = _audited(listing, folder, start, chosen, department_level)
    _tell_summary(found, target)
    if not found.portfolio.entries:
        raise typer.Exit(3)


def _audited(
    listing: Listing, folder: AuditFolder, start: Callable[[], Engine], standard: Standard, department_level: int
) -> AuditedSet:
    """Audit, write tables, workbook and page, and say in the folder that it is finished."""
    from alignment.audit.durable import write_data
    from alignment.audit.run import run_audit
    from alignment.audit.union import read_audit

    _tell_listing(listing)
    line = _ProgressLine()
    engine = start()
    try:
        outcome = run_audit(listing, folder, engine, line.show, department_level)
    finally:
        line.end()
        engine.close()
    _tell_outcome(outcome, folder)
    found = read_audit(folder.path, standard)
    from api.rendering.portfolio.audit import book, page

    write_data(folder.path / BOOK, book(found))
    write_data(folder.path / PAGE, page(found))
    counts = {"documents": outcome.documents, "copies": outcome.copies, "failed": len(found.failed)}
    folder.finish(set(outcome.parts), {**counts, "passed_over": len(listing.passed_over)})
    return found


class _ProgressLine:
    """Tells on stderr how far the audit is: one line that changes on a terminal, else a line now and then."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._told = 0.0
        self._open = False

    def show(self, progress: Progress) -> None:
        """Tell it, where it is time."""
        now = monotonic()
        last = progress.done == progress.total
        if not last and now - self._told < (_TERMINAL if self._terminal else _LOG):
            return
        self._told = now
        text = f"进度 {progress.done}/{progress.total}，每秒 {progress.per_second:.1f} 份"
        if progress.remaining and not last:
            text += f"，约剩 {_duration(progress.remaining)}"
        self._open = self._terminal
        print(
            f"\r{text}\033[K" if self._terminal else text,
            end="" if self._terminal else "\n",
            file=sys.stderr,
            flush=True,
        )

    def end(self) -> None:
        """Leave the line."""
        if self._open:
            print(file=sys.stderr)
            self._open = False


@contextmanager
def _held(target: Path, source: Path, options: AuditOptions, resume: bool) -> Iterator[AuditFolder]:
    from alignment.audit.folder import open_folder

    with open_folder(target, source, options, resume=resume) as folder:
        yield folder


@contextmanager
def _interruptible(target: Path) -> Iterator[None]:
    """Tell of an interrupt (Ctrl+C, or the end that a system wishes) that what is done stays done."""
    if threading.current_thread() is threading.main_thread():
        before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    else:
        before = None
    try:
        yield
    except KeyboardInterrupt:
        print(f"已中断：完成的文件保存在 {target}；加 --resume 再运行一次，从这里接着做", file=sys.stderr)
        raise typer.Exit(130) from None
    finally:
        if before is not None:
            signal.signal(signal.SIGTERM, before)


def _tell_listing(listing: Listing) -> None:
    print(f"共 {len(listing.documents)} 份文件", file=sys.stderr)
    if listing.passed_over:
        named = "、".join(path for path, _ in listing.passed_over[:_NAMED])
        more = " 等" if len(listing.passed_over) > _NAMED else ""
        print(f"略过 {len(listing.passed_over)} 个：{named}{more}（原因见结果的“问题”）", file=sys.stderr)


def _tell_outcome(outcome: Outcome, folder: AuditFolder) -> None:
    if folder.cleared:
        print(f"{len(folder.cleared)} 个中间文件已损坏，其中的文件重新审核了", file=sys.stderr)
    print(f"本次审核 {outcome.audited} 份，沿用已完成的 {outcome.reused} 份；正在汇总", file=sys.stderr)


def _tell_summary(found: AuditedSet, target: Path) -> None:
    """The summary on standard output."""
    from api.rendering import words
    from api.rendering.portfolio.audit import facts

    for name, value in facts(found):
        if name != "说明":
            print(f"{name}：{words.flat(value)}")
    for held in found.portfolio.orphans[:_NAMED]:
        print(f"  无人讲授 {held.element.id} {words.flat(held.element.text)}")
    reasons = {path: problem for path, problem in found.problems if problem.kind in ("unreadable", "accident")}
    for file in found.failed[:_NAMED]:
        problem = reasons.get(file.path)
        print(f"  不能审核 {words.flat(file.path)}" + (f"：{words.flat(problem.what)}" if problem else ""))
    print(f"结果：{target / BOOK}、{PAGE}，以及 documents、elements、gaps、rules、problems 五个 Parquet 表")


def _cores() -> int:
    """Processor cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} 小时 {minutes} 分"
    return f"{minutes} 分 {rest} 秒" if minutes else f"{rest} 秒"
