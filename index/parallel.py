"""Large amounts of text to vectors on all processors: the same vectors, in the same order, in bounded memory.

The built-in encoder in its compiled form works without the interpreter's lock: there it is threads that share the work.
Any other encoder needs processes. A process must be started and load the model, and vectors must be carried back, so
that small amounts are encoded in the calling process: measured with the built-in encoder, not compiled, and two
processes, level at 100,000 to 200,000 clauses, the start included, half the time once they run.
"""

from __future__ import annotations

import os
import pickle
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain, islice
from queue import SimpleQueue
from typing import Self

import numpy as np

from corpora.processes import Child
from index.encoders import StaticEncoder, load_encoder
from index.protocols import Vectors

#: Texts of one message.
BATCH = 4096
#: Texts from which threads, and processes, are worth their start: the latter with the built-in encoder, and with one
#: that takes milliseconds.
WORTH_THREADS, WORTH_STATIC, WORTH_SLOW = 2 * BATCH, 200_000, 2_000
#: Messages under way for each process: one that is encoded, one that waits.
_AHEAD = 2
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS"), "1")


class ParallelEncoder:
    """An Encoder with several threads or processes behind it, started when there is enough to do, until it is closed.

    Parameters
    ----------
    spec : the encoder, as ``load_encoder`` takes it.
    processes : how many, or how many threads; one for each processor that this process may use by default. 1: none.
    compiled : use the compiled extension where there is one.
    worth : texts of one call from which processes are started.

    Raises
    ------
    UsageError : there is no such model.
    """

    def __init__(
        self,
        spec: str | None = None,
        processes: int | None = None,
        worth: int | None = None,
        compiled: bool = True,
    ) -> None:
        self._spec, self._encoder = spec, load_encoder(spec)
        if not compiled and isinstance(self._encoder, StaticEncoder):
            self._encoder = StaticEncoder(compiled=False)
        self._processes = processes or _processors()
        static = isinstance(self._encoder, StaticEncoder)
        self._threaded = isinstance(self._encoder, StaticEncoder) and self._encoder.compiled
        usual = WORTH_THREADS if self._threaded else WORTH_STATIC if static else WORTH_SLOW
        self._worth = usual if worth is None else worth
        self._idle: SimpleQueue[Child] = SimpleQueue()
        self._threads: ThreadPoolExecutor | None = None

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._encoder.dimension

    @property
    def fingerprint(self) -> str:
        """That of the encoder in each process."""
        return self._encoder.fingerprint

    def encode(self, texts: Sequence[str]) -> Vectors:
        """See ``Encoder.encode``."""
        if not self._worthwhile(len(texts)):
            return self._encoder.encode(texts)
        vectors = np.empty((len(texts), self.dimension), np.float32)
        start = 0
        for part in self.encode_many(texts):
            vectors[start : start + len(part)] = part
            start += len(part)
        return vectors

    def encode_many(self, texts: Iterable[str], batch: int = BATCH) -> Iterator[Vectors]:
        """The vectors of any number of texts, ``batch`` rows at a time, in the order of the texts.

        Parameters
        ----------
        texts : read only as far as the processes are ahead of the caller: memory holds a few batches.
        batch : rows of each array but the last.

        Yields
        ------
        Unit vectors (rows, dimension); zero for a text without content.
        """
        batches = _batches(texts, batch)
        first: list[list[str]] = []
        while not self._worthwhile(sum(map(len, first))):
            some = next(batches, None)
            if some is None:
                yield from map(self._encoder.encode, first)
                return
            first.append(some)
        yield from self._in_order(chain(first, batches))

    def close(self) -> None:
        """End the processes."""
        if self._threads is not None:
            self._threads.shutdown(cancel_futures=True)
            while not self._idle.empty():
                self._idle.get().close()
            self._threads = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _worthwhile(self, count: int) -> bool:
        enough = count >= self._worth or (self._threads is not None and count >= _AHEAD * BATCH)
        return self._processes > 1 and enough

    def _in_order(self, batches: Iterator[list[str]]) -> Iterator[Vectors]:
        threads = self._started()
        under_way: deque[Future[Vectors]] = deque()
        for some in batches:
            under_way.append(threads.submit(self._encoded, some))
            if len(under_way) >= _AHEAD * self._processes:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()

    def _started(self) -> ThreadPoolExecutor:
        if self._threads is None:
            for _ in range(0 if self._threaded else self._processes):
                self._idle.put(self._child())
            self._threads = ThreadPoolExecutor(self._processes)
        return self._threads

    def _child(self) -> Child:
        child = Child("index.encoding_worker", _ONE_THREAD)
        child.send(pickle.dumps(self._spec))
        return child

    def _encoded(self, texts: list[str]) -> Vectors:
        """Vectors by a process; by this one, and the process started anew, where that one has ended."""
        if self._threaded:
            return self._encoder.encode(texts)
        child = self._idle.get()
        try:
            data = child.receive() if child.send(pickle.dumps(texts, pickle.HIGHEST_PROTOCOL)) else None
            if data is None or len(data) != 4 * self.dimension * len(texts):
                child.close()
                child = self._child()
                return self._encoder.encode(texts)
        finally:
            self._idle.put(child)
        return np.frombuffer(data, "<f4").reshape(len(texts), self.dimension).astype(np.float32, copy=False)


def _processors() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _batches(texts: Iterable[str], size: int) -> Iterator[list[str]]:
    rest = iter(texts)
    while some := list(islice(rest, size)):
        yield some
