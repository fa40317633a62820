"""The outer wall: which hosts and clients are served, forgery, and the security headers of every answer.

Plain ASGI, so that streams of events pass through as they come.
"""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from fastapi import FastAPI, Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from api.auth.forgery import SAFE_METHODS, from_elsewhere
from api.auth.limits import Limits
from api.auth.oidc import check_provider
from api.auth.principal import ForgeryError, UntrustedHostError
from api.settings import ServiceSettings
from corpora.errors import DuibiaoError

#: A page loads its own files only, sends forms only here, and stands in no frame.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
#: ``same-origin`` and not ``no-referrer``: with the latter browsers send ``Origin: null`` with our own forms.
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_HSTS = "max-age=31536000"
_LOOPBACK_NAMES = frozenset({"localhost", "localhost.localdomain", "ip6-localhost"})
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")


def protect(app: FastAPI, settings: ServiceSettings) -> None:
    """Put the wall around an application; to be called after all other middleware is added.

    Raises
    ------
    UsageError : the settings name a provider to sign in with, and that cannot work.
    """
    check_provider(settings)
    app.state.limits = Limits.of(settings)
    app.add_middleware(Security, settings=settings)
    if settings.proxies:
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=list(settings.proxies))


class Security:
    """Refuses requests that must not come in, and gives every answer its security headers.

    Parameters
    ----------
    app : the application behind it.
    settings : whether accounts are on, which hosts are ours, whether browsers come through TLS.
    """

    def __init__(self, app: ASGIApp, settings: ServiceSettings) -> None:
        self.app, self.settings = app, settings
        self._hosts = frozenset(host.lower() for host in settings.hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        begun = False

        async def with_headers(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                self._add_headers(MutableHeaders(scope=message), scope["path"])
            await send(message)

        try:
            self._check(Request(scope))
            await self.app(scope, receive, with_headers)
        except Exception as error:
            if begun:
                raise
            await _refuse(scope, receive, with_headers, error)  # here, so that our mistakes have the headers too

    def _check(self, request: Request) -> None:
        """Raises UntrustedHostError or ForgeryError."""
        self._check_host(host_of(request.headers))
        if not self.settings.auth:
            _check_local(request)
        if request.method not in SAFE_METHODS and not self._by_token(request) and from_elsewhere(request.headers):
            raise ForgeryError()

    def _by_token(self, request: Request) -> bool:
        return self.settings.auth and request.headers.get("authorization", "").lower().startswith("bearer ")

    def _check_host(self, host: str) -> None:
        """A name that is not ours may be another site's that was made to point here.

        With accounts an address will do: a browser sends it only when it was asked for that very address.
        """
        ours = self.settings.auth and (host in self._hosts or _is_address(host))
        if not ours and not is_loopback(host):
            advice = "请用本机地址打开，或在 DUIBIAO_HOSTS 里加上这个域名"
            raise UntrustedHostError(f"不以“{host[:80]}”这个名称提供服务", advice=advice)

    def _add_headers(self, headers: MutableHeaders, path: str) -> None:
        for name, value in _HEADERS.items():
            headers.setdefault(name, value)
        if self.settings.https:
            headers.setdefault("Strict-Transport-Security", _HSTS)
        if not path.startswith("/static/"):
            headers.setdefault("Cache-Control", "private, no-cache" if "etag" in headers else "no-store")


def host_of(headers: Headers) -> str:
    """The host that a request names, without its port, in lower case."""
    try:
        return (urlsplit(f"//{headers.get('host', '')}").hostname or "").lower()
    except ValueError:
        return ""


def is_loopback(host: str) -> bool:
    """Whether a name or an address can only mean this machine."""
    if host in _LOOPBACK_NAMES or host.endswith(".localhost"):
        return True
    return _is_address(host) and ip_address(host).is_loopback


def from_this_machine(request: Request) -> bool:
    """Whether a request comes from this machine, and not through a proxy on it."""
    outside = request.client is None or not is_loopback(request.client.host)
    return not outside and not any(name in request.headers for name in _FORWARDED)


def _check_local(request: Request) -> None:
    """Without accounts only this machine is served, and nobody through a proxy on it."""
    if not from_this_machine(request):
        raise UntrustedHostError("本机模式只接受本机的访问", advice="要让别人使用，请用 duibiao serve --auth 开启账号")


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


async def _refuse(scope: Scope, receive: Receive, send: Send, error: Exception) -> None:
    """Answer an error as the application answers its own."""
    handler = scope["app"].exception_handlers[DuibiaoError]
    response = await handler(Request(scope, receive), error)
    await response(scope, receive, send)
