"""``duibiao serve`` and ``duibiao worker``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    import socket

    from uvicorn import Server

    from api.service import Service
    from api.settings import Settings

#: Seconds that open requests have when the service is asked to end.
_GRACE = 3


def serve(
    host: Annotated[str, typer.Option("--host", help="监听地址")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="端口；0 为任一空闲端口")] = 8000,
    auth: Annotated[bool, typer.Option("--auth", help="要求登录（账号见 duibiao user）")] = False,
    no_worker: Annotated[
        bool, typer.Option("--no-worker", help="只提供网页与接口，文档由 duibiao worker 处理")
    ] = False,
) -> None:
    """启动网页与接口。"""
    from api.app import create_app
    from api.auth.oidc import check_provider
    from api.logs import configure
    from api.wiring import build_service

    settings = _settings(auth, no_worker)
    _check_host(host, settings)
    check_provider(settings.service)
    listening = _listen(host, port)
    configure(settings.service)
    service = build_service(settings)
    _tell_of_admins(service)
    app = create_app(settings, lambda _: service)
    shown = f"[{host}]" if ":" in host else host
    _server(app, f"打开 http://{shown}:{listening.getsockname()[1]} 上传文档；按 Ctrl+C 停止。").run(
        sockets=[listening]
    )


def worker() -> None:
    """处理排队的文档，不提供网页（与 duibiao serve --no-worker 合用）。"""
    import signal
    import threading

    from api.jobs.upkeep import keep_up
    from api.logs import configure
    from api.settings import read_settings
    from api.wiring import build_service

    settings = read_settings()
    configure(settings.service)
    asked = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: asked.set())
    service = build_service(settings)
    try:
        with keep_up(service):
            print("开始处理排队的文档；按 Ctrl+C 停止。", flush=True)
            asked.wait()
    finally:
        service.close()


def _tell_of_admins(service: Service) -> None:
    """Say so where accounts are on and nobody can keep them."""
    import sys

    from api.services.accounts import has_admin

    if service.settings.service.auth and not has_admin(service):
        print("还没有管理员。请另开终端运行：duibiao user add 登录名 --role admin", file=sys.stderr, flush=True)


def _settings(auth: bool, no_worker: bool) -> Settings:
    from api.settings import read_settings

    settings = read_settings()
    changes: dict[str, Any] = {"auth": settings.service.auth or auth}
    if no_worker:
        changes["workers"] = 0
    return replace(settings, service=replace(settings.service, **changes))


def _check_host(host: str, settings: Settings) -> None:
    """Without accounts everyone who can connect may do everything: only this machine may connect.

    Raises
    ------
    UsageError : others could.
    """
    from api.auth.middleware import is_loopback
    from corpora.errors import UsageError

    if not settings.service.auth and not is_loopback(host):
        what = f"没有开启登录时只能监听本机地址，不能监听 {host}"
        raise UsageError(what, advice="请加上 --auth（先用 duibiao user add 建立账号），或去掉 --host")


def _server(app: Any, greeting: str) -> Server:
    """A server that greets once it takes connections, and that ends quietly when asked to."""
    import uvicorn

    from api.http.events import stop_events

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                print(greeting, flush=True)

        def handle_exit(self, sig: int, frame: Any) -> None:  # noqa: ARG002
            stop_events(app)
            self.force_exit = self.should_exit
            self.should_exit = True

    options: dict[str, Any] = {"log_config": None, "access_log": False, "server_header": False, "proxy_headers": False}
    return Server(uvicorn.Config(app, timeout_graceful_shutdown=_GRACE, **options))


def _listen(host: str, port: int) -> socket.socket:
    """A socket of the address, taken before anything is opened.

    Raises
    ------
    UsageError : the address is taken or not of this machine.
    """
    import socket

    from corpora.errors import UsageError

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server((host, port), family=family, backlog=128)
    except OSError as error:
        reason = (error.strerror or "").partition(" (while")[0]
        what = f"不能监听 {host}:{port}（{reason}）"
        raise UsageError(what, advice="请用 --port 换一个端口，或用 --host 换一个地址") from error
    # asyncio does it only for sockets that name their protocol; without it an answer in two parts takes 40 ms longer.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening
