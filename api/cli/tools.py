"""``duibiao search``, ``serve`` and ``doctor``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    import socket


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


def serve(
    host: Annotated[str, typer.Option("--host", help="监听地址")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="端口；0 为任一空闲端口")] = 8000,
) -> None:
    """启动网页与接口。"""
    import uvicorn

    from api.app import create_app

    listening = _listen(host, port)
    server = uvicorn.Server(uvicorn.Config(create_app(), log_level="warning"))
    shown = f"[{host}]" if ":" in host else host
    print(f"打开 http://{shown}:{listening.getsockname()[1]} 上传文档；按 Ctrl+C 停止。", flush=True)
    server.run(sockets=[listening])


def _listen(host: str, port: int) -> socket.socket:
    """A socket that takes connections at once, so that the address is good as soon as it is shown.

    Raises
    ------
    UsageError : the address is taken or not of this machine.
    """
    import socket

    from corpora.errors import UsageError

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=128)
    except OSError as error:
        reason = (error.strerror or "").partition(" (while")[0]
        what = f"不能监听 {host}:{port}（{reason}）"
        raise UsageError(what, advice="请用 --port 换一个端口，或用 --host 换一个地址") from error


def doctor() -> None:
    """检查安装：版本、模型、向量检索所用的 BLAS 内核、可选组件。"""
    from api.doctor import diagnose

    for name, value in diagnose():
        print(f"{name}\t{value}")
