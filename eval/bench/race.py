"""Methods side by side on the same vectors: built, asked at the cheapest setting that finds enough, timed in turn."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from time import perf_counter, process_time
from typing import Any

from corpora.errors import MissingExtraError, UsageError
from eval.bench.peers.base import Method, Searcher
from eval.bench.timing import Timing, interleave
from eval.bench.truth import Truth
from index.protocols import Vectors

#: Single queries timed in one go: of methods that look at part of the rows, and of those that look at all.
_SINGLES, _SINGLES_EXACT = 64, 8
#: Queries that tell which setting finds enough.
_JUDGED = 1_024


@dataclass(frozen=True)
class Options:
    """How a race is run.

    Parameters
    ----------
    top : how many rows are asked for.
    rounds : samples of each case.
    threads : of a search; one is timed by processor time, more by the wall.
    """

    top: int
    rounds: int
    threads: int = 1


@dataclass(frozen=True)
class Row:
    """A method at one size, batch and target of recall.

    Parameters
    ----------
    data, rows, batch : the vectors, and the queries in one call.
    method, ours : who.
    wanted : the recall that the setting was chosen for; None for methods without a setting.
    setting : "" where there is none.
    seconds : of one call with the whole batch; None where it was not measured.
    recall : found among the true top rows, over the first 1,024 queries.
    build : processor seconds of building.
    bytes_per_vector : as the method tells it; None where it does not.
    note : why it was not measured.
    """

    data: str
    rows: int
    batch: int
    method: str
    ours: bool
    wanted: float | None = None
    setting: str = ""
    seconds: Timing | None = None
    recall: float | None = None
    build: float | None = None
    bytes_per_vector: float | None = None
    note: str = ""

    @property
    def rate(self) -> float | None:
        """Queries a second."""
        return self.batch / self.seconds.median if self.seconds else None

    def record(self) -> dict[str, Any]:
        """Plain values."""
        return {**asdict(self), "queries_per_second": self.rate}


@dataclass(frozen=True)
class _Built:
    method: Method
    searcher: Searcher
    seconds: float

    @property
    def exact(self) -> bool:
        return self.searcher.ladders == ((None,),)


@dataclass(frozen=True)
class _Case:
    built: _Built
    batch: int
    wanted: float | None
    setting: Any
    recall: float


def race(
    methods: Sequence[Method],
    data: str,
    vectors: Vectors,
    truth: Truth,
    batches: Sequence[int],
    targets: Sequence[float],
    options: Options,
) -> list[Row]:
    """Build every method, find its settings, and time all of them in turn.

    Parameters
    ----------
    methods : those whose library is missing, or that would take minutes, are in the result with a note.
    data, vectors : name and rows.
    truth : of the queries, at depth ``options.top``.
    batches : queries of one call; the first ones of ``truth.queries``.
    targets : recalls to reach, for methods that have a setting.
    options : see there.
    """
    built, rows = _build(methods, data, vectors, options.threads)
    cases: list[_Case] = []
    for each in built:
        found = _Found(each.searcher, truth, options.top)
        for batch in batches:
            if batch > each.method.most_queries:
                rows.append(_absent(each.method, data, vectors, batch, "未测（一批数分钟）"))
            else:
                cases += _settle(each, batch, found, targets, options)
    reached = [case for case in cases if case.setting is not _NONE]
    rows += [_row(case, data, vectors, None) for case in cases if case.setting is _NONE]
    calls = {case_number: _call(case, truth.queries, options) for case_number, case in enumerate(reached)}
    timings = interleave({number: call for number, (call, _) in calls.items()}, options.rounds, options.threads > 1)
    rows += [_row(case, data, vectors, _scaled(timings[i], calls[i][1])) for i, case in enumerate(reached)]
    order = {method.name: place for place, method in enumerate(methods)}
    return sorted(rows, key=lambda row: (row.batch, row.wanted or 0, order[row.method]))


_NONE = object()


def _build(methods: Sequence[Method], data: str, vectors: Vectors, threads: int) -> tuple[list[_Built], list[Row]]:
    built, absent = [], []
    for method in methods:
        if len(vectors) > method.most_rows:
            absent.append(_absent(method, data, vectors, 0, "未测（建立需数分钟）"))
            continue
        start = process_time()
        try:
            searcher = method.build(vectors, threads)
        except (ImportError, MissingExtraError):
            absent.append(_absent(method, data, vectors, 0, "未安装"))
            continue
        except UsageError as error:
            absent.append(_absent(method, data, vectors, 0, f"不可用（{error}）"))
            continue
        built.append(_Built(method, searcher, process_time() - start))
        gc.collect()
    return built, absent


def _absent(method: Method, data: str, vectors: Vectors, batch: int, note: str) -> Row:
    return Row(data, len(vectors), batch, method.name, method.ours, note=note)


def _settle(built: _Built, batch: int, found: _Found, targets: Sequence[float], options: Options) -> list[_Case]:
    """The cases of a method at a batch: one where it has no setting, else one for each target, ``_NONE`` unreached."""
    if built.exact:
        return [_Case(built, batch, None, None, found.recall(None))]
    cases = []
    for wanted in targets:
        choices = [choice for steps in built.searcher.ladders if (choice := _first(steps, found.recall, wanted))]
        setting = _fastest(built, choices, batch, found.truth, options) if choices else _NONE
        reached = found.recall(setting) if choices else max(found.recall(steps[-1]) for steps in built.searcher.ladders)
        cases.append(_Case(built, batch, wanted, setting, reached))
    return cases


class _Found:
    """Recall of a method at a setting over ``_JUDGED`` queries, each setting asked once."""

    def __init__(self, searcher: Searcher, truth: Truth, top: int) -> None:
        self.truth = truth
        self._searcher, self._top = searcher, top
        self._queries = searcher.prepare(truth.queries[:_JUDGED])
        self._known: dict[Any, float] = {}

    def recall(self, setting: Any) -> float:
        """Share of the true top rows found."""
        if setting not in self._known:
            answer = self._searcher.search(self._queries, self._top, setting)
            self._known[setting] = self.truth.recall(self._searcher.ids(answer))
        return self._known[setting]


def _first(steps: Sequence[Any], recall: Callable[[Any], float], wanted: float) -> Any | None:
    """The cheapest step that reaches the recall, by bisection; None where none does."""
    if recall(steps[-1]) < wanted:
        return None
    low, high = 0, len(steps) - 1
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if recall(steps[middle]) >= wanted else (middle + 1, high)
    return steps[low]


def _fastest(built: _Built, choices: Sequence[Any], batch: int, truth: Truth, options: Options) -> Any:
    """The choice that takes the least time, the best of two calls each."""
    if len(choices) == 1:
        return choices[0]
    calls = [_call(_Case(built, batch, None, choice, 0), truth.queries, options)[0] for choice in choices]
    times = [min(_seconds(call), _seconds(call)) for call in calls]
    return choices[times.index(min(times))]


def _seconds(call: Callable[[], object]) -> float:
    start = perf_counter()
    call()
    return perf_counter() - start


def _call(case: _Case, queries: Vectors, options: Options) -> tuple[Callable[[], object], int]:
    """What is timed, and how many batches it holds: several single queries go one after the other."""
    searcher, setting = case.built.searcher, case.setting
    if case.batch > 1:
        prepared = searcher.prepare(queries[: case.batch].copy())
        return lambda: searcher.search(prepared, options.top, setting), 1
    count = min(len(queries), _SINGLES_EXACT if case.built.exact else _SINGLES)
    singles = [searcher.prepare(queries[i : i + 1].copy()) for i in range(count)]

    def one_after_the_other() -> None:
        for single in singles:
            searcher.search(single, options.top, setting)

    return one_after_the_other, count


def _scaled(timing: Timing, count: int) -> Timing:
    return Timing(timing.median / count, timing.low / count, timing.high / count, timing.rounds)


def _row(case: _Case, data: str, vectors: Vectors, timing: Timing | None) -> Row:
    built = case.built
    return Row(
        data,
        len(vectors),
        case.batch,
        built.method.name,
        built.method.ours,
        case.wanted,
        "" if case.setting in (None, _NONE) else str(case.setting).strip("(),"),
        timing,
        case.recall,
        built.seconds,
        built.searcher.bytes_per_vector,
        "" if timing else "达不到这个召回率",
    )


def available_memory() -> int | None:
    """Bytes that the machine can still give; None where the system does not tell."""
    try:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError, AttributeError):
        return None
