"""Timing side by side: rounds that take the cases in turn, so that a noisy machine disturbs all alike.

What runs on one thread is timed by the processor time of this process, all of its threads together: it equals the time
on the wall of an idle machine, does not count the turns of other processes, which on a busy one fall upon the cases
unevenly, and hides no work that a library hands to threads of its own. Two threads are timed by the wall.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median
from time import perf_counter, process_time
from typing import TypeVar

#: A sample is at least this long; shorter calls are repeated within it and divided.
SAMPLE_SECONDS = 0.004
#: A call that takes longer than this is sampled in at most three rounds.
LONG_SECONDS = 2.0


Clock = Callable[[], float]
K = TypeVar("K")


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


def interleave(cases: Mapping[K, Callable[[], object]], rounds: int, wall: bool = False) -> dict[K, Timing]:
    """Time of every case, once a round, after one unmeasured call of each, garbage collection off.

    Parameters
    ----------
    cases : what to call, by name.
    rounds : samples of each, >= 1; of a call longer than ``LONG_SECONDS``, at most three.
    wall : by the clock on the wall instead of the processor time, for several threads.
    """
    clock = perf_counter if wall else process_time
    plans = {name: _plan(call, rounds, clock) for name, call in cases.items()}
    samples: dict[K, list[float]] = {name: [] for name in cases}
    enabled = gc.isenabled()
    gc.disable()
    try:
        for turn in range(rounds):
            for name, call in cases.items():
                repeats, turns = plans[name]
                if turn < turns:
                    samples[name].append(_sample(call, repeats, clock))
    finally:
        if enabled:
            gc.enable()
    return {name: Timing.of(values) for name, values in samples.items()}


def _plan(call: Callable[[], object], rounds: int, clock: Clock) -> tuple[int, int]:
    """How many calls fill a sample, and how many rounds; the first call, which may load things, is not counted."""
    call()
    seconds = _sample(call, 1, clock)
    return max(1, round(SAMPLE_SECONDS / max(seconds, 1e-9))), min(rounds, 3) if seconds > LONG_SECONDS else rounds


def _sample(call: Callable[[], object], repeats: int, clock: Clock) -> float:
    start = clock()
    for _ in range(repeats):
        call()
    return (clock() - start) / repeats
