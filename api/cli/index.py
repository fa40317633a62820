"""``duibiao index``: an index over the passages of many documents, tuned on its own vectors."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from api.cli.usage import Command, Group
from corpora.errors import UsageError

if TYPE_CHECKING:
    from index.protocols import Encoder

app = typer.Typer(
    help="段落索引：把许多文档的段落编成一个文件，按内容检索；可按自己的数据实测，选最省的检索方法。",
    cls=Group,
    no_args_is_help=True,
    rich_markup_mode=None,
)

_AUTO, _TUNED = "auto", "tuned"
_Recall = Annotated[float, typer.Option("--recall", min=0.01, max=1.0, help="前 10 名的召回率，要达到多少")]
_Memory = Annotated[str, typer.Option("--memory", metavar="2G", help="索引最多占多少内存；默认不限")]
_UseOption = Annotated[
    Literal["single", "batch"], typer.Option("--use", help="single：一次问一条；batch：一次问许多条")
]
_Json = Annotated[bool, typer.Option("--json", help="输出 JSON")]


@app.command("build", cls=Command)
def build(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH…", help="文档、文件夹或 zip，可给出多个")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="写入的索引文件")],
    backend: Annotated[str, typer.Option("--backend", help="auto：按段数选；tuned：实测后选；或后端的名称")] = _AUTO,
    recall: _Recall = 0.95,
    memory: _Memory = "",
    use: _UseOption = "single",
) -> None:
    """读文档，切段，编码，建立索引，写成一个文件。"""
    from api.cli.indexing import bytes_of, chosen_by_size, read_into, tuned, verdict
    from index.backends import backend_class
    from index.segment_index import SegmentIndex

    bound = bytes_of(memory)
    if backend not in (_AUTO, _TUNED):
        backend_class(backend)
    index = SegmentIndex(_encoder())
    read_into(index, paths)
    if backend == _TUNED:
        tuning = tuned(index, recall, bound, use)
        index.rebuild(tuning.chosen.backend, tuning.record(), **tuning.chosen.options)
        for line in verdict(tuning):
            print(line)
    elif backend == _AUTO:
        choice = chosen_by_size(index, bound, use)
        index.rebuild(choice.backend, None, **choice.options)
        print(f"选用：{choice.backend}。{choice.why}")
    else:
        index.rebuild(backend)
    index.save(out)
    print(f"已写入 {out}：{len(index.groups)} 份文档，{len(index):,} 段")


@app.command("tune", cls=Command)
def tune(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="索引文件；或文档、文件夹、zip")],
    recall: _Recall = 0.95,
    memory: _Memory = "",
    use: _UseOption = "single",
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="按选定的方法写成索引文件")] = None,
    everything: Annotated[bool, typer.Option("--all", help="列出所有试过的设置")] = False,
    as_json: _Json = False,
) -> None:
    """在自己的数据上实测各种检索方法，选出达到召回率的最省的一种。"""
    from api.cli.indexing import bytes_of, is_index, open_index, read_into, table, tuned, verdict
    from index.segment_index import SegmentIndex

    bound, encoder = bytes_of(memory), _encoder()
    if is_index(path):
        index = open_index(path, encoder)
    else:
        index = SegmentIndex(encoder)
        read_into(index, [path])
    if not len(index):
        raise UsageError("索引里没有段落", where=str(path), advice="请先用 duibiao index build 建立")
    tuning = tuned(index, recall, bound, use)
    if out is not None:
        index.rebuild(tuning.chosen.backend, tuning.record(), **tuning.chosen.options)
        index.save(out)
    if as_json:
        print(json.dumps(tuning.record(), ensure_ascii=False, indent=1))
        return
    for line in (*table(tuning, everything), *verdict(tuning)):
        print(line)
    print(f"已写入 {out}" if out is not None else "没有改动文件；加 --out FILE 按选定的方法写成索引")


@app.command("info", cls=Command)
def info(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="索引文件")],
    verify: Annotated[bool, typer.Option("--verify", help="核对全部校验和")] = False,
    as_json: _Json = False,
) -> None:
    """索引文件的段数、检索方法、选用的依据。"""
    from api.cli.indexing import facts, settings_of, verdict
    from index.segment_index import SegmentIndex
    from index.tuning import Tuning

    found = facts(path)
    if verify:
        SegmentIndex.verify_file(path)
    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
        return
    backend = found["backend"]
    print(f"段数\t{found['rows']:,}\n文档\t{found['groups']:,}\n维数\t{found['dimension']}\n编码器\t{found['encoder']}")
    print(f"检索方法\t{backend['name']}（{settings_of(backend['options'])}）")
    print(f"文件\t{found['bytes']:,} 字节，其中检索结构 {found['structure']:,}")
    if backend["tuning"]:
        for line in verdict(Tuning.from_record(backend["tuning"])):
            print(f"实测\t{line}")
    if verify:
        print("校验和\t全部相符")


@app.command("search", cls=Command)
def search(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="索引文件")],
    text: Annotated[str, typer.Argument(metavar="TEXT", help="要找的说法")],
    within: Annotated[
        list[str] | None,
        typer.Option("--within", help="只在这个文件夹或文件里找（精确），如 电商/网店运营.docx；可给多次"),
    ] = None,
    top: Annotated[int, typer.Option("--top", min=1, help="列出几条")] = 10,
    as_json: _Json = False,
) -> None:
    """在索引里找与一句话最相近的段落。"""
    from api.cli.indexing import open_index

    if not text.strip():
        raise UsageError("没有要找的内容")
    index = open_index(path, _encoder())
    groups = [tuple(part for part in name.split("/") if part) for name in within or ()]
    for group in groups:
        if not any(known[: len(group)] == group for known in index.groups):
            some = "、".join("/".join(known) for known in index.groups[:5])
            raise UsageError(f"索引里没有“{'/'.join(group)}”", where=path.name, advice=f"里面有 {some} 等")
    found = index.find(text, top, groups or None)
    if as_json:
        lines = [
            {"similarity": round(s, 4), "document": "/".join(p.group), "text": p.text, **p.metadata} for p, s in found
        ]
        print(json.dumps(lines, ensure_ascii=False, indent=1))
        return
    if not found:
        print("没有找到", file=sys.stderr)
    for passage, similarity in found:
        print(f"{similarity:.2f}\t{'/'.join(passage.group)}\t“{' '.join(passage.text.split())}”")


def _encoder() -> Encoder:
    from api.settings import read_settings
    from index.encoders import load_encoder

    return load_encoder(read_settings().encoder or None)
