"""Pages that keep themselves up to date: changed parts are sent as server-sent events, as HTML.

``app.js`` puts each element of an event's data in the place of the element of the same ``id``.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

from api.http.events import stopping
from api.http.streams import while_same
from corpora.errors import DuibiaoError

#: Seconds between two looks, until a silent stream says that it lives, and until the browser is to ask anew (which
#: checks again who it is).
EVERY, _SILENCE, _LONGEST = 0.4, 15.0, 600.0


@dataclass(frozen=True, slots=True)
class Turn:
    """What has changed since the last look ("" for nothing), and whether it was the last change of all."""

    html: str
    done: bool = False


def live(request: Request, look: Callable[[], Turn]) -> StreamingResponse:
    """A stream of what ``look`` finds changed; ``look`` runs in a thread and remembers by itself what it has told."""
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(
        _events(while_same(request, look), stopping(request.app)), media_type="text/event-stream", headers=headers
    )


async def _events(look: Callable[[], Turn], ending: threading.Event) -> AsyncIterator[str]:
    began = spoke = time.monotonic()
    yield "retry: 2000\n\n"
    while time.monotonic() - began < _LONGEST and not ending.is_set():
        try:
            turn = await run_in_threadpool(look)
        except DuibiaoError:  # deleted, or no longer the reader's: the page that loads next says so
            turn = Turn("", done=True)
        if turn.html:
            yield event("parts", turn.html)
            spoke = time.monotonic()
        if turn.done:
            yield event("done", "")
            return
        if time.monotonic() - spoke > _SILENCE:
            yield ": still here\n\n"
            spoke = time.monotonic()
        await asyncio.sleep(EVERY)


def event(name: str, data: str) -> str:
    """One event as it goes over the wire."""
    lines = "".join(f"data: {line}\n" for line in data.splitlines() or [""])
    return f"event: {name}\n{lines}\n"
