"""Streams of events: how many one user may hold open, and whether the user is still who they were."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from typing import Annotated, TypeVar

from fastapi import Depends, Request

from api.auth.identify import identify
from api.auth.principal import ForbiddenError, Principal
from api.errors import TooManyRequestsError
from api.http.deps import get_principal, get_service

T = TypeVar("T")

#: Streams of one user; each looks at the store several times a second.
MOST = 24
#: Seconds between two looks at who it is.
CHECK = 5.0


class Streams:
    """Counts the streams that are open, by user.

    Parameters
    ----------
    most : of one user.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._open: Counter[str] = Counter()
        self._lock = threading.Lock()

    def take(self, user: str) -> None:
        """Count one more; raises TooManyRequestsError where there are enough."""
        with self._lock:
            if self._open[user] >= self._most:
                raise TooManyRequestsError("同时打开的进度页面太多", seconds=10)
            self._open[user] += 1

    def give_back(self, user: str) -> None:
        """One has ended."""
        with self._lock:
            self._open[user] -= 1
            if self._open[user] <= 0:
                del self._open[user]


async def one_stream(request: Request, principal: Annotated[Principal, Depends(get_principal)]) -> AsyncIterator[None]:
    """Holds a place among the user's streams until the answer is sent; raises TooManyRequestsError."""
    streams: Streams = request.app.state.streams
    streams.take(principal.id)
    try:
        yield
    finally:
        streams.give_back(principal.id)


def while_same(request: Request, read: Callable[[], T]) -> Callable[[], T]:
    """``read``, which raises as soon as the caller is signed out, disabled, or has another role or department."""
    who: Principal | None = getattr(request.state, "principal", None)
    checked = time.monotonic()

    def look() -> T:
        nonlocal checked
        if who is not None and time.monotonic() - checked >= CHECK:
            if identify(request, get_service(request)) != who:
                raise ForbiddenError()
            checked = time.monotonic()
        return read()

    return look
