"""Which back-end, how far it looks: measured on the user's own vectors, the cheapest that finds enough.

Questions are rows of the index itself, drawn at random, each without itself among the answers; or given ones. The truth
is an exact search. Of every candidate, settings are tried from the cheapest up until one reaches the wanted recall with
confidence: the lower end of its 95 % interval, over the questions, is not below it. Of those that do, the cheapest is
chosen; among some that are as cheap within the noise of measuring, one that answers with exact similarities, and of
those the one that finds most. A found row counts if it is as near as the k-th true one, so that equal texts do not
spoil the figures. Times are processor times of one thread.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from time import process_time
from typing import Any, Literal

import numpy as np

from index.backends import backend_class
from index.candidates import CANDIDATES, Candidate
from index.protocols import Ids, VectorBackend, Vectors

Use = Literal["single", "batch"]

TOP = 10
#: Questions asked, at most, and those of them that are asked one by one.
QUESTIONS = 1_000
_SINGLE = 100
_ROUNDS = 3
#: Two-sided 95 % of a normal distribution.
_Z = 1.96
#: Times within this ratio are equal.
_NOISE = 1.25
#: Similarities that differ by less are equal.
_TIE = 1e-5


@dataclass(frozen=True, slots=True)
class Trial:
    """One setting of one back-end, as it was measured.

    Parameters
    ----------
    backend, options : what ``index.backends`` makes it from.
    recall, low, high : share of the ``TOP`` nearest that it finds, with its 95 % interval.
    single, batch : processor seconds of one question, asked alone and among all.
    bytes_per_row : memory that a search reads from, vectors included where it reads them.
    build : processor seconds of building.
    """

    backend: str
    options: Mapping[str, Any]
    recall: float
    low: float
    high: float
    single: float
    batch: float
    bytes_per_row: float
    build: float

    @property
    def exact_similarities(self) -> bool:
        """Whether it answers with inner products of the vectors themselves, not of codes."""
        return bool(self.options.get("refine", True))

    def seconds(self, use: Use) -> float:
        """Of one question."""
        return self.single if use == "single" else self.batch


@dataclass(frozen=True, slots=True)
class Tuning:
    """What was measured, and what was chosen.

    Parameters
    ----------
    rows, dimension, questions, top : what was measured on.
    own : whether the questions were rows of the index.
    wanted : recall asked for.
    memory : bytes that the index may take; None for any.
    use : what had to be cheap.
    seed : of the questions.
    trials : all that was measured, in the order of measuring.
    chosen : the cheapest that reaches ``wanted`` within ``memory``; the best one within it where none does; the
        smallest where nothing fits.
    reached : whether it does both.
    """

    rows: int
    dimension: int
    questions: int
    top: int
    own: bool
    wanted: float
    memory: int | None
    use: Use
    seed: int
    trials: tuple[Trial, ...]
    chosen: Trial
    reached: bool

    @property
    def sufficient(self) -> tuple[Trial, ...]:
        """Every trial that reaches the recall within the memory, the cheapest first."""
        good = (t for t in self.trials if t.low >= self.wanted and _fits(t, self.rows, self.memory))
        return tuple(sorted(good, key=lambda trial: trial.seconds(self.use)))

    def record(self) -> dict[str, Any]:
        """As JSON values."""
        return {"version": 1, **asdict(self)}

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Tuning:
        """From what ``record`` gave.

        Raises
        ------
        KeyError, TypeError : it did not.
        """
        fields = {name: value for name, value in record.items() if name != "version"}
        trials = tuple(Trial(**trial) for trial in fields["trials"])
        return cls(**fields | {"trials": trials, "chosen": Trial(**fields["chosen"])})


def tune(
    vectors: Vectors,
    recall: float = 0.95,
    memory: int | None = None,
    use: Use = "single",
    queries: Vectors | None = None,
    candidates: Sequence[Candidate] = CANDIDATES,
    seed: int = 0,
    tell: Callable[[Trial], None] | None = None,
) -> Tuning:
    """Measure and choose.

    Parameters
    ----------
    vectors : all rows (n, dimension), n >= 1, perhaps mapped; nothing copies them whole.
    recall : wanted share of the ten nearest, in (0, 1].
    memory : bytes that the index may take.
    use : ``single`` questions have to be cheap, or ``batch``.
    queries : questions (q, dimension); rows of the index by default.
    candidates : what is tried.
    seed : of the questions that are drawn.
    tell : is told of every trial.
    """
    test = _Test.of(vectors, queries, seed)
    trials: list[Trial] = []
    for candidate in candidates:
        if candidate.suits(len(vectors)):
            for trial in _trials(candidate, test, recall):
                if tell:
                    tell(trial)
                trials.append(trial)
    good = [t for t in trials if t.low >= recall and _fits(t, len(vectors), memory)]
    chosen = _cheapest(good, use) if good else _best(trials, len(vectors), memory)
    facts = len(vectors), vectors.shape[1], len(test.queries), test.top, queries is None
    return Tuning(*facts, recall, memory, use, seed, tuple(trials), chosen, bool(good))


def _fits(trial: Trial, rows: int, memory: int | None) -> bool:
    return memory is None or trial.bytes_per_row * rows <= memory


def _cheapest(trials: Sequence[Trial], use: Use) -> Trial:
    least = min(trial.seconds(use) for trial in trials)
    near = [trial for trial in trials if trial.seconds(use) <= _NOISE * least]
    return max(near, key=lambda trial: (trial.exact_similarities, trial.recall, -trial.seconds(use)))


def _best(trials: Sequence[Trial], rows: int, memory: int | None) -> Trial:
    """Where nothing does: the highest recall within the memory, or else the smallest."""
    within = [trial for trial in trials if _fits(trial, rows, memory)]
    if within:
        return max(within, key=lambda trial: trial.recall)
    return min(trials, key=lambda trial: (trial.bytes_per_row, -trial.recall))


@dataclass(frozen=True)
class _Test:
    """Questions (q, dimension), the row that each must not find (-1: none), and the k-th best similarity of each."""

    vectors: Vectors
    ids: Ids
    queries: Vectors
    itself: Ids
    kth: Vectors
    top: int
    exact: VectorBackend = field(repr=False)

    @classmethod
    def of(cls, vectors: Vectors, queries: Vectors | None, seed: int) -> _Test:
        count, ids = len(vectors), np.arange(len(vectors))
        rng = np.random.default_rng(seed)
        if queries is None:
            itself = np.sort(rng.choice(count, min(count, QUESTIONS), replace=False))
            queries = vectors[itself]
        else:
            itself = np.full(len(queries), -1)
        top = max(1, min(TOP, count - 1))
        exact = _over("screened", ids, vectors)
        found = exact.search(queries, min(top + 1, count))
        _, similarities = _without(found.ids, found.similarities, itself, top)
        return cls(vectors, ids, np.ascontiguousarray(queries, np.float32), itself, similarities[:, -1:], top, exact)

    def found(self, backend: VectorBackend) -> tuple[Ids, Vectors]:
        """Rows that a back-end answers with (q, top), and their true similarities."""
        hits = backend.search(self.queries, min(self.top + 1, len(self.ids)))
        ids, _ = _without(hits.ids, hits.similarities, self.itself, self.top)
        true = np.einsum("qd,qkd->qk", self.queries, self.vectors[np.maximum(ids, 0)])
        return ids, np.where(ids < 0, np.float32(-np.inf), true)

    def recalls(self, backend: VectorBackend) -> Vectors:
        """Of each question."""
        _, similarities = self.found(backend)
        shares: Vectors = (similarities >= self.kth - _TIE).mean(axis=1, dtype=np.float32)
        return shares


def _without(ids: Ids, similarities: Vectors, itself: Ids, top: int) -> tuple[Ids, Vectors]:
    """The first ``top`` of each line but for the row that it must not hold."""
    order = np.argsort(ids == itself[:, None], axis=1, kind="stable")[:, :top]
    return np.take_along_axis(ids, order, 1), np.take_along_axis(similarities, order, 1)


def _over(name: str, ids: Ids, vectors: Vectors, **options: Any) -> VectorBackend:
    """A back-end over the vectors in place."""
    kind: Any = backend_class(name)
    if hasattr(kind, "build"):
        built: VectorBackend = kind.build(ids, vectors, **options)
        return built
    made: VectorBackend = kind.from_arrays({"ids": ids, "vectors": vectors}, **options)
    return made


def _trials(candidate: Candidate, test: _Test, wanted: float) -> Iterator[Trial]:
    """Build once; of every ladder, up to the first setting that finds enough."""
    start = process_time()
    backend: Any = _over(candidate.backend, test.ids, test.vectors, **candidate.options)
    backend.search(test.queries[:1], 1)
    build = process_time() - start
    for ladder in candidate.ladders:
        for setting in ladder:
            for name, value in setting.items():
                setattr(backend, name, value)
            trial = _trial(candidate, setting, backend, test, build)
            yield trial
            if trial.low >= wanted:
                break


def _trial(candidate: Candidate, setting: Mapping[str, Any], backend: Any, test: _Test, build: float) -> Trial:
    recalls = test.recalls(backend)
    mean, half = float(recalls.mean()), _Z * float(recalls.std()) / math.sqrt(len(recalls))
    bytes_per_row = candidate.bytes_per_row(backend, test.vectors.shape[1])
    single, batch = _seconds(backend, test)
    return Trial(
        candidate.backend, {**candidate.options, **setting}, mean, max(0.0, mean - half), min(1.0, mean + half),
        single, batch, bytes_per_row, build,
    )  # fmt: skip


def _seconds(backend: VectorBackend, test: _Test) -> tuple[float, float]:
    """Processor seconds of one question: alone, and among all; the median of some rounds."""
    alone = [query[None] for query in test.queries[:_SINGLE]]
    single, batch = [], []
    for _ in range(_ROUNDS):
        start = process_time()
        for query in alone:
            backend.search(query, test.top)
        middle = process_time()
        backend.search(test.queries, test.top)
        single.append((middle - start) / len(alone))
        batch.append((process_time() - middle) / len(test.queries))
    return float(np.median(single)), float(np.median(batch))
