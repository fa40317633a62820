"""Memory and CPU limits of the current process where the system has them (POSIX); nothing elsewhere."""

from __future__ import annotations

import math
import os
from pathlib import Path

try:
    import resource
except ImportError:  # Windows has no such limits: the sandbox's wall clock alone ends a parse there
    resource = None  # type: ignore[assignment]


def limit_memory(more_bytes: int) -> None:
    """Let the address space grow by ``more_bytes`` beyond what it is now."""
    if resource is not None:
        _set_soft(resource.RLIMIT_AS, _address_space() + more_bytes)


def limit_cpu(more_seconds: float) -> None:
    """Let the process use ``more_seconds`` of CPU time beyond what it has used; the system kills it then."""
    if resource is not None:
        used = resource.getrusage(resource.RUSAGE_SELF)
        _set_soft(resource.RLIMIT_CPU, math.ceil(used.ru_utime + used.ru_stime + more_seconds))


def lift() -> None:
    """Take both limits away: for a program that is started from the process and has a clock of its own."""
    if resource is not None:
        for kind in (resource.RLIMIT_AS, resource.RLIMIT_CPU):
            _set_soft(kind, resource.getrlimit(kind)[1])


def _set_soft(kind: int, value: int) -> None:
    hard = resource.getrlimit(kind)[1]
    if hard != resource.RLIM_INFINITY and value != resource.RLIM_INFINITY:
        value = min(value, hard)
    try:
        resource.setrlimit(kind, (value, hard))
    except (ValueError, OSError):  # macOS refuses RLIMIT_AS
        return


def _address_space() -> int:
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except (OSError, ValueError):
        return 1 << 30
    return pages * os.sysconf("SC_PAGE_SIZE")


def forbid_core_dumps() -> None:
    """Leave no core file when a limit or a library aborts the process."""
    if resource is not None:
        _set_soft(resource.RLIMIT_CORE, 0)
