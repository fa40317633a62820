"""Processor time of this process and of all that it started, running or ended."""

from __future__ import annotations

import os
from collections import defaultdict
from pathlib import Path
from time import process_time

_PARENT, _USER, _CHILDREN_SYSTEM = 1, 11, 14  # places after the name in /proc/<pid>/stat


def tree_seconds() -> float:
    """Seconds of this process, its children and theirs; where the system has no /proc, of the ended ones only."""
    ended = os.times()
    return process_time() + ended.children_user + ended.children_system + _running(os.getpid())


def _running(root: int) -> float:
    children: dict[int, list[tuple[int, float]]] = defaultdict(list)
    tick = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:  # it ended just now
            continue
        seconds = sum(map(int, fields[_USER : _CHILDREN_SYSTEM + 1])) / tick
        children[int(fields[_PARENT])].append((int(path.parent.name), seconds))
    total, waiting = 0.0, [root]
    while waiting:
        for process, seconds in children[waiting.pop()]:
            total += seconds
            waiting.append(process)
    return total
