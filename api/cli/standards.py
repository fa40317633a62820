"""``duibiao standard``: list, show, import and export teaching standards, draft and install their expression banks."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.files import check_input, read_data, read_input, write_output
from api.cli.usage import Command, Group

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpora.standard import Standard
    from corpora.standard_parser import ImportedStandard

app = typer.Typer(help="专业教学标准：列出、查看、导入、导出。", cls=Group, no_args_is_help=True, rich_markup_mode=None)

#: Kinds of statement as ``show`` groups them.
_SHOWN = ("competency", "foundation_course", "core_course", "extension_course", "training_room")

#: What an import counts, in Chinese.
_KINDS = {
    "provision": "总体要求",
    "competency": "培养规格",
    "public_required": "公共基础必修课程",
    "public_required_or_elective": "公共基础必修或选修课程",
    "foundation_course": "专业基础课程",
    "core_course": "专业核心课程",
    "task": "工作任务",
    "requirement": "教学要求",
    "extension_course": "专业拓展课程",
    "practice_project": "实训项目",
    "practice_comprehensive": "综合实训",
    "internship_position": "实习岗位",
    "cross_cutting": "相关要求",
    "faculty": "师资要求",
    "facility": "教学设施",
    "training_room": "实训室与基地",
    "internship_place": "实习场所要求",
    "teaching_material": "教学资源",
    "quality_assurance": "质量保障",
    "graduation": "毕业要求",
    "numeric_rule": "数值规则",
    "other_rule": "其他规则",
    "element": "能力要素",
}


class ExportFormat(StrEnum):
    """Forms in which a standard leaves."""

    json = "json"
    case = "case"


@app.command("list", cls=Command)
def list_standards() -> None:
    """列出内置与已导入的标准。"""
    from api.settings import read_settings
    from corpora.errors import StandardFormatError
    from corpora.standard_json import load_standard, standard_files

    folder = read_settings().standards
    for code, path in sorted(standard_files(folder).items()):
        try:
            standard = load_standard(code, folder)
        except StandardFormatError as error:
            print(f"{code}\t{error}")
            continue
        origin = "已导入" if path.parent == folder else "内置"
        facts = f"{len(standard.competencies)} 条培养规格，{len(standard.core_courses)} 门核心课程"
        print(f"{code}\t{standard.name}\t{standard.level}\t{origin}\t{facts}")


@app.command("show", cls=Command)
def show(code: Annotated[str, typer.Argument(help="专业代码，如 530701")]) -> None:
    """显示一部标准：培养规格、课程、要求、规则。"""
    standard = _find(code)
    print(f"{standard.title or standard.name}（{standard.code}）{standard.edition}")
    print(f"学制 {standard.duration_years:g} 年" if standard.duration_years else "")
    for kind in _SHOWN:
        statements = standard.of_kind(kind)
        if statements:
            print(f"\n{_KINDS[kind]}（{len(statements)}）")
        for statement in statements:
            print(f"  {statement.id}  {statement.label}")
            for child in standard.children(statement.id):
                if child.kind in ("task", "requirement"):
                    print(f"      {child.id}  {child.text}")
    print(f"\n数值规则（{len(standard.rules)}）")
    for rule in standard.rules:
        print(f"  {rule.id}  [{_FORCE[rule.strength]}] {rule.text}")


_FORCE = {"must": "必须", "should": "一般", "may": "可以"}


@app.command("import", cls=Command)
def import_standard(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="官方模板的标准全文（docx、pdf、html、md、txt）、专业简介，或导出的 JSON"),
    ],
    code: Annotated[str, typer.Option("--code", help="专业代码；文件里没有时必须给出")] = "",
) -> None:
    """导入一部标准，并说明哪些内容没有对上位置。"""
    from api.settings import read_settings
    from corpora.errors import UsageError
    from corpora.standard_json import save_standard

    folder = read_settings().standards
    for imported in _imported(file, code):
        try:
            save_standard(imported.standard, folder)
        except OSError as error:
            what = f"数据文件夹写不进去（{error.strerror}）"
            raise UsageError(what, where=str(folder), advice="请用环境变量 DUIBIAO_DATA 指定可写的文件夹") from error
        print("\n".join(_import_lines(imported)))
    print(f"已存入 {folder}", file=sys.stderr)


def _imported(file: Path, code: str) -> tuple[ImportedStandard, ...]:
    """The standards of a file: of an exported JSON, or of a document."""
    from corpora.standard_import import import_json, import_standards

    if file.suffix.lower() != ".json":
        return import_standards(read_input(file), code)
    check_input(file)
    return (import_json(read_data(file), file.name, code),)


def _import_lines(imported: ImportedStandard) -> Iterator[str]:
    """What was understood of one standard, what is doubtful, and what could not be placed."""
    report = imported.report
    yield f"{imported.standard.code} {imported.standard.name}：已导入"
    yield "  " + "，".join(f"{_KINDS.get(kind, kind)} {count}" for kind, count in report.counts.items() if count)
    for warning in report.warnings:
        yield f"  请核对：{warning}"
    if report.unplaced:
        yield f"  {len(report.unplaced)} 处没有对上位置（原文保留在标准的全文里）："
    for item in report.unplaced:
        yield f"    第 {item.section} 部分，第 {item.line} 段：{item.text[:60]}（{item.reason}）"


@app.command("export", cls=Command)
def export(
    code: Annotated[str, typer.Argument(help="专业代码")],
    format: Annotated[ExportFormat, typer.Option("--format", help="json 或 case（CASE 1.1）")] = ExportFormat.json,
    out: Annotated[Path | None, typer.Option("--out", help="输出文件；默认标准输出")] = None,
) -> None:
    """导出一部标准。"""
    from corpora.case import to_case
    from corpora.standard_json import standard_to_json

    standard = _find(code)
    data = standard_to_json(standard) if format is ExportFormat.json else to_case(standard)
    text = json.dumps(data, ensure_ascii=False, indent=1)
    if out is None:
        print(text)
    else:
        write_output(out, f"{text}\n".encode())


@app.command("expressions", cls=Command)
def expressions(
    code: Annotated[str, typer.Argument(help="专业代码")],
    out: Annotated[Path | None, typer.Option("--out", help="草稿文件；默认 代码.expressions.draft.jsonl")] = None,
    install: Annotated[Path | None, typer.Option("--install", metavar="FILE", help="启用人工审核过的表达库")] = None,
    reviewed: Annotated[bool, typer.Option("--reviewed", help="与 --install 同用：确认草稿已由人逐行审核")] = False,
) -> None:
    """用语言模型起草一部标准的表达库，供人审核；或用 --install 启用审核过的表达库。"""
    standard = _find(code)
    if install is None:
        _draft(standard, out or Path(f"{code}.expressions.draft.jsonl"))
    else:
        _install(standard, install, reviewed)


def _draft(standard: Standard, out: Path) -> None:
    """Write a draft to a new file and tell what it holds; a file that is there may hold a person's work."""
    from api.settings import read_settings
    from api.wiring import build_drafter
    from corpora.errors import UsageError
    from corpora.expressions import expressions_text

    if out.exists():
        raise UsageError("文件已存在，其中可能有审核过的内容", where=str(out), advice="请用 --out 指定另一个文件")
    draft = build_drafter(read_settings()).draft(standard)
    write_output(out, expressions_text(draft.expressions, draft=True).encode())
    lines = [f"起草 {len(draft.expressions)} 条，舍去不合格的 {draft.dropped} 条"]
    if draft.unserved:
        more = " 等" if len(draft.unserved) > 5 else ""
        lines.append(f"{len(draft.unserved)} 项要素还没有教到它的表达：{'、'.join(draft.unserved[:5])}{more}")
    if draft.stopped:
        lines.append(f"没有问完（{draft.stopped}）；已得到的回答有缓存，换一个 --out 再运行即可接着问")
    lines.append(f"请逐行审核，然后运行 duibiao standard expressions {standard.code} --install {out} --reviewed")
    print("\n".join(lines), file=sys.stderr)


def _install(standard: Standard, file: Path, reviewed: bool) -> None:
    from api.cli.files import check_input
    from api.settings import read_settings
    from corpora.errors import UsageError
    from corpora.expressions import read_expressions, save_expressions

    check_input(file)
    folder = read_settings().standards
    try:
        bank = read_expressions(file, standard, drafts=reviewed)
        if not bank:
            raise UsageError("文件里没有表达", where=str(file))
        target = save_expressions(bank, standard.code, folder)
    except OSError as error:
        raise UsageError(f"无法读写（{error.strerror}）", where=str(error.filename or file)) from error
    served = len({expression.element for expression in bank if expression.grade == 2})
    print(f"已启用 {len(bank)} 条表达，{served} 项要素有教到它的表达：{target}")


def _find(code: str) -> Standard:
    from api.settings import read_settings
    from api.wiring import find_standard

    return find_standard(read_settings(), code)
