"""``duibiao search`` and ``doctor``."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer

from corpora.errors import UsageError

DEFAULT_STANDARD = "530701"


def search(
    text: Annotated[str, typer.Argument(help="要找的说法，如“用户画像”")],
    standard: Annotated[
        str, typer.Option("--standard", help="专业教学标准的代码；默认 530701，加 --corpus 时不限")
    ] = "",
    top: Annotated[int, typer.Option("--top", min=1, help="列出几条")] = 10,
    corpus: Annotated[bool, typer.Option("--corpus", help="在语料库里找别人怎样教（见 duibiao corpus）")] = False,
    own: Annotated[bool, typer.Option("--own", help="与 --corpus 同用：只找自己加入的资料")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
) -> None:
    """标准的哪几条讲到这个说法；加 --corpus 则看教材、课程标准里是怎样教的。"""
    if not text.strip():
        raise UsageError("没有要找的内容")
    if corpus:
        _search_corpus(text, standard, top, own, as_json)
    else:
        _search_statements(text, standard or DEFAULT_STANDARD, top, as_json)


def _search_statements(text: str, standard: str, top: int, as_json: bool) -> None:
    from api.settings import read_settings
    from api.wiring import build_finder

    found = build_finder(read_settings(), standard).find(text, top)
    if as_json:
        lines = [{"id": x.statement.id, "similarity": round(x.similarity, 4), "text": x.statement.label} for x in found]
        print(json.dumps(lines, ensure_ascii=False, indent=1))
        return
    for hit in found:
        print(f"{hit.statement.id}\t{hit.similarity:.2f}\t{hit.statement.label}")


def _search_corpus(text: str, standard: str, top: int, own: bool, as_json: bool) -> None:
    from alignment.exemplars.model import ORIGINS
    from api.cli.corpus import show_found
    from api.settings import read_settings
    from api.wiring import build_exemplars, find_standard

    settings = read_settings()
    if standard:
        find_standard(settings, standard)
    found = build_exemplars(settings).whole().find(text, top, standard, ("user",) if own else ORIGINS)
    if not found and not as_json:
        print("没有找到；自己的资料用 duibiao corpus add 加入", file=sys.stderr)
    show_found(found, as_json)


def doctor() -> None:
    """检查安装：版本、模型、向量检索所用的 BLAS 内核、可选组件。"""
    from api.doctor import diagnose

    for name, value in diagnose():
        print(f"{name}\t{value}")
