"""Sums of groups of rows, in the order of the rows, without a Python step per group.

``np.add.reduceat`` spends most of its time between groups. Here the first rows of all groups are taken at once, then
the second ones are added, and so on: each sum adds the same numbers in the same order, whatever else is summed beside
it, so that it comes out the same to the last bit.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from index.protocols import Ids, Vectors

#: Sums that are still open when fewer than this many are: each is finished on its own.
_FEW = 4


def sums(rows: Callable[[Ids], Vectors], places: Ids, counts: Ids, dimension: int) -> Vectors:
    """The sum of each group's rows.

    Parameters
    ----------
    rows : row numbers -> a new array (numbers, dimension), float32.
    places : row numbers, group after group.
    counts : (n,) how many of them each group has; none gives zeros.
    dimension : width of a row.

    Returns
    -------
    (n, dimension), float32.
    """
    order = np.argsort(-counts, kind="stable")
    lengths = counts[order]
    starts = (np.cumsum(counts) - counts)[order]
    open_after = len(counts) - np.cumsum(np.bincount(counts, minlength=1))  # [j]: groups of more than j rows
    total = np.zeros((len(counts), dimension), np.float32)
    for step, left in enumerate(open_after):
        if left < _FEW:
            _finish(total[:left], rows, places, starts[:left] + step, lengths[:left] - step)
            break
        total[:left] += rows(places[starts[:left] + step])
    result = np.empty_like(total)
    result[order] = total
    return result


def _finish(total: Vectors, rows: Callable[[Ids], Vectors], places: Ids, starts: Ids, counts: Ids) -> None:
    """Add the last rows of a few groups, group by group."""
    for row, start, count in zip(total, starts.tolist(), counts.tolist(), strict=True):
        for begin in range(start, start + count, 256):
            some = rows(places[begin : min(begin + 256, start + count)])
            row[:] = np.add.reduce(np.vstack([row[None], some]), axis=0)
