"""Search over stretches of parts: exact among the rows that are there, each owner once where that is asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from index.columns import Group
from index.distinct import first_of_each, merge
from index.parts import Part
from index.protocols import NO_ROW, Hits, Ids, Vectors

#: A stretch of removed rows is left out of a search from this length, and from this share of the rows searched.
_GAP, _GAP_SHARE = 1024, 1 / 64


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring rows of one part.

    Parameters
    ----------
    part : whose rows they are.
    rows : positions; None for all of them, as exactly as the back-end searches everything.
    size, live : how many, and how many of them were not removed.
    """

    part: Part
    rows: slice | None
    size: int
    live: int

    def hits(self, queries: Vectors, k: int) -> Hits:
        """The k nearest live rows of each query, at most ``live``."""
        if self.live == self.size:
            return self.part.backend.search(queries, k, self.rows)
        wanted = min(k, self.live)
        fetch = wanted + min(self.size - self.live, wanted + 8)
        return deepen(queries, wanted, fetch, self.size, self._raw, lambda hits: self._thinned(hits, wanted))

    def _raw(self, queries: Vectors, k: int) -> Hits:
        return self.part.backend.search(queries, k, self.rows)

    def _thinned(self, hits: Hits, wanted: int) -> Hits:
        gone = self.part.positions(hits.ids) == NO_ROW
        order = np.argsort(gone, axis=1, kind="stable")[:, :wanted]
        ids = np.where(gone, NO_ROW, hits.ids)
        similarities = np.where(gone, np.float32(-np.inf), hits.similarities)
        return Hits(np.take_along_axis(ids, order, 1), np.take_along_axis(similarities, order, 1))


def runs_of(parts: Sequence[Part], within: Sequence[Group] | None) -> tuple[Run, ...]:
    """The live rows under any of the paths (None: all of them), as few runs that do not overlap."""
    runs: list[Run] = []
    for part in parts:
        spans = [slice(0, len(part))] if within is None else [part.groups.range(prefix) for prefix in within]
        for span in _joined(spans):
            approximate = within is None and not part.plain
            pieces = [span] if approximate else _without_gaps(part, span)
            runs += (_run(part, piece, approximate) for piece in pieces)
    return tuple(run for run in runs if run.live)


def _run(part: Part, rows: slice, approximate: bool) -> Run:
    size = rows.stop - rows.start
    live = size if part.alive is None else int(part.alive[rows].sum())
    return Run(part, None if approximate else rows, size, live)


def _joined(spans: Sequence[slice]) -> list[slice]:
    joined: list[slice] = []
    for span in sorted(spans, key=lambda span: span.start):
        if joined and span.start <= joined[-1].stop:
            joined[-1] = slice(joined[-1].start, max(joined[-1].stop, span.stop))
        elif span.stop > span.start:
            joined.append(span)
    return joined


def _without_gaps(part: Part, span: slice) -> list[slice]:
    """A span cut where many neighbouring rows were removed."""
    if part.alive is None or part.alive[span].all():
        return [span]
    dead = np.flatnonzero(~part.alive[span]) + span.start
    breaks = np.flatnonzero(np.diff(dead) > 1)
    firsts, lasts = dead[np.concatenate([[0], breaks + 1])], dead[np.concatenate([breaks, [len(dead) - 1]])]
    long = lasts - firsts >= max(_GAP, (span.stop - span.start) * _GAP_SHARE)
    if not long.any():
        return [span]
    starts, stops = [span.start, *(lasts[long] + 1).tolist()], [*firsts[long].tolist(), span.stop]
    return [slice(start, stop) for start, stop in zip(starts, stops, strict=True) if stop > start]


def search_runs(runs: Sequence[Run], queries: Vectors, k: int) -> Hits:
    """The k nearest rows of each query among the runs."""
    if len(runs) == 1:
        return runs[0].hits(queries, k)
    return merge([run.hits(queries, k) for run in runs], len(queries), k)


def search_distinct(runs: Sequence[Run], queries: Vectors, k: int, owners: Callable[[Ids], Ids]) -> Hits:
    """As ``search_runs``, but each owner once, by its best row; ``owners`` numbers the owners of rows."""
    total = sum(run.live for run in runs)
    wanted = min(k, total)
    if not total:
        return search_runs(runs, queries, k)
    return deepen(
        queries,
        wanted,
        wanted,
        total,
        lambda asked, fetch: search_runs(runs, asked, fetch),
        lambda hits: first_of_each(hits, owners(hits.ids), wanted),
    )


def deepen(
    queries: Vectors,
    wanted: int,
    fetch: int,
    limit: int,
    search: Callable[[Vectors, int], Hits],
    thin: Callable[[Hits], Hits],
) -> Hits:
    """Thinned hits, searched deeper and deeper for those queries alone that have too few.

    Parameters
    ----------
    queries : (q, dimension).
    wanted : how many hits make a query content.
    fetch : how many are looked at first.
    limit : how many there are.
    search : the nearest of some queries, so many.
    thin : leaves the hits that count, ``wanted`` wide, ``NO_ROW`` at the end of a query that has fewer.

    Returns
    -------
    Hits : (q, wanted); ``NO_ROW`` where all that there is was looked at.
    """
    shape = (len(queries), wanted)
    found = Hits(np.full(shape, NO_ROW, np.int64), np.full(shape, -np.inf, np.float32))
    pending = np.arange(len(queries))
    while len(pending):
        raw = search(queries[pending], min(fetch, limit))
        thinned = thin(raw)
        found.ids[pending], found.similarities[pending] = thinned.ids, thinned.similarities
        if fetch >= limit:
            break
        short = (thinned.ids == NO_ROW).any(axis=1) & (raw.ids != NO_ROW).all(axis=1)
        pending, fetch = pending[short], fetch * 4
    return found
