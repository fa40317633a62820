"""The aligning process: reads tasks from its standard input, answers on its standard output.

``api.jobs.pool`` starts it. The first message is the pickled settings, each further one a pickled ``Task``. Answers are
JSON: any number of ``{"stage": name}``, then one of ``{"outcome": …}``, ``{"problem": {"what", "where", "advice"}}``
and ``{"bug": traceback}``. The traceback holds no message, for that could quote a document.
"""

from __future__ import annotations

import json
import os
import pickle
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from corpora.errors import DuibiaoError
from corpora.processes import Pipes

if TYPE_CHECKING:
    from api.jobs.task import Task

#: Bytes that one task may take beyond what the process held before it.
_MEMORY = 4 << 30
#: How far the process steps back behind those that answer readers.
_NICE = 5

Answer = dict[str, Any]


def main() -> None:
    """Serve tasks until the input ends; the aligner is built once."""
    pipes = Pipes()
    from corpora.parsers.rlimits import forbid_core_dumps

    forbid_core_dumps()
    if hasattr(os, "nice"):
        os.nice(_NICE)
    messages = iter(pipes)
    work = _Work(next(messages), lambda answer: pipes.send(json.dumps(answer).encode()))
    for message in messages:
        work.do(pickle.loads(message))


class _Work:
    """Does tasks with one aligner.

    Parameters
    ----------
    settings : pickled.
    send : gives the parent an answer.
    """

    def __init__(self, settings: bytes, send: Callable[[Answer], None]) -> None:
        from api.store.blobs import Blobs

        self._settings = pickle.loads(settings)
        self._send = send
        self._blobs = Blobs(self._settings.data / "blobs")
        self._aligner: Any = None

    def do(self, task: Task) -> None:
        """Answer one task."""
        self._send(self._answer(task))

    def _answer(self, task: Task) -> Answer:
        from api.jobs.task import run
        from api.logs import trace_of
        from api.wiring import build_aligner
        from corpora.parsers.rlimits import lift, limit_memory

        try:
            self._aligner = self._aligner or build_aligner(self._settings)
            limit_memory(_MEMORY)
            outcome = run(task, self._settings, self._blobs, self._aligner, lambda name: self._send({"stage": name}))
            return {"outcome": asdict(outcome)}
        except DuibiaoError as error:
            return {"problem": {"what": error.what, "where": error.where, "advice": error.advice}}
        except MemoryError:
            return {"limit": "memory"}
        except Exception as error:
            return {"bug": trace_of(error)}
        finally:
            lift()
