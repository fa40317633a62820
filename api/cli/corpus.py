"""``duibiao corpus``: the user's own textbooks and syllabi, from which suggestions quote how others teach something."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.usage import Command, Group

if TYPE_CHECKING:
    from alignment.exemplars.model import Found
    from alignment.exemplars.store import Step

app = typer.Typer(
    help="语料库：加入自己的教材、课程标准等，供修改建议引用，并可用 duibiao search --corpus 检索。全部留在本机。",
    cls=Group,
    no_args_is_help=True,
    rich_markup_mode=None,
)

_ROLES = {
    "objective": "目标",
    "content": "内容",
    "practice": "实践",
    "assessment": "考核",
    "resource": "资源",
    "other": "其他",
}
_WIDTH = 400


@app.command("add", cls=Command)
def add(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH…", help="文档、文件夹或 zip，可给出多个")],
    name: Annotated[str, typer.Option("--name", help="资料名称；默认用文件或文件夹的名称")] = "",
    standard: Annotated[str, typer.Option("--standard", help="归入哪部专业教学标准（代码）；可不给")] = "",
) -> None:
    """加入教材、课程标准等；读过的内容不再重读，同名资料里的同名文件以新的为准。"""
    from alignment.exemplars.files import batch_of
    from api.settings import read_settings
    from api.wiring import build_exemplar_store, find_standard
    from corpora.parsers import warm_up
    from index.encoders import load_encoder

    batches = [batch_of(path, name) for path in paths]
    settings = read_settings()
    if standard:
        find_standard(settings, standard)
    warm_up()
    for batch in batches:
        for skipped in batch.skipped:
            print(f"没有读 {skipped}：不是可读的格式", file=sys.stderr)
    store = build_exemplar_store(settings)
    manifest = store.add(batches, standard, load_encoder(settings.encoder or None), _tell)
    for taken in dict.fromkeys(batch.name for batch in batches):
        source = manifest.source(taken)
        if source is not None:
            print(f"{source.name}：{len(source.documents)} 份文档，{source.passages} 段")
    print(f"已存入 {store.folder}", file=sys.stderr)


def _tell(step: Step) -> None:
    head = f"[{step.number}/{step.total}] {step.name}："
    if step.problem:
        print(f"{head}没有收入，{step.problem}", file=sys.stderr)
    else:
        print(f"{head}{step.passages} 段{'（以前读过）' if step.known else ''}", file=sys.stderr)


@app.command("list", cls=Command)
def list_sources(
    documents: Annotated[bool, typer.Option("--documents", help="逐份列出文档")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
) -> None:
    """列出加入的资料。"""
    from dataclasses import asdict

    from alignment.exemplars.manifest import read_manifest
    from api.settings import read_settings

    manifest = read_manifest(read_settings().corpus)
    sources = manifest.sources if manifest else ()
    if as_json:
        print(json.dumps([asdict(source) for source in sources], ensure_ascii=False, indent=1))
        return
    if not sources:
        print("还没有自己的资料；修改建议只引用内置样例。用 duibiao corpus add 加入")
    for source in sources:
        filed = source.standard or "不限专业"
        print(f"{source.name}\t{len(source.documents)} 份\t{source.passages} 段\t{filed}\t{source.added}")
        for entry in source.documents if documents else ():
            print(f"  {entry.name}\t{entry.passages} 段\t{entry.title}")


@app.command("remove", cls=Command)
def remove(name: Annotated[str, typer.Argument(metavar="NAME", help="资料名称（见 corpus list）")]) -> None:
    """去掉一份资料；别的资料里也有的文档仍保留。"""
    from api.settings import read_settings
    from api.wiring import build_exemplar_store
    from index.encoders import load_encoder

    settings = read_settings()
    gone = build_exemplar_store(settings).remove(name, load_encoder(settings.encoder or None))
    print(f"已去掉 {gone.name}：{len(gone.documents)} 份文档，{gone.passages} 段")


@app.command("rebuild", cls=Command)
def rebuild() -> None:
    """重建索引：换了编码器、升级了程序，或索引文件损坏之后。不需要原来的文件。"""
    from api.settings import read_settings
    from api.wiring import build_exemplar_store
    from index.encoders import load_encoder

    settings = read_settings()
    manifest = build_exemplar_store(settings).rebuild(load_encoder(settings.encoder or None))
    count = sum(source.passages for source in manifest.sources)
    print(f"已重建索引：{len(manifest.sources)} 份资料，{count} 段")


def show_found(found: list[Found], as_json: bool) -> None:
    """Print the passages that a search found."""
    if as_json:
        print(json.dumps([_fields(item) for item in found], ensure_ascii=False, indent=1))
        return
    for item in found:
        line = item.exemplar.line
        text = " ".join(line.text.split())
        print(f"{item.similarity:.2f}\t{item.exemplar.source}\t[{_ROLES[line.role]}]")
        print(f"\t“{text if len(text) <= _WIDTH else text[:_WIDTH] + '…'}”")


def _fields(item: Found) -> dict[str, object]:
    exemplar = item.exemplar
    return {
        "quote": exemplar.line.text,
        "document": exemplar.document,
        "title": exemplar.title,
        "heading_path": list(exemplar.line.heading_path),
        "page": exemplar.line.page,
        "role": exemplar.line.role,
        "similarity": round(item.similarity, 4),
        "origin": exemplar.origin,
        "standard": exemplar.standard,
        "sha256": exemplar.sha256,
    }
