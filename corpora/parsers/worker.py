"""The parsing process: reads jobs from its standard input, answers on its standard output.

``corpora.parsers.sandbox`` starts it. A job is a pickled Source behind its length (8 bytes, little-endian), an
answer a pickled ``("document", Document)``, ``("error", DuibiaoError)``, ``("limit", message)`` or
``("bug", traceback)``. The process ends when its input ends. Limits are renewed for each job.
"""

from __future__ import annotations

import os
import pickle
import sys
import traceback
from typing import Any, BinaryIO

from corpora.errors import DuibiaoError, MissingExtraError
from corpora.parsers.base import Limits, Source
from corpora.parsers.rlimits import forbid_core_dumps, limit_cpu, limit_memory

_SIZE = 8


def read_message(stream: BinaryIO) -> bytes | None:
    """The next message of a pipe, None when it was closed or cut off."""
    head = stream.read(_SIZE)
    if len(head) < _SIZE:
        return None
    size = int.from_bytes(head, "little")
    body = stream.read(size)
    return body if len(body) == size else None


def write_message(stream: BinaryIO, message: bytes) -> None:
    """Send one message through a pipe."""
    stream.write(len(message).to_bytes(_SIZE, "little"))
    stream.write(message)
    stream.flush()


def answer(source: Source) -> tuple[str, Any]:
    """Do one job under its limits; nothing escapes as an exception."""
    from corpora.parsers.reading import parse

    _apply(source.options.limits)
    try:
        return "document", parse(source)
    except DuibiaoError as error:
        return "error", error
    except ModuleNotFoundError as error:
        what = f"缺少读取它所需的库 {error.name}"
        return "error", MissingExtraError(what, where=source.name, advice="请重新安装 duibiao 及其依赖")
    except MemoryError:
        return "limit", "内存"
    except Exception:
        return "bug", traceback.format_exc()


def _apply(limits: Limits) -> None:
    limit_memory(limits.memory_bytes)
    limit_cpu(limits.cpu_seconds)


def main() -> None:
    """Serve jobs until the input ends. The pipes are moved away from 0 and 1, where a library might print.

    The docx parser is loaded before the first job comes, for it is the one that most jobs need.
    """
    import corpora.parsers.docx
    import corpora.parsers.reading  # noqa: F401

    forbid_core_dumps()
    jobs = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(2, 1)
    sys.stdin = open(os.devnull)  # noqa: SIM115, PTH123
    while (message := read_message(jobs)) is not None:
        write_message(answers, pickle.dumps(answer(pickle.loads(message)), pickle.HIGHEST_PROTOCOL))
