"""``duibiao report``: one document (or one plan in several files), one gap report, in the formats asked for."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.files import write_output
from api.cli.plan_files import as_plan, check_plan_input, is_bundle, read_files

if TYPE_CHECKING:
    from alignment.model import GapReport
    from alignment.programme.packs.loading import RulePack
    from corpora.document import DocumentKind


class Kind(StrEnum):
    """What the document is taken for."""

    auto = "auto"
    syllabus = "syllabus"
    plan = "plan"
    textbook = "textbook"


class Judge(StrEnum):
    """Who judges."""

    builtin = "builtin"
    llm = "llm"


class Format(StrEnum):
    """Report formats."""

    terminal = "terminal"
    json = "json"
    html = "html"
    docx = "docx"
    xlsx = "xlsx"
    pdf = "pdf"
    md = "md"
    csv = "csv"


FileArgument = Annotated[
    Path,
    typer.Argument(
        metavar="FILE",
        help="要对照的文档：docx、doc、pdf、xlsx、xls、pptx、html、md、txt、epub，或扫描件；"
        "人才培养方案也可以是装着它的文件夹或 zip（加 --as plan）",
    ),
]
StandardOption = Annotated[str, typer.Option("--standard", help="专业教学标准的代码")]
EncoderOption = Annotated[str, typer.Option("--encoder", help="sentence-transformers 模型的名称或路径；默认用内置模型")]
CourseOption = Annotated[
    list[str] | None, typer.Option("--course", help="只看这门核心课程（如 C1），可重复；默认自动识别")
]
JudgeOption = Annotated[
    Judge | None,
    typer.Option("--judge", help="builtin 内置判定；llm 把接近界限的要素再交给语言模型（见 DUIBIAO_LLM_ 开头的设置）"),
]
WithOption = Annotated[
    list[Path] | None,
    typer.Option("--with", metavar="FILE", help="方案的另一份文件，如教学进程表 xls、xlsx，可重复；与方案合为一份审核"),
]
MajorOption = Annotated[str, typer.Option("--major", help="方案里有几个专业时审核哪一个：专业名称或代码；默认第一个")]
RulesOption = Annotated[
    list[Path] | None, typer.Option("--rules", metavar="FILE", help="学校或省里的规则（YAML），可重复；与标准一并检查")
]
FailUnder = Annotated[float | None, typer.Option("--fail-under", min=0, max=1, help="覆盖率低于此值时退出码为 1")]


_KINDS: dict[Kind, DocumentKind | None] = {
    Kind.auto: None,
    Kind.syllabus: "syllabus",
    Kind.plan: "plan",
    Kind.textbook: "textbook",
}


def report(
    file: FileArgument,
    standard: StandardOption = "530701",
    kind: Annotated[Kind, typer.Option("--as", help="文档类型；auto 自动识别")] = Kind.auto,
    format: Annotated[list[Format] | None, typer.Option("--format", help="报告格式，可重复；默认 terminal")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="输出的文件；多种格式时为文件夹")] = None,
    course: CourseOption = None,
    encoder: EncoderOption = "",
    judge: JudgeOption = None,
    fail_under: FailUnder = None,
    with_files: WithOption = None,
    major: MajorOption = "",
    rules: RulesOption = None,
) -> None:
    """读一份文档，报告它对标准的覆盖、差距与建议；人才培养方案还逐条核算学时、学分、比例等规定。"""
    formats = list(dict.fromkeys(format or [Format.terminal]))
    targets = _targets(file, formats, out)
    result = make_report(file, standard, kind, course or [], encoder, judge, with_files or (), major, rules or ())
    piped = any(target is None and chosen is not Format.terminal for chosen, target in targets.items())
    for chosen, target in targets.items():
        _write(result, chosen, target, beside_others=piped)
    if fail_under is not None and result.coverage_ratio < fail_under:
        print(f"覆盖率 {result.coverage_ratio:.0%} 低于要求的 {fail_under:.0%}", file=sys.stderr)
        raise typer.Exit(1)


def make_report(
    file: Path,
    standard: str,
    kind: Kind,
    courses: list[str],
    encoder: str,
    judge: Judge | None,
    with_files: Sequence[Path] = (),
    major: str = "",
    rules: Sequence[Path] = (),
) -> GapReport:
    """Read a file, or a plan of several, and align it."""
    from api.settings import read_settings
    from corpora.parsers import warm_up

    kind = _kind(file, kind, for_plans=bool(with_files or major or rules))
    check_plan_input(file, [*with_files, *rules])
    warm_up()  # the parsing process starts while the rest is imported

    from alignment.programme.options import PlanOptions
    from api.wiring import build_aligner, find_standard
    from corpora.kinds import kind_of

    settings = read_settings()
    chosen = find_standard(settings, standard)
    packs = _packs(rules)
    files = read_files(file)
    document = files.main
    if kind is Kind.plan or (kind is Kind.auto and kind_of(document) == "plan"):
        document, major = as_plan(files, with_files, major)
    aligner = build_aligner(settings, encoder, judge.value if judge else None)
    return aligner.align(document, chosen, kind=_KINDS[kind], courses=courses, plan=PlanOptions(major, packs))


def _kind(file: Path, kind: Kind, for_plans: bool) -> Kind:
    """What the document is taken for: a plan where an option of plans is given.

    Raises
    ------
    UsageError : such an option is given for a document of another kind.
    DocumentError : a folder or zip is given for anything but a plan.
    """
    from corpora.errors import DocumentError, UsageError

    if for_plans and kind in (Kind.syllabus, Kind.textbook):
        raise UsageError("--with、--major、--rules 只用于人才培养方案", advice="请去掉它们，或改用 --as plan")
    wanted = Kind.plan if for_plans else kind
    if is_bundle(file) and file.exists() and wanted is not Kind.plan:
        what = "文件夹" if file.is_dir() else "zip 压缩包"
        advice = "请给出其中的一份文件；若是一份人才培养方案及其附件，请加 --as plan"
        raise DocumentError(f"这是{what}，不是文件", where=str(file), advice=advice)
    return wanted


def _packs(paths: Sequence[Path]) -> tuple[RulePack, ...]:
    """The rule packs of the files named; each failure is one clear line of the pack's own."""
    if not paths:
        return ()
    from alignment.programme.packs.loading import load_pack

    return tuple(load_pack(path) for path in paths)


def _targets(file: Path, formats: list[Format], out: Path | None) -> dict[Format, Path | None]:
    """Where each format goes: standard output (None), the file named, or a file in the folder named."""
    from api.rendering import FORMATS
    from corpora.errors import UsageError

    files = [f for f in formats if f is not Format.terminal]
    if out is None:
        if len(files) > 1 or any(f in (Format.docx, Format.xlsx, Format.pdf) for f in files):
            raise UsageError("这些格式要写入文件", advice="请用 --out 指定文件或文件夹")
        return dict.fromkeys(formats)
    if not files:
        return {Format.terminal: out}
    as_folder = len(files) > 1 or out.is_dir() or str(out).endswith(("/", "\\"))
    targets: dict[Format, Path | None] = dict.fromkeys(formats)
    for f in files:
        targets[f] = out / f"{file.resolve().stem}.report{FORMATS[f.value].suffix}" if as_folder else out
    return targets


def _write(result: GapReport, format: Format, target: Path | None, beside_others: bool) -> None:
    from api.rendering import renderer

    if target is None and format is Format.terminal:
        _show(result, beside_others)
        return
    data = renderer(format.value)(result)
    if target is not None:
        write_output(target, data)
        return
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def _show(result: GapReport, beside_others: bool) -> None:
    """Print the summary, in colour where the terminal has it; on stderr where stdout holds another format."""
    from rich.console import Console

    from api.rendering.terminal import show

    show(result, Console(stderr=beside_others))
