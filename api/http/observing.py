"""The outermost ring around the application: names, logs and measures every request."""

from __future__ import annotations

import re
from time import perf_counter
from typing import Any

import structlog
from fastapi import FastAPI
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.metrics import Metrics
from api.store.ids import new_id

_LOG = structlog.stdlib.get_logger("api.requests")
_HEADER = "X-Request-ID"
_SENT_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
#: Asked for all the time by browsers and machines; in the log only when it asks for everything.
_QUIET = ("/static", "/healthz", "/health", "/metrics")


def observe(app: FastAPI) -> None:
    """Log and measure an application's requests; to be called after all other middleware is added."""
    app.state.metrics = metrics = Metrics(app)
    app.add_middleware(Observer, metrics=metrics)


class Observer:
    """Gives every request an id, and tells of it once it is answered.

    Parameters
    ----------
    app : the application behind it.
    metrics : counts requests.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app, self.metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = _request_id(Headers(scope=scope))
        scope.setdefault("state", {})["request_id"] = request_id
        seen = _Seen()

        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen.status = message["status"]
                MutableHeaders(scope=message)[_HEADER] = request_id
            await send(message)

        with structlog.contextvars.bound_contextvars(request=request_id):
            try:
                await self.app(scope, receive, watched)
            finally:
                self._tell(scope, seen)

    def _tell(self, scope: Scope, seen: _Seen) -> None:
        seconds = perf_counter() - seen.start
        route = route_of(scope)
        self.metrics.request(scope["method"], route, seen.status, seconds)
        principal = scope["state"].get("principal")
        log = _LOG.debug if route.startswith(_QUIET) else _LOG.info
        facts: dict[str, Any] = {"user": principal.id} if principal is not None else {}
        method = scope["method"] if scope["method"].isalpha() else "?"
        log("request", method=method, route=route, status=seen.status, ms=round(seconds * 1000, 1), **facts)


class _Seen:
    """What is known of a request: when it came, and its answer's status (500 until there is one)."""

    def __init__(self) -> None:
        self.start, self.status = perf_counter(), 500


def route_of(scope: Scope) -> str:
    """The template of the route that a request met, such as ``/reports/{id}``; never what stood in the path."""
    if scope["path"].startswith("/static/"):
        return "/static"
    template = str(getattr(scope.get("route"), "path", ""))
    if not template:
        return "none"
    # The template lacks the prefix under which its router stands: the first parts of the path, always plain words.
    before = scope["path"].count("/") - template.count("/")
    return "/".join(scope["path"].split("/")[: before + 1]) + template if ":path}" not in template else template


def _request_id(headers: Headers) -> str:
    """The id that a reverse proxy or a program gave the request, or a new one."""
    sent = headers.get(_HEADER, "")
    return sent if _SENT_ID.fullmatch(sent) else new_id()
