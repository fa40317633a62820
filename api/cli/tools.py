"""``duibiao search`` and ``doctor``."""

from __future__ import annotations

from typing import Annotated

import typer


def search(
    text: Annotated[str, typer.Argument(help="要找的说法，如“用户画像”")],
    standard: Annotated[str, typer.Option("--standard", help="专业教学标准的代码")] = "530701",
    top: Annotated[int, typer.Option("--top", min=1, help="列出几条")] = 10,
) -> None:
    """标准的哪几条讲到这个说法。"""
    from api.settings import read_settings
    from api.wiring import build_finder

    for hit in build_finder(read_settings(), standard).find(text, top):
        print(f"{hit.statement.id}\t{hit.similarity:.2f}\t{hit.statement.label}")


def doctor() -> None:
    """检查安装：版本、模型、向量检索所用的 BLAS 内核、可选组件。"""
    from api.doctor import diagnose

    for name, value in diagnose():
        print(f"{name}\t{value}")
