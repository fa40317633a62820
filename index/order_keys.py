"""Numbers that keep rows in an order where the store itself has none: a row gets in between without moving the others.

Keys rise along the rows and leave room: much behind the last row, some between neighbours. Only where a gap is used up
are the keys around it spread anew (order maintenance by local relabelling: Dietz & Sleator 1987; Bender et al. 2002).
"""

from __future__ import annotations

import numpy as np

from index.protocols import Ids

#: Keys lie strictly between these.
LOWEST, HIGHEST = -1, 2**63 - 1
#: The first key of all: room for insertions before it, and for 1.6 billion rows behind it.
FIRST = 2**61
#: Distance of rows that are added at the end.
APPEND = 2**32
#: Distance of rows that are inserted: small, so that the gap lasts for many more insertions at the same place.
INSERT = 2**10


def keys_between(left: int | None, right: int | None, count: int) -> Ids | None:
    """Rising keys for rows between two others.

    Parameters
    ----------
    left, right : keys of the neighbours, None where there is none.
    count : how many, >= 1.

    Returns
    -------
    (count,), int64; None when the gap has no room for them.
    """
    low, high = LOWEST if left is None else left, HIGHEST if right is None else right
    stride = min(APPEND if right is None else INSERT, (high - low) // (count + 1))
    if stride < 1:
        return None
    if right is None:
        start = FIRST if left is None else left + stride
        return None if start + stride * (count - 1) >= HIGHEST else _row(start, stride, count)
    return _row(right - stride * count if left is None else left + stride, stride, count)


def spread(keys: Ids, at: int, count: int) -> tuple[slice, Ids]:
    """New keys for ``count`` rows before position ``at`` and for the fewest rows around it that must move.

    Parameters
    ----------
    keys : of all rows, rising, (n,).
    at : ``0 <= at <= n``.
    count : how many rows come in.

    Returns
    -------
    The positions (before the insertion) that get new keys, and the keys of these rows and the new ones together.
    """
    reach = max(8, count)
    while True:
        start, stop = max(0, at - reach), min(len(keys), at + reach)
        low = int(keys[start - 1]) if start else LOWEST
        high = int(keys[stop]) if stop < len(keys) else HIGHEST
        total = stop - start + count
        stride = (high - low) // (total + 1)
        if stride >= 2 or (start == 0 and stop == len(keys)):
            return slice(start, stop), _row(low + stride, stride, total)
        reach *= 4


def _row(start: int, stride: int, count: int) -> Ids:
    return start + stride * np.arange(count, dtype=np.int64)
