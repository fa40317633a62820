"""The parsing process: reads jobs from its standard input, answers on its standard output.

``corpora.parsers.sandbox`` starts it. A job is a pickled Source, an answer a pickled ``("document", Document)``,
``("error", DuibiaoError)``, ``("limit", message)`` or ``("bug", traceback)``. The process ends when its input ends.
Limits are renewed for each job.
"""

from __future__ import annotations

import pickle
import traceback
from typing import Any

from corpora.errors import DuibiaoError, MissingExtraError
from corpora.parsers.base import Limits, Source
from corpora.parsers.rlimits import forbid_core_dumps, limit_cpu, limit_memory
from corpora.processes import Pipes


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
    """Serve jobs until the input ends.

    The docx parser is loaded before the first job comes, for it is the one that most jobs need.
    """
    pipes = Pipes()
    import corpora.parsers.docx
    import corpora.parsers.reading  # noqa: F401

    forbid_core_dumps()
    for message in pipes:
        pipes.send(pickle.dumps(answer(pickle.loads(message)), pickle.HIGHEST_PROTOCOL))
