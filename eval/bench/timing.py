"""Timing side by side: rounds that take the cases in turn, so that a noisy machine disturbs all alike.

What runs on one thread of this process is timed by the processor time of that thread: it equals the time on the wall of
an idle machine, and does not count the turns of other processes, which on a busy one fall upon the cases unevenly.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median
from time import thread_time

#: A sample is at least this long; shorter calls are repeated within it and divided.
SAMPLE_SECONDS = 0.004


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of one call: the median of the rounds, the fastest and the slowest."""

    median: float
    low: float
    high: float
    rounds: int

    @classmethod
    def of(cls, samples: list[float]) -> Timing:
        """From one sample a round."""
        return cls(median(samples), min(samples), max(samples), len(samples))


def interleave(cases: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, Timing]:
    """Processor time of every case, once a round, after one unmeasured call of each, garbage collection off.

    Parameters
    ----------
    cases : what to call, by name; each works on the calling thread only.
    rounds : samples of each, >= 1.
    """
    repeats = {name: _repeats(call) for name, call in cases.items()}
    samples: dict[str, list[float]] = {name: [] for name in cases}
    enabled = gc.isenabled()
    gc.disable()
    try:
        for _ in range(rounds):
            for name, call in cases.items():
                samples[name].append(_sample(call, repeats[name]))
    finally:
        if enabled:
            gc.enable()
    return {name: Timing.of(values) for name, values in samples.items()}


def _repeats(call: Callable[[], object]) -> int:
    """How many calls fill a sample; the first call, which may load things, is not counted."""
    call()
    return max(1, round(SAMPLE_SECONDS / max(_sample(call, 1), 1e-9)))


def _sample(call: Callable[[], object], repeats: int) -> float:
    start = thread_time()
    for _ in range(repeats):
        call()
    return (thread_time() - start) / repeats
