"""The service's log on stderr, as text or JSON lines: who asked for what, how it ended, how long it took.

It holds no text of documents, no file names and no secrets: requests are told by route, not by path; an exception by
its kind and where it was raised, not by its message; and of what libraries say, only where they said it.
"""

from __future__ import annotations

import logging
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog

if TYPE_CHECKING:
    from structlog.typing import EventDict, Processor, WrappedLogger

    from api.settings import ServiceSettings

#: First parts of the names of loggers whose words hold nothing of a document.
_OURS = frozenset({"api", "duibiao", "uvicorn"})
_PACKAGES = tuple(str(Path(__file__).resolve().parents[1] / name) for name in ("api", "alignment", "index", "corpora"))


def configure(settings: ServiceSettings) -> None:
    """Send the log to stderr in the form and from the level that the settings say; replaces what was set up before."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _without_messages,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[_without_foreign_words, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer(settings)],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    root.setLevel(max(level, logging.WARNING))
    for name in ("api", "duibiao"):
        logging.getLogger(name).setLevel(level)


def trace_of(error: BaseException) -> str:
    """Where an exception and its causes were raised, and their kinds; their messages could quote a document."""
    lines: list[str] = []
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        lines.insert(0, f"{_frames(one)}{type(one).__module__}.{type(one).__qualname__}")
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
    return "\n".join(lines)


def _frames(error: BaseException) -> str:
    """Our own frames of a traceback, and the one where it ends."""
    frames = traceback.extract_tb(error.__traceback__)
    kept = [frame for frame in frames if frame.filename.startswith(_PACKAGES) or frame is frames[-1]]
    return "".join(traceback.format_list(kept))


def _renderer(settings: ServiceSettings) -> Processor:
    if settings.log_format == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), sort_keys=False)


def _without_messages(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Put the kind and place of an exception in the place of its message."""
    info: Any = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    error = info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        event["trace"] = trace_of(error)
    return event


def _without_foreign_words(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Put the place where a library spoke in the place of what it said."""
    record: logging.LogRecord = event["_record"]
    if record.name.partition(".")[0] not in _OURS:
        event["event"] = f"{record.name}: line {record.lineno}"
        event.pop("positional_args", None)
    return event
