"""Events sent while jobs run (server-sent events): what changed, until there is nothing more to wait for."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterable
from typing import TypeVar

from fastapi import FastAPI, Request
from fastapi.sse import ServerSentEvent
from starlette.concurrency import run_in_threadpool

from api.http.streams import while_same
from corpora.errors import DuibiaoError

T = TypeVar("T")

#: States in which a job stays.
FINAL = frozenset({"done", "failed", "cancelled"})
#: Seconds between two looks at the store, and until a reader is to come anew, which checks again who it is.
EVERY, LONGEST = 0.3, 600.0


async def follow(
    request: Request,
    read: Callable[[], T],
    events: Callable[[T], Iterable[ServerSentEvent]],
    over: Callable[[T], bool],
    every: float = EVERY,
) -> AsyncIterator[ServerSentEvent]:
    """Events of what ``read`` returns, each when it differs from the last one of its name and id.

    Ends when ``over`` says so, when what is followed is deleted, when the reader goes or may no longer read it, when
    the service ends, or after ``LONGEST``.

    Parameters
    ----------
    read : looks at the store; runs in a thread.
    events : all events that tell of the present state; one that was sent before is not sent again.
    every : seconds between two looks.
    """
    sent: set[str] = set()
    look = while_same(request, read)
    ending = stopping(request.app)
    end = asyncio.get_running_loop().time() + LONGEST
    while not await request.is_disconnected():
        try:
            state = await run_in_threadpool(look)
        except DuibiaoError:
            return
        for event in events(state):
            if (shape := event.model_dump_json()) not in sent:
                sent.add(shape)
                yield event
        if over(state) or ending.is_set() or asyncio.get_running_loop().time() > end:
            return
        await asyncio.sleep(every)


async def settled(read: Callable[[], T], over: Callable[[T], bool], seconds: float) -> T:
    """What ``read`` returns once it is over, or as it is when the seconds have passed."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while True:
        state = await run_in_threadpool(read)
        left = end - loop.time()
        if over(state) or left <= 0:
            return state
        await asyncio.sleep(min(EVERY, left))


def stop_events(app: FastAPI) -> None:
    """End all streams of events within a moment: the service is about to close its connections."""
    stopping(app).set()


def stopping(app: FastAPI) -> threading.Event:
    """What is set when streams of events are to end."""
    state = app.state
    if not hasattr(state, "stopping"):
        state.stopping = threading.Event()
    found: threading.Event = state.stopping
    return found
